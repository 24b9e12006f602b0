//! Which objects a patch is for.
use super::resource::{Gvk, Resource, text};
use regex::Regex;
use serde_json::Value;

/// A selector: patterns for ids and conditions on labels and annotations.
pub(super) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Condition>,
    annotations: Vec<Condition>,
}

enum Condition {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Has(String),
    HasNot(String),
}

impl Selector {
    /// Reads a `target`.
    ///
    /// # Errors
    /// A pattern or a condition that does not parse.
    pub(super) fn parse(target: &Value) -> Result<Selector, String> {
        let pattern = |key: &str| match text(target, &[key]) {
            "" => Ok(None),
            pattern => Regex::new(&format!("^(?:{pattern})$"))
                .map(Some)
                .map_err(|_| format!("the {key} '{pattern}' is no pattern")),
        };
        Ok(Selector {
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
            labels: conditions(text(target, &["labelSelector"]))?,
            annotations: conditions(text(target, &["annotationSelector"]))?,
        })
    }

    pub(super) fn selects(&self, resource: &Resource) -> bool {
        let fits = |pattern: &Option<Regex>, words: &[&str]| match pattern {
            Some(pattern) => words.iter().any(|word| pattern.is_match(word)),
            None => true,
        };
        let (original, now) = (resource.original(), resource.id());
        let Gvk { group, version, kind } = &now.gvk;
        let space = |namespace: Option<&str>| namespace.unwrap_or("_non_namespaceable_").to_owned();
        let (old_space, new_space) = (space(original.effective()), space(now.effective()));
        fits(&self.namespace, &[&old_space, &new_space])
            && fits(&self.name, &[&original.name, &now.name])
            && fits(&self.group, &[group])
            && fits(&self.version, &[version])
            && fits(&self.kind, &[kind])
            && self.labels.iter().all(|condition| condition.holds(&resource.object, "labels"))
            && self.annotations.iter().all(|condition| condition.holds(&resource.object, "annotations"))
    }
}

impl Condition {
    fn holds(&self, object: &Value, place: &str) -> bool {
        let value = |key: &str| {
            object.get("metadata").and_then(|meta| meta.get(place)).and_then(|map| map.get(key)).and_then(Value::as_str)
        };
        match self {
            Condition::In(key, values) => value(key).is_some_and(|value| values.iter().any(|want| want == value)),
            Condition::NotIn(key, values) => value(key).is_none_or(|value| values.iter().all(|want| want != value)),
            Condition::Has(key) => value(key).is_some(),
            Condition::HasNot(key) => value(key).is_none(),
        }
    }
}

fn conditions(selector: &str) -> Result<Vec<Condition>, String> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, c) in selector.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&selector[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&selector[start..]);
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).map(condition).collect()
}

fn condition(part: &str) -> Result<Condition, String> {
    let owned = |text: &str| text.trim().to_owned();
    if let Some((key, values)) = part.strip_suffix(')').and_then(|part| part.split_once('(')) {
        let values = values.split(',').map(owned).collect();
        return match key.trim().rsplit_once(char::is_whitespace) {
            Some((key, "in")) => Ok(Condition::In(owned(key), values)),
            Some((key, "notin")) => Ok(Condition::NotIn(owned(key), values)),
            _ => Err(format!("'{part}' is no condition on labels")),
        };
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Ok(Condition::NotIn(owned(key), vec![owned(value)]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Ok(Condition::In(owned(key), vec![owned(value)]));
    }
    match part.strip_prefix('!') {
        Some(key) => Ok(Condition::HasNot(owned(key))),
        None => Ok(Condition::Has(owned(part))),
    }
}
