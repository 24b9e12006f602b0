//! From manifests to objects: documents are parsed, lists opened, and identities taken.
use super::identity;
use super::{Input, Manifest, ObjectId, Options, ParseProblem, Side};
use crate::engines::yaml::{self, Node};

/// The documents of one manifest.
pub(super) struct Parsed<'a> {
    pub(super) index: usize,
    pub(super) manifest: &'a Manifest,
    pub(super) nodes: Vec<Node>,
}

/// An object with what is asked of it all the time.
pub(super) struct Object<'a> {
    pub(super) id: ObjectId,
    pub(super) api: &'a str,
    pub(super) node: &'a Node,
    pub(super) index: usize,
    pub(super) manifest: &'a Manifest,
}

impl Object<'_> {
    /// Whether Kubernetes itself defines the kind.
    pub(super) fn builtin(&self) -> bool {
        identity::builtin(&self.id.group)
    }

    /// Its text.
    pub(super) fn written(&self) -> &str {
        self.manifest.text.get(self.node.span.start..self.node.span.end).unwrap_or_default().trim_end()
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Node> {
        at(self.node, keys)
    }
}

/// The value at a path of keys below a node.
pub(super) fn at<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// Parses the manifests that `wanted` asks for.
pub(super) fn parse<'a>(
    manifests: &'a [Manifest],
    options: &Options,
    side: Side,
    problems: &mut Vec<ParseProblem>,
    wanted: impl Fn(usize, &Manifest) -> bool,
) -> Vec<Parsed<'a>> {
    let mut all = Vec::new();
    for (index, manifest) in manifests.iter().enumerate().filter(|(index, manifest)| wanted(*index, manifest)) {
        // As the tools read it that apply it: of two equal keys the last one counts.
        let (nodes, errors) = yaml::parse_all_as_helm(&manifest.text, &options.limits);
        problems.extend(errors.into_iter().map(|error| ParseProblem {
            side,
            source: manifest.source.clone(),
            line: line(manifest, error.span.start),
            message: error.message,
        }));
        all.push(Parsed { index, manifest, nodes });
    }
    all
}

/// The objects of the documents; what is none is a problem.
pub(super) fn objects<'a>(
    parsed: &'a [Parsed<'a>],
    input: &Input<'_>,
    side: Side,
    problems: &mut Vec<ParseProblem>,
) -> Vec<Object<'a>> {
    let mut found: Vec<Object<'a>> = Vec::new();
    for document in parsed {
        for node in &document.nodes {
            open(node, document, input, &mut found, side, problems, 0);
        }
    }
    found
}

fn open<'a>(
    node: &'a Node,
    document: &Parsed<'a>,
    input: &Input<'_>,
    found: &mut Vec<Object<'a>>,
    side: Side,
    problems: &mut Vec<ParseProblem>,
    depth: usize,
) {
    if node.is_null() || node.as_map().is_empty() && node.scalar_str().is_some_and(str::is_empty) {
        return;
    }
    let text = |key| node.get(key).and_then(Node::scalar_str);
    let (kind, api) = (text("kind").unwrap_or_default(), text("apiVersion").unwrap_or_default());
    if kind.ends_with("List") && depth < 8 && node.get("items").is_some() {
        for item in node.get("items").map(Node::as_list).unwrap_or_default() {
            open(item, document, input, found, side, problems, depth + 1);
        }
        return;
    }
    if kind.is_empty() {
        let message = "the document has no kind".to_owned();
        let line = line(document.manifest, node.span.start);
        problems.push(ParseProblem { side, source: document.manifest.source.clone(), line, message });
        return;
    }
    let id = identity::of(node, api, kind, input.namespace);
    found.push(Object { id, api, node, index: document.index, manifest: document.manifest });
}

/// How many objects an unparsed text probably has: its lines that begin with `kind:`.
pub(super) fn count(text: &str) -> usize {
    let mut count = usize::from(text.starts_with("kind:"));
    let mut rest = text;
    while let Some(at) = rest.find("\nkind:") {
        count += 1;
        rest = rest.get(at + 6..).unwrap_or_default();
    }
    count
}

/// The line of a byte, counted as the manifest counts.
pub(super) fn line(manifest: &Manifest, byte: usize) -> u32 {
    let before = manifest.text.as_bytes().get(..byte.min(manifest.text.len())).unwrap_or_default();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    manifest.first_line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
}
