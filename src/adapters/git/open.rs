//! Opening a repository: whose it is, what it is, and what stands in the way of reading it completely.
use crate::model::{CommitId, Diagnostic, Result, codes};
use gix::bstr::ByteSlice;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many handles are kept for reuse; each has an object cache.
const POOL: usize = 8;
/// Objects of one handle that stay decoded.
const OBJECT_CACHE: usize = 16 * 1024 * 1024;

/// How a repository is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// Skips the check of the owner. For clones that pilab made itself.
    pub any_owner: bool,
    /// Folder for commit-graphs of repositories that have none themselves, so that later walks are short.
    pub graphs: Option<PathBuf>,
}

/// A Git repository, read-only. Cheap to clone, usable from many threads.
#[derive(Clone)]
pub struct Repository {
    inner: Arc<Inner>,
}

struct Inner {
    shared: gix::ThreadSafeRepository,
    handles: Mutex<Vec<gix::Repository>>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_dir: Option<PathBuf>,
    graphs: Option<PathBuf>,
    /// The commit-graph, after the first walk asked for it; `None` inside when there is none to use.
    stored: Mutex<Option<Option<Arc<gix::commitgraph::Graph>>>>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("git_dir", &self.inner.git_dir).finish()
    }
}

impl Repository {
    /// Opens the repository at `path`: a work tree, a `.git` folder, a bare repository.
    ///
    /// # Errors
    /// PL0205 when there is none, PL0206 when somebody else owns it, PL0217 for a ref storage that is not read.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Repository> {
        if !options.any_owner {
            check_owner(path)?;
        }
        let permissions = gix::open::Permissions::isolated();
        let opened = gix::open::Options::default()
            .permissions(permissions)
            .with(gix::sec::Trust::Full)
            .config_overrides(["gitoxide.objects.allocLimit=1073741824"])
            .open(path);
        let shared = opened.map_err(|error| not_a_repository(path, &error))?;
        let repo = shared.to_thread_local();
        if repo.config_snapshot().string("extensions.refStorage").is_some_and(|value| value.as_bstr() != "files") {
            return Err(Box::new(
                Diagnostic::error(&codes::PL0217, format!("{} does not keep its refs in files", path.display()))
                    .hint(format!("git -C {} refs migrate --ref-format=files", path.display())),
            ));
        }
        let (git_dir, common_dir) = (repo.git_dir().to_owned(), repo.common_dir().to_owned());
        let work_dir = repo.workdir().map(Path::to_owned);
        if !options.any_owner {
            for folder in [Some(&git_dir), Some(&common_dir), work_dir.as_ref()].into_iter().flatten() {
                check_owner_of(folder, &safe_directories)?;
            }
        }
        let graphs = options.graphs.clone();
        let (handles, stored) = (Mutex::default(), Mutex::default());
        Ok(Repository { inner: Arc::new(Inner { shared, handles, git_dir, common_dir, work_dir, graphs, stored }) })
    }

    /// Opens the repository that `dir` is in, looking upwards; `None` when there is none.
    ///
    /// # Errors
    /// As `open`, except for PL0205.
    pub fn discover(dir: &Path, options: &OpenOptions) -> Result<Option<Repository>> {
        let Ok(start) = dir.canonicalize() else { return Ok(None) };
        for folder in start.ancestors() {
            if folder.join(".git").exists() || is_bare(folder) {
                return Repository::open(folder, options).map(Some);
            }
        }
        Ok(None)
    }

    /// The folder with the refs of this work tree.
    pub fn git_dir(&self) -> &Path {
        &self.inner.git_dir
    }

    /// The work tree; `None` for a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        self.inner.work_dir.as_deref()
    }

    /// What stands in the way of a complete answer: shallow, partial, grafts, borrowed objects.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let common = &self.inner.common_dir;
        if self.with(|repo| repo.is_shallow().unwrap_or(false)) {
            found.push(
                Diagnostic::warning(&codes::PL0201, "the clone is shallow: old commits are not here")
                    .hint("git fetch --unshallow --tags")
                    .hint("in CI: fetch-depth: 0"),
            );
        }
        let partial = self.with(|repo| {
            let config = repo.config_snapshot();
            config.string("extensions.partialClone").is_some()
                || config.string("remote.origin.partialclonefilter").is_some()
        });
        if partial {
            found.push(
                Diagnostic::warning(&codes::PL0204, "the clone is partial: some objects are not here")
                    .hint("git fetch --refetch"),
            );
        }
        if has_content(&common.join("info/grafts")) {
            found.push(
                Diagnostic::warning(&codes::PL0219, "info/grafts is not read, so Git itself may show another history")
                    .hint("git replace --convert-graft-file"),
            );
        }
        if has_content(&common.join("objects/info/alternates")) {
            found
                .push(Diagnostic::warning(&codes::PL0220, "objects are borrowed from another repository (alternates)"));
        }
        found
    }

    /// `name <mail>` as the user's Git configuration has it.
    pub fn user(&self) -> Option<String> {
        let user = gix::config::File::from_globals().ok();
        let own = |key: &str| self.with(|repo| repo.config_snapshot().string(key).map(|value| value.to_string()));
        let get = |key: &str| own(key).or_else(|| user.as_ref()?.string(key).map(|value| value.to_string()));
        match (get("user.name"), get("user.email")) {
            (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
            (Some(name), None) => Some(name),
            (None, Some(email)) => Some(format!("<{email}>")),
            (None, None) => None,
        }
    }

    /// The address that `origin` is fetched from, without user and password; for links.
    pub fn remote_url(&self) -> Option<String> {
        let url = self.with(|repo| repo.config_snapshot().string("remote.origin.url").map(|url| url.to_string()))?;
        Some(super::masked_url(&url))
    }

    /// A name for files that keep what was found out about `part` of this repository: the same as long as it stays where it is.
    pub fn cache_name(&self, part: &str) -> String {
        let folder = self.inner.common_dir.canonicalize().unwrap_or_else(|_| self.inner.common_dir.clone());
        let digest = Sha256::new().chain_update(folder.as_os_str().as_encoded_bytes()).chain_update([0]);
        let digest = digest.chain_update(part).finalize();
        digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The commit-graph that walks use: the repository's own, or the one that an earlier walk left.
    pub(super) fn stored_graph(&self, repo: &gix::Repository) -> Option<Arc<gix::commitgraph::Graph>> {
        let mut stored = self.inner.stored.lock().unwrap_or_else(PoisonError::into_inner);
        stored.get_or_insert_with(|| super::stored::open(repo, self.graph_file().as_deref()).map(Arc::new)).clone()
    }

    /// Where a walk leaves a commit-graph for the next ones.
    pub(super) fn graph_file(&self) -> Option<PathBuf> {
        Some(self.inner.graphs.as_ref()?.join(self.cache_name("graph")))
    }

    /// Has the next walk look for a commit-graph anew.
    pub(super) fn forget_graph(&self) {
        *self.inner.stored.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Runs `f` with a handle of this thread.
    pub(super) fn with<T>(&self, f: impl FnOnce(&gix::Repository) -> T) -> T {
        let taken = self.inner.handles.lock().ok().and_then(|mut handles| handles.pop());
        let repo = taken.unwrap_or_else(|| {
            let mut repo = self.inner.shared.to_thread_local();
            repo.object_cache_size_if_unset(OBJECT_CACHE);
            repo
        });
        let result = f(&repo);
        if let Ok(mut handles) = self.inner.handles.lock()
            && handles.len() < POOL
        {
            handles.push(repo);
        }
        result
    }
}

/// The object id in a commit id.
///
/// # Errors
/// PL0111 when it is no id.
pub(super) fn object_id(id: &CommitId) -> Result<gix::ObjectId> {
    gix::ObjectId::from_hex(id.0.as_bytes())
        .map_err(|_| Box::new(Diagnostic::error(&codes::PL0111, format!("'{}' is not the id of a commit", id.0))))
}

/// PL0204 for an object that is named but not here.
pub(super) fn missing(id: &gix::oid, what: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0204, format!("the {what} {id} is not in this clone"))
            .hint("pilab repo fetch")
            .hint("git fetch --refetch"),
    )
}

/// PL0204 for an object that is here and cannot be read.
pub(super) fn damaged(id: &gix::oid, what: &str, why: impl std::fmt::Display) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0204, format!("the {what} {id} cannot be read: {why}")))
}

fn not_a_repository(path: &Path, error: &gix::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0205, format!("{} is not a Git repository: {error}", path.display())))
}

fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

fn has_content(file: &Path) -> bool {
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > 0)
}

fn check_owner(path: &Path) -> Result<()> {
    for folder in [path.to_owned(), path.join(".git")] {
        if folder.exists() {
            check_owner_of(&folder, &safe_directories)?;
        }
    }
    Ok(())
}

fn check_owner_of(folder: &Path, safe: &dyn Fn() -> Vec<String>) -> Result<()> {
    let owned = gix::sec::identity::is_path_owned_by_current_user(folder).unwrap_or(false);
    if !folder.exists() || owned || is_safe(folder, &safe()) {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::error(&codes::PL0206, format!("{} belongs to another user", folder.display()))
            .hint(format!("git config --global --add safe.directory {}", folder.display())),
    ))
}

/// The `safe.directory` entries of the system's and the user's configuration.
fn safe_directories() -> Vec<String> {
    let config = gix::config::File::from_globals().unwrap_or_default();
    config.strings("safe.directory").unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// Git's rule: an empty entry clears the list, `*` is everything, `/dir/*` everything below.
fn is_safe(folder: &Path, entries: &[String]) -> bool {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let real = if real.file_name().is_some_and(|name| name == ".git") {
        real.parent().unwrap_or(&real).to_owned()
    } else {
        real
    };
    entries.iter().fold(false, |safe, entry| match entry.as_str() {
        "" => false,
        "*" => true,
        below if below.ends_with("/*") => safe || real.starts_with(below.trim_end_matches('*')),
        exact => safe || Path::new(exact).canonicalize().is_ok_and(|exact| exact == real),
    })
}

#[cfg(test)]
mod tests {
    use super::is_safe;
    use std::path::Path;

    #[test]
    fn safe_directories_follow_the_rules_of_git() {
        let dir = tempfile::tempdir().unwrap();
        let here = dir.path().canonicalize().unwrap();
        let parent = here.parent().unwrap().display().to_string();
        let me = here.display().to_string();
        for (entries, safe) in [
            (vec![], false),
            (vec!["*".to_owned()], true),
            (vec![me.clone()], true),
            (vec![me.clone(), String::new()], false),
            (vec![format!("{parent}/*")], true),
            (vec!["/elsewhere/*".to_owned()], false),
        ] {
            assert_eq!(is_safe(&here, &entries), safe, "{entries:?}");
        }
        assert!(!is_safe(Path::new("/nowhere"), &[me]));
    }
}
