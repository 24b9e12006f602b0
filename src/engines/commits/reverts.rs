//! Reverts cancel what they take back: by parity along chains, within one list of changes.
use super::{Change, Target, Title, parse};
use std::collections::{BTreeMap, BTreeSet};

/// What reverts make of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in force.
    Kept,
    /// It has no effect, together with the change at this index: it was reverted, or is the revert (of a revert).
    Cancelled {
        /// The other one.
        with: usize,
    },
    /// It is in force and takes back something that is not in the list.
    RevertsOutside {
        /// Title, pull request or commit, as the message names it.
        what: String,
    },
}

/// The fate of each change. `changes` are newest first; a revert can only take back an older one.
pub fn cancelled(changes: &[Change<'_>]) -> Vec<Fate> {
    let groups: Vec<usize> = (0..changes.len()).collect();
    cancelled_in_groups(changes, &groups)
}

/// The same, where changes with equal numbers in `groups` are one piece of work (a merge and what it brought). A group is
/// taken back by a revert of its newest change, of its only change besides merges, of its pull request, or of its title.
/// A revert within a group is the group's own matter.
pub fn cancelled_in_groups(changes: &[Change<'_>], groups: &[usize]) -> Vec<Fate> {
    let known = Known::new(changes, groups);
    let mut targets: Vec<Option<Result<usize, String>>> = vec![None; changes.len()];
    let mut taken = BTreeSet::new();
    for index in (0..changes.len()).rev() {
        let own = known.group(index);
        let Some(title) = known.titles.get(index).filter(|title| !title.reverts.is_empty()) else { continue };
        if known.head(own) != index && known.title(known.head(own)).is_some_and(|head| !head.reverts.is_empty()) {
            continue;
        }
        let found = title.reverts.iter().find_map(|target| known.resolve(index, target, &taken));
        let found = found.filter(|_| !known.names_a_part(title));
        if found.is_some_and(|group| group == own) || (found.is_none() && known.head(own) != index) {
            continue;
        }
        if let Some(group) = found {
            taken.insert(group);
            taken.remove(&own);
            if let Some(Ok(freed)) = targets.get(known.head(group)).cloned().flatten() {
                taken.remove(&freed);
            }
        }
        if let Some(slot) = targets.get_mut(known.head(own)) {
            *slot = Some(found.ok_or_else(|| name_of(title)));
        }
    }
    fates(&known, changes.len(), &targets)
}

/// Parity: a group is in force when an even number of groups that are in force take it back.
fn fates(known: &Known<'_>, count: usize, targets: &[Option<Result<usize, String>>]) -> Vec<Fate> {
    let mut reverters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut fates = vec![Fate::Kept; count];
    for index in 0..count {
        let own = known.group(index);
        if known.head(own) != index {
            let fate = fates.get(known.head(own)).cloned().unwrap_or(Fate::Kept);
            if let (Some(slot), Fate::Cancelled { .. }) = (fates.get_mut(index), &fate) {
                *slot = fate;
            }
            continue;
        }
        let by = reverters.get(&own).cloned().unwrap_or_default();
        let in_force = by.len() % 2 == 0;
        let fate = match (targets.get(index).and_then(Option::as_ref), in_force) {
            (Some(Ok(target)), _) => {
                if in_force {
                    reverters.entry(*target).or_default().push(index);
                }
                let with = if in_force { known.head(*target) } else { by.first().copied().unwrap_or(index) };
                if known.pure_revert(index) { Fate::Cancelled { with } } else { Fate::Kept }
            }
            (_, false) => Fate::Cancelled { with: by.first().copied().unwrap_or(index) },
            (Some(Err(what)), true) => Fate::RevertsOutside { what: what.clone() },
            (None, true) => Fate::Kept,
        };
        if let Some(slot) = fates.get_mut(index) {
            *slot = fate;
        }
    }
    fates
}

fn name_of(title: &Title) -> String {
    let by_title = title.reverts.iter().find_map(|target| match target {
        Target::Title(name) => Some(name.clone()),
        _ => None,
    });
    by_title.unwrap_or_else(|| match title.reverts.first() {
        Some(Target::Commit(id)) => format!("commit {}", id.get(..7).unwrap_or(id)),
        Some(Target::PullRequest(number)) => format!("#{number}"),
        _ => title.description.clone(),
    })
}

/// The changes by everything a revert can name them by.
struct Known<'a> {
    titles: Vec<Title>,
    /// Paths that each group touches.
    files: BTreeMap<usize, BTreeSet<&'a str>>,
    subjects: BTreeMap<String, Vec<usize>>,
    ids: BTreeMap<String, usize>,
    picked: BTreeMap<String, Vec<usize>>,
    pulls: BTreeMap<u64, Vec<usize>>,
    groups: Vec<usize>,
    heads: BTreeMap<usize, usize>,
    works: BTreeMap<usize, usize>,
}

impl<'a> Known<'a> {
    fn new(changes: &[Change<'a>], groups: &[usize]) -> Known<'a> {
        let mut known = Known {
            titles: changes.iter().map(|change| parse(change.subject, change.body)).collect(),
            files: BTreeMap::new(),
            subjects: BTreeMap::new(),
            ids: BTreeMap::new(),
            picked: BTreeMap::new(),
            pulls: BTreeMap::new(),
            groups: (0..changes.len()).map(|index| groups.get(index).copied().unwrap_or(usize::MAX)).collect(),
            heads: BTreeMap::new(),
            works: BTreeMap::new(),
        };
        for (index, (change, title)) in changes.iter().zip(&known.titles).enumerate() {
            let group = known.groups.get(index).copied().unwrap_or(index);
            known.heads.entry(group).or_insert(index);
            known.files.entry(group).or_default().extend(change.files.iter().map(String::as_str));
            *known.works.entry(group).or_default() += usize::from(title.merge.is_none());
            known.ids.insert(change.id.to_ascii_lowercase(), index);
            for id in &title.picked_from {
                known.picked.entry(id.clone()).or_default().push(index);
            }
            if let Some(number) = title.pull_request {
                known.pulls.entry(number).or_default().push(index);
            }
            for name in [plain(change.subject), plain(&title.description)] {
                let list = known.subjects.entry(name).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        known
    }

    fn group(&self, index: usize) -> usize {
        self.groups.get(index).copied().unwrap_or(index)
    }

    fn head(&self, group: usize) -> usize {
        self.heads.get(&group).copied().unwrap_or(usize::MAX)
    }

    fn title(&self, index: usize) -> Option<&Title> {
        self.titles.get(index)
    }

    /// Whether the change says of itself that it is a revert, rather than doing other work too.
    fn pure_revert(&self, index: usize) -> bool {
        self.title(index).is_some_and(|title| !title.reverts.is_empty())
    }

    /// The group that `target` names, when it is older than `index`.
    fn resolve(&self, index: usize, target: &Target, taken: &BTreeSet<usize>) -> Option<usize> {
        let older = |list: &[usize]| -> Option<usize> {
            let mut groups: Vec<usize> =
                list.iter().filter(|other| **other > index).map(|other| self.group(*other)).collect();
            groups.sort_unstable();
            groups.dedup();
            groups.retain(|group| !taken.contains(group));
            (groups.len() == 1).then(|| groups.first().copied()).flatten()
        };
        match target {
            Target::Commit(id) => {
                let found = by_prefix(&self.ids, id).map(|other| vec![*other]);
                let found = found.or_else(|| by_prefix(&self.picked, id).cloned())?;
                let found: Vec<usize> =
                    found.into_iter().filter(|other| *other > index && self.whole(*other)).collect();
                found.first().map(|other| self.group(*other))
            }
            Target::PullRequest(number) => {
                let named = self.pulls.get(number)?.iter().copied();
                older(&named.filter(|other| self.agree(index, *other)).collect::<Vec<_>>())
            }
            Target::Title(name) => {
                let exact: Vec<usize> =
                    self.subjects.get(&plain(name))?.iter().copied().filter(|other| self.whole(*other)).collect();
                older(&exact)
            }
        }
    }

    /// Whether a revert that names the pull request of `other` can mean it. Forks and moved repositories count their pull
    /// requests from 1 again, so the title that it quotes or the files must agree too, as far as they are known.
    fn agree(&self, index: usize, other: usize) -> bool {
        let none = BTreeSet::new();
        let files = |at: usize| self.files.get(&self.group(at)).unwrap_or(&none);
        let (mine, theirs) = (files(index), files(other));
        let mut quoted =
            self.title(index).into_iter().flat_map(|title| &title.reverts).filter_map(|target| match target {
                Target::Title(name) => Some(plain(name)),
                _ => None,
            });
        let unknown = mine.is_empty() || theirs.is_empty();
        match quoted.next() {
            _ if !unknown && mine.intersection(theirs).next().is_some() => true,
            Some(name) => {
                let fits = |name: &str| self.subjects.get(name).is_some_and(|list| list.contains(&other));
                let begins = name.strip_suffix('…').is_some_and(|begin| {
                    self.title(other).is_some_and(|title| plain(&title.description).starts_with(begin))
                });
                fits(&name) || fits(&plain(&parse(&name, "").description)) || begins
            }
            None => unknown,
        }
    }

    /// Whether a revert names, by its id, one change of several that are one piece of work.
    fn names_a_part(&self, title: &Title) -> bool {
        title.reverts.iter().any(|target| match target {
            Target::Commit(id) => by_prefix(&self.ids, id).is_some_and(|index| !self.whole(*index)),
            _ => false,
        })
    }

    /// Whether taking this change back takes its whole group back.
    fn whole(&self, index: usize) -> bool {
        let group = self.group(index);
        self.head(group) == index || self.works.get(&group).is_some_and(|works| *works == 1)
    }
}

/// The only entry whose key begins with `id`.
fn by_prefix<'a, T>(map: &'a BTreeMap<String, T>, id: &str) -> Option<&'a T> {
    let mut hits = map.range(id.to_owned()..).take_while(|(key, _)| key.starts_with(id));
    match (hits.next(), hits.next()) {
        (Some((_, hit)), None) => Some(hit),
        _ => None,
    }
}

/// A title for comparing: small letters, one blank between words.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
