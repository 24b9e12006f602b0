//! Rules: what can be found, as data. `pilab explain`, the reference, schemas and filters are made from them.
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// A kind of drift; the word after `--check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Which version is where (`VER`).
    Versions,
    /// Commits between two versions (`CODE`).
    Code,
    /// Environment variables (`ENV`).
    Env,
    /// Kubernetes objects, out of charts, kustomizations and manifests (`K8S`).
    Helm,
    /// Database schemas, out of migrations and live databases (`DB`).
    Schema,
}

impl Kind {
    /// The word for it, as in flags and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Versions => "versions",
            Kind::Code => "code",
            Kind::Env => "env",
            Kind::Helm => "helm",
            Kind::Schema => "schema",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Something that a detector can find. The id is for ever.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rule {
    /// Family and number: `ENV007`.
    pub id: &'static str,
    /// The kind that reports it.
    pub kind: Kind,
    /// What it means, one line without full stop.
    pub title: &'static str,
    /// Where the score starts, in tenths (0 to 100).
    pub base: i32,
    /// The text of `pilab explain RULE`: when it is raised, why it matters, what to do. Markdown.
    pub help: &'static str,
}
