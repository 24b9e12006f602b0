//! What a statement touches: the old state of each object is kept before it is changed, so that a statement that the server would refuse changes
//! nothing, and so that what it did can be told by comparing.
use super::state::State;
use crate::engines::schema::catalog::{
    Catalog, Extension, Grant, Id, Key, Kind, Name, Object, Other, Place, Routine, Schema, Sequence, Table, UserType,
    View,
};
use crate::engines::schema::{Act, What};
use std::collections::{BTreeMap, BTreeSet};

/// The state of an object before the statement; `None` when it was not there.
#[derive(Clone)]
pub(super) enum Before {
    /// A table.
    Table(Name, Option<Box<Table>>),
    /// A view, for its indexes.
    View(Name, Option<Box<View>>),
    /// A sequence.
    Sequence(Name, Option<Box<Sequence>>),
    /// A type.
    Type(Name, Option<Box<UserType>>),
    /// A schema.
    Schema(String, Option<Box<Schema>>),
    /// An extension.
    Extension(String, Option<Box<Extension>>),
    /// A routine.
    Routine((Name, String), Option<Box<Routine>>),
    /// Privileges.
    Grant(Key, Option<Box<Grant>>),
    /// Anything that is compared by its text.
    Other(Key, Option<Box<Other>>),
}

impl Before {
    fn same(&self, other: &Before) -> bool {
        match (self, other) {
            (Before::Table(a, _), Before::Table(b, _))
            | (Before::View(a, _), Before::View(b, _))
            | (Before::Sequence(a, _), Before::Sequence(b, _))
            | (Before::Type(a, _), Before::Type(b, _)) => a == b,
            (Before::Routine(a, _), Before::Routine(b, _)) => a == b,
            (Before::Grant(a, _), Before::Grant(b, _)) | (Before::Other(a, _), Before::Other(b, _)) => a == b,
            (Before::Schema(a, _), Before::Schema(b, _)) | (Before::Extension(a, _), Before::Extension(b, _)) => a == b,
            _ => false,
        }
    }

    /// Puts the old state into a catalog.
    fn put(self, catalog: &mut Catalog) {
        fn set<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<Box<V>>) {
            match value {
                Some(value) => map.insert(key, *value),
                None => map.remove(&key),
            };
        }
        match self {
            Before::Table(name, value) => set(&mut catalog.tables, name, value),
            Before::View(name, value) => set(&mut catalog.views, name, value),
            Before::Sequence(name, value) => set(&mut catalog.sequences, name, value),
            Before::Type(name, value) => set(&mut catalog.types, name, value),
            Before::Schema(name, value) => set(&mut catalog.schemas, name, value),
            Before::Extension(name, value) => set(&mut catalog.extensions, name, value),
            Before::Routine(name, value) => set(&mut catalog.routines, name, value),
            Before::Grant(key, value) => set(&mut catalog.grants, key, value),
            Before::Other(key, value) => set(&mut catalog.others, key, value),
        }
    }

    /// The present state of the same object.
    fn present(&self, catalog: &Catalog) -> Before {
        match self {
            Before::Table(name, _) => Before::Table(name.clone(), catalog.tables.get(name).cloned().map(Box::new)),
            Before::View(name, _) => Before::View(name.clone(), catalog.views.get(name).cloned().map(Box::new)),
            Before::Sequence(name, _) => {
                Before::Sequence(name.clone(), catalog.sequences.get(name).cloned().map(Box::new))
            }
            Before::Type(name, _) => Before::Type(name.clone(), catalog.types.get(name).cloned().map(Box::new)),
            Before::Schema(name, _) => Before::Schema(name.clone(), catalog.schemas.get(name).cloned().map(Box::new)),
            Before::Extension(name, _) => {
                Before::Extension(name.clone(), catalog.extensions.get(name).cloned().map(Box::new))
            }
            Before::Routine(name, _) => {
                Before::Routine(name.clone(), catalog.routines.get(name).cloned().map(Box::new))
            }
            Before::Grant(key, _) => Before::Grant(key.clone(), catalog.grants.get(key).cloned().map(Box::new)),
            Before::Other(key, _) => Before::Other(key.clone(), catalog.others.get(key).cloned().map(Box::new)),
        }
    }
}

/// How far the statement had come.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    undo: usize,
    acts: usize,
}

impl State {
    fn touch(&mut self, what: Before, since: usize) {
        if !self.undo.iter().skip(since).any(|one| one.same(&what)) {
            let before = what.present(&self.catalog);
            self.undo.push(before);
        }
    }

    /// A table is about to be made, changed or dropped. Must be called before; what it did is then told by comparing.
    pub(super) fn touch_table(&mut self, name: &Name) {
        self.touch(Before::Table(name.clone(), None), self.mark);
    }

    /// As `touch_table`, for the view itself (its indexes).
    pub(super) fn touch_view(&mut self, name: &Name) {
        self.touch(Before::View(name.clone(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_sequence(&mut self, name: &Name) {
        self.touch(Before::Sequence(name.clone(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_type(&mut self, name: &Name) {
        self.touch(Before::Type(name.clone(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_schema(&mut self, name: &str) {
        self.touch(Before::Schema(name.to_owned(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_extension(&mut self, name: &str) {
        self.touch(Before::Extension(name.to_owned(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_routine(&mut self, name: &(Name, String)) {
        self.touch(Before::Routine(name.clone(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_grant(&mut self, key: &Key) {
        self.touch(Before::Grant(key.clone(), None), self.mark);
    }

    /// As `touch_table`.
    pub(super) fn touch_other(&mut self, key: &Key) {
        self.touch(Before::Other(key.clone(), None), self.mark);
    }

    /// As `touch_table`, for what is a table or a view.
    pub(super) fn touch_relation(&mut self, name: &Name) {
        match self.catalog.tables.contains_key(name) {
            true => self.touch_table(name),
            false => self.touch_view(name),
        }
    }

    /// Begins a part that is undone as a whole; `since` goes back into `commit` or `undo_to`.
    pub(super) fn begin_part(&mut self) -> (Mark, usize) {
        let before = self.mark;
        self.mark = self.undo.len();
        (Mark { undo: self.undo.len(), acts: self.now.acts.len() }, before)
    }

    /// The part stands.
    pub(super) fn keep_part(&mut self, (_, before): (Mark, usize)) {
        self.mark = before;
    }

    /// The part never was.
    pub(super) fn undo_part(&mut self, (mark, before): (Mark, usize)) {
        self.mark = before;
        let undo: Vec<Before> = self.undo.drain(mark.undo.min(self.undo.len())..).collect();
        for one in undo.into_iter().rev() {
            one.put(&mut self.catalog);
        }
        self.now.acts.truncate(mark.acts);
    }

    /// Tells what the statement did to what it touched: by identity, so that a new name is a rename.
    pub(super) fn settle(&mut self) {
        let mut before = Catalog::default();
        let mut after = Catalog::default();
        for one in std::mem::take(&mut self.undo).into_iter().rev() {
            one.present(&self.catalog).put(&mut after);
            one.put(&mut before);
        }
        self.mark = 0;
        if before == after {
            return;
        }
        // Columns of views have the identity of their view.
        let known = |one: &Object| one.id != Id(0) && one.key.kind != Kind::ViewColumn;
        let old: BTreeMap<Id, Object> = before.objects().into_iter().filter(known).map(|one| (one.id, one)).collect();
        let new = after.objects();
        let mut changed = BTreeSet::new();
        let mut acts = Vec::new();
        for object in new.iter().filter(|object| object.key.kind != Kind::ViewColumn) {
            let Some(was) = old.get(&object.id) else { continue };
            if let Some(what) = altered(was, object) {
                changed.insert(object.id);
                acts.push(Act { key: object.key.clone(), id: object.id, what });
            }
        }
        let there: BTreeSet<Id> = new.iter().map(|one| one.id).collect();
        let gone: Vec<&Object> = old.values().filter(|one| !there.contains(&one.id)).collect();
        let tables: BTreeSet<Name> =
            gone.iter().filter(|one| one.key.table.is_empty()).filter_map(|one| one.key.table_name()).collect();
        // What belongs to a table that is gone needs no word of its own.
        for object in gone.iter().filter(|one| {
            one.key.kind != Kind::ViewColumn
                && (one.key.table.is_empty() || one.key.table_name().is_none_or(|table| !tables.contains(&table)))
        }) {
            acts.push(Act { key: object.key.clone(), id: object.id, what: What::Dropped });
        }
        for act in acts {
            if !self.now.acts.iter().any(|one| one.key == act.key && one.what == act.what) {
                self.now.acts.push(act);
            }
        }
        self.add_places(&after, &changed);
    }

    /// The statement stands with every object that it changed.
    fn add_places(&mut self, after: &Catalog, changed: &BTreeSet<Id>) {
        let place = self.now.place.clone();
        for name in after.tables.keys() {
            let Some(table) = self.catalog.tables.get_mut(name) else { continue };
            let metas = std::iter::once(&mut table.meta)
                .chain(table.columns.iter_mut().map(|one| &mut one.meta))
                .chain(table.constraints.iter_mut().map(|one| &mut one.meta))
                .chain(table.indexes.iter_mut().map(|one| &mut one.meta))
                .chain(table.triggers.iter_mut().map(|one| &mut one.meta))
                .chain(table.policies.iter_mut().map(|one| &mut one.meta));
            metas.filter(|meta| changed.contains(&meta.id)).for_each(|meta| add(&mut meta.places, &place));
        }
        for name in after.views.keys() {
            let Some(view) = self.catalog.views.get_mut(name) else { continue };
            let metas = std::iter::once(&mut view.meta).chain(view.indexes.iter_mut().map(|one| &mut one.meta));
            metas.filter(|meta| changed.contains(&meta.id)).for_each(|meta| add(&mut meta.places, &place));
        }
        let sequences = after
            .sequences
            .keys()
            .filter(|name| self.catalog.sequences.get(*name).is_some_and(|one| changed.contains(&one.meta.id)));
        for name in sequences.cloned().collect::<Vec<_>>() {
            self.catalog.sequences.entry(name).and_modify(|one| add(&mut one.meta.places, &place));
        }
        let types = after
            .types
            .keys()
            .filter(|name| self.catalog.types.get(*name).is_some_and(|one| changed.contains(&one.meta.id)));
        for name in types.cloned().collect::<Vec<_>>() {
            self.catalog.types.entry(name).and_modify(|one| add(&mut one.meta.places, &place));
        }
        for key in after.routines.keys() {
            if let Some(one) = self.catalog.routines.get_mut(key).filter(|one| changed.contains(&one.meta.id)) {
                add(&mut one.meta.places, &place);
            }
        }
        for key in after.grants.keys() {
            if let Some(one) = self.catalog.grants.get_mut(key).filter(|one| changed.contains(&one.meta.id)) {
                add(&mut one.meta.places, &place);
            }
        }
        for key in after.others.keys() {
            if let Some(one) = self.catalog.others.get_mut(key).filter(|one| changed.contains(&one.meta.id)) {
                add(&mut one.meta.places, &place);
            }
        }
        for (_, schema) in self.catalog.schemas.iter_mut().filter(|(_, one)| changed.contains(&one.meta.id)) {
            add(&mut schema.meta.places, &place);
        }
        for (_, extension) in self.catalog.extensions.iter_mut().filter(|(_, one)| changed.contains(&one.meta.id)) {
            add(&mut extension.meta.places, &place);
        }
    }
}

fn add(places: &mut Vec<Place>, place: &Place) {
    if places.last() != Some(place) {
        places.push(place.clone());
    }
}

/// What became of an object that is still there. A part whose table alone has another name is not worth a word.
fn altered(was: &Object, is: &Object) -> Option<What> {
    let own = |key: &Key| (key.name.clone(), key.table.is_empty().then(|| key.schema.clone()));
    if own(&was.key) != own(&is.key) {
        return Some(What::Renamed(was.key.clone()));
    }
    let names: BTreeSet<&String> = was.attributes.keys().chain(is.attributes.keys()).collect();
    let differ: Vec<String> =
        names.into_iter().filter(|name| was.attributes.get(*name) != is.attributes.get(*name)).cloned().collect();
    (!differ.is_empty()).then_some(What::Altered(differ))
}
