//! Chains of reverts and what is left of them.
use super::{Change, Fate, cancelled, cancelled_in_groups};

fn change<'a>(id: &'a str, subject: &'a str, body: &'a str) -> Change<'a> {
    Change { id, subject, body, author_email: "", author_time: 0, files: &[], patch_id: None }
}

/// One letter per change: kept, cancelled, or a revert of something outside.
fn letters(changes: &[Change<'_>]) -> String {
    let word = |fate: &Fate| match fate {
        Fate::Kept => 'k',
        Fate::Cancelled { .. } => 'c',
        Fate::RevertsOutside { .. } => 'o',
    };
    cancelled(changes).iter().map(word).collect()
}

#[test]
fn parity_along_chains() {
    let x = change("aaaaaaaaaa", "feat: a thing (#1)", "");
    let r1 = change("bbbbbbbbbb", "Revert \"feat: a thing (#1)\" (#2)", "This reverts commit aaaaaaaaaa.");
    let r2 = change("cccccccccc", "Revert \"Revert \"feat: a thing (#1)\" (#2)\"", "This reverts commit bbbbbbbbbb.");
    let r3 = change("dddddddddd", "Reapply \"feat: a thing (#1)\"", "");
    let again = change("eeeeeeeeee", "Revert \"feat: a thing (#1)\"", "");
    assert_eq!(letters(&[x]), "k");
    assert_eq!(letters(&[r1, x]), "cc");
    assert_eq!(letters(&[r2, r1, x]), "cck");
    assert_eq!(letters(&[again, r2, r1, x]), "cccc");
    assert_eq!(letters(&[r1]), "o");
    assert_eq!(letters(&[r2, r1]), "cc");
    assert_eq!(letters(&[x, r1]), "ko", "a revert takes back what is older only");
    let plain = change("bbbbbbbbbb", "Revert \"feat: a thing (#1)\"", "");
    assert_eq!(letters(&[r3, plain, x]), "cck");
    assert_eq!(letters(&[]), "");
    assert_eq!(cancelled(&[r1, x])[1], Fate::Cancelled { with: 0 });
}

#[test]
fn targets_are_found_by_twin_pull_request_and_unique_title() {
    let pick = change("aaaaaaaaaa", "Fix it", "(cherry picked from commit 1111111111)");
    assert_eq!(letters(&[change("b", "Undo", "This reverts commit 1111111."), pick]), "cc");
    let pull = change("aaaaaaaaaa", "Fix it (#7)", "");
    assert_eq!(letters(&[change("b", "Revert \"Fix it\" (#9)", "Reverts o/r#7"), pull]), "cc");
    let other = change("b", "Revert \"other words\" (#9)", "Reverts o/r#7");
    assert_eq!(letters(&[other, pull]), "ok", "a pull request of another repository with the same number");
    let files = ["src/a".to_owned()];
    let (other, pull) = (Change { files: &files, ..other }, Change { files: &files, ..pull });
    assert_eq!(letters(&[other, pull]), "cc", "the title was changed, the files agree");
    let twice = [change("c", "Revert \"Fix it\"", ""), change("a", "Fix it", ""), change("b", "Fix it", "")];
    assert_eq!(letters(&twice), "okk", "two titles fit, so nobody knows which");
    assert_eq!(cancelled(&twice)[0], Fate::RevertsOutside { what: "Fix it".to_owned() });
}

#[test]
fn a_revert_done_as_merge_counts_once() {
    let changes = [
        change("m2", "Merge pull request #2 from a/b", "Revert \"Add x\""),
        change("r1", "Revert \"Add x\"", "This reverts commit aaaaaaaaaa."),
        change("m1", "Merge pull request #1 from a/b", "Add x"),
        change("aaaaaaaaaa", "Add x", ""),
    ];
    let fates = cancelled_in_groups(&changes, &[0, 0, 1, 1]);
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Cancelled { .. })), "{fates:?}");
    let two = [changes[1], changes[2], changes[3], change("cccccccccc", "Add y", "")];
    let fates = cancelled_in_groups(&two, &[0, 1, 1, 1]);
    assert!(matches!(fates[0], Fate::RevertsOutside { .. }), "one commit of several is not the pull request");
    assert_eq!(fates[1], Fate::Kept);
}
