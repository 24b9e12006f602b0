//! Identities: what was read anew after a statement is told what it was before.
use super::held::{Attributes, Body, Held};
use crate::engines::schema::catalog::{Id, Key, Kind, Meta, Place};
use crate::engines::schema::{Act, What};
use std::collections::BTreeMap;

impl Held {
    /// Its identity.
    pub(super) fn id(&self) -> Id {
        self.body.metas().first().map_or(Id(0), |meta| meta.id)
    }

    /// Identity of a column.
    pub(super) fn column(&self, name: &str) -> Option<Id> {
        let Body::Table(table) = &self.body else { return None };
        table.columns.iter().find(|one| one.name.eq_ignore_ascii_case(name)).map(|one| one.meta.id)
    }

    /// Names and identities of its columns.
    pub(super) fn columns(&self) -> Vec<(String, Id)> {
        let Body::Table(table) = &self.body else { return Vec::new() };
        table.columns.iter().map(|one| (one.name.clone(), one.meta.id)).collect()
    }

    /// Everything that it has, as acts of the same kind.
    pub(super) fn acts(&self, what: &What) -> Vec<Act> {
        let metas = self.body.metas();
        self.parts
            .iter()
            .zip(metas)
            .map(|((key, _), meta)| Act { key: key.clone(), id: meta.id, what: what.clone() })
            .collect()
    }
}

/// What gives identities.
pub(super) struct Giver<'s> {
    /// The step, as identities are made of it.
    pub(super) step: &'s str,
    /// The statement.
    pub(super) place: Place,
    /// How often a key was created in this step.
    pub(super) created: &'s mut BTreeMap<Key, u32>,
    /// Parts that a rebuilt table lost, by table, kind and name: indexes and triggers are made again after it.
    pub(super) lost: &'s mut BTreeMap<(Id, Kind, String), (Meta, Attributes)>,
    /// Columns that were dropped while their table stayed: table, name, what they were.
    pub(super) columns: &'s mut BTreeMap<Id, GoneColumn>,
    /// Those of the lost parts that are there again.
    pub(super) back: &'s mut Vec<Id>,
}

impl Giver<'_> {
    /// A new identity.
    fn create(&mut self, key: &Key) -> Meta {
        let nth = self.created.entry(key.clone()).or_default();
        let id = Id::new(self.step, key, *nth);
        *nth += 1;
        Meta::new(id, self.place.clone())
    }

    /// Gives identities to what was read anew: those of `earlier` where parts are the same by `same` (position there by position here).
    pub(super) fn carry(&mut self, earlier: Option<&Held>, later: &mut Held, same: &[Option<usize>]) -> Vec<Act> {
        let none = (Vec::new(), Vec::new());
        let (before, metas) =
            earlier.map_or(none, |held| (held.parts.clone(), held.body.metas().into_iter().cloned().collect()));
        let mut acts = Vec::new();
        let mut table = Id(0);
        let parts = &later.parts;
        for (nth, (meta, (key, attributes))) in later.body.metas_mut().into_iter().zip(parts).enumerate() {
            let found = same.get(nth).copied().flatten();
            let found = found.and_then(|at| before.get(at).zip(metas.get(at)));
            match found {
                Some(((old_key, old), old_meta)) => {
                    let mut places = old_meta.places.clone();
                    places.append(&mut meta.places);
                    *meta = old_meta.clone();
                    // A constraint without a name goes by what it demands: it is not renamed but changed.
                    let renamed = old_key.name != key.name && (key.kind != Kind::Constraint || attributes == old);
                    let changed = changed(old, attributes);
                    if renamed || !changed.is_empty() {
                        places.push(self.place.clone());
                        meta.places = places;
                    }
                    if renamed {
                        acts.push(Act { key: key.clone(), id: meta.id, what: What::Renamed(old_key.clone()) });
                    }
                    if !changed.is_empty() {
                        acts.push(Act { key: key.clone(), id: meta.id, what: What::Altered(changed) });
                    }
                }
                None if meta.id.0 > u64::from(u32::MAX) => {
                    // It has an identity already (a table that takes over another's).
                    acts.push(Act { key: key.clone(), id: meta.id, what: What::Created });
                }
                None => match self.lost.remove(&(table, key.kind, key.name.to_lowercase())) {
                    Some((old_meta, old)) => {
                        *meta = old_meta;
                        self.back.push(meta.id);
                        let changed = changed(&old, attributes);
                        if !changed.is_empty() {
                            meta.places.push(self.place.clone());
                            acts.push(Act { key: key.clone(), id: meta.id, what: What::Altered(changed) });
                        }
                    }
                    None => {
                        *meta = self.create(key);
                        acts.push(Act { key: key.clone(), id: meta.id, what: What::Created });
                    }
                },
            }
            if nth == 0 {
                table = meta.id;
            }
        }
        for (at, ((key, attributes), meta)) in before.into_iter().zip(metas).enumerate() {
            if !same.contains(&Some(at)) {
                if key.kind == Kind::Column {
                    let gone = GoneColumn { table, name: key.name.to_lowercase(), meta: meta.clone(), attributes };
                    self.columns.insert(meta.id, gone);
                }
                acts.push(Act { key, id: meta.id, what: What::Dropped });
            }
        }
        acts
    }
}

/// A column that was dropped while its table stayed.
#[derive(Debug, Clone)]
pub(super) struct GoneColumn {
    pub(super) table: Id,
    pub(super) name: String,
    pub(super) meta: Meta,
    pub(super) attributes: Attributes,
}

/// Names of the attributes that differ.
pub(super) fn changed(old: &Attributes, new: &Attributes) -> Vec<String> {
    let mut names: Vec<String> =
        new.iter().filter(|(name, value)| old.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect();
    names.extend(old.keys().filter(|name| !new.contains_key(*name)).cloned());
    names
}

/// Which parts are the same by name: position here to position there. `columns` says which earlier column a column is, where it is known.
pub(super) fn by_name(earlier: &Held, later: &Held, columns: &BTreeMap<String, Option<String>>) -> Vec<Option<usize>> {
    let mut names: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    for (at, (key, _)) in earlier.parts.iter().enumerate().skip(1) {
        names.entry((key.kind, key.name.to_lowercase())).or_insert(at);
    }
    let mut used = std::collections::BTreeSet::new();
    let mut same = vec![Some(0)];
    for (key, _) in later.parts.iter().skip(1) {
        let name = key.name.to_lowercase();
        let name = match columns.get(&name).filter(|_| key.kind == Kind::Column) {
            Some(Some(name)) => name.to_lowercase(),
            Some(None) => {
                same.push(None);
                continue;
            }
            None => name,
        };
        same.push(names.get(&(key.kind, name)).copied().filter(|at| used.insert(*at)));
    }
    same
}
