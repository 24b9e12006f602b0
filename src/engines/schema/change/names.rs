//! Renames seen or guessed, and what they explain: a text that differs only because something in it has another name now.
use crate::engines::schema::catalog::Name;
use std::collections::{BTreeMap, BTreeSet};

/// What has another name.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Anything but columns: earlier name to later names.
    names: BTreeMap<String, BTreeSet<String>>,
    /// Columns by the earlier name of their table.
    columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns of any table.
    any_column: BTreeMap<String, BTreeSet<String>>,
    /// Enum labels.
    labels: BTreeMap<String, BTreeSet<String>>,
}

/// Whose columns a text may name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    /// Those of this table (its earlier name).
    Table(&'a str),
    /// Those of any table.
    Any,
}

/// A piece of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// A word, or what stands in double quotes or backticks.
    Word(&'a str),
    /// What stands in single quotes.
    Text(&'a str),
    /// Any other character.
    Sign(char),
}

impl Renames {
    /// Nothing has another name.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.columns.is_empty() && self.labels.is_empty()
    }

    /// Notes another name of a schema, table, type, sequence, view, routine.
    pub(super) fn name(&mut self, before: &str, after: &str) {
        if before != after {
            self.names.entry(before.to_owned()).or_default().insert(after.to_owned());
        }
    }

    /// Notes another name of a column.
    pub(super) fn column(&mut self, table: &Name, before: &str, after: &str) {
        self.columns.entry(table.to_string()).or_default().insert(before.to_owned(), after.to_owned());
        self.any_column.entry(before.to_owned()).or_default().insert(after.to_owned());
    }

    /// Notes the labels of an enum that kept its identity: labels can only be added and renamed, so what lies between the same neighbours is the same.
    pub(super) fn enum_labels(&mut self, before: &[String], after: &[String]) {
        for (old, new) in relabelled(before, after) {
            self.labels.entry(old.to_owned()).or_default().insert(new.to_owned());
        }
    }

    /// Whether the texts differ only by names that changed.
    pub(super) fn explain(&self, scope: Scope<'_>, before: &str, after: &str) -> bool {
        if before == after {
            return true;
        }
        if self.is_empty() {
            return false;
        }
        let (mut old, mut new) = (tokens(before), tokens(after));
        loop {
            match (old.next(), new.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) if self.same(scope, old, new) => {}
                _ => return false,
            }
        }
    }

    fn same(&self, scope: Scope<'_>, old: Token<'_>, new: Token<'_>) -> bool {
        if old == new {
            return true;
        }
        match (old, new) {
            (Token::Word(old), Token::Word(new)) => self.renamed(old, new) || self.is_column(scope, old, new),
            (Token::Text(old), Token::Text(new)) => {
                self.labels.get(old).is_some_and(|names| names.contains(new)) || self.path(old, new)
            }
            _ => false,
        }
    }

    fn renamed(&self, old: &str, new: &str) -> bool {
        self.names.get(old).is_some_and(|names| names.contains(new))
    }

    fn is_column(&self, scope: Scope<'_>, old: &str, new: &str) -> bool {
        match scope {
            Scope::Table(table) => {
                self.columns.get(table).and_then(|columns| columns.get(old)).is_some_and(|name| name == new)
            }
            Scope::Any => self.any_column.get(old).is_some_and(|names| names.contains(new)),
        }
    }

    /// Names in quotes, as in `nextval('app.users_id_seq')`.
    fn path(&self, old: &str, new: &str) -> bool {
        let mut old = old.split('.').map(|part| part.trim_matches('"'));
        let mut new = new.split('.').map(|part| part.trim_matches('"'));
        loop {
            match (old.next(), new.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) if old == new || self.renamed(old, new) => {}
                _ => return false,
            }
        }
    }
}

/// Labels of an enum that have another name: between labels that both have, as many went as came.
pub(super) fn relabelled<'a>(before: &'a [String], after: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let later: BTreeSet<&String> = after.iter().collect();
    let common: BTreeSet<&String> = before.iter().filter(|label| later.contains(label)).collect();
    let (old, new) = (runs(before, &common), runs(after, &common));
    let mut pairs = Vec::new();
    if old.len() == new.len() {
        for (old, new) in old.into_iter().zip(new) {
            if old.len() == new.len() {
                pairs.extend(old.into_iter().zip(new));
            }
        }
    }
    pairs
}

/// The labels between those that both sides have.
fn runs<'a>(labels: &'a [String], common: &BTreeSet<&String>) -> Vec<Vec<&'a str>> {
    let mut runs = vec![Vec::new()];
    for label in labels {
        match (common.contains(label), runs.last_mut()) {
            (false, Some(run)) => run.push(label.as_str()),
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

/// The tokens of a text; white space is left out.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let (token, length) = match first {
            '"' | '`' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let end = inner.find(first).unwrap_or(inner.len());
                let text = inner.get(..end).unwrap_or_default();
                (if first == '\'' { Token::Text(text) } else { Token::Word(text) }, (end + 2).min(rest.len()))
            }
            _ if is_word(first) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest.get(..end).unwrap_or_default()), end)
            }
            _ => (Token::Sign(first), first.len_utf8()),
        };
        rest = rest.get(length..).unwrap_or_default();
        Some(token)
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphanumeric()
}
