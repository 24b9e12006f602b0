//! Schemas and their differences as reports: what `pilab db` prints and release notes take.
use super::drafts::{drops, evidence as line};
use super::migrations::{self, Coming};
use super::replays::{Schema, doubts, unmodelled};
use super::rules::DB080;
use super::{hazards, live, record::Record, words};
use crate::drift::Comparison;
use crate::engines::schema::catalog::{Catalog, Dialect, Key, Kind, Name, Object, Place as Spot};
use crate::engines::schema::chain::{self, AppliedState};
use crate::engines::schema::change::{Certainty, Change, Difference, MigrationKind, Reversible};
use crate::engines::schema::{self, Replay};
use crate::model::config::SchemaSpec;
use crate::model::{
    AttributeChange, Diagnostic, Migration, MigrationStatement, Place, SchemaChange, SchemaDiff, SchemaEffect,
    SchemaObject, Score,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The objects of a catalog: what belongs to a table or view stands behind it, columns in their order.
pub fn objects(catalog: &Catalog) -> Vec<SchemaObject> {
    let one = |object: Object| SchemaObject {
        kind: object.key.kind.word().to_owned(),
        name: object.key.to_string(),
        attributes: object.attributes,
        places: object.places.iter().map(|place| format!("{}:{}", place.file, place.line)).collect(),
    };
    let number = |key: &Key| {
        let name = key.table_name().unwrap_or_default();
        match key.kind {
            Kind::Column => {
                catalog.tables.get(&name).and_then(|table| table.columns.iter().position(|one| one.name == key.name))
            }
            Kind::ViewColumn => {
                catalog.views.get(&name).and_then(|view| view.columns.iter().position(|(one, _)| *one == key.name))
            }
            _ => None,
        }
    };
    // The kind of what they belong to, then its name; within it the kind of the part, and its place.
    let rank = |object: &Object| {
        let key = &object.key;
        let top = match (key.table_name(), key.table.is_empty()) {
            (Some(name), false) if catalog.tables.contains_key(&name) => Kind::Table,
            (Some(name), false) if catalog.views.get(&name).is_some_and(|view| view.materialized) => {
                Kind::MaterializedView
            }
            (Some(_), false) => Kind::View,
            _ => key.kind,
        };
        let name = key.table_name().unwrap_or_else(|| Name::new(&*key.schema, &*key.name));
        (top, name, !key.table.is_empty(), key.kind, number(key))
    };
    let mut all = catalog.objects();
    all.sort_by_cached_key(rank);
    all.into_iter().map(one).collect()
}

/// What could not be replayed of a schema.
pub fn doubts_of(schema: &Schema) -> Vec<Diagnostic> {
    doubts(schema, |_| true)
}

/// What could not be read of a dump.
pub fn unread(record: &Record) -> Vec<Diagnostic> {
    unmodelled(&record.catalog, |_| true)
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
    // What stands for steps that ran does not run after them.
    let new = history.added.iter().filter(|at| Some(**at) != history.squashed);
    let new = new.filter_map(|at| b.source.chain.steps.get(*at));
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
        changes: reports(c, module, b, (&a.replay.catalog, &b.replay.catalog), &changes),
        migrations: all.iter().map(|one| migration(module, b, one)).collect(),
        gone: gone.collect(),
        books: Vec::new(),
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
    // What was not read is not missing.
    let unsure =
        |change: &Change, gone: &Difference| change.certainty == Certainty::Partial && change.difference == *gone;
    let mut changes = super::changed(&expected, &seen, spec);
    changes.retain(|change| !unsure(change, &Difference::Dropped));
    let mut back = super::changed(&seen, &expected, spec);
    back.retain(|change| !unsure(change, &Difference::Created));
    let module = &c.module.metadata.name;
    let pending: BTreeSet<String> = state
        .iter()
        .flat_map(|state| &state.pending)
        .filter_map(|at| schema.source.chain.steps.get(*at))
        .map(|step| step.path.to_string())
        .collect();
    let all = migrations::of(schema, &expected.catalog, &pending);
    let version = c.to.version.unwrap_or_default();
    let mut reported = reports(c, module, schema, (&expected.catalog, &seen.catalog), &changes);
    for change in &mut reported {
        // It has happened: what it costs to make it does not matter any more.
        (change.rule, change.severity) = (DB080.id, Score::new(DB080.base).severity());
        change.effects.clear();
    }
    let diff = SchemaDiff {
        module: module.clone(),
        dialect: schema.source.server.dialect.word(),
        from: version.to_owned(),
        to: "live".to_owned(),
        compared: compared(&expected.catalog, &seen.catalog),
        changes: reported,
        migrations: all.iter().map(|one| migration(module, schema, one)).collect(),
        gone: Vec::new(),
        books: state.map(|state| books(schema, &state, version)).unwrap_or_default(),
        sql: script(&seen.catalog, &expected.catalog, &back),
    };
    let mut doubts = doubts_of(schema);
    doubts.extend(unread(record));
    Ok((diff, doubts))
}

/// What the books of the tool say that does not fit the version, one line each.
fn books(schema: &Schema, state: &AppliedState, version: &str) -> Vec<String> {
    let steps = &schema.source.chain.steps;
    let edited = state.edited.iter().filter_map(|at| steps.get(*at));
    let failed = state.failed.iter().map(|one| format!("migration {one} failed"));
    let edited = edited.map(|step| format!("{} ran with another text", step.path));
    let missing = state.missing.iter().map(|one| format!("migration {one} has run, which {version} does not have"));
    failed.chain(edited).chain(missing).collect()
}

/// Changes with the attributes of what comes and goes.
fn reports(
    c: &Comparison<'_>,
    module: &str,
    schema: &Schema,
    (before, after): (&Catalog, &Catalog),
    changes: &[Change],
) -> Vec<SchemaChange> {
    let known = |catalog: &Catalog| {
        catalog.objects().into_iter().map(|one| (one.key, one.attributes)).collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (known(before), known(after));
    let of = |side: &BTreeMap<Key, BTreeMap<String, String>>, change: &Change| {
        side.get(&change.key).cloned().unwrap_or_default()
    };
    let one = |change: &Change| {
        let mut one = reported(c, module, schema, change);
        one.attributes.extend(match &change.difference {
            Difference::Created => of(&new, change)
                .into_iter()
                .map(|(name, is)| AttributeChange { name, was: None, is: Some(is) })
                .collect::<Vec<_>>(),
            Difference::Dropped => of(&old, change)
                .into_iter()
                .map(|(name, was)| AttributeChange { name, was: Some(was), is: None })
                .collect(),
            _ => Vec::new(),
        });
        one
    };
    changes.iter().map(one).collect()
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
        places: change.places.iter().map(|place| shown(c, schema, change, place)).collect(),
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
fn shown(c: &Comparison<'_>, schema: &Schema, change: &Change, place: &Spot) -> Place {
    // What goes without a statement that takes it away is shown where it was made.
    let gone = change.difference == Difference::Dropped && !drops(schema, place);
    let (first, second) = if gone { (&c.from, &c.to) } else { (&c.to, &c.from) };
    let known = line(first, schema, place).or_else(|| line(second, schema, place)).map(|evidence| evidence.place);
    let number = usize::try_from(place.line).unwrap_or_default();
    known.unwrap_or_else(|| Place {
        file: place.file.to_string(),
        line: number,
        column: 1,
        width: 1,
        text: String::new(),
    })
}

fn migration(module: &str, schema: &Schema, one: &Coming<'_>) -> Migration {
    // MySQL and MariaDB end the transaction with every statement that changes the structure.
    let commits = matches!(schema.source.server.dialect, Dialect::MySql | Dialect::MariaDb)
        && matches!(one.does.kind, MigrationKind::Structure | MigrationKind::Mixed);
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
        transaction: one.does.transaction && !commits,
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
