//! Environment variables of a module: name, value, and where each comes from.
use super::{Place, Secret};
use std::collections::BTreeMap;

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text; may be empty, which is not the same as not set.
    Literal(String),
    /// A text that must not be shown or stored: a key of a Secret, or a name that says so.
    Secret(Secret),
    /// A secret kept elsewhere, named by a reference: `vault://kv/shop/prod#password`, `k8s://Secret/db#password`.
    SecretRef(String),
    /// A keyed digest of a secret: `hmac-sha256:<kid>:<digest>`.
    Digest(String),
    /// Another reference that is resolved when the container starts: `k8s://ConfigMap/app#LOG` that is not in the
    /// repository, a field of the pod, or pass-through from the shell of whoever starts it.
    Reference(String),
}

/// A variable with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it is set to.
    pub value: Value,
    /// Name of the repository it was read from; empty is the config repository.
    pub repository: String,
    /// Where it is set. The text of the place is not yet masked.
    pub place: Place,
    /// Whether everyone who reads the file reads the value; not so for references, digests and keys of a Secret.
    pub open: bool,
}

/// All variables of a module for one version and environment: container (or compose service) and name to variable.
/// The container name is empty where the source has none (`.env` files, variables of the environment).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableSet {
    /// By container, then name.
    pub vars: BTreeMap<(String, String), Variable>,
    /// How many source files were read.
    pub files_read: usize,
}
