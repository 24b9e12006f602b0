//! What a replay takes and gives, the same for every dialect.
use super::catalog::{Catalog, Id, Key, Place, Unmodelled};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A piece of SQL of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Path of the file.
    pub path: Arc<str>,
    /// Line of the file at which the text begins, from 1.
    pub line: u32,
    /// The SQL.
    pub text: Arc<str>,
    /// Whether the tool runs it in a transaction.
    pub transaction: bool,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// A numbered migration: runs once, in order.
    Versioned,
    /// Runs again whenever it changes, after the numbered ones.
    Repeatable,
    /// Stands for the chain before it.
    Baseline,
    /// The whole schema in one file: a dump, an init script.
    Schema,
    /// A migration that is a program (Java, Go, Ruby); nothing of it can be replayed.
    Code,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// The version as its tool writes it into its history table; the name of the file where the tool has no versions.
    pub version: String,
    /// Its description.
    pub name: String,
    /// The file, for people.
    pub path: Arc<str>,
    /// What is run, in order.
    pub up: Vec<Script>,
    /// What undoes it; empty when nothing does.
    pub down: Vec<Script>,
    /// The checksum that the tool would write into its history table or sum file, when it writes one.
    pub checksum: Option<String>,
}

/// What a replay is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Schemas in which unqualified names are looked up and made (PostgreSQL); empty for the server's default, `public`.
    pub search_path: Vec<String>,
    /// SQL that the platform runs before the chain (roles, schemas, functions of the platform). What it makes is not part of the schema.
    pub prelude: Vec<Script>,
    /// SQL that stands for a statement that cannot be modelled, by `file:line`.
    pub assume: BTreeMap<String, String>,
    /// Tables that the tool keeps for itself; they are left out of the catalog.
    pub ignore: Vec<String>,
    /// Variables of the server that decide what statements mean (MySQL, MariaDB): `collation_database`, `sql_mode`, `lower_case_table_names`,
    /// `explicit_defaults_for_timestamp`, `default_storage_engine`; empty for the server's own defaults.
    pub variables: BTreeMap<String, String>,
}

/// What a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Changes the structure.
    Structure,
    /// Changes data: what notes call a data migration.
    Data,
    /// Changes the session (`SET`, `USE`).
    Session,
    /// Begins or ends a transaction.
    Transaction,
    /// Only looks (`SELECT` of nothing that has effects).
    Query,
    /// Was not understood, or is not modelled.
    Unmodelled,
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was made.
    Created,
    /// It was changed: the attributes, by their names in `Object::attributes`.
    Altered(Vec<String>),
    /// It has another name, or lies in another schema; this was its key before.
    Renamed(Key),
    /// It is gone.
    Dropped,
}

/// What a statement did to one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The object, by its key after the statement.
    pub key: Key,
    /// Its identity.
    pub id: Id,
    /// What happened.
    pub what: What,
}

/// What catalogs do not show of a statement, and what decides about locks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// `CONCURRENTLY`, `ONLINE`, `LOCK=NONE`, `ALGORITHM=INPLACE|INSTANT`.
    pub online: bool,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `USING INDEX`.
    pub using_index: bool,
    /// `IF EXISTS` or `IF NOT EXISTS`.
    pub conditional: bool,
    /// The condition held nothing back but found the object there already (or already gone), so that the statement did nothing.
    pub skipped: bool,
    /// `CASCADE`.
    pub cascade: bool,
    /// `ALTER COLUMN … TYPE … USING`.
    pub using: bool,
    /// The default that it sets or adds is not the same for every row (`random()`, `nextval`).
    pub volatile_default: bool,
    /// `VALIDATE CONSTRAINT`.
    pub validate: bool,
    /// Runs inside a transaction.
    pub transaction: bool,
}

/// A statement of a chain, with what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where it begins.
    pub place: Place,
    /// Index of its step in what was applied, from 0.
    pub step: u32,
    /// What it is.
    pub class: Class,
    /// Its first words in upper case, enough to tell the kind: `ALTER TABLE`, `CREATE INDEX`, `UPDATE`.
    pub verb: String,
    /// Its text; long ones are cut at 2,000 characters.
    pub text: String,
    /// What decides about locks.
    pub flags: Flags,
    /// What it did.
    pub acts: Vec<Act>,
    /// Tables whose data it changes or whose rows it reads through, for `Class::Data`.
    pub tables: Vec<Key>,
}

/// What came out of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The structure.
    pub catalog: Catalog,
    /// Every statement.
    pub log: Vec<Statement>,
}

/// Applies steps to a catalog.
pub trait Replayer {
    /// Applies one step. What cannot be applied is in `unmodelled`; the rest of the step goes on.
    fn apply(&mut self, step: &Step);
    /// What came out so far.
    fn replay(&mut self) -> Replay;
    /// Statements that could not be modelled so far.
    fn unmodelled(&self) -> &[Unmodelled];
}
