//! Ends a statement: what it did is told from what was before, and new objects get their identity.
use super::state::{Journal, State};
use crate::engines::schema::catalog::{
    Catalog, Constraint, ConstraintKind, Id, Kind, Meta, Object, Place, Server, Table,
};
use crate::engines::schema::mysql::normal::Charsets;
use crate::engines::schema::{Act, What};
use std::collections::BTreeMap;

/// The catalog in the form in which it is compared: collations relative to their tables, procedures beside functions of the same name.
pub(in crate::engines::schema::mysql) fn finished(mut catalog: Catalog) -> Catalog {
    let charsets = Charsets(catalog.server);
    for table in catalog.tables.values_mut() {
        let base = table.options.get("collation").cloned().unwrap_or_default();
        for column in &mut table.columns {
            let Some(collation) = column.collation.take() else { continue };
            if collation != base {
                column.charset = Some(charsets.of(&collation)).filter(|charset| *charset != charsets.of(&base));
                column.collation = Some(collation);
            }
        }
        numbered(table);
    }
    let procedures: Vec<_> = catalog.routines.keys().filter(|(_, kind)| kind == "procedure").cloned().collect();
    for (name, kind) in procedures {
        let plain = (name.clone(), String::new());
        if !catalog.routines.contains_key(&plain)
            && let Some(routine) = catalog.routines.remove(&(name, kind))
        {
            catalog.routines.insert(plain, routine);
        }
    }
    catalog
}

/// Triggers of one moment run in order: the second and later ones say which they are.
pub(in crate::engines::schema::mysql) fn numbered(table: &mut Table) {
    let mut counts: BTreeMap<(String, Vec<String>), u32> = BTreeMap::new();
    for trigger in &mut table.triggers {
        let count = counts.entry((trigger.timing.clone(), trigger.events.clone())).or_default();
        *count += 1;
        trigger.options.remove("order");
        if *count > 1 {
            trigger.options.insert("order".to_owned(), count.to_string());
        }
    }
}

fn part(constraint: &mut Constraint) -> &mut Meta {
    if let ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) = &mut constraint.kind {
        index.meta = Meta::default();
    }
    &mut constraint.meta
}

/// Everything of a table with a meta.
fn metas(table: &mut Table) -> Vec<&mut Meta> {
    let mut all = vec![&mut table.meta];
    all.extend(table.columns.iter_mut().map(|one| &mut one.meta));
    all.extend(table.constraints.iter_mut().map(part));
    all.extend(table.indexes.iter_mut().map(|one| &mut one.meta));
    all.extend(table.triggers.iter_mut().map(|one| &mut one.meta));
    all
}

/// A catalog of what the journal names: before, or now.
fn excerpt(server: Server, journal: &Journal, now: Option<&Catalog>) -> Catalog {
    let mut catalog = Catalog::new(server);
    fn pick<K: Ord + Clone, V: Clone>(old: &BTreeMap<K, Option<V>>, now: Option<&BTreeMap<K, V>>) -> BTreeMap<K, V> {
        let one = |(key, old): (&K, &Option<V>)| {
            let value = match now {
                Some(now) => now.get(key).cloned(),
                None => old.clone(),
            };
            value.map(|value| (key.clone(), value))
        };
        old.iter().filter_map(one).collect()
    }
    catalog.tables = pick(&journal.tables, now.map(|now| &now.tables));
    catalog.views = pick(&journal.views, now.map(|now| &now.views));
    catalog.routines = pick(&journal.routines, now.map(|now| &now.routines));
    catalog.sequences = pick(&journal.sequences, now.map(|now| &now.sequences));
    catalog.others = pick(&journal.others, now.map(|now| &now.others));
    finished(catalog)
}

impl State {
    /// Says what the statement did, and gives identities and places.
    pub(super) fn settle(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        let server = self.catalog.server;
        let before = excerpt(server, &journal, None).objects();
        let mut ids: Vec<Id> = Vec::new();
        for object in excerpt(server, &journal, Some(&self.catalog)).objects() {
            ids.push(if object.id.0 == 0 { self.identity(&object) } else { object.id });
        }
        let after = excerpt(server, &journal, Some(&self.catalog)).objects();
        let known: BTreeMap<Id, &Object> =
            before.iter().filter(|one| one.key.kind != Kind::ViewColumn).map(|one| (one.id, one)).collect();
        let mut changed: BTreeMap<(crate::engines::schema::catalog::Key, bool), Id> = BTreeMap::new();
        let mut acts = Vec::new();
        for (object, id) in after.iter().zip(&ids) {
            if object.key.kind == Kind::ViewColumn {
                continue;
            }
            let Some(old) = known.get(id).filter(|_| object.id.0 != 0) else {
                changed.insert((object.key.clone(), true), *id);
                acts.push(Act { key: object.key.clone(), id: *id, what: What::Created });
                continue;
            };
            let own = |one: &Object| (one.key.schema.clone(), one.key.name.clone());
            // Parts move with their table: that is no renaming of theirs.
            let renamed =
                if object.key.table.is_empty() { own(old) != own(object) } else { old.key.name != object.key.name };
            if renamed {
                acts.push(Act { key: object.key.clone(), id: *id, what: What::Renamed(old.key.clone()) });
            }
            let names: std::collections::BTreeSet<&String> =
                old.attributes.keys().chain(object.attributes.keys()).collect();
            let attributes: Vec<String> = names
                .into_iter()
                .filter(|name| old.attributes.get(*name) != object.attributes.get(*name))
                .cloned()
                .collect();
            if !attributes.is_empty() {
                acts.push(Act { key: object.key.clone(), id: *id, what: What::Altered(attributes.clone()) });
            }
            if renamed || !attributes.is_empty() {
                changed.insert((object.key.clone(), false), *id);
            }
        }
        let alive: std::collections::BTreeSet<Id> = ids.iter().copied().collect();
        for object in before.iter().filter(|one| one.key.kind != Kind::ViewColumn && !alive.contains(&one.id)) {
            acts.push(Act { key: object.key.clone(), id: object.id, what: What::Dropped });
        }
        self.now.acts.extend(acts);
        self.mark(&journal, &after, &ids, &changed.into_values().collect());
    }

    fn identity(&mut self, object: &Object) -> Id {
        let nth = self.created.entry(object.key.clone()).or_default();
        let id = Id::new(&self.step, &object.key, *nth);
        *nth += 1;
        id
    }

    /// Writes identities and places into the catalog.
    fn mark(&mut self, journal: &Journal, after: &[Object], ids: &[Id], changed: &std::collections::BTreeSet<Id>) {
        let place = self.now.place.clone();
        let by_key: BTreeMap<_, Id> = after.iter().zip(ids).map(|(object, id)| (&object.key, *id)).collect();
        let touch = |meta: &mut Meta, id: Id, place: &Place| {
            if meta.id.0 == 0 {
                meta.id = id;
            }
            if changed.contains(&id) {
                meta.places.push(place.clone());
            }
        };
        for name in journal.tables.keys() {
            let Some(table) = self.catalog.tables.get_mut(name) else { continue };
            // The list of objects of the table alone, in the order in which `metas` gives them.
            let keys = keys_of(name, table);
            for (meta, key) in metas(table).into_iter().zip(keys) {
                let id = if meta.id.0 == 0 { by_key.get(&key).copied().unwrap_or_default() } else { meta.id };
                touch(meta, id, &place);
            }
        }
        let top = |kind: Kind, name| {
            by_key.get(&crate::engines::schema::catalog::Key::top(kind, name)).copied().unwrap_or_default()
        };
        for name in journal.views.keys() {
            if let Some(view) = self.catalog.views.get_mut(name) {
                touch(&mut view.meta, top(Kind::View, name), &place);
            }
        }
        for name in journal.sequences.keys() {
            if let Some(sequence) = self.catalog.sequences.get_mut(name) {
                touch(&mut sequence.meta, top(Kind::Sequence, name), &place);
            }
        }
        for key in journal.routines.keys() {
            if let Some(routine) = self.catalog.routines.get_mut(key) {
                let kind = if key.1.is_empty() { Kind::Function } else { Kind::Procedure };
                let found = by_key.iter().find(|(one, _)| {
                    one.kind == kind && one.schema == key.0.schema && one.name.split('(').next() == Some(&key.0.name)
                });
                let id = found.map_or(routine.meta.id, |(_, id)| *id);
                touch(&mut routine.meta, id, &place);
            }
        }
        for key in journal.others.keys() {
            if let Some(other) = self.catalog.others.get_mut(key) {
                let id = by_key.get(key).copied().unwrap_or(other.meta.id);
                touch(&mut other.meta, id, &place);
            }
        }
    }
}

fn keys_of(name: &crate::engines::schema::catalog::Name, table: &Table) -> Vec<crate::engines::schema::catalog::Key> {
    use crate::engines::schema::catalog::Key;
    let mut keys = vec![Key::top(Kind::Table, name)];
    keys.extend(table.columns.iter().map(|one| Key::part(Kind::Column, name, &*one.name)));
    keys.extend(table.constraints.iter().map(|one| Key::part(Kind::Constraint, name, &*one.name)));
    keys.extend(table.indexes.iter().map(|one| Key::part(Kind::Index, name, &*one.name)));
    keys.extend(table.triggers.iter().map(|one| Key::part(Kind::Trigger, name, &*one.name)));
    keys
}
