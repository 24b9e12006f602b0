//! The objects of two sides as texts, for people who want to read a patch.
use super::mask::masked;
use super::renders::Rendering;
use crate::drift::{Comparison, Side};
use crate::engines::yaml::{self, Node};
use crate::model::config::Environment;
use crate::model::{Diagnostic, Mode, ObjectPatch, State};
use std::collections::{BTreeMap, BTreeSet};

/// Objects of which the text differs, for drift, pending and change, in the order of their names.
///
/// # Errors
/// Why a side could not be rendered.
pub fn patches(c: &Comparison<'_>) -> Result<Vec<ObjectPatch>, Vec<Diagnostic>> {
    if super::absent(c).is_some() || !super::renders::declared(c.module) {
        return Ok(Vec::new());
    }
    let (a, b) = (c.from.environment, c.to.environment);
    let mut found = Vec::new();
    match c.pair.mode {
        Mode::Promote => {
            texts(c, (&c.from, a), (&c.from, b), State::Drift, &mut found)?;
            if c.to.version.is_some() {
                texts(c, (&c.to, b), (&c.from, b), State::Pending, &mut found)?;
            }
        }
        Mode::Mirror => texts(c, (&c.from, a), (&c.to, b), State::Drift, &mut found)?,
        Mode::Refs => {
            let (a, b) = a.zip(b).unzip();
            if a.is_some() || !super::renders::per_environment(c.module) {
                texts(c, (&c.from, a), (&c.to, b), State::Change, &mut found)?;
            }
        }
    }
    Ok(found)
}

type Placed<'a, 'b> = (&'a Side<'b>, Option<&'a Environment>);

fn texts(
    c: &Comparison<'_>,
    before: Placed<'_, '_>,
    after: Placed<'_, '_>,
    state: State,
    into: &mut Vec<ObjectPatch>,
) -> Result<(), Vec<Diagnostic>> {
    let (left, right) = (c.renders.of(c, before.0, before.1), c.renders.of(c, after.0, after.1));
    let objects = |side: &Result<Rendering, Vec<Diagnostic>>| {
        side.as_ref().map_err(Clone::clone).map(|rendering| objects(rendering, c.show_secrets))
    };
    let (left, right) = (objects(&left)?, objects(&right)?);
    let label = |(side, env): Placed<'_, '_>| {
        let version = side.version.unwrap_or_default();
        env.map_or_else(|| version.to_owned(), |env| format!("{version} in {}", env.metadata.name))
    };
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let (before_text, after_text) = (left.get(name), right.get(name));
        if before_text != after_text {
            into.push(ObjectPatch {
                module: c.module.metadata.name.clone(),
                pair: c.pair.clone(),
                state,
                object: name.clone(),
                before: (label(before), before_text.cloned().unwrap_or_default()),
                after: (label(after), after_text.cloned().unwrap_or_default()),
            });
        }
    }
    Ok(())
}

/// Texts by `Kind/name`, secrets masked unless they are wanted.
fn objects(rendering: &Rendering, show_secrets: bool) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for manifest in &rendering.manifests {
        let (documents, _) = yaml::parse(&manifest.text, &yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() });
        let text = if show_secrets { manifest.text.to_string() } else { masked(&manifest.text) };
        let name = |node: &Node| {
            let kind = node.get("kind").and_then(Node::text).unwrap_or("Unknown");
            let metadata = node.get("metadata");
            let name = metadata.and_then(|metadata| metadata.get("name")).and_then(Node::scalar_text);
            format!("{kind}/{}", name.unwrap_or_default())
        };
        let key = match documents.as_slice() {
            [one] => name(one),
            _ => manifest.source.clone(),
        };
        let text = if text.ends_with('\n') { text } else { text + "\n" };
        found.entry(key).and_modify(|known| known.push_str(&format!("---\n{text}"))).or_insert(text);
    }
    found
}
