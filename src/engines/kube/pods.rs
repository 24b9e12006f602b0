//! Containers of pod templates: `envFrom`, then `env`, with `$(NAME)` of earlier ones.
use super::data::Data;
use super::{Container, Value, Variable, name};
use crate::engines::yaml::{Node, Span};
use std::collections::BTreeMap;

/// The longest value that `$(NAME)` may make.
const LENGTH: usize = 256 * 1024;

pub(super) fn containers(file: &str, object: &Node, data: &Data) -> Vec<Container> {
    let Some(pod) = pod_spec(object) else { return Vec::new() };
    let kind = object.get("kind").and_then(Node::scalar_text).unwrap_or_default();
    let lists = ["initContainers", "containers"];
    let all = lists.iter().flat_map(|key| pod.get(key).map(Node::as_list).unwrap_or_default());
    all.map(|container| Container {
        kind: kind.clone(),
        object: name(object),
        name: container.get("name").and_then(Node::scalar_text).unwrap_or_default(),
        vars: variables(file, container, data),
    })
    .collect()
}

fn pod_spec(object: &Node) -> Option<&Node> {
    let spec = object.get("spec")?;
    let template = spec.get("template").and_then(|template| template.get("spec"));
    let job = || spec.get("jobTemplate")?.get("spec")?.get("template")?.get("spec");
    template.or_else(job).or_else(|| spec.get("containers").map(|_| spec))
}

fn variables(file: &str, container: &Node, data: &Data) -> BTreeMap<String, Variable> {
    let mut vars = BTreeMap::new();
    for source in container.get("envFrom").map(Node::as_list).unwrap_or_default() {
        env_from(file, source, data, &mut vars);
    }
    for item in container.get("env").map(Node::as_list).unwrap_or_default() {
        let Some(name) = item.get("name").and_then(Node::scalar_text) else { continue };
        if let Some(variable) = env(file, item, data, &vars) {
            vars.insert(name, variable);
        }
    }
    vars
}

fn source_kind(node: &Node, config: &str, secret: &str) -> Option<(&'static str, Node)> {
    let config = node.get(config).map(|found| ("ConfigMap", found.clone()));
    config.or_else(|| node.get(secret).map(|found| ("Secret", found.clone())))
}

fn env_from(file: &str, source: &Node, data: &Data, vars: &mut BTreeMap<String, Variable>) {
    let prefix = source.get("prefix").and_then(Node::scalar_text).unwrap_or_default();
    let Some((kind, node)) = source_kind(source, "configMapRef", "secretRef") else { return };
    let name = node.get("name").and_then(Node::scalar_text).unwrap_or_default();
    match data.object(kind, &name) {
        Some(keys) => vars.extend(keys.iter().map(|(key, value)| (format!("{prefix}{key}"), value.clone()))),
        None => {
            // Its keys are not known; one entry under a name that no variable can have keeps the object in sight.
            let text = format!("k8s://{kind}/{name}");
            let value = if kind == "Secret" { Value::SecretRef(text) } else { Value::Reference(text) };
            let variable = Variable { value, file: file.to_owned(), span: node.span };
            vars.insert(format!("{prefix}*({kind}/{name})"), variable);
        }
    }
}

fn env(file: &str, item: &Node, data: &Data, earlier: &BTreeMap<String, Variable>) -> Option<Variable> {
    let at = |value: Value, span: Span| Some(Variable { value, file: file.to_owned(), span });
    let Some(from) = item.get("valueFrom") else {
        let written = item.get("value").filter(|value| !value.is_null());
        let raw = written.and_then(Node::scalar_text).unwrap_or_default();
        return at(expand(&raw, earlier), written.map_or(item.span, |value| value.span));
    };
    if let Some((kind, node)) = source_kind(from, "configMapKeyRef", "secretKeyRef") {
        let name = node.get("name").and_then(Node::scalar_text).unwrap_or_default();
        let key = node.get("key").and_then(Node::scalar_text).unwrap_or_default();
        if let Some(keys) = data.object(kind, &name) {
            if let Some(found) = keys.get(&key) {
                return Some(found.clone());
            }
            if node.get("optional").and_then(Node::scalar_text).as_deref() == Some("true") {
                return None;
            }
        }
        let text = format!("k8s://{kind}/{name}#{key}");
        return at(if kind == "Secret" { Value::SecretRef(text) } else { Value::Reference(text) }, node.span);
    }
    let field = |key: &str, path: &str| from.get(key)?.get(path).and_then(Node::scalar_text);
    let reference = match (field("fieldRef", "fieldPath"), field("resourceFieldRef", "resource")) {
        (Some(path), _) => format!("field://{path}"),
        (None, Some(resource)) => format!("resource://{resource}"),
        (None, None) => "unknown://valueFrom".to_owned(),
    };
    at(Value::Reference(reference), from.span)
}

/// Replaces `$(NAME)` by earlier variables; `$$(NAME)` is `$(NAME)`. A value made of a secret is a secret.
fn expand(raw: &str, earlier: &BTreeMap<String, Variable>) -> Value {
    let (mut out, mut rest, mut secret) = (String::new(), raw, false);
    while let Some(at) = rest.find('$') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let named = tail.strip_prefix("$(").and_then(|inner| inner.split_once(')'));
        let value = named.and_then(|(name, after)| match &earlier.get(name)?.value {
            Value::Literal(text) => Some((text, after, false)),
            Value::Secret(text) => Some((text, after, true)),
            Value::SecretRef(_) | Value::Reference(_) => None,
        });
        if let Some(after) = tail.strip_prefix("$$") {
            out.push('$');
            rest = after;
        } else if let Some((text, after, hidden)) = value.filter(|(text, ..)| out.len() + text.len() <= LENGTH) {
            out.push_str(text);
            secret |= hidden;
            rest = after;
        } else {
            out.push('$');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    if secret { Value::Secret(out) } else { Value::Literal(out) }
}
