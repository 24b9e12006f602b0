//! `pilab schema NAME`: JSON Schemas of documents and reports, made from the Rust types.
use super::{Acceptance, ChartState, DbRecorded, DemoReport, Explanation, HostState, LintReport, RepoState};
use crate::catalog;
use crate::model::{
    Diagnostic, DriftReport, MatrixReport, ReleaseNotes, RenderReport, Result, SchemaDiffReport, SchemaReport, codes,
};
use schemars::{Schema, schema_for};
use serde_json::Value;

/// A report's name, and what makes its schema.
type Report = (&'static str, fn() -> Schema);

/// Reports and the schemas of what `-o json` writes for them.
const REPORTS: &[Report] = &[
    ("drift", || schema_for!(DriftReport)),
    ("status", || schema_for!(MatrixReport)),
    ("render", || schema_for!(RenderReport)),
    ("notes", || schema_for!(ReleaseNotes)),
    ("db", || schema_for!(SchemaReport)),
    ("db-diff", || schema_for!(SchemaDiffReport)),
    ("db-recorded", || schema_for!(DbRecorded)),
    ("explanation", || schema_for!(Explanation)),
    ("lint", || schema_for!(LintReport)),
    ("repositories", || schema_for!(RepositoryReport)),
    ("charts", || schema_for!(ChartReport)),
    ("acceptances", || schema_for!(AcceptanceReport)),
    ("hosts", || schema_for!(HostReport)),
    ("demo", || schema_for!(DemoReport)),
];

/// Repositories as JSON.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct RepositoryReport {
    schema: &'static str,
    repositories: Vec<RepoState>,
}

/// Charts as JSON.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct ChartReport {
    schema: &'static str,
    charts: Vec<ChartState>,
}

impl From<Vec<ChartState>> for ChartReport {
    fn from(charts: Vec<ChartState>) -> ChartReport {
        ChartReport { schema: "pilab.charts/v1", charts }
    }
}

/// What was accepted or revoked, as JSON.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct AcceptanceReport {
    schema: &'static str,
    acceptances: Vec<Acceptance>,
}

/// Hosts and where their tokens are, as JSON.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct HostReport {
    schema: &'static str,
    hosts: Vec<HostState>,
}

impl From<Vec<RepoState>> for RepositoryReport {
    fn from(repositories: Vec<RepoState>) -> RepositoryReport {
        RepositoryReport { schema: "pilab.repositories/v1", repositories }
    }
}

impl From<Vec<Acceptance>> for AcceptanceReport {
    fn from(acceptances: Vec<Acceptance>) -> AcceptanceReport {
        AcceptanceReport { schema: "pilab.acceptances/v1", acceptances }
    }
}

impl From<Vec<HostState>> for HostReport {
    fn from(hosts: Vec<HostState>) -> HostReport {
        HostReport { schema: "pilab.hosts/v1", hosts }
    }
}

/// The names that `schema` takes: kinds of documents, `config` for all of them, and reports.
pub fn schema_names() -> Vec<String> {
    let kinds = catalog::KINDS.iter().map(|kind| kind.to_ascii_lowercase());
    let reports = REPORTS.iter().map(|(name, _)| (*name).to_owned());
    kinds.chain(["config".to_owned()]).chain(reports).collect()
}

/// The JSON Schema with this name: a kind of document (`module`), `config` for all kinds, or a report (`drift`).
///
/// # Errors
/// PL0109 with all names.
pub fn schema(name: &str) -> Result<Value> {
    let wanted = name.to_ascii_lowercase();
    if let Some(schema) = catalog::schema(&wanted) {
        return Ok(schema);
    }
    if let Some((name, make)) = REPORTS.iter().find(|(report, _)| *report == wanted) {
        let mut schema = make();
        schema.insert("$id".to_owned(), Value::String(format!("https://pilab.dev/schema/{name}/v1.json")));
        return Ok(schema.to_value());
    }
    let names = schema_names();
    Err(Box::new(
        Diagnostic::error(&codes::PL0109, format!("there is no schema '{name}'"))
            .did_you_mean(&wanted, names.iter().map(String::as_str))
            .hint(format!("schemas: {}", names.join(" "))),
    ))
}
