//! Migrations of a chain with what they do.
use super::replays::Schema;
use crate::engines::schema::catalog::Catalog;
use crate::engines::schema::change::{self, Migration, Reversible};
use crate::engines::schema::{Statement, Step};
use std::collections::BTreeSet;

/// A migration that is to run, beside its step.
pub(super) struct Coming<'a> {
    pub(super) step: &'a Step,
    pub(super) does: Migration,
}

impl Coming<'_> {
    /// Whether it can be undone.
    pub(super) fn reversible(&self) -> Reversible {
        self.does.reversible(!self.step.down.is_empty())
    }
}

/// The migrations of a schema in these files; `before` is what they find.
pub(super) fn of<'a>(schema: &'a Schema, before: &Catalog, files: &BTreeSet<String>) -> Vec<Coming<'a>> {
    let log: Vec<Statement> =
        schema.replay.log.iter().filter(|one| files.contains(&*one.place.file)).cloned().collect();
    let all = change::statements(&log, before, &schema.replay.catalog);
    let step = |file: &str| schema.source.chain.steps.iter().find(|step| &*step.path == file);
    all.into_iter().filter_map(|does| Some(Coming { step: step(&does.file)?, does })).collect()
}
