//! Go's `json.Marshal`.
use super::{MAX_BYTES, MAX_DEPTH, deeper};
use crate::engines::gotemplate::fmt::format_float;
use crate::engines::gotemplate::{Element, List, Value};
use base64::Engine;

/// What `json.Marshal` gives: keys in order, `<`, `>` and `&` escaped, bytes as base64.
///
/// # Errors
/// Go's text: `json: unsupported value: NaN`.
pub(in crate::engines::helm) fn encode(value: &Value) -> Result<Vec<u8>, String> {
    run(value, true, false)
}

/// What an encoder with `SetEscapeHTML(false)` gives, without the line break at the end.
///
/// # Errors
/// As `encode`.
pub(in crate::engines::helm) fn encode_raw(value: &Value) -> Result<Vec<u8>, String> {
    run(value, false, false)
}

/// What `json.MarshalIndent` with two spaces gives.
///
/// # Errors
/// As `encode`.
pub(in crate::engines::helm) fn encode_pretty(value: &Value) -> Result<Vec<u8>, String> {
    run(value, true, true)
}

fn run(value: &Value, html: bool, pretty: bool) -> Result<Vec<u8>, String> {
    let mut writer = Writer { out: Vec::new(), html, pretty };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    html: bool,
    pretty: bool,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("json: unsupported value: encountered a cycle via {}", value.type_name()));
        }
        if self.out.len() > MAX_BYTES {
            return Err("json: the value is too big".to_owned());
        }
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::List(list) if list.is_nil() => self.out.extend_from_slice(b"null"),
            Value::Bool(true) => self.out.extend_from_slice(b"true"),
            Value::Bool(false) => self.out.extend_from_slice(b"false"),
            Value::Int(number, _) => self.out.extend_from_slice(number.to_string().as_bytes()),
            Value::Uint(number, _) => self.out.extend_from_slice(number.to_string().as_bytes()),
            Value::Float(number) => self.out.extend_from_slice(float(*number)?.as_bytes()),
            Value::String(text) => string(&mut self.out, text, self.html),
            Value::List(list) if list.element() == Element::Uint8 => {
                self.out.push(b'"');
                self.out.extend_from_slice(base64(list).as_bytes());
                self.out.push(b'"');
            }
            Value::List(list) => return deeper(|| self.list(list.items(), depth)),
            Value::Map(map) => return deeper(|| self.map(map.snapshot(), depth)),
            Value::Object(object) => return deeper(|| self.value(&object.to_data(), depth + 1)),
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value], depth: usize) -> Result<(), String> {
        self.out.push(b'[');
        for (at, item) in items.iter().enumerate() {
            self.separate(at > 0, depth + 1);
            self.value(item, depth + 1)?;
        }
        self.close(!items.is_empty(), depth, b']');
        Ok(())
    }

    fn map(&mut self, entries: Vec<(crate::engines::gotemplate::Bytes, Value)>, depth: usize) -> Result<(), String> {
        self.out.push(b'{');
        let some = !entries.is_empty();
        for (at, (key, value)) in entries.into_iter().enumerate() {
            self.separate(at > 0, depth + 1);
            string(&mut self.out, &key, self.html);
            self.out.extend_from_slice(if self.pretty { b": " } else { b":" });
            self.value(&value, depth + 1)?;
        }
        self.close(some, depth, b'}');
        Ok(())
    }

    fn separate(&mut self, comma: bool, depth: usize) {
        if comma {
            self.out.push(b',');
        }
        self.indent(depth);
    }

    fn close(&mut self, some: bool, depth: usize, mark: u8) {
        if some {
            self.indent(depth);
        }
        self.out.push(mark);
    }

    fn indent(&mut self, depth: usize) {
        if self.pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + depth * 2, b' ');
        }
    }
}

/// The base64 text of a `[]uint8`.
pub(super) fn base64(list: &List) -> String {
    let byte = |item: &Value| match item {
        Value::Uint(number, _) => u8::try_from(*number).unwrap_or_default(),
        _ => 0,
    };
    base64::engine::general_purpose::STANDARD.encode(list.items().iter().map(byte).collect::<Vec<u8>>())
}

/// A number as `encoding/json` writes it.
pub(super) fn float(number: f64) -> Result<String, String> {
    if !number.is_finite() {
        return Err(format!("json: unsupported value: {}", format_float(number, b'g', None)));
    }
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        // `e-09` becomes `e-9`.
        return Ok(format_float(number, b'e', None).replace("e-0", "e-"));
    }
    Ok(format_float(number, b'f', None))
}

/// A string in quotes. Bytes that are no characters become `\ufffd`.
pub(super) fn string(out: &mut Vec<u8>, text: &[u8], html: bool) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find(|char| needs_escape(char, html)) {
            let (plain, special) = rest.split_at(at);
            out.extend_from_slice(plain.as_bytes());
            let mut chars = special.chars();
            if let Some(char) = chars.next() {
                escape(out, char);
            }
            rest = chars.as_str();
        }
        out.extend_from_slice(rest.as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}

fn needs_escape(char: char, html: bool) -> bool {
    match char {
        '\0'..='\x1f' | '"' | '\\' | '\u{2028}' | '\u{2029}' => true,
        '<' | '>' | '&' => html,
        _ => false,
    }
}

fn escape(out: &mut Vec<u8>, char: char) {
    let short: &[u8] = match char {
        '"' => b"\\\"",
        '\\' => b"\\\\",
        '\x08' => b"\\b",
        '\x0c' => b"\\f",
        '\n' => b"\\n",
        '\r' => b"\\r",
        '\t' => b"\\t",
        _ => return out.extend_from_slice(format!("\\u{:04x}", u32::from(char)).as_bytes()),
    };
    out.extend_from_slice(short);
}
