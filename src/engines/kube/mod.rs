//! Environment variables of the containers in Kubernetes manifests.
mod data;
mod pods;

use crate::engines::yaml::{Node, Span};
use std::collections::BTreeMap;

/// What a variable is set to.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Literal(String),
    /// The text of a key of a Secret; `Debug` masks it.
    Secret(String),
    /// A key of a Secret that is not in the files: `k8s://Secret/name#key`.
    SecretRef(String),
    /// Anything else that is resolved when the container starts: `k8s://ConfigMap/name#key`, `field://metadata.name`.
    Reference(String),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Literal(text) => write!(f, "Literal({text:?})"),
            Value::Secret(_) => f.write_str("Secret(***)"),
            Value::SecretRef(text) => write!(f, "SecretRef({text:?})"),
            Value::Reference(text) => write!(f, "Reference({text:?})"),
        }
    }
}

/// A variable with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it is set to.
    pub value: Value,
    /// File in which it stands.
    pub file: String,
    /// Where in the file.
    pub span: Span,
}

/// A container, and the object that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Kind of the object.
    pub kind: String,
    /// Name of the object.
    pub object: String,
    /// Name of the container.
    pub name: String,
    /// Its variables.
    pub vars: BTreeMap<String, Variable>,
}

/// A file with its documents.
pub type File = (String, Vec<Node>);

/// The containers of all objects with a pod template, in order of writing. `List` objects are opened.
pub fn containers(files: &[File]) -> Vec<Container> {
    let objects = objects(files);
    let data = data::Data::of(&objects);
    objects.iter().flat_map(|(file, object)| pods::containers(file, object, &data)).collect()
}

/// Every key of every ConfigMap and Secret as a variable; later objects win.
pub fn keys(files: &[File]) -> BTreeMap<String, Variable> {
    objects(files).iter().flat_map(|(file, object)| data::entries(file, object)).collect()
}

fn objects(files: &[File]) -> Vec<(&str, &Node)> {
    let mut found = Vec::new();
    for (file, documents) in files {
        for document in documents {
            match document.get("kind").and_then(Node::text) {
                Some(kind) if kind.ends_with("List") => {
                    let items = document.get("items").map(Node::as_list).unwrap_or_default();
                    found.extend(items.iter().map(|item| (file.as_str(), item)));
                }
                Some(_) => found.push((file.as_str(), document)),
                None => (),
            }
        }
    }
    found
}

fn name(object: &Node) -> String {
    object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::scalar_text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
