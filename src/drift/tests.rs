//! Policies, acceptances, scores, order and ids of whole reports.
use super::testing::{Case, commit, doc, range, time};
use super::{Acceptances, DETECTORS, Judge, Policies, assign_ids, compare};
use crate::model::config::{Baseline, Policy};
use crate::model::{Diagnostic, Finding, Mode, PairReport, Severity, State};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: &str = "2026-11-25T12:00:00Z";

fn report(case: &Case) -> (PairReport, Vec<Diagnostic>) {
    let (policies, mut diagnostics) = Policies::compile(&case.catalog);
    let (acceptances, more) = Acceptances::compile(&case.catalog, time(NOW));
    let judge = Judge { policies: &policies, acceptances: &acceptances };
    let (report, last) = case.with(|c| compare(&case.pair, std::slice::from_ref(c), &[], &judge));
    diagnostics.extend(more.into_iter().chain(last));
    (report, diagnostics)
}

/// prod is ahead of staging by one commit: VER002 (7 + 1 for prod) and CODE003 (6 + 1 - 2, because VER002 tells it).
fn ahead() -> Case {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.4.1", "1.5.0");
    case.code = Some(Ok(range(vec![], vec![commit("9f3c1b2", "Fix refund timeout", 2)])));
    case
}

fn with_policy(spec: Value) -> Case {
    let mut case = ahead();
    case.catalog.policies.insert("default".to_owned(), doc::<Policy>("Policy", "default", spec));
    case
}

fn find<'a>(report: &'a PairReport, rule: &str) -> &'a Finding {
    report.findings.iter().find(|finding| finding.rule == rule).unwrap()
}

#[test]
fn the_receiving_environment_counts() {
    let (report, diagnostics) = report(&ahead());
    assert!(diagnostics.is_empty());
    let shown: Vec<_> = report.findings.iter().map(|f| (f.rule, f.score.tenths(), f.severity)).collect();
    assert_eq!(shown, [("VER002", 80, Severity::High), ("CODE003", 50, Severity::Medium)]);
    for (from, to, mode, tenths) in
        [("prod", "dev", Mode::Promote, 50), ("dev", "qa", Mode::Promote, 70), ("prod", "dr", Mode::Mirror, 100)]
    {
        let case = Case::new(from, to, mode).versions("1.4.1", "1.5.0");
        assert_eq!(self::report(&case).0.findings[0].score.tenths(), tenths, "{to}");
    }
}

#[test]
fn policies_change_scores_and_states() {
    let rule = |when: &str, effect: Value| {
        let mut rule = json!({"id": "shop/x", "when": when, "reason": "so it is"});
        rule.as_object_mut().unwrap().extend(effect.as_object().unwrap().clone());
        json!({"rules": [rule]})
    };
    let here = "finding.rule == 'VER002' and env.tier in ['prod', 'dr'] and module.labels.criticality == 'high'";
    for (when, effect, severity, state) in [
        (here, json!({"add": 1.0}), Severity::Critical, State::Drift),
        (here, json!({"set": "low"}), Severity::Low, State::Drift),
        (here, json!({"expected": true}), Severity::Info, State::Expected),
        (here, json!({"add": 1.0, "expires": "2026-11-24"}), Severity::High, State::Drift),
        (here, json!({"add": 1.0, "expires": "2026-11-25"}), Severity::Critical, State::Drift),
        ("module.labels.nothing.at.all == 'x'", json!({"set": "low"}), Severity::High, State::Drift),
        (
            "finding.key is endingwith('sion') and from.version == '1.4.1'",
            json!({"add": -8}),
            Severity::Info,
            State::Drift,
        ),
        (
            "project.name == 'shop' and finding.kind == 'versions' and finding.score >= 8",
            json!({"set": "low"}),
            Severity::Low,
            State::Drift,
        ),
        ("module.kind == 'service' and to.name == 'prod'", json!({"add": 1e300}), Severity::Critical, State::Drift),
    ] {
        let (report, diagnostics) = report(&with_policy(rule(when, effect.clone())));
        assert_eq!(diagnostics, [], "{when}");
        let finding = find(&report, "VER002");
        assert_eq!((finding.severity, finding.state), (severity, state), "{when} {effect}");
    }
    let (report, _) = report(&with_policy(rule(here, json!({"expected": true}))));
    assert_eq!(find(&report, "VER002").because.as_deref(), Some("so it is (shop/x)"));
}

#[test]
fn expressions_that_cannot_be_used_are_told() {
    for when in [
        "finding.rule ==",
        "fnding.rule == 'VER002'",
        "finding.rul == 'VER002'",
        "finding.key | nosuch",
        "finding.key is nosuch",
        "finding.key + 1 > 2",
        "'x' * 99999999999 == finding.key",
    ] {
        let spec = json!({"rules": [{"id": "shop/x", "when": when, "set": "low", "reason": "r"}]});
        let (report, diagnostics) = report(&with_policy(spec));
        assert_eq!(diagnostics.iter().map(|d| d.code.id).collect::<Vec<_>>(), ["PL0019"], "{when}");
        assert_eq!(find(&report, "VER002").severity, Severity::High);
    }
}

#[test]
fn levels_and_ignored_keys() {
    let levels = json!({"levels": {"critical": 8.0, "high": 7.5, "medium": 7.0, "low": 1.0}});
    let (made, _) = report(&with_policy(levels));
    let shown: Vec<_> = made.findings.iter().map(|f| (f.rule, f.severity)).collect();
    assert_eq!(shown, [("VER002", Severity::Critical), ("CODE003", Severity::Low)]);
    for (path, kinds, ignored) in [
        ("vers*", json!([]), true),
        ("version", json!(["*"]), true),
        ("v*o*n", json!(["versions"]), true),
        ("version", json!(["Deployment"]), false),
        ("ersion", json!([]), false),
        ("metadata.labels['x']", json!([]), false),
    ] {
        let (report, _) = report(&with_policy(json!({"ignore": [{"path": path, "kinds": kinds, "reason": "noise"}]})));
        let state = if ignored { State::Expected } else { State::Drift };
        assert_eq!(find(&report, "VER002").state, state, "{path}");
        assert_eq!(find(&report, "CODE003").state, State::Drift);
    }
}

#[test]
fn acceptances_hold_until_their_last_day() {
    for (fingerprint, until, to, state, code) in [
        ("v1:VER002:payments:staging:prod:version", None, "prod", State::Accepted, None),
        ("v1:VER*:*:prod:*", Some("2026-11-25"), "prod", State::Accepted, None),
        ("v1:VER002:*", Some("2026-11-24"), "prod", State::Drift, Some("PL0022")),
        ("v1:VER002:*", Some("soon"), "prod", State::Drift, Some("PL0025")),
        ("v1:VER002:*", None, "dr", State::Drift, None),
        ("v1:VER002:search:*", None, "prod", State::Drift, None),
    ] {
        let mut case = ahead();
        let mut entry = json!({"fingerprint": fingerprint, "reason": "we know", "by": "jane"});
        if let Some(until) = until {
            entry["until"] = json!(until);
        }
        let spec = json!({"pair": {"from": "staging", "to": to}, "accepted": [entry]});
        case.catalog.baselines.insert("b".to_owned(), doc::<Baseline>("Baseline", "b", spec));
        let (report, diagnostics) = report(&case);
        assert_eq!(find(&report, "VER002").state, state, "{fingerprint} {until:?}");
        assert_eq!(diagnostics.first().map(|d| d.code.id), code);
    }
    let case = ahead();
    let (policies, _) = Policies::compile(&case.catalog);
    let acceptances = Acceptances::default().with(["v1:CODE003:payments:staging:prod:commits".to_owned()]);
    let judge = Judge { policies: &policies, acceptances: &acceptances };
    let (report, _) = case.with(|c| compare(&case.pair, std::slice::from_ref(c), &[], &judge));
    assert_eq!(find(&report, "CODE003").state, State::Accepted);
    assert_eq!(find(&report, "VER002").state, State::Drift);
}

#[test]
fn no_difference_no_finding_and_no_comparison_an_empty_report() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.5.0");
    case.code = Some(Ok(range(vec![], vec![])));
    let (made, diagnostics) = report(&case);
    assert!(made.findings.is_empty() && diagnostics.is_empty());
    let declared =
        |kind| !matches!(kind, crate::model::Kind::Env | crate::model::Kind::Helm | crate::model::Kind::Schema);
    assert!(made.coverage.iter().filter(|c| declared(c.kind)).all(|c| c.compared == 1 && c.equal == 1));
    let (policies, _) = Policies::compile(&case.catalog);
    let judge = Judge { policies: &policies, acceptances: &Acceptances::default() };
    let (empty, _) = compare(&case.pair, &[], &[], &judge);
    assert!(empty.findings.is_empty() && empty.coverage.is_empty());
}

#[test]
fn a_range_of_refs_is_not_about_repositories_that_have_neither() {
    // The builder's trees are errors of code PL0203, as for a ref that the repository does not have.
    for (mode, applies) in [(Mode::Refs, false), (Mode::Promote, true)] {
        let mut case = Case::new("staging", "prod", mode).versions("1.5.0", "1.4.1");
        case.code = Some(Err(Diagnostic::error(&crate::model::codes::PL0203, "no ref")));
        let (made, _) = report(&case);
        let code = made.coverage.iter().find(|entry| entry.kind == crate::model::Kind::Code).unwrap();
        assert_eq!(code.because.is_none(), applies, "{mode:?}");
        assert_eq!(made.not_checked.iter().any(|entry| entry.kind == crate::model::Kind::Code), applies);
    }
}

#[test]
fn what_every_module_tells_is_told_for_all() {
    let mut case = Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.5.0");
    case.catalog.environments[2].value.spec.variables = serde_json::from_value(json!({"KEY": "x"})).unwrap();
    let rule = json!({"id": "x", "when": "module.labels.criticality == 'high'", "add": 1.0, "reason": "r"});
    case.catalog.policies.insert("p".to_owned(), doc::<Policy>("Policy", "p", json!({"rules": [rule]})));
    let (policies, _) = Policies::compile(&case.catalog);
    let judge = Judge { policies: &policies, acceptances: &Acceptances::default() };
    let other = super::testing::module("search");
    let (made, _) = case.with(|c| {
        let second = super::Comparison { module: &other, ..*c };
        compare(&case.pair, &[super::Comparison { ..*c }, second], &[crate::model::Kind::Env], &judge)
    });
    let shown: Vec<_> = made.findings.iter().map(|f| (f.fingerprint.as_str(), f.score.tenths())).collect();
    assert_eq!(shown, [("v1:ENV001:(all):staging:prod:KEY", 60)]);
}

#[test]
fn rules_have_ids_of_their_own_and_a_help() {
    let rules: Vec<_> = DETECTORS.iter().flat_map(|detector| detector.rules()).collect();
    assert_eq!(rules.iter().map(|rule| rule.id).collect::<BTreeSet<_>>().len(), rules.len());
    for rule in rules {
        assert!(rule.help.len() > 200 && rule.help.contains("\n\n"), "{}", rule.id);
        assert!((0..=100).contains(&rule.base) && super::rule(&rule.id.to_lowercase()) == Some(rule));
    }
}

#[test]
fn ids_are_short_and_unique() {
    let (mut made, _) = report(&ahead());
    let template = made.findings[0].clone();
    made.findings.clear();
    for number in 0..40_000 {
        let fingerprint = format!("v1:X:{number}");
        made.findings.push(Finding { fingerprint, ..template.clone() });
    }
    let mut pairs = [made];
    assign_ids(&mut pairs);
    let ids: BTreeSet<&str> = pairs[0].findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids.len(), 40_000);
    assert!(ids.iter().any(|id| id.len() > 7) && ids.iter().filter(|id| id.len() == 7).count() > 30_000);
    let sorted: Vec<&&str> = ids.iter().collect();
    assert!(sorted.windows(2).all(|two| !two[1].starts_with(*two[0])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_pair_of_versions_gives_bounded_scores_and_fingerprints_without_values(
        from in "(|[1-3]\\.[0-9]{1,2}\\.[0-9]|main)", to in "(|[1-3]\\.[0-9]{1,2}\\.[0-9]|main)", add in any::<f64>(),
        mirror in any::<bool>(),
    ) {
        let mode = if mirror { Mode::Mirror } else { Mode::Promote };
        let mut case = Case::new("staging", "prod", mode).versions(&from, &to);
        let add = if add.is_finite() { add } else { 0.0 };
        let spec = json!({"rules": [{"id": "x", "when": "true", "add": add, "reason": "r"}]});
        case.catalog.policies.insert("p".to_owned(), doc::<Policy>("Policy", "p", spec));
        let (report, _) = report(&case);
        for finding in &report.findings {
            prop_assert!((0..=100).contains(&finding.score.tenths()));
            prop_assert!(from.is_empty() || !finding.fingerprint.contains(&from));
            prop_assert!(to.is_empty() || !finding.fingerprint.contains(&to));
            prop_assert_eq!(finding.counts(false), finding.state == State::Drift);
        }
        let order: Vec<_> = report.findings.iter().map(|f| (std::cmp::Reverse(f.severity), f.rule)).collect();
        prop_assert!(order.is_sorted());
        if from == to {
            prop_assert!(report.findings.iter().all(|finding| finding.rule == "VER003"));
        }
    }

    #[test]
    fn wildcards_find_the_text_they_were_cut_from(text in "[a-c:]{0,8}", at in 0_usize..9, len in 0_usize..9) {
        let (start, end) = (at.min(text.len()), (at + len).min(text.len()));
        let pattern = format!("{}*{}", &text[..start], &text[end..]);
        prop_assert!(super::policy::fits(&pattern, &text));
        prop_assert!(super::policy::fits(&text, &text));
        prop_assert!(super::policy::fits("*", &text));
        let longer = format!("{text}x");
        prop_assert!(!super::policy::fits(&text, &longer));
    }
}
