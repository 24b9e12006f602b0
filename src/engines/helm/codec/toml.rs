//! TOML as BurntSushi's encoder writes it: plain keys first, then tables, each level indented by two spaces.
use super::{MAX_BYTES, MAX_DEPTH, deeper};
use crate::engines::gotemplate::fmt::format_float;
use crate::engines::gotemplate::{Bytes, Map, Value};

/// What an `Encoder` with two spaces gives.
///
/// # Errors
/// The encoder's text: `toml: cannot encode array with nil element`.
pub(in crate::engines::helm) fn to_toml(value: &Value) -> Result<Vec<u8>, String> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".to_owned());
    }
    let mut writer = Writer { out: Vec::new() };
    writer.entry(&[], value)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
}

/// What stands behind an object.
fn resolved(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.to_data(),
        other => other.clone(),
    }
}

/// Whether a value is written as a table of its own: a map, or a list of maps only.
fn is_table(value: &Value) -> Result<bool, String> {
    table_within(value, 0, &mut 1_000_000)
}

/// `left` bounds the items that are looked at.
fn table_within(value: &Value, depth: usize, left: &mut usize) -> Result<bool, String> {
    match value {
        Value::Map(_) => Ok(true),
        Value::List(list) => {
            *left = left.checked_sub(list.len()).filter(|_| depth <= MAX_DEPTH).ok_or_else(too_deep)?;
            let mut tables = !list.is_empty();
            for item in list.items() {
                match item {
                    Value::Nil => return Err("toml: cannot encode array with nil element".to_owned()),
                    Value::Map(_) => (),
                    Value::List(_) => {
                        deeper(|| table_within(item, depth + 1, left))?;
                        tables = false;
                    }
                    _ => tables = false,
                }
            }
            Ok(tables)
        }
        _ => Ok(false),
    }
}

fn too_deep() -> String {
    "toml: the value is too deep".to_owned()
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// A line break, unless nothing was written yet.
    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self, path: &[Bytes]) {
        let width = path.len().saturating_sub(1) * 2;
        self.out.resize(self.out.len() + width, b' ');
    }

    fn entry(&mut self, path: &[Bytes], value: &Value) -> Result<(), String> {
        if path.len() > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return Err(too_deep());
        }
        let value = resolved(value);
        match &value {
            Value::Nil => Ok(()),
            Value::Map(map) => {
                if path.len() == 1 {
                    self.newline();
                }
                if !path.is_empty() {
                    self.header(path, "[", "]");
                }
                deeper(|| self.table(path, map))
            }
            Value::List(list) if is_table(&value)? => {
                if path.is_empty() {
                    return Err("toml: top-level values must be Go maps or structs".to_owned());
                }
                for item in list.items() {
                    if let Value::Map(map) = item {
                        self.newline();
                        self.header(path, "[[", "]]");
                        deeper(|| self.table(path, map))?;
                    }
                }
                Ok(())
            }
            _ => {
                let Some(name) = path.last() else { return self.element(&value, 0) };
                self.indent(path);
                self.key(name);
                self.text(" = ");
                self.element(&value, 0)?;
                self.newline();
                Ok(())
            }
        }
    }

    fn header(&mut self, path: &[Bytes], open: &str, close: &str) {
        self.indent(path);
        self.text(open);
        for (at, name) in path.iter().enumerate() {
            if at > 0 {
                self.text(".");
            }
            self.key(name);
        }
        self.text(close);
        self.newline();
    }

    fn table(&mut self, path: &[Bytes], map: &Map) -> Result<(), String> {
        let (plain, tables) = split(map)?;
        let mut inner = path.to_vec();
        for (name, value) in plain.into_iter().chain(tables) {
            inner.push(name);
            self.entry(&inner, &value)?;
            inner.pop();
        }
        Ok(())
    }

    /// A value behind `=` or in brackets.
    fn element(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return Err(too_deep());
        }
        let value = resolved(value);
        match &value {
            Value::Bool(on) => self.text(&on.to_string()),
            Value::Int(number, _) => self.text(&number.to_string()),
            Value::Uint(number, _) => self.text(&number.to_string()),
            Value::Float(number) => self.text(&float(*number)),
            Value::String(text) => self.quoted(text),
            Value::List(list) => {
                self.text("[");
                for (at, item) in list.items().iter().enumerate() {
                    if at > 0 {
                        self.text(", ");
                    }
                    deeper(|| self.element(item, depth + 1))?;
                }
                self.text("]");
            }
            Value::Map(map) => return deeper(|| self.inline(map, depth)),
            Value::Nil | Value::Object(_) => return Err(format!("unexpected type: {}", value.type_name())),
        }
        Ok(())
    }

    /// `{a = 1, b = 2}`; where the last value is nil, the comma before it stays.
    fn inline(&mut self, map: &Map, depth: usize) -> Result<(), String> {
        let (plain, tables) = split(map)?;
        let commas = [plain.len().saturating_sub(usize::from(tables.is_empty())), tables.len().saturating_sub(1)];
        self.text("{");
        for (group, commas) in [plain, tables].into_iter().zip(commas) {
            for (at, (name, value)) in group.into_iter().enumerate() {
                if value.is_nil() {
                    continue;
                }
                self.key(&name);
                self.text(" = ");
                self.element(&value, depth + 1)?;
                if at < commas {
                    self.text(", ");
                }
            }
        }
        self.text("}");
        Ok(())
    }

    fn key(&mut self, name: &[u8]) {
        let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !name.is_empty() && name.iter().all(bare) {
            self.out.extend_from_slice(name);
        } else {
            self.quoted(name);
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        for byte in text {
            match byte {
                b'"' => self.text("\\\""),
                b'\\' => self.text("\\\\"),
                8 => self.text("\\b"),
                b'\t' => self.text("\\t"),
                b'\n' => self.text("\\n"),
                12 => self.text("\\f"),
                b'\r' => self.text("\\r"),
                0..=0x1f | 0x7f => self.text(&format!("\\u{byte:04x}")),
                _ => self.out.push(*byte),
            }
        }
        self.out.push(b'"');
    }
}

type Entries = Vec<(Bytes, Value)>;

/// Plain entries, and those that are tables.
fn split(map: &Map) -> Result<(Entries, Entries), String> {
    let (mut plain, mut tables) = (Vec::new(), Vec::new());
    for (name, value) in map.snapshot() {
        let value = resolved(&value);
        let group = if is_table(&value)? { &mut tables } else { &mut plain };
        group.push((name, value));
    }
    Ok((plain, tables))
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = format_float(number, b'g', None);
    if text.contains(['e', '.']) { text } else { format!("{text}.0") }
}
