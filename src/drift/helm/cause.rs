//! Which keys of values files make two environments differ: found by putting one key at a time back and rendering again.
use super::chart::manifests;
use super::mask::gives_away;
use super::renders::Rendering;
use crate::drift::texts::{hidden, line_of};
use crate::drift::{Comparison, Side};
use crate::engines::helm::{self, values};
use crate::engines::kube::objects::{self, Change, Input, Options};
use crate::model::Evidence;
use crate::model::config::Environment;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// So many keys are tried; more would cost more than they tell.
const TRIED: usize = 24;
/// So many are tried in any case, since one place may come from several keys.
const FEW: usize = 8;

/// A key of the values, and where both sides write it.
#[derive(Debug, Clone)]
struct Cause {
    key: String,
    lines: Vec<Evidence>,
}

/// Causes by what they change.
#[derive(Debug, Default)]
pub(super) struct Causes {
    causes: Vec<Cause>,
    by_change: BTreeMap<(String, String), Vec<usize>>,
}

/// A version in an environment, and what it renders to.
type Placed<'a, 'b> = ((&'a Side<'b>, Option<&'a Environment>), &'a Rendering);

impl Causes {
    /// Looks for the causes of the changes between two renderings of one chart.
    pub(super) fn find(
        c: &Comparison<'_>,
        left: Placed<'_, '_>,
        right: Placed<'_, '_>,
        compared: &objects::Comparison,
    ) -> Causes {
        let mut found = Causes::default();
        if compared.changes.is_empty() || left.1.chart.is_none() || right.1.chart.is_none() {
            return found;
        }
        let mut keys = Vec::new();
        differing(&left.1.given, &right.1.given, &mut Vec::new(), &mut keys);
        let mut open: BTreeSet<(String, String)> = compared.changes.iter().map(name).collect();
        for (index, key) in keys.iter().enumerate() {
            found.causes.push(Cause { key: key.join("."), lines: lines(c, left, right, key) });
            let (a, b) = (at(&left.1.given, key), at(&right.1.given, key));
            // A value that shows up as it is needs no proof, when it is the only one that could have.
            for change in
                compared.changes.iter().filter(|change| change.before.as_ref() == a && change.after.as_ref() == b)
            {
                let twins =
                    keys.iter().filter(|other| at(&left.1.given, other) == a && at(&right.1.given, other) == b).count();
                if twins == 1 && a != b && open.remove(&name(change)) {
                    found.by_change.entry(name(change)).or_default().push(index);
                }
            }
        }
        if keys.len() == 1 {
            for name in open {
                found.by_change.entry(name).or_default().push(0);
            }
            return found;
        }
        let mut explained: BTreeSet<(String, String)> = BTreeSet::new();
        for (index, key) in keys.iter().enumerate().take(TRIED) {
            // Each key costs a rendering: beyond the first few, one cause for everything is enough.
            if open.is_empty() || (index >= FEW && explained.len() == open.len()) {
                break;
            }
            for change in found.effect(c, left.1, right.1, key) {
                if open.contains(&change) {
                    found.by_change.entry(change.clone()).or_default().push(index);
                    explained.insert(change);
                }
            }
        }
        found
    }

    /// What differs when the right side gets the left side's value of one key.
    fn effect(&self, c: &Comparison<'_>, left: &Rendering, right: &Rendering, key: &[String]) -> Vec<(String, String)> {
        let (Some(chart), Some(request)) = (&right.chart, &right.request) else { return Vec::new() };
        let mut request = request.clone();
        put(&mut request.values, key, at(&left.given, key).cloned());
        let Ok(rendered) = helm::render(chart, &request, Some(&c.renders.templates)) else { return Vec::new() };
        let manifests = manifests(&rendered);
        let changed = Input { manifests: &manifests, again: None, namespace: &right.namespace };
        let options = Options { account: false, ..Options::default() };
        let compared = objects::compare(
            &changed,
            &Input { manifests: &right.manifests, again: None, namespace: &right.namespace },
            &options,
        );
        compared.changes.iter().map(name).collect()
    }

    fn of(&self, change: &Change) -> impl Iterator<Item = &Cause> {
        self.by_change.get(&name(change)).into_iter().flatten().filter_map(|index| self.causes.get(*index))
    }

    /// The lines of values files behind a change.
    pub(super) fn evidence(&self, change: &Change) -> Vec<Evidence> {
        let mut lines: Vec<Evidence> = Vec::new();
        for line in self.of(change).flat_map(|cause| &cause.lines) {
            let mut line = line.clone();
            if change.secret || gives_away(&line.place.text) {
                line.place = hidden(line.place);
            }
            // Keys that come out of one anchor stand on one line.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// The causes in words.
    pub(super) fn words(&self, change: &Change) -> Option<String> {
        let keys: Vec<String> = self.of(change).map(|cause| format!("`{}`", cause.key)).collect();
        (!keys.is_empty()).then(|| format!("comes from {} of the values", keys.join(", ")))
    }
}

fn name(change: &Change) -> (String, String) {
    (change.object.to_string(), change.human())
}

/// Paths of leaves that are not equal. Lists are leaves.
fn differing(a: &Map<String, Value>, b: &Map<String, Value>, path: &mut Vec<String>, into: &mut Vec<Vec<String>>) {
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    for key in keys {
        path.push(key.clone());
        match (a.get(key), b.get(key)) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => differing(a, b, path, into),
            (a, b) if a == b => (),
            (Some(Value::Object(only)), None) | (None, Some(Value::Object(only))) if !only.is_empty() => {
                leaves(only, path, into);
            }
            _ => into.push(path.clone()),
        }
        path.pop();
    }
}

fn leaves(map: &Map<String, Value>, path: &mut Vec<String>, into: &mut Vec<Vec<String>>) {
    for (key, value) in map {
        path.push(key.clone());
        match value {
            Value::Object(inner) if !inner.is_empty() => leaves(inner, path, into),
            _ => into.push(path.clone()),
        }
        path.pop();
    }
}

fn at<'v>(map: &'v Map<String, Value>, path: &[String]) -> Option<&'v Value> {
    let (last, head) = path.split_last()?;
    head.iter().try_fold(map, |map, key| map.get(key)?.as_object())?.get(last)
}

/// Sets a key, or takes it away.
fn put(map: &mut Map<String, Value>, path: &[String], value: Option<Value>) {
    let Some((key, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => drop(map.insert(key.clone(), value)),
            None => drop(map.remove(key)),
        }
        return;
    }
    let inner = map.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

fn lines(c: &Comparison<'_>, left: Placed<'_, '_>, right: Placed<'_, '_>, key: &[String]) -> Vec<Evidence> {
    let sides = [(left, c.from.name), (right, c.to.name)];
    sides.into_iter().filter_map(|((placed, rendering), name)| line(placed.0, rendering, name, key)).collect()
}

/// The line of the last values file that says something of the key.
fn line(side: &Side<'_>, rendering: &Rendering, name: &str, key: &[String]) -> Option<Evidence> {
    let path: Vec<&str> = key.iter().map(String::as_str).collect();
    let layer = rendering.layers.iter().rev().find(|layer| at(&layer.values, key).is_some())?;
    let (number, _) = values::place(layer.text.as_bytes(), &path)?;
    let at = if layer.repository.is_empty() { "" } else { side.version.unwrap_or_default() };
    let place = line_of(&layer.file, &layer.text, number);
    Some(Evidence { side: name.to_owned(), repository: layer.repository.clone(), at: at.to_owned(), place })
}
