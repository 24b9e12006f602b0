//! Dynamic completion: names of the project at hand. Never fails, never uses the network.
use super::args::{Cli, Globals};
use super::context::{self, World};
use crate::ops::{self, Completing, Quiet};
use clap::CommandFactory;
use clap_complete::{CompleteEnv, CompletionCandidate};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Answers a shell that asks for completions (`COMPLETE=bash pilab`); `None` when none does.
pub(super) fn answer() -> Option<u8> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.is_empty() {
        return None;
    }
    let folder = std::env::current_dir().ok();
    match CompleteEnv::with_factory(Cli::command).bin("pilab").try_complete(arguments, folder.as_deref()) {
        Ok(true) => Some(0),
        Ok(false) => None,
        // The reader has gone: there is nobody to complete for.
        Err(error) if reader_has_gone(&error) => Some(0),
        Err(error) => {
            super::ui::error_text(&format!("{}\n", error.to_string().trim()));
            Some(2)
        }
    }
}

/// Whether writing failed; clap keeps nothing of the cause but its text. An unknown shell has the same kind.
fn reader_has_gone(error: &clap::Error) -> bool {
    error.kind() == clap::error::ErrorKind::Io && error.to_string().contains("(os error ")
}

macro_rules! completers {
    ($($name:ident $what:ident)*) => {
        $(pub(super) fn $name(current: &OsStr) -> Vec<CompletionCandidate> {
            candidates(Completing::$what, current)
        })*
    };
}

completers! { environment Environment module Module range Range past Past reference Ref finding Finding rule Rule repository Repository schema Schema }

/// Past states that `--at` takes, which are no snapshots.
pub(super) fn at(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut list = past(current);
    list.retain(|candidate| !candidate.get_value().as_encoded_bytes().starts_with(b"snap:"));
    list
}

/// Topics and commands.
pub(super) fn topic(current: &OsStr) -> Vec<CompletionCandidate> {
    let topics = super::help::topics().into_iter().map(|(name, title, _)| (name.to_owned(), Some(title.to_owned())));
    offered(topics.chain(commands_below_root()), current)
}

/// Commands.
pub(super) fn command(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(commands_below_root(), current)
}

fn commands_below_root() -> impl Iterator<Item = (String, Option<String>)> {
    let root = Cli::command();
    let named = |inner: &clap::Command| (inner.get_name().to_owned(), inner.get_about().map(ToString::to_string));
    root.get_subcommands().map(named).collect::<Vec<_>>().into_iter()
}

/// Names of settings.
pub(super) fn setting(current: &OsStr) -> Vec<CompletionCandidate> {
    let keys = crate::settings::KEYS.iter().map(|key| (key.name.to_owned(), Some(key.help.to_owned())));
    offered(keys, current)
}

/// Formats of results.
pub(super) fn format(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = ["text", "json", "md", "yaml", "diff"].into_iter().map(|word| (word.to_owned(), None));
    offered(words, current)
}

fn offered(words: impl Iterator<Item = (String, Option<String>)>, current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let fitting = words.filter(|(value, _)| value.starts_with(current));
    fitting.map(|(value, help)| CompletionCandidate::new(value).help(help.map(Into::into))).collect()
}

/// Ranges of environments, then refs.
pub(super) fn range_or_ref(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut list = candidates(Completing::Range, current);
    // The tags of all repositories cost time, and behind the name of an environment none is meant.
    if list.is_empty() || current.is_empty() {
        list.extend(candidates(Completing::Ref, current));
    }
    list
}

fn candidates(what: Completing, current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let globals = Globals { dir: folder(std::env::args_os()), ..Globals::default() };
    let world = World::bare(&globals, context::environment()).and_then(|world| world.with_settings(false));
    let Ok(world) = world else { return Vec::new() };
    offered(ops::complete(what, &world.context(None, &Quiet)).into_iter(), OsStr::new(current))
}

/// The folder after `-C` of the line that is being completed.
fn folder(words: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let words: Vec<OsString> = words.collect();
    words.windows(2).find_map(|pair| match pair {
        [flag, folder] if flag == "-C" => Some(PathBuf::from(folder)),
        _ => None,
    })
}
