//! Replays migrations of MySQL and MariaDB.
mod alter;
mod columns;
mod convert;
mod create;
mod data;
mod drop;
mod finish;
mod interpret;
mod keys;
mod names;
mod procedure;
mod programs;
mod removal;
mod rename;
mod routine;
mod schema_tables;
mod sequence;
mod session;
mod state;
mod statement;
#[cfg(test)]
mod tests;
mod view;

use crate::engines::schema::catalog::{Place, Server, Unmodelled};
use crate::engines::schema::mysql::text::Splitter;
use crate::engines::schema::{Options, Replay, Replayer, Script, Step};
use state::State;
use std::collections::BTreeSet;

pub(super) use finish::finished;
pub(super) use names::column_check;
pub(super) use rename::{in_catalog as rename_table, of_catalog as rename_columns};
pub(super) use routine::argument;

/// A MySQL or MariaDB database that exists in the mind only.
#[derive(Clone)]
pub struct MySql {
    state: State,
    /// Identities of what the platform made before the chain.
    prelude: BTreeSet<u64>,
}

impl MySql {
    /// An empty database.
    pub fn new(server: Server, options: &Options) -> MySql {
        let mut replay = MySql { state: State::new(server, options.clone()), prelude: BTreeSet::new() };
        for script in &options.prelude {
            replay.script(script);
        }
        if !options.prelude.is_empty() {
            replay.prelude = replay.state.catalog.objects().iter().map(|object| object.id.0).collect();
            replay.state.log.clear();
            replay.state.catalog.unmodelled.clear();
        }
        replay
    }

    fn script(&mut self, script: &Script) {
        self.state.transaction = script.transaction;
        let text = script.text.clone();
        let mut splitter = Splitter::new(&text, self.state.catalog.server, self.state.session.ansi_quotes);
        while let Some(piece) = splitter.next_piece() {
            let line = piece.tokens.first().map_or(0, |token| token.line);
            let place = Place { file: script.path.clone(), line: script.line.saturating_add(line) };
            match self.state.options.assume.get(&format!("{}:{}", place.file, place.line)).cloned() {
                Some(instead) => {
                    let mut inner = Splitter::new(&instead, self.state.catalog.server, false);
                    while let Some(piece) = inner.next_piece() {
                        statement::run(&mut self.state, &piece, &instead, place.clone());
                    }
                }
                None => statement::run(&mut self.state, &piece, &text, place),
            }
            splitter.ansi_quotes(self.state.session.ansi_quotes);
        }
    }
}

impl Replayer for MySql {
    fn apply(&mut self, step: &Step) {
        self.state.begin(step);
        for script in &step.up {
            self.script(script);
        }
    }

    fn replay(&mut self) -> Replay {
        let mut catalog = finished(self.state.catalog.clone());
        catalog.views.values_mut().for_each(|view| view::refresh(&self.state, view));
        let ignore = &self.state.options.ignore;
        let ours = |id: u64| !self.prelude.contains(&id);
        catalog.tables.retain(|name, table| !ignore.contains(&name.name) && ours(table.meta.id.0));
        catalog.views.retain(|_, view| ours(view.meta.id.0));
        catalog.routines.retain(|_, routine| ours(routine.meta.id.0));
        Replay { catalog, log: self.state.log.clone() }
    }

    fn unmodelled(&self) -> &[Unmodelled] {
        &self.state.catalog.unmodelled
    }
}
