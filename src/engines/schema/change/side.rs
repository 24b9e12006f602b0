//! One of the two catalogs that are compared, as a list of what is compared of it.
use super::compare::CompareOptions;
use crate::engines::schema::catalog::{Catalog, Column, Key, Kind, Name, Object};
use std::collections::{BTreeMap, BTreeSet};

/// A catalog laid out for comparison.
pub(super) struct Side<'a> {
    /// The catalog.
    pub(super) catalog: &'a Catalog,
    /// Its objects by key, what is not to be compared left out.
    pub(super) objects: Vec<Object>,
    /// Objects by identity and kind; `None` when two have one.
    ids: BTreeMap<(u64, Kind), Option<usize>>,
    /// Constraints that have no name.
    nameless: BTreeSet<Key>,
    /// Indexes and constraints that are there only because something else is.
    implied: BTreeSet<Key>,
}

impl<'a> Side<'a> {
    /// Lays a catalog out, tables that are known to be the same left out.
    pub(super) fn new(catalog: &'a Catalog, options: &CompareOptions, same: &BTreeSet<&Name>) -> Side<'a> {
        let mut objects = catalog.objects_but(&|name| same.contains(name));
        objects.retain(|one| one.key.kind != Kind::ViewColumn && options.wants(&one.key));
        if !options.comments {
            objects.iter_mut().for_each(|one| drop(one.attributes.remove("comment")));
        }
        let mut side =
            Side { catalog, objects, ids: BTreeMap::new(), nameless: BTreeSet::new(), implied: BTreeSet::new() };
        side.add_view_columns();
        side.add_notes(same);
        for (number, one) in side.objects.iter().enumerate().filter(|(_, one)| one.id.0 != 0) {
            side.ids.entry((one.id.0, one.key.kind)).and_modify(|twice| *twice = None).or_insert(Some(number));
        }
        side
    }

    /// Columns of a view are part of it: they change with its query.
    fn add_view_columns(&mut self) {
        for (name, view) in &self.catalog.views {
            let kind = if view.materialized { Kind::MaterializedView } else { Kind::View };
            let Ok(at) = self.objects.binary_search_by(|one| one.key.cmp(&Key::top(kind, name))) else { continue };
            let Some(object) = self.objects.get_mut(at) else { continue };
            for (column, data_type) in &view.columns {
                object.attributes.insert(format!("column {column}"), data_type.to_string());
            }
        }
    }

    fn add_notes(&mut self, same: &BTreeSet<&Name>) {
        for (name, table) in &self.catalog.tables {
            for one in table.constraints.iter().filter(|one| one.inherited) {
                self.implied.insert(Key::part(Kind::Constraint, name, &*one.name));
            }
            for one in table.indexes.iter().filter(|one| one.implied) {
                self.implied.insert(Key::part(Kind::Index, name, &*one.name));
            }
        }
        let named: BTreeSet<Key> = self
            .catalog
            .tables
            .iter()
            .filter(|(name, _)| !same.contains(name))
            .flat_map(|(name, table)| {
                table.constraints.iter().map(move |one| Key::part(Kind::Constraint, name, &*one.name))
            })
            .filter(|key| !key.name.is_empty())
            .collect();
        let nameless = self.objects.iter().filter(|one| one.key.kind == Kind::Constraint && !named.contains(&one.key));
        self.nameless = nameless.map(|one| one.key.clone()).collect();
    }

    /// Numbers of the objects of a kind.
    pub(super) fn members(&self, of: &impl Fn(&Key) -> bool) -> Vec<usize> {
        self.objects.iter().enumerate().filter(|(_, one)| of(&one.key)).map(|(number, _)| number).collect()
    }

    /// The object of this key.
    pub(super) fn find(&self, key: &Key) -> Option<usize> {
        self.objects.binary_search_by(|one| one.key.cmp(key)).ok()
    }

    /// The object of this identity, unless there are two.
    pub(super) fn by_id(&self, id: u64, kind: Kind) -> Option<usize> {
        self.ids.get(&(id, kind)).copied().flatten()
    }

    /// The identity of an object, when it has one of its own.
    pub(super) fn unique_id(&self, number: usize) -> Option<u64> {
        let one = self.objects.get(number).filter(|one| one.id.0 != 0)?;
        self.by_id(one.id.0, one.key.kind).map(|_| one.id.0)
    }

    /// Whether the server knows no name for it (its key is what it demands).
    pub(super) fn is_nameless(&self, key: &Key) -> bool {
        self.nameless.contains(key)
    }

    /// Whether it is there only because something else is: nobody makes or drops it.
    pub(super) fn is_implied(&self, key: &Key) -> bool {
        self.implied.contains(key)
    }

    /// The columns of a table.
    pub(super) fn columns(&self, table: &Name) -> &'a [Column] {
        self.catalog.tables.get(table).map_or(&[][..], |table| &table.columns)
    }
}
