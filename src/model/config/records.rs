//! Kinds Source, Release, Integration and Tenant: read and checked, used by later commands.
use super::Metadata;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where facts about deployments come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Source {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Source`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What is read.
    pub spec: SourceSpec,
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceAuthority {
    /// Somebody wrote that it should be so.
    Declared,
    /// A pipeline said that it did it.
    Recorded,
    /// It was seen running.
    Observed,
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SourceSpec {
    /// `git-files`, `argocd`, `flux`, `kargo`, `helm-secrets`, `kubectl`, `compose`, `github-deployments`, ….
    #[serde(rename = "type")]
    pub source_type: String,
    /// How sure its facts are.
    pub authority: SourceAuthority,
    /// Repository to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<Map<String, Value>>,
    /// File pattern with `{env}` and `{module}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
    /// Field that holds the version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether every commit is a deployment.
    #[serde(default)]
    pub history: bool,
    /// Address or file to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Map<String, Value>>,
    /// Regular expression with `module`, `env`, `instance`.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub match_pattern: Option<String>,
    /// Where the version stands, in order of preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Value>,
    /// Regular expression from image tag to version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_tag: Option<String>,
    /// The environment that all its facts are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// A planned release of several modules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Release {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Release`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What is released.
    pub spec: ReleaseSpec,
}

/// What is released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReleaseSpec {
    /// Environment it goes into.
    pub target: String,
    /// What is there before.
    pub from: ReleaseSide,
    /// What is there after.
    pub to: ReleaseSide,
    /// Order of modules; `*` is the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// Notes template and categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Map<String, Value>>,
    /// `planned`, `approved`, `rolling-out`, `done`, `aborted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who agreed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Value>,
}

/// One side of a release: exactly one of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReleaseSide {
    /// An environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// A snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// A revision of the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
}

/// A link to another system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Integration {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Integration`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// `type` and the settings of that type.
    pub spec: Map<String, Value>,
}

/// An organisation on a shared server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tenant {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Tenant`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// Roles and sign-on.
    pub spec: TenantSpec,
}

/// Roles and sign-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TenantSpec {
    /// Role to groups and persons.
    #[serde(default)]
    pub roles: BTreeMap<String, Vec<String>>,
    /// OpenID Connect: `issuer`, `clientId`.
    #[serde(default)]
    pub sso: BTreeMap<String, String>,
}
