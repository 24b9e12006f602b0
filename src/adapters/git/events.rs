//! The history of the files in one folder: who gave each which content, and when. Kept in a cache file between runs.
use super::commit::{self, Mailmap};
use super::diff::Differ;
use super::graph::{Graph, RIGHT, shallow};
use super::open::{Repository, object_id};
use super::paths::PathSet;
use crate::model::{CommitId, Person, Result};
use gix::ObjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Version of the cache file.
const FORMAT: u32 = 1;
/// The largest cache file that is read.
const CACHE_LIMIT: u64 = 256 * 1024 * 1024;
/// Commit times are kept within this, so that sums cannot overflow.
const FAR: i64 = 1 << 40;

/// A file got another content, or was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathEvent {
    /// The commit that did it.
    pub commit: CommitId,
    /// Commit time, seconds since 1970 UTC.
    pub time: i64,
    /// Author after the mailmap.
    pub author: Person,
    /// Path of the file.
    pub path: String,
    /// Object id of the content; `None` when the file was removed.
    pub blob: Option<String>,
}

/// An event as it is kept: before the mailmap, with its place in the order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Kept {
    at: i64,
    commit: String,
    path: String,
    blob: Option<String>,
    merge: bool,
    time: i64,
    name: String,
    email: String,
}

/// First line of the cache file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    format: u32,
    head: String,
    folder: String,
    events: usize,
    /// Commits whose place in the order is not their time.
    moved: BTreeMap<String, i64>,
}

struct Known {
    moved: BTreeMap<String, i64>,
    events: Vec<Kept>,
}

impl Repository {
    /// All events under `folder` up to `head`, oldest first.
    ///
    /// A parent always stands before its children; else the commit time decides, then the id. A merge has an event only
    /// when the content it chose is not the one that the events before it ended with, so the last event of a path is
    /// always what `head` has. With `cache`, only commits since the cached head are looked at; the answer is the same.
    ///
    /// # Errors
    /// PL0201 in a shallow clone, PL0204 when commits or trees are not here.
    pub fn path_events(&self, head: &CommitId, folder: &str, cache: Option<&Path>) -> Result<Vec<PathEvent>> {
        let head_id = object_id(head)?;
        let paths = PathSet::new(&[folder.to_owned()])?;
        self.with(|repo| {
            let cached = cache.and_then(|file| load(file, folder));
            let (old, mut known) = self.usable(cached, head);
            if old.as_ref() != Some(head) {
                let old = old.as_ref().map(object_id).transpose()?;
                extend(repo, old, head_id, &paths, &mut known)?;
                known.events.sort();
                if let Some(file) = cache {
                    save(file, head, folder, &known);
                }
            }
            Ok(told(known.events, &Mailmap::of(repo)))
        })
    }

    /// What of the cache counts: all of it when its head is an ancestor of `head`, else nothing.
    fn usable(&self, cached: Option<(CommitId, Known)>, head: &CommitId) -> (Option<CommitId>, Known) {
        match cached {
            Some((old, known)) if self.has_commit(&old) && self.is_ancestor(&old, head).unwrap_or(false) => {
                (Some(old), known)
            }
            _ => (None, Known { moved: BTreeMap::new(), events: Vec::new() }),
        }
    }
}

/// Adds the events of the commits that `head` reaches and `old` does not.
fn extend(
    repo: &gix::Repository,
    old: Option<ObjectId>,
    head: ObjectId,
    paths: &PathSet,
    known: &mut Known,
) -> Result<()> {
    let mut graph = Graph::new(repo);
    let fresh = match old {
        Some(old) => {
            graph.mark(Some(old), head)?;
            graph.only(RIGHT)
        }
        None => {
            graph.mark_all(head)?;
            graph.all()
        }
    };
    if (0..graph.nodes.len()).any(|number| graph.is_edge(number)) {
        return Err(shallow(graph.nodes.len()));
    }
    let mut differ = Differ::new(repo);
    let nobody = Mailmap::none();
    for number in fresh.into_iter().rev() {
        graph.load(number)?;
        let at = place(&mut graph, number, &mut known.moved)?;
        let Some(node) = graph.nodes.get(number) else { continue };
        let (id, tree, time, parents) = (node.id, node.tree, node.time, node.parents.clone());
        let merge = parents.len() > 1;
        let mut trees = Vec::new();
        for parent in &parents {
            graph.load(*parent)?;
            trees.extend(graph.nodes.get(*parent).map(|node| Some(node.tree)));
        }
        if trees.is_empty() {
            trees.push(None);
        }
        let mut changed = BTreeMap::new();
        for parent in trees {
            for file in differ.changes(parent, Some(tree), paths)? {
                changed.insert(file.path, file.new.map(|(_, id)| id.to_string()));
            }
        }
        if changed.is_empty() {
            continue;
        }
        let author = commit::read(repo, id, &nobody)?.author;
        known.events.extend(changed.into_iter().map(|(path, blob)| Kept {
            at,
            commit: id.to_string(),
            path,
            blob,
            merge,
            time,
            name: author.name.clone(),
            email: author.email.clone(),
        }));
    }
    Ok(())
}

/// The place of a commit in the order: its time, but later than all its parents. It depends on nothing but its history,
/// so that it is the same with and without a cache. Only places that differ from the time are remembered.
fn place(graph: &mut Graph<'_>, number: usize, moved: &mut BTreeMap<String, i64>) -> Result<i64> {
    let Some(node) = graph.nodes.get(number) else { return Ok(0) };
    let (id, time, parents) = (node.id.to_string(), node.time.clamp(0, FAR), node.parents.clone());
    let mut at = time;
    for parent in parents {
        graph.load(parent)?;
        let Some(parent) = graph.nodes.get(parent) else { continue };
        let before = moved.get(&parent.id.to_string()).copied().unwrap_or(parent.time.clamp(0, FAR));
        at = at.max(before.saturating_add(1));
    }
    if at != time {
        moved.insert(id, at);
    }
    Ok(at)
}

/// Drops what merges did not change, and names the people.
fn told(events: Vec<Kept>, mailmap: &Mailmap) -> Vec<PathEvent> {
    let mut state: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for event in events {
        let before = state.insert(event.path.clone(), event.blob.clone()).flatten();
        if event.merge && before == event.blob {
            continue;
        }
        found.push(PathEvent {
            commit: CommitId(event.commit),
            time: event.time,
            author: mailmap.person(&event.name, &event.email),
            path: event.path,
            blob: event.blob,
        });
    }
    found
}

/// Reads the cache; anything odd about it makes it no cache.
fn load(file: &Path, folder: &str) -> Option<(CommitId, Known)> {
    if file.metadata().ok()?.len() > CACHE_LIMIT {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let mut lines = text.lines();
    let header: Header = serde_json::from_str(lines.next()?).ok()?;
    let events: Option<Vec<Kept>> = lines.map(|line| serde_json::from_str(line).ok()).collect();
    let events = events?;
    let fits = header.format == FORMAT && header.folder == folder && header.events == events.len();
    fits.then_some((CommitId(header.head), Known { moved: header.moved, events }))
}

/// Writes the cache, whole or not at all. A cache that cannot be written is no error: the next run takes longer.
fn save(file: &Path, head: &CommitId, folder: &str, known: &Known) {
    let write = || -> Option<()> {
        let parent = file.parent()?;
        std::fs::create_dir_all(parent).ok()?;
        let mut temporary = tempfile::NamedTempFile::new_in(parent).ok()?;
        let header = Header {
            format: FORMAT,
            head: head.0.clone(),
            folder: folder.to_owned(),
            events: known.events.len(),
            moved: known.moved.clone(),
        };
        let mut text = serde_json::to_string(&header).ok()?;
        for event in &known.events {
            text.push('\n');
            text.push_str(&serde_json::to_string(event).ok()?);
        }
        temporary.write_all(text.as_bytes()).ok()?;
        temporary.as_file().sync_all().ok()?;
        temporary.persist(file).ok()?;
        Some(())
    };
    let _unwritten = write();
}
