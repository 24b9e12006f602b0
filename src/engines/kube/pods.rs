//! Containers of pod templates: `envFrom`, then `env`, with `$(NAME)` of earlier ones.
use super::data::{Data, Found};
use super::{Container, Missing, Names, Object, Value, Variable};
use crate::engines::yaml::{Node, Span};
use std::collections::BTreeMap;

/// The longest value that `$(NAME)` may make.
const LENGTH: usize = 256 * 1024;

pub(super) fn containers(object: &Object<'_>, data: &Data) -> Vec<Container> {
    let Some(pod) = pod_spec(object.node) else { return Vec::new() };
    let kind = object.node.get("kind").and_then(Node::scalar_text).unwrap_or_default();
    let lists = ["initContainers", "containers"];
    let all = lists.iter().flat_map(|key| pod.get(key).map(Node::as_list).unwrap_or_default());
    all.map(|node| {
        let mut pod = Pod { object, data, vars: BTreeMap::new(), missing: Vec::new() };
        pod.read(node);
        Container {
            kind: kind.clone(),
            namespace: object.namespace.clone(),
            object: object.name.clone(),
            name: text(node, "name"),
            file: object.file.to_owned(),
            span: node.get("name").map_or(node.span, |name| name.span),
            vars: pod.vars,
            missing: pod.missing,
        }
    })
    .collect()
}

fn pod_spec(object: &Node) -> Option<&Node> {
    let spec = object.get("spec")?;
    let template = spec.get("template").and_then(|template| template.get("spec"));
    let job = || spec.get("jobTemplate")?.get("spec")?.get("template")?.get("spec");
    template.or_else(job).or_else(|| spec.get("containers").map(|_| spec))
}

fn text(node: &Node, key: &str) -> String {
    node.get(key).and_then(Node::scalar_text).unwrap_or_default()
}

/// A container while it is read.
struct Pod<'a> {
    object: &'a Object<'a>,
    data: &'a Data,
    vars: BTreeMap<String, Variable>,
    missing: Vec<Missing>,
}

impl Pod<'_> {
    fn read(&mut self, container: &Node) {
        for source in container.get("envFrom").map(Node::as_list).unwrap_or_default() {
            self.env_from(source);
        }
        for item in container.get("env").map(Node::as_list).unwrap_or_default() {
            let name = text(item, "name");
            if name.is_empty() {
                continue;
            }
            match self.env(&name, item) {
                Some(variable) => self.vars.insert(name, variable),
                // An item that gives nothing still stands in place of one before it.
                None => self.vars.remove(&name),
            };
        }
    }

    fn variable(&self, value: Value, span: Span) -> Variable {
        Variable { value, file: self.object.file.to_owned(), span }
    }

    fn env_from(&mut self, source: &Node) {
        let prefix = text(source, "prefix");
        let Some((kind, node)) = source_kind(source, "configMapRef", "secretRef") else { return };
        let (name, data) = (text(node, "name"), self.data);
        match data.object(kind, &name, &self.object.namespace) {
            Found::Keys(keys) => {
                self.vars.extend(keys.iter().map(|(key, value)| (format!("{prefix}{key}"), value.clone())));
            }
            found => {
                // Its keys are not known, so what came before may be overwritten.
                self.vars.retain(|name, _| !name.starts_with(&prefix));
                let several = matches!(found, Found::Several);
                self.miss((kind, name), several, node, Names::Prefix(prefix));
            }
        }
    }

    fn miss(&mut self, (kind, object): (&'static str, String), several: bool, node: &Node, names: Names) {
        let (optional, file) = (optional(node), self.object.file.to_owned());
        self.missing.push(Missing { kind, object, several, optional, names, file, span: node.span });
    }

    fn env(&mut self, variable: &str, item: &Node) -> Option<Variable> {
        let Some(from) = item.get("valueFrom") else {
            let written = item.get("value").filter(|value| !value.is_null());
            let raw = written.and_then(Node::scalar_text).unwrap_or_default();
            return Some(self.variable(expand(&raw, &self.vars), written.map_or(item.span, |value| value.span)));
        };
        if let Some((kind, node)) = source_kind(from, "configMapKeyRef", "secretKeyRef") {
            let (name, key, data) = (text(node, "name"), text(node, "key"), self.data);
            match data.object(kind, &name, &self.object.namespace) {
                Found::Keys(keys) => match keys.get(&key) {
                    Some(found) => return Some(found.clone()),
                    None if optional(node) => return None,
                    None => (),
                },
                Found::Several => {
                    self.miss((kind, name), true, node, Names::One(variable.to_owned()));
                    return None;
                }
                Found::Absent => (),
            }
            let text = format!("k8s://{kind}/{name}#{key}");
            let value = if kind == "Secret" { Value::SecretRef(text) } else { Value::Reference(text) };
            return Some(self.variable(value, node.span));
        }
        let field = |key: &str, path: &str| from.get(key)?.get(path).and_then(Node::scalar_text);
        let reference = match (field("fieldRef", "fieldPath"), field("resourceFieldRef", "resource")) {
            (Some(path), _) => format!("field://{path}"),
            (None, Some(resource)) => format!("resource://{resource}"),
            (None, None) => "unknown://valueFrom".to_owned(),
        };
        Some(self.variable(Value::Reference(reference), from.span))
    }
}

fn optional(node: &Node) -> bool {
    node.get("optional").and_then(Node::scalar_str) == Some("true")
}

fn source_kind<'a>(node: &'a Node, config: &str, secret: &str) -> Option<(&'static str, &'a Node)> {
    let config = node.get(config).map(|found| ("ConfigMap", found));
    config.or_else(|| node.get(secret).map(|found| ("Secret", found)))
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
