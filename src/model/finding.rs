//! One difference that somebody may have to know about, with its evidence and its state.
use super::{Kind, Place, Score, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How the two sides of a pair relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// What is in `from` shall reach `to` by a promotion.
    Promote,
    /// `to` must equal `from` at all times (disaster recovery).
    Mirror,
    /// Two plain refs or versions, or a snapshot: nothing has to be equal, and every difference is a change.
    Refs,
}

/// What is compared with what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Pair {
    /// Name of the left side: environment, or ref.
    pub from: String,
    /// Name of the right side.
    pub to: String,
    /// How they relate.
    pub mode: Mode,
}

/// Whether a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing explains it: counts for `--fail-on`.
    Drift,
    /// A difference between two plain refs: counts for `--fail-on`.
    Change,
    /// The next promotion brings it: counts with `--pending` only.
    Pending,
    /// Accepted by a person with a reason, until a date: does not count.
    Accepted,
    /// Differs by design: does not count.
    Expected,
}

impl State {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            State::Drift => "drift",
            State::Change => "change",
            State::Pending => "pending",
            State::Accepted => "accepted",
            State::Expected => "expected",
        }
    }
}

/// A line of a file at a ref that shows the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The side it speaks for: environment or ref.
    pub side: String,
    /// Repository name; empty for the config repository.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub repository: String,
    /// Ref, version or short commit it was read at; empty for the work tree.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub at: String,
    /// Where. Its text is masked when it holds a secret.
    pub place: Place,
}

/// A value as it may be shown: secrets are already replaced by a mask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The text to show: `3000`, `(not set)`, `(empty)`, `(secret)`, `1.4.1`.
    pub text: String,
    /// Whether a value stands behind it, rather than its absence.
    pub present: bool,
}

impl Shown {
    /// A value.
    pub fn value(text: impl Into<String>) -> Shown {
        Shown { text: text.into(), present: true }
    }

    /// Nothing there, said with these words.
    pub fn absent(text: impl Into<String>) -> Shown {
        Shown { text: text.into(), present: false }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Short id: the first 7 or more hexadecimal digits of the SHA-256 of the fingerprint, unique in its report.
    pub id: String,
    /// `v1:<rule>:<module>:<from>:<to>:<key>`; no value, no line number, so that it survives edits.
    pub fingerprint: String,
    /// Id of the rule.
    pub rule: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Module it belongs to.
    pub module: String,
    /// Between which sides.
    pub pair: Pair,
    /// What differs, within module and pair: a variable, a commit, `version`.
    pub key: String,
    /// What is the case, one line, no full stop.
    pub title: String,
    /// The value on the left side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Shown>,
    /// The value on the right side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Shown>,
    /// Whether it counts.
    pub state: State,
    /// Why it is expected, accepted or pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Until when it is accepted (RFC 3339 date).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The arithmetic behind the severity.
    pub score: Score,
    /// The band of the score.
    pub severity: Severity,
    /// Since when it is so (RFC 3339), as far as the history tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Further lines: commits, authors, what a promotion would do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub details: Vec<String>,
    /// Tickets named by the commits behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub tickets: Vec<String>,
    /// Lines that show it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// The fingerprint of a finding: what makes it the same finding tomorrow.
    pub fn fingerprint_of(rule: &str, module: &str, pair: &Pair, key: &str) -> String {
        format!("v1:{rule}:{module}:{}:{}:{key}", pair.from, pair.to)
    }

    /// The SHA-256 of a fingerprint in hexadecimal; ids are prefixes of it.
    pub fn hash_of(fingerprint: &str) -> String {
        Sha256::digest(fingerprint.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it counts for `--fail-on`, given whether pending ones do.
    pub fn counts(&self, pending_too: bool) -> bool {
        matches!(self.state, State::Drift | State::Change) || (pending_too && self.state == State::Pending)
    }
}
