//! What must hold inside of a document and a schema of types cannot say.
use super::document::{Document, Read};
use super::file::File;
use super::names::at;
use crate::engines::yaml::Node;
use crate::model::{Diagnostic, codes};
use std::collections::{BTreeMap, BTreeSet};

/// What a gate can ask to have been checked.
const VERIFIED: &[&str] = &["versions", "code", "env", "helm", "schema", "terraform"];

/// Problems of this sort in all documents.
pub(super) fn check(read: &Read) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut environments = BTreeMap::new();
    for document in read.documents.iter().filter(|document| document.kind == "Environment") {
        let name = at(&document.node, &["metadata", "name"]).and_then(Node::scalar_str).unwrap_or("");
        let list = at(&document.node, &["spec", "instances"]).map(Node::as_list).unwrap_or_default();
        environments.entry(name).or_insert(list);
    }
    for document in &read.documents {
        let Some(file) = read.files.get(document.file) else { continue };
        match document.kind {
            "Environment" => secrets(file, document, &mut problems),
            "Release" => sides(file, document, &mut problems),
            "Policy" => gates(file, document, &mut problems),
            "Deployment" => instances(&environments, file, document, &mut problems),
            _ => (),
        }
    }
    problems
}

/// A secret says where it is kept, or what its digest is.
fn secrets(file: &File, document: &Document, problems: &mut Vec<Diagnostic>) {
    let Some(spec) = document.node.get("spec") else { return };
    let modules = spec.get("modules").map(Node::as_map).unwrap_or_default();
    for holder in std::iter::once(spec).chain(modules.iter().map(|(_, value)| value)) {
        for (key, entry) in holder.get("secrets").map(Node::as_map).unwrap_or_default() {
            let empty = entry.as_map().iter().all(|(_, value)| value.is_null());
            if matches!(entry.data, crate::engines::yaml::Data::Map(_)) && empty {
                let message = format!("the secret '{}' has neither ref nor digest", file.shown(key));
                problems.push(Diagnostic::error(&codes::PL0011, message).at(file.place(key.span)));
            }
        }
    }
}

/// Each side of a release is exactly one thing.
fn sides(file: &File, document: &Document, problems: &mut Vec<Diagnostic>) {
    for side in ["from", "to"] {
        let Some((key, value)) = document.node.get("spec").and_then(|spec| spec.entry(side)) else { continue };
        let given = value.as_map().iter().filter(|(_, value)| !value.is_null()).count();
        if given != 1 {
            let message = format!("'{side}' names {given} things; it must be exactly one");
            problems.push(
                Diagnostic::error(&codes::PL0013, message)
                    .at(file.place(key.span))
                    .hint("choices: environment snapshot manifest"),
            );
        }
    }
}

fn gates(file: &File, document: &Document, problems: &mut Vec<Diagnostic>) {
    let gates = at(&document.node, &["spec", "gates", "promote"]).map(Node::as_list).unwrap_or_default();
    for word in gates.iter().flat_map(|gate| gate.get("requireVerified").map(Node::as_list).unwrap_or_default()) {
        let Some(text) = word.scalar_str().filter(|text| !VERIFIED.contains(text)) else { continue };
        problems.push(
            Diagnostic::error(&codes::PL0013, format!("'{}' is no kind of check", file.shown(word)))
                .at(file.place(word.span))
                .did_you_mean(text, VERIFIED.iter().copied())
                .hint(format!("choices: {}", VERIFIED.join(" "))),
        );
    }
}

/// Instances of a cell are those of its environment, once that names any.
fn instances(environments: &BTreeMap<&str, &[Node]>, file: &File, document: &Document, problems: &mut Vec<Diagnostic>) {
    let used = document.node.get("instances").map(Node::as_map).unwrap_or_default();
    if used.is_empty() {
        return;
    }
    let name = document.node.get("environment").and_then(Node::scalar_str).unwrap_or("");
    let list = environments.get(name).copied().unwrap_or_default();
    let known: BTreeSet<&str> = list.iter().filter_map(Node::scalar_str).collect();
    for (key, _) in used.iter().filter(|_| !known.is_empty()) {
        let Some(text) = key.scalar_str().filter(|text| !known.contains(text)) else { continue };
        let message = format!("environment '{}' has no instance '{}'", name, file.shown(key));
        problems.push(
            Diagnostic::error(&codes::PL0017, message)
                .at(file.place(key.span))
                .did_you_mean(text, known.iter().copied())
                .hint(format!("instances: {}", known.iter().copied().take(30).collect::<Vec<_>>().join(" "))),
        );
    }
}
