//! How Go prints what stands in values, where Helm's messages quote it.
use crate::engines::gotemplate::{self, fmt};
use serde_json::Value;

/// `strconv.FormatFloat(value, 'g', -1, 64)`, which is also `%v` of a float, apart from where the exponent begins.
pub(in crate::engines::helm) fn go_float(value: f64) -> String {
    fmt::format_float(value, b'g', None)
}

/// `%v` of a float.
pub(super) fn go_float_v(value: f64) -> String {
    String::from_utf8_lossy(&fmt::display(&gotemplate::Value::Float(value))).into_owned()
}

/// The name of a value's type in Go.
pub(super) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// A number as `%v` prints it.
pub(super) fn go_number(number: &serde_json::Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(value) => go_float_v(value),
        None => number.to_string(),
    }
}

/// `%v` of a value.
pub(super) fn go_v(value: &Value) -> String {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match value {
        Value::Null => "<nil>".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => go_number(number),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go_v).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}:{}", go_v(value))).collect();
            format!("map[{}]", entries.join(" "))
        }
    })
}

/// `%t` of a value that is no boolean.
pub(super) fn go_t(value: &Value) -> String {
    match value {
        Value::Null => "%!t(<nil>)".into(),
        other => nested_t(other),
    }
}

fn nested_t(value: &Value) -> String {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match value {
        Value::Null => "<nil>".into(),
        Value::Bool(value) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(nested_t).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entry = |(key, value): &(&String, &Value)| format!("%!t(string={key}):{}", nested_t(value));
            format!("map[{}]", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
        }
        other => format!("%!t({}={})", go_type(other), go_v(other)),
    })
}
