//! New names and other schemas for relations, columns, constraints, indexes and types, carried into everything that tables hold.
use super::rewrite;
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{ConstraintKind, DataType, Expression, Index, Key, Kind, Name, UserTypeKind};

impl State {
    /// A table, view or sequence gets another name, or lies in another schema.
    pub(super) fn rename_relation(&mut self, before: &Name, after: &Name) -> Done {
        if before == after || self.relation_exists(after) {
            let key = State::table_key(after);
            return Err(Refusal::new("duplicate_table", format!("relation \"{}\" already exists", after.name), [key]));
        }
        if self.catalog.tables.contains_key(before) {
            self.rename_table(before, after);
        } else if self.catalog.sequences.contains_key(before) {
            self.rename_sequence(before, after);
        } else if self.catalog.views.contains_key(before) {
            self.touch_view(before);
            self.touch_view(after);
            if let Some(view) = self.catalog.views.remove(before) {
                self.catalog.views.insert(after.clone(), view);
            }
        }
        self.retype(before, after);
        self.relation_renamed(before, after);
        Ok(())
    }

    fn rename_table(&mut self, before: &Name, after: &Name) {
        self.touch_table(before);
        self.touch_table(after);
        if before.schema != after.schema {
            let owned: Vec<Name> = self
                .catalog
                .sequences
                .iter()
                .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, _)| table == before))
                .map(|(name, _)| name.clone())
                .collect();
            for sequence in owned {
                let moved = Name::new(&*after.schema, &*sequence.name);
                self.rename_sequence(&sequence, &moved);
                self.relation_renamed(&sequence, &moved);
            }
            let identities: Vec<Name> = self
                .identities
                .iter()
                .filter(|(_, (table, _))| table == before)
                .map(|(name, _)| name.clone())
                .collect();
            for name in identities {
                if let Some(value) = self.identities.remove(&name) {
                    self.identities.insert(Name::new(&*after.schema, name.name), value);
                }
            }
        }
        if let Some(table) = self.catalog.tables.remove(before) {
            self.catalog.tables.insert(after.clone(), table);
        }
        for (table, _) in self.identities.values_mut().filter(|(table, _)| table == before) {
            *table = after.clone();
        }
        let owned: Vec<Name> = self
            .catalog
            .sequences
            .iter()
            .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, _)| table == before))
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in owned {
            self.touch_sequence(&sequence);
            self.catalog.sequences.entry(sequence).and_modify(|one| {
                if let Some((table, _)) = &mut one.owned_by {
                    *table = after.clone();
                }
            });
        }
        self.point_elsewhere(before, after);
    }

    /// Foreign keys, partitions and children that name the table.
    fn point_elsewhere(&mut self, before: &Name, after: &Name) {
        let names: Vec<Name> = self.catalog.tables.keys().cloned().collect();
        for name in names {
            let Some(table) = self.catalog.tables.get(&name) else { continue };
            let points = table.partitioning.parent.as_ref() == Some(before)
                || table.inherits.contains(before)
                || table
                    .constraints
                    .iter()
                    .any(|one| matches!(&one.kind, ConstraintKind::ForeignKey(key) if key.table == *before));
            if points {
                self.touch_table(&name);
                self.catalog.tables.entry(name.clone()).and_modify(|table| {
                    if table.partitioning.parent.as_ref() == Some(before) {
                        table.partitioning.parent = Some(after.clone());
                    }
                    table.inherits.iter_mut().filter(|one| *one == before).for_each(|one| *one = after.clone());
                    for one in &mut table.constraints {
                        if let ConstraintKind::ForeignKey(key) = &mut one.kind
                            && key.table == *before
                        {
                            key.table = after.clone();
                        }
                    }
                });
            }
        }
    }

    fn rename_sequence(&mut self, before: &Name, after: &Name) {
        self.touch_sequence(before);
        self.touch_sequence(after);
        if let Some(sequence) = self.catalog.sequences.remove(before) {
            self.catalog.sequences.insert(after.clone(), sequence);
        }
        let names: Vec<Name> = self.catalog.tables.keys().cloned().collect();
        for name in names {
            let uses = self.catalog.tables.get(&name).is_some_and(|table| {
                table
                    .columns
                    .iter()
                    .any(|one| one.default.as_ref().is_some_and(|one| self.names_sequence(&one.text, before)))
            });
            if !uses {
                continue;
            }
            self.touch_table(&name);
            let columns = self.catalog.tables.get(&name).map(|one| one.columns.clone()).unwrap_or_default();
            let changed: Vec<_> = columns
                .iter()
                .map(|column| {
                    column
                        .default
                        .as_ref()
                        .filter(|one| self.names_sequence(&one.text, before))
                        .map(|one| Expression::plain(rewrite::with_sequence(&one.text, after)))
                })
                .collect();
            if let Some(table) = self.catalog.tables.get_mut(&name) {
                for (column, default) in table.columns.iter_mut().zip(changed).filter(|(_, one)| one.is_some()) {
                    column.default = default;
                }
            }
        }
    }

    /// `RENAME COLUMN`, in children too.
    pub(super) fn rename_column(&mut self, name: &Name, from: &str, to: &str) -> Done {
        self.must_have_column(name, from)?;
        for table in self.family(name) {
            if self.must_be_table(&table)?.column(to).is_some() {
                let reason = format!("column \"{to}\" of relation \"{}\" already exists", table.name);
                return Err(Refusal::new("duplicate_column", reason, [Key::part(Kind::Column, &table, to)]));
            }
        }
        for table in self.family(name) {
            self.touch_table(&table);
            self.rename_column_of(&table, from, to);
            self.column_renamed(&table, from, to);
        }
        Ok(())
    }

    fn rename_column_of(&mut self, name: &Name, from: &str, to: &str) {
        let Some(table) = self.catalog.tables.get_mut(name) else { return };
        if let Some(column) = table.column_mut(from) {
            to.clone_into(&mut column.name);
        }
        let again =
            |list: &mut Vec<String>| list.iter_mut().filter(|one| *one == from).for_each(|one| to.clone_into(one));
        let in_index = |index: &mut Index| {
            for key in index.keys.iter_mut().filter(|key| rewrite::is_column(key, from)) {
                key.expression = crate::engines::schema::catalog::Expression::plain(to);
            }
            again(&mut index.include);
        };
        table.indexes.iter_mut().for_each(in_index);
        for one in &mut table.constraints {
            match &mut one.kind {
                ConstraintKind::ForeignKey(key) => {
                    again(&mut key.columns);
                    again(&mut key.on_delete_columns);
                }
                ConstraintKind::NotNull(column) if column == from => to.clone_into(column),
                kind => {
                    if let Some(index) = super::foreign::index_of_mut(kind) {
                        in_index(index);
                    }
                }
            }
        }
        if let Some(by) = &mut table.partitioning.by {
            by.text = rewrite::column(&by.text, &name.name, from, to);
            by.normal = rewrite::column(&by.normal, &name.name, from, to);
        }
        for (of, column) in self.identities.values_mut() {
            if of == name && column == from {
                to.clone_into(column);
            }
        }
        self.rewrite_table(name, &|text| rewrite::column(text, &name.name, from, to));
        let owned: Vec<Name> = self
            .catalog
            .sequences
            .iter()
            .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, column)| table == name && column == from))
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in owned {
            self.touch_sequence(&sequence);
            self.catalog.sequences.entry(sequence).and_modify(|one| {
                if let Some((_, column)) = &mut one.owned_by {
                    to.clone_into(column);
                }
            });
        }
        for (table, constraint) in self.foreign_to(name, Some(from)) {
            self.touch_table(&table);
            if let Some(ConstraintKind::ForeignKey(key)) = self
                .catalog
                .tables
                .get_mut(&table)
                .and_then(|one| one.constraints.iter_mut().find(|one| one.name == constraint))
                .map(|one| &mut one.kind)
            {
                again(&mut key.references);
            }
        }
    }

    /// `RENAME CONSTRAINT`, in children too where they have it from here.
    pub(super) fn rename_constraint(&mut self, name: &Name, from: &str, to: &str) -> Done {
        let Some(found) = self.must_be_table(name)?.constraints.iter().find(|one| one.name == from).cloned() else {
            let reason = format!("constraint \"{from}\" for table \"{}\" does not exist", name.name);
            return Err(Refusal::new("undefined_object", reason, [State::table_key(name)]));
        };
        self.must_be_free_constraint(name, to)?;
        if super::names::is_index(&found.kind) {
            self.must_be_free(&Name::new(&*name.schema, to))?;
        }
        let checks = matches!(found.kind, ConstraintKind::Check(_) | ConstraintKind::NotNull(_));
        for table in if checks { self.family(name) } else { vec![name.clone()] } {
            self.touch_table(&table);
            let Some(one) = self
                .catalog
                .tables
                .get_mut(&table)
                .and_then(|one| one.constraints.iter_mut().find(|one| one.name == from))
            else {
                continue;
            };
            to.clone_into(&mut one.name);
            one.unnamed = false;
            if let Some(index) = super::foreign::index_of_mut(&mut one.kind) {
                to.clone_into(&mut index.name);
            }
        }
        self.follow_replica(name, from, to);
        Ok(())
    }

    fn follow_replica(&mut self, table: &Name, from: &str, to: &str) {
        if let Some(value) = self.catalog.tables.get_mut(table).and_then(|one| one.options.get_mut("replica identity"))
            && *value == format!("using index {from}")
        {
            *value = format!("using index {to}");
        }
    }

    /// A new name for an index; the constraint that it is behind has it too.
    pub(super) fn rename_index(&mut self, table: &Name, from: &str, to: &str) -> Done {
        self.must_be_free(&Name::new(&*table.schema, to))?;
        let is_constraint =
            self.catalog.tables.get(table).is_some_and(|one| {
                one.constraints.iter().any(|one| one.name == from && super::names::is_index(&one.kind))
            });
        if is_constraint {
            return self.rename_constraint(table, from, to);
        }
        self.change_index(table, from, |index| to.clone_into(&mut index.name));
        self.follow_replica(table, from, to);
        Ok(())
    }

    /// A type has another name: columns, domains, attributes and casts follow.
    pub(super) fn retype(&mut self, before: &Name, after: &Name) {
        let new = |data_type: &DataType| -> Option<DataType> {
            (data_type.name == before.name && data_type.schema.as_deref() == Some(before.schema.as_str()))
                .then(|| DataType { schema: Some(after.schema.clone()), name: after.name.clone(), ..data_type.clone() })
        };
        let names: Vec<Name> = self.catalog.tables.keys().cloned().collect();
        for name in names {
            let uses = self
                .catalog
                .tables
                .get(&name)
                .is_some_and(|one| one.columns.iter().any(|one| new(&one.data_type).is_some()));
            if uses {
                self.touch_table(&name);
                self.catalog.tables.entry(name.clone()).and_modify(|one| {
                    for column in &mut one.columns {
                        if let Some(data_type) = new(&column.data_type) {
                            column.data_type = data_type;
                        }
                    }
                });
            }
            self.rewrite_table(&name, &|text| rewrite::data_type(text, before, after));
        }
        let types: Vec<Name> = self.catalog.types.keys().cloned().collect();
        for name in types {
            let Some(one) = self.catalog.types.get(&name) else { continue };
            let mut kind = one.kind.clone();
            let changed = match &mut kind {
                UserTypeKind::Domain { base, .. } => new(base).map(|found| *base = found).is_some(),
                UserTypeKind::Range { subtype, .. } => new(subtype).map(|found| *subtype = found).is_some(),
                UserTypeKind::Composite(fields) => {
                    let mut any = false;
                    for (_, data_type) in fields {
                        if let Some(found) = new(data_type) {
                            *data_type = found;
                            any = true;
                        }
                    }
                    any
                }
                _ => false,
            };
            if changed {
                self.touch_type(&name);
                self.catalog.types.entry(name).and_modify(|one| one.kind = kind);
            }
        }
    }
}
