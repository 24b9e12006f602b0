//! Commit messages: conventional titles, tickets, reverts, categories, and which changes on two branches are the same.
mod category;
mod reverts;
mod tickets;
mod title;
mod twins;

pub use category::{Category, category};
pub use reverts::{Fate, cancelled, cancelled_in_groups};
pub use tickets::{TicketKey, TicketPattern, strip_key, tickets};
pub use title::{Merge, Target, Title, parse};
pub use twins::{Change, Link, twins};

/// Compiles a pattern that stands in the source.
#[expect(clippy::expect_used, reason = "patterns are constants, and the tests of each file compile all of them")]
fn constant(pattern: &str) -> regex::Regex {
    regex::Regex::new(&ascii(pattern)).expect("a constant pattern compiles")
}

/// The pattern with word characters, digits and their borders of ASCII alone: the tables of Unicode make it a hundred times
/// dearer to compile, and numbers, keys and prefixes have no others.
fn ascii(pattern: &str) -> String {
    pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)")
}
