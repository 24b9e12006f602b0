//! Names that the server makes up, exactly as it does: cut to 63 bytes at the border of a character, numbered when taken.
use super::state::State;
use crate::engines::schema::catalog::{ConstraintKind, Name};
use std::collections::BTreeSet;

/// Longest name of PostgreSQL, in bytes.
const LONGEST: usize = 63;

/// The beginning of a name that is at most so many bytes, no character cut.
pub(super) fn clip(name: &str, bytes: usize) -> &str {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or(name)
}

/// `table_column_label` in at most 63 bytes: the longer of the first two is shortened.
pub(super) fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = usize::from(second.is_some()) + if label.is_empty() { 0 } else { label.len() + 1 };
    let room = LONGEST.saturating_sub(overhead);
    let (mut a, mut b) = (first.len(), second.map_or(0, str::len));
    while a + b > room {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let mut name = clip(first, a).to_owned();
    if let Some(second) = second {
        name.push('_');
        name.push_str(clip(second, b));
    }
    if !label.is_empty() {
        name.push('_');
        name.push_str(label);
    }
    name
}

/// The names of columns as they go into the name of an index or a foreign key: joined, until that is longer than a name.
pub(super) fn joined(columns: &[String]) -> String {
    let mut name = String::new();
    for column in columns {
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(column);
        if name.len() > LONGEST {
            break;
        }
    }
    name
}

/// Numbers the names of an index' columns so that none comes twice.
pub(super) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        let mut one = name.clone();
        let mut number = 1_u32;
        while out.contains(&one) {
            let suffix = number.to_string();
            one = format!("{}{suffix}", clip(&name, LONGEST - suffix.len()));
            number += 1;
        }
        out.push(one);
    }
    out
}

impl State {
    /// Whether a table, view, sequence, index or composite type of this name is in the schema: they share one name space.
    pub(super) fn relation_exists(&self, name: &Name) -> bool {
        self.catalog.tables.contains_key(name)
            || self.catalog.views.contains_key(name)
            || self.catalog.sequences.contains_key(name)
            || self.index_owner(name).is_some()
            || self.identities.contains_key(name)
            || self
                .catalog
                .types
                .get(name)
                .is_some_and(|one| matches!(one.kind, crate::engines::schema::catalog::UserTypeKind::Composite(_)))
    }

    /// The table or view whose index has this name.
    pub(super) fn index_owner(&self, name: &Name) -> Option<Name> {
        let in_table =
            self.catalog.tables.iter().filter(|(table, _)| table.schema == name.schema).find(|(_, table)| {
                table.indexes.iter().any(|one| one.name == name.name)
                    || table.constraints.iter().any(|one| one.name == name.name && is_index(&one.kind))
            });
        let in_view = || {
            self.catalog
                .views
                .iter()
                .find(|(view, one)| view.schema == name.schema && one.indexes.iter().any(|one| one.name == name.name))
                .map(|(view, _)| view.clone())
        };
        in_table.map(|(table, _)| table.clone()).or_else(in_view)
    }

    /// A name for a relation that is not taken yet; `constraint` names must not be those of other constraints of the schema either.
    pub(super) fn relation_name(
        &self,
        schema: &str,
        first: &str,
        second: Option<&str>,
        label: &str,
        constraint: bool,
    ) -> String {
        self.free(first, second, label, |name| {
            self.relation_exists(&Name::new(schema, name)) || (constraint && self.constraint_exists(schema, name))
        })
    }

    /// A name for a constraint that is not taken yet, neither in the schema nor by `others` of the same statement.
    pub(super) fn constraint_name(
        &self,
        schema: &str,
        first: &str,
        second: Option<&str>,
        label: &str,
        others: &BTreeSet<String>,
    ) -> String {
        self.free(first, second, label, |name| others.contains(name) || self.constraint_exists(schema, name))
    }

    fn free(&self, first: &str, second: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> String {
        let mut name = object_name(first, second, label);
        let mut number = 1_u32;
        while taken(&name) {
            name = object_name(first, second, &format!("{label}{number}"));
            number += 1;
        }
        name
    }

    /// Whether a constraint of this name is anywhere in the schema.
    fn constraint_exists(&self, schema: &str, name: &str) -> bool {
        let in_tables = self
            .catalog
            .tables
            .iter()
            .any(|(table, one)| table.schema == schema && one.constraints.iter().any(|one| one.name == name));
        in_tables
            || self.catalog.types.iter().any(|(domain, one)| {
                domain.schema == schema
                    && matches!(&one.kind, crate::engines::schema::catalog::UserTypeKind::Domain { checks, .. }
                        if checks.iter().any(|(check, _)| check == name))
            })
    }
}

/// Whether there is an index behind a constraint of this kind.
pub(super) fn is_index(kind: &ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) | ConstraintKind::Exclude(_))
}
