//! One JSON value at the beginning of a text, as Go's decoder takes it.
use serde_json::{Map, Number, Value};

/// The value and how many bytes it takes, white space before it included.
pub(super) fn first(text: &str) -> Result<(Value, usize), String> {
    let start = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let rest = text.get(start..).unwrap_or_default();
    let length = match rest.as_bytes().first() {
        None => return Err("EOF".into()),
        Some(b'{' | b'[') => collection(rest)?,
        Some(b'"') => string(rest)?,
        Some(_) => word(rest)?,
    };
    let value: Value =
        serde_json::from_str(rest.get(..length).unwrap_or_default()).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => "unexpected EOF".to_owned(),
            _ => format!("invalid JSON: {error}"),
        })?;
    Ok((floats(value)?, start + length))
}

fn string(text: &str) -> Result<usize, String> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(at + 1),
            _ => (),
        }
    }
    Err("unexpected EOF".into())
}

fn collection(text: &str) -> Result<usize, String> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => (),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            _ => (),
        }
    }
    Err("unexpected EOF".into())
}

/// A number or a name.
fn word(text: &str) -> Result<usize, String> {
    if let Some(word) = ["true", "false", "null"].iter().find(|word| text.starts_with(**word)) {
        return Ok(word.len());
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = if bytes.get(at) == Some(&b'0') { 1 } else { digits(at) };
    if whole == 0 {
        let char = text.chars().next().unwrap_or_default();
        return Err(format!("invalid character {} looking for beginning of value", super::parser::quote_char(char)));
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at += digits(at);
    }
    Ok(at)
}

/// All numbers as floats.
fn floats(value: Value) -> Result<Value, String> {
    Ok(match value {
        Value::Number(number) => {
            let float = number.as_f64().and_then(Number::from_f64);
            let complaint = || format!("json: cannot unmarshal number {number} into Go value of type float64");
            Value::Number(float.ok_or_else(complaint)?)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(floats).collect::<Result<_, _>>()?),
        Value::Object(map) => {
            let entries = map.into_iter().map(|(key, value)| Ok((key, floats(value)?)));
            Value::Object(entries.collect::<Result<Map<_, _>, String>>()?)
        }
        other => other,
    })
}
