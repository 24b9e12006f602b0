//! Foreign keys.
use super::names;
use super::run::{Done, Refusal};
use super::state::State;
use super::written::{ForeignDemand, Written};
use crate::engines::schema::catalog::{Constraint, ConstraintKind, ForeignKey, Index, Key, Kind, Name};
use std::collections::BTreeSet;

impl State {
    /// Adds a foreign key.
    pub(super) fn add_foreign(
        &mut self,
        table: &Name,
        written: &Written,
        foreign: &ForeignDemand,
        children: bool,
    ) -> Done {
        let there = self.must_find_table(foreign.table.0.as_deref(), &foreign.table.1)?;
        for column in &foreign.columns {
            if self.must_have_column(table, column).is_err() {
                let reason = format!("column \"{column}\" referenced in foreign key constraint does not exist");
                return Err(Refusal::new("undefined_column", reason, [State::table_key(table)]));
            }
        }
        let references = self.referenced(&there, foreign)?;
        let name = match &written.name {
            Some(name) => name.clone(),
            None => {
                let columns = names::joined(&foreign.columns);
                self.constraint_name(&table.schema, &table.name, Some(&columns), "fkey", &BTreeSet::new())
            }
        };
        self.must_be_free_constraint(table, &name)?;
        let key = ForeignKey {
            columns: foreign.columns.clone(),
            table: there.clone(),
            references,
            on_delete: foreign.on_delete,
            on_delete_columns: foreign.on_delete_columns.clone(),
            on_update: foreign.on_update,
            match_full: foreign.match_full,
            ..ForeignKey::default()
        };
        let constraint = self.new_constraint(table, &name, ConstraintKind::ForeignKey(key), written);
        self.push_constraint(table, constraint.clone());
        self.refer_to_partitions(table, &constraint, &there);
        if children {
            for child in self.partitions(table) {
                self.inherit_foreign(&child, &constraint);
            }
        }
        Ok(())
    }

    /// The columns that a foreign key refers to; they must be a key there.
    fn referenced(&self, there: &Name, foreign: &ForeignDemand) -> Result<Vec<String>, Refusal> {
        let table = self.must_be_table(there)?;
        let columns = if foreign.references.is_empty() {
            let key = table.primary_key().and_then(|one| index_of(&one.kind)).map(key_columns);
            key.ok_or_else(|| {
                let reason = format!("there is no primary key for referenced table \"{}\"", there.name);
                Refusal::new("undefined_object", reason, [State::table_key(there)])
            })?
        } else {
            for column in &foreign.references {
                if table.column(column).is_none() {
                    let reason = format!("column \"{column}\" referenced in foreign key constraint does not exist");
                    return Err(Refusal::new("undefined_column", reason, [State::table_key(there)]));
                }
            }
            foreign.references.clone()
        };
        if columns.len() != foreign.columns.len() {
            let reason = "number of referencing and referenced columns for foreign key disagree";
            return Err(Refusal::new("invalid_foreign_key", reason, [State::table_key(there)]));
        }
        let wanted: BTreeSet<&String> = columns.iter().collect();
        let fits = |index: &Index| {
            index.unique
                && index.predicate.is_none()
                && index.keys.iter().all(|key| key.column)
                && index.keys.len() == columns.len()
                && index.keys.iter().map(|key| &key.expression.text).collect::<BTreeSet<_>>() == wanted
        };
        let mut all = table.constraints.iter().filter_map(|one| index_of(&one.kind)).chain(&table.indexes);
        match all.any(fits) {
            true => Ok(columns),
            false => {
                let reason = format!(
                    "there is no unique constraint matching given keys for referenced table \"{}\"",
                    there.name
                );
                Err(Refusal::new("invalid_foreign_key", reason, [State::table_key(there)]))
            }
        }
    }

    /// A partition gets the foreign key of its parent, unless it has one that is the same.
    pub(super) fn inherit_foreign(&mut self, child: &Name, constraint: &Constraint) {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else { return };
        self.touch_table(child);
        if let Some(table) = self.catalog.tables.get_mut(child)
            && let Some(same) = table.constraints.iter_mut().find(|one| !one.inherited && one.kind == constraint.kind)
        {
            same.inherited = true;
            return;
        }
        let copy = self.clone_foreign(child, constraint, key.clone());
        let there = key.table.clone();
        self.refer_to_partitions(child, &copy, &there);
        for grandchild in self.partitions(child) {
            self.inherit_foreign(&grandchild, constraint);
        }
    }

    fn clone_foreign(&mut self, table: &Name, constraint: &Constraint, key: ForeignKey) -> Constraint {
        let taken = self
            .catalog
            .tables
            .get(table)
            .is_some_and(|one| one.constraints.iter().any(|one| one.name == constraint.name));
        let name = match taken {
            false => constraint.name.clone(),
            true => {
                let columns = names::joined(&key.columns);
                self.constraint_name(&table.schema, &table.name, Some(&columns), "fkey", &BTreeSet::new())
            }
        };
        let meta = self.create(&Key::part(Kind::Constraint, table, &*name));
        let copy =
            Constraint { meta, name, kind: ConstraintKind::ForeignKey(key), inherited: true, ..constraint.clone() };
        self.push_constraint(table, copy.clone());
        copy
    }

    /// A foreign key to a partitioned table is one to each of its partitions too.
    fn refer_to_partitions(&mut self, table: &Name, constraint: &Constraint, there: &Name) {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else { return };
        for partition in self.partitions(there) {
            let key = ForeignKey { table: partition.clone(), ..key.clone() };
            self.clone_foreign(table, constraint, key);
            self.refer_to_partitions(table, constraint, &partition);
        }
    }

    /// A new partition: foreign keys to its parent are ones to it too.
    pub(super) fn refer_to_partition(&mut self, parent: &Name, partition: &Name) {
        let mut wanted = Vec::new();
        for (name, table) in &self.catalog.tables {
            for constraint in &table.constraints {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind
                    && key.table == *parent
                {
                    wanted.push((
                        name.clone(),
                        constraint.clone(),
                        ForeignKey { table: partition.clone(), ..key.clone() },
                    ));
                }
            }
        }
        for (table, constraint, key) in wanted {
            self.clone_foreign(&table, &constraint, key);
        }
    }

    /// Foreign keys of others that refer to a table, or to one of its columns.
    pub(super) fn foreign_to(&self, there: &Name, column: Option<&str>) -> Vec<(Name, String)> {
        let mut out = Vec::new();
        for (name, table) in &self.catalog.tables {
            for constraint in &table.constraints {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind
                    && key.table == *there
                    && column.is_none_or(|column| key.references.iter().any(|one| one == column))
                {
                    out.push((name.clone(), constraint.name.clone()));
                }
            }
        }
        out
    }
}

/// The index behind a constraint.
pub(super) fn index_of(kind: &ConstraintKind) -> Option<&Index> {
    match kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            Some(index)
        }
        _ => None,
    }
}

/// The index behind a constraint, to change it.
pub(super) fn index_of_mut(kind: &mut ConstraintKind) -> Option<&mut Index> {
    match kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            Some(index)
        }
        _ => None,
    }
}

/// The columns of an index.
pub(super) fn key_columns(index: &Index) -> Vec<String> {
    index.keys.iter().map(|one| one.expression.text.clone()).collect()
}
