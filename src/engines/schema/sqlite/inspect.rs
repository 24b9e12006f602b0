//! Asks SQLite for what it knows of its tables.
use super::engine::words;
use super::facts::{ColumnFact, Facts, ForeignFact, IndexFact, Row};
use super::read;
use crate::engines::schema::catalog::Catalog;
use rusqlite::{Connection, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The catalog of a database. It only reads; open it read-only all the same.
pub fn inspect(connection: &Connection) -> std::result::Result<Catalog, String> {
    let rows = rows(connection).map_err(|error| words(&error))?;
    let shadows = shadows(connection, &rows);
    let mut all = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.kind.as_str(), "table" | "view")) {
        // A view on something that is gone and a virtual table of an unknown module have no columns; they are there all the same.
        let mut facts = facts(connection, &row.name).unwrap_or_default();
        facts.shadow = shadows.contains(&row.name);
        all.insert(row.name.clone(), facts);
    }
    let mut catalog = read::read(&rows, &all);
    catalog.server.version = version();
    Ok(catalog)
}

/// Major and minor version of this SQLite.
pub(super) fn version() -> (u16, u16) {
    let number = rusqlite::version_number();
    let part = |value: i32| u16::try_from(value).unwrap_or(0);
    (part(number / 1_000_000), part(number / 1000 % 1000))
}

/// The rows of `sqlite_schema`.
pub(super) fn rows(connection: &Connection) -> Result<Vec<Row>> {
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, ifnull(sql, '') FROM main.sqlite_master ORDER BY rowid")?;
    let rows = statement
        .query_map([], |row| Ok(Row { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? }))?;
    rows.collect()
}

/// Tables in which virtual tables keep their data.
pub(super) fn shadows(connection: &Connection, rows: &[Row]) -> BTreeSet<String> {
    let is_virtual = |row: &Row| row.sql.get(..14).is_some_and(|head| head.eq_ignore_ascii_case("CREATE VIRTUAL"));
    if !rows.iter().any(is_virtual) {
        return BTreeSet::new();
    }
    let list = || -> Result<BTreeSet<String>> {
        let mut statement = connection.prepare("PRAGMA main.table_list")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?)))?;
        rows.filter(|row| row.as_ref().map_or(true, |(_, kind)| kind == "shadow"))
            .map(|row| row.map(|(name, _)| name))
            .collect()
    };
    list().unwrap_or_default()
}

/// What the pragmas tell of a table or view.
pub(super) fn facts(connection: &Connection, name: &str) -> Result<Facts> {
    let mut facts = Facts { columns: columns(connection, name)?, ..Facts::default() };
    let mut statement = connection.prepare(&pragma("index_list", name))?;
    let list = statement.query_map([], |row| {
        Ok(IndexFact { name: row.get(1)?, unique: row.get(2)?, origin: row.get(3)?, keys: Vec::new() })
    })?;
    facts.indexes = list.collect::<Result<_>>()?;
    for index in &mut facts.indexes {
        let mut statement = connection.prepare(&pragma("index_xinfo", &index.name))?;
        let keys = statement.query_map([], |row| {
            let column: Option<String> = if row.get::<_, i64>(1)? >= 0 { row.get(2)? } else { None };
            Ok((row.get::<_, bool>(5)?, (column, row.get::<_, bool>(3)?, row.get::<_, String>(4)?)))
        })?;
        for key in keys {
            let (key, told) = key?;
            index.keys.extend(key.then_some(told));
        }
    }
    let mut statement = connection.prepare(&pragma("foreign_key_list", name))?;
    let keys = statement.query_map([], |row| {
        Ok(ForeignFact {
            id: row.get(0)?,
            table: row.get(2)?,
            from: row.get(3)?,
            to: row.get(4)?,
            on_update: row.get(5)?,
            on_delete: row.get(6)?,
        })
    })?;
    facts.foreign_keys = keys.collect::<Result<_>>()?;
    Ok(facts)
}

/// The columns of a table or view.
pub(super) fn columns(connection: &Connection, name: &str) -> Result<Vec<ColumnFact>> {
    let mut statement = connection.prepare(&pragma("table_xinfo", name))?;
    let columns = statement.query_map([], |row| {
        Ok(ColumnFact {
            name: row.get(1)?,
            data_type: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            not_null: row.get(3)?,
            default: row.get(4)?,
            primary: row.get(5)?,
            hidden: row.get(6)?,
        })
    })?;
    columns.collect()
}

fn pragma(pragma: &str, name: &str) -> String {
    format!("PRAGMA main.{pragma}('{}')", name.replace('\'', "''"))
}

/// The columns of a table of the session.
pub(super) fn temporary_columns(engine: &super::engine::Engine, name: &str) -> Vec<ColumnFact> {
    let list = || -> Result<Vec<ColumnFact>> {
        let sql = format!("PRAGMA temp.table_xinfo('{}')", name.replace('\'', "''"));
        let mut statement = engine.connection.prepare(&sql)?;
        let columns = statement.query_map([], |row| Ok(ColumnFact { name: row.get(1)?, ..ColumnFact::default() }))?;
        columns.collect()
    };
    list().unwrap_or_default()
}
