//! The config repository that a command speaks of: found, read at the asked state, checked.
use super::Context;
use crate::adapters::git::{OpenOptions, Repository, WorkTree};
use crate::catalog::{self, Catalog};
use crate::manifest::{self, CellChange, Histories};
use crate::model::{CommitId, Diagnostic, Level, Result, codes};
use crate::tree::{SubTree, Tree};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names of the file that makes a folder a config repository.
const MARKERS: [&str; 6] = ["pilab.yaml", "pilab.yml", ".pilab.yaml", ".pilab.yml", "project.yaml", "project.yml"];

/// A config repository at one state.
pub(super) struct Workspace {
    /// Folder that holds the project file, in the file system.
    pub(super) root: PathBuf,
    /// Its files at the asked state.
    pub(super) config: Arc<dyn Tree>,
    /// The Git repository it is in.
    pub(super) repository: Option<Repository>,
    /// Path of `root` in that repository; empty for its top.
    pub(super) folder: String,
    /// The commit it speaks of.
    pub(super) commit: Option<CommitId>,
    /// Branch or revision for people.
    pub(super) at: Option<String>,
    /// Whether files of the work tree differ from that commit.
    pub(super) uncommitted: bool,
    /// The moment it speaks of.
    pub(super) now: Timestamp,
    /// What it defines.
    pub(super) catalog: Catalog,
    /// Warnings about it.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Where a config repository was found.
pub(super) struct Found {
    pub(super) root: PathBuf,
    pub(super) repository: Option<Repository>,
    pub(super) folder: String,
}

/// Looks in `dir` and all folders above it; `None` when there is no config repository.
pub(super) fn find(dir: &Path) -> Result<Option<Found>> {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let Some(root) = dir.ancestors().find(|folder| has_marker(folder)).map(Path::to_owned) else {
        return bare(&dir);
    };
    let repository = Repository::discover(&root, &OpenOptions::default())?;
    let folder = repository.as_ref().and_then(|repository| below(repository.work_dir()?, &root)).unwrap_or_default();
    Ok(Some(Found { root, repository, folder }))
}

/// A bare clone of a config repository has its project file in the newest commit only.
fn bare(dir: &Path) -> Result<Option<Found>> {
    let Ok(repository) = Repository::open(dir, &OpenOptions::default()) else { return Ok(None) };
    if repository.work_dir().is_some() {
        return Ok(None);
    }
    let Some(head) = repository.head()? else { return Ok(None) };
    let tree = repository.tree(&head.commit)?;
    let marked = MARKERS.iter().any(|name| is_project(name, tree.read(name, crate::tree::READ_LIMIT).ok().flatten()));
    Ok(marked.then(|| Found { root: dir.to_owned(), repository: Some(repository), folder: String::new() }))
}

fn has_marker(folder: &Path) -> bool {
    MARKERS.iter().any(|name| is_project(name, regular(&folder.join(name))))
}

/// The beginning of a regular file. Nothing else is opened: a pipe would hold us up for ever, a device never ends.
fn regular(file: &Path) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let opened = file.metadata().is_ok_and(|meta| meta.is_file()).then(|| std::fs::File::open(file))?.ok()?;
    opened.take(crate::tree::READ_LIMIT).read_to_end(&mut content).ok()?;
    Some(content)
}

/// `project.yaml` is a common name, so only one that speaks of pilab counts.
fn is_project(name: &str, content: Option<Vec<u8>>) -> bool {
    content.is_some_and(|bytes| !name.starts_with("project") || String::from_utf8_lossy(&bytes).contains("pilab.dev/"))
}

fn below(work_dir: &Path, root: &Path) -> Option<String> {
    let (work_dir, root) = (work_dir.canonicalize().ok()?, root.canonicalize().ok()?);
    let parts: Vec<String> =
        root.strip_prefix(work_dir).ok()?.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Some(parts.join("/"))
}

/// The config repository as files, before its documents are read.
pub(super) struct State {
    pub(super) config: Arc<dyn Tree>,
    pub(super) commit: Option<CommitId>,
    pub(super) at: Option<String>,
    pub(super) uncommitted: bool,
    pub(super) now: Timestamp,
}

impl Found {
    /// The files at the asked state: the work tree, or the past that `--at` names.
    pub(super) fn state(&self, context: &Context<'_>) -> Result<State> {
        let head = self.repository.as_ref().map(Repository::head).transpose()?.flatten();
        if let Some(at) = &context.at {
            return self.past(at, context.now);
        }
        let commit = head.as_ref().map(|head| head.commit.clone());
        let at = head.and_then(|head| head.branch);
        let bare = self.repository.as_ref().is_some_and(|repository| repository.work_dir().is_none());
        if let (true, Some(repository), Some(commit)) = (bare, &self.repository, &commit) {
            let config = repository.tree(commit)?;
            return Ok(State { config, commit: Some(commit.clone()), at, uncommitted: false, now: context.now });
        }
        let uncommitted = match &self.repository {
            Some(repository) => commit.is_none() || repository.is_dirty(&self.root)?,
            None => false,
        };
        Ok(State { config: Arc::new(WorkTree::new(&self.root)), commit, at, uncommitted, now: context.now })
    }

    fn past(&self, at: &str, now: Timestamp) -> Result<State> {
        let Some(repository) = &self.repository else {
            return Err(no_history(&self.root));
        };
        let head = repository.head()?.ok_or_else(|| no_history(&self.root))?;
        let (commit, moment) = match date(at)? {
            Some(moment) => {
                let commit = repository.commit_at(&head.commit, moment.as_second())?.ok_or_else(|| {
                    Box::new(
                        Diagnostic::error(
                            &codes::PL0110,
                            format!("the config repository has no commit at or before {at}"),
                        )
                        .hint("git log --reverse shows how far its history goes back"),
                    )
                })?;
                (commit, moment.min(now))
            }
            None => {
                let commit = repository.resolve(at)?;
                let time = repository.commit(&commit)?.time;
                (commit, Timestamp::from_second(time).unwrap_or(now))
            }
        };
        let config = Arc::new(SubTree::new(repository.tree(&commit)?, &self.folder));
        Ok(State { config, commit: Some(commit), at: Some(at.to_owned()), uncommitted: false, now: moment })
    }
}

fn no_history(root: &Path) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0215, format!("{} is not in a Git repository with commits", root.display()))
            .note("a past state can be answered only out of a history")
            .hint("git init && git add -A && git commit"),
    )
}

/// The moment that a date names: the end of the day for a plain date. `None` when it is no date.
fn date(text: &str) -> Result<Option<Timestamp>> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some(moment));
    }
    let Ok(day) = text.parse::<jiff::civil::Date>() else { return Ok(None) };
    let end = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| {
        Box::new(Diagnostic::error(&codes::PL0110, format!("'{text}' is not a date that can be used: {error}")))
    })?;
    Ok(Some(end.timestamp()))
}

impl Workspace {
    /// Finds, reads and checks the config repository.
    ///
    /// # Errors
    /// PL0023 when there is none; the first mistake when its documents have any.
    pub(super) fn open(context: &Context<'_>) -> Result<Workspace> {
        let found = find(&context.dir)?.ok_or_else(|| missing(&context.dir))?;
        Workspace::read(found, context)
    }

    /// Like `open`, for a config repository that was found already.
    pub(super) fn read(found: Found, context: &Context<'_>) -> Result<Workspace> {
        let state = found.state(context)?;
        let (catalog, diagnostics) = catalog::load(&*state.config);
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count();
        if let Some(first) = diagnostics.iter().find(|diagnostic| diagnostic.level == Level::Error) {
            let mut first = first.clone();
            if errors > 1 {
                first = first.hint(format!("{} more: pilab lint lists all", errors - 1));
            }
            return Err(Box::new(first));
        }
        let catalog = catalog.ok_or_else(|| missing(&context.dir))?;
        if let Some(name) =
            context.settings.project.as_deref().filter(|name| *name != catalog.project.value.metadata.name)
        {
            let own = catalog.project.value.metadata.name.as_str();
            return Err(Box::new(
                Diagnostic::error(&codes::PL0101, format!("there is no project '{name}' in {}", found.root.display()))
                    .hint(format!("its project is '{own}'")),
            ));
        }
        let mut warnings = diagnostics;
        warnings.extend(catalog.expired(state.now));
        Ok(Workspace {
            root: found.root,
            config: state.config,
            repository: found.repository,
            folder: found.folder,
            commit: state.commit,
            at: state.at,
            uncommitted: state.uncommitted,
            now: state.now,
            catalog,
            warnings,
        })
    }

    /// What each cell was in the history of the config repository up to the commit it speaks of.
    ///
    /// # Errors
    /// PL0215 without a Git history, PL0201 and PL0204 for one that is cut off.
    pub(super) fn histories(&self, context: &Context<'_>) -> Result<Histories> {
        let (Some(repository), Some(commit)) = (&self.repository, &self.commit) else {
            return Err(no_history(&self.root));
        };
        let folder = if self.folder.is_empty() { "manifest".to_owned() } else { format!("{}/manifest", self.folder) };
        let cache = super::repositories::cache_folder(context).map(|root| root.join("history"));
        let events = repository.path_events(commit, &folder, cache.as_deref())?;
        let mut versions: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut changes = Vec::with_capacity(events.len());
        for event in &events {
            let version = event.blob.as_ref().and_then(|blob| {
                let read = || {
                    let bytes = repository.read_blob(blob, crate::tree::READ_LIMIT).ok()?;
                    manifest::version_of(&String::from_utf8_lossy(&bytes)).map(|(_, _, version)| version)
                };
                versions.entry(blob.clone()).or_insert_with(read).clone()
            });
            changes.push(CellChange {
                path: event.path.clone(),
                commit: event.commit.clone(),
                at: Timestamp::from_second(event.time).unwrap_or_default(),
                by: event.author.name.clone(),
                version,
            });
        }
        Ok(manifest::histories(changes))
    }
}

fn missing(dir: &Path) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0023, format!("no config repository in {} or above it", dir.display()))
            .note("looked for pilab.yaml, .pilab.yaml or project.yaml of kind Project")
            .hint("pilab demo writes one to look at, -C DIR names another folder"),
    )
}
