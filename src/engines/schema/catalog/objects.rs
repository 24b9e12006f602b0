//! The catalog as a flat list of objects with attributes: the form in which catalogs are compared, counted and written as JSON.
use super::{
    Action, Catalog, Column, Constraint, ConstraintKind, DataType, Expression, Id, Index, Key, Kind, Meta, Name, Place,
    Policy, Routine, RoutineKind, Table, Trigger, UserType, UserTypeKind, View,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One object with everything that is compared of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its name.
    pub key: Key,
    /// Its identity; 0 when it was read from a live database.
    pub id: Id,
    /// Statements that made or changed it.
    pub places: Vec<Place>,
    /// Attribute to value in normal form; what is off, empty or the default is left out.
    pub attributes: BTreeMap<String, String>,
}

/// Collects attributes.
#[derive(Default)]
struct Attributes(BTreeMap<String, String>);

impl Attributes {
    fn of(meta: &Meta) -> Attributes {
        let mut attributes = Attributes::default();
        attributes.maybe("comment", meta.comment.as_deref());
        attributes
    }

    fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Attributes {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) -> &mut Attributes {
        if let Some(value) = value {
            self.set(name, value);
        }
        self
    }

    fn flag(&mut self, name: &str, on: bool) -> &mut Attributes {
        self.maybe(name, on.then_some("yes"))
    }

    fn list(&mut self, name: &str, values: &[String]) -> &mut Attributes {
        self.maybe(name, (!values.is_empty()).then(|| values.join(", ")).as_deref())
    }

    fn normal(&mut self, name: &str, value: Option<&Expression>) -> &mut Attributes {
        self.maybe(name, value.map(|value| value.normal.as_str()))
    }

    fn options(&mut self, options: &BTreeMap<String, String>) -> &mut Attributes {
        for (name, value) in options {
            self.set(name, value);
        }
        self
    }
}

/// An object out of its parts.
fn object(key: Key, meta: &Meta, attributes: Attributes) -> Object {
    Object { key, id: meta.id, places: meta.places.clone(), attributes: attributes.0 }
}

impl Catalog {
    /// Every object, sorted by key.
    pub fn objects(&self) -> Vec<Object> {
        self.objects_but(&|_| false)
    }

    /// Every object but these tables and what belongs to them, sorted by key.
    pub fn objects_but(&self, left_out: &dyn Fn(&Name) -> bool) -> Vec<Object> {
        let mut all = Vec::new();
        for (name, schema) in &self.schemas {
            all.push(object(Key::top(Kind::Schema, &Name::new("", name)), &schema.meta, Attributes::of(&schema.meta)));
        }
        for (name, extension) in &self.extensions {
            let mut attributes = Attributes::of(&extension.meta);
            attributes.set("schema", &extension.schema).maybe("version", extension.version.as_deref());
            all.push(object(Key::top(Kind::Extension, &Name::new("", name)), &extension.meta, attributes));
        }
        all.extend(self.types.iter().map(|(name, one)| user_type(name, one)));
        for (name, sequence) in &self.sequences {
            let mut attributes = Attributes::of(&sequence.meta);
            attributes
                .set("type", sequence.data_type.to_string())
                .options(&sequence.options)
                .flag("unlogged", sequence.unlogged);
            attributes.maybe(
                "owned by",
                sequence.owned_by.as_ref().map(|(table, column)| format!("{table}.{column}")).as_deref(),
            );
            all.push(object(Key::top(Kind::Sequence, name), &sequence.meta, attributes));
        }
        self.tables.iter().filter(|(name, _)| !left_out(name)).for_each(|(name, one)| table(name, one, &mut all));
        self.views.iter().for_each(|(name, one)| view(name, one, &mut all));
        all.extend(self.routines.iter().map(|((name, arguments), one)| routine(name, arguments, one)));
        for (key, grant) in &self.grants {
            let mut attributes = Attributes::default();
            attributes.set("on", &grant.on).set("grantee", &grant.grantee).list("privileges", &grant.privileges);
            all.push(object(key.clone(), &grant.meta, attributes));
        }
        for (key, other) in &self.others {
            let mut attributes = Attributes::of(&other.meta);
            attributes.options(&other.attributes);
            all.push(object(key.clone(), &other.meta, attributes));
        }
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }
}

fn user_type(name: &Name, one: &UserType) -> Object {
    let mut attributes = Attributes::of(&one.meta);
    let kind = match &one.kind {
        UserTypeKind::Enum(labels) => {
            attributes.set("labels", labels.iter().map(|label| format!("'{label}'")).collect::<Vec<_>>().join(", "));
            Kind::Enum
        }
        UserTypeKind::Domain { base, not_null, default, collation, checks } => {
            attributes.set("type", base.to_string()).flag("not null", *not_null).normal("default", default.as_ref());
            attributes.maybe("collation", collation.as_deref());
            for (name, check) in checks {
                attributes.set(&format!("check {name}"), &check.normal);
            }
            Kind::Domain
        }
        UserTypeKind::Composite(fields) => {
            attributes.set("attributes", columns_text(fields));
            Kind::Composite
        }
        UserTypeKind::Range { subtype, options } => {
            attributes.set("subtype", subtype.to_string());
            for (name, value) in options {
                attributes.set(name, value);
            }
            Kind::Range
        }
        UserTypeKind::Other(text) => {
            attributes.set("definition", text);
            Kind::Other
        }
    };
    object(Key::top(kind, name), &one.meta, attributes)
}

fn columns_text(columns: &[(String, DataType)]) -> String {
    columns.iter().map(|(name, data_type)| format!("{name} {data_type}")).collect::<Vec<_>>().join(", ")
}

fn table(name: &Name, table: &Table, all: &mut Vec<Object>) {
    let mut attributes = Attributes::of(&table.meta);
    attributes.flag("unlogged", table.unlogged).flag("row security", table.row_security);
    attributes.flag("force row security", table.force_row_security).options(&table.options);
    attributes
        .normal("partition by", table.partitioning.by.as_ref())
        .normal("bound", table.partitioning.bound.as_ref());
    attributes.maybe("partition of", table.partitioning.parent.as_ref().map(Name::to_string).as_deref());
    attributes.list("inherits", &table.inherits.iter().map(Name::to_string).collect::<Vec<_>>());
    all.push(object(Key::top(Kind::Table, name), &table.meta, attributes));
    all.extend(table.columns.iter().map(|one| column(name, one)));
    all.extend(table.constraints.iter().filter_map(|one| constraint(name, one)));
    all.extend(table.indexes.iter().map(|one| index(name, one)));
    all.extend(table.triggers.iter().map(|one| trigger(name, one)));
    all.extend(table.policies.iter().map(|one| policy(name, one)));
}

fn column(table: &Name, column: &Column) -> Object {
    let mut attributes = Attributes::of(&column.meta);
    attributes
        .set("type", column.data_type.to_string())
        .flag("not null", column.not_null)
        .normal("default", column.default.as_ref());
    if let Some(identity) = &column.identity {
        attributes.set("identity", if identity.always { "always" } else { "by default" }).options(&identity.options);
    }
    if let Some(generated) = &column.generated {
        attributes
            .set("generated", &generated.expression.normal)
            .set("kept", if generated.stored { "stored" } else { "virtual" });
    }
    attributes.flag("auto increment", column.auto_increment).maybe("collation", column.collation.as_deref());
    attributes
        .maybe("charset", column.charset.as_deref())
        .normal("on update", column.on_update.as_ref())
        .options(&column.options);
    object(Key::part(Kind::Column, table, &column.name), &column.meta, attributes)
}

/// `None` for the not-null constraints, which are the column's `not null`. One without a name goes by what it demands.
fn constraint(table: &Name, constraint: &Constraint) -> Option<Object> {
    let mut attributes = Attributes::of(&constraint.meta);
    match &constraint.kind {
        ConstraintKind::PrimaryKey(index) => index_attributes(attributes.set("kind", "primary key"), index),
        ConstraintKind::Unique(index) => index_attributes(attributes.set("kind", "unique"), index),
        ConstraintKind::Exclude(index) => index_attributes(attributes.set("kind", "exclude"), index),
        ConstraintKind::Check(condition) => {
            attributes.set("kind", "check").set("condition", &condition.normal);
        }
        ConstraintKind::ForeignKey(key) => {
            attributes.set("kind", "foreign key").list("columns", &key.columns).set("table", key.table.to_string());
            attributes.list("references", &key.references).list("on delete columns", &key.on_delete_columns);
            attributes
                .maybe("on delete", key.on_delete.word())
                .maybe("on update", key.on_update.word())
                .flag("match full", key.match_full)
                .flag("period", key.period);
        }
        ConstraintKind::NotNull(_) => return None,
    }
    attributes
        .flag("deferrable", constraint.deferrable)
        .flag("deferred", constraint.deferred)
        .flag("not valid", constraint.not_valid);
    attributes.flag("not enforced", constraint.not_enforced).flag("no inherit", constraint.no_inherit);
    let name = match constraint.name.is_empty() {
        false => constraint.name.clone(),
        true => attributes
            .0
            .iter()
            .filter(|(name, _)| *name != "comment")
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    };
    Some(object(Key::part(Kind::Constraint, table, name), &constraint.meta, attributes))
}

fn index(table: &Name, index: &Index) -> Object {
    let mut attributes = Attributes::of(&index.meta);
    index_attributes(attributes.flag("unique", index.unique), index);
    object(Key::part(Kind::Index, table, &index.name), &index.meta, attributes)
}

fn index_attributes(attributes: &mut Attributes, index: &Index) {
    let keys: Vec<String> = index.keys.iter().map(super::IndexKey::normal).collect();
    attributes.set("method", &index.method).list("keys", &keys).list("include", &index.include);
    attributes
        .normal("where", index.predicate.as_ref())
        .flag("nulls not distinct", index.nulls_not_distinct)
        .options(&index.options);
}

fn trigger(table: &Name, trigger: &Trigger) -> Object {
    let mut attributes = Attributes::of(&trigger.meta);
    attributes.set("timing", &trigger.timing).list("events", &trigger.events).list("columns", &trigger.columns);
    attributes
        .set("level", if trigger.for_each_row { "row" } else { "statement" })
        .normal("when", trigger.condition.as_ref());
    attributes.set("action", &trigger.action.normal).options(&trigger.options);
    object(Key::part(Kind::Trigger, table, &trigger.name), &trigger.meta, attributes)
}

fn policy(table: &Name, policy: &Policy) -> Object {
    let mut attributes = Attributes::of(&policy.meta);
    attributes.set("command", &policy.command).flag("restrictive", !policy.permissive).list("roles", &policy.roles);
    attributes.normal("using", policy.using.as_ref()).normal("check", policy.check.as_ref());
    object(Key::part(Kind::Policy, table, &policy.name), &policy.meta, attributes)
}

fn view(name: &Name, view: &View, all: &mut Vec<Object>) {
    let mut attributes = Attributes::of(&view.meta);
    attributes.set("query", &view.query.normal).options(&view.options);
    let kind = if view.materialized { Kind::MaterializedView } else { Kind::View };
    all.push(object(Key::top(kind, name), &view.meta, attributes));
    for (column, data_type) in &view.columns {
        let mut attributes = Attributes::default();
        attributes.set("type", data_type.to_string());
        all.push(object(Key::part(Kind::ViewColumn, name, column), &view.meta, attributes));
    }
    all.extend(view.indexes.iter().map(|one| index(name, one)));
    all.extend(view.triggers.iter().map(|one| trigger(name, one)));
}

fn routine(name: &Name, arguments: &str, routine: &Routine) -> Object {
    let mut attributes = Attributes::of(&routine.meta);
    attributes.set("arguments", &routine.arguments).set("returns", &routine.returns).set("language", &routine.language);
    attributes.set("body", &routine.body.normal).options(&routine.options);
    let kind = match routine.kind {
        RoutineKind::Function => Kind::Function,
        RoutineKind::Procedure => Kind::Procedure,
        RoutineKind::Aggregate => Kind::Aggregate,
    };
    let key =
        Key { kind, schema: name.schema.clone(), table: String::new(), name: format!("{}({arguments})", name.name) };
    object(key, &routine.meta, attributes)
}

impl super::IndexKey {
    /// One text with everything that is compared: `lower(email) text_pattern_ops DESC`.
    pub fn normal(&self) -> String {
        let mut text = self.expression.normal.clone();
        if let Some(prefix) = self.prefix {
            text.push_str(&format!("({prefix})"));
        }
        let mut word = |before: &str, word: Option<&str>| {
            if let Some(word) = word {
                text.push_str(before);
                text.push_str(word);
            }
        };
        word(" COLLATE ", self.collation.as_deref());
        word(" ", self.operator_class.as_deref());
        word(" ", self.descending.then_some("DESC"));
        word(
            " ",
            (self.nulls_first != self.descending).then_some(if self.nulls_first {
                "NULLS FIRST"
            } else {
                "NULLS LAST"
            }),
        );
        word(" WITH ", self.operator.as_deref());
        text
    }
}

impl Action {
    /// The words of DDL; `None` for the default.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Action::NoAction => None,
            Action::Restrict => Some("RESTRICT"),
            Action::Cascade => Some("CASCADE"),
            Action::SetNull => Some("SET NULL"),
            Action::SetDefault => Some("SET DEFAULT"),
        }
    }
}
