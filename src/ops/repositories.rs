//! The modules' repositories: where their objects are on this machine, opened once each.
use super::Context;
use super::workspace::Workspace;
use crate::adapters::git::{Cache, OpenOptions, Repository};
use crate::model::config::RepoSpec;
use crate::model::{CommitId, Diagnostic, Finding, Result, codes};
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Folder for clones and indexes: the setting, or the one the face found for this user.
pub(super) fn cache_folder(context: &Context<'_>) -> Option<PathBuf> {
    context.settings.cache.clone()
}

/// How repositories are opened: with a place for what makes their walks short.
pub(super) fn reading(context: &Context<'_>) -> OpenOptions {
    OpenOptions { graphs: cache_folder(context).map(|root| root.join("graphs")), ..OpenOptions::default() }
}

/// The file in which something about the config repository at `root` is kept between runs: each has one of its own.
pub(super) fn cache_file(context: &Context<'_>, what: &str, root: &Path, extension: &str) -> Option<PathBuf> {
    let key: String = Finding::hash_of(&root.to_string_lossy()).chars().take(16).collect();
    cache_folder(context).map(|folder| folder.join(what).join(format!("{key}.{extension}")))
}

/// Where a repository is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    /// A clone of the user's, named in settings, or a path in place of a URL.
    Local(PathBuf),
    /// The bare clone in the cache.
    Cache(PathBuf),
    /// Nowhere yet.
    Missing,
}

/// Where the objects of a repository are.
pub(super) fn locate(context: &Context<'_>, root: &Path, name: &str, spec: &RepoSpec) -> Location {
    if let Some(path) = context.settings.repos.get(name) {
        return Location::Local(path.clone());
    }
    if let Some(path) = local_path(root, &spec.url) {
        return Location::Local(path);
    }
    match cache_folder(context).map(|folder| Cache::new(folder).path(&spec.url)) {
        Some(path) if path.exists() => Location::Cache(path),
        _ => Location::Missing,
    }
}

/// The path that a `url` means when it is none: absolute, or relative to the config repository.
pub(super) fn local_path(root: &Path, url: &str) -> Option<PathBuf> {
    if let Some(path) = url.strip_prefix("file://") {
        return Some(PathBuf::from(path));
    }
    let scp = url.split_once(':').is_some_and(|(host, _)| !host.is_empty() && !host.contains('/'));
    (!url.contains("://") && !scp).then(|| root.join(url))
}

type Opened = Result<Arc<Repository>, Diagnostic>;
type OpenedTree = Result<Arc<dyn Tree>, Diagnostic>;

/// Opens repositories and trees once, however many cells need them.
pub(super) struct Repositories<'a> {
    context: &'a Context<'a>,
    root: &'a Path,
    specs: &'a BTreeMap<String, RepoSpec>,
    opened: Mutex<BTreeMap<String, Opened>>,
    trees: Mutex<BTreeMap<(String, CommitId), OpenedTree>>,
}

impl<'a> Repositories<'a> {
    /// The repositories of a config repository.
    pub(super) fn new(context: &'a Context<'a>, workspace: &'a Workspace) -> Repositories<'a> {
        Repositories {
            context,
            root: &workspace.root,
            specs: &workspace.catalog.project.value.spec.repos,
            opened: Mutex::new(BTreeMap::new()),
            trees: Mutex::new(BTreeMap::new()),
        }
    }

    /// The repository with this name, or why it cannot be read.
    pub(super) fn open(&self, name: &str) -> Opened {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = opened.get(name) {
            return known.clone();
        }
        self.context.progress.step(&format!("reading {name}"));
        let result = self.open_new(name).map(Arc::new).map_err(|diagnostic| *diagnostic);
        opened.insert(name.to_owned(), result.clone());
        result
    }

    fn open_new(&self, name: &str) -> Result<Repository> {
        let spec = self.specs.get(name).ok_or_else(|| {
            Box::new(
                Diagnostic::error(&codes::PL0017, format!("there is no repository '{name}' in the project"))
                    .did_you_mean(name, self.specs.keys().map(String::as_str)),
            )
        })?;
        match locate(self.context, self.root, name, spec) {
            Location::Local(path) if path.exists() => Repository::open(&path, &reading(self.context)),
            Location::Local(path) => Err(Box::new(
                Diagnostic::error(
                    &codes::PL0202,
                    format!("repository {name}: nothing is at {}", shown(self.root, &path)),
                )
                .hint(format!("clone it there, or name your clone under [repos] in .pilab.toml: {name} = \"PATH\"")),
            )),
            Location::Cache(path) => Repository::open(&path, &reading(self.context)),
            // An address that is never fetched is refused at once, not only to who follows the hint.
            Location::Missing => Err(Cache::new(PathBuf::new()).open(&spec.url).err().unwrap_or_else(|| {
                Box::new(
                    Diagnostic::error(&codes::PL0202, format!("repository {name} was not fetched"))
                        .hint(format!("pilab repo fetch {name}"))
                        .hint(format!("or name a clone under [repos] in .pilab.toml: {name} = \"PATH\"")),
                )
            })),
        }
    }

    /// The files of a repository at a commit.
    pub(super) fn tree(&self, name: &str, commit: &CommitId) -> OpenedTree {
        let key = (name.to_owned(), commit.clone());
        if let Some(known) = self.trees.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let tree = self.open(name).and_then(|repository| repository.tree(commit).map_err(|diagnostic| *diagnostic));
        self.trees.lock().unwrap_or_else(PoisonError::into_inner).insert(key, tree.clone());
        tree
    }

    /// Names of all repositories of the project.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.specs.keys().map(String::as_str)
    }
}

/// A path for messages: relative to the config repository where it is below it or beside it.
fn shown(root: &Path, path: &Path) -> String {
    match (path.strip_prefix(root), root.parent().map(|parent| path.strip_prefix(parent))) {
        (Ok(inside), _) => inside.display().to_string(),
        (_, Some(Ok(beside))) => format!("../{}", beside.display()),
        _ => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{local_path, shown};
    use std::path::{Path, PathBuf};

    #[test]
    fn a_url_is_not_a_path_and_a_path_is() {
        let root = Path::new("/w/config");
        for (url, path) in [
            ("https://example.org/a.git", None),
            ("ssh://git@example.org/a.git", None),
            ("git@example.org:a/b.git", None),
            ("ext::sh -c id", None),
            ("../a.git", Some("/w/config/../a.git")),
            ("/srv/a.git", Some("/srv/a.git")),
            ("file:///srv/a.git", Some("/srv/a.git")),
            ("./with:colon/a", Some("/w/config/./with:colon/a")),
        ] {
            assert_eq!(local_path(root, url), path.map(PathBuf::from), "{url}");
        }
        assert_eq!(shown(root, Path::new("/w/config/a")), "a");
        assert_eq!(shown(root, Path::new("/w/a.git")), "../a.git");
        assert_eq!(shown(root, Path::new("/x")), "/x");
    }
}
