//! What the changes so far made, as far as it is sure; preconditions are decided by it.
use super::element::Element;
use std::collections::{BTreeMap, BTreeSet};

/// So many words of SQL are kept.
const WORDS: usize = 500_000;

/// Tables with their columns, and names of other objects; all in lower case.
#[derive(Debug, Default)]
pub(super) struct Facts {
    tables: BTreeMap<String, BTreeSet<String>>,
    named: BTreeSet<(&'static str, String)>,
    /// Words of SQL texts: what they name may have been made or dropped there.
    words: BTreeSet<String>,
    full: bool,
}

fn low(element: &Element, name: &str) -> String {
    element.said(name).unwrap_or_default().to_lowercase()
}

impl Facts {
    /// Takes the words of a text of SQL.
    pub(super) fn text(&mut self, text: &str) {
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()) {
            if self.words.len() >= WORDS {
                self.full = true;
                return;
            }
            if word.len() <= 128 && !word.starts_with(|c: char| c.is_ascii_digit()) {
                self.words.insert(word.to_lowercase());
            }
        }
    }

    fn unsure(&self, name: &str) -> bool {
        self.full || self.words.contains(name)
    }

    /// Takes a change.
    pub(super) fn change(&mut self, change: &Element) {
        let table = low(change, "tableName");
        let columns = || change.all("column").map(|column| low(column, "name"));
        match change.name.as_str() {
            "createTable" => {
                self.tables.insert(table.clone(), columns().collect());
                let inside: Vec<(&Element, String)> = change
                    .all("column")
                    .filter_map(|column| Some((column.child("constraints")?, low(column, "name"))))
                    .collect();
                for (constraints, _) in inside {
                    self.keys(constraints);
                }
            }
            "addColumn" => {
                let new: Vec<String> = columns().collect();
                self.tables.entry(table).or_default().extend(new);
                change.all("column").filter_map(|column| column.child("constraints")).for_each(|one| self.keys(one));
            }
            "dropColumn" => {
                let gone: Vec<String> = columns().chain([low(change, "columnName")]).collect();
                self.tables.entry(table).or_default().retain(|column| !gone.contains(column));
            }
            "renameColumn" => {
                let columns = self.tables.entry(table).or_default();
                columns.remove(&low(change, "oldColumnName"));
                columns.insert(low(change, "newColumnName"));
            }
            "dropTable" => {
                self.tables.remove(&table);
            }
            "renameTable" => {
                let columns = self.tables.remove(&low(change, "oldTableName")).unwrap_or_default();
                self.tables.insert(low(change, "newTableName"), columns);
            }
            "addLookupTable" => {
                self.tables.insert(low(change, "newTableName"), BTreeSet::from([low(change, "newColumnName")]));
            }
            "createIndex" => self.name("index", low(change, "indexName")),
            "dropIndex" => self.gone("index", &low(change, "indexName")),
            "createView" => self.name("view", low(change, "viewName")),
            "dropView" => self.gone("view", &low(change, "viewName")),
            "createSequence" => self.name("sequence", low(change, "sequenceName")),
            "dropSequence" => self.gone("sequence", &low(change, "sequenceName")),
            "addForeignKeyConstraint" | "addPrimaryKey" | "addUniqueConstraint" => {
                self.name("constraint", low(change, "constraintName"));
            }
            "dropForeignKeyConstraint" | "dropPrimaryKey" | "dropUniqueConstraint" => {
                self.gone("constraint", &low(change, "constraintName"));
            }
            _ => {}
        }
    }

    fn keys(&mut self, constraints: &Element) {
        for attribute in ["primaryKeyName", "foreignKeyName", "uniqueConstraintName"] {
            self.name("constraint", low(constraints, attribute));
        }
    }

    fn name(&mut self, kind: &'static str, name: String) {
        self.named.insert((kind, name));
    }

    fn gone(&mut self, kind: &'static str, name: &str) {
        self.named.remove(&(kind, name.to_owned()));
    }

    fn has(&self, kind: &'static str, name: &str) -> Option<bool> {
        (!name.is_empty() && !self.unsure(name)).then(|| self.named.contains(&(kind, name.to_owned())))
    }

    /// Whether a condition about objects holds; `None` when that is not sure.
    pub(super) fn holds(&self, condition: &Element) -> Option<bool> {
        let table = low(condition, "tableName");
        match condition.name.as_str() {
            "tableExists" => (!self.unsure(&table)).then(|| self.tables.contains_key(&table)),
            "columnExists" => {
                let column = low(condition, "columnName");
                match self.tables.get(&table) {
                    Some(columns) if !self.unsure(&column) || !self.unsure(&table) => Some(columns.contains(&column)),
                    Some(_) => None,
                    None => (!self.unsure(&table)).then_some(false),
                }
            }
            "indexExists" => self.has("index", &low(condition, "indexName")),
            "viewExists" => self.has("view", &low(condition, "viewName")),
            "sequenceExists" => self.has("sequence", &low(condition, "sequenceName")),
            "foreignKeyConstraintExists" => self.has("constraint", &low(condition, "foreignKeyName")),
            // Keys may have names that the server gave them.
            "uniqueConstraintExists" => self.has("constraint", &low(condition, "constraintName")).filter(|is| *is),
            "primaryKeyExists" => self.has("constraint", &low(condition, "primaryKeyName")).filter(|is| *is),
            _ => None,
        }
    }
}
