//! Kinds Baseline and Snapshot: what pilab itself writes into the config repository.
use super::Metadata;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Accepted findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Baseline {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Baseline`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What is accepted.
    pub spec: BaselineSpec,
}

/// What is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BaselineSpec {
    /// The pair it speaks of; all pairs when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<BaselinePair>,
    /// The findings.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// Two environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BaselinePair {
    /// Left side.
    pub from: String,
    /// Right side.
    pub to: String,
}

/// One accepted finding, or a group named with `*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Accepted {
    /// `v1:<rule>:<module>:<from>:<to>:<key>`; `*` stands for any text.
    #[schemars(regex(pattern = r"^v1:"))]
    pub fingerprint: String,
    /// Why.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// Until when (date); without it for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The ticket in which it is worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// A frozen manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Snapshot {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Snapshot`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What was frozen.
    pub spec: SnapshotSpec,
}

/// What was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SnapshotSpec {
    /// The environment.
    pub environment: String,
    /// When (RFC 3339).
    pub at: String,
    /// Commit of the config repository the matrix was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_commit: Option<String>,
    /// Version of each module.
    pub modules: BTreeMap<String, String>,
    /// Digests of what was there, by kind of material.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
}
