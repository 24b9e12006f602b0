//! Sample reports: the shop of the documentation.
use crate::model::{
    Cell, CellSign, Coverage, CoverageState, Diagnostic, DriftReport, Evidence, Finding, Kind, MatrixReport, MatrixRow,
    Mode, Pair, PairReport, Place, Rule, Score, Severity, Shown, State, Unchecked, codes,
};
use crate::ops::{Excerpt, Explanation};

pub(super) const NOW: &str = "2026-11-25T12:00:00Z";

pub(super) static RULE: Rule = Rule {
    id: "VER003",
    kind: Kind::Versions,
    title: "A version that no earlier stage has run",
    base: 50,
    help: "The next promotion overwrites it.",
};

pub(super) fn pair(from: &str, to: &str) -> Pair {
    Pair { from: from.into(), to: to.into(), mode: Mode::Promote }
}

pub(super) fn place(file: &str, line: usize, text: &str, column: usize, width: usize) -> Place {
    Place { file: file.into(), line, column, width, text: text.into() }
}

pub(super) fn finding(id: &str, state: State, tenths: i32) -> Finding {
    let mut score = Score::new(50);
    score.add("tier prod", tenths - 50, "receiving environment");
    Finding {
        id: id.into(),
        fingerprint: format!("v1:ENV001:payments:staging:prod:{id}"),
        rule: "ENV001",
        kind: Kind::Env,
        module: "payments".into(),
        pair: pair("staging", "prod"),
        key: "PAYMENT_TIMEOUT_MS".into(),
        title: "Variable is missing in prod".into(),
        from: Some(Shown::value("3000")),
        to: Some(Shown::absent("(not set)")),
        state,
        because: (state != State::Drift).then(|| "somebody said so".to_owned()),
        until: None,
        severity: score.severity(),
        score,
        since: Some("2026-11-22T12:00:00Z".into()),
        details: vec!["commit 41d0c77 \"hotfix refunds\" by Jo".into()],
        tickets: vec!["PAY-412".into()],
        evidence: vec![Evidence {
            side: "prod".into(),
            repository: String::new(),
            at: String::new(),
            place: place("environments/prod/payments.env", 7, "  tag: 1.4.1-hotfix2", 8, 13),
        }],
    }
}

pub(super) fn unchecked(module: &str) -> Unchecked {
    Unchecked {
        module: module.into(),
        kind: Kind::Code,
        pair: pair("staging", "prod"),
        why: Diagnostic::error(&codes::PL0202, "repository shop was not fetched").hint("pilab repo fetch shop"),
    }
}

pub(super) fn pair_report(pair: Pair, findings: Vec<Finding>, not_checked: Vec<Unchecked>) -> PairReport {
    let coverage = Coverage {
        module: "payments".into(),
        kind: Kind::Env,
        state: CoverageState::Verified,
        compared: 44,
        equal: 41,
        because: None,
    };
    PairReport { pair, findings, not_checked, coverage: vec![coverage] }
}

pub(super) fn drift(pairs: Vec<PairReport>, fail_on: Option<Severity>) -> DriftReport {
    let exit = DriftReport::exit_for(&pairs, fail_on, false, false);
    DriftReport {
        schema: "pilab.drift/v1",
        project: "shop".into(),
        commit: Some("9f3c1b2a9f3c1b2a9f3c1b2a9f3c1b2a9f3c1b2a".into()),
        at: Some("main".into()),
        uncommitted: false,
        now: NOW.into(),
        modules: 5,
        pairs,
        diagnostics: Vec::new(),
        fail_on,
        exit,
    }
}

/// One pair with drift, pending findings, something accepted, something not checked.
pub(super) fn one_pair() -> DriftReport {
    let mut high = finding("3f9c2ab", State::Drift, 80);
    high.rule = "VER003";
    high.title = "Version was changed only in prod".into();
    high.key = "version".into();
    high.from = Some(Shown::value("1.5.0"));
    high.to = Some(Shown::value("1.4.1-hotfix2"));
    let mut other = finding("77aa001", State::Drift, 50);
    other.module = "catalog".into();
    let findings = vec![high, finding("5d2e9c1", State::Drift, 60), other, finding("90be4d0", State::Pending, 60)];
    let not_checked = vec![unchecked("notifier"), unchecked("search")];
    drift(vec![pair_report(pair("staging", "prod"), findings, not_checked)], None)
}

/// The whole path, as in CI.
pub(super) fn all_pairs() -> DriftReport {
    let one = one_pair();
    let mut pairs = vec![pair_report(pair("dev", "qa"), vec![finding("90be4d0", State::Pending, 60)], vec![])];
    pairs.extend(one.pairs);
    pairs.push(pair_report(pair("prod", "dr"), vec![], vec![unchecked("search")]));
    drift(pairs, Some(Severity::High))
}

pub(super) fn cell(environment: &str, version: Option<&str>, signs: Vec<CellSign>) -> Cell {
    Cell {
        environment: environment.into(),
        version: version.map(str::to_owned),
        not_deployed: version.is_none() && signs.is_empty(),
        signs,
        deployed_at: version.map(|_| "2026-11-19T12:00:00Z".into()),
        by: Some("ci".into()),
    }
}

pub(super) fn matrix() -> MatrixReport {
    let row = |module: &str, owner: &str, cells: Vec<Cell>| MatrixRow {
        module: module.into(),
        owner: Some(owner.into()),
        cells,
    };
    let drift = |count| CellSign::Drift { count, worst: Severity::High };
    MatrixReport {
        schema: "pilab.status/v1",
        project: "shop".into(),
        commit: Some("9f3c1b2a9f3c1b2a9f3c1b2a9f3c1b2a9f3c1b2a".into()),
        at: Some("main".into()),
        commit_subject: Some("bump payments to 1.5.0".into()),
        commit_author: Some("Mia".into()),
        commit_time: Some("2026-11-25T10:00:00Z".into()),
        uncommitted: false,
        now: NOW.into(),
        environments: vec!["dev".into(), "staging".into(), "prod".into(), "dr".into()],
        pairs: vec![pair("dev", "staging"), pair("staging", "prod"), pair("prod", "dr")],
        rows: vec![
            row(
                "catalog",
                "@web",
                vec![
                    cell("dev", Some("5.0.0"), vec![]),
                    cell("staging", Some("5.0.0"), vec![]),
                    cell("prod", Some("5.0.0"), vec![drift(1)]),
                    cell("dr", Some("4.9.0"), vec![CellSign::Behind]),
                ],
            ),
            row(
                "notifier",
                "@plat",
                vec![
                    cell("dev", Some("1.1.0"), vec![]),
                    cell("staging", Some("1.1.0"), vec![]),
                    cell("prod", None, vec![CellSign::NotChecked]),
                    cell("dr", None, vec![]),
                ],
            ),
            row(
                "payments",
                "@pay",
                vec![
                    cell("dev", Some("1.6.0-rc.2+build.20261123.9f3c1b2"), vec![]),
                    cell("staging", Some("1.5.0"), vec![CellSign::Pending]),
                    cell("prod", Some("1.4.1"), vec![drift(2)]),
                    cell("dr", Some("1.4.1"), vec![CellSign::NotChecked]),
                ],
            ),
        ],
        not_checked: vec![unchecked("notifier")],
        diagnostics: vec![
            Diagnostic::warning(&codes::PL0022, "an acceptance has ended").at(place("b.yaml", 3, "x", 1, 1)),
        ],
    }
}

pub(super) fn explanation() -> Explanation {
    let finding = one_pair().pairs.remove(0).findings.remove(0);
    let lines = ["image:", "  repository: acme/payments", "  tag: 1.4.1-hotfix2"];
    Explanation {
        schema: "pilab.explanation/v1",
        rule: &RULE,
        excerpts: vec![Excerpt {
            evidence: finding.evidence[0].clone(),
            first_line: 5,
            lines: lines.map(str::to_owned).to_vec(),
        }],
        finding,
        related: vec![("5d2e9c1".into(), "Variable is missing in prod".into())],
        ways_out: vec![
            ("See what waits".into(), "pilab drift staging..prod --pending".into()),
            ("Keep it for now".into(), "pilab drift accept 3f9c2ab --reason \"...\" --until 2026-12-25".into()),
        ],
    }
}
