//! Rows of a record, and what can be taken out of them.
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A row of a query, or an object within one.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    query: &'a str,
    fields: &'a Map<String, Value>,
}

/// The rows of a query. A record made by an older version may lack a query: it has no rows then.
pub(super) fn rows<'a>(record: &'a Value, query: &'a str) -> Result<Vec<Row<'a>>, String> {
    match record.get(query) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(|one| row(query, one)).collect(),
        Some(_) => Err(format!("`{query}` is no list of rows")),
    }
}

fn row<'a>(query: &'a str, value: &'a Value) -> Result<Row<'a>, String> {
    value.as_object().map(|fields| Row { query, fields }).ok_or_else(|| format!("a row of `{query}` is no object"))
}

impl<'a> Row<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn wrong(&self, name: &str, wanted: &str) -> String {
        let called = self.fields.get("name").and_then(Value::as_str);
        let called = called.map(|called| format!(" ({called})")).unwrap_or_default();
        format!("a row of `{}`{called}: `{name}` is no {wanted}", self.query)
    }

    /// A text that may be missing.
    pub(super) fn maybe(&self, name: &str) -> Result<Option<&'a str>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or_else(|| self.wrong(name, "text")),
        }
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<&'a str, String> {
        self.maybe(name)?.ok_or_else(|| self.wrong(name, "text"))
    }

    /// A text of its own.
    pub(super) fn owned(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.maybe(name)?.map(str::to_owned))
    }

    /// Yes or no; no when it is missing.
    pub(super) fn flag(&self, name: &str) -> Result<bool, String> {
        match self.value(name) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| self.wrong(name, "boolean")),
        }
    }

    /// A number that may be missing.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| self.wrong(name, "whole number")),
        }
    }

    /// A number as it is written; whole numbers without a fraction.
    pub(super) fn figure(&self, name: &str) -> Result<Option<String>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                let text = number.to_string();
                Ok(Some(text.strip_suffix(".0").map_or(text.clone(), str::to_owned)))
            }
            Some(_) => Err(self.wrong(name, "number")),
        }
    }

    /// A list of texts; empty when it is missing.
    pub(super) fn list(&self, name: &str) -> Result<Vec<String>, String> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => list
                .iter()
                .map(|one| one.as_str().map(str::to_owned).ok_or_else(|| self.wrong(name, "list of texts")))
                .collect(),
            Some(_) => Err(self.wrong(name, "list")),
        }
    }

    /// Objects within the row; none when they are missing.
    pub(super) fn rows(&self, name: &str) -> Result<Vec<Row<'a>>, String> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => list.iter().map(|one| row(self.query, one)).collect(),
            Some(_) => Err(self.wrong(name, "list")),
        }
    }

    /// An object within the row.
    pub(super) fn row(&self, name: &str) -> Result<Option<Row<'a>>, String> {
        self.value(name).map(|value| row(self.query, value)).transpose()
    }

    /// Texts of the form `name=value`, as a map; every name with these words before it.
    pub(super) fn options(&self, name: &str, before: &str, to: &mut BTreeMap<String, String>) -> Result<(), String> {
        for option in self.list(name)? {
            let (word, value) = option.split_once('=').unwrap_or((&option, ""));
            to.insert(format!("{before}{word}"), value.to_owned());
        }
        Ok(())
    }

    /// The texts of an object that are not missing, as pairs.
    pub(super) fn pairs(&self) -> Result<Vec<(String, String)>, String> {
        let mut pairs = Vec::new();
        for (name, value) in self.fields.iter().filter(|(_, value)| !value.is_null()) {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
                _ => return Err(self.wrong(name, "text")),
            };
            pairs.push((name.clone(), value));
        }
        pairs.sort();
        Ok(pairs)
    }
}
