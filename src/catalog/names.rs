//! Names that documents use and names that documents define; the promotion path without circles.
use super::document::{Document, Read, first_key};
use crate::engines::yaml::Node;
use crate::model::{Diagnostic, codes};
use std::collections::{BTreeMap, BTreeSet};

/// More problems get no suggestion.
const SUGGESTED: usize = 500;
/// More names are not listed in a hint.
const LISTED: usize = 30;
/// Steps of the search for circles; no real promotion path comes near.
const STEPS: usize = 1_000_000;

/// What is defined, also by documents with errors: a name is not unknown because its document has a typo.
pub(super) struct Names<'a> {
    by_kind: BTreeMap<&'a str, BTreeSet<&'a str>>,
    repos: BTreeSet<&'a str>,
}

/// The value at a path of keys.
pub(super) fn at<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// A scalar or the scalars of a list at a path.
pub(super) fn scalars<'a>(node: &'a Node, path: &[&str]) -> Vec<&'a Node> {
    match at(node, path) {
        Some(found) if found.as_list().is_empty() => vec![found],
        Some(found) => found.as_list().iter().collect(),
        None => Vec::new(),
    }
}

/// Problems of the documents among each other.
pub(super) fn check(read: &Read) -> Vec<Diagnostic> {
    let names = collect(read);
    let mut problems = Vec::new();
    for document in &read.documents {
        uses(read, document, &names, &mut problems);
        wrong_file(read, document, &mut problems);
        one_of_them(read, document, &mut problems);
    }
    circles(read, &mut problems);
    problems
}

fn collect(read: &Read) -> Names<'_> {
    let mut names = Names { by_kind: BTreeMap::new(), repos: BTreeSet::new() };
    for document in &read.documents {
        if let Some(name) = at(&document.node, &["metadata", "name"]).and_then(Node::scalar_str) {
            names.by_kind.entry(document.kind).or_default().insert(name);
        }
        if document.kind == "Project" {
            let repos = at(&document.node, &["spec", "repos"]).map(Node::as_map).unwrap_or_default();
            names.repos.extend(repos.iter().filter_map(|(key, _)| key.scalar_str()));
        }
    }
    names
}

/// One kind of use: the documents in which it stands, what is named, and where.
const USES: &[(&str, &str, &[&str])] = &[
    ("Deployment", "Module", &["module"]),
    ("Deployment", "Environment", &["environment"]),
    ("Module", "Module", &["spec", "dependsOn"]),
    ("Module", "repo", &["spec", "repo"]),
    ("Project", "Environment", &["spec", "promotion", "order"]),
    ("Project", "repo", &["spec", "defaults", "module", "repo"]),
    ("Environment", "Environment", &["spec", "promotesFrom"]),
    ("Environment", "Environment", &["spec", "mirrors"]),
    ("Baseline", "Environment", &["spec", "pair", "from"]),
    ("Baseline", "Environment", &["spec", "pair", "to"]),
    ("Snapshot", "Environment", &["spec", "environment"]),
    ("Source", "Environment", &["spec", "environment"]),
    ("Release", "Environment", &["spec", "target"]),
    ("Release", "Environment", &["spec", "from", "environment"]),
    ("Release", "Environment", &["spec", "to", "environment"]),
    ("Release", "Snapshot", &["spec", "from", "snapshot"]),
    ("Release", "Snapshot", &["spec", "to", "snapshot"]),
    ("Release", "Module", &["spec", "order"]),
];

fn uses(read: &Read, document: &Document, names: &Names<'_>, problems: &mut Vec<Diagnostic>) {
    let node = &document.node;
    for (_, target, path) in USES.iter().filter(|(kind, ..)| *kind == document.kind) {
        scalars(node, path).into_iter().for_each(|used| one(read, document, names, (target, used), problems));
    }
    let mut each = |target: &str, used: Option<&Node>| {
        if let Some(used) = used {
            one(read, document, names, (target, used), problems);
        }
    };
    let list = |path: &[&str]| at(node, path).map(Node::as_list).unwrap_or_default();
    let keys = |path: &[&str]| at(node, path).map(Node::as_map).unwrap_or_default();
    match document.kind {
        "Project" => {
            for pair in list(&["spec", "promotion", "compare"]) {
                each("Environment", pair.get("from"));
                each("Environment", pair.get("to"));
            }
            list(&["spec", "tickets"]).iter().for_each(|ticket| each("repo", ticket.get("repo")));
            list(&["spec", "defaults", "module", "env"])
                .iter()
                .for_each(|source| each("repo or config", source.get("repo")));
        }
        "Module" => list(&["spec", "env"]).iter().for_each(|source| each("repo or config", source.get("repo"))),
        "Environment" => {
            keys(&["spec", "modules"]).iter().for_each(|(key, _)| each("Module", Some(key)));
            list(&["spec", "databases"]).iter().for_each(|database| each("Module", database.get("module")));
        }
        "Snapshot" => keys(&["spec", "modules"]).iter().for_each(|(key, _)| each("Module", Some(key))),
        "Policy" => {
            for gate in list(&["spec", "gates", "promote"]) {
                scalars(gate, &["to"]).into_iter().for_each(|env| each("Environment", Some(env)));
            }
        }
        _ => (),
    }
    // Tenants live on a server as often as in the repository; a name is checked once the repository defines any.
    if names.by_kind.contains_key("Tenant") {
        each("Tenant", at(node, &["metadata", "tenant"]));
    }
}

fn one(
    read: &Read,
    document: &Document,
    names: &Names<'_>,
    (target, used): (&str, &Node),
    problems: &mut Vec<Diagnostic>,
) {
    let Some(name) = used.scalar_str().filter(|name| !name.is_empty() && *name != "*") else { return };
    let none = BTreeSet::new();
    let known = match target {
        "repo" | "repo or config" => &names.repos,
        kind => names.by_kind.get(kind).unwrap_or(&none),
    };
    if known.contains(name) || (target == "repo or config" && name == "config") {
        return;
    }
    let word = if target.starts_with("repo") { "repository".to_owned() } else { target.to_lowercase() };
    let mut problem = Diagnostic::error(&codes::PL0017, format!("there is no {word} '{name}'"));
    // Comparing thousands of wrong names with thousands of right ones would take longer than anyone waits.
    if problems.len() < SUGGESTED {
        problem = problem.did_you_mean(name, known.iter().copied());
    }
    if problem.hints.is_empty() {
        let list: Vec<&str> = known.iter().copied().take(LISTED).collect();
        problem = problem.hint(if list.is_empty() {
            format!("no {word} is defined at all")
        } else {
            format!("defined: {}", list.join(" "))
        });
    }
    problems.extend(read.files.get(document.file).map(|file| problem.at(file.place(used.span))));
}

/// A cell must stand in the file of its environment and module.
fn wrong_file(read: &Read, document: &Document, problems: &mut Vec<Diagnostic>) {
    let Some(file) = read.files.get(document.file).filter(|_| document.kind == "Deployment") else { return };
    let mut parts = file.path.split('/');
    let (Some("manifest"), Some(env), Some(name), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let module = name.trim_end_matches(".yaml").trim_end_matches(".yml");
    for (key, expected) in [("module", module), ("environment", env)] {
        if let Some(value) =
            document.node.get(key).filter(|value| value.scalar_str().is_some_and(|text| text != expected))
        {
            let shown = file.shown(value);
            let hint = match key {
                "module" => format!("write module: {expected}, or move it to manifest/{env}/{shown}.yaml"),
                _ => format!("write environment: {expected}, or move it to manifest/{shown}/{name}"),
            };
            let message = format!("the cell is of {key} '{shown}', and its file is of '{expected}'");
            problems.push(Diagnostic::error(&codes::PL0024, message).at(file.place(value.span)).hint(hint));
        }
    }
}

/// Environments, their order, and what leads to each.
fn circles(read: &Read, problems: &mut Vec<Diagnostic>) {
    let project = read.documents.iter().find(|document| document.kind == "Project");
    let order = project.map(|document| scalars(&document.node, &["spec", "promotion", "order"])).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut previous = BTreeMap::new();
    let mut last: Option<&str> = None;
    for env in &order {
        let Some(name) = env.scalar_str() else { continue };
        if !seen.insert(name)
            && let Some(file) = project.and_then(|document| read.files.get(document.file))
        {
            let message = format!("'{name}' stands twice in the promotion path");
            problems.push(Diagnostic::error(&codes::PL0018, message).at(file.place(env.span)));
        }
        previous.entry(name).or_insert(last);
        last = Some(name);
    }
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let environments = || read.documents.iter().filter(|document| document.kind == "Environment");
    for document in environments() {
        let Some(name) = at(&document.node, &["metadata", "name"]).and_then(Node::scalar_str) else { continue };
        let mut targets: Vec<&str> =
            scalars(&document.node, &["spec", "mirrors"]).into_iter().filter_map(Node::scalar_str).collect();
        targets.extend(scalars(&document.node, &["spec", "promotesFrom"]).into_iter().filter_map(Node::scalar_str));
        if targets.is_empty() {
            targets.extend(previous.get(name).copied().flatten());
        }
        if project.is_some() && !seen.contains(name) && at(&document.node, &["spec", "mirrors"]).is_none() {
            outside(read, document, name, problems);
        }
        edges.entry(name).or_insert(targets);
    }
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    let mut steps = STEPS;
    peel(&mut edges);
    for document in environments() {
        let Some(name) = at(&document.node, &["metadata", "name"]) else { continue };
        let start = name.scalar_str().filter(|start| !reported.contains(start));
        let Some(path) = start.and_then(|start| circle(&edges, start, &mut steps)) else { continue };
        reported.extend(path.iter().copied());
        if let Some(file) = read.files.get(document.file) {
            let way = path.iter().chain(path.first()).copied().collect::<Vec<_>>().join(" <- ");
            let place =
                [["spec", "mirrors"], ["spec", "promotesFrom"]].iter().find_map(|path| at(&document.node, path));
            let problem = Diagnostic::error(&codes::PL0018, format!("the promotion path goes in a circle: {way}"));
            problems.push(problem.at(file.place(place.unwrap_or(name).span)));
        }
    }
}

/// A module becomes objects in one way. What stands beside the first one is never read.
fn one_of_them(read: &Read, document: &Document, problems: &mut Vec<Diagnostic>) {
    let Some(file) = read.files.get(document.file).filter(|_| document.kind == "Module") else { return };
    let spec = at(&document.node, &["spec"]).map(Node::as_map).unwrap_or_default();
    let key = |name: &str| spec.iter().map(|(key, _)| key).find(|key| key.scalar_str() == Some(name));
    let mut ways = ["chart", "kustomize", "manifests"].into_iter().filter_map(|name| Some((name, key(name)?)));
    let Some((first, _)) = ways.next() else { return };
    for (other, key) in ways {
        let message = format!("'{other}' has no effect beside '{first}'");
        problems.push(
            Diagnostic::warning(&codes::PL0012, message)
                .at(file.place(key.span))
                .hint("a module has one of chart, kustomize and manifests"),
        );
    }
}

fn outside(read: &Read, document: &Document, name: &str, problems: &mut Vec<Diagnostic>) {
    let Some(file) = read.files.get(document.file) else { return };
    let span = at(&document.node, &["metadata", "name"]).map_or(first_key(&document.node), |node| node.span);
    let message = format!("environment '{name}' is not in promotion.order and mirrors nothing");
    problems.push(
        Diagnostic::warning(&codes::PL0027, message)
            .at(file.place(span))
            .hint("put it into promotion.order, or name what it mirrors"),
    );
}

/// Takes out, again and again, what leads nowhere; what is left is in a circle or leads into one.
fn peel(edges: &mut BTreeMap<&str, Vec<&str>>) {
    let mut into: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ends = Vec::new();
    for (name, targets) in edges.iter() {
        let inner: Vec<&str> = targets.iter().copied().filter(|target| edges.contains_key(target)).collect();
        inner.iter().for_each(|target| into.entry(target).or_default().push(name));
        open.insert(name, inner.len());
        if inner.is_empty() {
            ends.push(*name);
        }
    }
    while let Some(end) = ends.pop() {
        edges.remove(end);
        for before in into.get(end).into_iter().flatten().copied() {
            let Some(left) = open.get_mut(before) else { continue };
            *left = left.saturating_sub(1);
            if *left == 0 {
                ends.push(before);
            }
        }
    }
}

/// The way from `start` back to itself, if there is one within so many steps.
fn circle<'a>(edges: &BTreeMap<&'a str, Vec<&'a str>>, start: &'a str, steps: &mut usize) -> Option<Vec<&'a str>> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(name) = queue.pop_front() {
        for next in edges.get(name).into_iter().flatten().copied() {
            *steps = steps.checked_sub(1)?;
            if next == start {
                let mut way = vec![name];
                while let Some(before) = way.last().filter(|at| **at != start).and_then(|at| from.get(at)).copied() {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !from.contains_key(next) {
                from.insert(next, name);
                queue.push_back(next);
            }
        }
    }
    None
}
