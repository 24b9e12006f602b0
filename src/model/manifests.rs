//! Kubernetes objects as texts: what `pilab render` prints, and what a patch is made of.
use super::{Pair, State};
use schemars::JsonSchema;
use serde::Serialize;

/// What a module renders to. Secrets are masked unless they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenderReport {
    /// `pilab.render/v1`.
    pub schema: &'static str,
    /// Module.
    pub module: String,
    /// Environment whose values were used; none for a plain ref.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Version or ref.
    pub version: String,
    /// Namespace of objects that say none.
    pub namespace: String,
    /// Objects in the order in which they are applied.
    pub manifests: Vec<RenderedManifest>,
    /// The chart's notes (`NOTES.txt`).
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub notes: String,
    /// Whether something in it is made of chance or time, and stands for what a real installation would make.
    pub generated: bool,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenderedManifest {
    /// Template or file that it comes from.
    pub source: String,
    /// Its YAML.
    pub text: String,
}

/// An object whose text differs between two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPatch {
    /// Module.
    pub module: String,
    /// Pair.
    pub pair: Pair,
    /// What the difference means: drift, pending or change.
    pub state: State,
    /// `Kind/name`.
    pub object: String,
    /// What the left text is, and the text; empty when the object is not there.
    pub before: (String, String),
    /// The same for the right one.
    pub after: (String, String),
}
