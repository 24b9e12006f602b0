//! `sigs.k8s.io/yaml` and go-yaml over values of templates.
use super::yaml_emit::{Dialect, Tree, emit};
use super::{MAX_BYTES, MAX_DEPTH, deeper, json, yaml_order};
use crate::engines::gotemplate::fmt::{format_float, sprintf};
use crate::engines::gotemplate::{Bytes, Element, Map, Value};
use crate::engines::yaml::{Data, Limits, Node, parse_as_helm};
use base64::Engine;

/// Characters of a key, with quotes and escapes, after which go-yaml no longer looks for the colon.
const MAX_KEY: usize = 1024;

/// What `sigs.k8s.io/yaml.Marshal` gives without the line break at the end: by way of JSON, so bytes are base64 and whole
/// numbers have no exponent.
///
/// # Errors
/// Go's text.
pub(in crate::engines::helm) fn to_yaml(value: &Value) -> Result<Vec<u8>, String> {
    let tree = by_json(value, 0, &mut Budget(MAX_BYTES)).map_err(|error| match json::encode(value) {
        // JSON comes first, whole.
        Err(first) => format!("error marshaling into JSON: {first}"),
        Ok(_) => error,
    })?;
    document(&tree, Dialect::Two)
}

/// What an encoder of go-yaml 3 with an indent of two gives without the line break at the end.
///
/// # Errors
/// When the value is too deep or too big.
pub(in crate::engines::helm) fn to_yaml_pretty(value: &Value) -> Result<Vec<u8>, String> {
    let tree = direct(value, 0, &mut Budget(MAX_BYTES))?;
    document(&tree, Dialect::Three)
}

fn document(tree: &Tree, dialect: Dialect) -> Result<Vec<u8>, String> {
    let mut text = emit(tree, dialect)?;
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    Ok(text)
}

fn too_deep(value: &Value) -> String {
    let name = value.type_name();
    format!("error marshaling into JSON: json: unsupported value: encountered a cycle via {name}")
}

/// Bytes that a tree may still take: maps that hold the same map twice grow without end.
struct Budget(usize);

impl Budget {
    fn take(&mut self, value: &Value) -> Result<(), String> {
        let text = value.as_string().map_or(0, |text| text.len());
        match self.0.checked_sub(text + std::mem::size_of::<Tree>()) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err("yaml: the value is too big".to_owned()),
        }
    }
}

/// The tree that go-yaml 2 sees in the JSON text of a value.
fn by_json(value: &Value, depth: usize, budget: &mut Budget) -> Result<Tree, String> {
    if depth > MAX_DEPTH {
        return Err(too_deep(value));
    }
    budget.take(value)?;
    Ok(match value {
        Value::Float(number) => {
            let text = json::float(*number).map_err(|error| format!("error marshaling into JSON: {error}"))?;
            Tree::Bare(whole(&text).unwrap_or_else(|| format_float(*number, b'g', None)))
        }
        Value::String(text) => Tree::Text(text_by_json(text)?),
        Value::List(list) if list.is_nil() => Tree::Bare("null".to_owned()),
        Value::List(list) if list.element() == Element::Uint8 => Tree::Text(json::base64(list)),
        Value::List(list) => {
            let items = list.items().iter().map(|item| deeper(|| by_json(item, depth + 1, budget)));
            Tree::List(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.snapshot() {
                entries.push((key_by_json(&key)?, deeper(|| by_json(&value, depth + 1, budget))?));
            }
            let entries = yaml_order::sort(entries, Dialect::Two);
            Tree::Map(entries.into_iter().map(|(key, value)| (Tree::Text(key), value)).collect())
        }
        Value::Object(object) => deeper(|| by_json(&object.to_data(), depth + 1, budget))?,
        simple => Tree::Bare(bare(simple)),
    })
}

/// Scalars that are written alike by both versions.
fn bare(value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Int(number, _) => number.to_string(),
        Value::Uint(number, _) => number.to_string(),
        _ => "null".to_owned(),
    }
}

/// The integer that go-yaml takes the JSON text of a float for, if it does.
fn whole(text: &str) -> Option<String> {
    match (text.parse::<i64>(), text.parse::<u64>()) {
        (Ok(number), _) => Some(number.to_string()),
        (_, Ok(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// A string after JSON wrote it and go-yaml read it back.
fn text_by_json(text: &[u8]) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    if out.is_ascii() && !out.contains('\x7f') {
        return Ok(out);
    }
    let control = |char| matches!(char, '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if out.contains(control) {
        return Err("yaml: control characters are not allowed".to_owned());
    }
    // JSON leaves this one as it is, and YAML folds lines there.
    Ok(if out.contains('\u{85}') { fold(&out) } else { out })
}

/// One line break becomes a space, each further one stays; spaces around them are dropped.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before.trim_end_matches(' '));
        let next = behind.trim_start_matches([' ', '\u{85}']);
        let breaks = behind.get(..behind.len() - next.len()).unwrap_or_default().matches('\u{85}').count();
        out.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
        rest = next;
    }
    out.push_str(rest);
    out
}

fn key_by_json(key: &[u8]) -> Result<String, String> {
    let text = text_by_json(key)?;
    if key.len() * 6 + 2 > MAX_KEY || text.len() != key.len() {
        let mut written = Vec::new();
        json::string(&mut written, key, true);
        let length = String::from_utf8_lossy(&written).chars().count();
        if length > MAX_KEY || String::from_utf8_lossy(key).contains('\u{85}') {
            let line = match String::from_utf8_lossy(key).matches('\u{85}').count() {
                0 => String::new(),
                line => format!("line {line}: "),
            };
            return Err(format!("yaml: {line}did not find expected ',' or '}}'"));
        }
    }
    Ok(text)
}

/// The tree that go-yaml 3 sees in a value.
fn direct(value: &Value, depth: usize, budget: &mut Budget) -> Result<Tree, String> {
    if depth > MAX_DEPTH {
        return Err(too_deep(value));
    }
    budget.take(value)?;
    Ok(match value {
        Value::Float(number) => Tree::Bare(match number {
            _ if number.is_nan() => ".nan".to_owned(),
            _ if number.is_infinite() => if *number > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
            _ => format_float(*number, b'g', None),
        }),
        Value::String(text) => direct_text(text),
        Value::List(list) => {
            let items = list.items().iter().map(|item| deeper(|| direct(item, depth + 1, budget)));
            Tree::List(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.snapshot() {
                let value = deeper(|| direct(&value, depth + 1, budget))?;
                entries.push((key.lossy().into_owned(), (direct_text(&key), value)));
            }
            Tree::Map(yaml_order::sort(entries, Dialect::Three).into_iter().map(|(_, entry)| entry).collect())
        }
        Value::Object(object) => deeper(|| direct(&object.to_data(), depth + 1, budget))?,
        simple => Tree::Bare(bare(simple)),
    })
}

/// A string; bytes that are no text become base64 in lines of 70 characters.
fn direct_text(text: &Bytes) -> Tree {
    if let Some(text) = text.as_str() {
        return Tree::Text(text.to_owned());
    }
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    if encoded.len() < 70 {
        return Tree::Binary(encoded);
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / 70 + 1);
    for line in encoded.as_bytes().chunks(70) {
        lines.push_str(&String::from_utf8_lossy(line));
        lines.push('\n');
    }
    Tree::Binary(lines)
}

/// What `fromYaml` gives: a map. Only the first document counts; a text without one is an empty map.
///
/// # Errors
/// The text that Helm puts under `Error`.
pub(in crate::engines::helm) fn from_yaml(text: &[u8]) -> Result<Value, String> {
    match read(text)? {
        Value::Nil => Ok(Value::Map(Map::new())),
        map @ Value::Map(_) => Ok(map),
        other => Err(mismatch(&other, "map[string]interface {}")),
    }
}

/// What `fromYamlArray` gives: a list.
///
/// # Errors
/// The text that Helm gives as the only item.
pub(in crate::engines::helm) fn from_yaml_array(text: &[u8]) -> Result<Value, String> {
    match read(text)? {
        Value::Nil => Ok(Value::list(Vec::new())),
        list @ Value::List(_) => Ok(list),
        other => Err(mismatch(&other, "[]interface {}")),
    }
}

fn mismatch(value: &Value, wanted: &str) -> String {
    let have = json_kind(value);
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {have} into Go value of type {wanted}"
    )
}

/// The word of `encoding/json` for the type of a value.
pub(in crate::engines::helm) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "bool",
        Value::Int(..) | Value::Uint(..) | Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Object(_) => "object",
    }
}

/// What `yaml.Unmarshal` gives for `interface{}`: the first document, or nil; numbers are floats.
///
/// # Errors
/// Go's text.
pub(in crate::engines::helm) fn read(text: &[u8]) -> Result<Value, String> {
    let node = first_document(text).map_err(|error| format!("error converting YAML to JSON: {error}"))?;
    let Some(node) = node else { return Ok(Value::Nil) };
    value(&node).map_err(|error| format!("error converting YAML to JSON: {error}"))
}

/// The text of a file, if its bytes can be YAML.
///
/// # Errors
/// Go's text.
pub(in crate::engines::helm) fn yaml_text(text: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(text).map_err(|_| "yaml: invalid leading UTF-8 octet".to_owned())?;
    let control = |char| matches!(char, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}');
    if text.contains(control) {
        return Err("yaml: control characters are not allowed".to_owned());
    }
    Ok(text)
}

fn first_document(text: &[u8]) -> Result<Option<Node>, String> {
    let text = yaml_text(text)?;
    let (nodes, errors) = parse_as_helm(text, &Limits::default());
    match errors.first() {
        Some(error) => Err(super::yaml_error::text(error, text)),
        None => Ok(nodes.into_iter().next()),
    }
}

fn value(node: &Node) -> Result<Value, String> {
    Ok(match &node.data {
        Data::Null => Value::Nil,
        Data::Bool(on) => Value::Bool(*on),
        Data::Int(_) | Data::Float(_) => Value::Float(number(&node.data)?),
        Data::Text(text) => Value::from(text.as_str()),
        Data::List(items) => Value::list(items.iter().map(value).collect::<Result<_, _>>()?),
        Data::Map(entries) => {
            let map = Map::new();
            for (name, item) in entries {
                map.insert(key(name, item)?, value(item)?);
            }
            Value::Map(map)
        }
    })
}

fn number(data: &Data) -> Result<f64, String> {
    match data {
        #[expect(clippy::cast_precision_loss, reason = "Helm holds every number of a file as a float")]
        Data::Int(number) => Ok(*number as f64),
        Data::Float(number) if !number.is_finite() => json::float(*number).map(|_| *number),
        Data::Float(number) => Ok(*number),
        _ => Ok(0.0),
    }
}

fn key(key: &Node, item: &Node) -> Result<String, String> {
    match &key.data {
        // A key that is not written at all.
        Data::Null if key.span.start == key.span.end => Err("yaml: did not find expected key".to_owned()),
        Data::Text(text) => Ok(text.clone()),
        Data::Bool(on) => Ok(on.to_string()),
        Data::Int(number) => Ok(number.to_string()),
        Data::Float(number) => Ok(match number {
            _ if number.is_nan() => ".nan".to_owned(),
            _ if number.is_infinite() => if *number > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
            _ => single(*number),
        }),
        _ => {
            let item = value(item).unwrap_or(Value::Nil);
            let text =
                sprintf(b"unsupported map key of type: %s, key: %+#v, value: %+#v", &[Value::Nil, Value::Nil, item]);
            Err(String::from_utf8_lossy(&text).into_owned())
        }
    }
}

/// A number with as many digits as `float32` needs, which is how keys are written.
fn single(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "that is what is asked for")]
    let short = (number as f32).to_string();
    match short.parse::<f64>() {
        Ok(number) if number.is_finite() => format_float(number, b'g', None),
        _ => if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
    }
}
