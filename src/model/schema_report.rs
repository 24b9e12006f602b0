//! Database schemas as reports: what a version has, what changes between two, and what a live database has instead.
use super::{Diagnostic, Place, Severity};
use schemars::JsonSchema;
use serde::Serialize;

/// `pilab db show` and `pilab db inspect`: one schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaReport {
    /// `pilab.db/v1`.
    pub schema: &'static str,
    /// Module; absent for a database that was named by its address or file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Version or ref it was replayed at, or where it was read: `live`, `dump FILE`, `file FILE`.
    pub at: String,
    /// `postgresql`, `mysql`, `mariadb`, `sqlite`.
    pub dialect: &'static str,
    /// Version of the server whose rules hold: `18.0`.
    pub server: String,
    /// How the migrations are laid out, and why that was taken; absent for a live database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<SchemaLayout>,
    /// Objects, by kind and name; what belongs to a table or view stands behind it.
    pub objects: Vec<SchemaObject>,
    /// The DDL that makes them, in an order in which it runs.
    pub sql: Vec<String>,
    /// Statements that could not be modelled, and other things that are not known.
    pub not_checked: Vec<Diagnostic>,
    /// What should be otherwise, and keeps nothing from being known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<Diagnostic>,
}

/// How migrations are laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaLayout {
    /// `flyway`, `prisma`, …
    pub name: String,
    /// Why it was taken for it.
    pub because: String,
    /// Migrations that were replayed.
    pub steps: usize,
    /// Statements that change the structure, and those that change data.
    pub statements: usize,
    /// See `statements`.
    pub data_statements: usize,
}

/// An object of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaObject {
    /// `table`, `column`, `index`, …
    pub kind: String,
    /// Its name with schema and table in front: `public.orders.note`.
    pub name: String,
    /// Attributes in normal form; what is off or the default is left out.
    pub attributes: std::collections::BTreeMap<String, String>,
    /// `file:line` of the statements that made or changed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub places: Vec<String>,
}

/// `pilab db diff`: what differs for each module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaDiffReport {
    /// `pilab.db-diff/v1`.
    pub schema: &'static str,
    /// Left side as it was asked for.
    pub from: String,
    /// Right side as it was asked for.
    pub to: String,
    /// Modules with a schema, sorted.
    pub modules: Vec<SchemaDiff>,
    /// What could not be compared.
    pub not_checked: Vec<ModuleDoubt>,
    /// What should be otherwise, and keeps nothing from being compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<Diagnostic>,
}

/// Something that could not be compared for a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleDoubt {
    /// The module.
    pub module: String,
    /// Why.
    pub why: Diagnostic,
}

/// What differs in the schema of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaDiff {
    /// The module.
    pub module: String,
    /// `postgresql`, …
    pub dialect: &'static str,
    /// Version or ref on the left, or `live`.
    pub from: String,
    /// Version or ref on the right, or `live`.
    pub to: String,
    /// Objects that were compared.
    pub compared: usize,
    /// What changes, in an order in which it could be applied.
    pub changes: Vec<SchemaChange>,
    /// Migrations that the right side has and the left lacks, in the order in which they run.
    pub migrations: Vec<Migration>,
    /// Migrations that the left side has and the right lacks: `path`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub gone: Vec<String>,
    /// What the books of the migration tool in a live database say that does not fit the version, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub books: Vec<String>,
    /// The DDL that makes the right side out of the left; for a live database, what takes it back to the left side.
    pub sql: Vec<String>,
}

/// A change of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaChange {
    /// Module.
    pub module: String,
    /// `created`, `dropped`, `altered`, `renamed`, `replaced`.
    pub what: &'static str,
    /// `table`, `column`, …
    pub kind: String,
    /// Name after the change (before it, when it is dropped).
    pub name: String,
    /// Name before, when it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// What speaks for the rename: `migrations/7.sql:3`, or a guess in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename_evidence: Option<String>,
    /// Attributes that differ; of what comes or goes all that it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub attributes: Vec<AttributeChange>,
    /// Statements that make the change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub places: Vec<Place>,
    /// `exact`, `guess`, `partial`.
    pub certainty: &'static str,
    /// The rule that speaks of it.
    pub rule: &'static str,
    /// Its severity where nothing else is known.
    pub severity: Severity,
    /// What it means to apply it, the worst first.
    pub effects: Vec<SchemaEffect>,
}

/// An attribute that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributeChange {
    /// Its name: `type`, `not null`, `default`.
    pub name: String,
    /// Value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

/// What applying a change means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemaEffect {
    /// What may go wrong: `column-dropped`, `table-rewritten`.
    pub hazard: String,
    /// `none`, `recoverable`, `data`.
    pub loss: String,
    /// Who waits: `none`, `structure`, `writes`, `all`.
    pub lock: String,
    /// How long: `instant`, `scan`, `build`, `rewrite`.
    pub work: String,
    /// Whether running programs break: `compatible`, `expand`, `break`.
    pub reach: String,
    /// Facts.
    pub because: String,
    /// A safer way; empty when there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub advice: String,
}

/// A migration that is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// Module that ships it.
    pub module: String,
    /// Its file.
    pub file: String,
    /// Its version, as its tool counts.
    pub version: String,
    /// `structure`, `data`, `mixed`, `nothing`.
    pub kind: &'static str,
    /// Its statements.
    pub statements: Vec<MigrationStatement>,
    /// Whether its tool runs it in a transaction.
    pub transaction: bool,
    /// Whether it can be undone: `yes`, `data-lost`, `no`.
    pub reversible: &'static str,
    /// The strongest lock it takes on what was there before: `none`, `structure`, `writes`, `all`.
    pub lock: String,
    /// The longest work it does under it: `instant`, `scan`, `build`, `rewrite`.
    pub work: String,
    /// What else is to be known, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub remarks: Vec<String>,
}

/// A statement of a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatement {
    /// Its line.
    pub line: u32,
    /// `structure`, `data`, `unmodelled`.
    pub what: String,
    /// What it does, in words: `adds column orders.note`.
    pub does: Vec<String>,
}
