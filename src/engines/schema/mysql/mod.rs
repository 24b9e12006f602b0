//! MySQL and MariaDB: migrations replayed by an own small parser, live catalogs read, both in one normal form.
mod introspect;

pub use introspect::introspection;
