//! What differs between two catalogs, and what applying the difference means.
mod compare;
mod differ;
mod doubt;
mod fold;
mod names;
mod pair;
mod places;
mod rename;
mod side;
mod types;

pub use compare::{CompareOptions, compare, compare_with_logs};
pub use types::{Certainty, Change, Difference, Effect, Evidence, Hazard, Lock, Loss, Reach, Work};
