//! Custom resource definitions: merge keys out of their schemas, and what a change of a schema means.
use super::Step;
use super::merge_keys::Rule;
use super::walk::{Kind, Spot, Walk, canonical};
use crate::engines::yaml::{Data, Node};
use std::collections::{BTreeMap, BTreeSet};

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
            // An atomic list is replaced as a whole; its elements are still best told apart by their look.
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

/// Whether a schema path is that of the schema of a definition.
pub(super) fn is_schema(path: &str) -> bool {
    matches!(
        path,
        "CustomResourceDefinition:spec.versions.schema.openAPIV3Schema"
            | "CustomResourceDefinition:spec.validation.openAPIV3Schema"
    )
}

/// Compares two schemas that stand at the current path.
pub(super) fn schema(walk: &mut Walk<'_>, a: &Node, b: &Node) {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || keywords(walk, a, b));
}

fn keywords(walk: &mut Walk<'_>, a: &Node, b: &Node) {
    each(walk, a, b, |walk, key, one, two| match (key, one, two) {
        ("properties", one, two) => {
            let (one, two) = (one.map_or(&NOTHING, |spot| spot.node), two.map_or(&NOTHING, |spot| spot.node));
            properties(walk, one, two);
        }
        ("items" | "additionalProperties" | "not", Some(one), Some(two)) if both_maps(one.node, two.node) => {
            schema(walk, one.node, two.node);
        }
        _ if !differs(one, two) => walk.see_whole(one, two),
        ("description" | "title" | "example" | "externalDocs", ..) => walk.push(one, two, Kind::Documentation, ""),
        ("required", ..) => set(walk, one, two, ("required-removed", "required-added")),
        ("enum", Some(_), Some(_)) => set(walk, one, two, ("enum-removed", "enum-added")),
        ("type", ..) => walk.push(one, two, Kind::Value, "type"),
        _ => walk.push(one, two, Kind::Value, "schema"),
    });
}

static NOTHING: Node = Node {
    span: crate::engines::yaml::Span { start: 0, end: 0 },
    tag: None,
    data: Data::Map(Vec::new()),
    written: None,
};

fn both_maps(one: &Node, two: &Node) -> bool {
    matches!((&one.data, &two.data), (Data::Map(_), Data::Map(_)))
}

fn differs(one: Option<Spot<'_>>, two: Option<Spot<'_>>) -> bool {
    let text = |spot: Option<Spot<'_>>| {
        spot.map(|spot| canonical(spot.node)).filter(|text| text != "null" && !text.is_empty())
    };
    text(one) != text(two)
}

/// Calls back for every key of two mappings, with the path at it.
fn each<'n>(
    walk: &mut Walk<'_>,
    a: &'n Node,
    b: &'n Node,
    mut then: impl FnMut(&mut Walk<'_>, &str, Option<Spot<'n>>, Option<Spot<'n>>),
) {
    let mut all: BTreeMap<String, (Option<Spot<'n>>, Option<Spot<'n>>)> = BTreeMap::new();
    for (key, value) in a.as_map() {
        all.entry(key.resolved_key().unwrap_or_default()).or_default().0 = Some(Spot::entry(key, value));
    }
    for (key, value) in b.as_map() {
        all.entry(key.resolved_key().unwrap_or_default()).or_default().1 = Some(Spot::entry(key, value));
    }
    for (key, (one, two)) in all {
        walk.see(one, two);
        walk.path.push(Step::Key(key.clone()));
        then(walk, &key, one, two);
        walk.path.pop();
    }
}

fn properties<'n>(walk: &mut Walk<'_>, a: &'n Node, b: &'n Node) {
    each(walk, a, b, |walk, _, one, two| match (one, two) {
        (Some(one), Some(two)) => schema(walk, one.node, two.node),
        (Some(one), None) => walk.push(Some(one), None, Kind::Value, "field-removed"),
        (None, Some(two)) => walk.push(None, Some(two), Kind::Value, "field-added"),
        (None, None) => (),
    });
}

/// Compares two lists of scalars as sets.
fn set(walk: &mut Walk<'_>, a: Option<Spot<'_>>, b: Option<Spot<'_>>, tags: (&'static str, &'static str)) {
    fn items(spot: Option<Spot<'_>>) -> &[Node] {
        spot.map(|spot| spot.node.as_list()).unwrap_or_default()
    }
    let texts = |items: &[Node]| -> BTreeSet<String> { items.iter().map(canonical).collect() };
    let (from, to) = (texts(items(a)), texts(items(b)));
    for (list, other, gone) in [(items(a), &to, true), (items(b), &from, false)] {
        for (at, item) in list.iter().enumerate().filter(|(_, item)| !other.contains(&canonical(item))) {
            let (from, to) = if gone { (Some(at), None) } else { (None, Some(at)) };
            walk.path.push(Step::Item { from, to, label: item.scalar_text() });
            let spot = Some(Spot::item(item));
            if gone {
                walk.push(spot, None, Kind::Value, tags.0);
            } else {
                walk.push(None, spot, Kind::Value, tags.1);
            }
            walk.path.pop();
        }
    }
    if from == to && a.is_some() && b.is_some() {
        let order: Vec<String> = items(a).iter().map(canonical).collect();
        if order != items(b).iter().map(canonical).collect::<Vec<_>>() {
            walk.styled("list order", a.map(|spot| spot.span), b.map(|spot| spot.span));
        }
    }
}
