//! `pilab repo list` and `pilab repo fetch`: the clones of the modules' repositories.
use super::repositories::{Location, cache_folder, locate};
use super::workspace::Workspace;
use super::{Context, RepoFetch, RepoList, RepoState};
use crate::adapters::git::{Cache, FetchOptions, OpenOptions, Repository, masked_url};
use crate::adapters::keyring;
use crate::model::config::RepoSpec;
use crate::model::{Diagnostic, Result, codes};

impl RepoFetch {
    /// Fetches, and tells the state after it.
    ///
    /// # Errors
    /// PL0207, PL0208, PL0209, PL0218, unknown names.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<RepoState>> {
        let workspace = Workspace::open(context)?;
        let specs = &workspace.catalog.project.value.spec.repos;
        for name in &self.names {
            if !specs.contains_key(name) {
                return Err(Box::new(
                    Diagnostic::error(&codes::PL0116, format!("there is no repository '{name}' in the project"))
                        .did_you_mean(name, specs.keys().map(String::as_str))
                        .hint(format!(
                            "repositories: {}",
                            specs.keys().map(String::as_str).collect::<Vec<_>>().join(" ")
                        )),
                ));
            }
        }
        let mut states = Vec::new();
        for (name, spec) in specs.iter().filter(|(name, _)| self.names.is_empty() || self.names.contains(name)) {
            if !matches!(locate(context, &workspace.root, name, spec), Location::Local(_)) {
                fetch(context, name, spec)?;
            }
            states.push(state(context, &workspace, name, spec));
        }
        Ok(states)
    }
}

fn fetch(context: &Context<'_>, name: &str, spec: &RepoSpec) -> Result<()> {
    if context.settings.offline {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0207, format!("repository {name} was not fetched: pilab is set to offline"))
                .hint("leave --offline out, or set offline = false"),
        ));
    }
    let root = cache_folder(context).ok_or_else(|| {
        Box::new(
            Diagnostic::error(&codes::PL0501, "no folder for clones is known: neither HOME nor XDG_CACHE_HOME is set")
                .hint("set `cache` in the settings, or PILAB_CACHE"),
        )
    })?;
    context.progress.step(&format!("fetching {name}"));
    let token = match crate::adapters::git::https_host(&spec.url) {
        Some(host) => keyring::token(&host, &context.environment)?,
        None => None,
    };
    let options = FetchOptions { git: None, token, askpass: context.executable.clone() };
    Cache::new(root).fetch(&spec.url, &options, &|line| context.progress.step(line)).map(|_| ())
}

impl RepoList {
    /// Answers, offline.
    ///
    /// # Errors
    /// No config repository, or a broken one.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<RepoState>> {
        let workspace = Workspace::open(context)?;
        let specs = &workspace.catalog.project.value.spec.repos;
        Ok(specs.iter().map(|(name, spec)| state(context, &workspace, name, spec)).collect())
    }
}

fn state(context: &Context<'_>, workspace: &Workspace, name: &str, spec: &RepoSpec) -> RepoState {
    let (path, word) = match locate(context, &workspace.root, name, spec) {
        Location::Local(path) => (Some(path), "local"),
        Location::Cache(path) => (Some(path), "cache"),
        Location::Missing => (None, "missing"),
    };
    let mut state = RepoState {
        name: name.to_owned(),
        url: masked_url(&spec.url),
        path: path.as_ref().map(|path| path.display().to_string()),
        state: word,
        tags: 0,
        fetched_at: None,
        warnings: Vec::new(),
    };
    if word == "cache"
        && let Some(root) = cache_folder(context)
        && let Some(seconds) = Cache::new(root).fetched_at(&spec.url)
    {
        state.fetched_at = jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string());
    }
    match path.map(|path| Repository::open(&path, &OpenOptions::default())) {
        None => state.warnings.push(
            Diagnostic::warning(&codes::PL0202, format!("repository {name} was not fetched"))
                .hint(format!("pilab repo fetch {name}")),
        ),
        Some(Err(why)) => {
            state.state = "missing";
            state.warnings.push(*why);
        }
        Some(Ok(repository)) => {
            state.tags = repository.tags().map(|tags| tags.len()).unwrap_or_default();
            state.warnings = repository.warnings();
        }
    }
    state
}
