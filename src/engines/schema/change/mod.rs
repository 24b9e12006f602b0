//! What differs between two catalogs, and what applying the difference means.
mod types;

pub use types::{Certainty, Change, Difference, Effect, Evidence, Hazard, Lock, Loss, Reach, Work};
