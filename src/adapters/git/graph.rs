//! The graph of commits: which are reachable from one side and not from the other, exactly, whatever their dates say.
use super::numbers::Numbers;
use super::open::{Repository, damaged, missing};
use crate::model::{CommitId, Diagnostic, Result, codes};
use gix::ObjectId;
use gix::objs::{Find, Kind};
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

/// Reachable from the left commit.
pub(super) const LEFT: u8 = 1;
/// Reachable from the right commit.
pub(super) const RIGHT: u8 = 2;
/// An ancestor of a common commit.
const STALE: u8 = 4;
/// In the queue of the walk.
const WAITING: u8 = 8;
const BOTH: u8 = LEFT | RIGHT;
/// Generation of commits that no commit-graph knows.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// A commit in the graph. Its message is not kept: a walk holds what it needs of the history and no more.
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) time: i64,
    pub(super) generation: u32,
    /// Its parents in `Graph::edges`.
    edges: (u32, u32),
    flags: u8,
    pub(super) loaded: bool,
}

/// The commits seen so far, by a number of their own.
pub(super) struct Graph<'repo> {
    repo: &'repo gix::Repository,
    pub(super) stored: Option<Arc<gix::commitgraph::Graph>>,
    pub(super) shallow: BTreeSet<ObjectId>,
    numbers: Numbers,
    pub(super) nodes: Vec<Node>,
    edges: Vec<u32>,
    /// How many commits were read as objects, because no commit-graph has them.
    pub(super) read: usize,
    buffer: Vec<u8>,
}

impl<'repo> Graph<'repo> {
    /// An empty graph over `repo`, which is a handle of `repository`.
    pub(super) fn new(repository: &Repository, repo: &'repo gix::Repository) -> Graph<'repo> {
        let shallow: BTreeSet<ObjectId> =
            repo.shallow_commits().ok().flatten().map(|ids| ids.iter().copied().collect()).unwrap_or_default();
        // A stored commit-graph knows the parents behind the edge of a shallow clone.
        let stored = if shallow.is_empty() { repository.stored_graph(repo) } else { None };
        let (nodes, edges, buffer) = (Vec::new(), Vec::new(), Vec::new());
        Graph { repo, stored, shallow, numbers: Numbers::default(), nodes, edges, read: 0, buffer }
    }

    /// The number of a commit.
    pub(super) fn number(&mut self, id: ObjectId) -> usize {
        if let Some(number) = self.numbers.get(&id, |number| self.nodes.get(number).map(|node| &node.id)) {
            return number;
        }
        let number = self.nodes.len();
        let tree = ObjectId::null(id.kind());
        let generation = match self.stored.as_ref().and_then(|stored| stored.commit_by_id(id)) {
            Some(commit) if (1..gix::commitgraph::GENERATION_NUMBER_MAX).contains(&commit.generation()) => {
                commit.generation()
            }
            _ => UNKNOWN,
        };
        self.nodes.push(Node { id, tree, time: 0, generation, edges: (0, 0), flags: 0, loaded: false });
        self.numbers.add(number, |number| self.nodes.get(number).map(|node| &node.id));
        number
    }

    /// Numbers of the parents of a commit that was loaded.
    pub(super) fn parents(&self, number: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let (start, end) = self.nodes.get(number).map_or((0, 0), |node| node.edges);
        self.edges.get(start as usize..end as usize).unwrap_or_default().iter().map(|parent| *parent as usize)
    }

    /// Whether the clone ends at this commit.
    pub(super) fn is_edge(&self, number: usize) -> bool {
        self.nodes.get(number).is_some_and(|node| self.shallow.contains(&node.id))
    }

    fn flags(&self, number: usize) -> u8 {
        self.nodes.get(number).map_or(0, |node| node.flags)
    }

    /// Reads the commit, once.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn load(&mut self, number: usize) -> Result<()> {
        let Some((id, false)) = self.nodes.get(number).map(|node| (node.id, node.loaded)) else { return Ok(()) };
        let (tree, mut parents, time) = match self.stored_commit(&id) {
            Some(found) => found,
            None => self.read_commit(&id)?,
        };
        if self.shallow.contains(&id) {
            parents.clear();
        }
        let start = self.edges.len();
        for parent in parents {
            let parent = self.number(parent);
            self.edges.push(u32::try_from(parent).map_err(|_| damaged(&id, "commit", "it has too many ancestors"))?);
        }
        let place = |at: usize| u32::try_from(at).map_err(|_| damaged(&id, "commit", "it has too many ancestors"));
        let edges = (place(start)?, place(self.edges.len())?);
        if let Some(node) = self.nodes.get_mut(number) {
            (node.tree, node.edges, node.time, node.loaded) = (tree, edges, time, true);
        }
        Ok(())
    }

    fn stored_commit(&self, id: &ObjectId) -> Option<(ObjectId, Vec<ObjectId>, i64)> {
        let stored = self.stored.as_ref()?;
        let commit = stored.commit_by_id(id)?;
        let parents: Option<Vec<ObjectId>> =
            commit.iter_parents().map(|parent| parent.ok().map(|parent| stored.id_at(parent).to_owned())).collect();
        Some((
            commit.root_tree_id().to_owned(),
            parents?,
            i64::try_from(commit.committer_timestamp()).unwrap_or(i64::MAX),
        ))
    }

    fn read_commit(&mut self, id: &ObjectId) -> Result<(ObjectId, Vec<ObjectId>, i64)> {
        let data = self.repo.objects.try_find(id, &mut self.buffer).map_err(|error| damaged(id, "commit", error))?;
        let data = data.ok_or_else(|| missing(id, "commit"))?;
        if data.kind != Kind::Commit {
            return Err(damaged(id, "commit", format!("it is a {}", data.kind)));
        }
        self.read += 1;
        parse(data.data).ok_or_else(|| damaged(id, "commit", "its header does not parse"))
    }

    /// Marks everything that is reachable from either side, as far as it is needed to tell the sides apart.
    ///
    /// A queue by generation makes an early end exact: a commit comes after all its descendants. Commits without a
    /// known generation are never left in the queue, so without a stored graph both sides are marked to their roots.
    /// Without a left side everything is on the right.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn mark(&mut self, left: Option<ObjectId>, right: ObjectId) -> Result<()> {
        let mut queue = Queue::default();
        for (id, flag) in left.map(|left| (left, LEFT)).into_iter().chain([(right, RIGHT)]) {
            let number = self.number(id);
            self.add_flags(number, flag, &mut queue)?;
        }
        while queue.undecided > 0 {
            let Some((generation, _, number)) = queue.heap.pop() else { break };
            let flags = self.flags(number) & !WAITING;
            if let Some(node) = self.nodes.get_mut(number) {
                node.flags = flags;
            }
            queue.undecided -= usize::from(is_undecided(generation, flags));
            let given = if flags & BOTH == BOTH { flags | STALE } else { flags };
            let (start, end) = self.nodes.get(number).map_or((0, 0), |node| node.edges);
            for at in start as usize..end as usize {
                if let Some(parent) = self.edges.get(at).map(|parent| *parent as usize) {
                    self.add_flags(parent, given, &mut queue)?;
                }
            }
        }
        Ok(())
    }

    /// Gives a commit flags, and puts it into the queue when it had not all of them.
    fn add_flags(&mut self, number: usize, flags: u8, queue: &mut Queue) -> Result<()> {
        self.load(number)?;
        let Some(node) = self.nodes.get_mut(number) else { return Ok(()) };
        if node.flags | flags == node.flags {
            return Ok(());
        }
        let waits = node.flags & WAITING != 0;
        queue.undecided -= usize::from(waits && is_undecided(node.generation, node.flags & !WAITING));
        node.flags |= flags;
        queue.undecided += usize::from(is_undecided(node.generation, node.flags & !WAITING));
        if !waits {
            node.flags |= WAITING;
            // Among commits of no known generation the newer one first: most then have all flags at their first turn.
            queue.heap.push((node.generation, node.time, number));
        }
        Ok(())
    }

    /// Numbers of the commits that only one side reaches, newest first: no parent before a child, then by time.
    pub(super) fn only(&self, side: u8) -> Vec<usize> {
        let members: Vec<usize> = (0..self.nodes.len()).filter(|number| self.flags(*number) & BOTH == side).collect();
        self.newest_first(&members)
    }

    /// Numbers of all commits seen, newest first.
    pub(super) fn all(&self) -> Vec<usize> {
        self.newest_first(&(0..self.nodes.len()).collect::<Vec<_>>())
    }

    /// Marks everything that is reachable from `head`, to its roots.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn mark_all(&mut self, head: ObjectId) -> Result<()> {
        self.number(head);
        // Numbers are given in the order of discovery, so the end is reached when no new ones come.
        let mut number = 0;
        while number < self.nodes.len() {
            self.load(number)?;
            number += 1;
        }
        Ok(())
    }

    /// The best common ancestors, sorted.
    pub(super) fn merge_bases(&self) -> Vec<CommitId> {
        let mut bases: Vec<CommitId> = self
            .nodes
            .iter()
            .filter(|node| node.flags & BOTH == BOTH && node.flags & STALE == 0)
            .map(|node| CommitId(node.id.to_string()))
            .collect();
        bases.sort();
        bases
    }

    /// Sorts commits: no parent before a child, the newer time first, then by id.
    pub(super) fn newest_first(&self, members: &[usize]) -> Vec<usize> {
        // Children that still come, plus one for a member.
        let mut children = vec![0u32; self.nodes.len()];
        for number in members {
            children.get_mut(*number).into_iter().for_each(|count| *count = 1);
        }
        for number in members {
            for parent in self.parents(*number) {
                children.get_mut(parent).into_iter().filter(|count| **count > 0).for_each(|count| *count += 1);
            }
        }
        let key = |number: usize| self.nodes.get(number).map(|node| (node.time, node.id, number));
        let is_next = |children: &[u32], number: usize| children.get(number) == Some(&1);
        let mut ready: BinaryHeap<_> =
            members.iter().filter(|number| is_next(&children, **number)).filter_map(|number| key(*number)).collect();
        let mut sorted = Vec::with_capacity(members.len());
        while let Some((_, _, number)) = ready.pop() {
            sorted.push(number);
            for parent in self.parents(number) {
                if let Some(count) = children.get_mut(parent).filter(|count| **count > 1) {
                    *count -= 1;
                    ready.extend((*count == 1).then(|| key(parent)).flatten());
                }
            }
        }
        sorted
    }

    /// Fails when the edge of a shallow clone leaves the one-sided sets open.
    ///
    /// What is beyond an edge that both sides reach is common. So the sets are right when no one-sided commit is an edge
    /// itself, and when none can be an ancestor of an edge, which is certain when it descends from it.
    ///
    /// # Errors
    /// PL0201 with the number of commits that are here.
    pub(super) fn check_complete(&self) -> Result<()> {
        if self.shallow.is_empty() {
            return Ok(());
        }
        let edges: Vec<usize> =
            (0..self.nodes.len()).filter(|number| self.flags(*number) != 0 && self.is_edge(*number)).collect();
        if edges.is_empty() {
            return Ok(());
        }
        let lonely = |number: usize| matches!(self.flags(number) & BOTH, LEFT | RIGHT);
        let mut complete = edges.len() <= 64 && !edges.iter().any(|edge| lonely(*edge));
        if complete {
            let all = u64::MAX >> (64 - edges.len());
            let below = self.edges_below(&edges);
            complete = (0..self.nodes.len())
                .filter(|number| lonely(*number))
                .all(|number| below.get(number).copied().unwrap_or(0) == all);
        }
        if complete { Ok(()) } else { Err(shallow(self.nodes.len())) }
    }

    /// For each commit, which of `edges` it descends from, one bit each.
    fn edges_below(&self, edges: &[usize]) -> Vec<u64> {
        let mut below = vec![0u64; self.nodes.len()];
        for (bit, edge) in edges.iter().enumerate() {
            if let Some(slot) = below.get_mut(*edge) {
                *slot |= 1 << bit;
            }
        }
        for number in self.all().into_iter().rev() {
            let inherited = self.parents(number).filter_map(|parent| below.get(parent)).fold(0, |sum, bits| sum | bits);
            if let Some(slot) = below.get_mut(number) {
                *slot |= inherited;
            }
        }
        below
    }
}

#[derive(Default)]
struct Queue {
    heap: BinaryHeap<(u32, i64, usize)>,
    /// How many of them can still change what is known about the sides.
    undecided: usize,
}

/// Whether a waiting commit can still change what is known about the sides.
fn is_undecided(generation: u32, flags: u8) -> bool {
    flags != 0 && (generation == UNKNOWN || flags != BOTH | STALE)
}

/// PL0201 with the number of commits that are here.
pub(super) fn shallow(visible: usize) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            &codes::PL0201,
            format!("the clone is shallow: only {visible} commits are here, and the history goes on before them"),
        )
        .hint("git fetch --unshallow --tags")
        .hint("in CI: fetch-depth: 0"),
    )
}

/// Tree, parents and commit time out of a commit object.
fn parse(data: &[u8]) -> Option<(ObjectId, Vec<ObjectId>, i64)> {
    let (mut tree, mut parents, mut time) = (None, Vec::new(), 0);
    for line in data.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty()) {
        if let Some(hex) = line.strip_prefix(b"tree ") {
            tree = tree.or(ObjectId::from_hex(hex).ok());
        } else if let Some(hex) = line.strip_prefix(b"parent ") {
            parents.push(ObjectId::from_hex(hex).ok()?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            time = seconds(committer);
            break;
        }
    }
    Some((tree?, parents, time))
}

fn seconds(committer: &[u8]) -> i64 {
    let text = committer.rsplit(|byte| *byte == b'>').next().unwrap_or_default();
    let text = std::str::from_utf8(text).unwrap_or_default();
    text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
