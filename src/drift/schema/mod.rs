//! Drift of database schemas: migrations of two versions replayed and compared, and what a live database has instead.
mod declared;
mod drafts;
mod hazards;
mod live;
mod migrations;
mod readers;
mod record;
mod replays;
mod report;
mod rules;
mod source;
mod steps;
#[cfg(test)]
mod tests;
mod words;

pub use readers::Reader;
pub use record::{AppliedRow, RECORD, Record};
pub use replays::{Schema, Schemas};
pub use report::{against, difference, doubts_of, objects, unread};
pub use source::{Source, open};

use crate::drift::{Comparison, Detector, Outcome, Side};
use crate::engines::schema::chain::{self, Layout};
use crate::engines::schema::change::{self, CompareOptions};
use crate::engines::schema::{Replay, Step};
use crate::model::codes::PL0323;
use crate::model::config::SchemaSpec;
use crate::model::{Diagnostic, Kind, Mode, Rule};
use drafts::{Maker, Purpose};
use readers::Readers;
use replays::{doubts, replayed};
use std::collections::BTreeSet;

/// The detector of `DB` rules.
pub struct Schemata;

impl Detector for Schemata {
    fn kind(&self) -> Kind {
        Kind::Schema
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn compare(&self, c: &Comparison<'_>) -> Outcome {
        if let Some(because) = c.absent() {
            return Outcome::not_applicable(because);
        }
        let Some(spec) = &c.module.spec.schema else {
            return Outcome::not_applicable("no database schema is declared");
        };
        let mut outcome = Outcome::default();
        if c.to.version.is_none() {
            return Outcome::not_applicable(format!("it is not in {}", c.to.name));
        }
        let (a, b) = (c.schemas.of(c, &c.from, spec), c.schemas.of(c, &c.to, spec));
        match (&*a, &*b) {
            (Ok(a), Ok(b)) => match a.source.server == b.source.server {
                true => versions(c, spec, (a, b), &mut outcome),
                false => outcome.unchecked.push(other_server(a, b)),
            },
            (a, b) => {
                for why in [a, b].into_iter().filter_map(|side| side.as_ref().err()).flatten() {
                    note(&mut outcome, why.clone());
                }
            }
        }
        if let Ok(b) = &*b {
            live::compare(c, spec, b, &mut outcome);
        }
        outcome
    }
}

/// The schema of the module of the comparison at the version of `side`.
///
/// # Errors
/// Why it declares none, or it cannot be found or replayed.
pub fn made(c: &Comparison<'_>, side: &Side<'_>) -> Result<Schema, Vec<Diagnostic>> {
    let spec = c.module.spec.schema.clone().unwrap_or_default();
    c.schemas.of(c, side, &spec).as_ref().clone()
}

/// Adds what was not checked, once.
fn note(outcome: &mut Outcome, why: Diagnostic) {
    if !outcome.unchecked.contains(&why) {
        outcome.unchecked.push(why);
    }
}

fn other_server(a: &Schema, b: &Schema) -> Diagnostic {
    let word = |schema: &Schema| schema.source.server.dialect.word();
    let message = format!("the versions are written for other servers: {} and {}", word(a), word(b));
    Diagnostic::error(&PL0323, message).hint("set schema.dialect of the module")
}

/// What is compared, as the module wants it.
fn wanted(spec: &SchemaSpec) -> CompareOptions {
    CompareOptions { grants: spec.grants, column_order: spec.column_order, ..CompareOptions::default() }
}

/// The schemas of two versions.
fn versions(c: &Comparison<'_>, spec: &SchemaSpec, (a, b): (&Schema, &Schema), outcome: &mut Outcome) {
    let files: BTreeSet<String> =
        [a, b].iter().flat_map(|schema| &schema.source.chain.steps).map(|step| step.path.to_string()).collect();
    let readers = Readers::new(c.readers, files);
    outcome.compared += b.replay.catalog.objects().len();
    let first = outcome.drafts.len();
    match c.pair.mode {
        Mode::Promote => promotion(c, spec, (a, b), &readers, outcome),
        Mode::Mirror | Mode::Refs => {
            let purpose = if c.pair.mode == Mode::Refs { Purpose::Change } else { Purpose::Drift };
            let maker = Maker { c, purpose, by: (&c.to, b), other: (&c.from, a), readers: &readers };
            let changes = changed(&a.replay, &b.replay, spec);
            outcome.drafts.extend(changes.iter().map(|change| maker.draft(change)));
            let history = chain::compare(&a.source.chain, &b.source.chain);
            steps::changed(c, (a, b), &history, purpose, outcome);
            let old: BTreeSet<&str> = unchanged(a, b);
            for why in doubts(a, |file| !old.contains(file)).into_iter().chain(doubts(b, |file| !old.contains(file))) {
                note(outcome, why);
            }
        }
    }
    // The newer side is the one that people work on.
    let newer = if c.pair.mode == Mode::Promote { (&c.from, a) } else { (&c.to, b) };
    declared::compare(c, spec, newer, outcome);
    let differ = outcome.drafts.len() - first;
    outcome.equal += outcome.compared.saturating_sub(differ);
}

/// Files that both sides have with one text: what could not be replayed in them is the same on both.
fn unchanged<'a>(a: &'a Schema, b: &Schema) -> BTreeSet<&'a str> {
    let same = |step: &&Step| b.source.chain.steps.iter().any(|other| other.path == step.path && other.up == step.up);
    a.source.chain.steps.iter().filter(same).map(|step| &*step.path).collect()
}

/// What a promotion brings is pending; what would differ after it is drift.
fn promotion(
    c: &Comparison<'_>,
    spec: &SchemaSpec,
    (a, b): (&Schema, &Schema),
    readers: &Readers<'_>,
    outcome: &mut Outcome,
) {
    let history = chain::compare(&b.source.chain, &a.source.chain);
    let promoted = match promoted(a, b, &history) {
        Ok(promoted) => promoted,
        Err(why) => return note(outcome, why),
    };
    let pending = Maker { c, purpose: Purpose::Pending, by: (&c.from, a), other: (&c.to, b), readers };
    outcome.drafts.extend(changed(&b.replay, &promoted, spec).iter().map(|change| pending.draft(change)));
    // A migration that only the target has is told once, with all that it does; what is left besides is drift of its own.
    let told = steps::changed(c, (b, a), &history, Purpose::Pending, outcome);
    let drift = Maker { c, purpose: Purpose::Drift, by: (&c.to, b), other: (&c.from, a), readers };
    let left = changed(&a.replay, &promoted, spec);
    let left = left
        .iter()
        .filter(|change| change.places.is_empty() || !change.places.iter().all(|place| told.contains(&*place.file)));
    outcome.drafts.extend(left.map(|change| drift.draft(change)));
    let old = unchanged(a, b);
    for why in doubts(a, |file| !old.contains(file)).into_iter().chain(doubts(b, |file| !old.contains(file))) {
        note(outcome, why);
    }
}

/// The schema that the target has once the tool has run what is new. Where the schema is one file, that is the file: how it reaches a database that
/// exists is told by a rule of its own.
fn promoted(a: &Schema, b: &Schema, history: &chain::History) -> Result<Replay, Diagnostic> {
    let declared = a.source.chain.layout == Layout::Schema || a.source.chain.layout == Layout::Rails;
    if history.prefix || declared {
        return Ok(a.replay.clone());
    }
    let mut steps: Vec<&Step> = b.source.chain.steps.iter().collect();
    // What stands for steps that ran does not run after them.
    let new = history.added.iter().filter(|index| Some(**index) != history.squashed);
    steps.extend(new.filter_map(|index| a.source.chain.steps.get(*index)));
    replayed(&b.source, &steps)
}

/// What differs, weighed.
fn changed(before: &Replay, after: &Replay, spec: &SchemaSpec) -> Vec<change::Change> {
    let mut changes = change::compare_with_logs(&before.catalog, &after.catalog, &wanted(spec), &after.log);
    change::weigh(&mut changes, &before.catalog, &after.catalog, &after.log);
    changes
}
