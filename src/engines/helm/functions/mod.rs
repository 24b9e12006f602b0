//! The functions of charts: Sprig's and Helm's own, with the types and errors that Go gives them.
mod certificates;
mod crypto;
mod dates;
mod hashes;
mod network;
mod random;
mod semver;

use crate::engines::gotemplate::Func;

/// All functions, one table for each file, each sorted by nothing but sense.
static TABLES: &[&[Func]] =
    &[certificates::FUNCS, crypto::FUNCS, dates::FUNCS, hashes::FUNCS, network::FUNCS, random::FUNCS, semver::FUNCS];

/// The function of this name. `env`, `expandenv` and whatever Helm takes out of Sprig is not there.
pub(super) fn find(name: &str) -> Option<&'static Func> {
    TABLES.iter().flat_map(|table| table.iter()).find(|function| function.name == name)
}
