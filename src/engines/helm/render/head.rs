//! What Helm reads of each manifest: kind, names and annotations. Whatever it would refuse is refused here, in its words.
use crate::engines::gotemplate::{Map, Value};
use crate::engines::helm::codec;
use crate::engines::helm::host::Compat;
use std::collections::BTreeMap;

/// The head of a manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// `apiVersion`.
    pub(super) api_version: String,
    /// `kind`.
    pub(super) kind: String,
    /// `metadata.name`.
    pub(super) name: String,
    /// `metadata.namespace`, which Helm does not read.
    pub(super) namespace: Option<String>,
    /// `metadata.annotations`.
    pub(super) annotations: BTreeMap<String, String>,
}

/// The Go type behind `metadata`.
const METADATA: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

/// Reads the head; the whole text must be YAML.
///
/// # Errors
/// What Go says of the text.
pub(super) fn read(text: &str, compat: Compat) -> Result<Head, String> {
    let value = codec::read_yaml(text.as_bytes())?;
    let mut head = Head::default();
    let mut wrong = None;
    let map = match &value {
        Value::Nil => return Ok(head),
        Value::Map(map) => map,
        other => {
            let head = match compat {
                Compat::Helm3 => "releaseutil.SimpleHead",
                Compat::Helm4 => "util.SimpleHead",
            };
            return Err(mismatch(&format!("{} into Go value of type {head}", codec::json_kind(other))));
        }
    };
    for (key, value) in entries(map) {
        let field = match key.to_ascii_lowercase().as_str() {
            "apiversion" => &mut head.api_version,
            "kind" => &mut head.kind,
            "metadata" => {
                metadata(&mut head, &value, &mut wrong);
                continue;
            }
            _ => continue,
        };
        let name = if key.eq_ignore_ascii_case("kind") { "kind" } else { "apiVersion" };
        set(field, &value, &format!("SimpleHead.{name}"), &mut wrong);
    }
    match wrong {
        Some(wrong) => Err(mismatch(&wrong)),
        None => Ok(head),
    }
}

fn mismatch(what: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what}")
}

fn entries(map: &Map) -> Vec<(String, Value)> {
    map.snapshot().into_iter().map(|(key, value)| (key.lossy().into_owned(), value)).collect()
}

fn metadata(head: &mut Head, value: &Value, wrong: &mut Option<String>) {
    let map = match value {
        Value::Nil => return,
        Value::Map(map) => map,
        other => {
            let text =
                format!("{} into Go struct field SimpleHead.metadata of type {METADATA}", codec::json_kind(other));
            wrong.get_or_insert(text);
            return;
        }
    };
    for (key, value) in entries(map) {
        match key.to_ascii_lowercase().as_str() {
            "name" => set(&mut head.name, &value, ".metadata.name", wrong),
            "annotations" => annotations(head, &value, wrong),
            "namespace" => head.namespace = scalar(&value),
            _ => (),
        }
    }
}

fn annotations(head: &mut Head, value: &Value, wrong: &mut Option<String>) {
    let map = match value {
        Value::Nil => return,
        Value::Map(map) => map,
        other => {
            let place = ".metadata.annotations";
            wrong.get_or_insert(format!(
                "{} into Go struct field {place} of type map[string]string",
                codec::json_kind(other)
            ));
            return;
        }
    };
    for (key, value) in entries(map) {
        let mut text = String::new();
        set(&mut text, &value, ".metadata.annotations", wrong);
        head.annotations.insert(key, text);
    }
}

/// Sets a text; numbers and booleans are written out, null leaves it as it is.
fn set(field: &mut String, value: &Value, place: &str, wrong: &mut Option<String>) {
    match scalar(value) {
        Some(text) => *field = text,
        None if value.is_nil() => (),
        None => {
            wrong.get_or_insert(format!("{} into Go struct field {place} of type string", codec::json_kind(value)));
        }
    }
}

/// A scalar as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.lossy().into_owned()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Int(number, _) => Some(number.to_string()),
        Value::Uint(number, _) => Some(number.to_string()),
        // Whole numbers were integers in the text, most likely; Helm reads them before they become floats.
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e18 => Some(format!("{number:.0}")),
        Value::Float(number) => Some(crate::engines::gotemplate::fmt::format_float(*number, b'g', None)),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Object(_) => None,
    }
}
