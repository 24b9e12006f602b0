//! Columns, indexes and constraints as DDL.
use crate::engines::schema::catalog::{
    Action, Column, Constraint, ConstraintKind, Dialect, Index, IndexKey, Name, Server, Table,
};
use crate::engines::schema::mysql::normal::{Charsets, quote};
use crate::engines::schema::mysql::replay::column_check;

/// An identifier in backticks.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A name, qualified when it lies in another database.
pub(super) fn name(name: &Name) -> String {
    match name.schema.is_empty() {
        true => quoted(&name.name),
        false => format!("{}.{}", quoted(&name.schema), quoted(&name.name)),
    }
}

/// Whether a column has a collation.
pub(super) fn is_text(column: &Column) -> bool {
    let base = column.data_type.name.as_str();
    matches!(base, "char" | "varchar" | "enum" | "set") || base.ends_with("text")
}

/// The collation of a column in its table.
pub(super) fn collation<'t>(table: &'t Table, column: &'t Column) -> Option<&'t str> {
    let base = table.options.get("collation").map(String::as_str);
    column.collation.as_deref().or(base).filter(|collation| is_text(column) && !collation.is_empty())
}

/// A column's definition, its check included (MariaDB).
pub(super) fn column(table: &Table, column: &Column, server: Server) -> String {
    let mut text = format!("{} {}", quoted(&column.name), column.data_type);
    if let Some(collation) = collation(table, column) {
        text.push_str(&format!(" CHARACTER SET {} COLLATE {collation}", Charsets(server).of(collation)));
    }
    let row = column.options.contains_key("row");
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression.normal));
    }
    if column.not_null && (column.generated.is_none() || server.dialect == Dialect::MySql) && !row {
        text.push_str(" NOT NULL");
    } else if column.generated.is_none() && !row {
        text.push_str(" NULL");
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default_text(&default.text, server)));
    }
    if let Some(update) = &column.on_update {
        text.push_str(&format!(" ON UPDATE {}", update.normal));
    }
    if column.auto_increment {
        text.push_str(" AUTO_INCREMENT");
    }
    if let Some(srid) = column.options.get("srid") {
        text.push_str(&format!(" SRID {srid}"));
    }
    if column.options.contains_key("invisible") {
        text.push_str(" INVISIBLE");
    }
    if let Some(comment) = &column.meta.comment {
        text.push_str(&format!(" COMMENT {}", quote(comment)));
    }
    let own = table.constraints.iter().find(|one| {
        server.dialect == Dialect::MariaDb && one.name.eq_ignore_ascii_case(&column.name) && column_check(table, one)
    });
    if let Some(ConstraintKind::Check(condition)) = own.map(|one| &one.kind) {
        text.push_str(&format!(" CHECK ({})", condition.normal));
    }
    text
}

/// MySQL wants parentheses around every expression but the current time.
fn default_text(text: &str, server: Server) -> String {
    let function = text.contains('(')
        && !text.starts_with(['(', '\'', '"'])
        && !text.to_ascii_lowercase().starts_with("current_timestamp");
    if function && server.dialect == Dialect::MySql { format!("({text})") } else { text.to_owned() }
}

fn key(key: &IndexKey) -> String {
    let mut text = if key.column { quoted(&key.expression.text) } else { key.expression.normal.clone() };
    if let Some(prefix) = key.prefix {
        text.push_str(&format!("({prefix})"));
    }
    if key.descending {
        text.push_str(" DESC");
    }
    text
}

/// An index's definition.
pub(super) fn index(one: &Index, primary: bool, server: Server) -> String {
    let keys = one.keys.iter().map(key).collect::<Vec<_>>().join(", ");
    let head = match (primary, one.method.as_str(), one.unique) {
        (true, ..) => "PRIMARY KEY".to_owned(),
        (_, "fulltext", _) => format!("FULLTEXT KEY {}", quoted(&one.name)),
        (_, "spatial", _) => format!("SPATIAL KEY {}", quoted(&one.name)),
        (_, _, true) => format!("UNIQUE KEY {}", quoted(&one.name)),
        _ => format!("KEY {}", quoted(&one.name)),
    };
    let mut text = format!("{head} ({keys})");
    if one.method == "hash" && !one.unique && !primary {
        text.push_str(" USING HASH");
    }
    if let Some(comment) = &one.meta.comment {
        text.push_str(&format!(" COMMENT {}", quote(comment)));
    }
    if one.options.contains_key("invisible") {
        text.push_str(if server.dialect == Dialect::MariaDb { " IGNORED" } else { " INVISIBLE" });
    }
    text
}

/// A foreign key's definition.
pub(super) fn foreign_key(constraint: &Constraint) -> Option<String> {
    let ConstraintKind::ForeignKey(key) = &constraint.kind else { return None };
    let list = |names: &[String]| names.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        quoted(&constraint.name),
        list(&key.columns),
        name(&key.table),
        list(&key.references)
    );
    for (words, action) in [("ON DELETE", key.on_delete), ("ON UPDATE", key.on_update)] {
        if let Some(word) = Action::word(action) {
            text.push_str(&format!(" {words} {word}"));
        }
    }
    Some(text)
}

/// A check of the table; that of a column stands with the column.
pub(super) fn check(table: &Table, constraint: &Constraint, server: Server) -> Option<String> {
    let ConstraintKind::Check(condition) = &constraint.kind else { return None };
    if server.dialect == Dialect::MariaDb && column_check(table, constraint) {
        return None;
    }
    let enforced = if constraint.not_enforced { " NOT ENFORCED" } else { "" };
    Some(format!("CONSTRAINT {} CHECK ({}){enforced}", quoted(&constraint.name), condition.normal))
}

/// The primary key's definition.
pub(super) fn primary(table: &Table, server: Server) -> Option<String> {
    match &table.primary_key()?.kind {
        ConstraintKind::PrimaryKey(one) => Some(index(one, true, server)),
        _ => None,
    }
}
