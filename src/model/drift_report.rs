//! What `pilab drift` found. Every face prints, sends or stores this value.
use super::{Diagnostic, Finding, Kind, Mode, Pair, Severity};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that should have been compared and could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unchecked {
    /// Module it belongs to.
    pub module: String,
    /// What was not looked at.
    pub kind: Kind,
    /// Between which sides.
    pub pair: Pair,
    /// Why, with code, place and ways out.
    pub why: Diagnostic,
}

/// Whether a kind was looked at for a module and pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CoverageState {
    /// Everything was compared.
    Verified,
    /// Something was not; see `notChecked`.
    NotChecked,
    /// There is nothing to compare: the module does not exist on one side by design, or has no such material.
    NotApplicable,
}

/// What was looked at for one module, pair and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Module.
    pub module: String,
    /// Kind.
    pub kind: Kind,
    /// The answer.
    pub state: CoverageState,
    /// How many things were compared: variables, commits, cells.
    pub compared: usize,
    /// How many of them were equal on both sides.
    pub equal: usize,
    /// Why there was nothing to compare, for `notApplicable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// One pair of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairReport {
    /// The pair.
    pub pair: Pair,
    /// Findings of all states, worst first, then by module, rule and key.
    pub findings: Vec<Finding>,
    /// What could not be compared.
    pub not_checked: Vec<Unchecked>,
    /// What was looked at, by module and kind.
    pub coverage: Vec<Coverage>,
}

/// The exit code and what decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exit {
    /// 0, 3 or 5.
    pub code: u8,
    /// `clean`, `findings` or `incomplete`.
    pub reason: &'static str,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// `pilab.drift/v1`.
    pub schema: &'static str,
    /// Project name.
    pub project: String,
    /// Config commit, if the config repository has one: full hexadecimal id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Branch or ref the config was read at, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Whether the config was read from a work tree with changes that are not committed.
    pub uncommitted: bool,
    /// The moment the report speaks of (RFC 3339).
    pub now: String,
    /// Number of modules looked at.
    pub modules: usize,
    /// One entry for each pair, in the order of the promotion path.
    pub pairs: Vec<PairReport>,
    /// Warnings about the config repository.
    pub diagnostics: Vec<Diagnostic>,
    /// The threshold of `--fail-on`; absent is `never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Exit code and reason.
    pub exit: Exit,
}

impl DriftReport {
    /// Every finding of every pair.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.pairs.iter().flat_map(|pair| &pair.findings)
    }

    /// The exit code for a threshold: 3 wins over 5, and 5 is off when incomplete answers are allowed.
    pub fn exit_for(
        pairs: &[PairReport],
        fail_on: Option<Severity>,
        pending_too: bool,
        allow_incomplete: bool,
    ) -> Exit {
        let reached = fail_on.is_some_and(|limit| {
            pairs.iter().flat_map(|pair| &pair.findings).any(|f| f.counts(pending_too) && f.severity >= limit)
        });
        if reached {
            return Exit { code: 3, reason: "findings" };
        }
        if !allow_incomplete && pairs.iter().any(|pair| !pair.not_checked.is_empty()) {
            return Exit { code: 5, reason: "incomplete" };
        }
        Exit { code: 0, reason: "clean" }
    }
}

impl Pair {
    /// `staging → prod`, with the given arrow.
    pub fn shown(&self, arrow: &str) -> String {
        format!("{} {arrow} {}", self.from, self.to)
    }

    /// Whether differences are explained by a coming promotion.
    pub fn promotes(&self) -> bool {
        self.mode == Mode::Promote
    }
}
