//! What surrounds the objects that differ: schemas of custom resources, ports by name, who names whom.
use super::compare::Sides;
use super::document::{self, Object, Parsed, at};
use super::merge_keys::Rule;
use super::rename::Why;
use super::walk::Walk;
use super::{Input, Manifest, Options, Side, crd};
use crate::engines::yaml::{Data, Node};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};

/// Merge keys of the lists of one kind.
type Lists = BTreeMap<String, Rule>;

/// What was gathered.
#[derive(Default)]
pub(super) struct Context {
    /// By group and kind.
    kinds: BTreeMap<(String, String), Lists>,
    /// Ports of containers by name, where one name has one number.
    pub(super) ports: BTreeMap<String, String>,
    /// Pods that each workload after runs, by name of the workload, with the labels of the pods.
    pub(super) replicas: Vec<(BTreeMap<String, String>, i64)>,
}

impl Context {
    /// Merge keys of the kind of an object.
    pub(super) fn lists(&self, object: &Object<'_>) -> Lists {
        let key = (object.id.group.clone(), object.id.kind.clone());
        self.kinds.get(&key).cloned().unwrap_or_default()
    }
}

/// Gathers what the objects need. Equal manifests are parsed only when one of them can matter.
pub(super) fn context(
    to: &Input<'_>,
    objects: (&[Object<'_>], &[Object<'_>]),
    equal: &(BTreeSet<usize>, BTreeSet<usize>),
    options: &Options,
) -> Context {
    let mut context = Context::default();
    let kinds: BTreeSet<&str> =
        objects.1.iter().filter(|object| !object.builtin()).map(|object| object.id.kind.as_str()).collect();
    let any = |kinds: &[&str]| objects.1.iter().any(|object| kinds.contains(&object.id.kind.as_str()));
    let (services, budgets) = (any(&["Service"]), any(&["PodDisruptionBudget"]));
    let wanted = |at: usize, manifest: &Manifest| {
        let text: &str = &manifest.text;
        let schema = || text.contains("kind: CustomResourceDefinition") && kinds.iter().any(|kind| text.contains(kind));
        let workload = || (services || budgets) && text.contains("containers:") && !text.contains("openAPIV3Schema");
        equal.1.contains(&at) && (!kinds.is_empty() && schema() || workload())
    };
    let mut ignored = Vec::new();
    let parsed: Vec<Parsed<'_>> = document::parse(to.manifests, options, Side::To, &mut ignored, wanted);
    let more = document::objects(&parsed, to, Side::To, &mut ignored);
    let mut ports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for object in objects.0 {
        gather_ports(object, &mut ports);
    }
    for object in objects.1.iter().chain(&more) {
        gather_ports(object, &mut ports);
        context.replicas.extend(replicas(object));
        if object.id.kind == "CustomResourceDefinition"
            && let Some((group, kind, lists)) = crd::lists(object.node)
        {
            context.kinds.insert((group, kind), lists);
        }
    }
    let one = |(name, numbers): (String, BTreeSet<String>)| match numbers.len() {
        1 => Some((name, numbers.into_iter().next()?)),
        _ => None,
    };
    context.ports = ports.into_iter().filter_map(one).collect();
    context
}

/// The pod template of a workload.
pub(super) fn template(node: &Node) -> Option<&Node> {
    at(node, &["spec", "template"]).or_else(|| at(node, &["spec", "jobTemplate", "spec", "template"]))
}

fn gather_ports(object: &Object<'_>, ports: &mut BTreeMap<String, BTreeSet<String>>) {
    let Some(spec) = template(object.node).and_then(|template| template.get("spec")) else { return };
    for list in ["containers", "initContainers"] {
        for container in spec.get(list).map(Node::as_list).unwrap_or_default() {
            for port in container.get("ports").map(Node::as_list).unwrap_or_default() {
                let text = |key| port.get(key).and_then(Node::scalar_text);
                if let (Some(name), Some(number)) = (text("name"), text("containerPort")) {
                    ports.entry(name).or_default().insert(number);
                }
            }
        }
    }
}

fn replicas(object: &Object<'_>) -> Option<(BTreeMap<String, String>, i64)> {
    if !matches!(object.id.kind.as_str(), "Deployment" | "StatefulSet" | "ReplicaSet") {
        return None;
    }
    let labels = template(object.node).and_then(|template| at(template, &["metadata", "labels"]))?;
    let count = match object.at(&["spec", "replicas"]).and_then(Node::scalar_str) {
        Some(text) => text.parse().ok()?,
        None => 1,
    };
    let pair = |(key, value): &(Node, Node)| Some((key.scalar_text()?, value.scalar_text()?));
    Some((labels.as_map().iter().filter_map(pair).collect(), count))
}

/// Names before with the names after, longest first: what follows from them is no change of its own.
pub(super) fn names(side: &Sides<'_>) -> Vec<(String, String)> {
    let mut names: BTreeSet<(String, String)> = BTreeSet::new();
    for pair in side.pairing.pairs.iter().filter(|pair| pair.why != Why::Same && pair.why != Why::Release) {
        if let (Some(a), Some(b)) = (side.left.get(pair.from), side.right.get(pair.to))
            && a.id.name != b.id.name
        {
            names.insert((a.id.name.clone(), b.id.name.clone()));
        }
    }
    names.extend(side.pairing.release.clone());
    let (old, new) = (side.from.namespace, side.to.namespace);
    if old != new && !old.is_empty() && !new.is_empty() {
        names.insert((old.to_owned(), new.to_owned()));
    }
    let mut names: Vec<(String, String)> = names.into_iter().collect();
    names.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    names
}

/// Two Secrets of which one alone writes `stringData`, both with `data`.
pub(super) fn encoded(a: &Object<'_>, b: &Object<'_>, walk: &mut Walk<'_>) -> Option<(Node, Node)> {
    let plain = |object: &Object<'_>| object.at(&["stringData"]).map(|node| node.span);
    if b.id.kind != "Secret" || !b.builtin() || plain(a).is_some() == plain(b).is_some() {
        return None;
    }
    walk.styled("stringData", plain(a), plain(b));
    Some((encode(a.node), encode(b.node)))
}

fn encode(node: &Node) -> Node {
    let mut node = node.clone();
    let Data::Map(entries) = &mut node.data else { return node };
    let Some(at) = entries.iter().position(|(key, _)| key.text() == Some("stringData")) else { return node };
    let (mut key, mut value) = entries.remove(at);
    key.data = Data::Text("data".to_owned());
    if let Data::Map(values) = &mut value.data {
        for (_, value) in values {
            let text = value.scalar_text().unwrap_or_default();
            (value.data, value.written) = (Data::Text(STANDARD.encode(text)), None);
        }
    }
    match entries.iter_mut().find(|(key, _)| key.text() == Some("data")) {
        Some((_, data)) => {
            if let (Data::Map(known), Data::Map(more)) = (&mut data.data, value.data) {
                let new = |name: &Node| more.iter().any(|(key, _)| key.text() == name.text());
                known.retain(|(name, _)| !new(name));
                known.extend(more);
            }
        }
        None => entries.push((key, value)),
    }
    node
}
