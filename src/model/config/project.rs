//! Kind Project: repositories, promotion path, version scheme, tickets, defaults.
use super::{EnvSource, Metadata};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A project: what belongs together and is promoted along one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Project {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Project`.
    pub kind: String,
    /// Name and title.
    pub metadata: Metadata,
    /// What it is made of.
    pub spec: ProjectSpec,
}

/// What a project is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProjectSpec {
    /// Teams or persons who own it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// Code repositories by name; modules refer to the name.
    #[serde(default)]
    pub repos: BTreeMap<String, RepoSpec>,
    /// How versions are written and ordered.
    #[serde(default)]
    pub versions: Versions,
    /// The promotion path and the pairs to compare.
    pub promotion: Promotion,
    /// How tickets are written in commit messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketPattern>,
    /// What every module gets unless it says otherwise.
    #[serde(default)]
    pub defaults: Defaults,
}

/// A code repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RepoSpec {
    /// Where it is fetched from: `https://…`, `ssh://…`, `git@host:path`, or a path relative to the config repository.
    pub url: String,
    /// The forge, for links; guessed from the host when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The branch that work is merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
}

/// A forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// GitHub and GitHub Enterprise.
    Github,
    /// GitLab.
    Gitlab,
    /// Bitbucket Cloud and Data Center.
    Bitbucket,
    /// Gitea and Forgejo.
    Gitea,
    /// A plain Git server.
    Other,
}

/// How versions are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VersionScheme {
    /// Semantic versioning 2.0.0, with or without a leading `v`.
    #[default]
    Semver,
    /// Calendar versions: numbers between dots or dashes, `2026.08.1`.
    Calver,
    /// Counting numbers, `v220`.
    Integer,
    /// No order; only same or not.
    Opaque,
}

/// How versions are written and ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Versions {
    /// The order of versions.
    #[serde(default)]
    pub scheme: VersionScheme,
    /// Regular expression of a release tag; a group named `v` is the version. Without it any version that the
    /// scheme understands and that is not a pre-release counts as a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_pattern: Option<String>,
}

/// The promotion path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Promotion {
    /// Environments in the order in which a version passes them.
    pub order: Vec<String>,
    /// The pairs that `pilab drift` compares without arguments; the neighbours of `order` when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<ComparePair>,
}

/// Two environments to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ComparePair {
    /// What `to` should be like.
    pub from: String,
    /// What is looked at.
    pub to: String,
    /// `promote` (default) or `mirror`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<crate::model::Mode>,
}

/// How a tracker's tickets are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TicketPattern {
    /// Tracker: `jira`, `github`, `gitlab`, or any word.
    pub system: String,
    /// Regular expression; the group `key` (or the whole match) is the ticket.
    pub pattern: String,
    /// Repository whose issues are meant, for forges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Address of a ticket; `{key}` stands for the key: `https://shop.atlassian.net/browse/{key}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What every document of a kind gets unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Defaults {
    /// Defaults of modules.
    #[serde(default)]
    pub module: ModuleDefaults,
}

/// Defaults of modules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ModuleDefaults {
    /// Repository name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Template from version to ref.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_template: Option<String>,
    /// Sources of environment variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<EnvSource>>,
    /// The scan of what the code reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_refs: Option<super::CodeRefs>,
}
