//! What an environment itself declares: variables and secrets of all modules, and of single ones.
use super::material::Material;
use super::sources::Reader;
use super::values::literal;
use crate::drift::Comparison;
use crate::engines::yaml::{Limits, Node, parse};
use crate::model::config::{Environment, ModuleVariables, SecretEntry};
use crate::model::{Place, Value, Variable};

/// Adds what the environment declares: for the module in any case; for all modules where the module's sources name it. Which
/// module reads the rest is not known, so it is kept aside and compared once for all of them.
pub(super) fn environment_level(c: &Comparison<'_>, env: &Environment, into: &mut Material) {
    let located = c.catalog.environments.iter().find(|found| found.value.metadata.name == env.metadata.name);
    let document = located.map(|found| found.place.clone());
    let document = document.unwrap_or_else(|| Place::of(&format!("environments/{}.yaml", env.metadata.name), "", 0, 0));
    let text = Reader::new(c.config).text(&document.file).ok().flatten().unwrap_or_default();
    let nodes = parse(&text, &Limits::default()).0;
    let node = nodes.iter().find(|node| is(node, &env.metadata.name)).and_then(|node| node.get("spec"));
    let module = &c.module.metadata.name;
    let general = ModuleVariables { variables: env.spec.variables.clone(), secrets: env.spec.secrets.clone() };
    let own = env.spec.modules.get(module);
    let own_node = node.and_then(|node| node.get("modules")).and_then(|modules| modules.get(module));
    for (part, node, specific) in std::iter::once((&general, node, false)).chain(own.map(|own| (own, own_node, true))) {
        let place = |list: &str, name: &str| {
            let entry = node.and_then(|node| node.get(list)).and_then(|list| list.entry(name));
            entry.map_or_else(
                || document.clone(),
                |(key, value)| Place::of(&document.file, &text, key.span.start, value.span.end.max(key.span.end)),
            )
        };
        for (name, value) in &part.variables {
            let place = place("variables", name);
            let variable =
                Variable { value: literal(name, value.text()), repository: String::new(), place, open: true };
            put(into, name, variable, specific);
        }
        for (name, entry) in &part.secrets {
            if let Some(value) = secret(entry) {
                let place = place("secrets", name);
                put(into, name, Variable { value, repository: String::new(), place, open: false }, specific);
            }
        }
    }
}

fn put(into: &mut Material, name: &str, variable: Variable, specific: bool) {
    if specific {
        into.spare.remove(name);
        into.insert("", name, variable);
    } else if into.names(name) {
        let ours = into.set.vars.iter_mut().filter(|(key, _)| key.1 == name);
        ours.for_each(|(_, old)| *old = variable.clone());
    } else {
        into.spare.insert(name.to_owned(), variable);
    }
}

fn is(node: &Node, name: &str) -> bool {
    node.get("kind").and_then(Node::text) == Some("Environment")
        && node.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::scalar_str) == Some(name)
}

fn secret(entry: &SecretEntry) -> Option<Value> {
    let digest = entry.digest.clone().map(Value::Digest);
    digest.or_else(|| entry.reference.clone().map(Value::SecretRef))
}
