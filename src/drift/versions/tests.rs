//! Every rule about versions, in tables.
use super::Versions;
use crate::drift::testing::{Case, cell, commit, history, put, range};
use crate::drift::{Detector, Outcome};
use crate::model::{CommitId, Mode, State};
use serde_json::json;

fn run(case: &Case) -> Outcome {
    case.with(|c| Versions.compare(c))
}

/// Rules with their states, and codes of what was not checked.
fn seen(case: &Case) -> (Vec<(&'static str, State)>, Vec<&'static str>) {
    let out = run(case);
    let drafts = out.drafts.iter().map(|draft| (draft.rule.id, draft.state)).collect();
    (drafts, out.unchecked.iter().map(|why| why.code.id).collect())
}

#[test]
fn promotion_by_order_and_history() {
    use State::{Drift, Pending};
    let past: &[(&str, u32)] = &[("1.3.0", 1), ("1.4.1", 10), ("1.5.0", 20)];
    let target: &[(&str, u32)] = &[("1.4.1", 12)];
    let late: &[(&str, u32)] = &[("1.5.0", 5)];
    for (from, to, left, right, expected) in [
        ("1.5.0", "1.5.0", past, target, vec![]),
        ("v1.5.0", "1.5.0", past, target, vec![]),
        ("1.5.0", "1.4.1", past, target, vec![("VER001", Pending)]),
        ("1.5.0", "1.4.2", past, &[("1.4.2", 15)], vec![("VER001", Pending), ("VER005", Drift)]),
        // The history begins after prod got its version: nobody can know.
        ("1.5.0", "1.4.2", &[("1.5.0", 20)], &[("1.4.2", 15)], vec![("VER001", Pending)]),
        ("1.5.0", "1.4.1", late, &[("1.4.1", 1)], vec![("VER001", Pending), ("VER009", Drift)]),
        ("1.4.1", "1.5.0", past, &[("1.5.0", 22)], vec![("VER002", Drift)]),
        ("1.5.0", "1.6.0-rc.1", past, &[("1.6.0-rc.1", 22)], vec![("VER003", Drift), ("VER002", Drift)]),
        ("1.5.0", "", past, &[], vec![("VER004", Pending)]),
        ("", "1.5.0", past, target, vec![("VER004", Drift)]),
    ] {
        let mut case = Case::new("staging", "prod", Mode::Promote).versions(from, to);
        case.history = [Some(history(left)), Some(history(right))];
        assert_eq!(seen(&case), (expected, vec![]), "{from} {to}");
    }
}

#[test]
fn waiting_long_adds_up_to_two_points() {
    for (since, max_lag, age) in
        [(14, "P10D", Some(0)), (1, "P10D", Some(10)), (1, "P1D", Some(20)), (24, "P10D", None)]
    {
        let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1");
        case.catalog.environments[3].value.spec.max_lag = Some(max_lag.to_owned());
        case.history[0] = Some(history(&[("1.5.0", since)]));
        let out = run(&case);
        let stale = out.drafts.iter().find(|draft| draft.rule.id == "VER009");
        assert_eq!(stale.map(|draft| draft.modifiers.iter().map(|m| m.tenths).sum()), age, "{since} {max_lag}");
        assert_eq!(out.drafts[0].modifiers.len(), usize::from(age.is_some()));
    }
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1");
    case.catalog.environments[3].value.spec.max_lag = Some("soon".to_owned());
    assert_eq!(seen(&case).1, ["PL0025"]);
}

#[test]
fn a_version_that_never_ran_in_the_stage_before_is_worse() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.4.1", "1.5.0");
    case.history = [Some(history(&[("1.4.1", 1)])), Some(history(&[("1.5.0", 20)]))];
    let draft = &run(&case).drafts[0];
    assert_eq!((draft.rule.id, draft.modifiers[0].tenths), ("VER002", 10));
    assert!(draft.details.iter().any(|line| line == "1.5.0 was never in staging"));
}

#[test]
fn a_skipped_stage_weighs_less_when_its_commits_are_told() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1");
    case.history = [Some(history(&[("1.3.0", 1), ("1.5.0", 20)])), Some(history(&[("1.4.1", 12)]))];
    let skipped = |case: &Case| run(case).drafts.into_iter().find(|draft| draft.rule.id == "VER005").unwrap();
    assert_eq!(skipped(&case).title, "prod runs 1.4.1, which staging never had");
    let (newer, hotfix) = (commit("41d0c77", "Add refunds", 1), commit("9f3c1b2", "Fix refund timeout", 2));
    case.code = Some(Ok(range(vec![newer.clone()], vec![])));
    assert!(skipped(&case).modifiers.is_empty());
    case.code = Some(Ok(range(vec![newer], vec![hotfix])));
    assert_eq!(skipped(&case).modifiers.iter().map(|part| part.tenths).collect::<Vec<_>>(), [-20]);
}

#[test]
fn since_is_the_earlier_of_history_and_deployment() {
    for (said, since) in [
        (None, "2026-11-12T10:00:00Z"),
        (Some("2026-10-01T00:00:00Z"), "2026-10-01T00:00:00Z"),
        (Some("2026-11-20T00:00:00Z"), "2026-11-12T10:00:00Z"),
        (Some("yesterday"), "2026-11-12T10:00:00Z"),
    ] {
        let mut case = Case::new("prod", "dr", Mode::Mirror).versions("1.5.0", "1.4.1");
        case.history = [Some(history(&[("1.5.0", 1)])), Some(history(&[("1.4.1", 12)]))];
        let key = ("payments".to_owned(), "dr".to_owned());
        case.catalog.cells.get_mut(&key).unwrap().value.deployed_at = said.map(str::to_owned);
        assert_eq!(run(&case).drafts[0].since.unwrap().to_string(), since, "{said:?}");
    }
}

#[test]
fn without_history_or_order_it_says_so() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1");
    case.history = [None, None];
    assert_eq!(seen(&case), (vec![("VER001", State::Pending)], vec!["PL0215"]));
    let mut case = Case::new("dev", "qa", Mode::Promote).versions("main", "topic");
    case.catalog.project.value.spec.versions = serde_json::from_value(json!({"scheme": "opaque"})).unwrap();
    assert_eq!(seen(&case), (vec![], vec!["PL0230"]));
    for (only_from, only_to, rule) in [(1, 0, "VER001"), (0, 1, "VER002")] {
        let some = |many: usize| (0..many).map(|_| commit("a", "Add refunds", 1)).collect::<Vec<_>>();
        case.code = Some(Ok(range(some(only_from), some(only_to))));
        assert_eq!(seen(&case).0[0].0, rule);
    }
}

#[test]
fn releases_by_pattern_or_scheme() {
    for (environment, pattern, version, release) in [
        ("prod", None, "1.2.0", true),
        ("prod", None, "v1.2.0+build-7", true),
        ("prod", None, "9f3c1b2", false),
        ("prod", None, "1.2.0-rc.1", false),
        ("prod", Some(r"^v\d+\.\d+\.\d+$"), "1.2.0", true),
        ("prod", Some(r"^v\d+\.\d+\.\d+$"), "main", false),
        ("dev", None, "main", true),
    ] {
        let mut case = Case::new("staging", environment, Mode::Promote).versions(version, version);
        case.module.spec.ref_template = Some("v{{ version }}".to_owned());
        case.catalog.project.value.spec.versions.tag_pattern = pattern.map(str::to_owned);
        let found = seen(&case).0.iter().any(|(rule, _)| *rule == "VER003");
        assert_eq!(found, !release, "{environment} {version}");
    }
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.2.0", "1.2.0");
    case.catalog.project.value.spec.versions.tag_pattern = Some("(".to_owned());
    assert_eq!(seen(&case).1, ["PL0020"]);
}

#[test]
fn modules_outside_their_time_are_not_missed() {
    for (since, until, other, applies) in [
        (Some("2.2.0"), None, Some("2.1.3"), false),
        (Some("2.2.0"), None, Some("2.2.0"), true),
        (Some("2.2.0"), None, None, true),
        (None, Some("3.0.0"), Some("3.0.0"), false),
        (None, Some("3.0.0"), Some("2.9.0"), true),
    ] {
        let mut case = Case::new("staging", "prod", Mode::Promote).versions("2.2.0", "");
        (case.module.spec.since, case.module.spec.until) = (since.map(str::to_owned), until.map(str::to_owned));
        if let Some(other) = other {
            put(&mut case.catalog, cell("search", "prod", other));
        }
        let out = run(&case);
        assert_eq!((out.drafts.len() == 1, out.not_applicable.is_none()), (applies, applies), "{since:?} {until:?}");
    }
}

#[test]
fn one_version_of_two_commits() {
    for (left, right, now, keys) in [
        ("aaaaaaa", "aaaaaaaaaaaa", None, vec![]),
        ("aaaaaaa", "bbbbbbb", None, vec!["commit"]),
        ("bbbbbbb", "bbbbbbb", Some("c"), vec!["ref"]),
        ("bbbbbbb", "bbbbbbb", Some("b"), vec![]),
    ] {
        let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.2.0", "1.2.0");
        for (env, id) in [("staging", left), ("prod", right)] {
            let key = ("payments".to_owned(), env.to_owned());
            case.catalog.cells.get_mut(&key).unwrap().value.commit = Some(id.to_owned());
        }
        case.commits[1] = now.map(|digit: &str| CommitId(digit.repeat(40)));
        let out = run(&case);
        assert!(out.drafts.iter().all(|draft| draft.rule.id == "VER010"));
        assert_eq!(out.drafts.iter().map(|draft| draft.key.as_str()).collect::<Vec<_>>(), keys);
        assert_eq!(out.equal, usize::from(keys.is_empty()));
    }
}

#[test]
fn mirrors_and_refs() {
    let mirror = |from, to| Case::new("prod", "dr", Mode::Mirror).versions(from, to);
    assert_eq!(seen(&mirror("1.4.1", "1.4.1")), (vec![], vec![]));
    for (from, to) in [("1.4.1", "1.4.0"), ("1.4.1", "1.5.0"), ("1.4.1", "")] {
        assert_eq!(seen(&mirror(from, to)), (vec![("VER011", State::Drift)], vec![]), "{from} {to}");
    }
    assert_eq!(seen(&mirror("", "1.4.1")), (vec![], vec!["PL0203"]));
    assert!(run(&mirror("", "")).not_applicable.is_some());
    assert!(run(&Case::new("v1", "v2", Mode::Refs)).not_applicable.is_some());
}
