//! Columns of the server's own catalogs that views read: a table taken from a real server.
use crate::engines::schema::catalog::DataType;
use crate::engines::schema::postgres::normal;
use std::collections::BTreeMap;
use std::sync::OnceLock;

static RELATIONS: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();

/// Columns of a relation of `pg_catalog` or `information_schema`; without a schema that of `pg_catalog`.
pub(super) fn columns(schema: Option<&str>, name: &str) -> Option<Vec<(String, DataType)>> {
    let all =
        RELATIONS.get_or_init(|| include_str!("system.txt").lines().filter_map(|line| line.split_once(": ")).collect());
    let columns = all.get(format!("{}.{name}", schema.unwrap_or("pg_catalog")).as_str())?;
    let column = |text: &str| {
        let (name, data_type) = text.split_once(' ')?;
        Some((name.to_owned(), normal::data_type(data_type)))
    };
    Some(columns.split(", ").filter_map(column).collect())
}
