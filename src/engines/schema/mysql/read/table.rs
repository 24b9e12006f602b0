//! Tables, columns, indexes and constraints of a record.
use super::Context;
use super::row::{Row, rows};
use crate::engines::schema::catalog::{
    Action, Catalog, Column, Constraint, ConstraintKind, DataType, Dialect, Expression, ForeignKey, Generated, Index,
    IndexKey, Name, Sequence, Table,
};
use crate::engines::schema::mysql::normal::{Expr, Parser, of_column, of_text, quote};
use crate::engines::schema::mysql::parse::{default_is_empty, type_of_text};
use crate::engines::schema::mysql::text::{Cursor, Lexer};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything of tables.
pub(super) fn read(record: &Value, context: &Context, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "tables") {
        let name = Name::new("", row.get("name"));
        match row.get("type") {
            "SEQUENCE" => drop(
                catalog
                    .sequences
                    .insert(name, Sequence { data_type: DataType::plain("bigint"), ..Sequence::default() }),
            ),
            _ => drop(catalog.tables.insert(name, table(row))),
        }
    }
    for row in rows(record, "columns") {
        let Some(table) = catalog.tables.get_mut(&Name::new("", row.get("table_name"))) else { continue };
        table.columns.push(column(row, context)?);
    }
    for row in rows(record, "columns_mysql_optional") {
        let column = catalog
            .tables
            .get_mut(&Name::new("", row.get("table_name")))
            .and_then(|table| table.column_mut(row.get("name")));
        if let (Some(column), Some(srid)) = (column, row.filled("srs_id")) {
            column.options.insert("srid".to_owned(), srid);
        }
    }
    indexes(record, context, catalog);
    foreign_keys(record, context, catalog);
    checks(record, context, catalog);
    partitions(record, context, catalog);
    for row in rows(record, "sequences_mariadb_optional") {
        if let Some(sequence) = catalog.sequences.get_mut(&Name::new("", row.get("name"))) {
            sequence_options(row, sequence);
        }
    }
    Ok(())
}

fn table(row: Row<'_>) -> Table {
    let mut table = Table::default();
    table.meta.comment = row.filled("comment");
    let mut set = |name: &str, value: String| drop(table.options.insert(name.to_owned(), value));
    set("collation", row.get("collation").to_ascii_lowercase());
    let engine = row.get("engine").to_ascii_lowercase();
    if !engine.is_empty() && engine != "innodb" {
        set("engine", engine);
    }
    if row.get("type") == "SYSTEM VERSIONED" {
        set("system versioning", "yes".to_owned());
    }
    for option in row.get("create_options").split_whitespace() {
        let Some((name, value)) = option.split_once('=') else { continue };
        let name = name.trim_matches('`').to_ascii_lowercase();
        let value = default_is_empty(&name, value.trim_matches(['\'', '"']).to_owned());
        if !value.is_empty() {
            set(&name, value);
        }
    }
    table
}

fn column(row: Row<'_>, context: &Context) -> Result<Column, String> {
    let kind = type_of_text(row.get("column_type"), context.server)?;
    let extra = row.get("extra").to_ascii_lowercase();
    let mut column = Column { name: row.get("name").to_owned(), data_type: kind.data_type, ..Column::default() };
    column.meta.comment = row.filled("comment");
    column.not_null = row.get("nullable") == "NO";
    column.auto_increment = extra.contains("auto_increment");
    column.collation = row.filled("collation").map(|collation| context.charsets.canonical(&collation));
    if extra.contains("invisible") {
        column.options.insert("invisible".to_owned(), "yes".to_owned());
    }
    if let Some(update) = extra.split("on update ").nth(1) {
        let update = update.split(',').next().unwrap_or(update);
        column.on_update = Some(of_text(update, context.server));
    }
    match row.filled("generation_expression") {
        Some(text) if matches!(text.as_str(), "ROW START" | "ROW END") => {
            drop(column.options.insert("row".to_owned(), "yes".to_owned()))
        }
        Some(text) => {
            let stored = extra.contains("stored") || extra.contains("persistent");
            column.generated =
                Some(Generated { expression: of_text(&unescaped(&text, context), context.server), stored });
        }
        None => {
            column.default =
                row.maybe("default_value").and_then(|text| default(text, &extra, &column.data_type, context))
        }
    }
    Ok(column)
}

/// MySQL escapes the quotes of expressions that it shows.
fn unescaped(text: &str, context: &Context) -> String {
    if context.server.dialect == Dialect::MySql { text.replace("\\'", "'") } else { text.to_owned() }
}

fn default(text: &str, extra: &str, data_type: &DataType, context: &Context) -> Option<Expression> {
    let plain = context.server.dialect == Dialect::MySql || context.server.version < (10, 2);
    let bits = text.starts_with("b'");
    let function = text.to_ascii_lowercase().starts_with("current_timestamp");
    if plain && !extra.contains("default_generated") && !bits && !function {
        return of_column(&Expr::Text(text.to_owned()), &quote(text), data_type);
    }
    let text = unescaped(text, context);
    let tokens = Lexer::new(&text, context.server).all();
    let mut cursor = Cursor::new(&tokens, &text);
    match Parser::new(&mut cursor).whole() {
        Ok(expr) => {
            let number =
                bits.then(|| tokens.first().and_then(|token| u64::from_str_radix(&token.text, 2).ok())).flatten();
            let expr = number.map_or(expr, |number| Expr::Number(number.to_string()));
            of_column(&expr, &text, data_type)
        }
        Err(_) => Some(Expression { normal: of_text(&text, context.server).normal, text }),
    }
}

fn key(row: Row<'_>) -> IndexKey {
    let mut key = IndexKey { column: true, prefix: row.number("prefix"), ..IndexKey::default() };
    key.expression = Expression::plain(row.get("column_name"));
    key.descending = row.get("sort") == "D";
    key.nulls_first = key.descending;
    key
}

fn indexes(record: &Value, context: &Context, catalog: &mut Catalog) {
    let mut expressions = BTreeMap::new();
    let mut hidden = Vec::new();
    for row in rows(record, "indexes_mysql_optional") {
        let place = (row.get("table_name"), row.get("name"));
        if let Some(text) = row.filled("expression") {
            expressions.insert((place, row.number("position").unwrap_or(0)), unescaped(&text, context));
        }
        if row.get("visible") == "NO" {
            hidden.push(place);
        }
    }
    hidden.extend(
        rows(record, "indexes_mariadb_optional").into_iter().map(|row| (row.get("table_name"), row.get("name"))),
    );
    for row in rows(record, "indexes") {
        let (table_name, name) = (row.get("table_name"), row.get("name"));
        let Some(table) = catalog.tables.get_mut(&Name::new("", table_name)) else { continue };
        let mut key = key(row);
        let method = match row.get("type").to_ascii_lowercase().as_str() {
            "rtree" => "spatial".to_owned(),
            other => other.to_owned(),
        };
        if matches!(method.as_str(), "spatial" | "fulltext") {
            key.prefix = None;
        }
        if let Some(text) = expressions.get(&((table_name, name), row.number("position").unwrap_or(0))) {
            key.column = false;
            key.expression =
                Expression { normal: format!("({})", of_text(text, context.server).normal), text: format!("({text})") };
        }
        if let Some(index) = index_mut(table, name) {
            index.keys.push(key);
            continue;
        }
        let mut index = Index { name: name.to_owned(), method, keys: vec![key], ..Index::default() };
        index.meta.comment = row.filled("comment");
        if hidden.contains(&(table_name, name)) {
            index.options.insert("invisible".to_owned(), "yes".to_owned());
        }
        if name == "PRIMARY" {
            table.constraints.push(Constraint {
                name: name.to_owned(),
                kind: ConstraintKind::PrimaryKey(index),
                ..Constraint::default()
            });
        } else {
            index.unique = row.get("non_unique") == "0" || row.number("non_unique") == Some(0);
            table.indexes.push(index);
        }
    }
}

fn index_mut<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Index> {
    if name == "PRIMARY" {
        return table.constraints.iter_mut().find_map(|one| match &mut one.kind {
            ConstraintKind::PrimaryKey(index) => Some(index),
            _ => None,
        });
    }
    table.indexes.iter_mut().rev().find(|index| index.name == name)
}

fn action(rule: &str) -> Action {
    match rule {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn foreign_keys(record: &Value, context: &Context, catalog: &mut Catalog) {
    for row in rows(record, "foreign_keys") {
        let Some(table) = catalog.tables.get_mut(&Name::new("", row.get("table_name"))) else { continue };
        let schema = row.get("referenced_schema");
        let schema = if schema == context.database { "" } else { schema };
        let key = ForeignKey {
            table: Name::new(schema, row.get("referenced_table")),
            on_delete: action(row.get("on_delete")),
            on_update: action(row.get("on_update")),
            ..ForeignKey::default()
        };
        table.constraints.push(Constraint {
            name: row.get("name").to_owned(),
            kind: ConstraintKind::ForeignKey(key),
            ..Constraint::default()
        });
    }
    for row in rows(record, "foreign_key_columns") {
        let Some(table) = catalog.tables.get_mut(&Name::new("", row.get("table_name"))) else { continue };
        for constraint in table.constraints.iter_mut().filter(|one| one.name == row.get("name")) {
            if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                key.columns.push(row.get("column_name").to_owned());
                key.references.push(row.get("referenced_column").to_owned());
            }
        }
    }
}

fn checks(record: &Value, context: &Context, catalog: &mut Catalog) {
    let all = rows(record, "checks_mariadb_optional").into_iter().chain(rows(record, "checks_mysql_optional"));
    for row in all {
        let Some(table) = catalog.tables.get_mut(&Name::new("", row.get("table_name"))) else { continue };
        let condition = of_text(&unescaped(row.get("clause"), context), context.server);
        let name = row.get("name").to_owned();
        let unnamed = row.get("level") == "Column"
            || name.strip_prefix("CONSTRAINT_").is_some_and(|rest| rest.parse::<u32>().is_ok());
        table.constraints.push(Constraint {
            name,
            kind: ConstraintKind::Check(condition),
            unnamed,
            not_enforced: row.get("enforced") == "NO",
            ..Constraint::default()
        });
    }
}

/// Partitions as the clause that makes them.
fn partitions(record: &Value, context: &Context, catalog: &mut Catalog) {
    let mut all: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for row in rows(record, "partitions") {
        all.entry(row.get("table_name")).or_default().push(row);
    }
    for (name, list) in all {
        let Some(table) = catalog.tables.get_mut(&Name::new("", name)) else { continue };
        let Some(first) = list.first() else { continue };
        let of = |method: &str, expression: &str| {
            let method = method.to_ascii_lowercase();
            let inner = match method.ends_with("columns") || method.ends_with("key") {
                true => expression
                    .split(',')
                    .filter(|one| !one.is_empty())
                    .map(|one| format!("`{}`", one.trim().trim_matches('`').to_lowercase()))
                    .collect::<Vec<_>>()
                    .join(","),
                false => of_text(expression, context.server).normal,
            };
            format!("{method} ({inner})")
        };
        let mut normal = of(first.get("method"), first.get("expression"));
        if let Some(method) = first.filled("submethod") {
            let count = list.iter().filter(|row| row.get("name") == first.get("name")).count();
            normal.push_str(&format!(
                " subpartition by {} subpartitions {count}",
                of(&method, first.get("subexpression"))
            ));
        }
        let mut names: Vec<String> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for row in &list {
            if seen.contains(&row.get("name")) {
                continue;
            }
            seen.push(row.get("name"));
            let mut one = row.get("name").to_owned();
            if let Some(values) = row.filled("description") {
                let values = values.replace("MAXVALUE", "maxvalue");
                one.push_str(&match first.get("method").to_ascii_lowercase().starts_with("range") {
                    true => format!(" < {values}"),
                    false => format!(" in {values}"),
                });
            }
            if let Some(comment) = row.filled("comment") {
                one.push_str(&format!(" comment {}", quote(&comment)));
            }
            names.push(one);
        }
        normal.push_str(&format!(" ({})", names.join(", ")));
        table.partitioning.by = Some(Expression::plain(normal));
    }
}

fn sequence_options(row: Row<'_>, sequence: &mut Sequence) {
    let pairs = [
        ("start", "start_value", "1"),
        ("increment", "increment_by", "1"),
        ("minvalue", "min_value", "1"),
        ("maxvalue", "max_value", "9223372036854775806"),
    ];
    for (name, column, default) in pairs {
        if let Some(value) = row.filled(column).filter(|value| value != default) {
            sequence.options.insert(name.to_owned(), value);
        }
    }
    if row.yes("cycle_option") {
        sequence.options.insert("cycle".to_owned(), "yes".to_owned());
    }
}
