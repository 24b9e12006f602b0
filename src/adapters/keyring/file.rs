//! Secrets in files that only their owner can read.
use crate::model::{Diagnostic, Result, Secret, codes};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The largest secret that is read.
const LIMIT: u64 = 64 * 1024;

/// The token file of a host; `None` when the user has no configuration folder.
pub(super) fn path(host: &str, environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let get =
        |name: &str| environment.get(name).filter(|value| value.starts_with('/') || cfg!(windows)).map(PathBuf::from);
    let config =
        get("XDG_CONFIG_HOME").or_else(|| get("HOME").map(|home| home.join(".config"))).or_else(|| get("APPDATA"))?;
    Some(config.join("pilab/tokens").join(host.replace(':', "_")))
}

/// The secret in a file, without white space around it; `None` when there is no file.
///
/// # Errors
/// PL0021.
pub(super) fn read(path: &Path) -> Result<Option<Secret>> {
    let unreadable = |why: &str| {
        Box::new(Diagnostic::error(&codes::PL0021, format!("{} is not used as a secret: {why}", path.display())))
    };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    let meta = file.metadata().map_err(|error| unreadable(&error.to_string()))?;
    if !meta.is_file() || meta.len() > LIMIT {
        return Err(unreadable("it is no regular file, or too large"));
    }
    if !is_private(&meta) {
        return Err(Box::new(unreadable("others can read it").hint(format!("chmod 600 {}", path.display()))));
    }
    let mut text = String::new();
    file.take(LIMIT).read_to_string(&mut text).map_err(|error| unreadable(&error.to_string()))?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| Secret::new(text)))
}

/// Writes a secret, whole or not at all.
///
/// # Errors
/// PL0402.
pub(super) fn write(path: &Path, secret: &Secret) -> Result<()> {
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        // Temporary files are made with mode 0600, and keep it when they are moved.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(secret.expose().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    attempt().map_err(|error| {
        Box::new(Diagnostic::error(&codes::PL0402, format!("{} cannot be written: {error}", path.display())))
    })
}

/// Removes a secret. Whether there was one.
///
/// # Errors
/// PL0402.
pub(super) fn remove(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            Err(Box::new(Diagnostic::error(&codes::PL0402, format!("{} cannot be removed: {error}", path.display()))))
        }
    }
}

#[cfg(unix)]
fn is_private(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_meta: &std::fs::Metadata) -> bool {
    true
}
