//! Database schemas without a database: migrations are replayed into a catalog, catalogs are compared, changes are weighed and written as DDL.
//!
//! A `chain` is the migrations of one schema in the order in which their tool runs them. A `Replayer` applies its steps to a `Catalog`; a live
//! database is read into a `Catalog` of the same form, so that both can be compared. What cannot be modelled is listed, never dropped.
pub mod catalog;
pub mod chain;
pub mod change;
mod dialects;
pub mod mysql;
pub mod postgres;
mod replay;
pub mod sqlite;

pub use catalog::Catalog;
pub use dialects::{alter, create, introspection, read, replayer};
pub use replay::{Act, Class, Flags, Options, Replay, Replayer, Script, Statement, Step, StepKind, What};
