//! Tables and what belongs to them.
use super::{DataType, Expression, Meta, Name, Trigger};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Constraints, in the order of their creation. Names are unique within the table.
    pub constraints: Vec<Constraint>,
    /// Indexes that are not the implementation of a constraint.
    pub indexes: Vec<Index>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Row-level security policies.
    pub policies: Vec<Policy>,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// Row-level security is on.
    pub row_security: bool,
    /// It holds for the owner too.
    pub force_row_security: bool,
    /// How it is partitioned, and what it is a partition of.
    pub partitioning: Partitioning,
    /// Tables that it inherits from (not: the one that it is a partition of).
    pub inherits: Vec<Name>,
    /// Everything that is a word and a value: `fillfactor`, `engine`, `charset`, `collation`, `row_format`, `strict`, `without rowid`,
    /// `autoincrement`, `replica identity`, `server` of a foreign table, `tablespace`. Values that are the default are left out.
    pub options: BTreeMap<String, String>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// `NOT NULL`, also as part of a primary key.
    pub not_null: bool,
    /// Default. Serial columns have `nextval(...)` here.
    pub default: Option<Expression>,
    /// Identity (PostgreSQL).
    pub identity: Option<Identity>,
    /// `AUTO_INCREMENT` (MySQL, MariaDB), `AUTOINCREMENT` (SQLite).
    pub auto_increment: bool,
    /// Computed from other columns.
    pub generated: Option<Generated>,
    /// Collation, when it is not the one that type, table or database imply.
    pub collation: Option<String>,
    /// Character set (MySQL, MariaDB), when it is not the table's.
    pub charset: Option<String>,
    /// `ON UPDATE CURRENT_TIMESTAMP` (MySQL, MariaDB).
    pub on_update: Option<Expression>,
    /// A word and a value: `storage`, `compression`, `statistics`, `invisible`, `srid`. Values that are the default are left out.
    pub options: BTreeMap<String, String>,
}

/// An identity column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `GENERATED ALWAYS`; otherwise `BY DEFAULT`.
    pub always: bool,
    /// Options of its sequence that are not the default, as `start`, `increment`, `minvalue`, `maxvalue`, `cache`, `cycle`.
    pub options: BTreeMap<String, String>,
}

/// A computed column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// From what.
    pub expression: Expression,
    /// Kept on disk (`STORED`, `PERSISTENT`); otherwise computed when read.
    pub stored: bool,
}

/// A constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Its name, the one that the server makes up included. Empty where the server knows no name (SQLite).
    pub name: String,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub deferred: bool,
    /// Existing rows were not looked at (`NOT VALID`).
    pub not_valid: bool,
    /// Not enforced at all (PostgreSQL 18, MySQL).
    pub not_enforced: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Whether the name was made up by the server.
    pub unnamed: bool,
    /// Whether it is there because a parent has it (partition, inheritance).
    pub inherited: bool,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`: its columns, included columns in `Index::include`.
    PrimaryKey(Index),
    /// `UNIQUE`.
    Unique(Index),
    /// `EXCLUDE`: the index; operators stand with the keys.
    Exclude(Index),
    /// `CHECK`.
    Check(Expression),
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// Named `NOT NULL` (PostgreSQL 18 keeps them as constraints; they are compared as `not_null` of the column): the column.
    NotNull(String),
}

impl Default for ConstraintKind {
    fn default() -> ConstraintKind {
        ConstraintKind::Check(Expression::default())
    }
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Columns here.
    pub columns: Vec<String>,
    /// Table there.
    pub table: Name,
    /// Columns there, always named.
    pub references: Vec<String>,
    /// When the row there is deleted.
    pub on_delete: Action,
    /// Columns that `SET NULL` or `SET DEFAULT` is confined to (PostgreSQL 15).
    pub on_delete_columns: Vec<String>,
    /// When the key there changes.
    pub on_update: Action,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// The last column is a `PERIOD` (PostgreSQL 18).
    #[serde(default)]
    pub period: bool,
}

/// What a foreign key does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// `NO ACTION`, in MySQL and MariaDB `RESTRICT` too, which is the same there.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// An index, also the one behind a constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Its name; that of the constraint for the one behind it.
    pub name: String,
    /// `UNIQUE`.
    pub unique: bool,
    /// Access method in lower case: `btree`, `gin`, `fulltext`, `spatial`.
    pub method: String,
    /// What it is sorted by.
    pub keys: Vec<Key>,
    /// Columns carried along (`INCLUDE`).
    pub include: Vec<String>,
    /// Rows that it holds (`WHERE`).
    pub predicate: Option<Expression>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// A word and a value: `fillfactor`, `invisible`, `parser`. Values that are the default are left out.
    pub options: BTreeMap<String, String>,
    /// Whether the server made it by itself for a foreign key (MySQL, MariaDB), or a parent has it (partition).
    pub implied: bool,
}

/// One key of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Column or expression; a plain column has its bare name in both fields.
    pub expression: Expression,
    /// Whether it is a plain column.
    pub column: bool,
    /// Collation, when it is not the column's.
    pub collation: Option<String>,
    /// Operator class, when it is not the type's default.
    pub operator_class: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; by default true for descending keys.
    pub nulls_first: bool,
    /// Length of a prefix (MySQL, MariaDB).
    pub prefix: Option<u32>,
    /// Operator of an exclusion constraint.
    pub operator: Option<String>,
}

/// A row-level security policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Its name.
    pub name: String,
    /// `all`, `select`, `insert`, `update`, `delete`.
    pub command: String,
    /// `PERMISSIVE`, the default; otherwise `RESTRICTIVE`.
    pub permissive: bool,
    /// For whom, sorted; `public` for all.
    pub roles: Vec<String>,
    /// Rows that may be seen.
    pub using: Option<Expression>,
    /// Rows that may be written.
    pub check: Option<Expression>,
}

/// How a table is partitioned, and what it is a partition of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partitioning {
    /// `RANGE (created_at)`, as the server prints it; MySQL: the whole clause in normal form.
    pub by: Option<Expression>,
    /// The table that it is a partition of.
    pub parent: Option<Name>,
    /// Its bound: `FOR VALUES FROM (…) TO (…)`, `DEFAULT`.
    pub bound: Option<Expression>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this name, to change it.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|one| matches!(one.kind, ConstraintKind::PrimaryKey(_)))
    }
}
