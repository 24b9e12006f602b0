//! SQLite: migrations run in SQLite itself, in memory; what came out is read.
#[cfg(feature = "sqlite")]
mod copy;
mod definition;
#[cfg(feature = "sqlite")]
mod engine;
#[cfg(feature = "sqlite")]
mod head;
#[cfg(feature = "sqlite")]
mod held;
#[cfg(feature = "sqlite")]
mod inspect;
#[cfg(feature = "sqlite")]
mod lineage;
mod normal;
mod read;
#[cfg(feature = "sqlite")]
mod replay;
#[cfg(feature = "sqlite")]
mod state;
mod token;
#[cfg(not(feature = "sqlite"))]
mod without;

#[cfg(feature = "sqlite")]
pub use inspect::inspect;
pub use read::{ColumnFact, Facts, ForeignFact, IndexFact, Row, read};
#[cfg(feature = "sqlite")]
pub use replay::Sqlite;
#[cfg(not(feature = "sqlite"))]
pub use without::Sqlite;
