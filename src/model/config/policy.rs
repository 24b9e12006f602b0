//! Kind Policy: what changes the severity or the state of findings, and the gates of promotions.
use super::Metadata;
use crate::model::Severity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Policy`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What it says.
    pub spec: PolicySpec,
}

/// What a policy says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicySpec {
    /// Lower bounds of the bands, instead of 9, 7, 4 and 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
    /// Rules over findings, applied in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<PolicyRule>,
    /// Which variables must, may or must not differ between environments.
    #[serde(default)]
    pub expected: ExpectedVars,
    /// Differences that are not reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
    /// What must hold before a promotion.
    #[serde(default)]
    pub gates: GatePolicy,
}

/// Lower bounds of the bands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Levels {
    /// Critical from here.
    pub critical: f64,
    /// High from here.
    pub high: f64,
    /// Medium from here.
    pub medium: f64,
    /// Low from here; below is info.
    pub low: f64,
}

/// A rule over findings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyRule {
    /// Its name, printed with every effect.
    pub id: String,
    /// A minijinja expression over `finding`, `module`, `env`, `from`, `to`, `project`.
    pub when: String,
    /// Points to add to the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<f64>,
    /// The severity, whatever the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Severity>,
    /// Whether the difference is expected.
    #[serde(default)]
    pub expected: bool,
    /// Why.
    pub reason: String,
    /// Until when (date).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// Which variables must, may or must not differ. Names may hold `*`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpectedVars {
    /// Equal values are a finding (ENV010).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_differ: Vec<String>,
    /// A difference is expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_differ: Vec<String>,
    /// A difference is drift, even where the environment's own words explain it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_equal: Vec<String>,
}

/// A difference that is not reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IgnoreRule {
    /// Path in the object, or glob of the finding's key.
    pub path: String,
    /// Kinds of Kubernetes objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Why.
    pub reason: String,
    /// Until when (date).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// The gates of promotions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GatePolicy {
    /// One entry per group of target environments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promote: Vec<GateRule>,
}

/// What must hold before a promotion into these environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GateRule {
    /// Target environments.
    pub to: Vec<String>,
    /// No drift at or above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// Kinds that must have been checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require_verified: Vec<String>,
    /// How old a report may be (ISO 8601).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_of_report: Option<String>,
}
