//! What `weigh` says of locks and work must be what the real servers did (`tests/sql/locks`, made by `tests/oracle/schema/locks.py`).
mod hazards;
mod mariadb;
mod postgres;
mod world;

use super::*;
use crate::engines::schema::catalog::*;
use crate::engines::schema::change::{CompareOptions, compare};
use crate::engines::schema::{Act, Class};
use world::*;

/// Compares, weighs, and gives the effects of all changes. The flags are those of the statement that made them.
fn weighed(before: &Catalog, after: &Catalog, flags: Flags) -> Vec<(Change, Vec<Effect>)> {
    let mut changes = compare(before, after, &CompareOptions { grants: true, ..CompareOptions::default() });
    let place = Place { file: "2.sql".into(), line: 1 };
    let act = |change: &Change| Act { key: change.key.clone(), id: Id(0), what: crate::engines::schema::What::Created };
    let log = [Statement {
        place: place.clone(),
        step: 0,
        class: Class::Structure,
        verb: "ALTER TABLE".to_owned(),
        text: String::new(),
        flags,
        acts: changes.iter().map(act).collect(),
        tables: Vec::new(),
    }];
    changes.iter_mut().for_each(|change| change.places = vec![place.clone()]);
    weigh(&mut changes, before, after, &log);
    changes.into_iter().map(|change| (change.clone(), change.effects)).collect()
}

/// The effect that waits longest.
fn heaviest(before: &Catalog, after: &Catalog, flags: Flags) -> Effect {
    let all = weighed(before, after, flags);
    all.into_iter().flat_map(|(_, effects)| effects).max_by_key(|effect| (effect.lock, effect.work)).unwrap()
}
