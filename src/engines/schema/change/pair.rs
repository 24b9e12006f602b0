//! Which object of the one catalog is which of the other: by identity, then by name, then by a guess.
use super::names::Renames;
use super::rename;
use super::side::Side;
use super::types::Evidence;
use crate::engines::schema::catalog::{Key, Kind, Name, Place, UserTypeKind};
use crate::engines::schema::{Statement, What};
use std::collections::{BTreeMap, BTreeSet};

/// Two that are one object.
#[derive(Debug)]
pub(super) struct Pair {
    /// Number of the earlier.
    pub(super) before: usize,
    /// Number of the later.
    pub(super) after: usize,
    /// Why it is one, when it has another name.
    pub(super) renamed: Option<Evidence>,
    /// The name is the same, the object is another.
    pub(super) replaced: bool,
}

/// How two catalogs lie side by side.
#[derive(Debug, Default)]
pub(super) struct Paired {
    /// Objects of both.
    pub(super) pairs: Vec<Pair>,
    /// Objects that only the earlier has.
    pub(super) gone: Vec<usize>,
    /// Objects that only the later has.
    pub(super) new: Vec<usize>,
    /// What has another name.
    pub(super) renames: Renames,
    /// Tables and views that were dropped and made anew, by name (it is the same on both sides).
    pub(super) replaced: BTreeSet<Name>,
}

/// What is known while pairing.
pub(super) struct Pairing<'a> {
    before: &'a Side<'a>,
    after: &'a Side<'a>,
    /// Later of each earlier.
    later: Vec<Option<usize>>,
    /// Whether a later one is taken.
    taken: Vec<bool>,
    /// Whether identities of the two mean anything for each other.
    trusted: bool,
    /// Identities that the log says were dropped, when there is a log.
    dropped: Option<BTreeSet<u64>>,
    schemas: BTreeMap<String, String>,
    tables: BTreeMap<Name, Name>,
    out: Paired,
}

/// Lays two catalogs side by side; `shared` when they are known to have identities in common.
pub(super) fn pair(before: &Side<'_>, after: &Side<'_>, log: &[Statement], shared: bool) -> Paired {
    let dropped = (!log.is_empty()).then(|| {
        let acts = log.iter().flat_map(|one| &one.acts);
        acts.filter(|act| act.what == What::Dropped).map(|act| act.id.0).collect::<BTreeSet<u64>>()
    });
    let ids: BTreeSet<u64> = before.objects.iter().map(|one| one.id.0).filter(|id| *id != 0).collect();
    let shared = shared || after.objects.iter().any(|one| ids.contains(&one.id.0));
    let trusted = shared || dropped.as_ref().is_some_and(|dropped| dropped.iter().any(|id| ids.contains(id)));
    let mut pairing = Pairing {
        before,
        after,
        later: vec![None; before.objects.len()],
        taken: vec![false; after.objects.len()],
        trusted,
        dropped,
        schemas: BTreeMap::new(),
        tables: BTreeMap::new(),
        out: Paired::default(),
    };
    pairing.stage(|key| key.kind == Kind::Schema);
    pairing.note_schemas();
    pairing.stage(|key| key.kind != Kind::Schema && key.table.is_empty());
    pairing.guess_tables();
    pairing.note_tables();
    pairing.stage(|key| !key.table.is_empty());
    pairing.guess_parts();
    pairing.finish()
}

impl Pairing<'_> {
    /// Pairs the objects of a kind by identity, then by name.
    fn stage(&mut self, of: impl Fn(&Key) -> bool) {
        let members: Vec<usize> = self.before.members(&of);
        if self.trusted {
            for &old in &members {
                let (Some(one), id) = (self.before.objects.get(old), self.before.unique_id(old)) else { continue };
                let Some(new) = id.and_then(|id| self.after.by_id(id, one.key.kind)) else { continue };
                if !self.is_taken(new) {
                    let renamed = self.is_renamed(old, new).then(|| Evidence::Seen(self.place_of_rename(old, new)));
                    self.join(old, new, renamed, false);
                }
            }
        }
        for &old in &members {
            if self.later.get(old).copied().flatten().is_some() {
                continue;
            }
            let Some(key) = self.before.objects.get(old).map(|one| self.expected(&one.key)) else { continue };
            let Some(new) = self.after.find(&key).filter(|new| !self.is_taken(*new)) else { continue };
            let replaced = self.is_replaced(old, new);
            self.join(old, new, None, replaced);
        }
    }

    fn is_taken(&self, new: usize) -> bool {
        self.taken.get(new).copied().unwrap_or(true)
    }

    pub(super) fn join(&mut self, before: usize, after: usize, renamed: Option<Evidence>, replaced: bool) {
        if let (Some(later), Some(taken)) = (self.later.get_mut(before), self.taken.get_mut(after)) {
            *later = Some(after);
            *taken = true;
            self.out.pairs.push(Pair { before, after, renamed, replaced });
        }
    }

    /// Same name, two identities, and nothing speaks against a drop in between.
    fn is_replaced(&self, old: usize, new: usize) -> bool {
        let (Some(old), Some(new)) = (self.before.objects.get(old), self.after.objects.get(new)) else { return false };
        let differ = self.trusted && old.id.0 != 0 && new.id.0 != 0 && old.id != new.id;
        differ && self.dropped.as_ref().is_none_or(|dropped| dropped.contains(&old.id.0))
    }

    /// The key that an earlier object has when only what it belongs to has another name.
    fn expected(&self, key: &Key) -> Key {
        let mut key = key.clone();
        if let Some(table) =
            key.table_name().filter(|_| !key.table.is_empty()).and_then(|table| self.tables.get(&table))
        {
            key.schema = table.schema.clone();
            key.table = table.name.clone();
        } else if let Some(schema) = self.schemas.get(&key.schema) {
            key.schema = schema.clone();
        }
        key
    }

    /// Whether the names differ by more than the names of what they belong to.
    fn is_renamed(&self, old: usize, new: usize) -> bool {
        let (Some(old), Some(new)) = (self.before.objects.get(old), self.after.objects.get(new)) else { return false };
        let expected = self.expected(&old.key);
        if expected == new.key || self.before.is_nameless(&old.key) || self.after.is_nameless(&new.key) {
            return false;
        }
        match (expected.name.split_once('('), new.key.name.split_once('(')) {
            // Arguments are types: another name of one is not another name of the routine.
            (Some((name, _)), Some((later, _))) => name != later || expected.schema != new.key.schema,
            _ => true,
        }
    }

    fn place_of_rename(&self, old: usize, new: usize) -> Place {
        let (old, new) = (self.before.objects.get(old), self.after.objects.get(new));
        let (old, new) = (old.map_or(&[][..], |one| &one.places), new.map_or(&[][..], |one| &one.places));
        let made = new.iter().rev().find(|place| !old.contains(place));
        let undone = old.iter().rev().find(|place| !new.contains(place));
        made.or(undone).cloned().unwrap_or(Place { file: "".into(), line: 0 })
    }

    fn note_schemas(&mut self) {
        for pair in &self.out.pairs {
            let (Some(old), Some(new)) = (self.before.objects.get(pair.before), self.after.objects.get(pair.after))
            else {
                continue;
            };
            if old.key.name != new.key.name {
                self.schemas.insert(old.key.name.clone(), new.key.name.clone());
                self.out.renames.name(&old.key.name, &new.key.name);
            }
        }
    }

    /// Notes how tables and views are called now, and what else has another name.
    fn note_tables(&mut self) {
        let pairs = std::mem::take(&mut self.out.pairs);
        for pair in &pairs {
            let (Some(old), Some(new)) = (self.before.objects.get(pair.before), self.after.objects.get(pair.after))
            else {
                continue;
            };
            if let Kind::Table | Kind::View | Kind::MaterializedView = old.key.kind {
                let name = Name::new(&*old.key.schema, &*old.key.name);
                if pair.replaced {
                    self.out.replaced.insert(name.clone());
                }
                self.tables.insert(name, Name::new(&*new.key.schema, &*new.key.name));
            }
            if old.key.kind == Kind::Enum && self.trusted {
                self.note_labels(&old.key, &new.key);
            }
            if old.key != new.key {
                let bare = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
                self.out.renames.name(&bare(&old.key.name), &bare(&new.key.name));
                self.out.renames.name(&old.key.schema, &new.key.schema);
            }
        }
        self.out.pairs = pairs;
    }

    fn note_labels(&mut self, old: &Key, new: &Key) {
        let kind = |side: &Side<'_>, key: &Key| {
            side.catalog.types.get(&Name::new(&*key.schema, &*key.name)).map(|one| one.kind.clone())
        };
        if let (Some(UserTypeKind::Enum(old)), Some(UserTypeKind::Enum(new))) =
            (kind(self.before, old), kind(self.after, new))
        {
            self.out.renames.enum_labels(&old, &new);
        }
    }

    /// Objects of these kinds that nothing is known of yet: earlier and later ones.
    fn leftovers(&self, of: impl Fn(&Key) -> bool) -> (Vec<usize>, Vec<usize>) {
        let old = self.before.members(&of).into_iter().filter(|old| self.later.get(*old).copied().flatten().is_none());
        let new = self.after.members(&of).into_iter().filter(|new| !self.is_taken(*new));
        (old.collect(), new.collect())
    }

    /// Identities decide where both have one: what went then went and what came came.
    fn may_guess(&self, old: usize, new: usize) -> bool {
        let (Some(old), Some(new)) = (self.before.objects.get(old), self.after.objects.get(new)) else { return false };
        !self.trusted || old.id.0 == 0 || new.id.0 == 0
    }

    fn guess_tables(&mut self) {
        for kind in
            [Kind::Table, Kind::Enum, Kind::Domain, Kind::Composite, Kind::View, Kind::MaterializedView, Kind::Sequence]
        {
            let (old, new) = self.leftovers(|key| key.kind == kind);
            self.guess(&old, &new, |before, after| rename::top(before, after, kind));
        }
    }

    fn guess_parts(&mut self) {
        for kind in [Kind::Column, Kind::Constraint, Kind::Index, Kind::Trigger, Kind::Policy] {
            let (old, new) = self.leftovers(|key| key.kind == kind);
            let mut groups: BTreeMap<Name, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
            for one in old {
                let key = self.before.objects.get(one).map(|one| self.expected(&one.key));
                if let Some(table) = key.and_then(|key| key.table_name()) {
                    groups.entry(table).or_default().0.push(one);
                }
            }
            for one in new {
                if let Some(table) = self.after.objects.get(one).and_then(|one| one.key.table_name()) {
                    groups.entry(table).or_default().1.push(one);
                }
            }
            for (old, new) in groups.into_values().filter(|(old, new)| !old.is_empty() && !new.is_empty()) {
                self.guess(&old, &new, |before, after| rename::part(before, after, kind));
            }
            if kind == Kind::Column {
                self.note_columns();
            }
        }
    }

    /// Guesses which of these are one: the best of each other, and no other comes close.
    fn guess(
        &mut self,
        old: &[usize],
        new: &[usize],
        score: impl Fn(&rename::One<'_>, &rename::One<'_>) -> Option<rename::Score>,
    ) {
        // A catalog that shares nothing with the other is no case for guesses, and must not cost the product of both.
        if old.len().saturating_mul(new.len()) > 40_000 {
            return;
        }
        let alone = old.len() == 1 && new.len() == 1;
        let mut scores = Vec::new();
        for &one in old {
            for &other in new.iter().filter(|other| self.may_guess(one, **other)) {
                let (Some(left), Some(right)) = (self.before.objects.get(one), self.after.objects.get(other)) else {
                    continue;
                };
                let (left, right) = (
                    rename::One { object: left, side: self.before, expected: self.expected(&left.key) },
                    rename::One { object: right, side: self.after, expected: right.key.clone() },
                );
                if let Some(score) = score(&left, &right) {
                    scores.push((one, other, score));
                }
            }
        }
        for (old, new, evidence) in rename::unambiguous(scores, alone) {
            self.join(old, new, Some(evidence), false);
        }
    }

    fn note_columns(&mut self) {
        for pair in &self.out.pairs {
            let (Some(old), Some(new)) = (self.before.objects.get(pair.before), self.after.objects.get(pair.after))
            else {
                continue;
            };
            if old.key.kind == Kind::Column
                && old.key.name != new.key.name
                && let Some(table) = old.key.table_name()
            {
                self.out.renames.column(&table, &old.key.name, &new.key.name);
            }
        }
    }

    fn finish(mut self) -> Paired {
        self.out.gone = (0..self.later.len()).filter(|old| self.later.get(*old).copied().flatten().is_none()).collect();
        self.out.new = (0..self.taken.len()).filter(|new| !self.is_taken(*new)).collect();
        self.out
    }
}
