//! Tokens and keys: from the environment, a file of the user's, or the keyring of the operating system.
mod file;
mod system;

use crate::model::{Diagnostic, Result, Secret, codes};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where a token is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// The keyring of the operating system.
    Keyring,
    /// A file that only the user can read, in the configuration folder of pilab.
    File,
}

/// The secret behind a reference: `env://NAME`, `keyring://service/name`, `file:///path`. `None` when there is nothing.
///
/// # Errors
/// PL0112 for another form, PL0503 when the keyring cannot be used, PL0021 for a file that others can read or that is no text.
pub fn lookup(reference: &str, environment: &BTreeMap<String, String>) -> Result<Option<Secret>> {
    let unknown = || {
        Box::new(
            // An address may have its password in it.
            Diagnostic::error(&codes::PL0112, format!("'{}' is not a reference to a secret", shown(reference)))
                .hint("env://NAME, keyring://service/name or file:///path"),
        )
    };
    match reference.split_once("://").ok_or_else(unknown)? {
        ("env", name) if !name.is_empty() => Ok(variable(environment, name)),
        ("keyring", rest) => {
            let (service, name) =
                rest.split_once('/').filter(|(a, b)| !a.is_empty() && !b.is_empty()).ok_or_else(unknown)?;
            system::get(service, name)
        }
        ("file", path) if path.starts_with('/') => file::read(&PathBuf::from(path)),
        _ => Err(unknown()),
    }
}

/// As much of what was given for a reference as may be shown.
fn shown(reference: &str) -> String {
    match reference.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…"),
        None if reference.contains(['@', '=']) => "…".to_owned(),
        None => reference.to_owned(),
    }
}

/// The token for a host: `PILAB_TOKEN_<HOST>`, else the provider's own variables, else the keyring, else our file.
///
/// # Errors
/// PL0014 for a host that is none, PL0021 for a token file that others can read.
pub fn token(host: &str, environment: &BTreeMap<String, String>) -> Result<Option<Secret>> {
    Ok(located(host, environment)?.map(|(_, secret)| secret))
}

/// Where the token for a host is, in words; `None` when there is none. Never the token.
///
/// # Errors
/// Those of `token`.
pub fn source(host: &str, environment: &BTreeMap<String, String>) -> Result<Option<String>> {
    Ok(located(host, environment)?.map(|(source, _)| source))
}

fn located(host: &str, environment: &BTreeMap<String, String>) -> Result<Option<(String, Secret)>> {
    let host = checked(host)?;
    let own = format!("PILAB_TOKEN_{}", host.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_ascii_uppercase());
    let provider: &[&str] = match host.as_str() {
        "github.com" => &["GH_TOKEN", "GITHUB_TOKEN"],
        "gitlab.com" => &["GITLAB_TOKEN"],
        _ => &[],
    };
    let mut names = std::iter::once(own.as_str()).chain(provider.iter().copied());
    if let Some(found) = names.find_map(|name| Some((format!("variable {name}"), variable(environment, name)?))) {
        return Ok(Some(found));
    }
    // A machine without a keyring is no error here: the file is asked next.
    if let Ok(Some(secret)) = system::get(SERVICE, &host) {
        return Ok(Some(("keyring".to_owned(), secret)));
    }
    let Some(path) = file::path(&host, environment) else { return Ok(None) };
    Ok(file::read(&path)?.map(|secret| (format!("file {}", path.display()), secret)))
}

/// Keeps a token for a host. Gives where it is kept, in words.
///
/// # Errors
/// PL0014 for a host that is none, PL0503 when there is no such store, PL0402 when the file cannot be written.
pub fn store(
    host: &str,
    secret: &Secret,
    store: Store,
    environment: &BTreeMap<String, String>,
) -> Result<&'static str> {
    let host = checked(host)?;
    match store {
        Store::Keyring => system::set(SERVICE, &host, secret).map(|()| "the keyring of the system"),
        Store::File => file::write(&file::path(&host, environment).ok_or_else(no_home)?, secret)
            .map(|()| "a file that only you can read"),
    }
}

/// Forgets the tokens for a host in all stores. Whether there was one.
///
/// # Errors
/// PL0014 for a host that is none, PL0402 when the file cannot be removed.
pub fn remove(host: &str, environment: &BTreeMap<String, String>) -> Result<bool> {
    let host = checked(host)?;
    let in_keyring = system::remove(SERVICE, &host).unwrap_or(false);
    let in_file = file::path(&host, environment).map_or(Ok(false), |path| file::remove(&path))?;
    Ok(in_keyring || in_file)
}

/// The service under which tokens stand in the keyring.
const SERVICE: &str = "pilab";

fn variable(environment: &BTreeMap<String, String>, name: &str) -> Option<Secret> {
    environment.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()).map(Secret::new)
}

/// The host in lower case; it becomes the name of a file and of a variable.
fn checked(host: &str) -> Result<String> {
    let good = !host.is_empty()
        && host.len() <= 255
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if good {
        Ok(host.to_ascii_lowercase())
    } else {
        Err(Box::new(Diagnostic::error(
            &codes::PL0014,
            format!("'{}' is not the name of a host", host.escape_default()),
        )))
    }
}

fn no_home() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0503, "there is no folder for tokens: neither XDG_CONFIG_HOME nor HOME is set")
            .hint("set PILAB_TOKEN_<HOST> instead"),
    )
}

#[cfg(test)]
mod tests {
    use super::{Store, lookup, remove, store, token};
    use crate::model::Secret;
    use std::collections::BTreeMap;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn text(secret: Option<Secret>) -> Option<String> {
        secret.map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn variables_come_before_stores_and_only_for_their_host() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().to_str().unwrap();
        let both = [
            ("XDG_CONFIG_HOME", home),
            ("GH_TOKEN", "gh"),
            ("PILAB_TOKEN_GIT_EXAMPLE_ORG_8443", "own"),
            ("GITLAB_TOKEN", " "),
        ];
        let both = environment(&both);
        assert_eq!(text(token("GitHub.com", &both).unwrap()).as_deref(), Some("gh"));
        assert_eq!(text(token("git.example.org:8443", &both).unwrap()).as_deref(), Some("own"));
        assert_eq!(text(token("evil.com", &both).unwrap()), None);
        assert_eq!(text(token("gitlab.com", &both).unwrap()), None);
        assert_eq!(token("../x", &both).unwrap_err().code.id, "PL0014");
    }

    #[test]
    fn the_file_store_keeps_and_forgets_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let home = environment(&[("XDG_CONFIG_HOME", dir.path().to_str().unwrap())]);
        store("git.example.org", &Secret::new("s3cret"), Store::File, &home).unwrap();
        assert_eq!(text(token("git.example.org", &home).unwrap()).as_deref(), Some("s3cret"));
        let file = dir.path().join("pilab/tokens/git.example.org");
        let reference = format!("file://{}", file.display());
        assert_eq!(text(lookup(&reference, &home).unwrap()).as_deref(), Some("s3cret"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(token("git.example.org", &home).unwrap_err().code.id, "PL0021");
        }
        assert!(remove("git.example.org", &home).unwrap());
        assert!(!remove("git.example.org", &home).unwrap());
        assert_eq!(text(token("git.example.org", &home).unwrap()), None);
    }

    #[test]
    fn references_are_of_three_forms() {
        let given = environment(&[("KEY", "k")]);
        assert_eq!(text(lookup("env://KEY", &given).unwrap()).as_deref(), Some("k"));
        assert_eq!(text(lookup("env://OTHER", &given).unwrap()), None);
        assert_eq!(text(lookup("file:///does/not/exist", &given).unwrap()), None);
        for bad in ["KEY", "vault://x", "file://relative", "keyring://x", "env://", "keyring:///x"] {
            assert_eq!(lookup(bad, &given).unwrap_err().code.id, "PL0112", "{bad}");
        }
    }
}
