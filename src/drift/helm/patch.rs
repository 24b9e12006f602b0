//! The objects of two sides as texts, for people who want to read a patch.
use super::mask::{masked, without_secrets};
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
    if c.absent().is_some() || !super::renders::declared(c.module) {
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
        for part in parts(&manifest.text).into_iter().flat_map(opened) {
            let Some(key) = name(&part, &manifest.source) else { continue };
            let text = if show_secrets { part } else { without_secrets(&masked(&part), &rendering.secrets) };
            let text = if text.ends_with('\n') { text } else { text + "\n" };
            found.entry(key).and_modify(|known| known.push_str(&format!("---\n{text}"))).or_insert(text);
        }
    }
    found
}

fn parse(text: &str) -> (Vec<Node>, bool) {
    let (documents, errors) = yaml::parse(text, &yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() });
    (documents, errors.is_empty())
}

/// A document; of a `List` each of its objects, moved to the left border.
fn opened(text: &str) -> Vec<String> {
    let whole = || vec![text.to_owned()];
    if !text.contains("List") {
        return whole();
    }
    let (documents, _) = parse(text);
    let [document] = documents.as_slice() else { return whole() };
    let items = document.get("items").map(Node::as_list).unwrap_or_default();
    if document.get("kind").and_then(Node::text) != Some("List") || items.is_empty() {
        return whole();
    }
    let one = |item: &Node| {
        let before = text.get(..item.span.start).unwrap_or_default();
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let lines = text.get(item.span.start..item.span.end).unwrap_or_default().split_inclusive('\n');
        let moved = |line: &str| {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            line.get(spaces.min(column)..).unwrap_or_default().to_owned()
        };
        lines.enumerate().map(|(at, line)| if at == 0 { line.to_owned() } else { moved(line) }).collect()
    };
    items.iter().map(one).collect()
}

/// `Kind/name` of a document, or the source of one that is no object; nothing when it is empty.
fn name(text: &str, source: &str) -> Option<String> {
    let (documents, read) = parse(text);
    let [document] = documents.as_slice() else {
        return (!read || documents.len() > 1).then(|| source.to_owned());
    };
    if document.is_null() {
        return None;
    }
    let name = document.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::scalar_text);
    let kind = document.get("kind").and_then(Node::text);
    Some(kind.map_or_else(|| source.to_owned(), |kind| format!("{kind}/{}", name.unwrap_or_default())))
}

/// The documents of a text. A line that begins with `---` stands between documents wherever it is: what is inside a
/// document is indented.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let marker =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if marker {
            parts.extend(text.get(start..at));
            start = at + line.len();
        }
        at += line.len();
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{opened, parts};

    #[test]
    fn a_file_falls_into_its_documents() {
        let text = "---\na: 1\n--- # two\nb: |\n  ---\n---\n\n---\nc: 3";
        assert_eq!(parts(text), ["a: 1\n", "b: |\n  ---\n", "c: 3"]);
    }
    #[test]
    fn a_list_falls_into_its_objects() {
        let text = "kind: List\nitems:\n  - kind: A\n    data:\n      x: |\n        y\n\n        z\n  - { kind: B }\n";
        assert_eq!(opened(text), ["kind: A\ndata:\n  x: |\n    y\n\n    z\n", "{ kind: B }"]);
        assert_eq!(opened("kind: RoleList\nitems: []\n").len(), 1);
    }
}
