//! How Go prints what stands in values, where Helm's messages quote it.
use regex::Regex;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// `strconv.FormatFloat(value, 'g', -1, 64)`, which is also `%v` of a float, apart from where the exponent begins.
pub(in crate::engines::helm) fn go_float(value: f64) -> String {
    float(value, -4, 6)
}

/// `%v` of a float.
pub(super) fn go_float_v(value: f64) -> String {
    float(value, -4, 21)
}

fn float(value: f64, least: i32, most: i32) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && (exponent < least || exponent >= most) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

/// Letters, marks, numbers, punctuation, symbols: what `unicode.IsPrint` takes beside the space.
static PRINT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S}]$").ok());

/// Go's `unicode.IsPrint`.
pub(in crate::engines::helm) fn is_print(char: char) -> bool {
    if char.is_ascii() {
        return matches!(char, ' '..='~');
    }
    let mut buffer = [0; 4];
    let text: &str = char.encode_utf8(&mut buffer);
    PRINT.as_ref().is_none_or(|print| print.is_match(text))
}

/// `%q` of a text.
pub(in crate::engines::helm) fn go_quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            char if is_print(char) => quoted.push(char),
            char => {
                let code = u32::from(char);
                // Writing to a text cannot fail.
                let _ = match code {
                    0..=0x1f | 0x7f => write!(quoted, "\\x{code:02x}"),
                    0x80..=0xffff => write!(quoted, "\\u{code:04x}"),
                    _ => write!(quoted, "\\U{code:08x}"),
                };
            }
        }
    }
    quoted.push('"');
    quoted
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
