//! From what SQLite tells of its tables to the catalog.
use super::cursor::{Cursor, split};
use super::definition::{self, Definition};
use super::facts::{ColumnFact, Facts, ForeignFact, Row};
use super::normal;
use super::token::{Kind as TokenKind, Token, tokens};
use crate::engines::schema::catalog::{
    Action, Catalog, Column, Constraint, ConstraintKind, DataType, Dialect, Expression, ForeignKey, Generated, Index,
    IndexKey, Name, Server, Table, Trigger, View,
};
use std::collections::BTreeMap;

/// The catalog out of the rows of `sqlite_schema` and, by the name of table or view, what the pragmas tell.
pub fn read(rows: &[Row], facts: &BTreeMap<String, Facts>) -> Catalog {
    let mut catalog = Catalog::new(Server::newest(Dialect::Sqlite));
    let none = Facts::default();
    let mut parts: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.kind.as_str(), "index" | "trigger")) {
        parts.entry(row.table.to_lowercase()).or_default().push(row);
    }
    for row in rows.iter().filter(|row| !internal(&row.name)) {
        let of = facts.get(&row.name).unwrap_or(&none);
        let name = Name::new("", &*row.name);
        let belonging = parts.get(&row.name.to_lowercase()).into_iter().flatten().copied();
        match row.kind.as_str() {
            "table" if !of.shadow => {
                catalog.tables.insert(name, table(row, of, belonging));
            }
            "view" => {
                let mut view = view(row, belonging);
                view.columns = view_columns(of);
                catalog.views.insert(name, view);
            }
            _ => {}
        }
    }
    resolve(&mut catalog);
    catalog
}

/// Whether SQLite keeps it for itself.
pub(super) fn internal(name: &str) -> bool {
    name.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("sqlite_"))
}

/// Gives foreign keys the names of tables and columns as they are where they point to.
pub(super) fn resolve(catalog: &mut Catalog) {
    let known: BTreeMap<String, (Name, Vec<String>)> = catalog
        .tables
        .iter()
        .map(|(name, table)| {
            let keys = match table.primary_key().map(|one| &one.kind) {
                Some(ConstraintKind::PrimaryKey(index)) => {
                    index.keys.iter().map(|key| key.expression.text.clone()).collect()
                }
                _ => Vec::new(),
            };
            (name.name.to_lowercase(), (name.clone(), keys))
        })
        .collect();
    for table in catalog.tables.values_mut() {
        for constraint in &mut table.constraints {
            let ConstraintKind::ForeignKey(key) = &mut constraint.kind else { continue };
            let Some((name, columns)) = known.get(&key.table.name.to_lowercase()) else { continue };
            key.table = name.clone();
            if key.references.is_empty() {
                key.references = columns.clone();
            }
        }
    }
}

/// A table; `rows` are those that belong to it.
pub(super) fn table<'r>(row: &Row, facts: &Facts, rows: impl Iterator<Item = &'r Row>) -> Table {
    let definition = definition::table(&row.sql);
    let names: Vec<String> = facts.columns.iter().map(|one| one.name.clone()).collect();
    let mut table = Table::default();
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.options.insert(name.to_owned(), value);
        }
    };
    option("strict", definition.strict.then(|| "yes".to_owned()));
    option("without rowid", definition.without_rowid.then(|| "yes".to_owned()));
    if let Some((module, arguments)) = &definition.module {
        option("module", Some(module.clone()));
        option("arguments", (!arguments.is_empty()).then(|| arguments.join(", ")));
    }
    let rowid = rowid_alias(facts, &definition);
    for fact in facts.columns.iter().filter(|one| one.hidden != 1) {
        table.columns.push(column(fact, &definition, &names, rowid.as_deref()));
    }
    if definition.module.is_none() {
        constraints(&mut table, facts, &definition, &names, &row.name);
    }
    for row in rows {
        match row.kind.as_str() {
            "index" if !row.sql.is_empty() => table.indexes.push(index(row, facts, &table.columns, &names)),
            "trigger" => table.triggers.push(trigger(row)),
            _ => {}
        }
    }
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.triggers.sort_by(|a, b| a.name.cmp(&b.name));
    table
}

/// The column that is the row number: the only one of the primary key, `INTEGER`, and no index behind it.
fn rowid_alias(facts: &Facts, definition: &Definition) -> Option<String> {
    let mut keys = facts.columns.iter().filter(|one| one.primary > 0);
    let only = keys.next().filter(|one| one.data_type.eq_ignore_ascii_case("INTEGER"))?;
    let plain =
        keys.next().is_none() && !definition.without_rowid && !facts.indexes.iter().any(|one| one.origin == "pk");
    plain.then(|| only.name.clone())
}

fn column(fact: &ColumnFact, definition: &Definition, names: &[String], rowid: Option<&str>) -> Column {
    let text = definition.columns.iter().find(|one| one.name.eq_ignore_ascii_case(&fact.name));
    let mut column = Column { name: fact.name.clone(), data_type: data_type(&fact.data_type), ..Column::default() };
    let rowid = rowid == Some(fact.name.as_str());
    // A row number is never null, whatever is written.
    column.not_null = fact.not_null || rowid;
    let written = text.and_then(|text| text.default.clone());
    let default = fact.default.clone().map(|told| written.unwrap_or((told, true)));
    column.default = default.and_then(|(text, bare)| normal::default(&text, bare));
    column.auto_increment = rowid && definition.primary.as_ref().is_some_and(|key| key.autoincrement);
    column.collation = text.and_then(|text| text.collation.clone());
    if let Some(conflict) = text.and_then(|text| text.conflict.clone()) {
        column.options.insert("on conflict".to_owned(), conflict);
    }
    if matches!(fact.hidden, 2 | 3) {
        let expression = text.and_then(|text| text.generated.as_deref()).unwrap_or("");
        column.generated =
            Some(Generated { expression: normal::expression(expression, Some(names)), stored: fact.hidden == 3 });
        column.data_type = data_type(generated_type(&fact.data_type));
    }
    column
}

/// Some versions show `GENERATED ALWAYS` as part of the type.
fn generated_type(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let end = lower.find("generated always").unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim()
}

/// A type in canonical form: lower case, white space folded.
pub(super) fn data_type(text: &str) -> DataType {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if let Some((name, rest)) = folded.split_once('(')
        && let Some(inner) = rest.strip_suffix(')')
        && !inner.contains(['(', ')'])
    {
        return DataType::with(name.trim(), inner.split(',').map(|one| one.split_whitespace().collect::<String>()));
    }
    DataType::plain(folded)
}

fn constraints(table: &mut Table, facts: &Facts, definition: &Definition, names: &[String], own: &str) {
    let mut primary: Vec<&ColumnFact> = facts.columns.iter().filter(|one| one.primary > 0).collect();
    primary.sort_by_key(|one| one.primary);
    if !primary.is_empty() {
        let text = definition.primary.clone().unwrap_or_default();
        let behind = facts.indexes.iter().find(|one| one.origin == "pk");
        let keys = match behind {
            Some(index) => index.keys.iter().filter_map(|key| index_key(key, &table.columns)).collect(),
            None => primary.iter().map(|one| plain_key(&one.name)).collect(),
        };
        let index = backing(&text.name, keys, text.conflict);
        push(table, &text.name, ConstraintKind::PrimaryKey(index));
    }
    // The list begins with what was made last.
    let mut used = vec![false; definition.uniques.len()];
    for fact in facts.indexes.iter().rev().filter(|one| one.origin == "u") {
        let same = |columns: &[String]| {
            columns.len() == fact.keys.len()
                && columns
                    .iter()
                    .zip(&fact.keys)
                    .all(|(a, (b, ..))| b.as_deref().is_some_and(|b| b.eq_ignore_ascii_case(a)))
        };
        let written = definition.uniques.iter().zip(&mut used).find(|(text, used)| !**used && same(&text.columns));
        let text = written.map(|(text, used)| {
            *used = true;
            text.clone()
        });
        let text = text.unwrap_or_default();
        let keys = fact.keys.iter().filter_map(|key| index_key(key, &table.columns)).collect();
        let index = Index { unique: true, ..backing(&text.name, keys, text.conflict) };
        push(table, &text.name, ConstraintKind::Unique(index));
    }
    for (name, condition) in &definition.checks {
        let condition = normal::unqualified(condition, own);
        push(table, name, ConstraintKind::Check(normal::expression(&condition, Some(names))));
    }
    foreign_keys(table, facts, definition);
}

fn backing(name: &str, keys: Vec<IndexKey>, conflict: Option<String>) -> Index {
    let mut index = Index { name: name.to_owned(), method: "btree".to_owned(), keys, ..Index::default() };
    index.unique = true;
    index.options.extend(conflict.map(|word| ("on conflict".to_owned(), word)));
    index
}

fn push(table: &mut Table, name: &str, kind: ConstraintKind) {
    let one = Constraint { name: name.to_owned(), unnamed: name.is_empty(), kind, ..Constraint::default() };
    // Two that say the same are one.
    if !table.constraints.iter().any(|other| other.kind == one.kind && other.name == one.name) {
        table.constraints.push(one);
    }
}

fn foreign_keys(table: &mut Table, facts: &Facts, definition: &Definition) {
    let count = facts.foreign_keys.iter().map(|one| one.id + 1).max().unwrap_or(0);
    for id in (0..count).rev() {
        let rows: Vec<&ForeignFact> = facts.foreign_keys.iter().filter(|one| one.id == id).collect();
        let Some(first) = rows.first() else { continue };
        let nth = usize::try_from(count - 1 - id).unwrap_or(0);
        let text = definition.foreign.get(nth).cloned().unwrap_or_default();
        let key = ForeignKey {
            columns: rows.iter().map(|one| one.from.clone()).collect(),
            table: Name::new("", &*first.table),
            references: rows.iter().filter_map(|one| one.to.clone()).collect(),
            on_delete: action(&first.on_delete),
            on_update: action(&first.on_update),
            ..ForeignKey::default()
        };
        let before = table.constraints.len();
        push(table, &text.name, ConstraintKind::ForeignKey(key));
        if let (true, Some(last)) = (table.constraints.len() > before, table.constraints.last_mut()) {
            (last.deferrable, last.deferred) = (text.deferrable, text.deferred);
        }
    }
}

fn action(word: &str) -> Action {
    match word.to_ascii_uppercase().as_str() {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn plain_key(name: &str) -> IndexKey {
    IndexKey { expression: Expression::plain(name), column: true, ..IndexKey::default() }
}

/// A key that is a column; `None` for an expression.
fn index_key((name, descending, collation): &(Option<String>, bool, String), columns: &[Column]) -> Option<IndexKey> {
    let name = name.as_ref()?;
    let own = columns.iter().find(|one| one.name == *name).and_then(|one| one.collation.clone());
    let collation = collation.to_ascii_uppercase();
    Some(IndexKey {
        descending: *descending,
        // NULLs are the smallest in SQLite: first unless descending, which is its default and so not shown.
        nulls_first: *descending,
        collation: (collation != own.unwrap_or_else(|| "BINARY".to_owned())).then_some(collation),
        ..plain_key(name)
    })
}

fn index(row: &Row, facts: &Facts, columns: &[Column], names: &[String]) -> Index {
    let tokens = tokens(&row.sql);
    let mut cursor = Cursor::new(&row.sql, &tokens);
    let mut index = Index { name: row.name.clone(), method: "btree".to_owned(), ..Index::default() };
    cursor.take(&["CREATE"]);
    index.unique = cursor.take(&["UNIQUE"]);
    cursor.take(&["INDEX"]);
    cursor.take(&["IF", "NOT", "EXISTS"]);
    cursor.qualified();
    cursor.take(&["ON"]);
    cursor.name();
    let parts = split(cursor.parenthesised().unwrap_or(&[]));
    let fact = facts.indexes.iter().find(|one| one.name == row.name);
    for (nth, part) in parts.into_iter().enumerate() {
        let told = fact.and_then(|fact| fact.keys.get(nth));
        let key = told.and_then(|told| index_key(told, columns)).unwrap_or_else(|| {
            let (mut part, descending) = order(part);
            let mut collation = None;
            if let [before @ .., collate, name] = part
                && collate.is("COLLATE")
            {
                collation = Some(name.plain().to_ascii_uppercase()).filter(|name| name != "BINARY");
                part = before;
            }
            IndexKey {
                expression: normal::expression(cursor.slice(part), Some(names)),
                collation,
                descending,
                nulls_first: descending,
                ..IndexKey::default()
            }
        });
        index.keys.push(key);
    }
    if cursor.take(&["WHERE"]) {
        index.predicate = Some(normal::expression(cursor.rest(), Some(names)));
    }
    index
}

/// A key without its `ASC` or `DESC`, and whether it was the latter.
fn order<'a, 't>(part: &'t [Token<'a>]) -> (&'t [Token<'a>], bool) {
    match part {
        [before @ .., last] if last.is("DESC") => (before, true),
        [before @ .., last] if last.is("ASC") => (before, false),
        _ => (part, false),
    }
}

/// A view without its columns; `rows` are those that belong to it.
pub(super) fn view<'r>(row: &Row, rows: impl Iterator<Item = &'r Row>) -> View {
    let tokens = tokens(&row.sql);
    let mut cursor = Cursor::new(&row.sql, &tokens);
    cursor.take(&["CREATE"]);
    let _ = cursor.take(&["TEMP"]) || cursor.take(&["TEMPORARY"]);
    cursor.take(&["VIEW"]);
    cursor.take(&["IF", "NOT", "EXISTS"]);
    cursor.qualified();
    let columns = cursor.parenthesised().map(|list| cursor.slice(list).to_owned());
    cursor.take(&["AS"]);
    let mut view = View { query: normal::expression(cursor.rest(), None), comparable: true, ..View::default() };
    view.options.extend(columns.map(|columns| ("columns".to_owned(), columns)));
    view.triggers = rows.filter(|one| one.kind == "trigger").map(trigger).collect();
    view.triggers.sort_by(|a, b| a.name.cmp(&b.name));
    view
}

/// Names and types of a view's columns.
pub(super) fn view_columns(facts: &Facts) -> Vec<(String, DataType)> {
    facts.columns.iter().map(|one| (one.name.clone(), data_type(&one.data_type))).collect()
}

fn trigger(row: &Row) -> Trigger {
    let tokens = tokens(&row.sql);
    let mut cursor = Cursor::new(&row.sql, &tokens);
    cursor.take(&["CREATE"]);
    let _ = cursor.take(&["TEMP"]) || cursor.take(&["TEMPORARY"]);
    cursor.take(&["TRIGGER"]);
    cursor.take(&["IF", "NOT", "EXISTS"]);
    cursor.qualified();
    let timing = [(["BEFORE"].as_slice(), "before"), (&["AFTER"], "after"), (&["INSTEAD", "OF"], "instead of")];
    let timing = timing.iter().find(|(words, _)| cursor.take(words)).map_or("before", |(_, timing)| timing);
    let mut trigger =
        Trigger { name: row.name.clone(), timing: timing.to_owned(), for_each_row: true, ..Trigger::default() };
    trigger.events = cursor.next().map(|word| word.text.to_ascii_lowercase()).into_iter().collect();
    if cursor.take(&["OF"]) {
        while let Some(name) = cursor.name() {
            trigger.columns.push(name);
            if !cursor.take_symbol(",") {
                break;
            }
        }
    }
    cursor.take(&["ON"]);
    cursor.name();
    cursor.take(&["FOR", "EACH", "ROW"]);
    if cursor.take(&["WHEN"]) {
        let rest = cursor.rest_tokens();
        // `BEGIN` is no word of expressions.
        let end = rest.iter().position(|one| one.kind == TokenKind::Word && one.is("BEGIN")).unwrap_or(rest.len());
        trigger.condition = Some(normal::expression(cursor.slice(rest.get(..end).unwrap_or(&[])), None));
        cursor.at += end;
    }
    trigger.action = normal::expression(cursor.rest(), None);
    trigger
}
