//! Roles and bindings: what is allowed before and after.
use super::{Finding, Seen};
use crate::engines::kube::objects::document::{Object, at};
use crate::engines::kube::objects::{Class, Step};
use crate::engines::yaml::Node;
use std::collections::BTreeSet;

/// One thing that is allowed: group, resource, name, verb; a path alone for what is no resource.
type Grant = [String; 4];

/// Beyond this many grants a role counts as changed without looking.
const MOST: usize = 5_000;

/// All that the rules allow.
fn grants(node: &Node) -> BTreeSet<Grant> {
    allowed(node.get("rules").map(Node::as_list).unwrap_or_default())
}

fn allowed(rules: &[Node]) -> BTreeSet<Grant> {
    let mut all = BTreeSet::new();
    for rule in rules {
        let list = |key: &str| -> Vec<String> {
            let items = rule.get(key).map(Node::as_list).unwrap_or_default();
            items.iter().filter_map(Node::scalar_text).collect()
        };
        let (verbs, paths) = (list("verbs"), list("nonResourceURLs"));
        let (groups, resources, mut names) = (list("apiGroups"), list("resources"), list("resourceNames"));
        if names.is_empty() {
            names.push("*".to_owned());
        }
        for verb in &verbs {
            for path in &paths {
                all.insert([String::new(), path.clone(), String::new(), verb.clone()]);
            }
            for group in &groups {
                for resource in &resources {
                    for name in &names {
                        if all.len() > MOST {
                            return all;
                        }
                        all.insert([group.clone(), resource.clone(), name.clone(), verb.clone()]);
                    }
                }
            }
        }
    }
    all
}

/// Whether a grant is within another.
fn within(grant: &Grant, other: &Grant) -> bool {
    grant.iter().zip(other).all(|(one, all)| one == all || all == "*")
}

/// What `one` allows and `other` does not.
fn beyond(one: &BTreeSet<Grant>, other: &BTreeSet<Grant>) -> Vec<Grant> {
    let wide: Vec<&Grant> = other.iter().filter(|grant| grant.iter().any(|part| part == "*")).collect();
    one.iter().filter(|grant| !other.contains(*grant) && !wide.iter().any(|all| within(grant, all))).cloned().collect()
}

/// The gravest thing that grants bring.
fn gravest(gained: &[Grant], cluster: bool) -> Class {
    let any = |test: &dyn Fn(&Grant) -> bool| gained.iter().any(test);
    if any(&|[group, resource, _, verb]| verb == "*" || resource == "*" && !group.is_empty()) {
        return Class::RbacWildcard;
    }
    if any(&|[_, _, _, verb]| matches!(verb.as_str(), "escalate" | "bind" | "impersonate")) {
        return Class::RbacEscalation;
    }
    let reads = |verb: &str| matches!(verb, "get" | "list" | "watch");
    if cluster
        && any(&|[group, resource, name, verb]| group.is_empty() && resource == "secrets" && name == "*" && reads(verb))
    {
        return Class::RbacSecrets;
    }
    if any(&|[_, resource, _, _]| resource == "*") { Class::RbacWildcard } else { Class::RbacWidened }
}

fn told(grants: &[Grant]) -> String {
    let one = |[group, resource, name, verb]: &Grant| {
        let dot = if group.is_empty() { "" } else { "." };
        let name = if name == "*" || name.is_empty() { String::new() } else { format!("/{name}") };
        format!("{verb} {resource}{dot}{group}{name}")
    };
    let mut text = grants.iter().take(4).map(one).collect::<Vec<_>>().join(", ");
    if grants.len() > 4 {
        text.push_str(&format!(" and {} more", grants.len() - 4));
    }
    text
}

/// A field of a Role or ClusterRole. Nothing when all rules together allow the same as before.
pub(super) fn role(seen: &Seen<'_>) -> Option<Finding> {
    if !seen.field().starts_with("rules") {
        let aggregation = seen.field().starts_with("aggregationRule");
        return Some(Finding::of(if aggregation { Class::RbacWidened } else { Class::OtherField }));
    }
    let (before, after) = (grants(seen.a.node), grants(seen.b.node));
    if before.len().max(after.len()) > MOST {
        return Some(Finding::with(Class::RbacWidened, "too many rights to compare"));
    }
    // What the one rule brings or takes, against all rules of the other side.
    let (from, to) = match seen.raw.path.0.get(1) {
        Some(Step::Item { from, to, .. }) => (rule(seen.a.node, *from), rule(seen.b.node, *to)),
        _ => (before.clone(), after.clone()),
    };
    let (gained, lost) = (beyond(&to, &before), beyond(&from, &after));
    match (seen.raw.after.is_none(), gained.is_empty(), lost.is_empty()) {
        (true, _, true) | (false, true, true) => None,
        (true, _, false) | (false, true, false) => {
            Some(Finding::with(Class::RbacNarrowed, format!("no longer: {}", told(&lost))))
        }
        (false, false, _) => {
            let cluster = seen.b.id.kind == "ClusterRole";
            Some(Finding::with(gravest(&gained, cluster), format!("now also: {}", told(&gained))))
        }
    }
}

/// What one rule of a role allows.
fn rule(node: &Node, at: Option<usize>) -> BTreeSet<Grant> {
    let rules = node.get("rules").map(Node::as_list).unwrap_or_default();
    at.and_then(|at| rules.get(at)).map(|rule| allowed(std::slice::from_ref(rule))).unwrap_or_default()
}

/// A field of a binding.
pub(super) fn binding(seen: &Seen<'_>) -> Finding {
    if !seen.field().starts_with("subjects") {
        return Finding::of(Class::OtherField);
    }
    if seen.raw.after.is_none() {
        return Finding::of(Class::RbacNarrowed);
    }
    Finding::of(bound(seen.b.node, Class::RbacBinding))
}

fn bound(node: &Node, otherwise: Class) -> Class {
    let role = at(node, &["roleRef", "name"]).and_then(Node::scalar_str).unwrap_or_default();
    let open = |subject: &Node| {
        let name = subject.get("name").and_then(Node::scalar_str).unwrap_or_default();
        matches!(name, "system:unauthenticated" | "system:anonymous" | "system:authenticated")
    };
    let subjects = node.get("subjects").map(Node::as_list).unwrap_or_default();
    if role == "cluster-admin" || subjects.iter().any(open) { Class::RbacClusterAdmin } else { otherwise }
}

/// A role or binding that is new.
pub(super) fn added(object: &Object<'_>) -> Option<Finding> {
    match object.id.kind.as_str() {
        "Role" | "ClusterRole" => {
            let all: Vec<Grant> = grants(object.node).into_iter().collect();
            let class = match gravest(&all, object.id.kind == "ClusterRole") {
                Class::RbacWidened => Class::RbacAdded,
                grave => grave,
            };
            Some(Finding::with(class, told(&all)))
        }
        "RoleBinding" | "ClusterRoleBinding" => Some(Finding::of(bound(object.node, Class::RbacAdded))),
        _ => None,
    }
}
