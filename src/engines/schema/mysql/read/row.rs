//! Rows of a record.
use serde_json::{Map, Value};

/// One row: everything is text or null.
#[derive(Clone, Copy)]
pub(super) struct Row<'r>(&'r Map<String, Value>);

/// A record whose numbers are texts too.
pub(super) fn textual(record: &Value) -> Value {
    match record {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(list) => Value::Array(list.iter().map(textual).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(name, value)| (name.clone(), textual(value))).collect()),
        other => other.clone(),
    }
}

/// The rows of a query; none when it failed or was not run.
pub(super) fn rows<'r>(record: &'r Value, stem: &str) -> Vec<Row<'r>> {
    let list = record.get(stem).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object).map(Row).collect()
}

impl<'r> Row<'r> {
    /// A value; empty for null.
    pub(super) fn get(self, name: &str) -> &'r str {
        self.maybe(name).unwrap_or("")
    }

    /// A value that is not null.
    pub(super) fn maybe(self, name: &str) -> Option<&'r str> {
        match self.0.get(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Bool(true)) => Some("1"),
            Some(Value::Bool(false)) => Some("0"),
            _ => None,
        }
    }

    /// A number, also one that was not made text.
    pub(super) fn number(self, name: &str) -> Option<u32> {
        match self.0.get(name) {
            Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            _ => self.maybe(name)?.parse().ok(),
        }
    }

    /// A text that says something.
    pub(super) fn filled(self, name: &str) -> Option<String> {
        self.maybe(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether it says yes.
    pub(super) fn yes(self, name: &str) -> bool {
        matches!(self.get(name), "YES" | "yes" | "1" | "ON")
    }
}
