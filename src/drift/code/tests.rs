//! Every rule about commits, in tables.
use super::{Code, shipped};
use crate::drift::testing::{Case, commit, range};
use crate::drift::{Detector, Outcome};
use crate::model::{Commit, CommitId, Diagnostic, Mode, State, codes};

fn run(mode: Mode, only_from: Vec<Commit>, only_to: Vec<Commit>) -> Outcome {
    let mut case = Case::new("staging", "prod", mode).versions("1.5.0", "1.4.1");
    case.code = Some(Ok(range(only_from, only_to)));
    case.with(|c| Code.compare(c))
}

fn seen(out: &Outcome) -> Vec<(&'static str, State, &str)> {
    out.drafts.iter().map(|draft| (draft.rule.id, draft.state, draft.title.as_str())).collect()
}

#[test]
fn waiting_commits_are_one_finding_with_its_facts() {
    let mut fix = commit("9f3c1b2", "Fix refund timeout", 2);
    fix.body = "PAY-412, PAY-7 and PAY-412 again".to_owned();
    let mut feature = commit("41d0c77", "Add refunds", 1);
    feature.files = vec!["db/migrations/0042_refunds.sql".to_owned()];
    let out = run(Mode::Promote, vec![fix, feature], vec![]);
    assert_eq!(seen(&out), [("CODE001", State::Pending, "2 commits wait for prod")]);
    let draft = &out.drafts[0];
    assert_eq!(draft.key, "commits");
    assert_eq!(draft.tickets, ["PAY-412", "PAY-7"]);
    assert_eq!(draft.details[0], "2 commits by Mia, 2 files, 2 tickets");
    assert!(draft.details.contains(&"9f3c1b2 Fix refund timeout (Mia)".to_owned()));
    assert_eq!(draft.modifiers.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["risk path", "fixes"]);
    assert_eq!(draft.since.map(|since| since.as_second()), Some(1_790_086_400));
    assert_eq!((out.compared, out.equal), (2, 0));
    let many = (0..13).map(|n| commit(&format!("{n}a"), "Add a thing", n)).collect();
    assert_eq!(run(Mode::Promote, many, vec![]).drafts[0].details.last().map(String::as_str), Some("and 3 more"));
}

#[test]
fn a_hotfix_of_the_target_is_lost_unless_it_has_a_twin() {
    let newer = || commit("41d0c77", "Add refunds", 1);
    let hotfix = || commit("9f3c1b2", "Fix refund timeout", 2);
    let out = run(Mode::Promote, vec![newer()], vec![hotfix()]);
    assert_eq!(seen(&out)[1], ("CODE002", State::Drift, "\"Fix refund timeout\" is in prod and not in staging"));
    assert_eq!(out.drafts[1].key, "9f3c1b200000");
    let mut picked = commit("aa00000", "Correct the refund timeout", 3);
    picked.body = format!("(cherry picked from commit {})", hotfix().id);
    picked.patch_id = hotfix().patch_id;
    assert_eq!(seen(&run(Mode::Promote, vec![newer(), picked.clone()], vec![hotfix()])).len(), 1);
    picked.patch_id = Some([7; 20]);
    let out = run(Mode::Promote, vec![picked.clone()], vec![hotfix()]);
    let title = "\"Fix refund timeout\" was backported with changes";
    assert_eq!(seen(&out), [("CODE004", State::Drift, title)]);
    picked.body = String::new();
    picked.subject = hotfix().subject;
    picked.files = [hotfix().files, vec!["src/other.rs".to_owned()]].concat();
    let out = run(Mode::Promote, vec![picked], vec![hotfix()]);
    let title = "\"Fix refund timeout\" was likely backported with changes";
    assert_eq!(seen(&out), [("CODE004", State::Drift, title)]);
}

#[test]
fn a_target_that_is_only_ahead_is_one_finding() {
    for (mode, state, title) in [
        (Mode::Promote, State::Drift, "The promotion would take back 1 commit of prod"),
        (Mode::Mirror, State::Drift, "prod has 1 commit that staging lacks"),
    ] {
        let out = run(mode, vec![], vec![commit("9f3c1b2", "Fix refund timeout", 2)]);
        assert_eq!(seen(&out), [("CODE003", state, title)]);
        assert!(out.drafts[0].modifiers.is_empty());
    }
}

#[test]
fn refs_go_from_left_to_right_and_everything_is_a_change() {
    let a = || vec![commit("9f3c1b2", "Fix refund timeout", 2)];
    let b = || vec![commit("41d0c77", "Add refunds", 1)];
    assert_eq!(seen(&run(Mode::Refs, vec![], b())), [("CODE001", State::Change, "1 commit from staging to prod")]);
    assert_eq!(seen(&run(Mode::Refs, a(), vec![]))[0].0, "CODE003");
    let out = run(Mode::Refs, a(), b());
    assert_eq!(seen(&out)[1], ("CODE002", State::Change, "\"Fix refund timeout\" is in staging and not in prod"));
    let out = run(Mode::Mirror, a(), b());
    assert_eq!(seen(&out)[0], ("CODE001", State::Drift, "1 commit of staging is missing in prod"));
}

#[test]
fn merges_and_reverted_pairs_do_not_count() {
    let mut merge = commit("77aa000", "Merge branch 'x'", 1);
    merge.parents.push(merge.parents[0].clone());
    assert_eq!(seen(&run(Mode::Promote, vec![merge.clone()], vec![merge.clone()])), []);
    let work = commit("41d0c77", "Add refunds", 1);
    let mut revert = commit("9f3c1b2", "Revert \"Add refunds\"", 2);
    revert.body = format!("This reverts commit {}.", work.id);
    assert_eq!(seen(&run(Mode::Promote, vec![revert.clone(), work.clone()], vec![])), []);
    assert_eq!(seen(&run(Mode::Promote, vec![merge], vec![revert.clone(), work.clone()])), []);
    // Reverted in the target, so its twin still waits; reverted before the promotion, so the target would lose it.
    let twin = || Commit { id: CommitId("5".repeat(40)), ..work.clone() };
    let rules = |out: Outcome| out.drafts.iter().map(|draft| draft.rule.id).collect::<Vec<_>>();
    assert_eq!(rules(run(Mode::Promote, vec![twin()], vec![revert.clone(), work.clone()])), ["CODE001"]);
    assert_eq!(rules(run(Mode::Promote, vec![revert, work.clone()], vec![twin()])), ["CODE002"]);
}

#[test]
fn what_cannot_be_known_is_not_checked() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1");
    assert!(case.with(|c| Code.compare(c)).not_applicable.is_some());
    case.code = Some(Err(Diagnostic::error(&codes::PL0201, "shallow")));
    assert_eq!(case.with(|c| Code.compare(c)).unchecked[0].code.id, "PL0201");
    let mut unrelated = range(vec![commit("a", "Add refunds", 1)], vec![]);
    unrelated.merge_bases.clear();
    case.code = Some(Ok(unrelated));
    let out = case.with(|c| Code.compare(c));
    assert_eq!((out.unchecked[0].code.id, out.drafts.len()), ("PL0214", 0));
    case.code = Some(Ok(range(vec![], vec![])));
    let out = case.with(|c| Code.compare(c));
    assert_eq!((out.compared, out.equal, out.drafts.len()), (1, 1, 0));
}

#[test]
fn what_was_shipped_under_another_id_is_known() {
    let fix = commit("9f3c1b2", "Fix refund timeout", 2);
    let mut picked = commit("aa00000", "Fix it", 3);
    picked.patch_id = fix.patch_id;
    let of = shipped(&range(vec![fix.clone()], vec![picked.clone(), commit("bb00000", "Other", 4)]));
    assert_eq!(of.into_iter().collect::<Vec<_>>(), [(picked.id.0, fix.id.0)]);
}

#[test]
fn a_squash_on_one_side_is_the_merge_of_its_pull_request_on_the_other() {
    let merge = |title: &str| {
        let mut merge = commit("77aa000", "Merge pull request #12 from x/y", 1);
        merge.parents.push(merge.parents[0].clone());
        merge.body = title.to_owned();
        merge
    };
    let child = || Commit { files: vec!["other".to_owned()], ..commit("9f3c1b2", "try this", 2) };
    let squash = |subject: &str| commit("41d0c77", subject, 3);
    let rules = |out: Outcome| out.drafts.iter().map(|draft| draft.rule.id).collect::<Vec<_>>();
    for (title, subject, expected) in [
        ("Add refunds", "Add refunds (#12)", vec!["CODE001"]),
        ("Add refunds", "[release-1.2] Other words (#12) (#13)", vec!["CODE001"]),
        ("Add refunds for all", "Backport of Add refunds for all into release/1.8.x (#13)", vec!["CODE001"]),
        ("Add refunds for all", "Add refunds for all (#13)", vec!["CODE001", "CODE002"]),
        ("Add refunds", "Bump the fork (#12)", vec!["CODE001", "CODE002"]),
        ("Add refunds", "Revert \"Add refunds\" (#12)", vec!["CODE001", "CODE002"]),
    ] {
        let out = run(Mode::Promote, vec![merge(title), child()], vec![squash(subject)]);
        assert_eq!(rules(out), expected, "{subject}");
    }
    let of = shipped(&range(vec![squash("Add refunds (#12)")], vec![merge("Add refunds"), child()]));
    assert_eq!(of.into_iter().collect::<Vec<_>>(), [(merge("").id.0, squash("").id.0)]);
}

#[test]
fn upkeep_of_a_release_branch_weighs_less_than_a_fix() {
    let newer = commit;
    let weight = |subject: &str, body: &str| {
        let mut commit = commit("9f3c1b2", subject, 2);
        commit.body = body.to_owned();
        let out = run(Mode::Promote, vec![newer("41d0c77", "Add refunds", 1)], vec![commit]);
        out.drafts[1].modifiers.iter().map(|part| part.tenths).sum::<i32>()
    };
    for (subject, body, expected) in [
        ("Fix refund timeout", "", 0),
        ("Bump version to 3.3.7 on release-3.3 branch", "", -50),
        ("chore(deps): bump a from 1 to 2", "", -50),
        ("chore(deps): bump a from 1 to 2", "CVE-2026-12345", 0),
        ("docs: say it", "", -50),
        ("chore!: drop it", "", 0),
    ] {
        assert_eq!(weight(subject, body), expected, "{subject}");
    }
}
