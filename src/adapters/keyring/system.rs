//! The keyring of the operating system, when this binary was built with it and one is running.
use crate::model::{Diagnostic, Result, Secret, codes};

/// PL0503 with the ways around it.
fn no_store(why: impl std::fmt::Display) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0503, format!("the keyring cannot be used: {why}"))
            .hint("set PILAB_TOKEN_<HOST>, or use env://NAME or file:///path in place of keyring://")
            .hint("pilab auth login HOST --with-token --store file keeps the token in a file that only you can read"),
    )
}

/// The secret under service and name; `None` when there is none.
///
/// # Errors
/// PL0503.
#[cfg(feature = "keyring")]
pub(super) fn get(service: &str, name: &str) -> Result<Option<Secret>> {
    match entry(service, name)?.get_password() {
        Ok(secret) => Ok(Some(Secret::new(secret))),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(no_store(error)),
    }
}

/// Keeps a secret.
///
/// # Errors
/// PL0503.
#[cfg(feature = "keyring")]
pub(super) fn set(service: &str, name: &str, secret: &Secret) -> Result<()> {
    entry(service, name)?.set_password(secret.expose()).map_err(no_store)
}

/// Forgets a secret. Whether there was one.
///
/// # Errors
/// PL0503.
#[cfg(feature = "keyring")]
pub(super) fn remove(service: &str, name: &str) -> Result<bool> {
    match entry(service, name)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring::Error::NoEntry) => Ok(false),
        Err(error) => Err(no_store(error)),
    }
}

#[cfg(feature = "keyring")]
fn entry(service: &str, name: &str) -> Result<keyring::Entry> {
    keyring::Entry::new(service, name).map_err(no_store)
}

/// No store in this build.
///
/// # Errors
/// PL0503, always.
#[cfg(not(feature = "keyring"))]
pub(super) fn get(_service: &str, _name: &str) -> Result<Option<Secret>> {
    Err(no_store("this binary was built without it"))
}

/// No store in this build.
///
/// # Errors
/// PL0503, always.
#[cfg(not(feature = "keyring"))]
pub(super) fn set(_service: &str, _name: &str, _secret: &Secret) -> Result<()> {
    Err(no_store("this binary was built without it"))
}

/// No store in this build.
///
/// # Errors
/// PL0503, always.
#[cfg(not(feature = "keyring"))]
pub(super) fn remove(_service: &str, _name: &str) -> Result<bool> {
    Err(no_store("this binary was built without it"))
}
