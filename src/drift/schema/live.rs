//! What a live database was seen to have, beside what its migrations should have made of it.
use super::drafts::{Maker, Purpose, evidence};
use super::readers::Readers;
use super::record::{AppliedRow, RECORD, Record};
use super::replays::{Schema, doubts, replayed, unmodelled};
use super::rules::{DB080, DB081, DB082, DB083, DB084};
use super::{changed, note};
use crate::drift::{Comparison, Draft, Outcome};
use crate::engines::schema::catalog::{Catalog, Place as Spot};
use crate::engines::schema::chain::{self, Applied, AppliedState};
use crate::engines::schema::change::Certainty;
use crate::engines::schema::{self, Replay, Step};
use crate::model::codes::PL0327;
use crate::model::config::{Database, SchemaSpec};
use crate::model::{Diagnostic, Mode, State};
use std::collections::BTreeSet;

/// A record is a whole catalog: at most so many bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Adds what the recorded database of the right side has and should not have, and the other way round.
pub(super) fn compare(c: &Comparison<'_>, spec: &SchemaSpec, schema: &Schema, outcome: &mut Outcome) {
    if c.pair.mode == Mode::Refs {
        return;
    }
    let name = &c.module.metadata.name;
    let databases = c.to.environment.map(|environment| environment.spec.databases.as_slice()).unwrap_or_default();
    let Some(file) =
        databases.iter().filter(|one| &one.module == name).find_map(|one: &Database| one.recorded.as_deref())
    else {
        return;
    };
    match read(c, file) {
        Ok(record) => observed(c, spec, schema, &record, outcome),
        Err(why) => note(outcome, why),
    }
}

fn read(c: &Comparison<'_>, file: &str) -> Result<Record, Diagnostic> {
    let bad = |why: String| {
        Diagnostic::error(&PL0327, format!("{file} {why}"))
            .hint(format!("pilab db record {} --env {}", c.module.metadata.name, c.to.name))
    };
    let bytes = c.config.read(file, LARGEST).map_err(|error| bad(format!("was not read: {error}")))?;
    let bytes = bytes.ok_or_else(|| bad("is not there".to_owned()))?;
    let record: Record =
        serde_json::from_slice(&bytes).map_err(|error| bad(format!("is no record of a database: {error}")))?;
    if record.schema != RECORD {
        return Err(bad(format!("has the form '{}', and this pilab reads {RECORD}", record.schema)));
    }
    Ok(record)
}

/// Compares a database that was seen with what the version of the right side should have made.
fn observed(c: &Comparison<'_>, spec: &SchemaSpec, schema: &Schema, record: &Record, outcome: &mut Outcome) {
    let (expected, state) = match expected(schema, record) {
        Ok(expected) => expected,
        Err(why) => return note(outcome, why),
    };
    if let Some(state) = &state {
        outcome.drafts.extend(books(c, schema, state, &record.at));
    }
    let live = Replay {
        catalog: narrowed(&record.catalog, &expected.catalog, &schema.source.options.ignore),
        log: Vec::new(),
    };
    outcome.compared += expected.catalog.objects().len();
    let readers = Readers::new(&[], BTreeSet::new());
    let maker = Maker { c, purpose: Purpose::Live, by: (&c.to, schema), other: (&c.to, schema), readers: &readers };
    let changes = changed(&expected, &live, spec);
    outcome.equal += expected.catalog.objects().len().saturating_sub(changes.len());
    let back = changed(&live, &expected, spec);
    let undo = schema::alter(&live.catalog, &expected.catalog, &back);
    for change in &changes {
        if change.certainty == Certainty::Partial {
            continue;
        }
        let mut draft = maker.draft(change);
        draft.rule = DB080;
        draft.details.retain(|line| !line.starts_with("safer: "));
        let undo = undo.iter().filter(|(key, _)| key.as_ref() == Some(&change.key));
        draft.details.extend(undo.map(|(_, sql)| format!("undo: {sql}")));
        draft.details.push(format!("read at {}", record.at));
        outcome.drafts.push(draft);
    }
    if changes.iter().any(|change| change.certainty == Certainty::Partial) {
        for why in doubts(schema, |_| true) {
            note(outcome, why);
        }
    }
    for why in unmodelled(&record.catalog, |_| true) {
        note(outcome, why);
    }
}

/// What the migrations that ran should have made, and what the books say about the others.
pub(super) fn expected(schema: &Schema, record: &Record) -> Result<(Replay, Option<AppliedState>), Diagnostic> {
    let Some(rows) = &record.history else { return Ok((schema.replay.clone(), None)) };
    let rows: Vec<Applied> = rows.iter().map(row).collect();
    let state = chain::applied(&schema.source.chain, &rows);
    if state.pending.is_empty() {
        return Ok((schema.replay.clone(), Some(state)));
    }
    let steps: Vec<&Step> = schema
        .source
        .chain
        .steps
        .iter()
        .enumerate()
        .filter(|(index, _)| !state.pending.contains(index))
        .map(|(_, step)| step)
        .collect();
    Ok((replayed(&schema.source, &steps)?, Some(state)))
}

fn row(row: &AppliedRow) -> Applied {
    Applied { version: row.version.clone(), checksum: row.checksum.clone(), success: row.success, at: row.at.clone() }
}

/// The live catalog without what has nothing to do with the module: other schemas, and tables that are left out.
pub(super) fn narrowed(live: &Catalog, expected: &Catalog, ignore: &[String]) -> Catalog {
    let mut live = live.clone();
    live.server = expected.server;
    let known = |schema: &str| schema.is_empty() || expected.schemas.contains_key(schema);
    live.schemas.retain(|name, _| known(name));
    live.types.retain(|name, _| known(&name.schema));
    live.tables.retain(|name, _| known(&name.schema) && !ignore.contains(&name.name));
    live.views.retain(|name, _| known(&name.schema));
    live.sequences.retain(|name, sequence| {
        known(&name.schema) && !sequence.owned_by.as_ref().is_some_and(|(table, _)| ignore.contains(&table.name))
    });
    live.routines.retain(|(name, _), _| known(&name.schema));
    live.others.retain(|key, _| known(&key.schema));
    live.grants.retain(|key, _| known(&key.schema));
    live
}

/// Findings about the books of the migration tool.
fn books(c: &Comparison<'_>, schema: &Schema, state: &AppliedState, at: &str) -> Vec<Draft> {
    let to = c.to.name;
    let steps = &schema.source.chain.steps;
    let mut drafts = Vec::new();
    let mut about = |rule, word: &str, version: &str, title: String, step: Option<&Step>| {
        let mut draft = Draft::new(rule, format!("live/{word}/{version}"), State::Drift, title);
        draft.details.push(format!("read at {at}"));
        draft
            .evidence
            .extend(step.and_then(|step| evidence(&c.to, schema, &Spot { file: step.path.clone(), line: 1 })));
        drafts.push(draft);
    };
    for step in state.pending.iter().filter_map(|index| steps.get(*index)) {
        about(
            DB081,
            "not-run",
            &step.version,
            format!("migration {} of the deployed version has not run in {to}", step.path),
            Some(step),
        );
    }
    for version in &state.missing {
        about(
            DB082,
            "unknown",
            version,
            format!("{to} has run migration {version}, which the deployed version does not have"),
            None,
        );
    }
    for step in state.edited.iter().filter_map(|index| steps.get(*index)) {
        about(
            DB083,
            "edited",
            &step.version,
            format!("migration {} ran in {to} with another text", step.path),
            Some(step),
        );
    }
    for version in &state.failed {
        about(DB084, "failed", version, format!("migration {version} failed in {to}"), None);
    }
    drafts
}
