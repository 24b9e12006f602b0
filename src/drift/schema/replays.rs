//! Schemas replayed for one answer, each version once.
use super::source::{self, Source};
use crate::drift::{Comparison, Side};
use crate::engines::schema::catalog::{Catalog, Touches, Unmodelled};
use crate::engines::schema::{self, Replay, Step};
use crate::model::codes::{PL0322, PL0324};
use crate::model::config::SchemaSpec;
use crate::model::{Diagnostic, Place};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A schema at a version.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Where it comes from.
    pub source: Source,
    /// What the migrations make.
    pub replay: Replay,
}

/// What was made of a version, or why nothing.
pub(super) type Made = Arc<Result<Schema, Vec<Diagnostic>>>;
/// Module and tree.
type Key = (String, String);

/// Schemas of one answer, each replayed once.
#[derive(Default)]
pub struct Schemas {
    made: Mutex<BTreeMap<Key, Arc<OnceLock<Made>>>>,
}

impl Schemas {
    /// The schema of the module of the comparison at the version of `side`.
    pub(super) fn of(&self, c: &Comparison<'_>, side: &Side<'_>, spec: &SchemaSpec) -> Made {
        let make =
            || Arc::new(source::find(c, side, spec).and_then(|source| Schema::of(source).map_err(|why| vec![why])));
        let Some(identity) = side.tree.ok().and_then(|tree| tree.identity()) else { return make() };
        let key = (c.module.metadata.name.clone(), identity);
        let cell = Arc::clone(self.made.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        Arc::clone(cell.get_or_init(make))
    }
}

impl Schema {
    /// Replays all steps of a source.
    ///
    /// # Errors
    /// PL0324 when this build cannot replay the dialect.
    pub fn of(source: Source) -> Result<Schema, Diagnostic> {
        let steps: Vec<&Step> = source.chain.steps.iter().collect();
        let replay = replayed(&source, &steps)?;
        Ok(Schema { source, replay })
    }
}

/// Replays some steps with what the source says of server and options.
///
/// # Errors
/// PL0324 when this build cannot replay the dialect.
pub(super) fn replayed(source: &Source, steps: &[&Step]) -> Result<Replay, Diagnostic> {
    let mut replayer =
        schema::replayer(source.server, &source.options).map_err(|why| Diagnostic::error(&PL0324, why))?;
    for step in steps {
        replayer.apply(step);
    }
    Ok(replayer.replay())
}

/// What could not be replayed in files for which `wanted` holds, and may matter.
pub(super) fn doubts(schema: &Schema, wanted: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let hinted = |why: Diagnostic| match why.place.clone() {
        Some(place) => why.hint(format!("say what it does: schema.assume with at: \"{}:{}\"", place.file, place.line)),
        None => why,
    };
    let mut doubts: Vec<Diagnostic> = unmodelled(&schema.replay.catalog, &wanted).into_iter().map(hinted).collect();
    let problems = schema.source.chain.problems.iter().filter(|problem| wanted(&problem.place.file));
    doubts.extend(problems.filter_map(source::doubt));
    doubts
}

/// Statements of a catalog that were not replayed, and may matter.
pub(super) fn unmodelled(catalog: &Catalog, wanted: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let matters = |one: &&Unmodelled| one.touches != Touches::Nothing && wanted(&one.place.file);
    let told = |one: &Unmodelled| {
        let line = usize::try_from(one.place.line).unwrap_or_default();
        let place = Place { file: one.place.file.to_string(), line, column: 1, width: 1, text: String::new() };
        let message = match one.verb.is_empty() {
            true => format!("a statement was not replayed: {}", one.reason),
            false => format!("{} was not replayed: {}", one.verb, one.reason),
        };
        Diagnostic::error(&PL0322, message).at(place)
    };
    catalog.unmodelled.iter().filter(matters).map(told).collect()
}
