//! Custom resource definitions: merge keys out of their schemas, and what a change of a schema means.
use super::Step;
use super::merge_keys::Rule;
use super::walk::{Spot, Walk};
use crate::engines::yaml::Node;
use std::collections::BTreeMap;

/// Group, kind and merge keys that a definition gives.
pub(super) fn lists(definition: &Node) -> Option<(String, String, BTreeMap<String, Rule>)> {
    let spec = definition.get("spec")?;
    let group = spec.get("group").and_then(Node::scalar_text)?;
    let kind = spec.get("names").and_then(|names| names.get("kind")).and_then(Node::scalar_text)?;
    let mut lists = BTreeMap::new();
    for version in spec.get("versions").map(Node::as_list).unwrap_or_default() {
        if let Some(schema) = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema")) {
            gather(schema, &format!("~{kind}:"), &mut lists);
        }
    }
    Some((group, kind, lists))
}

fn gather(schema: &Node, path: &str, lists: &mut BTreeMap<String, Rule>) {
    if let Some(items) = schema.get("items") {
        let kind = schema.get("x-kubernetes-list-type").and_then(Node::scalar_str);
        let keys = schema.get("x-kubernetes-list-map-keys").map(Node::as_list).unwrap_or_default();
        let properties = items.get("properties");
        let default = |key: &str| {
            let given = properties.and_then(|all| all.get(key)).and_then(|one| one.get("default"));
            if given.and_then(Node::scalar_str) == Some("TCP") { "TCP" } else { "-" }
        };
        let rule = match kind {
            Some("map") if !keys.is_empty() => Some(Rule::Keyed {
                keys: keys.iter().filter_map(Node::scalar_text).map(|key| (key.clone(), default(&key))).collect(),
                ordered: false,
            }),
            Some("set") => Some(Rule::Set),
            Some("atomic") => Some(Rule::Ordered),
            _ => None,
        };
        if let Some(rule) = rule {
            lists.insert(path.to_owned(), rule);
        }
        gather(items, path, lists);
    }
    for (key, value) in schema.get("properties").map(Node::as_map).unwrap_or_default() {
        let dot = if path.ends_with(':') { "" } else { "." };
        if let Some(key) = key.scalar_str() {
            gather(value, &format!("{path}{dot}{key}"), lists);
        }
    }
}

/// Compares two definitions.
pub(super) fn compare(walk: &mut Walk<'_>, a: Spot<'_>, b: Spot<'_>) {
    walk.both(a, b);
    let _: Option<Step> = None;
}
