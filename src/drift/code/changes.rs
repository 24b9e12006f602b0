//! Commits of two sides without merges, reverted pairs and twins; and what makes waiting commits risky.
use crate::engines::commits::{self, Change, Fate, Merge, Title};
use crate::model::Commit;
use std::collections::{BTreeMap, BTreeSet};

/// Two commits that are the same work.
pub(super) struct Linked<'a> {
    /// On the side that comes.
    pub(super) coming: &'a Commit,
    /// On the side that is there.
    pub(super) present: &'a Commit,
    /// How it is known.
    pub(super) evidence: Vec<&'static str>,
    /// Whether it is certain.
    pub(super) certain: bool,
    /// Whether both patches are known and are not equal.
    pub(super) differs: bool,
}

/// What is left of two sets of commits, newest first.
pub(super) struct Sides<'a> {
    /// Commits that come and have no twin.
    pub(super) coming: Vec<&'a Commit>,
    /// Commits that are there and have no twin.
    pub(super) present: Vec<&'a Commit>,
    /// The twins.
    pub(super) links: Vec<Linked<'a>>,
    /// How many coming commits cancel each other.
    pub(super) cancelled: usize,
}

/// Takes out merges, then what was reverted on its own side, then twins. In this order, because work that was reverted on
/// one side is not there, whatever twin it has: on the other side it still waits, or would be lost.
pub(super) fn split<'a>(all_coming: &'a [Commit], all_present: &'a [Commit]) -> Sides<'a> {
    let (coming, cancelled) = in_force(all_coming);
    let (present, _) = in_force(all_present);
    let left: Vec<Change<'_>> = coming.iter().map(|commit| change(commit)).collect();
    let right: Vec<Change<'_>> = present.iter().map(|commit| change(commit)).collect();
    let mut links = Vec::new();
    let (mut left_gone, mut right_gone) = (BTreeSet::new(), BTreeSet::new());
    for link in commits::twins(&left, &right) {
        let (Some(a), Some(b)) = (coming.get(link.left), present.get(link.right)) else { continue };
        left_gone.insert(link.left);
        right_gone.insert(link.right);
        let differs = !link.same_content && a.patch_id.is_some() && b.patch_id.is_some();
        links.push(Linked { coming: a, present: b, evidence: link.evidence, certain: link.certain, differs });
    }
    // Work that the one side squashed may have come to the other as the merge of a pull request.
    let merged = |coming, present| Linked { coming, present, evidence: vec![MERGED], certain: true, differs: false };
    for (at, merge) in merged_as(&coming, &left_gone, all_present) {
        left_gone.insert(at);
        links.extend(coming.get(at).map(|commit| merged(*commit, merge)));
    }
    for (at, merge) in merged_as(&present, &right_gone, all_coming) {
        right_gone.insert(at);
        links.extend(present.get(at).map(|commit| merged(merge, *commit)));
    }
    links.sort_by(|a, b| (&a.present.id, &a.coming.id).cmp(&(&b.present.id, &b.coming.id)));
    one_difference_each(&mut links);
    Sides { coming: without(&coming, &left_gone), present: without(&present, &right_gone), links, cancelled }
}

/// Evidence of a squash whose pull request was merged on the other side.
const MERGED: &str = "merged pull request";

/// Which of `own` that have no twin were merged as a pull request on the other side: index and merge. The two must agree in
/// number and title, since forks count their pull requests from 1 again; a backport that names its original need not.
fn merged_as<'a>(own: &[&'a Commit], gone: &BTreeSet<usize>, other: &'a [Commit]) -> Vec<(usize, &'a Commit)> {
    let mut merges: BTreeMap<u64, (Title, &'a Commit)> = BTreeMap::new();
    for commit in other.iter().filter(|commit| commit.is_merge()) {
        let title = commits::parse(&commit.subject, &commit.body);
        if let (Some(number), Some(Merge::PullRequest)) = (title.pull_request, title.merge) {
            merges.entry(number).or_insert((title, commit));
        }
    }
    if merges.is_empty() {
        return Vec::new();
    }
    // A backport may have a number of its own and name no other; its title is that of one merge then.
    let titled = |title: &Title| {
        let enough = title.branch.is_some() && title.description.split(' ').count() > 3;
        let mut fits = merges.values().filter(|_| enough).filter(|(merged, _)| {
            title.description.eq_ignore_ascii_case(&merged.description)
                && title.reverts.is_empty() == merged.reverts.is_empty()
        });
        fits.next().map(|(_, merge)| *merge).filter(|_| fits.next().is_none())
    };
    let found = own.iter().enumerate().filter(|(at, _)| !gone.contains(at)).filter_map(|(at, commit)| {
        let title = commits::parse(&commit.subject, &commit.body);
        let same = |number: &u64| {
            let (merged, merge) = merges.get(number)?;
            let named =
                title.pull_request != Some(*number) || title.description.eq_ignore_ascii_case(&merged.description);
            (named && title.reverts.is_empty() == merged.reverts.is_empty()).then_some(*merge)
        };
        let merge = title.pull_requests.iter().find_map(same).or_else(|| titled(&title))?;
        Some((at, merge))
    });
    found.collect()
}

/// Commits of a side that are no merges and were not reverted on it, and how many were.
fn in_force(commits: &[Commit]) -> (Vec<&Commit>, usize) {
    let own: Vec<&Commit> = commits.iter().filter(|commit| !commit.is_merge()).collect();
    let changes: Vec<Change<'_>> = own.iter().map(|commit| change(commit)).collect();
    let fates = commits::cancelled(&changes);
    let gone: BTreeSet<usize> =
        (0..own.len()).filter(|at| matches!(fates.get(*at), Some(Fate::Cancelled { .. }))).collect();
    (without(&own, &gone), gone.len())
}

/// A commit with several twins differs only when it equals none of them, and is told once.
fn one_difference_each(links: &mut [Linked<'_>]) {
    let equal: BTreeSet<String> =
        links.iter().filter(|link| !link.differs).map(|link| link.present.id.0.clone()).collect();
    let mut told = BTreeSet::new();
    for link in links {
        let id = &link.present.id.0;
        link.differs = link.differs && !equal.contains(id) && told.insert(id.clone());
    }
}

fn without<'a>(commits: &[&'a Commit], gone: &BTreeSet<usize>) -> Vec<&'a Commit> {
    commits.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, commit)| *commit).collect()
}

fn change(commit: &Commit) -> Change<'_> {
    Change {
        id: &commit.id.0,
        subject: &commit.subject,
        body: &commit.body,
        author_email: &commit.author.email,
        author_time: commit.author_time,
        files: &commit.files,
        patch_id: commit.patch_id,
    }
}

/// What makes it worse that these commits wait: name and reason of each part.
pub(super) fn risks(commits: &[&Commit]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let risky = commits.iter().flat_map(|commit| &commit.files).filter(|file| risk_path(file)).min();
    if let Some(file) = risky {
        found.push(("risk path", format!("schema, chart or interface changes: {file}")));
    }
    let fixes = commits.iter().filter(|commit| is_fix(&commit.subject)).count();
    if fixes > 0 {
        found.push(("fixes", format!("fixes among them: {fixes}")));
    }
    found
}

/// Why losing this commit is no loss for those who run the module: a bump of the version, of dependencies, tests, docs.
pub(super) fn upkeep(commit: &Commit) -> Option<String> {
    let title = commits::parse(&commit.subject, &commit.body);
    let category = commits::category(&title, &commit.files);
    let matters = title.breaking.is_some() || !title.advisories.is_empty() || commit.subject.contains("CVE");
    category.left_out.filter(|_| !matters).map(|why| why.strip_prefix("type ").unwrap_or(&why).to_owned())
}

fn risk_path(file: &str) -> bool {
    let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
    let folder = |part: &str| matches!(part, "migrations" | "migration" | "charts" | "chart" | "proto" | "protos");
    folders.split('/').any(folder) || name.ends_with(".proto")
}

fn is_fix(subject: &str) -> bool {
    let word: String = subject.chars().take_while(|c| c.is_alphabetic()).collect();
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    is("fix") || is("fixes") || is("fixed") || is("hotfix") || is("security") || subject.contains("CVE-")
}
