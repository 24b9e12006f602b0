//! Which changes on two branches are the same work: a ladder of keys, strongest first, each link with its evidence.
use super::{Title, parse};
use std::collections::{BTreeMap, BTreeSet};

/// A change, as far as its identity goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'a> {
    /// Commit id in hexadecimal.
    pub id: &'a str,
    /// First line of the message.
    pub subject: &'a str,
    /// The rest of the message.
    pub body: &'a str,
    /// E-mail address of the author.
    pub author_email: &'a str,
    /// When it was written, seconds since 1970.
    pub author_time: i64,
    /// Paths it touches, sorted.
    pub files: &'a [String],
    /// Stable patch id; none for merges and empty changes.
    pub patch_id: Option<[u8; 20]>,
}

/// A change of the left list and one of the right list that are the same work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Index into the left list.
    pub left: usize,
    /// Index into the right list.
    pub right: usize,
    /// Every key that the two share: `trailer`, `patch-id`, `pull request`, `subject and files`, `author and date`.
    pub evidence: Vec<&'static str>,
    /// Whether one of the first three is among them, or title and files leave no doubt: one of the two is tagged as the
    /// backport of the other, or one author touched the same files under the same title.
    pub certain: bool,
    /// Whether both have the same patch id.
    pub same_content: bool,
}

/// Shortest subject that says enough to be compared.
const MIN_SUBJECT: usize = 12;

/// The links between two lists, sorted by `right`. A change has at most one, unless messages name ids: a backport of three
/// commits is the twin of each of them. No wrong link is worth more than one link more: where a key fits several changes,
/// something else must tell them apart, or there is no link by that key.
pub fn twins(left: &[Change<'_>], right: &[Change<'_>]) -> Vec<Link> {
    let left: Vec<Known<'_>> = left.iter().map(Known::new).collect();
    let right: Vec<Known<'_>> = right.iter().map(Known::new).collect();
    let mut matching = Matching::default();
    trailers(&left, &right, &mut matching);
    by_key(&left, &right, &mut matching, |known| {
        known.change.patch_id.filter(|id| id != &[0; 20]).into_iter().collect()
    });
    by_key(&left, &right, &mut matching, |known| known.title.pull_requests.clone());
    by_key(&left, &right, &mut matching, |known| known.subject.clone().into_iter().collect());
    by_key(&left, &right, &mut matching, |known| known.authored().into_iter().collect());
    let mut pairs: BTreeSet<(usize, usize)> = matching.by_right.iter().map(|(r, l)| (*r, *l)).collect();
    pairs.extend(matching.trailer.iter().map(|(l, r)| (*r, *l)));
    pairs.into_iter().filter_map(|(r, l)| link(l, r, left.get(l)?, right.get(r)?, &matching)).collect()
}

#[derive(Default)]
struct Matching {
    by_right: BTreeMap<usize, usize>,
    taken: BTreeSet<usize>,
    trailer: BTreeSet<(usize, usize)>,
}

impl Matching {
    fn add(&mut self, left: usize, right: usize) {
        self.by_right.insert(right, left);
        self.taken.insert(left);
    }
}

/// A change with its title read once.
struct Known<'a> {
    change: &'a Change<'a>,
    title: Title,
    /// Subject for comparing, when it says enough.
    subject: Option<String>,
    files: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn new(change: &'a Change<'a>) -> Known<'a> {
        let title = parse(change.subject, change.body);
        let words: Vec<String> = title.description.split_whitespace().map(str::to_lowercase).collect();
        let text = words.join(" ").trim_end_matches('.').to_owned();
        let enough = text.chars().count() >= MIN_SUBJECT && !trivial(&words) && title.merge.is_none();
        Known {
            change,
            subject: enough.then_some(text),
            files: change.files.iter().map(String::as_str).collect(),
            title,
        }
    }

    fn authored(&self) -> Option<(String, i64)> {
        let known = self.change.author_time != 0 && !self.change.author_email.is_empty() && self.title.merge.is_none();
        known.then(|| (self.change.author_email.to_lowercase(), self.change.author_time))
    }

    fn is_revert(&self) -> bool {
        !self.title.reverts.is_empty()
    }
}

/// Whether a subject is one that every release has: `Update changelog`, `Bump version to 1.2.3`, `Prepare for release`.
fn trivial(words: &[String]) -> bool {
    const VERBS: [&str; 15] = [
        "update",
        "updated",
        "updates",
        "bump",
        "prepare",
        "release",
        "regenerate",
        "regen",
        "add",
        "fix",
        "set",
        "merge",
        "version",
        "cleanup",
        "generate",
    ];
    const THINGS: [&str; 26] = [
        "changelog",
        "changelog.md",
        "version",
        "versions",
        "release",
        "releases",
        "notes",
        "dependencies",
        "deps",
        "dependency",
        "lockfile",
        "readme",
        "readme.md",
        "translations",
        "copyright",
        "license",
        "snapshot",
        "snapshots",
        "tests",
        "lint",
        "typo",
        "typos",
        "formatting",
        "generated",
        "files",
        "submodule",
    ];
    const SMALL: [&str; 11] = ["for", "the", "to", "of", "and", "in", "next", "new", "all", "file", "development"];
    words == ["merge", "commit", "from", "fork"]
        || words.iter().all(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
            VERBS.contains(&word)
                || THINGS.contains(&word)
                || SMALL.contains(&word)
                || word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
        })
}

/// Shared part of two sets of paths; 0 when one is empty.
fn jaccard(left: &BTreeSet<&str>, right: &BTreeSet<&str>) -> f64 {
    let (small, large) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let both = small.iter().filter(|path| large.contains(*path)).count();
    let all = left.len() + right.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}

/// Links by explicit ids. Changes are nodes of a graph, as are the ids that their messages name; whatever hangs together
/// is one piece of work, so that two picks of a third commit, which is in neither list, are found too.
fn trailers(left: &[Known<'_>], right: &[Known<'_>], matching: &mut Matching) {
    let mut classes = Classes::default();
    let ids: BTreeSet<&str> = left.iter().chain(right).map(|known| known.change.id).collect();
    for (offset, list) in [(0, left), (left.len(), right)] {
        for (index, known) in list.iter().enumerate() {
            let own = classes.named(known.change.id);
            classes.place(offset + index, own);
            for id in
                known.title.picked_from.iter().filter(|_| !known.is_revert() || known.title.picked_from.len() == 1)
            {
                let other = classes.named(full(&ids, id));
                classes.unite(own, other);
            }
        }
    }
    let (mut lefts, mut rights) = (BTreeMap::<usize, Vec<usize>>::new(), BTreeMap::<usize, Vec<usize>>::new());
    (0..left.len()).for_each(|index| lefts.entry(classes.of(index)).or_default().push(index));
    (0..right.len()).for_each(|index| rights.entry(classes.of(left.len() + index)).or_default().push(index));
    for (class, lefts) in &lefts {
        let Some(rights) = rights.get(class) else { continue };
        for index in rights.iter().copied() {
            if let Some(best) = right.get(index).and_then(|known| best_of(left, lefts, known)) {
                matching.trailer.insert((best, index));
                matching.add(best, index);
            }
        }
        // One backport of several commits: each of them is linked, not only the one that fits best.
        for index in lefts.iter().copied().filter(|index| !matching.taken.contains(index)).collect::<Vec<_>>() {
            if let Some(best) = left.get(index).and_then(|known| best_of(right, rights, known)) {
                matching.trailer.insert((index, best));
                matching.taken.insert(index);
            }
        }
    }
}

/// The one of a class that a change is the twin of: those that name it or that it names come first.
fn best_of(list: &[Known<'_>], class: &[usize], known: &Known<'_>) -> Option<usize> {
    let direct: Vec<usize> =
        class.iter().copied().filter(|index| list.get(*index).is_some_and(|one| names(one, known))).collect();
    tell_apart(list, if direct.is_empty() { class } else { &direct }, known)
}

fn names(left: &Known<'_>, right: &Known<'_>) -> bool {
    let says = |one: &Known<'_>, other: &Known<'_>| {
        one.title.picked_from.iter().any(|id| other.change.id.to_ascii_lowercase().starts_with(id.as_str()))
    };
    left.change.id == right.change.id || says(left, right) || says(right, left)
}

/// The whole id that begins with `id`, when exactly one does.
fn full<'a>(ids: &BTreeSet<&'a str>, id: &'a str) -> &'a str {
    let mut hits = ids.range(id..).take_while(|known| known.starts_with(id));
    match (hits.next(), hits.next()) {
        (Some(hit), None) => hit,
        _ => id,
    }
}

/// The one of `pool` that fits best: the only one, or the only one with the same subject, patch or author and date.
fn tell_apart(left: &[Known<'_>], pool: &[usize], right: &Known<'_>) -> Option<usize> {
    if let [only] = pool {
        return Some(*only);
    }
    let tests: [fn(&Known<'_>, &Known<'_>) -> bool; 3] = [
        |l, r| l.title.description.eq_ignore_ascii_case(&r.title.description),
        |l, r| l.change.patch_id.is_some() && l.change.patch_id == r.change.patch_id,
        |l, r| l.authored().is_some() && l.authored() == r.authored(),
    ];
    let mut pool = pool.to_vec();
    for test in tests {
        let fits: Vec<usize> =
            pool.iter().copied().filter(|index| left.get(*index).is_some_and(|known| test(known, right))).collect();
        match fits.as_slice() {
            [only] => return Some(*only),
            [] => {}
            _ => pool = fits,
        }
    }
    None
}

/// Links what shares a key and is not linked yet. A key that fits one change on each side links them; where it fits more,
/// a pair must also prefer one another.
fn by_key<K: Ord>(
    left: &[Known<'_>],
    right: &[Known<'_>],
    matching: &mut Matching,
    keys: impl Fn(&Known<'_>) -> Vec<K>,
) {
    let mut table: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (index, known) in left.iter().enumerate().filter(|(index, _)| !matching.taken.contains(index)) {
        keys(known).into_iter().for_each(|key| table.entry(key).or_default().0.push(index));
    }
    for (index, known) in right.iter().enumerate().filter(|(index, _)| !matching.by_right.contains_key(index)) {
        keys(known).into_iter().for_each(|key| table.entry(key).or_default().1.push(index));
    }
    for (lefts, rights) in table.values().filter(|(lefts, rights)| !lefts.is_empty() && !rights.is_empty()) {
        let crowd = lefts.len() > 1 || rights.len() > 1;
        if lefts.len().saturating_mul(rights.len()) > 10_000 {
            continue;
        }
        let fits = |l: usize, r: usize| match (left.get(l), right.get(r)) {
            (Some(l), Some(r)) => plausible(l, r, crowd),
            _ => false,
        };
        for r in rights.iter().copied() {
            let mut mine = lefts.iter().copied().filter(|l| fits(*l, r));
            let (Some(best), None) = (mine.next(), mine.next()) else { continue };
            let rivals = rights.iter().filter(|other| fits(best, **other)).count();
            if rivals == 1 && !matching.taken.contains(&best) && !matching.by_right.contains_key(&r) {
                matching.add(best, r);
            }
        }
    }
}

/// Whether two changes that share a key may be the same. In a crowd more is asked.
fn plausible(left: &Known<'_>, right: &Known<'_>, crowd: bool) -> bool {
    if left.is_revert() != right.is_revert() {
        return false;
    }
    let evidence = shared(left, right);
    let subject = left.title.description.eq_ignore_ascii_case(&right.title.description);
    let authored = evidence.contains(&"author and date");
    let near = jaccard(&left.files, &right.files);
    let content = evidence.contains(&"patch-id");
    match () {
        () if content => !crowd || authored || (subject && left.subject.is_some()),
        () if evidence.contains(&"pull request") => !crowd || (subject && near >= 0.5),
        () if evidence.contains(&"subject and files") => !crowd || (authored && near >= 0.5),
        () => authored && !crowd && (subject || near > 0.0),
    }
}

/// Whether the two name one pull request. Histories of forks and of moved repositories count from 1 again, so two changes
/// that were merged under one number must agree in title, files or author as well; a backport that names the number of its
/// original beside its own need not.
fn same_pull_request(left: &Known<'_>, right: &Known<'_>) -> bool {
    let (mine, theirs) = (&left.title, &right.title);
    mine.pull_requests.iter().filter(|number| theirs.pull_requests.contains(number)).any(|number| {
        let own = mine.pull_request == Some(*number) && theirs.pull_request == Some(*number);
        !own || mine.description.eq_ignore_ascii_case(&theirs.description)
            || jaccard(&left.files, &right.files) >= 0.5
            || (left.authored().is_some() && left.authored() == right.authored())
    })
}

/// Every key that the two share, besides trailers.
fn shared(left: &Known<'_>, right: &Known<'_>) -> Vec<&'static str> {
    let mut keys = Vec::new();
    if left.change.patch_id.is_some_and(|id| id != [0; 20]) && left.change.patch_id == right.change.patch_id {
        keys.push("patch-id");
    }
    if same_pull_request(left, right) {
        keys.push("pull request");
    }
    if left.subject.is_some() && left.subject == right.subject && jaccard(&left.files, &right.files) >= 0.5 {
        keys.push("subject and files");
    }
    if left.authored().is_some() && left.authored() == right.authored() {
        keys.push("author and date");
    }
    keys
}

fn link(l: usize, r: usize, left: &Known<'_>, right: &Known<'_>, matching: &Matching) -> Option<Link> {
    let mut evidence = shared(left, right);
    let same_content = evidence.contains(&"patch-id");
    if matching.trailer.contains(&(l, r)) {
        evidence.insert(0, "trailer");
    }
    let certain = evidence.iter().any(|key| matches!(*key, "trailer" | "patch-id" | "pull request"))
        || (evidence.contains(&"subject and files") && no_doubt(left, right));
    (!evidence.is_empty()).then_some(Link { left: l, right: r, evidence, certain, same_content })
}

/// Whether equal titles and like files are more than likely.
fn no_doubt(left: &Known<'_>, right: &Known<'_>) -> bool {
    let long = left.subject.as_ref().is_some_and(|subject| subject.split(' ').count() >= 3);
    let backport = left.title.branch.is_some() != right.title.branch.is_some();
    let author = !left.change.author_email.is_empty()
        && left.change.author_email.eq_ignore_ascii_case(right.change.author_email);
    long && (backport || (author && left.files == right.files))
}

/// Union-find over changes and the ids that messages name.
#[derive(Default)]
struct Classes {
    parent: Vec<usize>,
    names: BTreeMap<String, usize>,
    places: BTreeMap<usize, usize>,
}

impl Classes {
    fn named(&mut self, id: &str) -> usize {
        let next = self.parent.len();
        let node = *self.names.entry(id.to_ascii_lowercase()).or_insert(next);
        if node == next {
            self.parent.push(next);
        }
        node
    }

    fn place(&mut self, index: usize, node: usize) {
        self.places.insert(index, node);
    }

    fn of(&mut self, index: usize) -> usize {
        let node = self.places.get(&index).copied().unwrap_or(usize::MAX);
        self.root(node)
    }

    fn root(&mut self, mut node: usize) -> usize {
        while let Some(up) = self.parent.get(node).copied().filter(|up| *up != node) {
            let above = self.parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.parent.get_mut(node) {
                *slot = above;
            }
            node = above;
        }
        node
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.parent.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests;
