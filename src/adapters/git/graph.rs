//! The graph of commits: which are reachable from one side and not from the other, exactly, whatever their dates say.
use super::open::{Repository, damaged, missing};
use crate::model::{CommitId, Diagnostic, Result, codes};
use gix::ObjectId;
use gix::objs::{Find, Kind};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Reachable from the left commit.
pub(super) const LEFT: u8 = 1;
/// Reachable from the right commit.
pub(super) const RIGHT: u8 = 2;
/// An ancestor of a common commit.
const STALE: u8 = 4;
const BOTH: u8 = LEFT | RIGHT;
/// Generation of commits that no commit-graph knows.
const UNKNOWN: u32 = u32::MAX;

/// A commit in the graph.
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<usize>,
    pub(super) time: i64,
    generation: u32,
    flags: u8,
    loaded: bool,
}

/// The commits seen so far, by a number of their own.
pub(super) struct Graph<'repo> {
    repo: &'repo gix::Repository,
    stored: Option<gix::commitgraph::Graph>,
    shallow: BTreeSet<ObjectId>,
    numbers: BTreeMap<ObjectId, usize>,
    pub(super) nodes: Vec<Node>,
    buffer: Vec<u8>,
}

impl<'repo> Graph<'repo> {
    /// An empty graph over `repo`. A stored commit-graph is used when nothing changes the parents it knows.
    pub(super) fn new(repo: &'repo gix::Repository) -> Graph<'repo> {
        let shallow: BTreeSet<ObjectId> =
            repo.shallow_commits().ok().flatten().map(|ids| ids.iter().copied().collect()).unwrap_or_default();
        let stored = if shallow.is_empty() { repo.commit_graph_if_enabled().ok().flatten() } else { None };
        Graph { repo, stored, shallow, numbers: BTreeMap::new(), nodes: Vec::new(), buffer: Vec::new() }
    }

    /// The number of a commit.
    pub(super) fn number(&mut self, id: ObjectId) -> usize {
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        let number = self.nodes.len();
        let tree = ObjectId::null(id.kind());
        let generation = match self.stored.as_ref().and_then(|stored| stored.commit_by_id(id)) {
            Some(commit) if (1..gix::commitgraph::GENERATION_NUMBER_MAX).contains(&commit.generation()) => {
                commit.generation()
            }
            _ => UNKNOWN,
        };
        self.numbers.insert(id, number);
        self.nodes.push(Node { id, tree, parents: Vec::new(), time: 0, generation, flags: 0, loaded: false });
        number
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
        let parents = parents.into_iter().map(|parent| self.number(parent)).collect();
        if let Some(node) = self.nodes.get_mut(number) {
            (node.tree, node.parents, node.time, node.loaded) = (tree, parents, time, true);
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
            self.add_flags(number, flag, &mut queue);
        }
        while queue.undecided > 0 {
            let Some((generation, number)) = queue.heap.pop() else { break };
            let flags = self.flags(number);
            queue.waiting.remove(&number);
            queue.undecided -= usize::from(is_undecided(generation, queue.pushed.remove(&number).unwrap_or(0)));
            self.load(number)?;
            let parents = self.nodes.get(number).map(|node| node.parents.clone()).unwrap_or_default();
            let given = if flags & BOTH == BOTH { flags | STALE } else { flags };
            for parent in parents {
                self.add_flags(parent, given, &mut queue);
            }
        }
        Ok(())
    }

    fn add_flags(&mut self, number: usize, flags: u8, queue: &mut Queue) {
        let Some(node) = self.nodes.get_mut(number) else { return };
        if node.flags | flags == node.flags {
            return;
        }
        node.flags |= flags;
        let (generation, flags) = (node.generation, node.flags);
        if queue.waiting.insert(number) {
            queue.heap.push((generation, number));
        }
        let before = queue.pushed.insert(number, flags).is_some_and(|before| is_undecided(generation, before));
        queue.undecided = queue.undecided + usize::from(is_undecided(generation, flags)) - usize::from(before);
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
        let mut todo = vec![self.number(head)];
        let mut seen = BTreeSet::from_iter(todo.iter().copied());
        while let Some(number) = todo.pop() {
            self.load(number)?;
            let parents = self.nodes.get(number).map(|node| node.parents.clone()).unwrap_or_default();
            todo.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
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
        let mut children: BTreeMap<usize, usize> = members.iter().map(|number| (*number, 0)).collect();
        let parents = |number: usize| self.nodes.get(number).map_or(&[][..], |node| node.parents.as_slice());
        for number in members {
            for parent in parents(*number) {
                children.entry(*parent).and_modify(|count| *count += 1);
            }
        }
        let key = |number: usize| self.nodes.get(number).map(|node| (node.time, node.id, number));
        let mut ready: BinaryHeap<_> =
            children.iter().filter(|(_, count)| **count == 0).filter_map(|(number, _)| key(*number)).collect();
        let mut sorted = Vec::with_capacity(members.len());
        while let Some((_, _, number)) = ready.pop() {
            sorted.push(number);
            for parent in parents(number) {
                if let Some(count) = children.get_mut(parent) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        ready.extend(key(*parent));
                    }
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
        let all: Vec<usize> = (0..self.nodes.len()).collect();
        let mut below = vec![0u64; self.nodes.len()];
        for (bit, edge) in edges.iter().enumerate() {
            if let Some(slot) = below.get_mut(*edge) {
                *slot |= 1 << bit;
            }
        }
        for number in self.newest_first(&all).into_iter().rev() {
            let parents = self.nodes.get(number).map_or(&[][..], |node| node.parents.as_slice());
            let inherited = parents.iter().filter_map(|parent| below.get(*parent)).fold(0, |sum, bits| sum | bits);
            if let Some(slot) = below.get_mut(number) {
                *slot |= inherited;
            }
        }
        below
    }
}

#[derive(Default)]
struct Queue {
    heap: BinaryHeap<(u32, usize)>,
    waiting: BTreeSet<usize>,
    pushed: BTreeMap<usize, u8>,
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

impl Repository {
    /// Whether `a` is `b` or an ancestor of it.
    ///
    /// # Errors
    /// PL0201 when the clone ends before that is certain, PL0204.
    pub fn is_ancestor(&self, a: &CommitId, b: &CommitId) -> Result<bool> {
        let (a, b) = (super::open::object_id(a)?, super::open::object_id(b)?);
        self.with(|repo| {
            let mut graph = Graph::new(repo);
            let (wanted, start) = (graph.number(a), graph.number(b));
            graph.load(wanted)?;
            let lowest = graph.nodes.get(wanted).map_or(UNKNOWN, |node| node.generation);
            let (mut todo, mut seen, mut edge) = (vec![start], BTreeSet::from([start]), false);
            while let Some(number) = todo.pop() {
                if number == wanted {
                    return Ok(true);
                }
                let generation = graph.nodes.get(number).map_or(UNKNOWN, |node| node.generation);
                if lowest != UNKNOWN && generation != UNKNOWN && generation <= lowest {
                    continue;
                }
                graph.load(number)?;
                edge |= graph.is_edge(number);
                let parents = graph.nodes.get(number).map(|node| node.parents.clone()).unwrap_or_default();
                todo.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
            }
            if edge { Err(shallow(graph.nodes.len())) } else { Ok(false) }
        })
    }

    /// The newest commit along the first parents of `head` whose commit time is at or before `seconds`.
    ///
    /// # Errors
    /// PL0201 when the clone ends before one is found, PL0204.
    pub fn commit_at(&self, head: &CommitId, seconds: i64) -> Result<Option<CommitId>> {
        let head = super::open::object_id(head)?;
        self.with(|repo| {
            let mut graph = Graph::new(repo);
            let (mut at, mut seen) = (Some(graph.number(head)), BTreeSet::new());
            while let Some(number) = at.filter(|number| seen.insert(*number)) {
                graph.load(number)?;
                let Some(node) = graph.nodes.get(number) else { break };
                if node.time <= seconds {
                    return Ok(Some(CommitId(node.id.to_string())));
                }
                if graph.is_edge(number) {
                    return Err(shallow(graph.nodes.len()));
                }
                at = node.parents.first().copied();
            }
            Ok(None)
        })
    }
}
