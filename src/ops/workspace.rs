//! The config repository that a command speaks of: found, read at the asked state, checked.
use super::Context;
use super::repositories::cache_file;
use crate::adapters::git::{Extractor, OpenOptions, Repository, WorkTree};
use crate::catalog::{self, Catalog};
use crate::manifest::{self, CellVersion, FileChange, Histories};
use crate::model::{CommitId, Diagnostic, Level, Result, codes};
use crate::tree::{READ_LIMIT, SubTree, Tree};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Names of the file that makes a folder a config repository.
const MARKERS: [&str; 6] = ["pilab.yaml", "pilab.yml", ".pilab.yaml", ".pilab.yml", "project.yaml", "project.yml"];

/// Finds the cells in a file, as JSON. Its title changes when it finds others in the same file.
const CELLS: Extractor<'_> = Extractor {
    title: "cells-1",
    limit: READ_LIMIT,
    read: &|content| {
        let cells = manifest::cells_of(&String::from_utf8_lossy(content));
        if cells.is_empty() { None } else { serde_json::to_string(&cells).ok() }
    },
};

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

/// Looks in the folder to start from and all folders above it; `None` when there is no config repository.
pub(super) fn find(context: &Context<'_>) -> Result<Option<Found>> {
    let (dir, options) = (plain(&context.dir), super::repositories::reading(context));
    let Some(root) = dir.ancestors().find(|folder| has_marker(folder)).map(Path::to_owned) else {
        return bare(&dir, &options);
    };
    let repository = Repository::discover(&root, &options)?;
    let folder = repository.as_ref().and_then(|repository| below(repository.work_dir()?, &root)).unwrap_or_default();
    Ok(Some(Found { root, repository, folder }))
}

/// The folder as an absolute path. With `..` in it, the folders above would be looked for where they are not.
fn plain(dir: &Path) -> PathBuf {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    if dir.components().any(|part| part == Component::ParentDir) { dir.canonicalize().unwrap_or(dir) } else { dir }
}

/// A bare clone of a config repository has its project file in the newest commit only.
fn bare(dir: &Path, options: &OpenOptions) -> Result<Option<Found>> {
    let Ok(repository) = Repository::open(dir, options) else { return Ok(None) };
    if repository.work_dir().is_some() {
        return Ok(None);
    }
    let Some(head) = repository.head()? else { return Ok(None) };
    let tree = repository.tree(&head.commit)?;
    let marked = MARKERS.iter().any(|name| is_project(name, tree.read(name, READ_LIMIT).ok().flatten()));
    Ok(marked.then(|| Found { root: dir.to_owned(), repository: Some(repository), folder: String::new() }))
}

fn has_marker(folder: &Path) -> bool {
    MARKERS.iter().any(|name| is_project(name, std::fs::read(folder.join(name)).ok()))
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
                let commit = repository.revision(at).map_err(|why| no_moment(repository, at, *why))?;
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

/// What `--at` names is not there: branches are near too, and it might have been a date.
fn no_moment(repository: &Repository, at: &str, why: Diagnostic) -> Box<Diagnostic> {
    if why.code.id != codes::PL0111.id {
        return Box::new(why);
    }
    let branch = repository.head().ok().flatten().and_then(|head| head.branch);
    let near = if why.hints.is_empty() { why.did_you_mean(at, branch.as_deref()) } else { why };
    Box::new(near.hint("--at takes a revision, or a date such as 2026-12-31"))
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
        let found = find(context)?.ok_or_else(|| missing(&context.dir))?;
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
        let within = |place: &str| match self.folder.as_str() {
            "" => place.to_owned(),
            folder => format!("{folder}/{place}"),
        };
        let places: Vec<String> = catalog::places().map(within).collect();
        let kept = |what: &str| cache_file(context, what, &self.root, "kept");
        let mut events = repository.path_events_of(commit, &places, kept("histories").as_deref())?;
        events.retain(|event| event.path.ends_with(".yaml") || event.path.ends_with(".yml"));
        let blobs = events.iter().filter_map(|event| event.blob.as_deref()).collect();
        let texts = repository.extracts(&blobs, &CELLS, kept("cells").as_deref());
        let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let cells: BTreeMap<String, Arc<Vec<CellVersion>>> =
            texts.into_iter().map(|(blob, text)| (blob, Arc::new(read(text)))).collect();
        let nothing = Arc::new(Vec::new());
        let mut changes = Vec::with_capacity(events.len());
        for event in &events {
            let cells = event.blob.as_ref().and_then(|blob| cells.get(blob)).unwrap_or(&nothing).clone();
            changes.push(FileChange {
                path: event.path.clone(),
                commit: event.commit.clone(),
                at: Timestamp::from_second(event.time).unwrap_or_default(),
                by: event.author.name.clone(),
                cells,
            });
        }
        Ok(manifest::histories(&changes))
    }
}

fn missing(dir: &Path) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0023, format!("no config repository in {} or above it", dir.display()))
            .note("looked for pilab.yaml, .pilab.yaml or project.yaml of kind Project")
            .hint("pilab demo writes one to look at, -C DIR names another folder"),
    )
}
