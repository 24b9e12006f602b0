//! Machine-local settings: flags, `PILAB_*`, `.pilab.toml`, the user's and the system's file; each value knows its origin.
mod keys;
mod parse;
mod resolve;

pub use keys::{KEYS, Key, Takes, example, find};
pub use resolve::resolve;

use crate::model::{Diagnostic, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The settings after all layers. Paths are absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Folder for clones and indexes; the XDG cache folder of the user with `pilab` below it when absent.
    pub cache: Option<PathBuf>,
    /// Refuses every use of the network, also by verbs that exist for it.
    pub offline: bool,
    /// Local clones to use in place of a repository's URL, by repository name.
    pub repos: BTreeMap<String, PathBuf>,
    /// Where the key for digests of secrets is: `env://NAME`, `keyring://service/name`, `file:///path`; and its key id.
    pub hmac: Option<HmacSetting>,
    /// Project to use where a config repository has several.
    pub project: Option<String>,
}

/// Where the key for digests of secrets is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HmacSetting {
    /// Reference of the key.
    pub key: String,
    /// Its id, which stands in every digest.
    pub kid: String,
}

/// How the terminal is written to; `None` leaves it to the terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// `auto`, `always` or `never`.
    pub color: Option<String>,
    /// Columns.
    pub width: Option<usize>,
    /// ASCII only.
    pub ascii: bool,
    /// Program that shows long texts; empty: none.
    pub pager: Option<String>,
}

/// One file of the layers: where it is, what it holds, and whether it may set keys that run programs or move credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Path for messages.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Whether the user wrote or trusted it.
    pub trusted: bool,
}

/// Everything that settings are made from.
#[derive(Debug, Clone, Default)]
pub struct Inputs<'a> {
    /// What the command line says: key, value, flag as typed.
    pub flags: &'a [(&'static str, String, &'static str)],
    /// Files, strongest first.
    pub layers: &'a [Layer],
    /// Variables of the process.
    pub environment: BTreeMap<String, String>,
    /// Folder that relative paths of flags and variables start from.
    pub dir: PathBuf,
}

/// Who set a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// This flag.
    Flag(String),
    /// This variable.
    Variable(String),
    /// This file and line.
    File(PathBuf, usize),
    /// Nobody.
    Default,
}

impl Origin {
    /// Whether somebody set it.
    pub fn is_set(&self) -> bool {
        *self != Origin::Default
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) | Origin::Variable(name) => f.write_str(name),
            Origin::File(path, line) => write!(f, "{}:{line}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A key with the value that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name: `output.color`, `repos.shop`.
    pub name: String,
    /// The value as text.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
}

/// The answer of `resolve`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// For use cases.
    pub settings: Settings,
    /// For the face.
    pub output: Output,
    /// Every key, sorted, with its origin.
    pub values: Vec<Setting>,
    /// Keys that were ignored (PL0502).
    pub warnings: Vec<Diagnostic>,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Raw {
    Text(String),
    Flag(bool),
    Number(i64),
}

/// Merges the layers, strongest first, where there are no flags.
///
/// # Errors
/// PL0501 with the place of the mistake.
pub fn merge(layers: &[Layer], environment: &BTreeMap<String, String>) -> Result<Settings> {
    let dir = environment.get("PWD").map_or_else(|| PathBuf::from("/"), PathBuf::from);
    Ok(resolve(&Inputs { flags: &[], layers, environment: environment.clone(), dir })?.settings)
}

#[cfg(test)]
mod tests;
