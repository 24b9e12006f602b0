//! Units of work: a pull request's merge with the commits it brought, a squash, a single commit.
use crate::engines::commits::{Change, Fate, Merge, Title, cancelled_in_groups, parse};
use crate::model::{CommitId, ModuleCommit};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Commits that are one change to its readers.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// Indexes of its commits, newest first.
    pub members: Vec<usize>,
    /// The commit whose title speaks for all.
    pub title: usize,
    /// Pull request.
    pub pull_request: Option<u64>,
    /// What reverts make of it.
    pub fate: Fate,
    /// Why it is no entry, when that is known from its commits alone.
    pub reason: Option<String>,
}

/// All units, by their newest commit, newest first, and the titles of all commits.
pub(super) struct Units {
    pub list: Vec<Unit>,
    pub titles: Vec<Title>,
}

impl Units {
    pub(super) fn of(commits: &[ModuleCommit], shipped: &BTreeMap<CommitId, String>) -> Units {
        let titles: Vec<Title> = commits.iter().map(|one| parse(&one.commit.subject, &one.commit.body)).collect();
        let graph = Graph::new(commits);
        let group = groups(commits, &titles, &graph);
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, group) in group.iter().enumerate() {
            members.entry(*group).or_default().push(index);
        }
        let mut list = Vec::new();
        for mut members in members.into_values() {
            list.extend(shipped_part(commits, shipped, &mut members));
            list.extend(unit(commits, &titles, members));
        }
        list.sort_by_key(|unit| unit.members.first().copied());
        fates(commits, &mut list);
        Units { list, titles }
    }
}

/// Takes what the other side already has out of a group; merges go with it when nothing else is left.
fn shipped_part(commits: &[ModuleCommit], shipped: &BTreeMap<CommitId, String>, members: &mut Vec<usize>) -> Vec<Unit> {
    let reason = |index: usize| commits.get(index).and_then(|one| shipped.get(&one.commit.id));
    let merge = |index: usize| commits.get(index).is_some_and(|one| one.commit.is_merge());
    let Some(any) = members.iter().find_map(|index| reason(*index)) else { return Vec::new() };
    let whole = members.iter().all(|index| reason(*index).is_some() || merge(*index))
        || members.first().is_some_and(|head| reason(*head).is_some() && merge(*head));
    let gone: Vec<usize> = members.iter().copied().filter(|index| whole || reason(*index).is_some()).collect();
    members.retain(|index| !gone.contains(index));
    let part = |index: usize| {
        let why = reason(index).unwrap_or(any).clone();
        Unit { members: vec![index], title: index, pull_request: None, fate: Fate::Kept, reason: Some(why) }
    };
    gone.into_iter().map(part).collect()
}

fn unit(commits: &[ModuleCommit], titles: &[Title], members: Vec<usize>) -> Option<Unit> {
    let head = *members.first()?;
    let works: Vec<usize> = members.iter().copied().filter(|index| !is_merge(commits, titles, *index)).collect();
    let says = |index: usize| titles.get(index).is_some_and(|title| !title.description.is_empty());
    // A merge without a title of its own speaks through its only commit, or its oldest.
    let title = if says(head) { head } else { works.last().copied().unwrap_or(head) };
    let pull_request = members.iter().find_map(|index| titles.get(*index).and_then(|title| title.pull_request));
    // A merge of no pull request is no work of its own, whatever it is called: what it brought stands for itself.
    let pull = titles.get(head).is_some_and(is_pull);
    let bare = works.is_empty() && (!says(head) || (is_merge(commits, titles, head) && !pull));
    let reason = bare.then(|| "merge".to_owned());
    Some(Unit { members, title, pull_request, fate: Fate::Kept, reason })
}

fn is_merge(commits: &[ModuleCommit], titles: &[Title], index: usize) -> bool {
    let branch = titles.get(index).is_some_and(|title| title.merge.is_some() && title.description.is_empty());
    branch || commits.get(index).is_some_and(|one| one.commit.is_merge())
}

/// Whether a merge with this title is that of a pull request: forges let people write the title themselves.
fn is_pull(title: &Title) -> bool {
    title.merge == Some(Merge::PullRequest) || (title.merge.is_none() && title.pull_request.is_some())
}

/// Lets reverts cancel units. Commits that are left out for another reason take no part.
fn fates(commits: &[ModuleCommit], list: &mut [Unit]) {
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, unit) in list.iter().enumerate().filter(|(_, unit)| unit.reason.is_none()) {
        unit.members.iter().for_each(|index| {
            rows.insert(*index, number);
        });
    }
    let mut by_repository: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, number) in &rows {
        if let Some(one) = commits.get(*index) {
            by_repository.entry(&one.repository).or_default().push((*index, *number));
        }
    }
    for rows in by_repository.into_values() {
        let changes: Vec<Change<'_>> = rows.iter().filter_map(|(index, _)| commits.get(*index)).map(change).collect();
        let groups: Vec<usize> = rows.iter().map(|(_, number)| *number).collect();
        let mut seen = BTreeSet::new();
        for (fate, (_, number)) in cancelled_in_groups(&changes, &groups).into_iter().zip(&rows) {
            if let Some(unit) = list.get_mut(*number).filter(|_| seen.insert(*number)) {
                unit.fate = fate;
            }
        }
    }
}

fn change(one: &ModuleCommit) -> Change<'_> {
    Change {
        id: &one.commit.id.0,
        subject: &one.commit.subject,
        body: &one.commit.body,
        author_email: &one.commit.author.email,
        author_time: one.commit.author_time,
        files: &one.commit.files,
        patch_id: one.commit.patch_id,
    }
}

/// The group of each commit: the index of the merge, or of the newest commit with the same pull request, or its own.
fn groups(commits: &[ModuleCommit], titles: &[Title], graph: &Graph) -> Vec<usize> {
    let mut group: Vec<usize> = (0..commits.len()).collect();
    // Oldest merges first, so that a pull request within another keeps its own commits.
    for index in graph.oldest_first.iter().copied() {
        let pull = titles.get(index).is_some_and(is_pull);
        if !pull || !commits.get(index).is_some_and(|one| one.commit.is_merge()) {
            continue;
        }
        let brought = graph.brought(index);
        for child in brought {
            let alone = group.get(child) == Some(&child);
            let merge = commits.get(child).is_some_and(|one| one.commit.is_merge());
            let plain = titles.get(child).is_some_and(|title| !(merge && is_pull(title)));
            if let Some(slot) = group.get_mut(child).filter(|_| alone && plain) {
                *slot = index;
            }
        }
    }
    by_number(commits, titles, &mut group);
    group
}

/// Brings together what was merged under one number: a pull request that was rebased, or mended after its merge.
fn by_number(commits: &[ModuleCommit], titles: &[Title], group: &mut [usize]) {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group.iter().enumerate().for_each(|(index, own)| members.entry(*own).or_default().push(index));
    let mut known: BTreeMap<(&str, u64, bool), Vec<usize>> = BTreeMap::new();
    for index in 0..commits.len() {
        let (Some(one), Some(title)) = (commits.get(index), titles.get(index)) else { continue };
        let Some(number) = title.pull_request.filter(|_| group.get(index) == Some(&index)) else { continue };
        let heads = known.entry((&one.repository, number, !title.reverts.is_empty())).or_default();
        let same = heads.iter().copied().find(|head| one_work(commits, titles, &members, *head, index));
        let Some(newest) = same else {
            heads.push(index);
            continue;
        };
        let moved = members.remove(&index).unwrap_or_default();
        for member in &moved {
            if let Some(slot) = group.get_mut(*member) {
                *slot = newest;
            }
        }
        members.entry(newest).or_default().extend(moved);
    }
}

/// How far apart the commits of one pull request are at most, in seconds.
const NEAR: i64 = 90 * 86_400;

/// Whether two groups with one number are one pull request. Forks and moved repositories count from 1 again, so the number
/// is not enough: the titles agree, or they are near in time and share an author or a file.
fn one_work(
    commits: &[ModuleCommit],
    titles: &[Title],
    members: &BTreeMap<usize, Vec<usize>>,
    one: usize,
    other: usize,
) -> bool {
    let title = |at: usize| titles.get(at).map_or("", |title| title.description.as_str());
    if !title(one).is_empty() && title(one).eq_ignore_ascii_case(title(other)) {
        return true;
    }
    let of = |at: usize| members.get(&at).into_iter().flatten().filter_map(|index| commits.get(*index));
    let near = of(one).any(|a| of(other).any(|b| a.commit.time.abs_diff(b.commit.time) <= NEAR.unsigned_abs()));
    let people = |at: usize| -> BTreeSet<&str> {
        of(at).flat_map(|c| std::iter::once(&c.commit.author).chain(&c.commit.co_authors)).map(|p| &*p.email).collect()
    };
    let files = |at: usize| -> BTreeSet<&str> { of(at).flat_map(|c| &c.commit.files).map(String::as_str).collect() };
    near && (!people(one).is_disjoint(&people(other)) || !files(one).is_disjoint(&files(other)))
}

/// The part of the history that is in the range, by index.
struct Graph {
    parents: Vec<Vec<usize>>,
    /// Place in an order in which children stand before parents.
    rank: Vec<usize>,
    oldest_first: Vec<usize>,
}

impl Graph {
    fn new(commits: &[ModuleCommit]) -> Graph {
        let index: BTreeMap<(&str, &str), usize> = commits
            .iter()
            .enumerate()
            .map(|(at, one)| ((one.repository.as_str(), one.commit.id.0.as_str()), at))
            .collect();
        // A parent outside the range is a number that is no index, so that the first parent stays the first.
        let known = |one: &ModuleCommit, id: &CommitId| {
            index.get(&(one.repository.as_str(), id.0.as_str())).copied().unwrap_or(usize::MAX)
        };
        let parents: Vec<Vec<usize>> =
            commits.iter().map(|one| one.commit.parents.iter().map(|id| known(one, id)).collect()).collect();
        let mut children = vec![0usize; commits.len()];
        for parent in parents.iter().flatten() {
            if let Some(count) = children.get_mut(*parent) {
                *count += 1;
            }
        }
        let mut ready: Vec<usize> = (0..commits.len()).rev().filter(|at| children.get(*at) == Some(&0)).collect();
        let mut order = Vec::with_capacity(commits.len());
        while let Some(next) = ready.pop() {
            order.push(next);
            for parent in parents.get(next).into_iter().flatten() {
                if let Some(count) = children.get_mut(*parent) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*parent);
                    }
                }
            }
        }
        let mut rank = vec![0; commits.len()];
        for (place, at) in order.iter().enumerate() {
            if let Some(slot) = rank.get_mut(*at) {
                *slot = place;
            }
        }
        Graph { parents, rank, oldest_first: order.into_iter().rev().collect() }
    }

    /// What a merge brought: reachable from its further parents and not from its first. Both sides are painted from the
    /// newest commit down, until nothing is left that only the further parents reach.
    fn brought(&self, merge: usize) -> Vec<usize> {
        let mut front = Front::default();
        let mut found = Vec::new();
        for (number, parent) in self.parents.get(merge).into_iter().flatten().enumerate() {
            front.reach(self, *parent, if number == 0 { FIRST } else { FURTHER });
        }
        while front.open > 0 {
            let Some((_, at)) = front.heap.pop() else { break };
            let colour = front.paint.get(&at).copied().unwrap_or(0);
            if colour == FURTHER {
                front.open -= 1;
                found.push(at);
            }
            for parent in self.parents.get(at).into_iter().flatten() {
                front.reach(self, *parent, colour);
            }
        }
        found
    }
}

const FIRST: u8 = 1;
const FURTHER: u8 = 2;

/// Commits that are painted, and those whose parents are not yet.
#[derive(Default)]
struct Front {
    paint: BTreeMap<usize, u8>,
    heap: BinaryHeap<(Reverse<usize>, usize)>,
    /// How many in the heap only the further parents reach.
    open: usize,
}

impl Front {
    fn reach(&mut self, graph: &Graph, at: usize, colour: u8) {
        let Some(rank) = graph.rank.get(at) else { return };
        let old = self.paint.get(&at).copied();
        let new = old.unwrap_or(0) | colour;
        self.paint.insert(at, new);
        if new == FURTHER && old.is_none() {
            self.open += 1;
        }
        if old == Some(FURTHER) && new != FURTHER {
            self.open = self.open.saturating_sub(1);
        }
        if old.is_none() {
            self.heap.push((Reverse(*rank), at));
        }
    }
}
