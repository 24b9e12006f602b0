//! The history of the files in one folder: who gave each which content, and when. Kept in a cache file between runs.
use super::commit::{self, Mailmap};
use super::diff::Differ;
use super::graph::{Graph, RIGHT, shallow};
use super::log::{Kept, Log};
use super::open::{Repository, object_id};
use super::paths::PathSet;
use crate::model::{CommitId, Person, Result};
use gix::ObjectId;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Commit times are kept within this, so that sums cannot overflow.
const FAR: i64 = 1 << 40;
/// How many commits one thread takes at a time: neighbours share most of their trees.
const PORTION: usize = 512;

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

/// A commit to compare with its parents.
struct Step {
    id: ObjectId,
    tree: ObjectId,
    /// Trees of the parents; the empty tree for a root.
    parents: Vec<Option<ObjectId>>,
    time: i64,
    at: i64,
}

/// What a commit did in the folder.
struct Done {
    author: Person,
    files: BTreeMap<String, Option<ObjectId>>,
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
        self.path_events_of(head, &[folder.to_owned()], cache)
    }

    /// All events of several files and folders out of one walk; else as `path_events`.
    ///
    /// # Errors
    /// Those of `path_events`.
    pub fn path_events_of(&self, head: &CommitId, places: &[String], cache: Option<&Path>) -> Result<Vec<PathEvent>> {
        let head_id = object_id(head)?;
        let folder = &places.join("\n");
        let cached = cache.and_then(|file| Log::load(file, folder));
        let (old, mut log) = self.usable(cached, head);
        if old.as_ref() != Some(head) {
            let old = old.as_ref().map(object_id).transpose()?;
            let paths = PathSet::literal(places.iter().map(String::as_str));
            for steps in self.steps(old, head_id, &mut log)?.chunks(PORTION * 64) {
                self.extend(&mut log, steps, &paths)?;
            }
            log.sort();
            if let Some(file) = cache {
                log.save(file, head, folder);
            }
        }
        let mailmap = self.with(Mailmap::of);
        Ok(told(&log, &mailmap))
    }

    /// What of the cache counts: all of it when its head is an ancestor of `head`, else nothing.
    fn usable(&self, cached: Option<(CommitId, Log)>, head: &CommitId) -> (Option<CommitId>, Log) {
        match cached {
            Some((old, log)) if old == *head => (Some(old), log),
            Some((old, log)) if self.has_commit(&old) && self.is_ancestor(&old, head).unwrap_or(false) => {
                (Some(old), log)
            }
            _ => (None, Log::default()),
        }
    }

    /// The commits that `head` reaches and `old` does not, oldest first.
    fn steps(&self, old: Option<ObjectId>, head: ObjectId, log: &mut Log) -> Result<Vec<Step>> {
        self.with(|repo| {
            let mut graph = Graph::new(self, repo);
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
            let mut steps = Vec::with_capacity(fresh.len());
            for number in fresh.into_iter().rev() {
                let at = place(&graph, number, &mut log.moved);
                let Some(node) = graph.nodes.get(number) else { continue };
                let mut parents: Vec<Option<ObjectId>> =
                    graph.parents(number).filter_map(|parent| graph.nodes.get(parent)).map(|p| Some(p.tree)).collect();
                if parents.is_empty() {
                    parents.push(None);
                }
                // The same tree as the only parent's: a commit of nothing.
                if parents != [Some(node.tree)] {
                    steps.push(Step { id: node.id, tree: node.tree, parents, time: node.time, at });
                }
            }
            self.keep_graph(repo, &mut graph);
            Ok(steps)
        })
    }

    /// Compares commits with their parents, in many threads, and adds what they did.
    fn extend(&self, log: &mut Log, steps: &[Step], paths: &PathSet) -> Result<()> {
        let done: Vec<Result<Vec<Option<Done>>>> = steps
            .par_chunks(PORTION)
            .map(|portion| {
                self.with(|repo| {
                    let mut differ = Differ::new(repo);
                    portion.iter().map(|step| look(repo, &mut differ, step, paths)).collect()
                })
            })
            .collect();
        for (portion, done) in steps.chunks(PORTION).zip(done) {
            for (step, done) in portion.iter().zip(done?) {
                let Some(done) = done else { continue };
                let author = log.people.number(&done.author);
                for (path, blob) in done.files {
                    let (path, merge) = (log.paths.number(&path), step.parents.len() > 1);
                    log.events.push(Kept { at: step.at, commit: step.id, path, blob, merge, time: step.time, author });
                }
            }
        }
        Ok(())
    }
}

fn look(repo: &gix::Repository, differ: &mut Differ<'_>, step: &Step, paths: &PathSet) -> Result<Option<Done>> {
    let mut files = BTreeMap::new();
    for parent in &step.parents {
        for file in differ.changes(*parent, Some(step.tree), paths)? {
            files.insert(file.path, file.new.map(|(_, id)| id));
        }
    }
    if files.is_empty() {
        return Ok(None);
    }
    Ok(Some(Done { author: commit::author(repo, step.id)?, files }))
}

/// The place of a commit in the order: its time, but later than all its parents. It depends on nothing but its history,
/// so that it is the same with and without a cache. Only places that differ from the time are remembered.
fn place(graph: &Graph<'_>, number: usize, moved: &mut BTreeMap<ObjectId, i64>) -> i64 {
    let Some(node) = graph.nodes.get(number) else { return 0 };
    let time = node.time.clamp(0, FAR);
    let mut at = time;
    for parent in graph.parents(number) {
        let Some(parent) = graph.nodes.get(parent) else { continue };
        let before = moved.get(&parent.id).copied().unwrap_or(parent.time.clamp(0, FAR));
        at = at.max(before.saturating_add(1));
    }
    if at != time {
        moved.insert(node.id, at);
    }
    at
}

/// Drops what merges did not change, and names the people.
fn told(log: &Log, mailmap: &Mailmap) -> Vec<PathEvent> {
    let mut state: Vec<Option<ObjectId>> = vec![None; log.paths.len()];
    let mut people: BTreeMap<u32, Person> = BTreeMap::new();
    let mut found = Vec::with_capacity(log.events.len());
    for event in &log.events {
        let before = state.get_mut(event.path as usize).and_then(|slot| std::mem::replace(slot, event.blob));
        if event.merge && before == event.blob {
            continue;
        }
        let (Some(path), Some(person)) = (log.paths.get(event.path), log.people.get(event.author)) else { continue };
        let author = people.entry(event.author).or_insert_with(|| mailmap.person(&person.name, &person.email));
        found.push(PathEvent {
            commit: CommitId(event.commit.to_string()),
            time: event.time,
            author: author.clone(),
            path: path.clone(),
            blob: event.blob.map(|blob| blob.to_string()),
        });
    }
    found
}
