//! The functions of charts: Sprig's and Helm's own, with the types and errors that Go gives them.
use super::host::Compat;
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};
use std::collections::BTreeMap;
use std::sync::OnceLock;

mod args;
mod cases;
mod cases_words;
mod cast;
mod certificates;
mod crypto;
mod data;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod encoding;
pub(super) mod files;
mod hashes;
mod lists;
mod lists_edit;
mod math;
mod merge;
mod network;
mod paths;
mod random;
mod regex;
mod regex_class;
mod regex_emit;
mod regex_parse;
mod regex_unicode;
mod runes;
mod semver;
mod strings;
mod strings_split;
mod strings_wrap;
pub(super) mod templates;
mod types;
mod urls;
mod urls_parse;

#[cfg(test)]
mod tests;

/// All functions, one table for each file, each sorted by nothing but sense.
static TABLES: &[&[Func]] = &[
    cases::FUNCS,
    cast::FUNCS,
    certificates::FUNCS,
    crypto::FUNCS,
    data::FUNCS,
    dates::FUNCS,
    defaults::FUNCS,
    dicts::FUNCS,
    encoding::FUNCS,
    hashes::FUNCS,
    lists::FUNCS,
    lists_edit::FUNCS,
    math::FUNCS,
    merge::FUNCS,
    network::FUNCS,
    paths::FUNCS,
    random::FUNCS,
    regex::FUNCS,
    semver::FUNCS,
    strings::FUNCS,
    strings_split::FUNCS,
    strings_wrap::FUNCS,
    templates::FUNCS,
    types::FUNCS,
    urls::FUNCS,
];

/// The function of this name. `env`, `expandenv` and whatever Helm takes out of Sprig is not there.
fn find(name: &str) -> Option<&'static Func> {
    static NAMES: OnceLock<BTreeMap<&str, &Func>> = OnceLock::new();
    let all = || TABLES.iter().flat_map(|table| table.iter()).map(|function| (function.name, function)).collect();
    NAMES.get_or_init(all).get(name).copied()
}

/// Functions that Helm 3.10.1 does not have.
const ONLY_4: &[&str] = &["fromToml", "mustToToml", "mustToYaml", "sha512sum", "toYamlPretty"];

/// Finds the functions of this Helm.
pub(super) fn of(compat: Compat) -> impl Fn(&str) -> Option<&'static Func> {
    move |name| if compat == Compat::Helm3 && ONLY_4.contains(&name) { None } else { find(name) }
}

/// The body of a function.
type Call = fn(&mut Vm<'_>, &[Value]) -> Result<Value, Failure>;

/// A function with a fixed number of arguments.
const fn fixed(name: &'static str, params: &'static [Ty], call: Call) -> Func {
    Func { name, params, variadic: None, call }
}

/// A function that takes any number of further arguments of type `rest`.
const fn open(name: &'static str, params: &'static [Ty], rest: Ty, call: Call) -> Func {
    Func { name, params, variadic: Some(rest), call }
}
