//! What texts may be by `format`, as the library of Helm 3 checks it, and whether its schemas are sound.
use core::net::{Ipv4Addr, Ipv6Addr};
use regex::Regex;
use serde_json::Value;

/// Whether a text is what the format says. Formats that are not known fit everything.
pub(super) fn fits(format: &str, text: &str) -> bool {
    let is = |pattern: &str| Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
    let date = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])";
    let time = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-][0-2]\d:[0-5]\d)";
    match format {
        "date" => is(&format!("^{date}$")),
        "time" => is(&format!("^{time}$")) || is(r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"),
        "date-time" => is(&format!("^{date}T{time}$")) || is(&format!("^({date}|{time})$")),
        "hostname" => {
            text.len() <= 255
                && is(
                    r"^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9]))*$",
                )
        }
        "email" | "idn-email" => is(r"^[^\s@<>,;:]+@[^\s@<>,;:]+$") || is(r"<[^\s@]+@[^\s@]+>$"),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "uri" | "iri" => is(r"^[a-zA-Z][a-zA-Z0-9+.\-]*:") && !text.contains('\\'),
        "uri-reference" | "iri-reference" => !text.starts_with(':') && !text.contains('\\'),
        "uuid" => is(r"^[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$"),
        "regex" => Regex::new(text).is_ok(),
        "json-pointer" => is(r"^(?:/(?:[^~/]|~0|~1)*)*$"),
        _ => true,
    }
}

/// What the library says of a schema that is none.
pub(super) fn unsound(schema: &Value) -> Option<String> {
    match schema {
        Value::Object(_) => part(schema, 0),
        Value::Bool(_) => None,
        _ => Some("schema is invalid".into()),
    }
}

const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];

fn part(schema: &Value, depth: usize) -> Option<String> {
    let map = schema.as_object().filter(|_| depth < 500)?;
    if let Some(Value::String(reference)) = map.get("$ref") {
        let loaded = ["http:", "https:", "file:", "ftp:"].iter().any(|scheme| reference.starts_with(scheme));
        return match reference.strip_prefix("file://") {
            Some(path) => Some(format!("open {path}: no such file or directory")),
            None if reference.starts_with('#') => None,
            None if loaded => Some(format!("Get \"{reference}\": schemas are not loaded from the network")),
            None if reference.contains(':') => Some(format!("Reference {reference} must be canonical")),
            None => Some(format!("Reference /{reference} must be canonical")),
        };
    }
    for name in match map.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(_) => return Some("Invalid type. Expected: string/array of strings, given: type".into()),
        None => Vec::new(),
    } {
        if !TYPES.contains(&name) {
            let valid = TYPES.join(" ");
            return Some(format!(
                "has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:[{valid}]"
            ));
        }
    }
    for key in ["properties", "patternProperties", "definitions"] {
        match map.get(key) {
            None => (),
            Some(Value::Object(parts)) => {
                let inner = || parts.values().find_map(|schema| part(schema, depth + 1));
                if let Some(text) = stacker::maybe_grow(64 * 1024, 1024 * 1024, inner) {
                    return Some(text);
                }
            }
            Some(_) => return Some(format!("{key} must be of type object")),
        }
    }
    for key in ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] {
        match map.get(key) {
            Some(Value::Number(bound)) if bound.as_f64().is_some_and(|bound| bound < 0.0) => {
                return Some(format!("{key} must be greater than or equal to 0"));
            }
            Some(Value::Number(bound)) if bound.as_f64().is_some_and(|bound| bound.fract() != 0.0) => {
                return Some(format!("{key} must be of an integer"));
            }
            _ => (),
        }
    }
    if let Some(Value::String(pattern)) = map.get("pattern")
        && Regex::new(pattern).is_err()
    {
        return Some("pattern must be a valid regex".into());
    }
    let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten();
    let single = ["items", "not", "if", "then", "else", "additionalProperties", "additionalItems", "contains"];
    let single = single.iter().filter_map(|key| map.get(*key));
    let mut inner = lists.chain(single);
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || inner.find_map(|schema| part(schema, depth + 1)))
}
