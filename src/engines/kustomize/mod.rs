//! kustomize without kustomize: a `kustomization.yaml` in a tree to Kubernetes objects, as `kubectl kustomize` gives them.
mod build;
mod fields;
mod generate;
mod json_patch;
mod load;
mod merge;
mod names;
mod resource;
mod schema;
mod select;
mod transform;

use crate::tree::Tree;
use serde_json::Value;
use std::fmt;

/// An object, and the file it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The object.
    pub object: Value,
    /// The resource file; for generated objects the kustomization file.
    pub file: String,
}

/// Bounds against hostile trees, for one whole build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Kustomizations within kustomizations.
    pub depth: usize,
    /// Kustomizations that are built, each time counted.
    pub builds: usize,
    /// Objects.
    pub objects: usize,
    /// Bytes of all files that are read.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: 40, builds: 2000, objects: 50_000, bytes: 64 << 20 }
    }
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A field or feature that is not done here.
    Unsupported,
    /// Something that must be fetched.
    Remote,
    /// A file or folder that is not there, or cannot be read.
    Missing,
    /// Text that is no YAML, or not what the place wants.
    Invalid,
    /// A limit.
    Limit,
}

/// Why a kustomization could not be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    /// What is wrong.
    pub message: String,
    /// The file it is about; empty when none is.
    pub file: String,
    /// The line there, from 1; 0 when not known.
    pub line: u32,
}

impl Error {
    fn new(kind: ErrorKind, file: &str, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), file: file.to_owned(), line: 0 }
    }

    fn invalid(file: &str, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Invalid, file, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.is_empty(), self.line) {
            (true, _) => f.write_str(&self.message),
            (false, 0) => write!(f, "{}: {}", self.file, self.message),
            (false, line) => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for Error {}

/// Builds the kustomization in the folder at `path` (empty for the root of the tree). Objects come in kustomize's order.
///
/// # Errors
/// What is not there, not valid, not done here, or beyond the limits.
pub fn build(tree: &dyn Tree, path: &str, limits: Limits) -> Result<Vec<Document>, Error> {
    build::run(tree, path, limits)
}

#[cfg(test)]
mod tests;
