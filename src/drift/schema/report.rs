//! Schemas and their differences as reports: what `pilab db` prints and release notes take.
use super::drafts::evidence as line;
use super::migrations::{self, Coming};
use super::replays::{Schema, doubts};
use super::{hazards, live, record::Record, words};
use crate::drift::Comparison;
use crate::engines::schema::catalog::{Catalog, Place as Spot};
use crate::engines::schema::chain;
use crate::engines::schema::change::{Certainty, Change, Difference, MigrationKind, Reversible};
use crate::engines::schema::{self, Replay};
use crate::model::config::SchemaSpec;
use crate::model::{
    AttributeChange, Diagnostic, Migration, MigrationStatement, Place, SchemaChange, SchemaDiff, SchemaEffect,
    SchemaObject, Score,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// The objects of a catalog.
pub fn objects(catalog: &Catalog) -> Vec<SchemaObject> {
    let one = |object: schema::catalog::Object| SchemaObject {
        kind: object.key.kind.word().to_owned(),
        name: object.key.to_string(),
        attributes: object.attributes,
        places: object.places.iter().map(|place| format!("{}:{}", place.file, place.line)).collect(),
    };
    catalog.objects().into_iter().map(one).collect()
}

/// What could not be replayed of a schema.
pub fn doubts_of(schema: &Schema) -> Vec<Diagnostic> {
    doubts(schema, |_| true)
}

/// What differs between two versions of a module: `from` is what is there, `to` what it becomes. Doubts of both stand behind it.
///
/// # Errors
/// Why one of them cannot be replayed.
pub fn difference(c: &Comparison<'_>) -> Result<Option<(SchemaDiff, Vec<Diagnostic>)>, Vec<Diagnostic>> {
    let Some(spec) = &c.module.spec.schema else { return Ok(None) };
    let (a, b) = (c.schemas.of(c, &c.from, spec), c.schemas.of(c, &c.to, spec));
    let (a, b) = match (&*a, &*b) {
        (Ok(a), Ok(b)) => (a, b),
        (a, b) => return Err([a, b].into_iter().filter_map(|side| side.as_ref().err()).flatten().cloned().collect()),
    };
    let changes = super::changed(&a.replay, &b.replay, spec);
    let history = chain::compare(&a.source.chain, &b.source.chain);
    let new = history.added.iter().filter_map(|at| b.source.chain.steps.get(*at));
    let new: BTreeSet<String> = new.map(|step| step.path.to_string()).collect();
    let gone = history.removed.iter().filter_map(|at| a.source.chain.steps.get(*at)).map(|step| step.path.to_string());
    let module = &c.module.metadata.name;
    let all = migrations::of(b, &a.replay.catalog, &new);
    let diff = SchemaDiff {
        module: module.clone(),
        dialect: b.source.server.dialect.word(),
        from: c.from.version.unwrap_or_default().to_owned(),
        to: c.to.version.unwrap_or_default().to_owned(),
        compared: compared(&a.replay.catalog, &b.replay.catalog),
        changes: changes.iter().map(|change| reported(c, module, b, change)).collect(),
        migrations: all.iter().map(|one| migration(module, one)).collect(),
        gone: gone.collect(),
        sql: script(&a.replay.catalog, &b.replay.catalog, &changes),
    };
    let old = super::unchanged(a, b);
    let mut doubtful = doubts(a, |file| !old.contains(file));
    for why in doubts(b, |file| !old.contains(file)) {
        if !doubtful.contains(&why) {
            doubtful.push(why);
        }
    }
    Ok(Some((diff, doubtful)))
}

/// What a live database has instead of what the version of the right side should have made: `from` is what it should be, `to` what it is. The DDL
/// takes it back.
///
/// # Errors
/// Why the version cannot be replayed.
pub fn against(
    c: &Comparison<'_>,
    spec: &SchemaSpec,
    record: &Record,
) -> Result<(SchemaDiff, Vec<Diagnostic>), Vec<Diagnostic>> {
    let made = c.schemas.of(c, &c.to, spec);
    let schema = made.as_ref().as_ref().map_err(Clone::clone)?;
    let (expected, state) = live::expected(schema, record).map_err(|why| vec![why])?;
    let seen = Replay {
        catalog: live::narrowed(&record.catalog, &expected.catalog, &schema.source.options.ignore),
        log: Vec::new(),
    };
    let changes = super::changed(&expected, &seen, spec);
    let back = super::changed(&seen, &expected, spec);
    let module = &c.module.metadata.name;
    let pending: BTreeSet<String> = state
        .iter()
        .flat_map(|state| &state.pending)
        .filter_map(|at| schema.source.chain.steps.get(*at))
        .map(|step| step.path.to_string())
        .collect();
    let all = migrations::of(schema, &expected.catalog, &pending);
    let diff = SchemaDiff {
        module: module.clone(),
        dialect: schema.source.server.dialect.word(),
        from: c.to.version.unwrap_or_default().to_owned(),
        to: "live".to_owned(),
        compared: compared(&expected.catalog, &seen.catalog),
        changes: changes.iter().map(|change| reported(c, module, schema, change)).collect(),
        migrations: all.iter().map(|one| migration(module, one)).collect(),
        gone: state.map(|state| state.missing).unwrap_or_default(),
        sql: script(&seen.catalog, &expected.catalog, &back),
    };
    Ok((diff, doubts_of(schema)))
}

fn script(before: &Catalog, after: &Catalog, changes: &[Change]) -> Vec<String> {
    schema::alter(before, after, changes).into_iter().map(|(_, sql)| sql).collect()
}

fn compared(a: &Catalog, b: &Catalog) -> usize {
    let keys = |catalog: &Catalog| catalog.objects().into_iter().map(|object| object.key).collect::<BTreeSet<_>>();
    keys(a).union(&keys(b)).count()
}

/// The word of a value in JSON.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn reported(c: &Comparison<'_>, module: &str, schema: &Schema, change: &Change) -> SchemaChange {
    let (renamed_from, rename_evidence, attributes) = match &change.difference {
        Difference::Altered { renamed_from, attributes } => {
            let from = renamed_from.as_ref();
            (
                from.map(|(key, _)| key.to_string()),
                from.map(|(_, evidence)| words::evidence(evidence)),
                attributes.as_slice(),
            )
        }
        Difference::Replaced { attributes } => (None, None, attributes.as_slice()),
        Difference::Created | Difference::Dropped => (None, None, [].as_slice()),
    };
    let rule = change.effects.first().map_or(super::rules::DB056, |effect| hazards::rule(effect.hazard));
    let attribute = |(name, was, is): &(String, Option<String>, Option<String>)| AttributeChange {
        name: name.clone(),
        was: was.clone(),
        is: is.clone(),
    };
    let effects = change.effects.iter().map(|effect| SchemaEffect {
        hazard: word(effect.hazard),
        loss: word(effect.loss),
        lock: word(effect.lock),
        work: word(effect.work),
        reach: word(effect.reach),
        because: effect.because.clone(),
        advice: effect.advice.clone(),
    });
    SchemaChange {
        module: module.to_owned(),
        what: words::what(change),
        kind: change.key.kind.word().to_owned(),
        name: change.key.to_string(),
        renamed_from,
        rename_evidence,
        attributes: attributes.iter().map(attribute).collect(),
        places: change.places.iter().map(|place| shown(c, schema, place)).collect(),
        certainty: match change.certainty {
            Certainty::Exact => "exact",
            Certainty::Guess => "guess",
            Certainty::Partial => "partial",
        },
        rule: rule.id,
        severity: Score::new(rule.base).severity(),
        effects: effects.collect(),
    }
}

/// The line behind a place, as far as it can be read.
fn shown(c: &Comparison<'_>, schema: &Schema, place: &Spot) -> Place {
    let known = line(&c.to, schema, place).or_else(|| line(&c.from, schema, place)).map(|evidence| evidence.place);
    let number = usize::try_from(place.line).unwrap_or_default();
    known.unwrap_or_else(|| Place {
        file: place.file.to_string(),
        line: number,
        column: 1,
        width: 1,
        text: String::new(),
    })
}

fn migration(module: &str, one: &Coming<'_>) -> Migration {
    let statement = |one: &crate::engines::schema::change::Described| MigrationStatement {
        line: one.place.line,
        what: word(one.class),
        does: one.does.clone(),
    };
    Migration {
        module: module.to_owned(),
        file: one.step.path.to_string(),
        version: one.step.version.clone(),
        kind: match one.does.kind {
            MigrationKind::Structure => "structure",
            MigrationKind::Data => "data",
            MigrationKind::Mixed => "mixed",
            MigrationKind::Empty => "nothing",
        },
        statements: one.does.statements.iter().map(statement).collect(),
        transaction: one.does.transaction,
        reversible: match one.reversible() {
            Reversible::Yes => "yes",
            Reversible::DataLost => "data-lost",
            Reversible::NoDown => "no",
        },
        lock: word(one.does.lock),
        work: word(one.does.work),
        remarks: one.does.notes.clone(),
    }
}
