//! Repositories: refs, trees, ranges, history, the cache of clones, and fetching. Everything that touches gix or runs `git` is here.
//!
//! Reading never runs a program, a hook or a filter, never follows the repository's own configuration beyond its format, and
//! never uses the network. Only `Cache::fetch` runs the `git` program, with configuration of our own clone and of the user.
mod ancestry;
mod askpass;
mod cache;
mod commit;
mod diff;
mod dirty;
mod events;
mod extracts;
mod graph;
mod kept;
mod links;
mod log;
mod numbers;
mod object_tree;
mod open;
mod patch;
mod paths;
mod ranges;
mod refs;
mod remote;
mod stored;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod work_tree;
pub mod write;

pub use askpass::{ASKPASS_HOST, ASKPASS_TOKEN, answer_askpass};
pub use cache::{Cache, FetchOptions, Fetched};
pub use events::PathEvent;
pub use extracts::Extractor;
pub use open::{OpenOptions, Repository};
pub use paths::PathSet;
pub use ranges::Want;
pub use refs::Head;
pub use remote::{https_host, masked_url, masked_urls};
pub use work_tree::WorkTree;
