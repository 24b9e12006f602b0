//! Which dependencies are on: aliases, tags, conditions.
use super::coalesce::Merger;
use super::graph::{DependencyRef, Graph, Meta, Node, NodeRef, set_children};
use super::table::{Table, Val};
use crate::engines::helm::chart::{Dependency, fits};
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How many charts there may be once aliases are made.
const CHARTS: usize = 5_000;

/// Takes dependencies out that are off, and names those with an alias by it, in a chart and all below it. `values` are those of
/// the whole, `path` leads to this chart's in them.
pub(super) fn enable(
    graph: &Graph<'_>,
    merger: &Merger,
    node: &NodeRef,
    values: &Table,
    path: &str,
) -> Result<(), Error> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
        let meta = Rc::clone(&node.borrow().meta);
        let Some(wanted) = meta.borrow().dependencies.clone() else { return Ok(()) };
        alias(graph, merger, node, &wanted)?;
        let values = merger.values(node, values, false)?;
        wanted.iter().for_each(|one| one.borrow_mut().enabled = true);
        tags(&wanted, &values, merger);
        conditions(&wanted, &values, path, merger);
        let off = |one: &&DependencyRef| !one.borrow().enabled;
        let off: BTreeSet<String> = wanted.iter().filter(off).map(|one| one.borrow().name.clone()).collect();
        let children = node.borrow().children.clone();
        let kept: Vec<NodeRef> = children.into_iter().filter(|child| !off.contains(&child.borrow().name())).collect();
        for child in &kept {
            let path = format!("{path}{}.", child.borrow().name());
            enable(graph, merger, child, &values, &path)?;
        }
        let left: Vec<DependencyRef> = wanted.into_iter().filter(|one| !off.contains(&one.borrow().name)).collect();
        meta.borrow_mut().dependencies = (!left.is_empty()).then_some(left);
        set_children(node, kept);
        Ok(())
    })
}

/// The charts below, in the order of `Chart.yaml`, after those that it does not name.
fn alias(graph: &Graph<'_>, merger: &Merger, node: &NodeRef, wanted: &[DependencyRef]) -> Result<(), Error> {
    let there = node.borrow().children.clone();
    let mut children = Vec::new();
    for child in &there {
        let (name, version) = identity(child);
        let named = wanted.iter().any(|one| {
            let one = one.borrow();
            one.name == name && fits(&one.version, &version, merger.compat)
        });
        if !named {
            children.push(Rc::clone(child));
        }
    }
    for one in wanted {
        if graph.nodes.borrow().len() > CHARTS {
            return Err(Error::new(ErrorKind::Limit, format!("there are more than {CHARTS} charts below one another")));
        }
        let dependency = one.borrow().clone();
        children.extend(copy(graph, merger.compat, &there, &dependency));
        if !dependency.alias.is_empty() {
            one.borrow_mut().name = dependency.alias;
        }
    }
    set_children(node, children);
    Ok(())
}

fn identity(node: &NodeRef) -> (String, String) {
    let node = node.borrow();
    let meta = node.meta.borrow();
    (meta.name.clone(), meta.version.clone())
}

/// A copy of the chart that a dependency means, under its alias.
fn copy(graph: &Graph<'_>, compat: Compat, there: &[NodeRef], dependency: &Dependency) -> Option<NodeRef> {
    let fitting = |child: &&NodeRef| {
        let (name, version) = identity(child);
        name == dependency.name && fits(&dependency.version, &version, compat)
    };
    let original = there.iter().find(fitting)?;
    let node = Node::clone(&original.borrow());
    let mut meta = Meta::clone(&node.meta.borrow());
    if !dependency.alias.is_empty() {
        meta.name.clone_from(&dependency.alias);
    }
    if compat == Compat::Helm3 {
        // Copies share their dependencies and the charts below them: a fault of that version which shows in what it renders.
        return Some(graph.keep(Node { meta: Rc::new(RefCell::new(meta)), ..node }));
    }
    for list in meta.dependencies.iter_mut().flatten() {
        let own = list.borrow().clone();
        *list = Rc::new(RefCell::new(own));
    }
    let children = node.children.iter().map(|child| graph.keep(Node::clone(&child.borrow()))).collect();
    let made = graph.keep(Node { meta: Rc::new(RefCell::new(meta)), ..node });
    set_children(&made, children);
    Some(made)
}

fn flag(value: &Val) -> Option<bool> {
    match value {
        Val::Leaf(value) => value.as_bool(),
        _ => None,
    }
}

fn tags(wanted: &[DependencyRef], values: &Table, merger: &Merger) {
    let Some(table) = values.get("tags").and_then(|tags| tags.table().cloned()) else { return };
    for one in wanted {
        let mut one = one.borrow_mut();
        let (mut on, mut off) = (false, false);
        for tag in &one.tags {
            match table.get(tag).as_ref().map(flag) {
                None => (),
                Some(Some(true)) => on = true,
                Some(Some(false)) => off = true,
                Some(None) => {
                    merger.warn(|| format!("Warning: Tag '{tag}' for chart {} returned non-bool value", one.name))
                }
            }
        }
        one.enabled = on || !off;
    }
}

fn conditions(wanted: &[DependencyRef], values: &Table, path: &str, merger: &Merger) {
    for one in wanted {
        let mut one = one.borrow_mut();
        let condition = one.condition.trim().to_owned();
        for place in condition.split(',').filter(|place| !place.is_empty()) {
            match values.value_at(&format!("{path}{place}")) {
                None => (),
                Some(value) => match flag(&value) {
                    Some(value) => {
                        one.enabled = value;
                        break;
                    }
                    None => merger.warn(|| {
                        format!("Warning: Condition path '{place}' for chart {} returned non-bool value", one.name)
                    }),
                },
            }
        }
    }
}

/// The text that a key of an import has; `None` where Helm 3 would give up.
pub(super) fn import_path(import: &Value, key: &str) -> Option<String> {
    match import.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}
