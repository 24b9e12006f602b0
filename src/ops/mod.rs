//! Use cases: one file per verb. Command line, agent and server call these and nothing below them.
mod accept;
mod askpass;
mod auth;
mod charts;
mod compare;
mod complete;
mod db;
mod demo;
mod drift;
mod excerpt;
mod explain;
mod files;
mod lint;
mod notes;
mod range;
mod render;
mod repo;
mod repositories;
mod schema;
mod status;
#[cfg(test)]
mod tests;
mod ways;
mod workspace;

pub use askpass::askpass;
pub use auth::{AuthLogin, AuthLogout, AuthStatus, HostState, TokenStore};
pub use complete::complete;
pub use schema::{AcceptanceReport, ChartReport, HostReport, RepositoryReport, schema, schema_names};

use crate::model::{Diagnostic, Evidence, Finding, Kind, Result, Rule, Severity};
use crate::settings::Settings;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Told about long work. The face shows it, or not.
pub trait Progress: Sync {
    /// A step begins: `reading demo`, `fetching charts`.
    fn step(&self, text: &str);
}

/// Says nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn step(&self, _text: &str) {}
}

/// What every use case needs to know of the world.
pub struct Context<'a> {
    /// Folder to start from (`-C`).
    pub dir: PathBuf,
    /// Settings after all layers.
    pub settings: Settings,
    /// The present moment.
    pub now: Timestamp,
    /// The past state to answer for: a revision of the config repository or a date.
    pub at: Option<String>,
    /// Who is asking, for what is written down: `name <mail>` as Git knows it, or the login name.
    pub user: String,
    /// The process environment as it was at the start.
    pub environment: BTreeMap<String, String>,
    /// The running program, for answering Git's question for a token.
    pub executable: Option<PathBuf>,
    /// Told about long work.
    pub progress: &'a dyn Progress,
}

/// `pilab status`: the matrix.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Only these environments, in the order of the promotion path; empty: all.
    pub environments: Vec<String>,
    /// Only these modules; empty: all.
    pub modules: Vec<String>,
}

/// `pilab drift`: findings for one pair, or for all pairs of the promotion path.
#[derive(Debug, Clone, Default)]
pub struct Drift {
    /// `A..B`; nothing: all pairs.
    pub range: Option<String>,
    /// Whether the range may name environments only (`--env`).
    pub environments_only: bool,
    /// Only these modules; empty: all.
    pub modules: Vec<String>,
    /// Only these kinds; empty: all.
    pub kinds: Vec<Kind>,
    /// Threshold of exit code 3.
    pub fail_on: Option<Severity>,
    /// Whether pending findings count too.
    pub pending: bool,
    /// Whether what was not checked leaves the exit code at 0.
    pub allow_incomplete: bool,
    /// Only findings that were not there at this revision, date or snapshot (`snap:NAME`).
    pub new_since: Option<String>,
    /// A JSON report or Baseline document whose findings are accepted for this run.
    pub baseline: Option<PathBuf>,
    /// Whether values of secrets may be shown.
    pub show_secrets: bool,
}

/// `pilab render MODULE`.
#[derive(Debug, Clone, Default)]
pub struct Render {
    /// Module.
    pub module: String,
    /// Environment whose values are taken, and whose version unless `reference` names another.
    pub environment: Option<String>,
    /// Version or ref.
    pub reference: Option<String>,
    /// Whether values of secrets may be shown.
    pub show_secrets: bool,
}

/// `pilab drift explain ID`.
#[derive(Debug, Clone)]
pub struct Explain {
    /// Id, or the beginning of one.
    pub id: String,
    /// The range it was found in; nothing: all pairs of the promotion path.
    pub range: Option<String>,
    /// Whether values of secrets may be shown.
    pub show_secrets: bool,
}

/// Everything about one finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// `pilab.explanation/v1`.
    pub schema: &'static str,
    /// The finding.
    pub finding: Finding,
    /// Its rule.
    pub rule: &'static Rule,
    /// For each evidence: the lines around it, first line number first. In the order of `finding.evidence`.
    pub excerpts: Vec<Excerpt>,
    /// Findings of the same module and pair: id and title.
    pub related: Vec<(String, String)>,
    /// Ways out, each with a command that can be copied: sentence and command.
    pub ways_out: Vec<(String, String)>,
}

/// Lines around a piece of evidence. Secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Excerpt {
    /// The evidence.
    pub evidence: Evidence,
    /// Number of the first line of `lines`.
    pub first_line: usize,
    /// The lines.
    pub lines: Vec<String>,
}

/// `pilab drift accept ID…`.
#[derive(Debug, Clone, Default)]
pub struct Accept {
    /// Ids, or beginnings of them.
    pub ids: Vec<String>,
    /// Why.
    pub reason: String,
    /// Until when (`2026-12-31`); `None` is for ever, which the face makes the user say.
    pub until: Option<String>,
    /// Ticket.
    pub ticket: Option<String>,
    /// Writes nothing, answers the same.
    pub dry_run: bool,
}

/// What was written for one finding, or taken away.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// Id of the finding.
    pub id: String,
    /// Fingerprint in the baseline.
    pub fingerprint: String,
    /// Title of the finding; for `revoke` the reason that was given.
    pub title: String,
    /// File of the config repository, relative to it.
    pub file: String,
    /// End date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// `pilab drift revoke ID…`.
#[derive(Debug, Clone, Default)]
pub struct Revoke {
    /// Ids, or beginnings of them.
    pub ids: Vec<String>,
    /// Writes nothing, answers the same.
    pub dry_run: bool,
}

/// `pilab notes A..B`.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// `A..B`; nothing: the newest release tag to HEAD of the repository.
    pub range: Option<String>,
    /// Only these modules; empty: all.
    pub modules: Vec<String>,
}

/// `pilab lint`.
#[derive(Debug, Clone, Default)]
pub struct Lint;

/// What lint found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LintReport {
    /// `pilab.lint/v1`.
    pub schema: &'static str,
    /// YAML files read.
    pub files: usize,
    /// Documents in them.
    pub documents: usize,
    /// Errors and warnings by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// `pilab repo fetch [NAME…]`.
#[derive(Debug, Clone, Default)]
pub struct RepoFetch {
    /// Only these repositories; empty: all.
    pub names: Vec<String>,
}

/// A code repository and its clone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepoState {
    /// Name in the project.
    pub name: String,
    /// URL without credentials.
    pub url: String,
    /// Where its objects are read from; `None` when it was not fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `local` (named in settings or a path), `cache`, `missing`.
    pub state: &'static str,
    /// Number of tags.
    pub tags: usize,
    /// When it was last fetched (RFC 3339), for the cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<String>,
    /// What stands in the way: shallow, partial, grafts, owner.
    pub warnings: Vec<Diagnostic>,
}

/// `pilab chart list [MODULE…]`.
#[derive(Debug, Clone, Default)]
pub struct ChartList {
    /// Only what these modules need; empty: all.
    pub modules: Vec<String>,
}

/// `pilab chart fetch [MODULE…]`.
#[derive(Debug, Clone, Default)]
pub struct ChartFetch {
    /// Only what these modules need; empty: all.
    pub modules: Vec<String>,
}

/// A chart that another one needs from a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChartState {
    /// Its name.
    pub name: String,
    /// Its version; what the constraint says, while no version that fits is here.
    pub version: String,
    /// Where it comes from.
    pub repository: String,
    /// `cache` or `missing`.
    pub state: &'static str,
}

/// `pilab repo list`.
#[derive(Debug, Clone, Default)]
pub struct RepoList;

/// Where a live schema is read from; nothing: what the environment names.
#[derive(Debug, Clone, Default)]
pub struct DbSource {
    /// Reference of the secret that holds the address: `env://DATABASE_URL`.
    pub dsn: Option<String>,
    /// A SQLite file.
    pub sqlite: Option<PathBuf>,
    /// A dump in SQL.
    pub dump: Option<PathBuf>,
    /// Dialect of the dump, when it cannot be told from its text.
    pub dialect: Option<String>,
}

/// `pilab db show MODULE`: the schema of a version.
#[derive(Debug, Clone, Default)]
pub struct DbShow {
    /// Module.
    pub module: String,
    /// Environment whose version is taken.
    pub environment: Option<String>,
    /// Version or ref.
    pub reference: Option<String>,
}

/// `pilab db diff A..B` and `pilab db diff --live ENV`.
#[derive(Debug, Clone, Default)]
pub struct DbDiff {
    /// `A..B`.
    pub range: Option<String>,
    /// The environment whose database is compared with what its versions should have made.
    pub live: Option<String>,
    /// Only these modules; empty: all with a schema.
    pub modules: Vec<String>,
    /// The database, when it is not the one that the environment names.
    pub source: DbSource,
}

/// `pilab db inspect`: the schema that a database has.
#[derive(Debug, Clone, Default)]
pub struct DbInspect {
    /// Module, with `environment`.
    pub module: Option<String>,
    /// Environment.
    pub environment: Option<String>,
    /// The database, when it is not the one that the environment names.
    pub source: DbSource,
}

/// `pilab db record MODULE --env ENV`: keeps what a database has.
#[derive(Debug, Clone, Default)]
pub struct DbRecord {
    /// Module.
    pub module: String,
    /// Environment.
    pub environment: String,
    /// The database, when it is not the one that the environment names.
    pub source: DbSource,
}

/// What `pilab db record` wrote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DbRecorded {
    /// `pilab.db-recorded/v1`.
    pub schema: &'static str,
    /// Module.
    pub module: String,
    /// Environment.
    pub environment: String,
    /// File of the config repository.
    pub file: String,
    /// Whether the environment names the file as `recorded`, so that drift reads it.
    pub named: bool,
    /// What the server says of its version.
    pub server: String,
    /// Number of objects.
    pub objects: usize,
    /// What should be otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<Diagnostic>,
}

/// `pilab demo [DIR]`.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Folder to write; must not exist or be empty.
    pub dir: PathBuf,
}

/// What the demo wrote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DemoReport {
    /// The config repository: where to go next.
    pub config: PathBuf,
    /// Module repositories by name.
    pub repositories: Vec<PathBuf>,
    /// Number of commits in all of them.
    pub commits: usize,
}

impl Demo {
    /// Writes it.
    ///
    /// # Errors
    /// PL0113 when the folder has something in it, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<DemoReport> {
        context.progress.step("writing the demo");
        demo::write(&context.dir.join(&self.dir))
    }
}

/// What a completion is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completing {
    /// Ranges of neighbouring environments, then environments.
    Range,
    /// Environments.
    Environment,
    /// Modules.
    Module,
    /// Tags of the modules' repositories, newest first.
    Ref,
    /// Past states of the config repository: its tags, the present branch, snapshots as `snap:NAME`.
    Past,
    /// Ids of open findings with their titles, out of the last report kept in the cache.
    Finding,
    /// Rules and codes with their titles.
    Rule,
    /// Repositories.
    Repository,
    /// Names that `pilab schema` takes.
    Schema,
}

/// Every rule, in the order of the detectors.
pub fn rules() -> Vec<&'static Rule> {
    crate::drift::DETECTORS.iter().flat_map(|detector| detector.rules()).collect()
}
