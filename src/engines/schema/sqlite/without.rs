//! What stands for SQLite in a build that is without it.
use crate::engines::schema::catalog::Unmodelled;
use crate::engines::schema::{Options, Replay, Replayer, Step};
use std::convert::Infallible;

/// Replays nothing: this build is without SQLite.
pub struct Sqlite {
    never: Infallible,
}

impl Sqlite {
    /// Fails: this build is without SQLite.
    pub fn new(_: &Options) -> Result<Sqlite, String> {
        Err("this build is without SQLite".to_owned())
    }
}

impl Replayer for Sqlite {
    fn apply(&mut self, _: &Step) {
        match self.never {}
    }

    fn replay(&mut self) -> Replay {
        match self.never {}
    }

    fn unmodelled(&self) -> &[Unmodelled] {
        match self.never {}
    }
}
