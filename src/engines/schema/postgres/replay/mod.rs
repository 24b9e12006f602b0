//! Replays PostgreSQL migrations. A file is cut into statements and each is parsed; it goes to the file that knows its kind.
mod alter;
mod alter_column;
mod column;
mod constraint;
mod dependents;
mod dispatch;
mod domain;
mod drop;
mod expr;
mod extension;
mod find;
mod foreign;
mod index;
mod like;
mod more;
mod names;
mod parse;
mod partition;
mod property;
mod rename;
mod resolve;
mod rewrite;
mod run;
mod schemas;
mod sequence;
mod split;
mod state;
mod table;
mod types;
mod undo;
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
