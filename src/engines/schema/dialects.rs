//! The dialect of a catalog decides who replays, reads and writes.
use super::catalog::{Catalog, Dialect, Key, Server};
use super::change::Change;
use super::{Options, Replayer, mysql, postgres, sqlite};
use serde_json::Value;

/// An empty database of this server, to replay migrations in.
///
/// # Errors
/// In words, when this build cannot replay the dialect.
pub fn replayer(server: Server, options: &Options) -> Result<Box<dyn Replayer>, String> {
    Ok(match server.dialect {
        Dialect::Postgres => Box::new(postgres::Postgres::new(server, options)),
        Dialect::MySql | Dialect::MariaDb => Box::new(mysql::MySql::new(server, options)),
        Dialect::Sqlite => Box::new(sqlite::Sqlite::new(options)?),
    })
}

/// The queries that a live database is read with: name of the answer, SQL. SQLite has none: it is read by `sqlite::inspect`.
pub fn introspection(dialect: Dialect) -> &'static [(&'static str, &'static str)] {
    match dialect {
        Dialect::Postgres => postgres::introspection(),
        Dialect::MySql | Dialect::MariaDb => mysql::introspection(),
        Dialect::Sqlite => &[],
    }
}

/// The catalog out of the answers to the queries: an object with a list of rows for each.
///
/// # Errors
/// In words, when an answer is missing or has another form.
pub fn read(dialect: Dialect, answers: &Value) -> Result<Catalog, String> {
    match dialect {
        Dialect::Postgres => postgres::read(answers),
        Dialect::MySql | Dialect::MariaDb => mysql::read(answers),
        Dialect::Sqlite => Err("SQLite is read out of its file".to_owned()),
    }
}

/// The DDL that makes a catalog in an empty database.
pub fn create(catalog: &Catalog) -> Vec<String> {
    match catalog.server.dialect {
        Dialect::Postgres => postgres::print::create(catalog),
        Dialect::MySql | Dialect::MariaDb => mysql::print::create(catalog),
        Dialect::Sqlite => sqlite::create(catalog),
    }
}

/// The DDL that makes `after` out of `before`; beside each statement the object of the change that it belongs to.
pub fn alter(before: &Catalog, after: &Catalog, changes: &[Change]) -> Vec<(Option<Key>, String)> {
    match after.server.dialect {
        Dialect::Postgres => postgres::print::alter(before, after, changes),
        Dialect::MySql | Dialect::MariaDb => mysql::print::alter(before, after, changes),
        Dialect::Sqlite => sqlite::alter(before, after, changes),
    }
}
