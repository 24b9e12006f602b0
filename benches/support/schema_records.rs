//! Chains and records of real servers that lie on disk, for programs that measure the replay of schemas.
#![allow(dead_code, reason = "each measuring program uses a part")]
use pilab::engines::schema::catalog::{Catalog, Dialect, Key, Kind, Touches, Unmodelled};
use pilab::engines::schema::{mysql, postgres, sqlite};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

/// The attributes of objects by key.
pub(crate) type Objects = BTreeMap<Key, BTreeMap<String, String>>;

/// A text of a JSON object; empty when it has none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A list of texts of a JSON object.
pub(crate) fn texts(value: &Value, key: &str) -> Vec<String> {
    value[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A file of JSON, packed by gzip when its name ends so.
pub(crate) fn json(path: &Path) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut plain = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).map_err(|error| error.to_string())?;
    } else {
        plain = bytes;
    }
    serde_json::from_slice(&plain).map_err(|error| format!("{}: {error}", path.display()))
}

/// The catalog of a record.
pub(crate) fn catalog(dialect: Dialect, record: &Value) -> Result<Catalog, String> {
    let answers = record.get("catalog").unwrap_or(record);
    match dialect {
        Dialect::Postgres => postgres::read(answers),
        Dialect::MySql | Dialect::MariaDb => mysql::read(answers),
        Dialect::Sqlite => Ok(sqlite_catalog(answers)),
    }
}

fn flag(row: &Value, key: &str) -> bool {
    row[key].as_i64() == Some(1)
}

fn rows<'a>(answers: &'a Value, of: &str, name: &str) -> impl Iterator<Item = &'a Value> {
    answers[of][name].as_array().into_iter().flatten()
}

/// SQLite's own answers: the rows of its master table, and of the pragmas by the name of table or index.
fn sqlite_catalog(answers: &Value) -> Catalog {
    let master: Vec<sqlite::Row> = answers["sqlite_master"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| sqlite::Row {
            kind: text(row, "type").to_owned(),
            name: text(row, "name").to_owned(),
            table: text(row, "tbl_name").to_owned(),
            sql: text(row, "sql").to_owned(),
        })
        .collect();
    let shadows: BTreeSet<&str> = answers["table_list"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| text(row, "type") == "shadow")
        .map(|row| text(row, "name"))
        .collect();
    let facts = master
        .iter()
        .filter(|row| matches!(row.kind.as_str(), "table" | "view"))
        .map(|row| (row.name.clone(), sqlite_facts(answers, &row.name, shadows.contains(row.name.as_str()))))
        .collect();
    sqlite::read(&master, &facts)
}

fn sqlite_facts(answers: &Value, name: &str, shadow: bool) -> sqlite::Facts {
    let own = |row: &Value, key: &str| text(row, key).to_owned();
    let columns = rows(answers, "table_xinfo", name).map(|row| sqlite::ColumnFact {
        name: own(row, "name"),
        data_type: own(row, "type"),
        not_null: flag(row, "notnull"),
        default: row["dflt_value"].as_str().map(str::to_owned),
        primary: row["pk"].as_i64().unwrap_or_default(),
        hidden: row["hidden"].as_i64().unwrap_or_default(),
    });
    let keys = |index: &str| {
        rows(answers, "index_xinfo", index)
            .filter(|row| flag(row, "key"))
            .map(|row| {
                let column = row["cid"].as_i64().is_some_and(|cid| cid >= 0).then(|| own(row, "name"));
                (column, flag(row, "desc"), own(row, "coll"))
            })
            .collect()
    };
    let indexes = rows(answers, "index_list", name).map(|row| sqlite::IndexFact {
        name: own(row, "name"),
        unique: flag(row, "unique"),
        origin: own(row, "origin"),
        keys: keys(text(row, "name")),
    });
    let foreign_keys = rows(answers, "foreign_key_list", name).map(|row| sqlite::ForeignFact {
        id: row["id"].as_i64().unwrap_or_default(),
        table: own(row, "table"),
        from: own(row, "from"),
        to: row["to"].as_str().map(str::to_owned),
        on_update: own(row, "on_update"),
        on_delete: own(row, "on_delete"),
    });
    sqlite::Facts {
        columns: columns.collect(),
        indexes: indexes.collect(),
        foreign_keys: foreign_keys.collect(),
        shadow,
    }
}

/// The flat form of a catalog, privileges aside.
pub(crate) fn objects(catalog: &Catalog) -> Objects {
    let privileges = |key: &Key| matches!(key.kind, Kind::Grant | Kind::DefaultPrivileges);
    catalog.objects().into_iter().filter(|one| !privileges(&one.key)).map(|one| (one.key, one.attributes)).collect()
}

/// Whether a statement that is not modelled is said to touch the object.
pub(crate) fn covered(unmodelled: &[Unmodelled], key: &Key) -> bool {
    let touches = |one: &Key| {
        let table = one.table_name().is_some() && one.table_name() == key.table_name();
        one == key || table || (one.kind == Kind::Schema && one.name == key.schema)
    };
    unmodelled.iter().any(|one| match &one.touches {
        Touches::Nothing => false,
        Touches::Anything => true,
        Touches::Objects(keys) => keys.iter().any(touches),
    })
}
