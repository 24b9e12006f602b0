//! From checked documents to the catalog: typed values, one of each name, defaults applied.
use super::document::{Document, Read, first_key, read};
use super::names::{self, at};
use super::{AcceptedEntry, Catalog, Located, patterns, rules};
use crate::engines::yaml::Node;
use crate::model::config::{Deployment, Environment, Module, Project};
use crate::model::{Diagnostic, Place, codes};
use crate::tree::Tree;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Documents by kind and name; a cell's name is its module and environment.
type Index<'a> = BTreeMap<(&'static str, String), &'a Document>;

pub(super) fn load(tree: &dyn Tree) -> (Option<Catalog>, Vec<Diagnostic>) {
    let mut read = read(tree);
    let mut problems = std::mem::take(&mut read.problems);
    problems.extend(names::check(&read));
    problems.extend(patterns::check(&read));
    problems.extend(rules::check(&read));
    let index = index(&read, &mut problems);
    let catalog = assemble(&read, &index, &mut problems);
    // A file at the root that has errors is probably the project.
    let at_root = |problem: &Diagnostic| problem.place.as_ref().is_some_and(|place| !place.file.contains('/'));
    if !read.documents.iter().any(|document| document.kind == "Project") && !problems.iter().any(at_root) {
        problems.push(
            Diagnostic::error(&codes::PL0023, "there is no document of kind Project here")
                .hint("write one into pilab.yaml, or look at one that `pilab demo` writes"),
        );
    }
    problems.sort_by(|a, b| {
        let key = |one: &Diagnostic| one.place.as_ref().map(|place| (place.file.clone(), place.line, place.column));
        key(a).cmp(&key(b)).then_with(|| (a.code.id, &a.message).cmp(&(b.code.id, &b.message)))
    });
    problems.dedup();
    (catalog, problems)
}

fn name_of(document: &Document) -> Option<String> {
    let scalar = |path: &[&str]| at(&document.node, path).and_then(Node::scalar_text);
    match document.kind {
        "Project" => Some(String::new()),
        "Deployment" => Some(format!("{} in {}", scalar(&["module"])?, scalar(&["environment"])?)),
        _ => scalar(&["metadata", "name"]),
    }
}

/// The first document of each name; the others are reported.
fn index<'a>(read: &'a Read, problems: &mut Vec<Diagnostic>) -> Index<'a> {
    let mut index: Index<'a> = BTreeMap::new();
    for document in &read.documents {
        let Some(name) = name_of(document) else { continue };
        let key = (document.kind, name);
        let Some(first) = index.get(&key) else {
            index.insert(key, document);
            continue;
        };
        let message = match key.0 {
            "Project" => "a second Project; a config repository holds one".to_owned(),
            "Deployment" => format!("a second Deployment of {}", key.1),
            kind => format!("a second {kind} '{}'", key.1),
        };
        let first = name_place(read, first);
        problems.push(
            Diagnostic::error(&codes::PL0016, message)
                .at(name_place(read, document))
                .note(format!("the first is in {}:{}:{}", first.file, first.line, first.column)),
        );
    }
    index
}

fn name_place(read: &Read, document: &Document) -> Place {
    let path: &[&str] = if document.kind == "Deployment" { &["module"] } else { &["metadata", "name"] };
    let span = at(&document.node, path).map_or_else(|| first_key(&document.node), |node| node.span);
    place(read, document, span)
}

fn place(read: &Read, document: &Document, span: crate::engines::yaml::Span) -> Place {
    read.files.get(document.file).map_or_else(|| Place::of("", "", 0, 0), |file| file.place(span))
}

/// All usable documents of a kind, by name.
fn of_kind<T: DeserializeOwned>(
    read: &Read,
    index: &Index<'_>,
    kind: &'static str,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Located<T>> {
    let mut found = BTreeMap::new();
    for ((_, name), document) in index.iter().filter(|((found, _), _)| *found == kind) {
        let Some(value) = &document.value else { continue };
        let start = document.node.entry("kind").map_or_else(|| first_key(&document.node), |(key, _)| key.span);
        let place = place(read, document, start);
        match T::deserialize(value) {
            Ok(value) => {
                found.insert(name.clone(), Located { value, place });
            }
            // The rule is made from the type; what it lets through and serde does not is still told, not lost.
            Err(error) => {
                problems
                    .push(Diagnostic::error(&codes::PL0013, format!("the {kind} cannot be used: {error}")).at(place));
            }
        }
    }
    found
}

fn assemble(read: &Read, index: &Index<'_>, problems: &mut Vec<Diagnostic>) -> Option<Catalog> {
    let project = of_kind::<Project>(read, index, "Project", problems).remove("");
    let mut modules = of_kind::<Module>(read, index, "Module", problems);
    let environments = of_kind::<Environment>(read, index, "Environment", problems);
    let cells = of_kind::<Deployment>(read, index, "Deployment", problems);
    let baselines = of_kind(read, index, "Baseline", problems);
    let policies = of_kind(read, index, "Policy", problems);
    let snapshots = of_kind(read, index, "Snapshot", problems);
    let sources = of_kind(read, index, "Source", problems);
    let releases = of_kind(read, index, "Release", problems);
    let integrations = of_kind(read, index, "Integration", problems);
    let tenants = of_kind(read, index, "Tenant", problems);
    let project = project?;
    modules.values_mut().for_each(|module| apply_defaults(&project.value, &mut module.value));
    Some(Catalog {
        environments: ordered(&project.value, environments),
        cells: cells
            .into_values()
            .map(|cell| ((cell.value.module.clone(), cell.value.environment.clone()), cell))
            .collect(),
        accepted: accepted(read, index, &baselines),
        project,
        modules,
        policies,
        baselines,
        snapshots,
        sources,
        releases,
        integrations,
        tenants,
    })
}

/// What the project says for all modules; a project with one repository needs not name it.
fn apply_defaults(project: &Project, module: &mut Module) {
    let defaults = &project.spec.defaults.module;
    let only = if project.spec.repos.len() == 1 { project.spec.repos.keys().next().cloned() } else { None };
    let spec = &mut module.spec;
    spec.repo = spec.repo.take().or_else(|| defaults.repo.clone()).or(only);
    spec.ref_template = spec.ref_template.take().or_else(|| defaults.ref_template.clone());
    spec.env = spec.env.take().or_else(|| defaults.env.clone());
    spec.code_refs = spec.code_refs.take().or_else(|| defaults.code_refs.clone());
    spec.versions = spec.versions.take().or_else(|| Some(project.spec.versions.clone()));
}

fn ordered(project: &Project, mut environments: BTreeMap<String, Located<Environment>>) -> Vec<Located<Environment>> {
    let mut list: Vec<_> = project.spec.promotion.order.iter().filter_map(|name| environments.remove(name)).collect();
    list.extend(environments.into_values());
    list
}

fn accepted(
    read: &Read,
    index: &Index<'_>,
    baselines: &BTreeMap<String, Located<crate::model::config::Baseline>>,
) -> Vec<AcceptedEntry> {
    let mut entries = Vec::new();
    for (name, baseline) in baselines {
        let Some(document) = index.get(&("Baseline", name.clone())) else { continue };
        let nodes = at(&document.node, &["spec", "accepted"]).map(Node::as_list).unwrap_or_default();
        for (position, (value, node)) in baseline.value.spec.accepted.iter().zip(nodes).enumerate() {
            entries.push(AcceptedEntry {
                value: value.clone(),
                place: place(read, document, first_key(node)),
                pair: baseline.value.spec.pair.clone(),
                baseline: name.clone(),
                index: position,
            });
        }
    }
    entries.sort_by(|a, b| (&a.place.file, a.place.line, a.index).cmp(&(&b.place.file, b.place.line, b.index)));
    entries
}
