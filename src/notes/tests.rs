//! Notes out of small histories, and the law of the sum.
use super::{Input, build, repo_links};
use crate::engines::commits::TicketPattern;
use crate::model::{Commit, CommitId, ModuleCommit, Person, ReleaseNotes};
use proptest::prelude::*;

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), email: format!("{}@x.io", name.to_lowercase()) }
}

fn commit(id: &str, parents: &[&str], subject: &str, body: &str) -> ModuleCommit {
    ModuleCommit {
        commit: Commit {
            id: CommitId(id.to_owned()),
            parents: parents.iter().map(|id| CommitId((*id).to_owned())).collect(),
            author: person("Jo"),
            co_authors: Vec::new(),
            author_time: 1_763_900_000,
            time: 1_763_900_000,
            subject: subject.to_owned(),
            body: body.to_owned(),
            files: Vec::new(),
            patch_id: None,
        },
        modules: vec!["shop".to_owned()],
        repository: "shop".to_owned(),
    }
}

fn input(commits: Vec<ModuleCommit>) -> Input {
    Input { project: "shop".into(), from: "v1".into(), to: "v2".into(), commits, ..Input::default() }
}

/// `Section: text < commits` for each entry, then `- commit reason`.
fn lines(notes: &ReleaseNotes) -> Vec<String> {
    let ids = |list: &[CommitId]| list.iter().map(|id| id.0.clone()).collect::<Vec<_>>().join(" ");
    let entries = notes.sections.iter().flat_map(|section| {
        section.entries.iter().map(move |entry| format!("{}: {} < {}", section.name, entry.text, ids(&entry.commits)))
    });
    entries.chain(notes.left_out.iter().map(|left| format!("- {} {}", left.commit, left.reason))).collect()
}

fn check(commits: Vec<ModuleCommit>, expected: &[&str]) -> ReleaseNotes {
    let notes = build(input(commits));
    assert_eq!(lines(&notes), expected);
    assert_eq!(notes.statistics.commits, notes.statistics.in_entries + notes.statistics.left_out);
    notes
}

#[test]
fn sections_texts_and_reasons() {
    let mut bot = commit("f", &["g"], "chore(deps): bump a from 1 to 2", "");
    bot.commit.author = person("dependabot[bot]");
    let mut elsewhere = commit("g", &[], "Fix it", "");
    elsewhere.modules.clear();
    let notes = check(
        vec![
            commit("a", &["b"], "feat(cart)!: partial refunds. (#412)", ""),
            commit("b", &["c"], "[BUGFIX] refund timeout", "BREAKING CHANGE: ask twice"),
            commit("c", &["d"], "docs: x", ""),
            commit("d", &["e"], "Merge branch 'x' into y", ""),
            commit("e", &["f"], "kubeProxy waits", ""),
            bot,
            elsewhere,
        ],
        &[
            "Added: Partial refunds < a",
            "Modified: kubeProxy waits < e",
            "Fixed: Refund timeout < b",
            "- c type docs",
            "- d merge",
            "- f dependencies",
            "- g no module",
        ],
    );
    assert_eq!(notes.breaking.len(), 2);
    assert_eq!(notes.breaking[1].breaking.as_deref(), Some("Ask twice"));
    assert_eq!(notes.date.as_deref(), Some("2025-11-23"));
    assert_eq!(
        notes.contributors.iter().map(|who| (who.commits, who.bot)).collect::<Vec<_>>(),
        [(5, false), (1, true)]
    );
    assert_eq!(notes.sections[0].entries[0].scope.as_deref(), Some("cart"));
}

#[test]
fn a_merge_brings_its_commits_and_no_others() {
    check(
        vec![
            commit("m2", &["m1", "f2"], "Merge pull request #2 from x/y", "Add search"),
            commit("f2", &["f1"], "wip", ""),
            commit("u", &["f1", "m1"], "Merge branch 'main' into y", ""),
            commit("m1", &["c1", "g1"], "Merge branch 'g' into 'main'", "fix: the cart\n\nSee merge request a/b!7"),
            commit("g1", &["c1"], "try", ""),
            commit("f1", &["c1"], "feat: begin", ""),
            commit("c1", &["c0"], "Tune it", ""),
        ],
        &["Added: Add search < m2 f2 f1", "Modified: Tune it < c1", "Fixed: The cart < m1 g1", "- u merge"],
    );
}

#[test]
fn commits_of_other_modules_only_tell_what_a_merge_brought() {
    let other = |mut one: ModuleCommit| {
        one.modules.clear();
        one
    };
    let commits = vec![
        other(commit("m1", &["b", "f2"], "Merge pull request #2 from x/y", "Add search")),
        commit("f2", &["f1"], "wip", ""),
        other(commit("f1", &["a"], "wip elsewhere", "")),
        commit("b", &["a"], "fix: b", ""),
        other(commit("a", &["0"], "fix: a", "")),
    ];
    let mut some = input(commits.clone());
    some.some_modules = true;
    let notes = build(some);
    assert_eq!(lines(&notes), ["Added: Add search < m1 f2 f1", "Fixed: B < b"]);
    assert_eq!((notes.statistics.commits, notes.statistics.in_entries, notes.contributors[0].commits), (4, 4, 2));
    check(commits, &["Added: Add search < m1 f2 f1", "Fixed: B < b", "- a no module"]);
}

#[test]
fn numbers_of_another_repository_bring_nothing_together() {
    let old = |mut one: ModuleCommit, email: &str| {
        one.commit.time -= 400 * 86_400;
        one.commit.author.email = email.to_owned();
        one
    };
    let new = commit("b", &["a"], "Add the cart (#5)", "");
    check(
        vec![new.clone(), old(commit("a", &[], "Add refunds (#5)", ""), "z")],
        &["Added: Add the cart < b", "Added: Add refunds < a"],
    );
    check(vec![new, old(commit("a", &[], "Add the cart (#5)", ""), "z")], &["Added: Add the cart < b a"]);
}

#[test]
fn merges_that_are_no_pull_requests_stand_for_nothing() {
    check(
        vec![commit("m", &["a", "b"], "Sync with upstream", ""), commit("b", &["a"], "Fix it", "")],
        &["Fixed: Fix it < b", "- m merge"],
    );
    check(
        vec![commit("m", &["a", "b"], "Search is here (#7)", ""), commit("b", &["a"], "feat: wip", "")],
        &["Added: Search is here < m b"],
    );
}

#[test]
fn everything_that_breaks_is_told_once() {
    let notes = build(input(vec![
        commit("m", &["a", "c"], "Merge pull request #7 from x/y", "feat!: new search"),
        commit("c", &["b"], "feat!: new search", "BREAKING CHANGE: ask twice.\n\nAnd wait"),
        commit("b", &["a"], "fix: x", "BREAKING CHANGE: Ask twice."),
    ]));
    assert_eq!(notes.breaking.len(), 1);
    assert_eq!(notes.breaking[0].breaking.as_deref(), Some("New search\nAsk twice\nAnd wait"));
}

#[test]
fn a_merge_without_title_speaks_through_its_commit() {
    let merge = commit("m", &["a", "b"], "Merge pull request #2 from x/y", "");
    check(vec![merge.clone(), commit("b", &["a"], "fix: z", "")], &["Fixed: Z < m b"]);
    check(vec![merge], &["- m merge"]);
}

#[test]
fn one_pull_request_in_several_commits() {
    check(
        vec![commit("b", &["a"], "Add part two (#5)", ""), commit("a", &[], "Add part one (#5)", "")],
        &["Added: Add part two < b a"],
    );
}

#[test]
fn reverts_and_what_was_shipped() {
    let commits = vec![
        commit("d", &["c"], "Revert \"feat: y (#3)\" (#4)", ""),
        commit("c", &["b"], "Revert \"feat: x\"", ""),
        commit("b", &["a"], "feat: y (#3)", ""),
        commit("a", &[], "feat: x", ""),
    ];
    check(
        commits.clone(),
        &[
            "- d reverted in this range",
            "- c reverted in this range",
            "- b reverted in this range",
            "- a reverted in this range",
        ],
    );
    let mut some = input(commits);
    some.shipped.insert(CommitId("a".into()), "already shipped".into());
    let notes = build(some);
    assert_eq!(lines(&notes)[0], "Modified: Reverted: X < c");
    assert!(lines(&notes).contains(&"- a already shipped".to_owned()));
    assert_eq!(notes.statistics.commits, notes.statistics.in_entries + notes.statistics.left_out);
}

#[test]
fn tickets_and_pull_requests_get_addresses() {
    let mut one = input(vec![commit("a", &[], "fix: PAY-1: time out (#4)", "Closes #9, PAY-2")]);
    one.tickets = vec![
        TicketPattern::new("jira", r"\b(?P<key>[A-Z]+-\d+)\b", Some("https://j/browse/{key}")).unwrap(),
        TicketPattern::new("github", r"#\d+", None).unwrap(),
    ];
    one.repositories.insert("shop".into(), repo_links("git@github.com:a/shop.git", None));
    let notes = build(one);
    let entry = &notes.sections[0].entries[0];
    assert_eq!(entry.text, "Time out");
    assert_eq!(entry.tickets.iter().map(|t| t.key.as_str()).collect::<Vec<_>>(), ["#9", "PAY-1", "PAY-2"]);
    assert_eq!(entry.tickets[1].url.as_deref(), Some("https://j/browse/PAY-1"));
    let pull = entry.pull_request.as_ref().unwrap();
    assert_eq!((pull.key.as_str(), pull.url.as_deref()), ("#4", Some("https://github.com/a/shop/pull/4")));
}

proptest! {
    #[test]
    fn every_commit_is_somewhere_once(rows in proptest::collection::vec((0usize..10, 0usize..4, 0usize..6, 0usize..6, 0u8..5), 0..14)) {
        let subjects = ["feat: a", "fix: b (#1)", "Merge pull request #1 from x/y", "Merge branch 'a' into b", "Revert \"feat: a\"",
            "Revert \"Revert \"feat: a\"\"", "chore: c", "Merge pull request #2 from x/y", "\u{1b}", ""];
        let bodies = ["", "Add x", "This reverts commit 0000000.", "See merge request a/b!3"];
        let count = rows.len();
        let commits: Vec<ModuleCommit> = rows.iter().enumerate().map(|(at, (s, b, p, q, merge))| {
            let id = |at: usize| format!("{at:07}");
            let mut parents = vec![id(at + 1 + p % 3)];
            if *merge == 0 { parents.push(id(at + 1 + q)); }
            let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
            let mut one = commit(&id(at), &parents, subjects[*s], bodies[*b]);
            if *merge == 1 { one.modules.clear(); }
            one
        }).collect();
        let mut all = input(commits);
        if count > 2 { all.shipped.insert(CommitId("0000002".into()), "already shipped".into()); }
        let notes = build(all);
        prop_assert_eq!(notes.statistics.in_entries + notes.left_out.len(), count);
        let mut ids: Vec<&CommitId> = notes.sections.iter().flat_map(|s| &s.entries).flat_map(|e| &e.commits).chain(notes.left_out.iter().map(|l| &l.commit)).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
    }
}
