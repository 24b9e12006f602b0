//! Rows of `information_schema`, as far as migrations ask for them.
use super::interpret::{Value, database};
use super::state::State;
use crate::engines::schema::catalog::{ConstraintKind, Index, Kind, Table};
use std::collections::BTreeMap;

/// A row: names of columns in lower case.
pub(super) type Row = BTreeMap<&'static str, Value>;

fn row(pairs: &[(&'static str, &str)]) -> Row {
    pairs.iter().map(|(name, value)| (*name, Some((*value).to_owned()))).collect()
}

/// All rows of a table; `None` for one that is not known.
pub(super) fn rows(state: &State, table: &str) -> Option<Vec<Row>> {
    let own = database(state);
    let mut all = Vec::new();
    let schema_of = |schema: &str| if schema.is_empty() { own.clone() } else { schema.to_owned() };
    match table.to_ascii_lowercase().as_str() {
        "tables" => {
            for name in state.catalog.tables.keys() {
                all.push(row(&[
                    ("table_schema", &schema_of(&name.schema)),
                    ("table_name", &name.name),
                    ("table_type", "BASE TABLE"),
                ]));
            }
            for name in state.catalog.views.keys() {
                all.push(row(&[
                    ("table_schema", &schema_of(&name.schema)),
                    ("table_name", &name.name),
                    ("table_type", "VIEW"),
                ]));
            }
        }
        "views" => all.extend(
            state
                .catalog
                .views
                .keys()
                .map(|name| row(&[("table_schema", &schema_of(&name.schema)), ("table_name", &name.name)])),
        ),
        "routines" => {
            for (name, kind) in state.catalog.routines.keys() {
                let kind = if kind.is_empty() { "FUNCTION" } else { "PROCEDURE" };
                all.push(row(&[
                    ("routine_schema", &schema_of(&name.schema)),
                    ("routine_name", &name.name),
                    ("routine_type", kind),
                ]));
            }
        }
        "events" => {
            let events = state.catalog.others.keys().filter(|key| key.kind == Kind::Event);
            all.extend(events.map(|key| row(&[("event_schema", &schema_of(&key.schema)), ("event_name", &key.name)])));
        }
        part => {
            for (name, table) in &state.catalog.tables {
                let schema = schema_of(&name.schema);
                let base = [("table_schema", schema.as_str()), ("table_name", name.name.as_str())];
                of_table(part, &base, table, &mut all)?;
            }
        }
    }
    Some(all)
}

fn of_table(part: &str, base: &[(&'static str, &str)], table: &Table, all: &mut Vec<Row>) -> Option<()> {
    let schema = base.first().map_or("", |(_, schema)| schema);
    match part {
        "columns" => {
            for column in &table.columns {
                let mut one = row(base);
                let data_type = column.data_type.name.split(' ').next().unwrap_or_default();
                one.extend(row(&[
                    ("column_name", &column.name),
                    ("data_type", data_type),
                    ("is_nullable", if column.not_null { "NO" } else { "YES" }),
                ]));
                if let Some(length) = column
                    .data_type
                    .modifiers
                    .first()
                    .filter(|_| data_type.ends_with("char") || data_type.ends_with("binary"))
                {
                    one.insert("character_maximum_length", Some(length.clone()));
                }
                all.push(one);
            }
        }
        "statistics" => {
            for index in indexes(table) {
                for (position, key) in index.keys.iter().enumerate() {
                    let mut one = row(base);
                    let non_unique = if index.unique || index.name == "PRIMARY" { "0" } else { "1" };
                    one.extend(row(&[
                        ("index_schema", schema),
                        ("index_name", &index.name),
                        ("column_name", &key.expression.text),
                        ("seq_in_index", &(position + 1).to_string()),
                        ("non_unique", non_unique),
                    ]));
                    all.push(one);
                }
            }
        }
        "table_constraints" | "referential_constraints" | "key_column_usage" | "check_constraints" => {
            constraints(part, base, schema, table, all)
        }
        "triggers" => {
            for trigger in &table.triggers {
                all.push(row(&[
                    ("trigger_schema", schema),
                    ("trigger_name", &trigger.name),
                    ("event_object_table", base.get(1)?.1),
                ]));
            }
        }
        _ => return None,
    }
    Some(())
}

fn indexes(table: &Table) -> Vec<&Index> {
    let primary = table.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintKind::PrimaryKey(index) => Some(index),
        _ => None,
    });
    primary.chain(&table.indexes).collect()
}

fn constraints(part: &str, base: &[(&'static str, &str)], schema: &str, table: &Table, all: &mut Vec<Row>) {
    let mut add = |name: &str, kind: &str, more: Row| {
        let mut one = row(base);
        one.extend(row(&[("constraint_schema", schema), ("constraint_name", name), ("constraint_type", kind)]));
        one.extend(more);
        all.push(one);
    };
    let by_column = part == "key_column_usage";
    for index in indexes(table).into_iter().filter(|index| index.unique || index.name == "PRIMARY") {
        let kind = if index.unique { "UNIQUE" } else { "PRIMARY KEY" };
        match part {
            "key_column_usage" => index.keys.iter().for_each(|key| {
                let mut more = row(&[("column_name", &key.expression.text)]);
                more.insert("referenced_table_name", None);
                more.insert("referenced_column_name", None);
                add(&index.name, kind, more);
            }),
            "table_constraints" => add(&index.name, kind, Row::new()),
            _ => {}
        }
    }
    for constraint in &table.constraints {
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) if by_column => {
                for (column, reference) in key.columns.iter().zip(&key.references) {
                    let more = row(&[
                        ("column_name", column),
                        ("referenced_table_name", &key.table.name),
                        ("referenced_column_name", reference),
                    ]);
                    add(&constraint.name, "FOREIGN KEY", more);
                }
            }
            ConstraintKind::ForeignKey(key) if part != "check_constraints" => {
                let rule = |action: crate::engines::schema::catalog::Action| action.word().unwrap_or("RESTRICT");
                let more = row(&[
                    ("referenced_table_name", &key.table.name),
                    ("delete_rule", rule(key.on_delete)),
                    ("update_rule", rule(key.on_update)),
                ]);
                add(&constraint.name, "FOREIGN KEY", more);
            }
            ConstraintKind::Check(_) if matches!(part, "table_constraints" | "check_constraints") => {
                add(&constraint.name, "CHECK", Row::new())
            }
            _ => {}
        }
    }
}
