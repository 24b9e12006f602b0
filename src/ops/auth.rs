//! `pilab auth`: tokens for hosts, kept in the keyring or in a file.
use super::Context;
use crate::adapters::keyring::{self, Store};
use crate::model::{Result, Secret};

/// Where a token is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TokenStore {
    /// The operating system's secret store.
    #[default]
    Keyring,
    /// A file of the user, mode 0600.
    File,
}

/// `pilab auth login HOST`.
#[derive(Debug, Clone)]
pub struct AuthLogin {
    /// Host name, with a port where it has one.
    pub host: String,
    /// The token.
    pub token: Secret,
    /// Where to keep it.
    pub store: TokenStore,
}

/// `pilab auth logout HOST`.
#[derive(Debug, Clone)]
pub struct AuthLogout {
    /// Host name.
    pub host: String,
}

/// `pilab auth status`.
#[derive(Debug, Clone, Default)]
pub struct AuthStatus {
    /// Only these hosts; empty: all that a token is known for.
    pub hosts: Vec<String>,
}

/// What is known about a host. Never the token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostState {
    /// Host name.
    pub host: String,
    /// Where its token comes from: `keyring`, `file PATH`, `variable NAME`; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl AuthLogin {
    /// Keeps the token and says where.
    ///
    /// # Errors
    /// PL0014 for a host that is none, PL0503, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<HostState> {
        let store = match self.store {
            TokenStore::Keyring => Store::Keyring,
            TokenStore::File => Store::File,
        };
        let kept = keyring::store(&self.host, &self.token, store, &context.environment)?;
        Ok(HostState { host: self.host.clone(), source: Some(kept.to_owned()) })
    }
}

impl AuthLogout {
    /// Forgets the token; the answer says where it was, or that there was none.
    ///
    /// # Errors
    /// PL0503, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<HostState> {
        let source = keyring::source(&self.host, &context.environment)?;
        keyring::remove(&self.host, &context.environment)?;
        Ok(HostState { host: self.host.clone(), source })
    }
}

impl AuthStatus {
    /// Answers, offline. Without hosts: those of the project's repositories.
    ///
    /// # Errors
    /// PL0014 for a host that is none, PL0023 when no host is named and there is no config repository.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<HostState>> {
        let hosts = if self.hosts.is_empty() { project_hosts(context)? } else { self.hosts.clone() };
        let state = |host: String| {
            let source = keyring::source(&host, &context.environment)?;
            Ok(HostState { host, source })
        };
        hosts.into_iter().map(state).collect()
    }
}

fn project_hosts(context: &Context<'_>) -> Result<Vec<String>> {
    let workspace = super::workspace::Workspace::open(context)?;
    let specs = workspace.catalog.project.value.spec.repos.values();
    let mut hosts: Vec<String> = specs.filter_map(|spec| crate::adapters::git::https_host(&spec.url)).collect();
    hosts.sort();
    hosts.dedup();
    Ok(hosts)
}
