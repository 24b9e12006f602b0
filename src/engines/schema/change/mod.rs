//! What differs between two catalogs, and what applying the difference means.
mod compare;
mod differ;
mod doubt;
mod fold;
mod migration;
mod names;
mod pair;
mod places;
mod rename;
mod same;
mod side;
mod types;
mod weigh;

pub use compare::{CompareOptions, compare, compare_with_logs};
pub use migration::{Described, Migration, MigrationKind, Reversible, statements};
pub use types::{Certainty, Change, Difference, Effect, Evidence, Hazard, Lock, Loss, Reach, Work};
pub use weigh::weigh;

#[cfg(test)]
mod tests;
