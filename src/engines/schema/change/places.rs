//! Which statements made a change.
use super::pair::Paired;
use super::side::Side;
use super::types::{Change, Difference, Evidence};
use crate::engines::schema::catalog::{Key, Object, Place};
use crate::engines::schema::{Statement, What};
use std::collections::BTreeMap;

/// Acts of one sort: by identity, and by key for what has none.
#[derive(Default)]
struct Acts<'a> {
    ids: BTreeMap<u64, Vec<(&'a Key, &'a Place)>>,
    keys: BTreeMap<&'a Key, Vec<&'a Place>>,
}

/// Statements that dropped or renamed something.
#[derive(Default)]
struct Log<'a> {
    dropped: Acts<'a>,
    renamed: Acts<'a>,
}

/// Fills in the places.
pub(super) fn fill(changes: &mut [Change], before: &Side<'_>, after: &Side<'_>, paired: &Paired, log: &[Statement]) {
    let log = Log::new(log);
    let partners: BTreeMap<usize, usize> = paired.pairs.iter().map(|pair| (pair.after, pair.before)).collect();
    for change in changes {
        let new = after.find(&change.key);
        let old = match change.difference {
            Difference::Dropped => before.find(&change.key),
            _ => new.and_then(|new| partners.get(&new).copied()),
        };
        let new = new.and_then(|new| after.objects.get(new));
        let old = old.and_then(|old| before.objects.get(old));
        change.places = match (&change.difference, old, new) {
            (Difference::Created, _, Some(new)) => new.places.clone(),
            (Difference::Dropped, Some(old), _) => {
                let places = log.dropped.of(old);
                if places.is_empty() { old.places.clone() } else { places }
            }
            (Difference::Replaced { .. }, Some(old), Some(new)) => {
                let mut places = log.dropped.of(old);
                let made: Vec<Place> = new.places.iter().filter(|place| !places.contains(place)).cloned().collect();
                places.extend(made);
                places
            }
            (Difference::Altered { .. }, Some(old), Some(new)) => between(old, new),
            _ => Vec::new(),
        };
        if let (Difference::Altered { renamed_from: Some((_, Evidence::Seen(seen))), .. }, Some(new)) =
            (&mut change.difference, new)
            && let Some(place) = log.renamed.of(new).pop()
        {
            *seen = place;
        }
    }
}

/// Statements that only one of the two knows.
fn between(old: &Object, new: &Object) -> Vec<Place> {
    let later: Vec<Place> = new.places.iter().filter(|place| !old.places.contains(place)).cloned().collect();
    if !later.is_empty() {
        return later;
    }
    old.places.iter().filter(|place| !new.places.contains(place)).cloned().collect()
}

impl<'a> Log<'a> {
    fn new(statements: &'a [Statement]) -> Log<'a> {
        let mut log = Log::default();
        for statement in statements {
            for act in &statement.acts {
                let acts = match &act.what {
                    What::Dropped => &mut log.dropped,
                    What::Renamed(_) => &mut log.renamed,
                    _ => continue,
                };
                match act.id.0 {
                    0 => acts.keys.entry(&act.key).or_default().push(&statement.place),
                    id => acts.ids.entry(id).or_default().push((&act.key, &statement.place)),
                }
            }
        }
        log
    }
}

impl Acts<'_> {
    /// Where it happened to an object, in order.
    fn of(&self, object: &Object) -> Vec<Place> {
        let known = self.ids.get(&object.id.0).map_or(&[][..], Vec::as_slice);
        let mine: Vec<Place> =
            known.iter().filter(|(key, _)| key.kind == object.key.kind).map(|(_, place)| (*place).clone()).collect();
        if !mine.is_empty() {
            return mine;
        }
        self.keys.get(&object.key).map_or_else(Vec::new, |places| places.iter().copied().cloned().collect())
    }
}
