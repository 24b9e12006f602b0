//! Pairs that are the same, and pairs that only look so.
use super::{Change, twins};
use proptest::prelude::*;

struct Row(&'static str, &'static str, &'static str, i64, &'static [&'static str], u8);

fn links(left: &[Row], right: &[Row]) -> Vec<String> {
    let files = |rows: &[Row]| -> Vec<Vec<String>> {
        rows.iter().map(|row| row.4.iter().map(|file| (*file).to_owned()).collect()).collect()
    };
    let (left_files, right_files) = (files(left), files(right));
    let changes = |rows: &[Row], files: &'_ [Vec<String>]| -> Vec<Change<'static>> {
        rows.iter()
            .zip(files)
            .map(|(row, files)| Change {
                id: row.0,
                subject: row.1,
                body: row.2,
                author_email: "a@b",
                author_time: row.3,
                files: files.clone().leak(),
                patch_id: (row.5 > 0).then_some([row.5; 20]),
            })
            .collect()
    };
    let found = twins(&changes(left, &left_files), &changes(right, &right_files));
    found
        .iter()
        .map(|link| {
            let sure = if link.certain { "certain" } else { "likely" };
            let same = if link.same_content { "same" } else { "differs" };
            format!("{}-{} {sure} {same} {}", link.left, link.right, link.evidence.join("+"))
        })
        .collect()
}

#[test]
fn each_key_links() {
    let main = [Row("aaaaaaaaaa", "Fix the refund timeout (#1)", "", 1, &["a", "b"], 1)];
    for (pick, expected) in [
        (Row("b", "other", "(cherry picked from commit aaaaaaaaaa)", 0, &[], 0), "0-0 certain differs trailer"),
        (Row("b", "other", "", 0, &[], 1), "0-0 certain same patch-id"),
        (Row("b", "[release-1] Fix (#1) (#9)", "", 0, &[], 0), "0-0 certain differs pull request"),
        (
            Row("b", "[release-1.2] Fix the refund timeout (#9)", "", 0, &["a"], 2),
            "0-0 certain differs subject and files",
        ),
        (Row("b", "Fix the refund timeout (#9)", "", 0, &["a"], 2), "0-0 likely differs subject and files"),
        (Row("b", "Fix the refund timeout (#9)", "", 0, &["a", "b"], 2), "0-0 certain differs subject and files"),
        (Row("b", "Cherry-pick the refund thing of #1 (#9)", "", 0, &[], 0), "0-0 certain differs pull request"),
        (Row("b", "Fix refund", "", 1, &["a"], 2), "0-0 likely differs author and date"),
    ] {
        assert_eq!(links(&main, &[pick]), [expected]);
    }
}

#[test]
fn what_only_looks_alike_is_not_linked() {
    let cases: [(&[Row], &[Row]); 9] = [
        (
            &[Row("a", "Add the PHP quote service (#401)", "", 1, &["a"], 0)],
            &[Row("b", "Bump it (#401)", "", 2, &["z"], 0)],
        ),
        (&[Row("a", "Update changelog", "", 1, &["C"], 1)], &[Row("b", "Update changelog", "", 2, &["C"], 2)]),
        (
            &[Row("a", "Bump version to 1.2.3", "", 1, &["C"], 1)],
            &[Row("b", "Bump version to 1.2.3", "", 2, &["C"], 2)],
        ),
        (&[Row("a", "Fix it", "", 1, &["C"], 0)], &[Row("b", "Fix it", "", 2, &["C"], 0)]),
        (
            &[Row("a", "Fix the refund timeout", "", 1, &["a"], 0)],
            &[Row("b", "Fix the refund timeout", "", 2, &["z"], 0)],
        ),
        (&[Row("a", "Fix the refund", "", 1, &["a"], 1)], &[Row("b", "Revert \"Fix the refund\"", "", 1, &["a"], 1)]),
        (
            &[Row("a", "Merge branch 'x' into y", "", 5, &["a"], 0)],
            &[Row("b", "Merge branch 'x' into y", "", 5, &["a"], 0)],
        ),
        (
            &[Row("a", "one", "", 1, &["v"], 7), Row("b", "two", "", 2, &["v"], 7)],
            &[Row("c", "three", "", 3, &["v"], 7), Row("d", "four", "", 4, &["v"], 7)],
        ),
        (&[Row("a", "one thing here", "", 9, &["a"], 0)], &[Row("b", "another thing", "", 9, &["z"], 0)]),
    ];
    for (left, right) in cases {
        assert_eq!(links(left, right), Vec::<String>::new(), "{} / {}", left[0].1, right[0].1);
    }
}

#[test]
fn two_picks_of_a_third_commit_and_crowds() {
    let pick = "(cherry picked from commit 1111111111)";
    assert_eq!(
        links(&[Row("a", "x", pick, 0, &[], 0)], &[Row("b", "y", pick, 0, &[], 0)]),
        ["0-0 certain differs trailer"]
    );
    let three = "(backport of commit 1111111111)\nbackport of commit 2222222222";
    let rows = [Row("1111111111", "x", "", 0, &[], 0), Row("2222222222", "y", "", 0, &[], 0)];
    let both = ["0-0 certain differs trailer", "1-0 certain differs trailer"];
    assert_eq!(links(&rows, &[Row("b", "z", three, 0, &[], 0)]), both);
    let both = ["0-0 certain differs trailer", "0-1 certain differs trailer"];
    assert_eq!(links(&[Row("b", "z", three, 0, &[], 0)], &rows), both);
    let left = [Row("a", "Tune the alpha part", "", 1, &["v"], 7), Row("b", "Tune the beta part", "", 2, &["v"], 7)];
    let right = [Row("c", "Tune the beta part", "", 3, &["v"], 7), Row("d", "Tune the alpha part", "", 4, &["v"], 7)];
    let found = links(&left, &right);
    assert_eq!(found, ["1-0 certain same patch-id+subject and files", "0-1 certain same patch-id+subject and files"]);
}

proptest! {
    #[test]
    fn links_are_symmetric_and_single(rows in proptest::collection::vec((0usize..6, 0usize..4, 0i64..4, 0u8..4), 0..8), cut in 0usize..8) {
        let subjects = ["Fix the refund timeout (#1)", "Fix the refund timeout", "Update changelog", "Add a new payment page", "x (#1)", "Revert \"x\""];
        let bodies = ["", "(cherry picked from commit a0a0a0a0)", "(cherry picked from commit a1a1a1a1)", "This reverts commit a2a2a2a2"];
        let ids: Vec<String> = (0..rows.len()).map(|index| format!("a{index}").repeat(4)).collect();
        let files = vec!["a".to_owned()];
        let all: Vec<Change<'_>> = rows.iter().zip(&ids).map(|((s, b, time, patch), id)| Change {
            id, subject: subjects[*s], body: bodies[*b], author_email: "e", author_time: *time, files: &files,
            patch_id: (*patch > 0).then_some([*patch; 20]),
        }).collect();
        let (left, right) = all.split_at(cut.min(all.len()));
        let one = twins(left, right);
        let by_id = |link: &super::Link| link.evidence.contains(&"trailer");
        for link in one.iter().filter(|link| !by_id(link)) {
            let shares = one.iter().filter(|other| other.left == link.left || other.right == link.right).count();
            prop_assert_eq!(shares, 1);
        }
        for link in &one {
            let back = twins(&right[link.right..=link.right], &left[link.left..=link.left]);
            let forth = twins(&left[link.left..=link.left], &right[link.right..=link.right]);
            prop_assert_eq!(forth.iter().map(|l| l.evidence.clone()).collect::<Vec<_>>(), back.iter().map(|l| l.evidence.clone()).collect::<Vec<_>>());
        }
    }
}
