//! `information_schema`, made of the catalog as it is at this point of a replay.
use super::eval::Eval;
use super::tables::*;
use super::value::Value;
use crate::engines::schema::catalog::{ConstraintKind, DataType, Name, RoutineKind};

impl Eval<'_> {
    pub(super) fn information(&self, name: &str) -> Option<Rows> {
        let catalog = &self.state.catalog;
        Some(match name {
            "schemata" => catalog.schemas.keys().map(|name| row(vec![("schema_name", text(name))])).collect(),
            "tables" => {
                let tables = catalog.tables.keys().map(|name| (name, "BASE TABLE"));
                let views = catalog.views.iter().filter(|(_, view)| !view.materialized).map(|(name, _)| (name, "VIEW"));
                let one = |(name, kind): (&Name, &str)| {
                    row(vec![
                        ("table_schema", text(&name.schema)),
                        ("table_name", text(&name.name)),
                        ("table_type", text(kind)),
                    ])
                };
                tables.chain(views).map(one).collect()
            }
            "views" => {
                let views = catalog.views.iter().filter(|(_, view)| !view.materialized);
                views
                    .map(|(name, _)| row(vec![("table_schema", text(&name.schema)), ("table_name", text(&name.name))]))
                    .collect()
            }
            "sequences" => {
                let all = catalog.sequences.keys().chain(self.state.identities.keys());
                all.map(|name| row(vec![("sequence_schema", text(&name.schema)), ("sequence_name", text(&name.name))]))
                    .collect()
            }
            "routines" => {
                let all = catalog.routines.iter();
                all.map(|((name, _), routine)| {
                    let kind = if routine.kind == RoutineKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
                    row(vec![
                        ("routine_schema", text(&name.schema)),
                        ("routine_name", text(&name.name)),
                        ("routine_type", text(kind)),
                    ])
                })
                .collect()
            }
            "columns" => self.information_columns(),
            "table_constraints" => self.table_constraints(),
            "key_column_usage" | "constraint_column_usage" => self.key_columns(name == "key_column_usage"),
            "triggers" => self.information_triggers(),
            _ => return None,
        })
    }

    fn information_columns(&self) -> Rows {
        let mut rows = Rows::new();
        let mut put = |table: &Name,
                       nth: usize,
                       name: &str,
                       data_type: &DataType,
                       not_null: bool,
                       default: Value,
                       more: (bool, bool)| {
            let word = match data_type {
                one if one.array => "ARRAY".to_owned(),
                one if one.schema.is_some() => "USER-DEFINED".to_owned(),
                one => one.name.clone(),
            };
            let length = match data_type.name.as_str() {
                "character varying" | "character" => {
                    data_type.modifiers.first().and_then(|one| one.parse().ok()).map_or(Value::Null, Value::Int)
                }
                _ => Value::Null,
            };
            let Value::Oid(_, own) = type_oid(data_type) else { return };
            rows.push(row(vec![
                ("table_schema", text(&table.schema)),
                ("table_name", text(&table.name)),
                ("column_name", text(name)),
                ("ordinal_position", Value::Int(i64::try_from(nth + 1).unwrap_or(0))),
                ("data_type", text(&word)),
                ("udt_name", text(&own.name)),
                ("udt_schema", text(&own.schema)),
                ("is_nullable", text(if not_null { "NO" } else { "YES" })),
                ("column_default", default),
                ("character_maximum_length", length),
                ("is_identity", text(if more.0 { "YES" } else { "NO" })),
                ("is_generated", text(if more.1 { "ALWAYS" } else { "NEVER" })),
            ]));
        };
        for (name, table) in &self.state.catalog.tables {
            for (nth, one) in table.columns.iter().enumerate() {
                let default = Value::maybe(one.default.as_ref().map(|one| one.text.clone()));
                put(
                    name,
                    nth,
                    &one.name,
                    &one.data_type,
                    one.not_null,
                    default,
                    (one.identity.is_some(), one.generated.is_some()),
                );
            }
        }
        for (name, view) in self.state.catalog.views.iter().filter(|(_, view)| !view.materialized) {
            for (nth, (column, data_type)) in view.columns.iter().enumerate() {
                put(name, nth, column, data_type, false, Value::Null, (false, false));
            }
        }
        rows
    }

    fn table_constraints(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for one in &table.constraints {
                let kind = match &one.kind {
                    ConstraintKind::PrimaryKey(_) => "PRIMARY KEY",
                    ConstraintKind::Unique(_) => "UNIQUE",
                    ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => "CHECK",
                    ConstraintKind::ForeignKey(_) => "FOREIGN KEY",
                    ConstraintKind::Exclude(_) => continue,
                };
                rows.push(row(vec![
                    ("constraint_schema", text(&name.schema)),
                    ("constraint_name", text(&one.name)),
                    ("table_schema", text(&name.schema)),
                    ("table_name", text(&name.name)),
                    ("constraint_type", text(kind)),
                    ("is_deferrable", text(if one.deferrable { "YES" } else { "NO" })),
                ]));
            }
        }
        rows
    }

    /// Columns of keys; for `constraint_column_usage` those that are referenced.
    fn key_columns(&self, own: bool) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for one in &table.constraints {
                let (over, columns) = match &one.kind {
                    ConstraintKind::ForeignKey(key) if !own => (&key.table, key.references.clone()),
                    ConstraintKind::Check(_) | ConstraintKind::NotNull(_) | ConstraintKind::Exclude(_) => continue,
                    _ => (name, constraint_columns(one)),
                };
                for (nth, column) in columns.iter().enumerate() {
                    rows.push(row(vec![
                        ("constraint_schema", text(&name.schema)),
                        ("constraint_name", text(&one.name)),
                        ("table_schema", text(&over.schema)),
                        ("table_name", text(&over.name)),
                        ("column_name", text(column)),
                        ("ordinal_position", Value::Int(i64::try_from(nth + 1).unwrap_or(0))),
                    ]));
                }
            }
        }
        rows
    }

    fn information_triggers(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for one in &table.triggers {
                for event in &one.events {
                    rows.push(row(vec![
                        ("trigger_schema", text(&name.schema)),
                        ("trigger_name", text(&one.name)),
                        ("event_object_schema", text(&name.schema)),
                        ("event_object_table", text(&name.name)),
                        ("event_manipulation", text(&event.to_uppercase())),
                    ]));
                }
            }
        }
        rows
    }
}
