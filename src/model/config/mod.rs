//! The kinds of documents in a config repository, as they are written. JSON Schemas are made from these types.
mod deployment;
mod environment;
mod module;
mod policy;
mod project;
mod records;
mod stored;

pub use deployment::{ChartVersion, Deployment, DeploymentStatus, InstanceVersion};
pub use environment::{
    Approvals, ArgoApp, Cluster, Database, Environment, EnvironmentSpec, HealthCheck, ModuleVariables, SecretEntry,
    Tier, Window, WindowKind,
};
pub use module::{
    Assumption, ChartSpec, CodeRefs, EnvSource, EnvSourceType, HelmVersion, ImageSpec, KustomizeSpec, Languages,
    Module, ModuleKind, ModuleSpec, SchemaDialect, SchemaSource, SchemaSpec, TerraformSpec, ValuesFile, ValuesIn,
};
pub use policy::{ExpectedVars, GatePolicy, GateRule, IgnoreRule, Levels, Policy, PolicyRule, PolicySpec};
pub use project::{
    ComparePair, Defaults, ModuleDefaults, Project, ProjectSpec, Promotion, Provider, RepoSpec, TicketPattern,
    VersionScheme, Versions,
};
pub use records::{
    Integration, Release, ReleaseSide, ReleaseSpec, Source, SourceAuthority, SourceSpec, Tenant, TenantSpec,
};
pub use stored::{Accepted, Baseline, BaselinePair, BaselineSpec, Snapshot, SnapshotSpec};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The only `apiVersion` there is.
pub const API_VERSION: &str = "pilab.dev/v1";

/// A scalar that people write with or without quotes: `8080`, `true`, `text`, or nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// Any text.
    Text(String),
    /// Nothing: set and empty.
    Null(()),
}

impl Scalar {
    /// As the text that a container would see.
    pub fn text(&self) -> String {
        match self {
            Scalar::Bool(value) => value.to_string(),
            Scalar::Integer(value) => value.to_string(),
            Scalar::Number(value) => value.to_string(),
            Scalar::Text(value) => value.clone(),
            Scalar::Null(()) => String::new(),
        }
    }
}

/// The `metadata` of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    /// The name by which everything else refers to it: lower case letters, digits, `.`, `_`, `-`.
    #[schemars(regex(pattern = r"^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$"))]
    pub name: String,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The team or person who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Free labels; policies can ask for them (`module.labels.criticality`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}
