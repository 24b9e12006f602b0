//! The server's own catalogs as relations, made of the catalog as it is at this point of a replay.
use super::eval::Eval;
use super::value::{Fields, Undecided, Value, undecided};
use crate::engines::schema::catalog::{
    Constraint, ConstraintKind, DataType, Kind, Name, RoutineKind, Table, UserTypeKind,
};
use crate::engines::schema::postgres::replay::state::State;
use std::rc::Rc;

/// Rows of a relation.
pub(super) type Rows = Vec<Rc<Fields>>;

/// A row out of pairs.
pub(super) fn row(pairs: Vec<(&str, Value)>) -> Rc<Fields> {
    Rc::new(Fields::of(pairs.into_iter().map(|(name, value)| (name.to_owned(), value))))
}

pub(super) fn text(text: &str) -> Value {
    Value::text(text)
}

pub(super) fn class(name: &Name) -> Value {
    Value::Oid("class", name.clone())
}

pub(super) fn namespace(schema: &str) -> Value {
    Value::Oid("namespace", Name::new("", schema))
}

pub(super) fn type_oid(data_type: &DataType) -> Value {
    let schema = data_type.schema.clone().unwrap_or_else(|| "pg_catalog".to_owned());
    let name = internal_name(&data_type.name);
    Value::Oid("type", Name::new(schema, if data_type.array { format!("_{name}") } else { name.to_owned() }))
}

/// The name under which `pg_type` has a type.
pub(super) fn internal_name(name: &str) -> &str {
    match name {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "character varying" => "varchar",
        "character" => "bpchar",
        "boolean" => "bool",
        "double precision" => "float8",
        "real" => "float4",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "bit varying" => "varbit",
        other => other,
    }
}

/// Whether an index of this name is in its schema, that of a constraint too.
pub(super) fn index_exists(state: &State, name: &Name) -> bool {
    indexes(state).iter().any(|(table, index, _)| table.schema == name.schema && *index == name.name)
}

/// Table, name and uniqueness of every index.
pub(super) fn indexes(state: &State) -> Vec<(Name, String, bool)> {
    let mut all = Vec::new();
    for (name, table) in &state.catalog.tables {
        all.extend(table.indexes.iter().map(|index| (name.clone(), index.name.clone(), index.unique)));
        all.extend(
            table.constraints.iter().filter_map(|one| backing(one).map(|_| (name.clone(), one.name.clone(), true))),
        );
    }
    for (name, view) in &state.catalog.views {
        all.extend(view.indexes.iter().map(|index| (name.clone(), index.name.clone(), index.unique)));
    }
    all
}

pub(super) fn backing(constraint: &Constraint) -> Option<&crate::engines::schema::catalog::Index> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            Some(index)
        }
        _ => None,
    }
}

/// Columns that a constraint is over.
pub(super) fn constraint_columns(constraint: &Constraint) -> Vec<String> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => key.columns.clone(),
        ConstraintKind::NotNull(column) => vec![column.clone()],
        ConstraintKind::Check(_) => Vec::new(),
        _ => backing(constraint)
            .map(|index| index.keys.iter().map(|key| key.expression.text.clone()).collect())
            .unwrap_or_default(),
    }
}

impl Eval<'_> {
    /// Rows of a relation of `pg_catalog` or `information_schema`; tables of the schema hold data that nobody knows.
    pub(super) fn relation(&self, schema: Option<&str>, name: &str) -> Result<Rc<Rows>, Undecided> {
        let key = format!("{}.{name}", schema.unwrap_or_default());
        if let Some(made) = self.made.borrow().get(&key) {
            return Ok(made.clone());
        }
        let rows = match schema {
            Some("information_schema") => self.information(name),
            Some("pg_catalog") | None => self.system(name),
            Some(_) => None,
        };
        match rows {
            Some(rows) => {
                let rows = Rc::new(rows);
                self.made.borrow_mut().insert(key, rows.clone());
                Ok(rows)
            }
            None => undecided(format!("the rows of {name} are not known")),
        }
    }

    fn system(&self, name: &str) -> Option<Rows> {
        let state = self.state;
        let catalog = &state.catalog;
        Some(match name {
            "pg_namespace" => {
                let own = ["pg_catalog", "information_schema", "pg_toast"].into_iter();
                let all = catalog.schemas.keys().map(String::as_str).chain(own);
                all.map(|name| row(vec![("oid", namespace(name)), ("nspname", text(name))])).collect()
            }
            "pg_roles" | "pg_user" | "pg_authid" => {
                let word = if name == "pg_user" { "usename" } else { "rolname" };
                state
                    .roles
                    .iter()
                    .map(|name| row(vec![(word, text(name)), ("oid", Value::Oid("role", Name::new("", &**name)))]))
                    .collect()
            }
            "pg_available_extensions" => {
                let installed = |name: &String| row(vec![("name", text(name)), ("installed_version", text("1.0"))]);
                catalog.extensions.keys().map(installed).collect()
            }
            "pg_class" => self.classes(),
            "pg_tables" => self.tables(),
            "pg_views" | "pg_matviews" => {
                let kept = name == "pg_matviews";
                let word = if kept { "matviewname" } else { "viewname" };
                let all = catalog.views.iter().filter(|(_, view)| view.materialized == kept);
                all.map(|(name, _)| row(vec![("schemaname", text(&name.schema)), (word, text(&name.name))])).collect()
            }
            "pg_indexes" => {
                let one = |(table, index, _): (Name, String, bool)| {
                    row(vec![
                        ("schemaname", text(&table.schema)),
                        ("tablename", text(&table.name)),
                        ("indexname", text(&index)),
                    ])
                };
                indexes(state).into_iter().map(one).collect()
            }
            "pg_index" => self.indexes(),
            "pg_attribute" => self.attributes(),
            "pg_type" => self.types(),
            "pg_enum" => self.labels(),
            "pg_constraint" => self.constraints(),
            "pg_proc" => self.routines(),
            "pg_trigger" => self.triggers(),
            "pg_policy" | "pg_policies" => self.policies(),
            "pg_extension" => self.extensions(),
            "pg_publication" => self.others(Kind::Publication, "pubname"),
            "pg_publication_tables" => self.published(),
            "pg_event_trigger" => self.others(Kind::EventTrigger, "evtname"),
            "pg_sequences" => {
                let one =
                    |name: &Name| row(vec![("schemaname", text(&name.schema)), ("sequencename", text(&name.name))]);
                catalog.sequences.keys().chain(state.identities.keys()).map(one).collect()
            }
            "pg_inherits" => self.inheritance(),
            _ => return None,
        })
    }

    fn indexes(&self) -> Rows {
        let one = |(table, index, unique): (Name, String, bool)| {
            let own = Name::new(&table.schema, index.as_str());
            let primary =
                self.state.catalog.tables.get(&table).and_then(Table::primary_key).is_some_and(|key| key.name == index);
            row(vec![
                ("indexrelid", class(&own)),
                ("indrelid", class(&table)),
                ("indisunique", Value::Bool(unique)),
                ("indisprimary", Value::Bool(primary)),
                ("indisvalid", Value::Bool(true)),
            ])
        };
        indexes(self.state).into_iter().map(one).collect()
    }

    fn extensions(&self) -> Rows {
        let one = |(name, one): (&String, &crate::engines::schema::catalog::Extension)| {
            row(vec![
                ("oid", Value::Oid("extension", Name::new("", &**name))),
                ("extname", text(name)),
                ("extnamespace", namespace(&one.schema)),
            ])
        };
        let plpgsql =
            row(vec![("oid", Value::Null), ("extname", text("plpgsql")), ("extnamespace", namespace("pg_catalog"))]);
        self.state.catalog.extensions.iter().map(one).chain([plpgsql]).collect()
    }

    fn tables(&self) -> Rows {
        let one = |(name, table): (&Name, &Table)| {
            row(vec![
                ("schemaname", text(&name.schema)),
                ("tablename", text(&name.name)),
                ("hasindexes", Value::Bool(!table.indexes.is_empty())),
                ("rowsecurity", Value::Bool(table.row_security)),
            ])
        };
        self.state.catalog.tables.iter().map(one).collect()
    }

    fn inheritance(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for parent in table.inherits.iter().chain(&table.partitioning.parent) {
                rows.push(row(vec![("inhrelid", class(name)), ("inhparent", class(parent))]));
            }
        }
        rows
    }

    fn classes(&self) -> Rows {
        let state = self.state;
        let one = |name: &Name, kind: &str| {
            let security = state.catalog.tables.get(name).is_some_and(|table| table.row_security);
            row(vec![
                ("oid", class(name)),
                ("relname", text(&name.name)),
                ("relnamespace", namespace(&name.schema)),
                ("relkind", text(kind)),
                ("relrowsecurity", Value::Bool(security)),
                ("relpersistence", text("p")),
                (
                    "relispartition",
                    Value::Bool(
                        state.catalog.tables.get(name).is_some_and(|table| table.partitioning.parent.is_some()),
                    ),
                ),
            ])
        };
        let mut rows = Rows::new();
        for (name, table) in &state.catalog.tables {
            rows.push(one(name, if table.partitioning.by.is_some() { "p" } else { "r" }));
        }
        rows.extend(
            state.catalog.views.iter().map(|(name, view)| one(name, if view.materialized { "m" } else { "v" })),
        );
        rows.extend(state.catalog.sequences.keys().chain(state.identities.keys()).map(|name| one(name, "S")));
        for (table, index, _) in indexes(state) {
            rows.push(one(&Name::new(&table.schema, index), "i"));
        }
        rows
    }

    fn attributes(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for (nth, column) in table.columns.iter().enumerate() {
                rows.push(row(vec![
                    ("attrelid", class(name)),
                    ("attname", text(&column.name)),
                    ("attnum", Value::Int(i64::try_from(nth + 1).unwrap_or(0))),
                    ("atttypid", type_oid(&column.data_type)),
                    ("attnotnull", Value::Bool(column.not_null)),
                    ("attisdropped", Value::Bool(false)),
                    ("atthasdef", Value::Bool(column.default.is_some() || column.generated.is_some())),
                    (
                        "attidentity",
                        text(column.identity.as_ref().map_or("", |one| if one.always { "a" } else { "d" })),
                    ),
                    (
                        "attgenerated",
                        text(column.generated.as_ref().map_or("", |one| if one.stored { "s" } else { "v" })),
                    ),
                ]));
            }
        }
        for (name, view) in &self.state.catalog.views {
            for (nth, (column, data_type)) in view.columns.iter().enumerate() {
                rows.push(row(vec![
                    ("attrelid", class(name)),
                    ("attname", text(column)),
                    ("attnum", Value::Int(i64::try_from(nth + 1).unwrap_or(0))),
                    ("atttypid", type_oid(data_type)),
                    ("attnotnull", Value::Bool(false)),
                    ("attisdropped", Value::Bool(false)),
                ]));
            }
        }
        rows
    }

    fn types(&self) -> Rows {
        let one = |name: &Name, kind: &str| {
            row(vec![
                ("oid", Value::Oid("type", name.clone())),
                ("typname", text(&name.name)),
                ("typnamespace", namespace(&name.schema)),
                ("typtype", text(kind)),
            ])
        };
        let mut rows = Rows::new();
        for (name, user) in &self.state.catalog.types {
            rows.push(one(
                name,
                match &user.kind {
                    UserTypeKind::Enum(_) => "e",
                    UserTypeKind::Domain { .. } => "d",
                    UserTypeKind::Composite(_) => "c",
                    UserTypeKind::Range { .. } => "r",
                    UserTypeKind::Other(_) => "b",
                },
            ));
        }
        let relations = self.state.catalog.tables.keys().chain(self.state.catalog.views.keys());
        rows.extend(relations.map(|name| one(name, "c")));
        for name in [
            "int4",
            "int8",
            "int2",
            "text",
            "varchar",
            "bpchar",
            "bool",
            "uuid",
            "json",
            "jsonb",
            "timestamp",
            "timestamptz",
            "date",
            "numeric",
            "float8",
            "float4",
            "bytea",
        ] {
            rows.push(one(&Name::new("pg_catalog", name), "b"));
        }
        rows
    }

    fn labels(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, user) in &self.state.catalog.types {
            let UserTypeKind::Enum(labels) = &user.kind else { continue };
            for (nth, label) in labels.iter().enumerate() {
                rows.push(row(vec![
                    ("enumtypid", Value::Oid("type", name.clone())),
                    ("enumlabel", text(label)),
                    ("enumsortorder", Value::Int(i64::try_from(nth + 1).unwrap_or(0))),
                ]));
            }
        }
        rows
    }

    fn constraints(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            let number = |column: &String| {
                let at = table.columns.iter().position(|one| one.name == *column);
                at.map_or(Value::Null, |at| Value::Int(i64::try_from(at + 1).unwrap_or(0)))
            };
            for one in &table.constraints {
                let (kind, other) = match &one.kind {
                    ConstraintKind::PrimaryKey(_) => ("p", None),
                    ConstraintKind::Unique(_) => ("u", None),
                    ConstraintKind::Exclude(_) => ("x", None),
                    ConstraintKind::Check(_) => ("c", None),
                    ConstraintKind::ForeignKey(key) => ("f", Some(&key.table)),
                    ConstraintKind::NotNull(_) if self.state.catalog.server.version.0 < 18 => continue,
                    ConstraintKind::NotNull(_) => ("n", None),
                };
                rows.push(row(vec![
                    ("oid", Value::Oid("constraint", Name::new(format!("{name}"), &*one.name))),
                    ("conname", text(&one.name)),
                    ("connamespace", namespace(&name.schema)),
                    ("contype", text(kind)),
                    ("conrelid", class(name)),
                    ("confrelid", other.map_or(Value::Int(0), class)),
                    ("convalidated", Value::Bool(!one.not_valid)),
                    ("condeferrable", Value::Bool(one.deferrable)),
                    ("conkey", Value::List(constraint_columns(one).iter().map(number).collect())),
                ]));
            }
        }
        rows
    }

    fn routines(&self) -> Rows {
        let one = |((name, arguments), routine): (&(Name, String), &crate::engines::schema::catalog::Routine)| {
            let kind = match routine.kind {
                RoutineKind::Function => "f",
                RoutineKind::Procedure => "p",
                RoutineKind::Aggregate => "a",
            };
            row(vec![
                ("oid", Value::Oid("proc", Name::new(&name.schema, format!("{}({arguments})", name.name)))),
                ("proname", text(&name.name)),
                ("pronamespace", namespace(&name.schema)),
                ("prokind", text(kind)),
                ("pronargs", Value::Int(i64::try_from(routine.signature.len()).unwrap_or(0))),
                ("prosrc", text(&routine.body.text)),
            ])
        };
        self.state.catalog.routines.iter().map(one).collect()
    }

    fn triggers(&self) -> Rows {
        let tables = self.state.catalog.tables.iter().map(|(name, table)| (name, &table.triggers));
        let views = self.state.catalog.views.iter().map(|(name, view)| (name, &view.triggers));
        let mut rows = Rows::new();
        for (name, triggers) in tables.chain(views) {
            for one in triggers {
                let enabled = match one.options.get("enabled").map(String::as_str) {
                    Some("disabled") => "D",
                    Some("replica") => "R",
                    Some("always") => "A",
                    _ => "O",
                };
                rows.push(row(vec![
                    ("tgname", text(&one.name)),
                    ("tgrelid", class(name)),
                    ("tgisinternal", Value::Bool(false)),
                    ("tgenabled", text(enabled)),
                ]));
            }
        }
        rows
    }

    fn policies(&self) -> Rows {
        let mut rows = Rows::new();
        for (name, table) in &self.state.catalog.tables {
            for one in &table.policies {
                rows.push(row(vec![
                    ("polname", text(&one.name)),
                    ("polrelid", class(name)),
                    ("policyname", text(&one.name)),
                    ("schemaname", text(&name.schema)),
                    ("tablename", text(&name.name)),
                    ("cmd", text(&one.command.to_uppercase())),
                    ("roles", Value::texts(one.roles.clone())),
                ]));
            }
        }
        rows
    }

    fn others(&self, kind: Kind, word: &str) -> Rows {
        let keys = self.state.catalog.others.keys().filter(|key| key.kind == kind);
        keys.map(|key| row(vec![("oid", Value::Oid("other", Name::new("", &*key.name))), (word, text(&key.name))]))
            .collect()
    }

    fn published(&self) -> Rows {
        let mut rows = Rows::new();
        for (key, other) in self.state.catalog.others.iter().filter(|(key, _)| key.kind == Kind::Publication) {
            for one in other.attributes.get("tables").map(String::as_str).unwrap_or_default().split(", ") {
                let Some((schema, table)) = one.split(' ').next().and_then(|one| one.split_once('.')) else { continue };
                rows.push(row(vec![
                    ("pubname", text(&key.name)),
                    ("schemaname", text(schema)),
                    ("tablename", text(table)),
                ]));
            }
        }
        rows
    }
}
