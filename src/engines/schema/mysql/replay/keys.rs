//! Indexes: names that servers make up, and the ones that foreign keys bring and lose.
use super::columns;
use super::names::{column, index_name, same};
use crate::engines::schema::catalog::{Column, Constraint, ConstraintKind, Dialect, Index, IndexKey, Server, Table};
use crate::engines::schema::mysql::normal::Charsets;
use crate::engines::schema::mysql::parse::{IndexDef, IndexKind};
use crate::engines::schema::mysql::text::Outcome;

/// Bytes of an index key at most (MariaDB 10.11).
fn longest(table: &Table) -> u32 {
    match table.options.get("engine").map(String::as_str) {
        Some("myisam") => 1000,
        Some("aria") => 2300,
        _ => 3072,
    }
}

/// An index that a statement asks for.
#[derive(Debug, Clone)]
pub(super) enum Request {
    /// By itself.
    Index(IndexDef),
    /// For a foreign key on these columns: its name, when there is one.
    Implied(Vec<String>, Option<String>),
}

/// Bytes of a point, by which MariaDB indexes it.
const POINT: u32 = 25;

struct Item {
    index: Index,
    /// It has a name already.
    named: bool,
    primary: bool,
    dead: bool,
}

/// Adds indexes to a table as the server does: implied ones go when another serves, names are made up in order.
pub(super) fn add(table: &mut Table, requests: Vec<Request>, server: Server) -> Outcome<()> {
    if requests.is_empty() {
        return Ok(());
    }
    let mut items: Vec<Item> = Vec::new();
    for constraint in &table.constraints {
        if let ConstraintKind::PrimaryKey(index) = &constraint.kind {
            items.push(Item { index: index.clone(), named: true, primary: true, dead: false });
        }
    }
    items.extend(table.indexes.drain(..).map(|index| Item { index, named: true, primary: false, dead: false }));
    let mut had_primary = !items.is_empty() && items.first().is_some_and(|item| item.primary);
    for request in requests {
        let item = item(table, request, server)?;
        if item.primary && std::mem::replace(&mut had_primary, true) {
            return Err("the table has a primary key already".to_owned());
        }
        items.push(item);
    }
    bury(&mut items);
    name(&mut items)?;
    for item in items.into_iter().filter(|item| !item.dead) {
        if !item.primary {
            table.indexes.push(item.index);
        } else if table.primary_key().is_none() {
            for key in &item.index.keys {
                if let Some(column) = table.columns.iter_mut().find(|column| same(&column.name, &key.expression.text)) {
                    column.not_null = true;
                    columns::filled(column, server);
                }
            }
            table.constraints.push(Constraint {
                name: "PRIMARY".to_owned(),
                kind: ConstraintKind::PrimaryKey(item.index),
                ..Constraint::default()
            });
        }
    }
    Ok(())
}

/// Implied indexes that another one serves.
fn bury(items: &mut [Item]) {
    for at in 0..items.len() {
        for before in 0..at {
            let (Some(this), Some(that)) = (items.get(at), items.get(before)) else { continue };
            if this.dead || that.dead || !serves(&this.index, &that.index) {
                continue;
            }
            let this_goes =
                !that.index.implied || (this.index.implied && this.index.keys.len() < that.index.keys.len());
            if let Some(item) = items.get_mut(if this_goes { at } else { before }) {
                item.dead = true;
            }
            break;
        }
    }
}

/// Whether one of the two is implied and the other one begins with its columns.
fn serves(one: &Index, other: &Index) -> bool {
    let (implied, full) = match (one.implied, other.implied) {
        (false, false) => return false,
        (true, true) if one.keys.len() > other.keys.len() => (other, one),
        (true, _) => (one, other),
        _ => (other, one),
    };
    full.method == "btree"
        && implied.keys.len() <= full.keys.len()
        && implied.keys.iter().zip(&full.keys).all(|(left, right)| {
            right.column && right.prefix == left.prefix && same(&left.expression.text, &right.expression.text)
        })
}

fn name(items: &mut [Item]) -> Outcome<()> {
    let mut taken: Vec<Index> = Vec::new();
    for item in items.iter_mut().filter(|item| !item.dead) {
        if !item.named {
            let first = item
                .index
                .keys
                .first()
                .map_or("", |key| if key.column { key.expression.text.as_str() } else { "functional_index" });
            item.index.name = index_name(first, &taken);
        } else if taken.iter().any(|index| same(&index.name, &item.index.name)) {
            return Err(format!("there is an index `{}` already", item.index.name));
        }
        taken.push(item.index.clone());
    }
    Ok(())
}

fn item(table: &Table, request: Request, server: Server) -> Outcome<Item> {
    let (definition, implied) = match request {
        Request::Index(definition) => (definition, false),
        Request::Implied(columns, name) => {
            let keys = columns.into_iter().map(|column| IndexKey {
                expression: crate::engines::schema::catalog::Expression::plain(column),
                column: true,
                ..IndexKey::default()
            });
            (IndexDef { keys: keys.collect(), name, ..IndexDef::default() }, true)
        }
    };
    let primary = definition.kind == IndexKind::Primary;
    let unique = matches!(definition.kind, IndexKind::Primary | IndexKind::Unique);
    let mut index = Index { unique: unique && !primary, implied, ..Index::default() };
    index.name = if primary { "PRIMARY".to_owned() } else { definition.name.clone().unwrap_or_default() };
    index.meta.comment = definition.comment;
    index.method = match definition.kind {
        IndexKind::Fulltext => "fulltext",
        IndexKind::Spatial => "spatial",
        _ => "btree",
    }
    .to_owned();
    if table.options.get("engine").is_some_and(|engine| engine == "memory") && index.method == "btree" {
        index.method = "hash".to_owned();
    }
    if definition.invisible {
        index.options.insert("invisible".to_owned(), "yes".to_owned());
    }
    for key in definition.keys {
        index.keys.push(fit(table, key, &index.method, server)?);
    }
    limit(table, &mut index, unique, server);
    Ok(Item { named: primary || definition.name.is_some(), index, primary, dead: false })
}

/// Length of a column in an index, in characters or bytes; `None` for what has none.
fn length(column: &Column) -> Option<u32> {
    match column.data_type.name.as_str() {
        "char" | "varchar" | "binary" | "varbinary" => column.data_type.modifiers.first()?.parse().ok(),
        _ => None,
    }
}

pub(super) fn is_long(column: &Column) -> bool {
    column.data_type.name.ends_with("text") || column.data_type.name.ends_with("blob")
}

/// One key with the column's own spelling; a prefix of the whole column is none.
fn fit(table: &Table, mut key: IndexKey, method: &str, server: Server) -> Outcome<IndexKey> {
    if !key.column {
        return match server.dialect {
            Dialect::MySql => Ok(key),
            _ => Err("MariaDB has no indexes on expressions".to_owned()),
        };
    }
    let Some(column) = column(table, &key.expression.text) else {
        return Err(format!("the index names a column `{}` that is not there", key.expression.text));
    };
    key.expression = crate::engines::schema::catalog::Expression::plain(column.name.clone());
    if column.data_type.name == "point" && method == "btree" && key.prefix.is_none() {
        key.prefix = Some(POINT);
    }
    if matches!(method, "fulltext" | "spatial") || length(column).is_some_and(|length| Some(length) <= key.prefix) {
        key.prefix = None;
    }
    Ok(key)
}

/// Bytes of a key.
fn bytes(table: &Table, key: &IndexKey, server: Server) -> u32 {
    let Some(column) = column(table, &key.expression.text) else { return 0 };
    let width = column.collation.as_deref().map_or(1, |collation| Charsets(server).width(collation));
    let count = key.prefix.or_else(|| length(column)).unwrap_or(if is_long(column) { 1_000_000 } else { 8 });
    count.saturating_mul(width)
}

/// What is too long for an index: MariaDB hashes unique ones, and cuts the others.
fn limit(table: &Table, index: &mut Index, unique: bool, server: Server) {
    let memory = table.options.get("engine").is_some_and(|engine| engine == "memory");
    if memory || !matches!(index.method.as_str(), "btree" | "hash") {
        return;
    }
    let most = longest(table);
    let lengths: Vec<u32> = index.keys.iter().map(|key| bytes(table, key, server)).collect();
    let sum = lengths.iter().fold(0, |sum: u32, length| sum.saturating_add(*length));
    if unique {
        let hashed = sum > most && server.dialect == Dialect::MariaDb;
        index.method = if hashed { "hash" } else { "btree" }.to_owned();
        return;
    }
    for (key, length) in index.keys.iter_mut().zip(lengths) {
        if length > most {
            key.prefix = cut(table, key, server);
        }
    }
}

fn width(column: &Column, server: Server) -> u32 {
    column.collation.as_deref().map_or(1, |collation| Charsets(server).width(collation))
}

fn cut(table: &Table, key: &IndexKey, server: Server) -> Option<u32> {
    let column = column(table, &key.expression.text)?;
    let tiny = column.data_type.name.starts_with("tiny");
    Some(if tiny { 255 } else { longest(table) / width(column, server) })
}

/// A column has another type: prefixes and methods follow.
pub(super) fn retype(table: &mut Table, name: &str, server: Server) {
    let Some(column) = column(table, name).cloned() else { return };
    let mut indexes = std::mem::take(&mut table.indexes);
    for index in indexes.iter_mut().filter(|index| matches!(index.method.as_str(), "btree" | "hash")) {
        let Some(at) = index.keys.iter().position(|key| key.column && same(&key.expression.text, name)) else {
            continue;
        };
        if let Some(key) = index.keys.get_mut(at) {
            let whole = length(&column).is_some_and(|length| key.prefix.is_some_and(|prefix| prefix >= length));
            if whole || (length(&column).is_none() && !is_long(&column)) {
                key.prefix = if column.data_type.name == "point" { Some(POINT) } else { None };
            }
        }
        limit(table, index, index.unique, server);
    }
    table.indexes = indexes;
}
