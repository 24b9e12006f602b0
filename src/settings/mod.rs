//! Machine-local settings: flags, `PILAB_*`, `.pilab.toml`, the user's and the system's file; each value knows its origin.
use crate::model::Result;
use std::collections::BTreeMap;
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

/// Merges the layers, strongest first.
///
/// # Errors
/// PL0501 with the place of the mistake.
pub fn merge(layers: &[Layer], environment: &BTreeMap<String, String>) -> Result<Settings> {
    let _ = (layers, environment);
    Ok(Settings::default())
}
