//! Gives tables their constraints: names as the server makes them up, the index behind a key, copies in partitions and children.
use super::names;
use super::run::{Done, Refusal};
use super::state::State;
use super::written::{Demand, ExcludeDemand, KeyDemand, Written};
use crate::engines::schema::catalog::{Constraint, ConstraintKind, Expression, Index, IndexKey, Key, Kind, Name};
use std::collections::BTreeSet;

impl State {
    /// Adds a constraint to a table, and to those that descend from it where the server does so too.
    pub(super) fn add_constraint(&mut self, table: &Name, written: &Written, children: bool) -> Done {
        match &written.demand {
            Demand::Nothing => Ok(()),
            Demand::Check { text, names } => self.add_check(table, written, text, names, children),
            Demand::NotNull(column) => self.add_not_null(table, written, column, children),
            Demand::Key(key) => self.add_key(table, written, key, children, false),
            Demand::Using(primary, index) => self.add_using(table, written, *primary, index),
            Demand::Exclude(exclude) => self.add_exclude(table, written, exclude, children),
            Demand::Foreign(foreign) => self.add_foreign(table, written, foreign, children),
        }
    }

    /// A new constraint under a name.
    pub(super) fn new_constraint(
        &mut self,
        table: &Name,
        name: &str,
        kind: ConstraintKind,
        written: &Written,
    ) -> Constraint {
        // A `NOT NULL` is told by its column.
        let meta = match kind {
            ConstraintKind::NotNull(_) => crate::engines::schema::catalog::Meta::default(),
            _ => self.create(&Key::part(Kind::Constraint, table, name)),
        };
        Constraint {
            meta,
            name: name.to_owned(),
            kind,
            deferrable: written.deferrable,
            deferred: written.deferred,
            not_valid: written.not_valid && !written.not_enforced,
            not_enforced: written.not_enforced,
            no_inherit: written.no_inherit,
            unnamed: written.name.is_none(),
            inherited: false,
        }
    }

    /// The name must not be that of another constraint of the table.
    pub(super) fn must_be_free_constraint(&self, table: &Name, name: &str) -> Done {
        match self.must_be_table(table)?.constraints.iter().any(|one| one.name == name) {
            false => Ok(()),
            true => {
                let reason = format!("constraint \"{name}\" for relation \"{}\" already exists", table.name);
                Err(Refusal::new("duplicate_object", reason, [Key::part(Kind::Constraint, table, name)]))
            }
        }
    }

    pub(super) fn push_constraint(&mut self, table: &Name, constraint: Constraint) {
        self.touch_table(table);
        if let Some(table) = self.catalog.tables.get_mut(table) {
            table.constraints.push(constraint);
        }
    }

    fn add_check(&mut self, table: &Name, written: &Written, text: &str, mentioned: &[String], children: bool) -> Done {
        let columns = &self.must_be_table(table)?.columns;
        let own: Vec<&String> = mentioned.iter().filter(|name| columns.iter().any(|one| one.name == **name)).collect();
        let condition = Expression::plain(text);
        let one = match own.as_slice() {
            [one] => Some(one.as_str()),
            _ => None,
        };
        let name = match &written.name {
            Some(name) => name.clone(),
            None => self.constraint_name(&table.schema, &table.name, one, "check", &BTreeSet::new()),
        };
        self.must_be_free_constraint(table, &name)?;
        let constraint = self.new_constraint(table, &name, ConstraintKind::Check(condition), written);
        self.push_constraint(table, constraint);
        if children && !written.no_inherit {
            for child in self.family(table).into_iter().skip(1) {
                self.inherit_check(table, &child, &name);
            }
        }
        Ok(())
    }

    /// A child gets the check of its parent, or its own one of this name counts as that.
    pub(super) fn inherit_check(&mut self, parent: &Name, child: &Name, name: &str) {
        let Some(constraint) = self
            .catalog
            .tables
            .get(parent)
            .and_then(|one| one.constraints.iter().find(|one| one.name == name))
            .cloned()
        else {
            return;
        };
        self.touch_table(child);
        if let Some(table) = self.catalog.tables.get_mut(child)
            && table.constraints.iter().any(|one| one.name == name)
        {
            return;
        }
        let mut copy = constraint;
        copy.meta = self.create(&Key::part(Kind::Constraint, child, name));
        copy.inherited = true;
        self.push_constraint(child, copy);
    }

    /// Whether `NOT NULL` has a name of its own.
    fn names_not_null(&self) -> bool {
        self.catalog.server.version.0 >= 18
    }

    /// Makes a column `NOT NULL`, in children too.
    pub(super) fn add_not_null(&mut self, table: &Name, written: &Written, column: &str, children: bool) -> Done {
        self.must_have_column(table, column)?;
        self.set_not_null(table, written, column);
        if children && !written.no_inherit {
            for child in self.family(table).into_iter().skip(1) {
                self.set_not_null(&child, &Written { name: None, ..written.clone() }, column);
            }
        }
        Ok(())
    }

    /// Makes a column `NOT NULL`, and gives that a name where the server does.
    pub(super) fn set_not_null(&mut self, table: &Name, written: &Written, column: &str) {
        self.touch_table(table);
        let named = self.names_not_null();
        let Some(found) = self.catalog.tables.get_mut(table) else { return };
        let there =
            found.constraints.iter().any(|one| matches!(&one.kind, ConstraintKind::NotNull(of) if of == column));
        if let Some(column) = found.column_mut(column) {
            column.not_null = true;
        }
        if !named || there {
            return;
        }
        let name = match &written.name {
            Some(name) => name.clone(),
            None => self.constraint_name(&table.schema, &table.name, Some(column), "not_null", &BTreeSet::new()),
        };
        let constraint = self.new_constraint(table, &name, ConstraintKind::NotNull(column.to_owned()), written);
        self.push_constraint(table, constraint);
    }

    /// Adds `PRIMARY KEY` or `UNIQUE`.
    pub(super) fn add_key(
        &mut self,
        table: &Name,
        written: &Written,
        key: &KeyDemand,
        children: bool,
        inherited: bool,
    ) -> Done {
        for column in key.columns.iter().chain(&key.include) {
            if self.must_have_column(table, column).is_err() {
                let reason = format!("column \"{column}\" named in key does not exist");
                return Err(Refusal::new("undefined_column", reason, [State::table_key(table)]));
            }
        }
        if key.primary && self.must_be_table(table)?.primary_key().is_some() {
            let reason = format!("multiple primary keys for table \"{}\" are not allowed", table.name);
            return Err(Refusal::new("invalid_table_definition", reason, [State::table_key(table)]));
        }
        let name = match &written.name {
            Some(name) => name.clone(),
            None if key.primary => self.relation_name(&table.schema, &table.name, None, "pkey", true),
            None => {
                let all: Vec<String> = key.columns.iter().chain(&key.include).cloned().collect();
                self.relation_name(&table.schema, &table.name, Some(&names::joined(&names::distinct(all))), "key", true)
            }
        };
        self.must_be_free(&Name::new(&*table.schema, &*name))?;
        self.must_be_free_constraint(table, &name)?;
        let index = Index {
            name: name.clone(),
            unique: true,
            method: if key.overlaps { "gist" } else { "btree" }.to_owned(),
            keys: key.columns.iter().map(|one| column_key(one)).collect(),
            include: key.include.clone(),
            nulls_not_distinct: key.nulls_not_distinct,
            options: with_overlaps(key),
            ..Index::default()
        };
        if key.primary {
            for column in &key.columns {
                self.add_not_null(table, &Written::default(), column, children)?;
            }
        }
        let kind = if key.primary { ConstraintKind::PrimaryKey(index) } else { ConstraintKind::Unique(index) };
        let mut constraint = self.new_constraint(table, &name, kind, written);
        constraint.inherited = inherited;
        self.push_constraint(table, constraint);
        if children && self.must_be_table(table)?.partitioning.by.is_some() {
            for child in self.partitions(table) {
                self.inherit_key(&child, written, key)?;
            }
        }
        Ok(())
    }

    /// A partition gets the key of its parent, unless it has one that is the same.
    pub(super) fn inherit_key(&mut self, child: &Name, written: &Written, key: &KeyDemand) -> Done {
        self.touch_table(child);
        if let Some(table) = self.catalog.tables.get_mut(child) {
            let same = table.constraints.iter_mut().find(|one| match &one.kind {
                ConstraintKind::PrimaryKey(index) => key.primary && has_keys(index, &key.columns),
                ConstraintKind::Unique(index) => !key.primary && has_keys(index, &key.columns),
                _ => false,
            });
            if let Some(same) = same {
                same.inherited = true;
                return Ok(());
            }
        }
        self.add_key(child, &Written { name: None, ..written.clone() }, key, true, true)
    }

    fn add_using(&mut self, table: &Name, written: &Written, primary: bool, index: &str) -> Done {
        self.now.flags.using_index = true;
        self.touch_table(table);
        let found = self.catalog.tables.get_mut(table).and_then(|table| {
            let at = table.indexes.iter().position(|one| one.name == index)?;
            Some(table.indexes.remove(at))
        });
        let Some(mut found) = found else {
            let reason = format!("index \"{index}\" does not exist");
            return Err(Refusal::new("undefined_object", reason, [Key::part(Kind::Index, table, index)]));
        };
        let name = written.name.clone().unwrap_or_else(|| index.to_owned());
        if name != index {
            self.must_be_free(&Name::new(&*table.schema, &*name))?;
        }
        found.name = name.clone();
        let columns: Vec<String> = found.keys.iter().map(|one| one.expression.text.clone()).collect();
        let kind = if primary { ConstraintKind::PrimaryKey(found) } else { ConstraintKind::Unique(found) };
        if primary {
            for column in columns {
                self.add_not_null(table, &Written::default(), &column, true)?;
            }
        }
        self.must_be_free_constraint(table, &name)?;
        let constraint = self.new_constraint(table, &name, kind, written);
        self.push_constraint(table, constraint);
        Ok(())
    }

    fn add_exclude(&mut self, table: &Name, written: &Written, exclude: &ExcludeDemand, children: bool) -> Done {
        let columns = self.must_be_table(table)?.columns.clone();
        let name = match &written.name {
            Some(name) => name.clone(),
            None => {
                let all: Vec<String> = exclude.names.iter().chain(&exclude.include).cloned().collect();
                self.relation_name(
                    &table.schema,
                    &table.name,
                    Some(&names::joined(&names::distinct(all))),
                    "excl",
                    true,
                )
            }
        };
        self.must_be_free(&Name::new(&*table.schema, &*name))?;
        let keys = exclude.keys.iter().map(|key| self.settled_key(key, &exclude.method, &columns)).collect();
        let index = Index {
            name: name.clone(),
            method: exclude.method.clone(),
            keys,
            include: exclude.include.clone(),
            predicate: exclude.predicate.as_ref().map(Expression::plain),
            options: exclude.options.clone(),
            ..Index::default()
        };
        let constraint = self.new_constraint(table, &name, ConstraintKind::Exclude(index), written);
        self.push_constraint(table, constraint);
        if children && self.must_be_table(table)?.partitioning.by.is_some() {
            for child in self.partitions(table) {
                self.add_exclude(&child, &Written { name: None, ..written.clone() }, exclude, true)?;
            }
        }
        Ok(())
    }

    /// Direct partitions of a table.
    pub(super) fn partitions(&self, table: &Name) -> Vec<Name> {
        self.catalog
            .tables
            .iter()
            .filter(|(_, one)| one.partitioning.parent.as_ref() == Some(table))
            .map(|(name, _)| name.clone())
            .collect()
    }
}

fn with_overlaps(key: &KeyDemand) -> std::collections::BTreeMap<String, String> {
    let mut options = key.options.clone();
    if key.overlaps {
        options.insert("without overlaps".to_owned(), "yes".to_owned());
    }
    options
}

/// A plain column as a key.
pub(super) fn column_key(name: &str) -> IndexKey {
    IndexKey { expression: Expression::plain(name), column: true, ..IndexKey::default() }
}

/// Whether an index has these columns as its keys, in this order.
pub(super) fn has_keys(index: &Index, columns: &[String]) -> bool {
    index.keys.len() == columns.len()
        && index.keys.iter().zip(columns).all(|(key, column)| key.column && key.expression.text == *column)
}
