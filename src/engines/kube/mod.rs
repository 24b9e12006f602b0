//! Environment variables of the containers in Kubernetes manifests.
mod data;
pub mod objects;
mod pods;
mod source;

pub use source::{changes_variables, unrendered};

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

/// Which variables of a container are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// All that begin with this; empty for all.
    Prefix(String),
    /// One.
    One(String),
}

/// An object that a container takes variables from and that the files do not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its name.
    pub object: String,
    /// Whether it is there more than once, rather than not at all.
    pub several: bool,
    /// Whether the container starts without it.
    pub optional: bool,
    /// Which variables it could set.
    pub names: Names,
    /// File that names it.
    pub file: String,
    /// Where.
    pub span: Span,
}

/// A container, and the object that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Kind of the object.
    pub kind: String,
    /// Namespace of the object; empty when it says none.
    pub namespace: String,
    /// Name of the object.
    pub object: String,
    /// Name of the container.
    pub name: String,
    /// File of the object, and where the container stands.
    pub file: String,
    /// Where.
    pub span: Span,
    /// Its variables.
    pub vars: BTreeMap<String, Variable>,
    /// Where more variables come from.
    pub missing: Vec<Missing>,
}

/// A file with its documents.
pub type File = (String, Vec<Node>);

/// An object with what is asked of it all the time.
struct Object<'a> {
    file: &'a str,
    node: &'a Node,
    namespace: String,
    name: String,
}

/// The containers of all objects with a pod template, in order of writing. `List` objects are opened. With a `namespace`
/// only objects of it count, and those that say none.
pub fn containers(files: &[File], namespace: Option<&str>) -> Vec<Container> {
    let objects = objects(files, namespace);
    let data = data::Data::of(&objects);
    objects.iter().flat_map(|object| pods::containers(object, &data)).collect()
}

/// A key of a ConfigMap or Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Name of the object.
    pub object: String,
    /// Which of all objects it is, in order of writing.
    pub number: usize,
    /// The key.
    pub name: String,
    /// What it holds.
    pub variable: Variable,
}

/// Every key of every ConfigMap and Secret, in order of writing; of equal keys of one object the last one counts.
pub fn keys(files: &[File], namespace: Option<&str>) -> Vec<Key> {
    let mut all = Vec::new();
    for (number, object) in objects(files, namespace).iter().enumerate() {
        let Some(kind) = data::kind(object.node) else { continue };
        let of = |(name, variable)| Key { kind, object: object.name.clone(), number, name, variable };
        all.extend(data::entries(object).into_iter().map(of));
    }
    all
}

/// Whether an object of one kind and name is there for several namespaces.
pub fn several_namespaces(files: &[File]) -> bool {
    let mut known: BTreeMap<(String, String), String> = BTreeMap::new();
    objects(files, None).into_iter().filter(|object| !object.namespace.is_empty()).any(|object| {
        let kind = object.node.get("kind").and_then(Node::scalar_text).unwrap_or_default();
        let first = known.entry((kind, object.name)).or_insert_with(|| object.namespace.clone());
        *first != object.namespace
    })
}

fn objects<'a>(files: &'a [File], namespace: Option<&str>) -> Vec<Object<'a>> {
    let mut found = Vec::new();
    for (file, documents) in files {
        for document in documents {
            let list = document.get("kind").and_then(Node::text).is_some_and(|kind| kind.ends_with("List"));
            let items = if list { document.get("items").map(Node::as_list).unwrap_or_default() } else { &[] };
            for node in if list { items } else { std::slice::from_ref(document) } {
                let object =
                    Object { file, node, namespace: metadata(node, "namespace"), name: metadata(node, "name") };
                let here = |wanted| object.namespace.is_empty() || object.namespace == wanted;
                if namespace.is_none_or(here) {
                    found.push(object);
                }
            }
        }
    }
    found
}

fn metadata(object: &Node, key: &str) -> String {
    object.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Node::scalar_text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
