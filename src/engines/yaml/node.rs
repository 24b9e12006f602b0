//! Values with their places, and what is asked of them.
use serde_json::{Map, Number, Value};

/// A byte range of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A value with its place. Aliases are replaced by what they name, merge keys are applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands; for an aliased value, where the alias stands. What is inside an aliased or merged value stands
    /// where it is written.
    pub span: Span,
    /// An explicit tag other than the core ones: `!reset`.
    pub tag: Option<String>,
    /// What it is.
    pub data: Data,
    /// The scalar as it is written, when it is not a text: `1.10`, `0777`, `yes`, `~`. A text is its own written form.
    pub written: Option<String>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing, `~`, `null`.
    Null,
    /// A boolean; YAML 1.1 words as go-yaml reads them.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; also whole ones that do not fit 64 bits.
    Float(f64),
    /// A text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in order of writing; keys are unique scalars.
    Map(Vec<(Node, Node)>),
}

impl Span {
    /// The same place in the text without the letter at `at`, which is none of its own.
    pub(super) fn without(self, at: usize) -> Span {
        let back = |place: usize| place - usize::from(place > at);
        Span { start: back(self.start), end: back(self.end) }
    }
}

impl Node {
    /// Moves it and all in it to where it stands in the text without the letter at `at`.
    pub(super) fn without(&mut self, at: usize) {
        self.span = self.span.without(at);
        match &mut self.data {
            Data::List(items) => items.iter_mut().for_each(|item| item.without(at)),
            Data::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.without(at);
                value.without(at);
            }),
            _ => (),
        }
    }

    /// A text that stands at `span`.
    pub fn from_text(text: impl Into<String>, span: Span) -> Node {
        Node { span, tag: None, data: Data::Text(text.into()), written: None }
    }

    /// The value of the key that is written as `key`: `get("on")` finds `on:`, which Kubernetes tools read as `true`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key and value of the key that is written as `key`.
    pub fn entry(&self, key: &str) -> Option<(&Node, &Node)> {
        self.as_map().iter().find(|(name, _)| name.scalar_str() == Some(key)).map(|(name, value)| (name, value))
    }

    /// Where the key that is written as `key` stands.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entry(key).map(|(name, _)| name.span)
    }

    /// The text, when it is one; a number or boolean is none.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The scalar as it is written, whatever its type: `1.10`, `yes`, `~`. Nothing for lists and mappings.
    pub fn scalar_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            Data::List(_) | Data::Map(_) => None,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => Some(self.written.as_deref().unwrap_or("")),
        }
    }

    /// As `scalar_str`, owned.
    pub fn scalar_text(&self) -> Option<String> {
        self.scalar_str().map(str::to_owned)
    }

    /// The items of a list; none for anything else.
    pub fn as_list(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping in order; none for anything else.
    pub fn as_map(&self) -> &[(Node, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether there is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// The key that Kubernetes tools make of this scalar: `on` is `true`, `0x10` is `16`. Nothing for lists and mappings.
    pub fn resolved_key(&self) -> Option<String> {
        match &self.data {
            Data::Text(text) => Some(text.clone()),
            Data::Bool(value) => Some(value.to_string()),
            Data::Int(value) => Some(value.to_string()),
            Data::Float(_) => Some(match self.to_json() {
                Value::String(text) => text,
                number => number.to_string(),
            }),
            Data::Null => Some(String::new()),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    /// As JSON, with keys as they are written. Whole floats become whole numbers, as in Go; numbers that JSON does not
    /// have (`.inf`, `.nan`) become the text that is written.
    pub fn to_json(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Int(value) => Value::from(*value),
            Data::Float(value) => self.float_json(*value),
            Data::Text(text) => Value::String(text.clone()),
            Data::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Data::Map(entries) => {
                let pairs = entries.iter().filter_map(|(key, value)| Some((key.scalar_text()?, value.to_json())));
                Value::Object(pairs.collect::<Map<String, Value>>())
            }
        }
    }

    fn float_json(&self, value: f64) -> Value {
        if let Some(whole) = self.written.as_deref().and_then(|text| text.parse::<u64>().ok())
            && value > 9.2e18
        {
            return Value::from(whole);
        }
        // Below 2^53 every whole float is exactly one integer.
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
            return Value::from(value as i64);
        }
        Number::from_f64(value).map_or_else(|| Value::String(self.scalar_text().unwrap_or_default()), Value::Number)
    }
}
