//! Values out of YAML, as Helm's readers give them: every number is a float, keys are texts.
use super::text::go_float;
use crate::engines::helm::codec;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::engines::yaml::{self, Data, Limits, Node};
use serde_json::{Map, Number, Value};

/// Reads a values file: all its documents laid over one another, as Helm 4 does it.
///
/// # Errors
/// When it is no YAML, or a document is no mapping.
pub fn read(text: &[u8]) -> Result<Map<String, Value>, Error> {
    read_as(text, Compat::Helm4)
}

/// As `read`, by the rules of one Helm. Helm 3 reads the first document only.
///
/// # Errors
/// As `read`.
pub fn read_as(text: &[u8], compat: Compat) -> Result<Map<String, Value>, Error> {
    if compat == Compat::Helm3 {
        return document(text);
    }
    let mut values = Map::new();
    for (line, piece) in pieces(text)? {
        // Helm reads lines and ends each of them.
        let ended;
        let piece = if piece.ends_with(b"\n") {
            piece
        } else {
            ended = [piece, b"\n"].concat();
            &ended
        };
        let read = document(piece).map_err(|error| {
            let text = format!("cannot unmarshal yaml document: {}", error.text);
            Error { text, line: error.line.map(|at| at + line), ..error }
        })?;
        values = if values.is_empty() { read } else { super::merge(values, read) };
    }
    Ok(values)
}

/// The documents of a text, by lines that begin with `---`, and how many lines stand above each.
pub(super) fn pieces(text: &[u8]) -> Result<Vec<(u32, &[u8])>, Error> {
    let (mut pieces, mut begin, mut at, mut line, mut first_line) = (Vec::new(), 0, 0, 0u32, 0u32);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        let this = rest.get(..length).unwrap_or(rest);
        if let Some(after) = this.strip_prefix(b"---") {
            let after = String::from_utf8_lossy(after);
            let after = after.trim();
            if !after.is_empty() && !after.starts_with('#') {
                let text = format!("error reading yaml document: invalid Yaml document separator: {after}");
                return Err(Error::new(ErrorKind::Values, text).line(line + 1));
            }
            // The first separator opens the first document and stays in it.
            if at > begin {
                pieces.push((first_line, text.get(begin..at).unwrap_or_default()));
                begin = at + length;
                first_line = line + 1;
            }
        }
        at += length;
        line += 1;
    }
    if text.len() > begin {
        pieces.push((first_line, text.get(begin..).unwrap_or_default()));
    }
    Ok(pieces)
}

/// The first document of a text as a mapping of values.
fn document(text: &[u8]) -> Result<Map<String, Value>, Error> {
    let Some(node) = first_document(text, ErrorKind::Values)? else { return Ok(Map::new()) };
    match json(&node).map_err(|text| converting(ErrorKind::Values, &text))? {
        Value::Null => Ok(Map::new()),
        Value::Object(map) => Ok(map),
        other => {
            let kind = match other {
                Value::Array(_) => "array",
                Value::String(_) => "string",
                Value::Bool(_) => "bool",
                _ => "number",
            };
            let text = format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type \
                 map[string]interface {{}}"
            );
            Err(Error::new(ErrorKind::Values, text))
        }
    }
}

fn converting(kind: ErrorKind, text: &str) -> Error {
    Error::new(kind, format!("error converting YAML to JSON: {text}"))
}

/// The first document of a text. What is wrong behind it does not count.
pub(in crate::engines::helm) fn first_document(text: &[u8], kind: ErrorKind) -> Result<Option<Node>, Error> {
    let text = codec::yaml_text(text).map_err(|text| converting(kind, &text))?;
    let limits = Limits { bytes: 128 * 1024 * 1024, depth: 250, ..Limits::default() };
    let (documents, errors) = yaml::parse_as_helm(text, &limits);
    let first = documents.into_iter().next();
    let end = first.as_ref().map_or(usize::MAX, |node| node.span.end);
    match errors.iter().find(|error| error.span.start < end) {
        None => Ok(first),
        Some(error) => {
            let before = text.get(..error.span.start).unwrap_or_default();
            let line = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1);
            let kind = if error.kind == yaml::ErrorKind::Limit { ErrorKind::Limit } else { kind };
            Err(converting(kind, &codec::yaml_error(error, text)).line(line))
        }
    }
}

/// The key that Helm makes of a scalar; `None` for what cannot be one.
pub(in crate::engines::helm) fn key(node: &Node) -> Option<String> {
    match &node.data {
        Data::Text(text) => Some(text.clone()),
        Data::Bool(value) => Some(value.to_string()),
        Data::Int(value) => Some(value.to_string()),
        Data::Float(value) => Some(go_float(*value)),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}

/// A node as values have it.
pub(in crate::engines::helm) fn json(node: &Node) -> Result<Value, String> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match &node.data {
        Data::Null => Ok(Value::Null),
        Data::Bool(value) => Ok(Value::Bool(*value)),
        #[expect(clippy::cast_precision_loss, reason = "numbers of values are floats in Helm")]
        Data::Int(value) => number(*value as f64),
        Data::Float(value) => number(*value),
        Data::Text(text) => Ok(Value::String(text.clone())),
        Data::List(items) => items.iter().map(json).collect::<Result<_, _>>().map(Value::Array),
        Data::Map(entries) => {
            let mut map = Map::new();
            for (name, value) in entries {
                if name.is_null() && name.span.start == name.span.end {
                    return Err("yaml: did not find expected key".to_owned());
                }
                let name = key(name).ok_or("unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>")?;
                map.insert(name, json(value)?);
            }
            Ok(Value::Object(map))
        }
    })
}

fn number(value: f64) -> Result<Value, String> {
    let name = || {
        format!(
            "json: unsupported value: {}",
            if value.is_nan() {
                "NaN"
            } else if value > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            }
        )
    };
    Number::from_f64(value).map(Value::Number).ok_or_else(name)
}
