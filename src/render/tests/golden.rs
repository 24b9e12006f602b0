//! What people see, word by word: each text of `golden/` is the output for the sample of that name.
use super::sample;
use crate::model::{Diagnostic, codes};
use crate::ops::{Acceptance, DemoReport, LintReport, RepoState};
use crate::render::*;

const W80: Style = Style { width: 80, color: false, ascii: false, links: false, verbose: 0 };
const W120: Style = Style { width: 120, ..W80 };
const W40: Style = Style { width: 40, ascii: true, ..W80 };
const COLOUR: Style = Style { color: true, links: true, ..W80 };
const VIEW: DriftView =
    DriftView { min: None, pending: false, accepted: false, expected: false, oneline: false, next: true };

/// The styles by name.
fn styles() -> [(&'static str, Style); 5] {
    [("80", W80), ("80 verbose", Style { verbose: 1, ..W80 }), ("120", W120), ("40 ascii", W40), ("80 colour", COLOUR)]
}

/// The output in every style, escapes spelled out.
fn all(render: impl Fn(&Style) -> String) -> String {
    styles().iter().map(|(name, style)| format!("=== {name}\n{}", render(style).replace('\u{1b}', "ESC"))).collect()
}

fn diagnostics() -> Vec<Diagnostic> {
    let long = format!("{}\tkey: value # {}", "x".repeat(70), "y".repeat(90));
    vec![
        Diagnostic::error(&codes::PL0012, "unknown key 'dependson'")
            .at(sample::place("modules/payments.yaml", 12, "\tdependson: [cart]", 2, 9))
            .label("not a key of Module.spec")
            .note("what it should do would not happen")
            .hint("did you mean 'dependsOn'?"),
        Diagnostic::warning(&codes::PL0022, "an acceptance has ended").at(sample::place("b.yaml", 3, &long, 72, 3)),
        Diagnostic::error(&codes::PL0023, "no config repository here").hint("pilab demo"),
    ]
}

#[test]
fn drift() {
    let pending = DriftView { pending: true, ..VIEW };
    let quiet = {
        let mut report = sample::one_pair();
        report.pairs[0].not_checked.clear();
        report.exit.code = 0;
        report
    };
    let clean = {
        let mut report = quiet.clone();
        report.pairs[0].findings.clear();
        report
    };
    let found = {
        let mut report = clean.clone();
        report.pairs[0].not_checked.push(sample::unchecked("x"));
        report
    };
    golden(
        "drift one pair",
        &all(|style| drift_text(&sample::one_pair(), &VIEW, style)),
        include_str!("golden/drift one pair.txt"),
    );
    golden(
        "drift pending",
        &all(|style| drift_text(&quiet, &pending, style)),
        include_str!("golden/drift pending.txt"),
    );
    golden("drift next", &all(|style| drift_text(&quiet, &VIEW, style)), include_str!("golden/drift next.txt"));
    golden("drift clean", &all(|style| drift_text(&clean, &VIEW, style)), include_str!("golden/drift clean.txt"));
    golden(
        "drift not checked",
        &all(|style| drift_text(&found, &VIEW, style)),
        include_str!("golden/drift not checked.txt"),
    );
    golden(
        "drift all pairs",
        &all(|style| drift_text(&sample::all_pairs(), &VIEW, style)),
        include_str!("golden/drift all pairs.txt"),
    );
    let oneline = DriftView { oneline: true, ..VIEW };
    golden(
        "drift oneline",
        &all(|style| drift_text(&sample::one_pair(), &oneline, style)),
        include_str!("golden/drift oneline.txt"),
    );
    golden("drift md", &drift_md(&sample::all_pairs(), &pending), include_str!("golden/drift md.txt"));
}

#[test]
fn a_range_of_refs_speaks_of_changes() {
    let mut report = sample::one_pair();
    report.exit.code = 0;
    let pair = &mut report.pairs[0];
    pair.pair = crate::model::Pair { from: "v1.2".into(), to: "v1.3".into(), mode: crate::model::Mode::Refs };
    pair.not_checked.clear();
    let text = drift_text(&report, &VIEW, &W80);
    assert!(text.starts_with("v1.2 → v1.3   shop main@9f3c1b2, 5 modules\n"), "{text}");
    assert!(text.contains("\n3 changes (1 high, 2 medium), 1 pending, 41 equal\n"), "{text}");
    assert!(drift_md(&report, &VIEW).starts_with("## Changes: v1.2 → v1.3\n"));
    report.pairs[0].findings.clear();
    assert!(drift_text(&report, &VIEW, &W80).contains("no changes, 41 equal"));
    report.pairs[0].coverage.clear();
    assert!(drift_text(&report, &VIEW, &W80).contains("nothing to compare"));
}

#[test]
fn status_and_explanation() {
    golden("status", &all(|style| status_text(&sample::matrix(), style)), include_str!("golden/status.txt"));
    golden("status md", &status_md(&sample::matrix()), include_str!("golden/status md.txt"));
    golden(
        "explanation",
        &all(|style| explanation_text(&sample::explanation(), style)),
        include_str!("golden/explanation.txt"),
    );
    golden("explanation md", &explanation_md(&sample::explanation()), include_str!("golden/explanation md.txt"));
}

#[test]
fn diagnostics_and_lint() {
    let lint = LintReport { schema: "pilab.lint/v1", files: 3, documents: 4, diagnostics: diagnostics() };
    golden("lint", &all(|style| lint_text(&lint, style)), include_str!("golden/lint.txt"));
    golden("lint md", &lint_md(&lint), include_str!("golden/lint md.txt"));
    let clean = LintReport { diagnostics: vec![], ..lint };
    assert_eq!(lint_text(&clean, &W80), "nothing to complain about in 4 documents of 3 files\n");
}

#[test]
fn small_answers() {
    let repo = |name: &str, state| RepoState {
        name: name.into(),
        url: "https://example.org/shop.git".into(),
        path: (state != "missing").then(|| "/cache/shop.git".into()),
        state,
        tags: 3,
        fetched_at: None,
        warnings: vec![Diagnostic::warning(&codes::PL0201, "the clone is shallow").hint("git fetch --unshallow")],
    };
    let acceptance = Acceptance {
        id: "3f9c2ab".into(),
        fingerprint: "v1:x".into(),
        title: "Variable is missing in prod".into(),
        file: "baselines/accepted.yaml".into(),
        until: Some("2026-12-25".into()),
    };
    let demo = DemoReport { config: "/tmp/it's/config".into(), repositories: vec!["/tmp/a".into()], commits: 42 };
    let text = all(|style| {
        [
            rule_text(&sample::RULE, style),
            code_text(&codes::PL0105, style),
            index_text(&[("ENV001", "A variable is missing"), ("PL0105", "A name with two meanings")], style),
            repos_text(&[repo("shop", "cache"), repo("cart", "missing")], style),
            acceptances_text(std::slice::from_ref(&acceptance), false, false, style),
            acceptances_text(std::slice::from_ref(&acceptance), true, true, style),
            demo_text(&demo, style),
        ]
        .join("---\n")
    });
    golden("small", &text, include_str!("golden/small.txt"));
}

#[track_caller]
fn golden(name: &str, got: &str, want: &str) {
    // With PILAB_BLESS=1 the texts are written anew, to be read before they are committed.
    if std::env::var_os("PILAB_BLESS").is_some() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/tests/golden");
        std::fs::write(format!("{folder}/{name}.txt"), got).unwrap();
        return;
    }
    assert!(got == want, "{name} differs; it is\n<<<{name}\n{got}>>>");
}
