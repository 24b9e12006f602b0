//! Fields of `Chart.yaml` out of YAML, with the conversions and complaints of Go's decoder.
use crate::engines::helm::values;
use crate::engines::yaml::{Data, Node};
use std::collections::BTreeMap;

/// What went wrong, as Go's JSON decoder says it.
pub(super) type Complaint = String;

/// The entries of a mapping that fill fields of a struct. Names are found whatever the case of their letters.
pub(super) struct Fields<'a> {
    entries: Vec<(String, &'a Node)>,
    /// The name of the struct and the fields that lead to it: `Metadata.`.
    place: String,
}

impl<'a> Fields<'a> {
    /// Reads a mapping; `None` for nothing at all.
    pub(super) fn of(node: &'a Node, place: &str, kind: &str) -> Result<Option<Fields<'a>>, Complaint> {
        match &node.data {
            Data::Null => Ok(None),
            Data::Map(entries) => {
                let mut entries: Vec<(String, &Node)> =
                    entries.iter().filter_map(|(key, value)| Some((values::key(key)?, value))).collect();
                // Go's decoder sees the keys sorted, and the last one that fits fills the field.
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                // Go names the innermost struct, and all fields that lead to the place.
                let place = match place.split_once('.') {
                    Some((_, field)) => format!("{}.{field}.", kind.trim_start_matches("v2.")),
                    None => format!("{place}."),
                };
                Ok(Some(Fields { entries, place }))
            }
            _ => Err(wrong(node, "", place.split_once('.').map(|_| place), kind)),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, node)| *node)
    }

    /// A text; numbers and booleans become one.
    pub(super) fn text(&self, name: &str, into: &mut String) -> Result<(), Complaint> {
        match self.get(name) {
            None => Ok(()),
            Some(node) => match scalar_text(node) {
                Some(text) => {
                    *into = text;
                    Ok(())
                }
                None if node.is_null() => Ok(()),
                None => Err(wrong(node, name, Some(&self.place), "string")),
            },
        }
    }

    /// A boolean.
    pub(super) fn flag(&self, name: &str, into: &mut bool) -> Result<(), Complaint> {
        match self.get(name) {
            None => Ok(()),
            Some(Node { data: Data::Null, .. }) => Ok(()),
            Some(Node { data: Data::Bool(value), .. }) => {
                *into = *value;
                Ok(())
            }
            Some(node) => Err(wrong(node, name, Some(&self.place), "bool")),
        }
    }

    /// A list of anything; `None` where the field is not written or null.
    pub(super) fn list(&self, name: &str, kind: &str) -> Result<Option<&'a [Node]>, Complaint> {
        match self.get(name) {
            None => Ok(None),
            Some(node) => match &node.data {
                Data::Null => Ok(None),
                Data::List(items) => Ok(Some(items)),
                _ => Err(wrong(node, name, Some(&self.place), kind)),
            },
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str, into: &mut Vec<String>) -> Result<(), Complaint> {
        let Some(items) = self.list(name, "[]string")? else { return Ok(()) };
        into.clear();
        for item in items {
            match scalar_text(item) {
                Some(text) => into.push(text),
                None if item.is_null() => into.push(String::new()),
                None => return Err(wrong(item, name, Some(&self.place), "string")),
            }
        }
        Ok(())
    }

    /// A mapping of texts.
    pub(super) fn text_map(&self, name: &str, into: &mut BTreeMap<String, String>) -> Result<(), Complaint> {
        let Some(node) = self.get(name) else { return Ok(()) };
        match &node.data {
            Data::Null => Ok(()),
            Data::Map(entries) => {
                for (key, value) in entries {
                    let Some(key) = values::key(key) else { continue };
                    match scalar_text(value) {
                        Some(text) => into.insert(key, text),
                        None if value.is_null() => into.insert(key, String::new()),
                        None => return Err(wrong(value, name, Some(&self.place), "string")),
                    };
                }
                Ok(())
            }
            _ => Err(wrong(node, name, Some(&self.place), "map[string]string")),
        }
    }
}

/// The text that a scalar becomes where a text is wanted.
fn scalar_text(node: &Node) -> Option<String> {
    match &node.data {
        Data::Text(text) => Some(text.clone()),
        Data::Bool(value) => Some(value.to_string()),
        Data::Int(value) => Some(value.to_string()),
        Data::Float(value) => Some(match node.written.as_deref().and_then(|text| text.parse::<u64>().ok()) {
            Some(whole) if *value > 9.2e18 => whole.to_string(),
            _ => values::go_float(*value),
        }),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}

fn wrong(node: &Node, name: &str, place: Option<&str>, kind: &str) -> Complaint {
    let given = match node.data {
        Data::Null => "null",
        Data::Bool(_) => "bool",
        Data::Int(_) | Data::Float(_) => "number",
        Data::Text(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
    };
    match place {
        Some(place) => format!("json: cannot unmarshal {given} into Go struct field {place}{name} of type {kind}"),
        None => format!("json: cannot unmarshal {given} into Go value of type {kind}"),
    }
}
