//! What statements say, as values.
use super::Options;
use crate::engines::schema::catalog::{Action, DataType, Expression, IndexKey};
use crate::engines::schema::mysql::normal::Expr;

/// A type as written.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) struct TypeDef {
    /// In canonical form.
    pub(in crate::engines::schema::mysql) data_type: DataType,
    /// Holds characters and so has a collation.
    pub(in crate::engines::schema::mysql) character: bool,
    /// Its character set, when it says one.
    pub(in crate::engines::schema::mysql) charset: Option<String>,
    /// Its collation, when it says one.
    pub(in crate::engines::schema::mysql) collation: Option<String>,
    /// `BINARY` behind it: the set's binary collation.
    pub(in crate::engines::schema::mysql) binary: bool,
    /// `SERIAL`.
    pub(in crate::engines::schema::mysql) serial: bool,
    /// `JSON`, which MariaDB stores as a text with a check.
    pub(in crate::engines::schema::mysql) json: bool,
    /// Characters of `text(300)`, of which the size class is made.
    pub(in crate::engines::schema::mysql) characters: Option<u64>,
}

/// A default as written.
#[derive(Debug, Clone)]
pub(in crate::engines::schema::mysql) struct Default_ {
    /// What it is.
    pub(in crate::engines::schema::mysql) expr: Expr,
    /// How it is written.
    pub(in crate::engines::schema::mysql) text: String,
}

/// Where a column goes.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) enum Position {
    /// Where it is, or at the end.
    #[default]
    Stay,
    /// In front.
    First,
    /// Behind this one.
    After(String),
}

/// A check as written.
#[derive(Debug, Clone)]
pub(in crate::engines::schema::mysql) struct CheckDef {
    pub(in crate::engines::schema::mysql) name: Option<String>,
    pub(in crate::engines::schema::mysql) condition: Expression,
    pub(in crate::engines::schema::mysql) enforced: bool,
}

/// A foreign key as written.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) struct ForeignDef {
    /// `CONSTRAINT name`.
    pub(in crate::engines::schema::mysql) name: Option<String>,
    /// `FOREIGN KEY name`.
    pub(in crate::engines::schema::mysql) index: Option<String>,
    pub(in crate::engines::schema::mysql) columns: Vec<String>,
    pub(in crate::engines::schema::mysql) table: (Option<String>, String),
    pub(in crate::engines::schema::mysql) references: Vec<String>,
    pub(in crate::engines::schema::mysql) on_delete: Action,
    pub(in crate::engines::schema::mysql) on_update: Action,
    pub(in crate::engines::schema::mysql) match_full: bool,
    pub(in crate::engines::schema::mysql) if_not_exists: bool,
}

/// Kinds of indexes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engines::schema::mysql) enum IndexKind {
    Primary,
    Unique,
    #[default]
    Plain,
    Fulltext,
    Spatial,
}

/// An index as written.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) struct IndexDef {
    pub(in crate::engines::schema::mysql) kind: IndexKind,
    pub(in crate::engines::schema::mysql) name: Option<String>,
    pub(in crate::engines::schema::mysql) keys: Vec<IndexKey>,
    pub(in crate::engines::schema::mysql) comment: Option<String>,
    pub(in crate::engines::schema::mysql) hash: bool,
    pub(in crate::engines::schema::mysql) invisible: bool,
    pub(in crate::engines::schema::mysql) if_not_exists: bool,
}

/// A column as written.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) struct ColumnDef {
    pub(in crate::engines::schema::mysql) name: String,
    pub(in crate::engines::schema::mysql) kind: TypeDef,
    pub(in crate::engines::schema::mysql) not_null: Option<bool>,
    pub(in crate::engines::schema::mysql) default: Option<Default_>,
    pub(in crate::engines::schema::mysql) on_update: Option<Expression>,
    pub(in crate::engines::schema::mysql) auto_increment: bool,
    pub(in crate::engines::schema::mysql) generated: Option<(Expression, bool)>,
    pub(in crate::engines::schema::mysql) primary: bool,
    pub(in crate::engines::schema::mysql) unique: bool,
    pub(in crate::engines::schema::mysql) comment: Option<String>,
    pub(in crate::engines::schema::mysql) invisible: bool,
    pub(in crate::engines::schema::mysql) srid: Option<String>,
    pub(in crate::engines::schema::mysql) checks: Vec<CheckDef>,
    pub(in crate::engines::schema::mysql) references: Option<ForeignDef>,
    pub(in crate::engines::schema::mysql) position: Position,
    /// `AS ROW START`, `AS ROW END`.
    pub(in crate::engines::schema::mysql) row: bool,
}

/// What stands between the parentheses of `CREATE TABLE`.
#[derive(Debug, Clone)]
pub(in crate::engines::schema::mysql) enum Element {
    Column(Box<ColumnDef>),
    Index(IndexDef),
    Foreign(ForeignDef),
    Check(CheckDef),
    /// `PERIOD FOR …`: its text.
    Period(String),
}

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone)]
pub(in crate::engines::schema::mysql) enum Alteration {
    /// Columns, indexes, constraints; whether `IF NOT EXISTS` was said.
    Add(Element, bool),
    /// `CHANGE`, `MODIFY`: the old name; whether `IF EXISTS` was said.
    Change(String, Box<ColumnDef>, bool),
    DropColumn(String, bool),
    DropIndex(String, bool),
    DropPrimary(bool),
    DropForeign(String, bool),
    DropCheck(String, bool),
    /// `DROP CONSTRAINT`: whatever has this name.
    DropConstraint(String, bool),
    RenameColumn(String, String, bool),
    RenameIndex(String, String, bool),
    RenameTable(Option<String>, String),
    /// `ALTER COLUMN … SET DEFAULT`, `DROP DEFAULT`.
    Default(String, Option<Default_>),
    /// `ALTER COLUMN … SET INVISIBLE`.
    ColumnVisible(String, bool),
    /// `ALTER INDEX … INVISIBLE`, `IGNORED`.
    IndexVisible(String, bool, bool),
    /// `ALTER CHECK … [NOT] ENFORCED`.
    Enforce(String, bool),
    /// `CONVERT TO CHARACTER SET`: the set or none for the database's, the collation.
    Convert(Option<String>, Option<String>),
    Options(Options),
    /// `PARTITION BY …`: in normal form.
    Partition(Expression),
    RemovePartitioning,
    /// Partition maintenance: what it changes of the definition cannot be told apart from the rest: verb and text.
    Partitions(String, String),
    /// `ADD SYSTEM VERSIONING`, `DROP SYSTEM VERSIONING`.
    Versioning(bool),
    /// Nothing of the structure; whether it says that it runs online.
    Nothing(bool),
}
