//! Values of a block of code: what can be known of them without data.
use crate::engines::schema::catalog::Name;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// Null.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, or anything that is written as one.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// What an object identifier stands for: kind (`class`, `type`, `namespace`, `proc`, `constraint`…) and name.
    Oid(&'static str, Name),
    /// A row by the names of its columns.
    Row(Rc<Fields>),
}

/// Columns of a row, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fields {
    /// Names in order.
    pub(super) names: Vec<String>,
    /// Values by name.
    pub(super) values: BTreeMap<String, Value>,
}

/// It cannot be decided, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undecided(pub(super) String);

/// A value, or that it cannot be known.
pub(super) type Known = Result<Value, Undecided>;

/// It cannot be known.
pub(super) fn undecided<T>(why: impl Into<String>) -> Result<T, Undecided> {
    Err(Undecided(why.into()))
}

/// Bytes beyond which no value grows: a text that is put to itself a few dozen times would fill any memory.
const LARGE: usize = 256 * 1024;

/// Texts with another between them, when that is not too large.
pub(super) fn join(all: &[String], between: &str) -> Known {
    let size = all.iter().map(String::len).sum::<usize>();
    if size.saturating_add(all.len().saturating_mul(between.len())) > 4 * LARGE {
        return undecided("a value that is too large");
    }
    Ok(Value::Text(all.join(between)))
}

impl Value {
    /// Whether it is larger than a value of a block may be.
    pub(super) fn is_large(&self) -> bool {
        self.size() > LARGE
    }

    fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::List(all) => all.iter().map(|one| one.size().saturating_add(16)).fold(0, usize::saturating_add),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Oid(..) | Value::Row(_) => 0,
        }
    }

    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// A text or null.
    pub(super) fn maybe(text: Option<String>) -> Value {
        text.map_or(Value::Null, Value::Text)
    }

    /// A list of texts.
    pub(super) fn texts(all: impl IntoIterator<Item = String>) -> Value {
        Value::List(all.into_iter().map(Value::Text).collect())
    }

    /// As text, the way the server writes it; `None` for null.
    pub(super) fn shown(&self) -> Option<String> {
        Some(match self {
            Value::Null => return None,
            Value::Bool(one) => one.to_string(),
            Value::Int(one) => one.to_string(),
            Value::Text(one) => one.clone(),
            Value::Oid("proc", name) => {
                let quoted = crate::engines::schema::postgres::replay::words::quoted;
                let (own, arguments) = name.name.split_once('(').unwrap_or((&name.name, ")"));
                match name.schema.as_str() {
                    "public" | "pg_catalog" => format!("{}({arguments}", quoted(own)),
                    schema => format!("{}.{}({arguments}", quoted(schema), quoted(own)),
                }
            }
            Value::Oid(_, name) if name.schema.is_empty() || name.schema == "public" || name.schema == "pg_catalog" => {
                crate::engines::schema::postgres::replay::words::quoted(&name.name)
            }
            Value::Oid(_, name) => crate::engines::schema::postgres::replay::state::State::printed(name),
            Value::List(all) => {
                let all: Vec<String> = all.iter().map(|one| one.shown().unwrap_or_else(|| "NULL".to_owned())).collect();
                format!("{{{}}}", all.join(","))
            }
            Value::Row(row) => {
                let all: Vec<String> = row
                    .names
                    .iter()
                    .filter_map(|name| row.values.get(name))
                    .map(|one| one.shown().unwrap_or_default())
                    .collect();
                format!("({})", all.join(","))
            }
        })
    }

    /// Its order against another; `None` when one is null.
    pub(super) fn compare(&self, other: &Value) -> Result<Option<Ordering>, Undecided> {
        Ok(Some(match (self, other) {
            (Value::Null, _) | (_, Value::Null) => return Ok(None),
            (Value::Int(one), Value::Int(other)) => one.cmp(other),
            (Value::Int(one), Value::Text(other)) => one.cmp(&number(other)?),
            (Value::Text(one), Value::Int(other)) => number(one)?.cmp(other),
            (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
            (Value::Bool(one), Value::Text(other)) => one.cmp(&truth(other)?),
            (Value::Text(one), Value::Bool(other)) => truth(one)?.cmp(other),
            (Value::Oid(_, one), Value::Oid(_, other)) => one.cmp(other),
            // The text of an object identifier names the object.
            (Value::Oid(..), Value::Text(other)) => self.shown().unwrap_or_default().cmp(other),
            (Value::Text(one), Value::Oid(..)) => one.cmp(&other.shown().unwrap_or_default()),
            (Value::List(one), Value::List(other)) => one.cmp(other),
            (Value::List(_), Value::Text(other)) => self.shown().unwrap_or_default().cmp(other),
            (Value::Text(one), Value::Text(other)) => one.cmp(other),
            _ => return undecided("values of different kinds are compared"),
        }))
    }

    /// Whether a condition holds; null does not.
    pub(super) fn holds(&self) -> Result<bool, Undecided> {
        match self {
            Value::Bool(one) => Ok(*one),
            Value::Null => Ok(false),
            Value::Text(one) => truth(one),
            _ => undecided("a condition is no truth value"),
        }
    }
}

fn number(text: &str) -> Result<i64, Undecided> {
    text.trim().parse().or_else(|_| undecided(format!("{text} is no whole number")))
}

fn truth(text: &str) -> Result<bool, Undecided> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "yes" | "on" | "1" | "y" => Ok(true),
        "f" | "false" | "no" | "off" | "0" | "n" => Ok(false),
        other => undecided(format!("{other} is no truth value")),
    }
}

impl Fields {
    /// A row of these.
    pub(super) fn of(pairs: impl IntoIterator<Item = (String, Value)>) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.names.push(name.clone());
            fields.values.insert(name, value);
        }
        fields
    }
}
