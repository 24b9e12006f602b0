//! From files to typed documents: reading, envelope, check against the kind's rule.
use super::check::Check;
use super::file::{File, mask_unread};
use super::schema::{self, KINDS};
use super::secrets;
use crate::engines::yaml::{self, ErrorKind, Limits, Node, Span};
use crate::model::config::API_VERSION;
use crate::model::{Code, Diagnostic, Place, closest, codes};
use crate::tree::{READ_LIMIT, Tree, TreeError, glob};
use serde_json::Value;

/// Folders whose YAML files belong to the config repository.
const FOLDERS: &[&str] = &[
    "modules",
    "environments",
    "manifest",
    "policies",
    "baselines",
    "snapshots",
    "sources",
    "releases",
    "integrations",
    "tenants",
    "projects",
];

/// Files at the root.
const ROOTS: &[&str] = &[".pilab.yaml", ".pilab.yml", "pilab.yaml", "pilab.yml", "project.yaml", "project.yml"];

/// Files and folders that documents are read from.
pub(super) fn places() -> impl Iterator<Item = &'static str> {
    ROOTS.iter().chain(FOLDERS).copied()
}

/// Words that people write for kinds.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("env", "Environment"),
    ("stage", "Environment"),
    ("service", "Module"),
    ("submodule", "Module"),
    ("component", "Module"),
    ("deploy", "Deployment"),
    ("cell", "Deployment"),
    ("rule", "Policy"),
];

/// Nodes that all files together may have after aliases were replaced.
const NODES: usize = 3_000_000;

/// More problems of one file are not listed.
pub(super) const MOST: usize = 1000;

/// A document of a known kind.
pub(super) struct Document {
    /// Index of its file.
    pub(super) file: usize,
    pub(super) kind: &'static str,
    pub(super) node: Node,
    /// The value for serde; `None` when something is wrong with it.
    pub(super) value: Option<Value>,
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Read {
    pub(super) files: Vec<File>,
    pub(super) documents: Vec<Document>,
    pub(super) problems: Vec<Diagnostic>,
    nodes: usize,
}

/// Reads all files of the config repository.
pub(super) fn read(tree: &dyn Tree) -> Read {
    let mut read = Read::default();
    for path in paths(tree, &mut read.problems) {
        match text(tree, &path) {
            Ok(Some(text)) => one_file(File::new(path, text), &mut read),
            Ok(None) => (),
            Err(error) => read.problems.push(unreadable(&path, &error)),
        }
    }
    read
}

fn unreadable(path: &str, error: &TreeError) -> Diagnostic {
    let reason = match error {
        TreeError::NotUtf8 => "it is not text in UTF-8".to_owned(),
        other => other.to_string(),
    };
    Diagnostic::error(&codes::PL0021, format!("{path} cannot be read: {reason}")).at(Place {
        file: path.to_owned(),
        line: 1,
        column: 1,
        width: 1,
        text: String::new(),
    })
}

fn paths(tree: &dyn Tree, problems: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    match tree.list("") {
        Ok(entries) => paths.extend(
            entries
                .unwrap_or_default()
                .into_iter()
                .map(|entry| entry.name)
                .filter(|name| ROOTS.contains(&name.as_str())),
        ),
        Err(error) => problems.push(unreadable(".", &error)),
    }
    for folder in FOLDERS {
        match glob(tree, &format!("{folder}/**/*.{{yaml,yml}}")) {
            Ok(found) => paths.extend(found),
            Err(error) => problems.push(unreadable(folder, &error)),
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

fn text(tree: &dyn Tree, path: &str) -> Result<Option<String>, TreeError> {
    match tree.read(path, READ_LIMIT)? {
        Some(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| TreeError::NotUtf8),
        None => Ok(None),
    }
}

fn one_file(mut file: File, read: &mut Read) {
    let all = Limits::default();
    let limits = Limits { nodes: all.nodes.min(NODES.saturating_sub(read.nodes)), ..all };
    let (nodes, errors) = yaml::parse(&file.text, &limits);
    read.nodes += nodes.iter().map(count).sum::<usize>();
    let mut problems = Vec::new();
    let mut wrong = secrets::scan(&mut file, &nodes, &mut problems);
    wrong.extend(errors.iter().filter(|error| error.kind != ErrorKind::Limit).map(|error| error.span.start));
    wrong.sort_unstable();
    problems.extend(errors.iter().map(|error| yaml_problem(&file, error)));
    let index = read.files.len();
    for node in nodes {
        let next = wrong.get(wrong.partition_point(|at| *at < node.span.start));
        let broken = next.is_some_and(|at| *at <= node.span.end);
        read.documents.extend(one_document(&file, index, node, broken, &mut problems));
    }
    if problems.len() > MOST {
        let more = problems.len() - MOST;
        problems.truncate(MOST);
        problems.push(Diagnostic::error(&codes::PL0003, format!("{} has {more} more problems", file.path)));
    }
    read.problems.append(&mut problems);
    read.files.push(file);
}

fn count(node: &Node) -> usize {
    let items = node.as_list().iter().map(count).sum::<usize>();
    1 + items + node.as_map().iter().map(|(_, value)| 1 + count(value)).sum::<usize>()
}

fn yaml_problem(file: &File, error: &yaml::Error) -> Diagnostic {
    let code: &'static Code = match error.kind {
        ErrorKind::Syntax => &codes::PL0001,
        ErrorKind::DuplicateKey => &codes::PL0002,
        ErrorKind::Limit => &codes::PL0003,
        ErrorKind::BadMerge => &codes::PL0004,
        ErrorKind::UnknownAnchor => &codes::PL0005,
    };
    let mut place = file.place(error.span);
    place.text = mask_unread(&place.text);
    // The parser gives up at the end of the line before a tab.
    let below = file.text.get(error.span.start..).and_then(|rest| rest.split_once('\n')).map_or("", |(_, below)| below);
    let tab = place.text.trim_start_matches(' ').starts_with('\t') || below.trim_start_matches(' ').starts_with('\t');
    let hint = tab.then_some("indent with spaces; YAML takes no tabs");
    let mut problem = Diagnostic::error(code, error.message.clone()).at(place);
    if let Some(other) = error.other {
        problem = problem.note(format!("it stands first in line {}", file.place(other).line));
    }
    match hint {
        Some(hint) if error.kind == ErrorKind::Syntax => problem.hint(hint),
        _ => problem,
    }
}

/// The document, checked; `None` when it is of no kind that we know.
fn one_document(file: &File, index: usize, node: Node, broken: bool, all: &mut Vec<Diagnostic>) -> Option<Document> {
    if node.is_null() {
        return None;
    }
    let mut problems = Vec::new();
    let kind = envelope(file, &node, &mut problems);
    let mut value = None;
    if let Some(rule) = kind.and_then(schema::rule) {
        let mut check = Check { file, root: rule, problems: &mut problems };
        value = Some(check.value(rule, &node, "document", first_key(&node)));
    }
    let usable = !broken && problems.is_empty();
    all.append(&mut problems);
    kind.map(|kind| Document { file: index, kind, node, value: value.filter(|_| usable) })
}

pub(super) fn first_key(node: &Node) -> Span {
    node.as_map().first().map_or(node.span, |(key, _)| key.span)
}

/// The kind, once `apiVersion` and `kind` were looked at.
fn envelope(file: &File, node: &Node, problems: &mut Vec<Diagnostic>) -> Option<&'static str> {
    let first = file.place(first_key(node));
    if node.as_map().is_empty() {
        let message = "a document is a mapping that starts with apiVersion and kind";
        problems.push(Diagnostic::error(&codes::PL0010, message).at(first));
        return None;
    }
    let kind = known_kind(file, node, problems);
    match node.get("apiVersion") {
        Some(version) if version.scalar_str() == Some(API_VERSION) => (),
        Some(version) => problems.push(
            Diagnostic::error(&codes::PL0010, format!("'{}' is no apiVersion of pilab", file.shown(version)))
                .at(file.place(version.span))
                .hint(format!("write apiVersion: {API_VERSION}")),
        ),
        // A required key that is missing is reported with all others as soon as the kind is known.
        None if kind.is_some() => (),
        None => problems.push(
            Diagnostic::error(&codes::PL0010, "the document has no apiVersion")
                .at(first)
                .hint(format!("write apiVersion: {API_VERSION}")),
        ),
    }
    kind
}

fn known_kind(file: &File, node: &Node, problems: &mut Vec<Diagnostic>) -> Option<&'static str> {
    let Some(value) = node.get("kind") else {
        let problem = Diagnostic::error(&codes::PL0010, "the document has no kind").at(file.place(first_key(node)));
        problems.push(problem.hint(format!("kinds: {}", KINDS.join(" "))));
        return None;
    };
    let word = value.scalar_str().unwrap_or("");
    let known = KINDS.iter().copied().find(|kind| *kind == word);
    if known.is_none() {
        let lower = word.to_lowercase();
        let other = OTHER_WORDS.iter().find(|(other, _)| *other == lower).map(|(_, kind)| *kind);
        let near = closest(word, KINDS.iter().copied()).or(other);
        let problem = Diagnostic::error(&codes::PL0010, format!("'{}' is no kind of pilab", file.shown(value)))
            .at(file.place(value.span));
        problems.push(match near {
            Some(near) => problem.hint(format!("did you mean '{near}'?")),
            None => problem.hint(format!("kinds: {}", KINDS.join(" "))),
        });
    }
    known
}

/// How many files are read, and how many documents they hold.
pub(super) fn totals(tree: &dyn Tree) -> (usize, usize) {
    let mut problems = Vec::new();
    let texts: Vec<String> =
        paths(tree, &mut problems).iter().filter_map(|path| text(tree, path).ok().flatten()).collect();
    let documents = texts.iter().map(|text| {
        let (nodes, _) = crate::engines::yaml::parse(text, &crate::engines::yaml::Limits::default());
        nodes.iter().filter(|node| !node.is_null()).count()
    });
    (texts.len(), documents.sum())
}
