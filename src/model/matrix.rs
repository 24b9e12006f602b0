//! What `pilab status` answers: module by environment, the version in each cell and its sign.
use super::{Diagnostic, Pair, Severity, Unchecked};
use schemars::JsonSchema;
use serde::Serialize;

/// What stands out about a cell. A cell may carry several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", tag = "sign")]
pub enum CellSign {
    /// Findings in state drift against the environment before it: how many and how bad the worst is.
    Drift {
        /// Number of findings.
        count: usize,
        /// The worst of them.
        worst: Severity,
    },
    /// A version that waits here to be promoted into the next environment.
    Pending,
    /// Older than the environment it mirrors.
    Behind,
    /// Something about this cell was not checked.
    NotChecked,
}

/// One module in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Environment.
    pub environment: String,
    /// Deployed version; absent when nothing is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the absence is known to be right (module outside `since`/`until`, or not deployed) rather than not recorded.
    pub not_deployed: bool,
    /// Signs, most important first.
    pub signs: Vec<CellSign>,
    /// When it was deployed or recorded (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployed_at: Option<String>,
    /// Who or what deployed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One module in all environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRow {
    /// Module name.
    pub module: String,
    /// Its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// One cell per environment, in the order of `MatrixReport::environments`.
    pub cells: Vec<Cell>,
}

/// The whole matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatrixReport {
    /// `pilab.status/v1`.
    pub schema: &'static str,
    /// Project name.
    pub project: String,
    /// Config commit: full hexadecimal id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Branch or ref the config was read at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Subject, author and time of that commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_subject: Option<String>,
    /// Author of that commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_author: Option<String>,
    /// Time of that commit (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_time: Option<String>,
    /// Whether the work tree has changes that are not committed.
    pub uncommitted: bool,
    /// The moment the report speaks of (RFC 3339).
    pub now: String,
    /// Environment names along the promotion path.
    pub environments: Vec<String>,
    /// What was compared with what: the pairs of the promotion path.
    pub pairs: Vec<Pair>,
    /// One row per module, by name.
    pub rows: Vec<MatrixRow>,
    /// Everything that was not checked.
    pub not_checked: Vec<Unchecked>,
    /// Warnings about the config repository.
    pub diagnostics: Vec<Diagnostic>,
}
