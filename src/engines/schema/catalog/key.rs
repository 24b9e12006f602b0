//! Names of objects.
use serde::{Deserialize, Serialize};
use std::fmt;

/// Name within a schema. MySQL, MariaDB and SQLite have an empty schema: a catalog is one of their databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name {
    /// Schema; empty where the dialect has none.
    pub schema: String,
    /// Name, as the server stores it (PostgreSQL: folded to lower case unless quoted).
    pub name: String,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Schema.
    Schema,
    /// Extension.
    Extension,
    /// Enum type.
    Enum,
    /// Domain.
    Domain,
    /// Composite type.
    Composite,
    /// Range type.
    Range,
    /// Sequence.
    Sequence,
    /// Table.
    Table,
    /// Column of a table.
    Column,
    /// Primary key, unique, check, foreign key or exclusion constraint.
    Constraint,
    /// Index that is not the implementation of a constraint.
    Index,
    /// View.
    View,
    /// Materialised view.
    MaterializedView,
    /// Column of a view.
    ViewColumn,
    /// Function.
    Function,
    /// Procedure.
    Procedure,
    /// Aggregate function.
    Aggregate,
    /// Trigger.
    Trigger,
    /// Row-level security policy.
    Policy,
    /// Rewrite rule.
    Rule,
    /// Event trigger.
    EventTrigger,
    /// Scheduled event (MySQL, MariaDB).
    Event,
    /// Publication.
    Publication,
    /// Extended statistics.
    Statistics,
    /// Collation.
    Collation,
    /// Privileges of a grantee on an object.
    Grant,
    /// Default privileges.
    DefaultPrivileges,
    /// Anything else, compared by its text.
    Other,
}

/// The name of an object within a catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Schema; empty where there is none.
    pub schema: String,
    /// Table or view that it belongs to (columns, constraints, indexes, triggers, policies, rules); empty otherwise.
    pub table: String,
    /// Its own name. Routines have their identity arguments with it: `total(integer, text)`.
    pub name: String,
}

impl Name {
    /// A name in a schema.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Name {
        Name { schema: schema.into(), name: name.into() }
    }
}

impl Key {
    /// An object of its own.
    pub fn top(kind: Kind, name: &Name) -> Key {
        Key { kind, schema: name.schema.clone(), table: String::new(), name: name.name.clone() }
    }

    /// A part of a table or view.
    pub fn part(kind: Kind, table: &Name, name: impl Into<String>) -> Key {
        Key { kind, schema: table.schema.clone(), table: table.name.clone(), name: name.into() }
    }

    /// The table (or view) that it is, or belongs to.
    pub fn table_name(&self) -> Option<Name> {
        match self.kind {
            Kind::Table | Kind::View | Kind::MaterializedView => Some(Name::new(&*self.schema, &*self.name)),
            _ if self.table.is_empty() => None,
            _ => Some(Name::new(&*self.schema, &*self.table)),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.schema.as_str() {
            "" => f.write_str(&self.name),
            schema => write!(f, "{schema}.{}", self.name),
        }
    }
}

/// `public.users.email`, the schema left out when it is empty.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.schema, &self.table].into_iter().filter(|part| !part.is_empty()) {
            write!(f, "{part}.")?;
        }
        f.write_str(&self.name)
    }
}

impl Kind {
    /// The word for people: `column`, `materialized view`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Extension => "extension",
            Kind::Enum => "enum",
            Kind::Domain => "domain",
            Kind::Composite => "composite type",
            Kind::Range => "range type",
            Kind::Sequence => "sequence",
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::Constraint => "constraint",
            Kind::Index => "index",
            Kind::View => "view",
            Kind::MaterializedView => "materialized view",
            Kind::ViewColumn => "view column",
            Kind::Function => "function",
            Kind::Procedure => "procedure",
            Kind::Aggregate => "aggregate",
            Kind::Trigger => "trigger",
            Kind::Policy => "policy",
            Kind::Rule => "rule",
            Kind::EventTrigger => "event trigger",
            Kind::Event => "event",
            Kind::Publication => "publication",
            Kind::Statistics => "statistics",
            Kind::Collation => "collation",
            Kind::Grant => "grant",
            Kind::DefaultPrivileges => "default privileges",
            Kind::Other => "object",
        }
    }
}
