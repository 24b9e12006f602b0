//! Everything between two commits for many modules in one walk: exact sets of commits, and the files that differ.
use super::commit::{self, Mailmap};
use super::diff::{Changed, Differ};
use super::graph::{Graph, LEFT, RIGHT};
use super::open::{Repository, missing, object_id};
use super::patch::patch_id;
use super::paths::PathSet;
use crate::model::{CodeRange, Commit, CommitId, FileChange, Result};
use gix::ObjectId;
use rayon::prelude::*;

/// How many commits one thread takes at a time: neighbours share most of their trees.
const PORTION: usize = 64;

/// What to find out about each commit besides that it is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Want {
    /// The files of each commit under the module's paths.
    pub files: bool,
    /// The patch id of each commit that is no merge, when both sides have commits of their own.
    pub patch_ids: bool,
    /// Merges that differ from their first parent too: what the merge of a pull request usually is.
    pub merges: bool,
    /// For modules that are the whole repository, commits and merges that change nothing too.
    pub empty: bool,
}

/// A commit that one side has alone.
struct Step {
    id: ObjectId,
    tree: ObjectId,
    /// Trees of the parents; the empty tree for a root.
    parents: Vec<Option<ObjectId>>,
}

/// What the walk found.
struct Walk {
    sides: [Vec<Step>; 2],
    bases: Vec<CommitId>,
    /// Trees of the two ends; the left one is absent when everything up to the right one was asked for.
    trees: [Option<ObjectId>; 2],
}

/// A commit that some of the modules have, with the files of each.
struct Touched<'w> {
    step: &'w Step,
    commit: Commit,
    modules: Vec<(usize, Result<Vec<String>>)>,
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
        self.between(Some(from), to, modules, want)
    }

    /// Everything up to `to`, from the first commits on, for each module on its own. The left commit of the answer is the id
    /// that Git writes for nothing (zeros), and every file is new.
    ///
    /// # Errors
    /// As `ranges`.
    pub fn history(&self, to: &CommitId, modules: &[PathSet], want: Want) -> Result<Vec<Result<CodeRange>>> {
        self.between(None, to, modules, want)
    }

    fn between(
        &self,
        from: Option<&CommitId>,
        to: &CommitId,
        modules: &[PathSet],
        want: Want,
    ) -> Result<Vec<Result<CodeRange>>> {
        let walk = self.walk(from.map(object_id).transpose()?, object_id(to)?)?;
        let nothing = CommitId("0".repeat(to.0.len()));
        let from = from.unwrap_or(&nothing);
        let work =
            Work { repository: self, mailmap: self.with(Mailmap::of), modules, all: PathSet::union(modules), want };
        let [left, right] = [work.touched(&walk.sides[0])?, work.touched(&walk.sides[1])?];
        let range = |module: usize| -> Result<CodeRange> {
            let [mut only_from, mut only_to] = [of_module(&left, module)?, of_module(&right, module)?];
            if want.patch_ids && !only_from.is_empty() && !only_to.is_empty() {
                work.add_patch_ids(module, &mut only_from)?;
                work.add_patch_ids(module, &mut only_to)?;
            }
            let commits = |found: Vec<(&Step, Commit)>| found.into_iter().map(|(_, commit)| commit).collect();
            let files = work.files(walk.trees, module)?;
            let (from, to, merge_bases) = (from.clone(), to.clone(), walk.bases.clone());
            Ok(CodeRange { from, to, merge_bases, only_from: commits(only_from), only_to: commits(only_to), files })
        };
        Ok((0..modules.len()).into_par_iter().map(range).collect())
    }

    fn walk(&self, left: Option<ObjectId>, right: ObjectId) -> Result<Walk> {
        self.with(|repo| {
            let mut graph = Graph::new(self, repo);
            if left == Some(right) {
                let number = graph.number(right);
                graph.load(number)?;
                let tree = graph.nodes.get(number).map(|node| node.tree).ok_or_else(|| missing(&right, "commit"))?;
                let bases = vec![CommitId(right.to_string())];
                return Ok(Walk { sides: [Vec::new(), Vec::new()], bases, trees: [Some(tree), Some(tree)] });
            }
            graph.mark(left, right)?;
            graph.check_complete()?;
            let sides = [graph.only(LEFT), graph.only(RIGHT)].map(|side| steps(&graph, &side));
            let ends = [left.map(|left| graph.number(left)), Some(graph.number(right))];
            let trees = ends.map(|end| graph.nodes.get(end?).map(|node| node.tree));
            let bases = graph.merge_bases();
            self.keep_graph(repo, &mut graph);
            Ok(Walk { sides, bases, trees })
        })
    }
}

fn steps(graph: &Graph<'_>, numbers: &[usize]) -> Vec<Step> {
    let tree = |number: usize| graph.nodes.get(number).map(|node| node.tree);
    let step = |number: &usize| {
        let node = graph.nodes.get(*number)?;
        let mut parents: Vec<Option<ObjectId>> = graph.parents(*number).map(tree).collect();
        if parents.is_empty() {
            parents.push(None);
        }
        Some(Step { id: node.id, tree: node.tree, parents })
    };
    numbers.iter().filter_map(step).collect()
}

/// The commits of one module, in the order of the walk.
fn of_module<'w>(touched: &[Touched<'w>], module: usize) -> Result<Vec<(&'w Step, Commit)>> {
    let mut found = Vec::new();
    for one in touched {
        if let Some((_, files)) = one.modules.iter().find(|(index, _)| *index == module) {
            let files = files.clone()?;
            found.push((one.step, Commit { files, ..one.commit.clone() }));
        }
    }
    Ok(found)
}

struct Work<'a> {
    repository: &'a Repository,
    mailmap: Mailmap,
    modules: &'a [PathSet],
    /// The paths of all modules.
    all: PathSet,
    want: Want,
}

impl Work<'_> {
    /// The commits that belong to any module, in many threads; the order stays.
    fn touched<'w>(&self, steps: &'w [Step]) -> Result<Vec<Touched<'w>>> {
        let portions: Vec<Result<Vec<Touched<'w>>>> = steps
            .par_chunks(PORTION)
            .map(|portion| {
                self.repository.with(|repo| {
                    let mut differ = Differ::new(repo);
                    portion.iter().filter_map(|step| self.touch(repo, &mut differ, step).transpose()).collect()
                })
            })
            .collect();
        let mut found = Vec::new();
        for portion in portions {
            found.extend(portion?);
        }
        Ok(found)
    }

    fn touch<'w>(
        &self,
        repo: &gix::Repository,
        differ: &mut Differ<'_>,
        step: &'w Step,
    ) -> Result<Option<Touched<'w>>> {
        let modules = match step.parents.as_slice() {
            [one] => self.changed(differ, *one, step.tree),
            _ => self.merged(differ, step),
        };
        if modules.is_empty() {
            return Ok(None);
        }
        Ok(Some(Touched { step, commit: commit::read(repo, step.id, &self.mailmap)?, modules }))
    }

    /// The modules that a commit with one parent changes: the trees are compared once for all of them.
    fn changed(
        &self,
        differ: &mut Differ<'_>,
        parent: Option<ObjectId>,
        tree: ObjectId,
    ) -> Vec<(usize, Result<Vec<String>>)> {
        let all = differ.changes(parent, Some(tree), &self.all);
        let of = |(index, paths): (usize, &PathSet)| {
            let files = match &all {
                Ok(all) => Ok(self.names(all.iter().filter(|file| paths.contains(&file.path)))),
                // What is missing may be in the way of some modules only.
                Err(_) => differ.changes(parent, Some(tree), paths).map(|files| self.names(files.iter())),
            };
            match files {
                Ok(None) => (self.want.empty && paths.is_whole()).then(|| (index, Ok(Vec::new()))),
                Ok(Some(files)) => Some((index, Ok(files))),
                Err(why) => Some((index, Err(why))),
            }
        };
        self.modules.iter().enumerate().filter_map(of).collect()
    }

    /// The files by name, or none of them when they are not wanted; `None` when there are none.
    fn names<'f>(&self, files: impl Iterator<Item = &'f Changed>) -> Option<Vec<String>> {
        let mut files = files.peekable();
        files.peek()?;
        Some(if self.want.files { files.map(|file| file.path.clone()).collect() } else { Vec::new() })
    }

    /// The modules in which a merge differs from every parent (from the first, when more merges are wanted), with the files
    /// that differ from the first.
    fn merged(&self, differ: &mut Differ<'_>, step: &Step) -> Vec<(usize, Result<Vec<String>>)> {
        let mut touches = |paths: &PathSet| -> Result<Option<Vec<String>>> {
            let counted = if self.want.merges { 1 } else { step.parents.len() };
            for parent in step.parents.iter().take(counted) {
                if !differ.differs(*parent, step.tree, paths)? {
                    return Ok((self.want.empty && paths.is_whole()).then(Vec::new));
                }
            }
            let first = step.parents.first().copied().flatten();
            let files = if self.want.files { differ.changes(first, Some(step.tree), paths)? } else { Vec::new() };
            Ok(Some(files.into_iter().map(|file| file.path).collect()))
        };
        let of = |(index, paths)| touches(paths).transpose().map(|files| (index, files));
        self.modules.iter().enumerate().filter_map(of).collect()
    }

    fn add_patch_ids(&self, module: usize, commits: &mut [(&Step, Commit)]) -> Result<()> {
        let Some(paths) = self.modules.get(module) else { return Ok(()) };
        commits.par_chunks_mut(PORTION).try_for_each(|portion| {
            self.repository.with(|repo| {
                let mut differ = Differ::new(repo);
                for (step, commit) in portion.iter_mut() {
                    if let [parent] = step.parents.as_slice() {
                        let changes = differ.changes(*parent, Some(step.tree), paths)?;
                        commit.patch_id = patch_id(repo, &changes);
                    }
                }
                Ok(())
            })
        })
    }

    fn files(&self, [old, new]: [Option<ObjectId>; 2], module: usize) -> Result<Vec<FileChange>> {
        let Some(paths) = self.modules.get(module) else { return Ok(Vec::new()) };
        let files = self.repository.with(|repo| Differ::new(repo).changes(old, new, paths))?;
        Ok(files.into_iter().map(|file| FileChange { status: file.status(), path: file.path }).collect())
    }
}
