//! Reports to text, Markdown and JSON. Everything here is a pure function: a report in, a text out.
mod clean;
mod db;
mod diagnostic;
mod drift;
mod explain;
mod item;
mod manifests;
mod markdown;
pub mod notes;
mod page;
mod small;
mod status;
#[cfg(test)]
mod tests;
mod words;

pub use db::{db_diff_md, db_diff_sql, db_diff_text, db_recorded_text, db_sql, db_text};
pub use diagnostic::{diagnostic_text, lint_md, lint_text};
pub use drift::drift_text;
pub use explain::explanation_text;
pub use manifests::{manifests_yaml, patches_text};
pub use markdown::{drift_md, explanation_md, status_md};
pub use small::{acceptances_text, charts_text, code_text, demo_text, index_text, repos_text, rule_text};
pub use status::status_text;

use crate::model::{Diagnostic, Result, Severity, codes};
use serde::Serialize;

/// How text for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Whether signs are ASCII only.
    pub ascii: bool,
    /// Whether addresses become links (only together with colour).
    pub links: bool,
    /// How much more than the usual is told.
    pub verbose: u8,
}

/// What of a drift report is listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DriftView {
    /// Lists only findings at or above this.
    pub min: Option<Severity>,
    /// Lists pending findings too.
    pub pending: bool,
    /// Lists accepted findings too.
    pub accepted: bool,
    /// Lists expected findings too.
    pub expected: bool,
    /// One line for each finding.
    pub oneline: bool,
    /// Ends with commands to go on with.
    pub next: bool,
}

/// The report as JSON: pretty, with a final newline.
///
/// # Errors
/// PL0900 when the value cannot be serialised, which is a bug.
pub fn json<T: Serialize>(report: &T) -> Result<String> {
    match serde_json::to_string_pretty(report) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Box::new(Diagnostic::error(&codes::PL0900, format!("the report is no JSON: {error}")))),
    }
}
