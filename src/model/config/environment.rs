//! Kind Environment: a stage of the promotion path, or one that mirrors a stage.
use super::{Metadata, Scalar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Environment {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Environment`.
    pub kind: String,
    /// Name.
    pub metadata: Metadata,
    /// What it is.
    pub spec: EnvironmentSpec,
}

/// How close to the customers it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// For one developer or a trial.
    Sandbox,
    /// Development.
    Dev,
    /// Automatic tests.
    Test,
    /// Quality assurance.
    Qa,
    /// User acceptance.
    Uat,
    /// Like production, without customers.
    Staging,
    /// Like production, last stop before it.
    Preprod,
    /// Customers.
    Prod,
    /// Takes over when production fails.
    Dr,
}

impl Tier {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Tier::Sandbox => "sandbox",
            Tier::Dev => "dev",
            Tier::Test => "test",
            Tier::Qa => "qa",
            Tier::Uat => "uat",
            Tier::Staging => "staging",
            Tier::Preprod => "preprod",
            Tier::Prod => "prod",
            Tier::Dr => "dr",
        }
    }
}

/// What an environment is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EnvironmentSpec {
    /// How close to the customers it is.
    pub tier: Tier,
    /// Environments from which versions come; the one before it in `promotion.order` when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotes_from: Vec<String>,
    /// The environment it must equal at all times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<String>,
    /// Words that are expected to appear in this environment's values only: a difference that they explain is expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<String>,
    /// Regions, clusters or customers that it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<String>,
    /// Variables that every module gets here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Scalar>,
    /// Secrets that every module gets here: references or digests, never values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, SecretEntry>,
    /// Variables and secrets of single modules here, by module name; they win over the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, ModuleVariables>,
    /// How long a version may wait for its promotion into this environment before VER009 is raised; ISO 8601, default `P30D`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_lag: Option<String>,
    /// The cluster it runs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
    /// Its databases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub databases: Vec<Database>,
    /// Addresses that tell whether it is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub health: Vec<HealthCheck>,
    /// When nothing may be promoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freeze: Vec<Window>,
    /// Who must agree to a promotion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals: Option<Approvals>,
}

/// Variables and secrets of one module in one environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ModuleVariables {
    /// Variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Scalar>,
    /// Secrets: references or digests, never values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, SecretEntry>,
}

/// A secret: where it is kept, or a keyed digest of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecretEntry {
    /// Where it is kept.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^(vault|awssm|gcpsm|azurekv|k8s|sops|env|keyring|doppler|infisical|file)://"))]
    pub reference: Option<String>,
    /// `hmac-sha256:<key id>:<22 characters of base64url>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^hmac-sha256:[A-Za-z0-9._-]+:[A-Za-z0-9_-]{22,}$"))]
    pub digest: Option<String>,
}

/// The cluster an environment runs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cluster {
    /// Context name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Version of Kubernetes, which charts may ask for: `v1.33.2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?([-+].*)?$"))]
    pub kube_version: Option<String>,
    /// API versions that it has beside those of Kubernetes: `monitoring.coreos.com/v1`, `…/v1/ServiceMonitor`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_versions: Vec<String>,
    /// Argo CD application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argocd: Option<ArgoApp>,
}

/// An Argo CD application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ArgoApp {
    /// Its name, template of `instance`.
    pub app: String,
}

/// A database of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Database {
    /// The module whose schema it has.
    pub module: String,
    /// Reference of the secret that holds its address: `env://PROD_DATABASE_URL`. Only `pilab db` verbs connect, and only to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dsn_secret: Option<String>,
    /// File of the config repository with what it was seen to hold: written by `pilab db record`, read by drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
}

/// An address that tells whether the environment is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HealthCheck {
    /// The address.
    pub url: String,
    /// The HTTP status that means well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<u16>,
}

/// Whether a window allows or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WindowKind {
    /// Promotions only inside it.
    Allow,
    /// No promotions inside it.
    Deny,
}

/// A time in which promotions are allowed or forbidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Window {
    /// Its name.
    pub name: String,
    /// Allow or deny.
    pub kind: WindowKind,
    /// Recurrence rule (RFC 5545).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<String>,
    /// How long each one lasts (ISO 8601).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Begin (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// End (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Time zone name (IANA).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Groups it does not bind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
}

/// Who must agree to a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Approvals {
    /// How many.
    pub required: u32,
    /// Out of which groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Whether the author does not count.
    #[serde(default)]
    pub not_author: bool,
}
