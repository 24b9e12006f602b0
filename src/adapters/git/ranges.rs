//! Everything between two commits for many modules in one walk: exact sets of commits, and the files that differ.
use super::commit::{self, Mailmap};
use super::diff::Differ;
use super::graph::{Graph, LEFT, RIGHT};
use super::open::{Repository, object_id};
use super::patch::patch_id;
use super::paths::PathSet;
use crate::model::{CodeRange, Commit, CommitId, FileChange, Result};

/// What to find out about each commit besides that it is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Want {
    /// The files of each commit under the module's paths.
    pub files: bool,
    /// The patch id of each commit that is no merge, when both sides have commits of their own.
    pub patch_ids: bool,
}

impl Repository {
    /// What lies between `from` and `to`, for each module on its own.
    ///
    /// A commit belongs to a module when it changes a file under the module's paths; a merge does when its result
    /// under the paths differs from every parent's. These are the commits of `git rev-list --full-history A..B -- PATHS`,
    /// which lists merges already when they differ from one parent.
    ///
    /// # Errors
    /// PL0201 when the clone is shallow and the sets are not certain, PL0204 when a commit is not here. The inner
    /// error is PL0204 when trees of that module are not here.
    pub fn ranges(
        &self,
        from: &CommitId,
        to: &CommitId,
        modules: &[PathSet],
        want: Want,
    ) -> Result<Vec<Result<CodeRange>>> {
        self.between(Some(object_id(from)?), object_id(to)?, modules, want)
    }

    /// Everything up to `to`, from the first commits on, for each module on its own. The left commit of the answer is the id
    /// that Git writes for nothing (zeros), and every file is new.
    ///
    /// # Errors
    /// As `ranges`.
    pub fn history(&self, to: &CommitId, modules: &[PathSet], want: Want) -> Result<Vec<Result<CodeRange>>> {
        self.between(None, object_id(to)?, modules, want)
    }

    fn between(
        &self,
        left: Option<gix::ObjectId>,
        right: gix::ObjectId,
        modules: &[PathSet],
        want: Want,
    ) -> Result<Vec<Result<CodeRange>>> {
        self.with(|repo| {
            let mut graph = Graph::new(repo);
            graph.mark(left, right)?;
            graph.check_complete()?;
            let sides = [graph.only(LEFT), graph.only(RIGHT)];
            // Parents of one-sided commits may be common ones that the walk had no need to read.
            for number in sides.iter().flatten() {
                let parents = graph.nodes.get(*number).map(|node| node.parents.clone()).unwrap_or_default();
                for parent in parents {
                    graph.load(parent)?;
                }
            }
            let ends = (left.map(|left| graph.number(left)), graph.number(right));
            for end in ends.0.into_iter().chain([ends.1]) {
                graph.load(end)?;
            }
            let mut run = Run {
                repo,
                bases: graph.merge_bases(),
                graph: &graph,
                differ: Differ::new(repo),
                mailmap: Mailmap::of(repo),
                want,
            };
            Ok(modules.iter().map(|paths| run.module(&sides, ends, paths)).collect())
        })
    }
}

struct Run<'a> {
    repo: &'a gix::Repository,
    graph: &'a Graph<'a>,
    bases: Vec<CommitId>,
    differ: Differ<'a>,
    mailmap: Mailmap,
    want: Want,
}

impl Run<'_> {
    fn module(&mut self, sides: &[Vec<usize>; 2], ends: (Option<usize>, usize), paths: &PathSet) -> Result<CodeRange> {
        let [left, right] = [self.touching(&sides[0], paths)?, self.touching(&sides[1], paths)?];
        let patch_ids = self.want.patch_ids && !left.is_empty() && !right.is_empty();
        let mut read = |numbers: &[usize]| -> Result<Vec<Commit>> {
            numbers.iter().map(|number| self.commit(*number, paths, patch_ids)).collect()
        };
        let (only_from, only_to) = (read(&left)?, read(&right)?);
        let end = |end: usize| self.graph.nodes.get(end).map(|node| (node.id, node.tree)).ok_or_else(not_there);
        let (to, new) = end(ends.1)?;
        let (from, old) = match ends.0 {
            Some(left) => end(left).map(|(id, tree)| (id, Some(tree)))?,
            None => (gix::ObjectId::null(to.kind()), None),
        };
        let (from, to) = (CommitId(from.to_string()), CommitId(to.to_string()));
        let files = self.differ.changes(old, Some(new), paths)?;
        let files = files.iter().map(|file| FileChange { path: file.path.clone(), status: file.status() }).collect();
        Ok(CodeRange { from, to, merge_bases: self.bases.clone(), only_from, only_to, files })
    }

    fn touching(&mut self, numbers: &[usize], paths: &PathSet) -> Result<Vec<usize>> {
        let mut found = Vec::new();
        for number in numbers {
            if touches(self.graph, &mut self.differ, *number, paths)? {
                found.push(*number);
            }
        }
        Ok(found)
    }

    fn commit(&mut self, number: usize, paths: &PathSet, patch_ids: bool) -> Result<Commit> {
        let node = self.graph.nodes.get(number).ok_or_else(not_there)?;
        let mut commit = commit::read(self.repo, node.id, &self.mailmap)?;
        let patch = patch_ids && !commit.is_merge();
        if self.want.files || patch {
            let parent = node.parents.first().and_then(|parent| self.graph.nodes.get(*parent)).map(|node| node.tree);
            let changes = self.differ.changes(parent, Some(node.tree), paths)?;
            if patch {
                commit.patch_id = patch_id(self.repo, &changes);
            }
            if self.want.files {
                commit.files = changes.into_iter().map(|file| file.path).collect();
            }
        }
        Ok(commit)
    }
}

fn not_there() -> Box<crate::model::Diagnostic> {
    Box::new(crate::model::Diagnostic::error(&crate::model::codes::PL0900, "a commit left the graph"))
}

/// Whether a commit differs from all its parents (a root commit: from nothing) under the paths.
fn touches(graph: &Graph<'_>, differ: &mut Differ<'_>, number: usize, paths: &PathSet) -> Result<bool> {
    let Some(node) = graph.nodes.get(number) else { return Ok(false) };
    if node.parents.is_empty() {
        return differ.differs(None, node.tree, paths);
    }
    for parent in &node.parents {
        let Some(parent) = graph.nodes.get(*parent) else { continue };
        if !differ.differs(Some(parent.tree), node.tree, paths)? {
            return Ok(false);
        }
    }
    Ok(true)
}
