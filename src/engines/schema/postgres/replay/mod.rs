//! Replays PostgreSQL migrations. A file is cut into statements and each is parsed; it goes to the file that knows its kind.
mod alter;
mod alter_column;
mod block;
#[cfg(test)]
mod cases;
mod column;
mod comment;
mod constraint;
mod data;
mod dependents;
mod dispatch;
mod domain;
mod drop;
mod expr;
mod extension;
mod find;
mod foreign;
mod grant;
mod grant_moves;
#[cfg(test)]
mod hostile_tests;
mod index;
mod like;
mod lookup;
mod more;
mod names;
mod other;
mod other_kinds;
mod owner;
mod parse;
mod partition;
mod policy;
mod property;
mod publication;
mod query;
mod rename;
mod resolve;
mod rewrite;
mod routine;
mod routine_alter;
mod run;
mod schemas;
mod sequence;
mod session;
mod split;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod trigger;
mod types;
mod undo;
mod view;
mod words;
mod written;

use crate::engines::schema::catalog::{Catalog, Server, Unmodelled};
use crate::engines::schema::{Options, Replay, Replayer, Step};
use state::State;

/// A PostgreSQL database that exists in the mind only.
#[derive(Clone)]
pub struct Postgres {
    state: State,
}

impl Postgres {
    /// An empty database, or what the prelude of the options makes of it.
    pub fn new(server: Server, options: &Options) -> Postgres {
        let mut state = State::new(Catalog::new(server), options.clone());
        state.prelude();
        Postgres { state }
    }
}

impl Replayer for Postgres {
    fn apply(&mut self, step: &Step) {
        self.state.step(step);
    }

    fn replay(&mut self) -> Replay {
        self.state.replay()
    }

    fn unmodelled(&self) -> &[Unmodelled] {
        &self.state.catalog.unmodelled
    }
}
