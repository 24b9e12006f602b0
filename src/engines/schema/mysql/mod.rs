//! MySQL and MariaDB: a tokenizer and a parser of DDL of our own; live catalogs read, both in one normal form.
