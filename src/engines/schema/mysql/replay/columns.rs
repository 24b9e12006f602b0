//! Columns made of their definitions: implied collations, nullability and defaults.
use super::keys::Request;
use super::names::{check_name, same};
use super::state::State;
use crate::engines::schema::catalog::{
    Column, Constraint, ConstraintKind, DataType, Dialect, Expression, ForeignKey, Generated, Server, Table,
};
use crate::engines::schema::mysql::normal::{Charsets, of_column};
use crate::engines::schema::mysql::parse::{CheckDef, ColumnDef, Default_, ForeignDef, IndexDef, IndexKind, TypeDef};
use crate::engines::schema::mysql::text::Outcome;

/// What a column's collation is when it stands in a table of this collation.
pub(super) fn collation(kind: &TypeDef, table: &str, charsets: Charsets) -> Option<String> {
    if !kind.character {
        return None;
    }
    if kind.json {
        return Some("utf8mb4_bin".to_owned());
    }
    let charset = kind.charset.as_deref().map(|charset| charsets.canonical(charset));
    Some(match (&kind.collation, charset) {
        (Some(collation), _) if collation.eq_ignore_ascii_case("default") => table.to_owned(),
        (Some(collation), _) => charsets.canonical(collation),
        (None, Some(charset)) if kind.binary && charset != "binary" => format!("{charset}_bin"),
        (None, Some(charset)) => charsets.collation(&charset),
        (None, None) if kind.binary => format!("{}_bin", charsets.of(table)),
        (None, None) => table.to_owned(),
    })
}

/// `text(300)` by the bytes that it may need.
fn sized(kind: &TypeDef, collation: Option<&str>, charsets: Charsets) -> DataType {
    let mut data_type = kind.data_type.clone();
    if let Some(characters) = kind.characters {
        let bytes = characters.saturating_mul(u64::from(collation.map_or(1, |one| charsets.width(one))));
        let size = match bytes {
            0..=255 => "tiny",
            256..=65_535 => "",
            65_536..=16_777_215 => "medium",
            _ => "long",
        };
        data_type.name = format!("{size}{}", data_type.name);
    }
    data_type
}

/// A column of its definition; `first` when no `TIMESTAMP` stands before it.
pub(super) fn make(state: &State, definition: &ColumnDef, table: &str, first: bool) -> Column {
    let charsets = state.charsets();
    let collation = collation(&definition.kind, table, charsets);
    let data_type = sized(&definition.kind, collation.as_deref(), charsets);
    let mut column = Column { name: definition.name.clone(), data_type, collation, ..Column::default() };
    column.meta.comment.clone_from(&definition.comment);
    column.not_null = definition.not_null.unwrap_or(false) || definition.auto_increment || definition.primary;
    column.auto_increment = definition.auto_increment;
    column.default = definition.default.as_ref().and_then(|default| default_of(default, &column.data_type));
    column.on_update = definition.on_update.as_ref().map(|_| {
        let digits = column.data_type.modifiers.first().cloned().unwrap_or_default();
        Expression::plain(format!("current_timestamp({digits})"))
    });
    column.generated = definition
        .generated
        .as_ref()
        .map(|(expression, stored)| Generated { expression: expression.clone(), stored: *stored });
    if definition.invisible {
        column.options.insert("invisible".to_owned(), "yes".to_owned());
    }
    if let Some(srid) = definition.srid.as_ref().filter(|_| charsets.0.dialect == Dialect::MySql) {
        column.options.insert("srid".to_owned(), srid.clone());
    }
    if definition.row {
        column.options.insert("row".to_owned(), "yes".to_owned());
    }
    if column.data_type.name == "timestamp" && !state.session.explicit_timestamps && column.generated.is_none() {
        old_timestamp(definition, &mut column, first);
    }
    if definition.default.is_none() {
        filled(&mut column, charsets.0);
    }
    column
}

/// MariaDB fills a time that must not be null and changes by itself, but has no default.
pub(super) fn filled(column: &mut Column, server: Server) {
    let timed =
        matches!(column.data_type.name.as_str(), "timestamp" | "datetime") && server.dialect == Dialect::MariaDb;
    if timed && column.not_null && column.on_update.is_some() && column.default.is_none() {
        column.default = Some(zero_time(&column.data_type));
    }
}

/// Defaults that `TIMESTAMP` had before they had to be said.
fn old_timestamp(definition: &ColumnDef, column: &mut Column, first: bool) {
    if definition.not_null == Some(false) {
        return;
    }
    column.not_null = true;
    if definition.default.is_some() {
        return;
    }
    let digits = column.data_type.modifiers.first().cloned().unwrap_or_default();
    if first && definition.on_update.is_none() {
        let now = Expression::plain(format!("current_timestamp({digits})"));
        column.default = Some(now.clone());
        column.on_update = Some(now);
    } else {
        column.default = Some(zero_time(&column.data_type));
    }
}

/// The time that stands for none.
fn zero_time(data_type: &DataType) -> Expression {
    let digits = data_type.modifiers.first().and_then(|digits| digits.parse::<usize>().ok());
    let fraction = digits.map_or(String::new(), |count| format!(".{}", "0".repeat(count.min(6))));
    Expression::plain(format!("'0000-00-00 00:00:00{fraction}'"))
}

/// A default in normal form.
pub(super) fn default_of(default: &Default_, data_type: &DataType) -> Option<Expression> {
    of_column(&default.expr, &default.text, data_type)
}

/// Whether the server keeps checks at all.
pub(super) fn has_checks(server: Server) -> bool {
    match server.dialect {
        Dialect::MariaDb => server.version >= (10, 2),
        _ => server.version >= (8, 0),
    }
}

/// Checks that stand in a column's definition, that of JSON on MariaDB included.
pub(super) fn checks(table: &mut Table, table_name: &str, definition: &ColumnDef, server: Server) {
    let maria = server.dialect == Dialect::MariaDb;
    if !has_checks(server) {
        return;
    }
    let mut found = definition.checks.clone();
    if definition.kind.json && found.is_empty() {
        let condition = Expression::plain(format!("json_valid(`{}`)", definition.name.to_lowercase()));
        found.push(CheckDef { name: None, condition, enforced: true });
    }
    for check in found {
        match maria && check.name.is_none() {
            true => {
                table.constraints.retain(|one| !(one.unnamed && super::names::is_check(one, &definition.name)));
                table.constraints.push(Constraint {
                    name: definition.name.clone(),
                    kind: ConstraintKind::Check(check.condition),
                    unnamed: true,
                    ..Constraint::default()
                });
            }
            false => add_check(table, table_name, check, server),
        }
    }
}

/// A check of the table.
pub(super) fn add_check(table: &mut Table, table_name: &str, check: CheckDef, server: Server) {
    if !has_checks(server) {
        return;
    }
    let unnamed = check.name.is_none();
    let name = check.name.unwrap_or_else(|| check_name(table, table_name, server));
    let not_enforced = !check.enforced && server.dialect == Dialect::MySql;
    table.constraints.push(Constraint {
        name,
        kind: ConstraintKind::Check(check.condition),
        unnamed,
        not_enforced,
        ..Constraint::default()
    });
}

/// What a column's definition asks for beside the column: indexes and a foreign key.
pub(super) fn extras(
    definition: &ColumnDef,
    server: Server,
    requests: &mut Vec<Request>,
    foreign: &mut Vec<ForeignDef>,
) {
    let index = |kind| {
        let key = crate::engines::schema::catalog::IndexKey {
            expression: Expression::plain(definition.name.clone()),
            column: true,
            ..Default::default()
        };
        Request::Index(IndexDef { kind, keys: vec![key], ..IndexDef::default() })
    };
    if definition.primary {
        requests.push(index(IndexKind::Primary));
    }
    // MariaDB makes one index of `PRIMARY KEY UNIQUE`, MySQL two.
    if definition.unique && !(definition.primary && server.dialect == Dialect::MariaDb) {
        requests.push(index(IndexKind::Unique));
    }
    // MySQL reads these and forgets them until version 9.
    let honoured = match server.dialect {
        Dialect::MariaDb => server.version >= (10, 5),
        _ => server.version >= (9, 0),
    };
    if let Some(reference) = definition.references.as_ref().filter(|_| honoured) {
        let mut reference = reference.clone();
        reference.columns = vec![definition.name.clone()];
        requests.push(Request::Implied(reference.columns.clone(), reference.name.clone()));
        foreign.push(reference);
    }
}

/// The foreign key of its definition; the table's columns are there.
pub(super) fn foreign_key(state: &mut State, table: &Table, definition: &ForeignDef) -> Outcome<ForeignKey> {
    let target = state.name(&definition.table);
    let mut columns = Vec::new();
    for name in &definition.columns {
        let Some(column) = super::names::column(table, name) else {
            return Err(format!("the foreign key names a column `{name}` that is not there"));
        };
        columns.push(column.name.clone());
    }
    let there = state.catalog.tables.get(&target);
    let mut references = definition.references.clone();
    if references.is_empty() {
        let Some(ConstraintKind::PrimaryKey(key)) = there.and_then(Table::primary_key).map(|one| &one.kind) else {
            return Err("a foreign key that names no columns".to_owned());
        };
        references = key.keys.iter().map(|key| key.expression.text.clone()).collect();
    }
    for name in &mut references {
        if let Some(column) = there.and_then(|there| there.columns.iter().find(|column| same(&column.name, name))) {
            name.clone_from(&column.name);
        }
    }
    Ok(ForeignKey {
        columns,
        table: target,
        references,
        on_delete: definition.on_delete,
        on_update: definition.on_update,
        match_full: false,
        ..ForeignKey::default()
    })
}
