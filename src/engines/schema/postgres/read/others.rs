//! What is compared by its text: rules, event triggers, publications, statistics, collations, and the rest.
use super::row::{Row, rows};
use super::{meta, name, table_name};
use crate::engines::schema::catalog::{Catalog, Key, Kind, Name, Other};
use crate::engines::schema::postgres::normal::{self, quote};
use serde_json::Value;
use std::collections::BTreeMap;

/// Attributes of an object, those without a value left out.
fn other(row: &Row<'_>, attributes: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Result<Other, String> {
    let attributes =
        attributes.into_iter().filter_map(|(word, value)| value.map(|value| (word.to_owned(), value))).collect();
    Ok(Other { meta: meta(row)?, attributes })
}

fn yes(on: bool) -> Option<String> {
    on.then(|| "yes".to_owned())
}

fn joined(words: Vec<String>) -> Option<String> {
    (!words.is_empty()).then(|| words.join(", "))
}

/// Everything that goes into `Catalog::others`.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "rules")? {
        let key = Key::part(Kind::Rule, &table_name(&row)?, row.text("name")?);
        let definition = normal::statement(row.text("definition")?);
        let rule = other(&row, [("definition", Some(definition)), ("enabled", super::code::enabled(&row)?)])?;
        catalog.others.insert(key, rule);
    }
    for row in rows(record, "event_triggers")? {
        let mut tags = row.list("tags")?;
        tags.sort();
        let function = Name::new(row.text("function_schema")?, row.text("function")?);
        let trigger = other(
            &row,
            [
                ("event", row.owned("event")?),
                ("function", Some(format!("{function}()"))),
                ("tags", joined(tags)),
                ("enabled", super::code::enabled(&row)?),
            ],
        )?;
        catalog.others.insert(top(Kind::EventTrigger, row.text("name")?), trigger);
    }
    for row in rows(record, "publications")? {
        catalog.others.insert(top(Kind::Publication, row.text("name")?), publication(&row)?);
    }
    for row in rows(record, "statistics")? {
        let table = Name::new(row.text("table_schema")?, row.text("table")?);
        let (kinds, on) = normal::statistics(row.text("definition")?);
        let target = row.number("target")?.map(|target| target.to_string());
        let statistics = other(
            &row,
            [("kinds", joined(kinds)), ("on", joined(on)), ("table", Some(table.to_string())), ("target", target)],
        )?;
        catalog.others.insert(Key::top(Kind::Statistics, &name(&row)?), statistics);
    }
    for row in rows(record, "collations")? {
        catalog.others.insert(Key::top(Kind::Collation, &name(&row)?), collation(&row)?);
    }
    for row in rows(record, "others")? {
        let name = Name::new(row.maybe("schema")?.unwrap_or_default(), row.text("name")?);
        let key = Key::top(Kind::Other, &Name::new(name.schema, format!("{} {}", row.text("kind")?, name.name)));
        let attributes: BTreeMap<String, String> =
            row.row("attributes")?.map(|one| one.pairs()).transpose()?.unwrap_or_default().into_iter().collect();
        catalog.others.insert(key, Other { meta: meta(&row)?, attributes });
    }
    Ok(())
}

fn top(kind: Kind, name: &str) -> Key {
    Key::top(kind, &Name::new("", name))
}

fn publication(row: &Row<'_>) -> Result<Other, String> {
    let mut publish = Vec::new();
    for word in ["insert", "update", "delete", "truncate"] {
        if row.flag(word)? {
            publish.push(word.to_owned());
        }
    }
    let mut tables = Vec::new();
    for one in row.rows("tables")? {
        let mut text = table_name(&one)?.to_string();
        let columns: Vec<String> = one.list("columns")?.iter().map(|column| quote(column)).collect();
        if !columns.is_empty() {
            text.push_str(&format!(" ({})", columns.join(", ")));
        }
        if let Some(predicate) = one.maybe("predicate")? {
            let normal = normal::expression(predicate, normal::Context::default()).normal;
            text.push_str(&format!(" WHERE {normal}"));
        }
        tables.push(text);
    }
    let publish = if publish.len() == 4 { None } else { Some(publish.join(", ")) };
    let generated = row.owned("generated_columns")?.filter(|letter| letter == "s").map(|_| "stored".to_owned());
    other(
        row,
        [
            ("all tables", yes(row.flag("all_tables")?)),
            ("tables", joined(tables)),
            ("schemas", joined(row.list("schemas")?)),
            ("publish", publish),
            ("publish_via_partition_root", yes(row.flag("via_root")?)),
            ("publish_generated_columns", generated),
        ],
    )
}

fn collation(row: &Row<'_>) -> Result<Other, String> {
    let provider = match row.maybe("provider")? {
        Some("i") => Some("icu".to_owned()),
        Some("b") => Some("builtin".to_owned()),
        _ => None,
    };
    // Before PostgreSQL 15 the locale of ICU stood in the fields of the C library.
    let old = row.owned("lc_collate")?;
    let locale = row.owned("locale")?;
    let (locale, same) = match (&provider, locale) {
        (Some(_), None) => (old.clone(), true),
        (None, None) if old == row.owned("lc_ctype")? => (old.clone(), true),
        (_, locale) => (locale, false),
    };
    let deterministic = row.flag("deterministic")?;
    other(
        row,
        [
            ("provider", provider),
            ("locale", locale),
            ("lc_collate", old.filter(|_| !same)),
            ("lc_ctype", row.owned("lc_ctype")?.filter(|_| !same)),
            ("rules", row.owned("rules")?),
            ("deterministic", (!deterministic).then(|| "no".to_owned())),
        ],
    )
}
