//! Tables, views and their columns of a record.
use super::row::{Row, rows};
use super::types::sequence_options;
use super::{expression, meta, name, remark, table_name};
use crate::engines::schema::catalog::{
    Catalog, Column, Expression, Generated, Identity, Name, Partitioning, Table, View,
};
use crate::engines::schema::postgres::normal::data_type;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tables, views, and the columns of both.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "tables")? {
        catalog.tables.insert(name(&row)?, table(&row)?);
    }
    for row in rows(record, "views")? {
        catalog.views.insert(name(&row)?, view(&row)?);
    }
    for row in rows(record, "columns")? {
        let owner = table_name(&row)?;
        if let Some(table) = catalog.tables.get_mut(&owner) {
            table.columns.push(column(&row)?);
        } else if let Some(view) = catalog.views.get_mut(&owner) {
            let called = row.text("name")?.to_owned();
            view.columns.push((called.clone(), data_type(row.text("type")?)));
            if let Some(default) = row.maybe("default")? {
                view.options.insert(format!("default {called}"), default.to_owned());
            }
            remark(catalog, &owner, format!("column {called}"), row.owned("comment")?);
        }
    }
    Ok(())
}

fn table(row: &Row<'_>) -> Result<Table, String> {
    let mut parents = Vec::new();
    for parent in row.rows("parents")? {
        parents.push(name(&parent)?);
    }
    let partition = row.flag("is_partition")?;
    let mut partitioning = Partitioning { by: expression(row, "partition_key")?, ..Partitioning::default() };
    if partition {
        partitioning.parent = parents.first().cloned();
        partitioning.bound = expression(row, "bound")?;
        parents.clear();
    }
    Ok(Table {
        meta: meta(row)?,
        unlogged: row.flag("unlogged")?,
        row_security: row.flag("row_security")?,
        force_row_security: row.flag("force_row_security")?,
        partitioning,
        inherits: parents,
        options: table_options(row)?,
        ..Table::default()
    })
}

fn table_options(row: &Row<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut options = BTreeMap::new();
    row.options("options", "", &mut options)?;
    row.options("toast_options", "toast.", &mut options)?;
    row.options("foreign_options", "option ", &mut options)?;
    let foreign = row.text("kind")? == "f";
    let identity = match row.maybe("replica_identity")? {
        Some("f") => Some("full".to_owned()),
        Some("n") if !foreign => Some("nothing".to_owned()),
        Some("i") => Some(format!("using index {}", row.maybe("replica_index")?.unwrap_or("?"))),
        _ => None,
    };
    let words = [
        ("replica identity", identity),
        ("server", row.owned("server")?),
        ("tablespace", row.owned("tablespace")?),
        ("access method", row.owned("method")?),
        ("of", row.owned("of_type")?),
    ];
    options.extend(words.into_iter().filter_map(|(word, value)| value.map(|value| (word.to_owned(), value))));
    Ok(options)
}

fn view(row: &Row<'_>) -> Result<View, String> {
    let mut options = BTreeMap::new();
    row.options("options", "", &mut options)?;
    if let Some(check) = options.remove("check_option") {
        options.insert("check option".to_owned(), check);
    }
    // A flag that was set and then turned off is as if it had never been set.
    options.retain(|word, value| {
        !(word.starts_with("security_") && matches!(value.as_str(), "false" | "off" | "no" | "0"))
    });
    for (word, value) in &mut options {
        if word.starts_with("security_") {
            *value = "true".to_owned();
        }
    }
    if let Some(tablespace) = row.owned("tablespace")? {
        options.insert("tablespace".to_owned(), tablespace);
    }
    let query = row.text("definition")?.trim().trim_end_matches(';').trim_end();
    Ok(View {
        meta: meta(row)?,
        materialized: row.flag("materialized")?,
        query: Expression::plain(query),
        comparable: true,
        options,
        ..View::default()
    })
}

fn column(row: &Row<'_>) -> Result<Column, String> {
    let kind = data_type(row.text("type")?);
    let mut made = expression(row, "default")?;
    let generated = match row.maybe("generated")? {
        Some("s" | "v") => made
            .take()
            .map(|expression| Generated { expression, stored: row.maybe("generated").ok().flatten() == Some("s") }),
        _ => None,
    };
    let identity = match row.maybe("identity")? {
        Some(word @ ("a" | "d")) => {
            let mut options = BTreeMap::new();
            if let Some(sequence) = row.row("sequence")? {
                let sequence_type = data_type(sequence.text("type")?);
                options = sequence_options(&sequence, &sequence_type)?;
                if sequence_type != kind {
                    options.insert("type".to_owned(), sequence_type.to_string());
                }
            }
            Some(Identity { always: word == "a", options })
        }
        _ => None,
    };
    Ok(Column {
        meta: meta(row)?,
        name: row.text("name")?.to_owned(),
        data_type: kind,
        not_null: row.flag("not_null")?,
        default: made,
        identity,
        generated,
        collation: row.owned("collation")?,
        options: column_options(row)?,
        ..Column::default()
    })
}

fn column_options(row: &Row<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut options = BTreeMap::new();
    row.options("options", "", &mut options)?;
    row.options("foreign_options", "option ", &mut options)?;
    let storage = row.maybe("storage")?.and_then(|letter| match letter {
        "p" => Some("plain"),
        "e" => Some("external"),
        "x" => Some("extended"),
        "m" => Some("main"),
        _ => None,
    });
    let compression = row.maybe("compression")?.and_then(|letter| match letter {
        "p" => Some("pglz"),
        "l" => Some("lz4"),
        _ => None,
    });
    for (word, value) in [("storage", storage), ("compression", compression)] {
        if let Some(value) = value {
            options.insert(word.to_owned(), value.to_owned());
        }
    }
    if let Some(target) = row.number("statistics")? {
        options.insert("statistics".to_owned(), target.to_string());
    }
    Ok(options)
}

/// The table or view of this name.
pub(super) fn has_relation(catalog: &Catalog, name: &Name) -> bool {
    catalog.tables.contains_key(name) || catalog.views.contains_key(name)
}
