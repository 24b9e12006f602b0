//! SQLite: migrations run in SQLite itself, in memory; what came out is read.
mod alter;
#[cfg(feature = "sqlite")]
mod carry;
#[cfg(feature = "sqlite")]
mod copy;
mod cursor;
mod definition;
#[cfg(feature = "sqlite")]
mod engine;
mod facts;
#[cfg(feature = "sqlite")]
mod head;
#[cfg(feature = "sqlite")]
mod held;
#[cfg(feature = "sqlite")]
mod inspect;
#[cfg(feature = "sqlite")]
mod lineage;
mod normal;
mod parentheses;
#[cfg(feature = "sqlite")]
mod pieces;
mod print;
mod read;
mod rename;
#[cfg(feature = "sqlite")]
mod replay;
#[cfg(feature = "sqlite")]
mod state;
mod token;
#[cfg(feature = "sqlite")]
mod trial;
#[cfg(not(feature = "sqlite"))]
mod without;
mod work;

pub use alter::alter;
pub use facts::{ColumnFact, Facts, ForeignFact, IndexFact, Row};
#[cfg(feature = "sqlite")]
pub use inspect::inspect;
pub use print::create;
pub use read::read;
#[cfg(feature = "sqlite")]
pub use replay::Sqlite;
#[cfg(feature = "sqlite")]
pub use trial::trial;
#[cfg(not(feature = "sqlite"))]
pub use without::Sqlite;
