//! Files that are no manifests yet: templates that must be rendered, kustomizations that must be built.
use crate::engines::yaml::{Node, Span};

/// What Helm's templates begin with, behind `{{` and blanks.
const HELM: [&str; 17] = [
    ".Values",
    ".Release",
    ".Chart",
    ".Capabilities",
    ".Files",
    ".Template",
    "$.",
    "include ",
    "template ",
    "tpl ",
    "if ",
    "range ",
    "with ",
    "end",
    "define ",
    "toYaml ",
    "quote ",
];
/// What a kustomization does to variables.
const CHANGES: [&str; 13] = [
    "configMapGenerator",
    "secretGenerator",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "components",
    "replacements",
    "vars",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "generators",
    "transformers",
];

/// Where a text stands that only a template engine makes a value of. What ConfigMaps and Secrets hold does not count:
/// it may be a template of the program itself.
pub fn unrendered(document: &Node) -> Option<Span> {
    let holder = matches!(document.get("kind").and_then(Node::text), Some("ConfigMap" | "Secret"));
    let data = |key: &Node| holder && matches!(key.scalar_str(), Some("data" | "stringData" | "binaryData"));
    document.as_map().iter().filter(|(key, _)| !data(key)).find_map(|(key, value)| walk(key).or_else(|| walk(value)))
}

fn walk(node: &Node) -> Option<Span> {
    if let Some(text) = node.scalar_str() {
        return template(text).then_some(node.span);
    }
    let entries = node.as_map().iter().find_map(|(key, value)| walk(key).or_else(|| walk(value)));
    entries.or_else(|| node.as_list().iter().find_map(walk))
}

fn template(text: &str) -> bool {
    text.match_indices("{{").any(|(at, _)| {
        let inner = text.get(at + 2..).unwrap_or_default().trim_start_matches('-').trim_start();
        HELM.iter().any(|word| inner.starts_with(word))
    })
}

/// The first key of a kustomization that changes what containers get; nothing for other documents.
pub fn changes_variables(document: &Node) -> Option<&'static str> {
    let word = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    let ours = matches!(word("kind"), "Kustomization" | "Component") || word("kind").is_empty();
    let flux = word("apiVersion").starts_with("kustomize.toolkit.fluxcd.io");
    if !ours || flux || document.get("metadata").is_some_and(|_| word("kind").is_empty()) {
        return None;
    }
    CHANGES.into_iter().find(|key| document.get(key).is_some())
}
