//! Replays PostgreSQL migrations. A file is parsed as a whole; each statement goes to the file that knows its kind.
mod dependents;
mod more;
mod state;

use crate::engines::schema::catalog::{Catalog, Server, Unmodelled};
use crate::engines::schema::{Options, Replay, Replayer, Step};
use state::State;

/// A PostgreSQL database that exists in the mind only.
#[derive(Clone)]
pub struct Postgres {
    state: State,
}

impl Postgres {
    /// An empty database.
    pub fn new(server: Server, options: &Options) -> Postgres {
        Postgres { state: State::new(Catalog::new(server), options.clone()) }
    }
}

impl Replayer for Postgres {
    fn apply(&mut self, step: &Step) {
        self.state.begin(step);
    }

    fn replay(&mut self) -> Replay {
        self.state.replay()
    }

    fn unmodelled(&self) -> &[Unmodelled] {
        &self.state.catalog.unmodelled
    }
}
