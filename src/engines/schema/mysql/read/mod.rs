//! A record of what a server says, made a catalog.
mod programs;
mod row;
mod table;
#[cfg(test)]
mod tests;

use super::normal::Charsets;
use super::replay::finished;
use crate::engines::schema::catalog::{Catalog, Dialect, Server};
use row::rows;
use serde_json::Value;
use std::collections::BTreeMap;

/// What decides how a record is read.
struct Context {
    server: Server,
    charsets: Charsets,
    /// The database itself: names that it qualifies are not qualified.
    database: String,
}

/// The catalog of a record: an object of query stems with their rows.
pub fn read(record: &Value) -> Result<Catalog, String> {
    let record = &row::textual(record);
    let server_row = rows(record, "server").into_iter().next().ok_or("the record does not name its server")?;
    let server = server_of(server_row.get("version"));
    let context = Context { server, charsets: Charsets(server), database: server_row.get("name").to_owned() };
    let mut catalog = Catalog::new(server);
    table::read(record, &context, &mut catalog)?;
    programs::read(record, &context, &mut catalog)?;
    Ok(finished(catalog))
}

/// Variables of the server that a replay needs to know to be compared with it.
pub fn variables(record: &Value) -> BTreeMap<String, String> {
    let record = &row::textual(record);
    let names = [
        "collation_database",
        "sql_mode",
        "lower_case_table_names",
        "explicit_defaults_for_timestamp",
        "default_storage_engine",
    ];
    let Some(row) = rows(record, "server").into_iter().next() else { return BTreeMap::new() };
    names.iter().filter_map(|name| Some(((*name).to_owned(), row.maybe(name)?.to_owned()))).collect()
}

/// Dialect and version of `10.11.19-MariaDB-0+deb12u1`, `8.4.2`.
fn server_of(version: &str) -> Server {
    // Replication once demanded that MariaDB begins with 5.5.5.
    let plain = version.strip_prefix("5.5.5-").unwrap_or(version);
    let dialect = if version.contains("MariaDB") { Dialect::MariaDb } else { Dialect::MySql };
    let mut numbers = plain.split(['.', '-']).map(|part| part.parse::<u16>().unwrap_or(0));
    Server { dialect, version: (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) }
}
