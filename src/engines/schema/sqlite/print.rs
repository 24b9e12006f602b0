//! SQLite's DDL for a catalog.
use super::normal::bare;
use super::token::{Kind as TokenKind, tokens};
use crate::engines::schema::catalog::{
    Action, Catalog, Column, Constraint, ConstraintKind, DataType, Expression, ForeignKey, Index, IndexKey, Name,
    Table, Trigger, View,
};

/// Statements that make everything in the catalog, without semicolons: tables, indexes, views, triggers.
pub fn create(catalog: &Catalog) -> Vec<String> {
    let mut all: Vec<String> = catalog.tables.iter().map(|(name, one)| table(name, one)).collect();
    for (name, one) in &catalog.tables {
        all.extend(one.indexes.iter().map(|one| index(name, one)));
    }
    all.extend(catalog.views.iter().map(|(name, one)| view(name, one)));
    for (name, one) in &catalog.tables {
        all.extend(one.triggers.iter().map(|one| trigger(name, one)));
    }
    for (name, one) in &catalog.views {
        all.extend(one.triggers.iter().map(|one| trigger(name, one)));
    }
    all
}

/// A name in double quotes.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in double quotes, with commas.
pub(super) fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// `CREATE TABLE`.
pub(super) fn table(name: &Name, table: &Table) -> String {
    if let Some(module) = table.options.get("module") {
        let arguments = table.options.get("arguments").map(|text| format!("({text})")).unwrap_or_default();
        return format!("CREATE VIRTUAL TABLE {} USING {module}{arguments}", quote(&name.name));
    }
    let inline = inline_key(table);
    let mut lines: Vec<String> = table.columns.iter().map(|one| column(table, one, inline)).collect();
    let rest = table.constraints.iter().filter(|one| inline.is_none_or(|inline| !std::ptr::eq(inline, *one)));
    lines.extend(rest.filter_map(constraint));
    let mut options = Vec::new();
    options.extend(table.options.contains_key("strict").then_some("STRICT"));
    options.extend(table.options.contains_key("without rowid").then_some("WITHOUT ROWID"));
    let tail = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    format!("CREATE TABLE {} (\n  {}\n){tail}", quote(&name.name), lines.join(",\n  "))
}

/// The primary key, when it can stand with its column; some things can stand only there.
fn inline_key(table: &Table) -> Option<&Constraint> {
    let key = table.primary_key()?;
    let ConstraintKind::PrimaryKey(index) = &key.kind else { return None };
    matches!(index.keys.as_slice(), [only] if only.collation.is_none()).then_some(key)
}

/// A column as it stands in `CREATE TABLE`, with the primary key if that is given and is its own.
pub(super) fn column(table: &Table, column: &Column, key: Option<&Constraint>) -> String {
    let mut text = quote(&column.name);
    let mut add = |more: &str| {
        text.push(' ');
        text.push_str(more);
    };
    let data_type = data_type(&column.data_type);
    if !data_type.is_empty() {
        add(&data_type);
    }
    let own = key.and_then(|key| match &key.kind {
        ConstraintKind::PrimaryKey(index) => {
            index.keys.first().filter(|one| one.expression.text == column.name).map(|one| (key, index, one))
        }
        _ => None,
    });
    if let Some((key, index, one)) = own {
        let name = if key.name.is_empty() { String::new() } else { format!("CONSTRAINT {} ", quote(&key.name)) };
        let order = if one.descending { " DESC" } else { "" };
        add(&format!("{name}PRIMARY KEY{order}{}", conflict(index.options.get("on conflict"))));
        if column.auto_increment {
            add("AUTOINCREMENT");
        }
    }
    let integer = column.data_type.name == "integer" && column.data_type.modifiers.is_empty();
    let rowid =
        own.is_some_and(|(_, _, one)| integer && !one.descending) && !table.options.contains_key("without rowid");
    if column.not_null && !rowid {
        add(&format!("NOT NULL{}", conflict(column.options.get("on conflict"))));
    }
    if let Some(default) = &column.default {
        add(&format!("DEFAULT {}", default_text(default)));
    }
    if let Some(collation) = &column.collation {
        add(&format!("COLLATE {}", quote(collation)));
    }
    if let Some(generated) = &column.generated {
        add(&format!(
            "GENERATED ALWAYS AS ({}) {}",
            generated.expression.text,
            if generated.stored { "STORED" } else { "VIRTUAL" }
        ));
    }
    text
}

fn conflict(word: Option<&String>) -> String {
    word.map(|word| format!(" ON CONFLICT {}", word.to_ascii_uppercase())).unwrap_or_default()
}

/// A type as SQLite takes it: words, then what stands in parentheses.
fn data_type(data_type: &DataType) -> String {
    let words = data_type.name.split(' ').all(|word| bare(word) && !matches!(word, "generated" | "always"));
    let name = if words || data_type.name.is_empty() { data_type.name.clone() } else { quote(&data_type.name) };
    match data_type.modifiers.is_empty() {
        true => name,
        false => format!("{name}({})", data_type.modifiers.join(", ")),
    }
}

/// Whether a default is a literal, which may stand without parentheses and be added to a table with rows.
pub(super) fn literal(default: &Expression) -> bool {
    let tokens = tokens(&default.text);
    match tokens.as_slice() {
        [one] => {
            matches!(one.kind, TokenKind::Text | TokenKind::Number | TokenKind::Blob)
                || one.is("TRUE")
                || one.is("FALSE")
        }
        [sign, number] => (sign.symbol("-") || sign.symbol("+")) && number.kind == TokenKind::Number,
        _ => false,
    }
}

fn default_text(default: &Expression) -> String {
    match literal(default) || matches!(default.normal.as_str(), "current_timestamp" | "current_date" | "current_time") {
        true => default.text.trim_matches(['(', ')']).to_owned(),
        false => format!("({})", default.text),
    }
}

/// A constraint of a table.
pub(super) fn constraint(constraint: &Constraint) -> Option<String> {
    let what = match &constraint.kind {
        ConstraintKind::PrimaryKey(index) => {
            format!("PRIMARY KEY ({}){}", keys(index), conflict(index.options.get("on conflict")))
        }
        ConstraintKind::Unique(index) => {
            format!("UNIQUE ({}){}", keys(index), conflict(index.options.get("on conflict")))
        }
        ConstraintKind::Check(condition) => format!("CHECK ({})", condition.text),
        ConstraintKind::ForeignKey(key) => {
            format!("FOREIGN KEY ({}) {}", list(&key.columns), references(key, constraint))
        }
        ConstraintKind::Exclude(_) | ConstraintKind::NotNull(_) => return None,
    };
    Some(format!("{}{what}", named(constraint)))
}

/// `CONSTRAINT "x" ` where it has a name.
pub(super) fn named(constraint: &Constraint) -> String {
    match constraint.name.is_empty() {
        true => String::new(),
        false => format!("CONSTRAINT {} ", quote(&constraint.name)),
    }
}

/// What stands behind `FOREIGN KEY (…)`, or behind the column itself.
pub(super) fn references(key: &ForeignKey, constraint: &Constraint) -> String {
    let mut text = format!("REFERENCES {}", quote(&key.table.name));
    if !key.references.is_empty() {
        text.push_str(&format!(" ({})", list(&key.references)));
    }
    for (when, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(word) = Action::word(action) {
            text.push_str(&format!(" ON {when} {word}"));
        }
    }
    match (constraint.deferrable, constraint.deferred) {
        (true, true) => text.push_str(" DEFERRABLE INITIALLY DEFERRED"),
        (true, false) => text.push_str(" DEFERRABLE"),
        _ => {}
    }
    text
}

fn keys(index: &Index) -> String {
    index.keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn key(key: &IndexKey) -> String {
    let mut text = if key.column { quote(&key.expression.text) } else { key.expression.text.clone() };
    if let Some(collation) = &key.collation {
        text.push_str(&format!(" COLLATE {}", quote(collation)));
    }
    if key.descending {
        text.push_str(" DESC");
    }
    text
}

/// `CREATE INDEX`.
pub(super) fn index(table: &Name, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut text = format!("CREATE {unique}INDEX {} ON {} ({})", quote(&index.name), quote(&table.name), keys(index));
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", predicate.text));
    }
    text
}

/// `CREATE VIEW`.
pub(super) fn view(name: &Name, view: &View) -> String {
    let columns = view.options.get("columns").map(|text| format!(" ({text})")).unwrap_or_default();
    format!("CREATE VIEW {}{columns} AS {}", quote(&name.name), view.query.text)
}

/// `CREATE TRIGGER`.
pub(super) fn trigger(table: &Name, trigger: &Trigger) -> String {
    let mut text = format!("CREATE TRIGGER {} {}", quote(&trigger.name), trigger.timing.to_ascii_uppercase());
    for event in &trigger.events {
        text.push_str(&format!(" {}", event.to_ascii_uppercase()));
    }
    if !trigger.columns.is_empty() {
        text.push_str(&format!(" OF {}", list(&trigger.columns)));
    }
    text.push_str(&format!(" ON {}", quote(&table.name)));
    if let Some(condition) = &trigger.condition {
        text.push_str(&format!(" WHEN {}", condition.text));
    }
    format!("{text}\n{}", trigger.action.text)
}
