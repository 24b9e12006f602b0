//! Migrations in the order in which their tool runs them, found in a tree by the tool's own rules.
mod types;

pub use types::{Chain, Layout, Problem, ProblemKind};
