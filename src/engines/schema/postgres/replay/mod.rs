//! Replays PostgreSQL migrations. A file is cut into statements and each is parsed; it goes to the file that knows its kind.
mod dependents;
mod dispatch;
mod more;
mod names;
mod parse;
mod run;
mod split;
mod state;
mod undo;

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
