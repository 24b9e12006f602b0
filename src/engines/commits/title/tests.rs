//! Messages as people, forges and tools write them, with what they mean.
use super::{Merge, Target, parse};
use proptest::prelude::*;

#[test]
fn prefixes_of_all_kinds() {
    for (subject, kind, scope, breaking, description) in [
        ("feat: a", "feat", "", false, "a"),
        ("Feat(cart)!: a", "feat", "cart", true, "a"),
        ("FIX(api/v2) : a b", "fix", "api/v2", false, "a b"),
        ("fix - a", "fix", "", false, "a"),
        ("[BUGFIX] a", "fix", "", false, "a"),
        ("[BUGFIX] store: a", "fix", "store", false, "a"),
        (":bug: a", "fix", "", false, "a"),
        ("✨ feat(x): a", "feat", "x", false, "a"),
        ("🐛 a", "fix", "", false, "a"),
        ("⚠️ a", "", "", true, "a"),
        ("ambient: fix leak", "", "ambient", false, "fix leak"),
        ("[release-1.2] fix: a (#3)", "fix", "", false, "a"),
        ("[release-1.2] [BUGFIX] a", "fix", "", false, "a"),
        ("[email] Add a", "", "email", false, "Add a"),
        ("[chore/jaeger] - fix a", "chore", "jaeger", false, "fix a"),
        ("[release-1.2] [ui] Add a", "", "ui", false, "Add a"),
        ("[NET-1] Add a", "", "", false, "[NET-1] Add a"),
        ("Note: a thing", "", "", false, "Note: a thing"),
        ("http://x.y/z", "", "", false, "http://x.y/z"),
        ("fix", "", "", false, "fix"),
        ("fix:", "", "", false, "fix:"),
        ("Fix the - thing", "", "", false, "Fix the - thing"),
    ] {
        let title = parse(subject, "");
        assert_eq!(title.kind.as_deref().unwrap_or(""), kind, "{subject}");
        assert_eq!(title.scope.as_deref().unwrap_or(""), scope, "{subject}");
        assert_eq!(title.breaking.is_some(), breaking, "{subject}");
        assert_eq!(title.description, description, "{subject}");
    }
}

#[test]
fn pull_requests_and_merges() {
    use Merge::{Branch, PullRequest};
    for (subject, body, number, merge, description) in [
        ("a (#12)", "", Some(12), None, "a"),
        ("[release-1.2] a (#12) (#34)", "", Some(34), None, "a"),
        ("a (cherry-pick #5)", "", Some(5), None, "a"),
        ("Merge pull request #12 from x/y", "\nfix: a\n\nmore", Some(12), Some(PullRequest), "a"),
        ("Merge pull request #12 from x/y", "", Some(12), Some(PullRequest), ""),
        ("Merge pull request 'fix: a' (#7) from b into main", "", Some(7), Some(PullRequest), "a"),
        ("Merged PR 9: a", "", Some(9), Some(PullRequest), "a"),
        ("Pull request #9: PAY-1 a", "", Some(9), Some(PullRequest), "PAY-1 a"),
        ("Merged in f/x (pull request #4)", "a\n\nApproved-by: x", Some(4), Some(PullRequest), "a"),
        ("Merge branch 'f' into 'main'", "feat: a\n\nSee merge request g/p!8", Some(8), Some(PullRequest), "a"),
        ("Merge branch 'f' into main", "", None, Some(Branch), ""),
        ("Merge remote-tracking branch 'origin/main'", "", None, Some(Branch), ""),
        ("Merge tag 'v1' into x", "", None, Some(Branch), ""),
        ("a", "See merge request g/p!8", Some(8), None, "a"),
        ("Merge branch lists in the UI", "", None, None, "Merge branch lists in the UI"),
        ("(#12)", "", None, None, "(#12)"),
        ("a (#99999999999999999999)", "", None, None, "a (#99999999999999999999)"),
    ] {
        let title = parse(subject, body);
        assert_eq!((title.pull_request, title.merge), (number, merge), "{subject}");
        assert_eq!(title.description, description, "{subject}");
    }
    assert_eq!(parse("[release-1.2] a (#12) (#34)", "").pull_requests, [12, 34]);
}

#[test]
fn backports_name_their_originals() {
    for (subject, body, numbers, own, description) in [
        ("fix: a (cherry-pick #26 for 3.3) (#29)", "", vec![26, 29], Some(29), "a"),
        ("fix: a (cherry pick of #26 and #27 to 3.3) (#29)", "", vec![26, 27, 29], Some(29), "a"),
        ("Automated cherry pick of #12: Fix a", "", vec![12], None, "Fix a"),
        ("Backport PR #12 on branch v1.x (Fix a) (#13)", "", vec![12, 13], Some(13), "Fix a"),
        ("[release-1.2] Manual backport of #12 (#13)", "", vec![12, 13], Some(13), "Manual backport of #12"),
        ("[Release-1.29] Cherry pick 58967 (#58973)", "", vec![58967, 58973], Some(58973), "Cherry pick 58967"),
        ("a: cherrypick semver fix #20 into 2 (#22)", "", vec![20, 22], Some(22), "cherrypick semver fix #20 into 2"),
        ("Backport of a: tune b into release/1.8.x (#3)", "", vec![3], Some(3), "tune b"),
        ("fix(a): b (#1) (cherry-pick release-3.4) (#2)", "", vec![1, 2], Some(2), "b"),
        ("Fix a (#3)", "Backport of #2.", vec![2, 3], Some(3), "Fix a"),
        ("Fix a (#3)", "* backport of #2", vec![3], Some(3), "Fix a"),
        ("Fix a long thing (#1… (#3)", "…2)\n\nmore", vec![12, 3], Some(3), "Fix a long thing"),
        ("Fix a long… (#3)", "…er thing", vec![3], Some(3), "Fix a longer thing"),
        ("Update the year (2024)", "", vec![], None, "Update the year (2024)"),
        ("Merge commit from fork", "* fix: escape paths", vec![], None, "escape paths"),
    ] {
        let title = parse(subject, body);
        assert_eq!((title.pull_requests, title.pull_request), (numbers, own), "{subject}");
        assert_eq!(title.description, description, "{subject}");
    }
    for (subject, branch) in [
        ("[release-1.2] a", Some("release-1.2")),
        ("Backport of a into release/1.8.x", Some("release/1.8.x")),
        ("a (cherry-pick release-3.4)", Some("release-3.4")),
        ("[bot] a", None),
    ] {
        assert_eq!(parse(subject, "").branch.as_deref(), branch, "{subject}");
    }
}

#[test]
fn breaking_footers() {
    for (body, expected) in [
        ("BREAKING CHANGE: a\nb\n\nSigned-off-by: c", Some("a b")),
        ("text\n\nBREAKING-CHANGE: a", Some("a")),
        ("BREAKING CHANGE: a\nReviewed-by: z", Some("a")),
        ("BREAKING CHANGE:\n\na", Some("a")),
        ("BREAKING CHANGE: a\nb\n\nc\nd\n\nRefs: #1\n\ne", Some("a b\nc d")),
        ("BREAKING CHANGE: a\nBREAKING CHANGE: b\nBREAKING CHANGE: a", Some("a\nb")),
        ("BREAKING CHANGE #a is gone", Some("a is gone")),
        ("BREAKING CHANGE: none\n\nBREAKING CHANGE: b", Some("b")),
        ("* BREAKING CHANGE: a\n\n* other", Some("a")),
        ("BREAKING CHANGE: a\n\nPAY-388, #4", Some("a")),
        ("BREAKING CHANGE: none", None),
        ("this is a breaking change: no", None),
        ("BREAKING CHANGE a", None),
    ] {
        assert_eq!(parse("feat: x", body).breaking.as_deref(), expected, "{body}");
    }
    assert_eq!(parse("feat!: x", "BREAKING CHANGE: y").breaking.as_deref(), Some("y"));
    assert_eq!(parse("feat!: x", "").breaking.as_deref(), Some("x"));
}

#[test]
fn reverts_and_picks() {
    let sha = "0123456789abcdef0123456789abcdef01234567";
    let commit = Target::Commit(sha.to_owned());
    for (subject, body, expected) in [
        (
            "Revert \"a (#3)\"",
            format!("This reverts commit {sha}."),
            vec![commit.clone(), Target::PullRequest(3), Target::Title("a (#3)".to_owned())],
        ),
        ("Revert \"a\" (#9)", "Reverts o/r#3".to_owned(), vec![Target::PullRequest(3), Target::Title("a".to_owned())]),
        ("Revert \"Revert \"a\"\"", String::new(), vec![Target::Title("Revert \"a\"".to_owned())]),
        ("Reapply \"a\"", String::new(), vec![Target::Title("Revert \"a\"".to_owned())]),
        ("revert: feat: a", String::new(), vec![Target::Title("feat: a".to_owned())]),
        ("a", format!("This reverts commit {sha}, reversing\nchanges made to fedcba9876543210."), vec![commit.clone()]),
        ("a (#1)", format!("* a\n\n* Revert \"b\"\n\nThis reverts commit {sha}."), vec![]),
        ("Reverting is fun", String::new(), vec![]),
    ] {
        assert_eq!(parse(subject, &body).reverts, expected, "{subject}");
    }
    for body in [
        format!("(cherry picked from commit {sha})"),
        format!("backport of commit {sha}"),
        format!("commit {sha} upstream."),
        format!("[ Upstream commit {sha} ]"),
    ] {
        assert_eq!(parse("a", &body).picked_from, [sha], "{body}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(subject in "\\PC{0,80}", body in "(?s).{0,200}") {
        parse(&subject, &body);
    }

    #[test]
    fn near_misses_do_not_panic(parts in proptest::collection::vec(prop::sample::select(vec![
        "Revert ", "\"", "fix", ": ", "(#1)", "[release-1]", "🐛", ":bug:", "Merge pull request #1 from ", "!", "(x)", " - ", "é", "\n",
    ]), 0..12)) {
        let text = parts.concat();
        parse(&text, &text);
    }
}
