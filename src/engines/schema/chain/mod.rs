//! Migrations in the order in which their tool runs them, found in a tree by the tool's own rules.
mod books;
mod checksum;
mod detect;
mod dialect;
mod discover;
mod files;
mod history;
mod layouts;
mod liquibase;
mod sections;
#[cfg(test)]
mod tests;
mod types;
mod version;

pub use books::{Applied, AppliedState, applied, bookkeeping, bookkeeping_sql, history_query};
pub use dialect::guess_dialect;
pub use discover::{discover, open};
pub use history::{Edit, History, compare};
pub use layouts::placeholder;
pub use types::{Chain, Layout, Problem, ProblemKind};
