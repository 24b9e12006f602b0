//! What goes when something is dropped, and what keeps it from being dropped.
use super::expr;
use super::foreign::{index_of, key_columns};
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{Constraint, ConstraintKind, Index, Key, Kind, Name, Table};
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeSet;

impl State {
    /// `DROP TABLE`, `DROP FOREIGN TABLE`.
    pub(super) fn drop_tables(&mut self, statement: &impl AstNode) -> Done {
        let cascade = self.cascade(statement);
        let mut found = Vec::new();
        for one in statement.all::<ast::TableNameRef>() {
            let Some((schema, bare)) = parse::path(&one) else { continue };
            if self.is_temporary_table(schema.as_deref(), &bare) {
                self.temporary.remove(&bare);
                continue;
            }
            match self.table(schema.as_deref(), &bare) {
                Some(name) => found.push(name),
                None if self.conditional(statement.is::<ast::IfExists>(), true) => {}
                None => {
                    let reason = format!("table \"{bare}\" does not exist");
                    return Err(Refusal::new(
                        "undefined_table",
                        reason,
                        [State::table_key(&self.new_name(schema.as_deref(), &bare))],
                    ));
                }
            }
        }
        if !found.is_empty() {
            self.now.flags.skipped = false;
        }
        for name in &found {
            if let Some(by) = self.keeps_table(name, &found).filter(|_| !cascade) {
                let reason = format!("cannot drop table {} because other objects depend on it ({by})", name.name);
                return Err(Refusal::new("dependent_objects_still_exist", reason, [State::table_key(name)]));
            }
        }
        for name in found {
            self.drop_table(&name);
        }
        Ok(())
    }

    /// What keeps a table from being dropped without `CASCADE`: foreign keys of tables that stay, children that stay.
    fn keeps_table(&self, name: &Name, going: &[Name]) -> Option<String> {
        let stays = |table: &Name| !going.contains(table) && !self.descends(table, going);
        if let Some((table, constraint)) =
            self.foreign_to(name, None).into_iter().find(|(table, _)| stays(table) && table != name)
        {
            return Some(format!("constraint {constraint} on table {}", table.name));
        }
        let child = self.catalog.tables.iter().find(|(child, one)| one.inherits.contains(name) && stays(child));
        if let Some((child, _)) = child {
            return Some(format!("table {}", child.name));
        }
        self.catalog
            .tables
            .iter()
            .find(|(table, one)| {
                stays(table) && one.columns.iter().any(|one| State::user_type(&one.data_type).as_ref() == Some(name))
            })
            .map(|(table, _)| format!("column of table {}", table.name))
    }

    /// Whether a table is a partition of one of these, at any depth.
    fn descends(&self, table: &Name, of: &[Name]) -> bool {
        let mut at = self.catalog.tables.get(table).and_then(|one| one.partitioning.parent.clone());
        let mut left = 64;
        while let Some(parent) = at {
            if of.contains(&parent) {
                return true;
            }
            left -= 1;
            at = if left == 0 {
                None
            } else {
                self.catalog.tables.get(&parent).and_then(|one| one.partitioning.parent.clone())
            };
        }
        false
    }

    /// Drops a table with everything that goes with it. Those that descend from it go first, without recursion: a chain of them can be long.
    pub(super) fn drop_table(&mut self, name: &Name) {
        for one in self.family(name).iter().rev() {
            self.drop_one_table(one);
        }
    }

    fn drop_one_table(&mut self, name: &Name) {
        if !self.catalog.tables.contains_key(name) {
            return;
        }
        for (table, constraint) in self.foreign_to(name, None) {
            if table != *name {
                self.remove_constraint(&table, &constraint);
            }
        }
        self.touch_table(name);
        let columns: Vec<(Name, String)> = self.columns_of_type(name);
        self.catalog.tables.remove(name);
        let owned: Vec<Name> = self
            .catalog
            .sequences
            .iter()
            .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, _)| table == name))
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in owned {
            self.drop_sequence_with_defaults(&sequence);
        }
        self.identities.retain(|_, (table, _)| table != name);
        for (table, column) in columns {
            if table != *name {
                self.remove_column(&table, &column);
            }
        }
        self.relation_dropped(name);
    }

    /// A sequence goes, and the defaults that take values from it.
    fn drop_sequence_with_defaults(&mut self, sequence: &Name) {
        let tables: Vec<Name> = self.catalog.tables.keys().cloned().collect();
        for table in tables {
            let uses: Vec<String> = self
                .catalog
                .tables
                .get(&table)
                .map(|one| {
                    one.columns
                        .iter()
                        .filter(|one| one.default.as_ref().is_some_and(|one| self.names_sequence(&one.text, sequence)))
                        .map(|one| one.name.clone())
                        .collect()
                })
                .unwrap_or_default();
            for column in uses {
                self.with_column(&table, &column, |one| one.default = None);
            }
        }
        self.drop_sequence(sequence);
    }

    /// Columns of a type.
    pub(super) fn columns_of_type(&self, name: &Name) -> Vec<(Name, String)> {
        let mut out = Vec::new();
        for (table, one) in &self.catalog.tables {
            out.extend(
                one.columns
                    .iter()
                    .filter(|one| State::user_type(&one.data_type).as_ref() == Some(name))
                    .map(|one| (table.clone(), one.name.clone())),
            );
        }
        out
    }

    /// `DROP COLUMN`.
    pub(super) fn drop_column(&mut self, name: &Name, column: &str, cascade: bool, children: bool) -> Done {
        self.must_have_column(name, column)?;
        let table = self.must_be_table(name)?;
        let key = Key::part(Kind::Column, name, column);
        if !cascade {
            let referred = table
                .constraints
                .iter()
                .filter_map(|one| index_of(&one.kind))
                .chain(&table.indexes)
                .filter(|index| holds(index, column, table))
                .any(|index| self.foreign_resting_on(name, index).iter().any(|(of, _)| of != name));
            let generated = self.generated_from(name, column);
            let policy = table.policies.iter().find(|one| {
                [&one.using, &one.check]
                    .into_iter()
                    .flatten()
                    .any(|one| expr::mentioned_in(&one.text, &table.columns).iter().any(|one| one == column))
            });
            let by = match (referred, generated.first(), policy) {
                (true, ..) => Some("a foreign key of another table".to_owned()),
                (_, Some(generated), _) => Some(format!("column {generated}")),
                (_, _, Some(policy)) => Some(format!("policy {}", policy.name)),
                _ => None,
            };
            if let Some(by) = by {
                let reason = format!(
                    "cannot drop column {column} of table {} because other objects depend on it ({by})",
                    name.name
                );
                return Err(Refusal::new("dependent_objects_still_exist", reason, [key]));
            }
        }
        for table in self.family_if(name, children) {
            self.remove_column(&table, column);
        }
        Ok(())
    }

    /// Foreign keys that rest on this index.
    fn foreign_resting_on(&self, table: &Name, index: &Index) -> Vec<(Name, String)> {
        let columns: BTreeSet<String> = key_columns(index).into_iter().collect();
        self.foreign_to(table, None)
            .into_iter()
            .filter(|(of, constraint)| {
                self.catalog.tables.get(of).and_then(|one| one.constraints.iter().find(|one| one.name == *constraint)).is_some_and(|one| {
                    matches!(&one.kind, ConstraintKind::ForeignKey(key) if key.references.iter().cloned().collect::<BTreeSet<_>>() == columns)
                })
            })
            .collect()
    }

    /// Removes a column with what hangs on it.
    pub(super) fn remove_column(&mut self, name: &Name, column: &str) {
        self.touch_table(name);
        for generated in self.generated_from(name, column) {
            self.remove_column(name, &generated);
        }
        let Some(table) = self.catalog.tables.get(name) else { return };
        if table.column(column).is_none() {
            return;
        }
        let going: Vec<Index> = table
            .constraints
            .iter()
            .filter_map(|one| index_of(&one.kind))
            .chain(&table.indexes)
            .filter(|index| holds(index, column, table))
            .cloned()
            .collect();
        let constraints: Vec<String> =
            table.constraints.iter().filter(|one| constrains(one, column, table)).map(|one| one.name.clone()).collect();
        let policies: Vec<String> = table
            .policies
            .iter()
            .filter(|one| {
                [&one.using, &one.check]
                    .into_iter()
                    .flatten()
                    .any(|one| expr::mentioned_in(&one.text, &table.columns).iter().any(|one| one == column))
            })
            .map(|one| one.name.clone())
            .collect();
        for index in &going {
            for (of, constraint) in self.foreign_resting_on(name, index) {
                self.remove_constraint(&of, &constraint);
            }
        }
        for constraint in constraints {
            self.remove_constraint(name, &constraint);
        }
        if let Some(table) = self.catalog.tables.get_mut(name) {
            table.indexes.retain(|one| !going.iter().any(|gone| gone.name == one.name));
            table.policies.retain(|one| !policies.contains(&one.name));
            table.columns.retain(|one| one.name != column);
            if let Some(value) = table.options.get("replica identity")
                && going.iter().any(|gone| *value == format!("using index {}", gone.name))
            {
                table.options.remove("replica identity");
            }
        }
        let owned: Vec<Name> = self
            .catalog
            .sequences
            .iter()
            .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, of)| table == name && of == column))
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in owned {
            self.drop_sequence_with_defaults(&sequence);
        }
        self.identities.retain(|_, (table, of)| table != name || of != column);
        self.column_dropped(name, column);
    }

    /// `DROP CONSTRAINT`.
    pub(super) fn drop_constraint(&mut self, name: &Name, constraint: &str, cascade: bool, children: bool) -> Done {
        let Some(found) = self.must_be_table(name)?.constraints.iter().find(|one| one.name == constraint).cloned()
        else {
            let reason = format!("constraint \"{constraint}\" of relation \"{}\" does not exist", name.name);
            return Err(Refusal::new("undefined_object", reason, [Key::part(Kind::Constraint, name, constraint)]));
        };
        if let Some(index) = index_of(&found.kind).filter(|_| !matches!(found.kind, ConstraintKind::Exclude(_))) {
            let columns: BTreeSet<String> = key_columns(index).into_iter().collect();
            let others = self.must_be_table(name)?;
            let still = others
                .constraints
                .iter()
                .filter(|one| one.name != constraint)
                .filter_map(|one| index_of(&one.kind))
                .chain(&others.indexes)
                .any(|one| {
                    one.unique
                        && one.predicate.is_none()
                        && key_columns(one).into_iter().collect::<BTreeSet<_>>() == columns
                });
            if !still {
                self.drop_foreign_to(name, &columns, cascade, constraint)?;
            }
        }
        self.remove_constraint(name, constraint);
        if let ConstraintKind::NotNull(column) = &found.kind {
            self.with_column(name, column, |one| one.not_null = false);
        }
        if let ConstraintKind::ForeignKey(key) = &found.kind {
            self.drop_copies(name, key);
        }
        for child in self.family_if(name, children).into_iter().skip(1) {
            let copy = self.catalog.tables.get(&child).and_then(|one| {
                let same = |one: &&Constraint| {
                    one.inherited
                        && super::alter::same_constraint(&one.kind, &found.kind)
                        && (!matches!(one.kind, ConstraintKind::Check(_)) || one.name == constraint)
                };
                one.constraints.iter().find(same).map(|one| one.name.clone())
            });
            let Some(copy) = copy else { continue };
            self.remove_constraint(&child, &copy);
            if let ConstraintKind::NotNull(column) = &found.kind {
                self.with_column(&child, column, |one| one.not_null = false);
            }
        }
        Ok(())
    }

    /// A foreign key to a partitioned table goes with its copies for the partitions.
    fn drop_copies(&mut self, name: &Name, key: &crate::engines::schema::catalog::ForeignKey) {
        let family = self.family(&key.table);
        self.change(name, |table| {
            table.constraints.retain(|one| match &one.kind {
                ConstraintKind::ForeignKey(copy) => {
                    !(one.inherited
                        && copy.columns == key.columns
                        && copy.table != key.table
                        && family.contains(&copy.table))
                }
                _ => true,
            });
        });
    }

    /// Foreign keys that rest on these columns go with `CASCADE`; without it they keep the key.
    pub(super) fn drop_foreign_to(
        &mut self,
        table: &Name,
        columns: &BTreeSet<String>,
        cascade: bool,
        what: &str,
    ) -> Done {
        for (of, constraint) in self.foreign_to(table, None) {
            let rests = self.catalog.tables.get(&of).and_then(|one| one.constraints.iter().find(|one| one.name == constraint)).is_some_and(|one| {
                matches!(&one.kind, ConstraintKind::ForeignKey(key) if key.references.iter().cloned().collect::<BTreeSet<_>>() == *columns)
            });
            if !rests {
                continue;
            }
            if !cascade {
                let reason = format!(
                    "cannot drop constraint {what} on table {} because other objects depend on it (constraint {constraint} on table {})",
                    table.name, of.name
                );
                return Err(Refusal::new("dependent_objects_still_exist", reason, [State::table_key(table)]));
            }
            self.remove_constraint(&of, &constraint);
        }
        Ok(())
    }

    /// Removes a constraint.
    pub(super) fn remove_constraint(&mut self, table: &Name, constraint: &str) {
        self.change(table, |one| one.constraints.retain(|one| one.name != constraint));
    }
}

/// Whether an index holds a column, in an expression or its predicate too.
fn holds(index: &Index, column: &str, table: &Table) -> bool {
    let mentions = |text: &str| expr::mentioned_in(text, &table.columns).iter().any(|one| one == column);
    index.include.iter().any(|one| one == column)
        || index.keys.iter().any(|key| match key.column {
            true => key.expression.text == column,
            false => mentions(&key.expression.text),
        })
        || index.predicate.as_ref().is_some_and(|one| mentions(&one.text))
}

/// Whether a constraint goes with a column.
fn constrains(constraint: &Constraint, column: &str, table: &Table) -> bool {
    match &constraint.kind {
        ConstraintKind::Check(condition) => {
            expr::mentioned_in(&condition.text, &table.columns).iter().any(|one| one == column)
        }
        ConstraintKind::ForeignKey(key) => key.columns.iter().any(|one| one == column),
        ConstraintKind::NotNull(of) => of == column,
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            holds(index, column, table)
        }
    }
}
