//! From detectors to one pair of a report: states, scores, order, ids.
use super::{Acceptances, Comparison, DETECTORS, Detector, Draft, Outcome, Policies, score};
use crate::model::config::Module;
use crate::model::{Coverage, CoverageState, Diagnostic, Finding, Kind, Pair, PairReport, Score, Unchecked};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for the module of findings that are about an environment as a whole. No module can have this name.
pub const ALL_MODULES: &str = "(all)";

/// What people decided about findings: policies and acceptances.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// Policies of the project.
    pub policies: &'a Policies,
    /// Accepted findings.
    pub acceptances: &'a Acceptances,
}

/// Runs the detectors of `kinds` (empty: all) over the comparisons of one pair, applies policies and acceptances, and
/// sorts. The diagnostics are about policies that failed while they were applied. Ids are given by `assign_ids`.
pub fn compare(
    pair: &Pair,
    comparisons: &[Comparison<'_>],
    kinds: &[Kind],
    judge: &Judge<'_>,
) -> (PairReport, Vec<Diagnostic>) {
    let detectors: Vec<&dyn Detector> =
        DETECTORS.iter().copied().filter(|detector| kinds.is_empty() || kinds.contains(&detector.kind())).collect();
    let outcomes: Vec<Vec<(Kind, Outcome)>> = comparisons
        .par_iter()
        .map(|comparison| detectors.iter().map(|detector| (detector.kind(), detector.compare(comparison))).collect())
        .collect();
    let mut report =
        PairReport { pair: pair.clone(), findings: Vec::new(), not_checked: Vec::new(), coverage: Vec::new() };
    let mut policies = judge.policies.bind();
    let mut judged = |draft: Draft, comparison: &Comparison<'_>| {
        let mut finding = finding(draft, comparison);
        policies.apply(&mut finding, comparison);
        judge.acceptances.apply(&mut finding);
        finding
    };
    let mut for_all: BTreeMap<(&str, String), (&Comparison<'_>, Draft)> = BTreeMap::new();
    for (comparison, outcomes) in comparisons.iter().zip(outcomes) {
        let module = &comparison.module.metadata.name;
        for (kind, outcome) in outcomes {
            report.coverage.push(coverage(module, kind, &outcome));
            for draft in outcome.drafts {
                if draft.for_all {
                    for_all.entry((draft.rule.id, draft.key.clone())).or_insert((comparison, draft));
                } else {
                    report.findings.push(judged(draft, comparison));
                }
            }
            let unchecked = outcome.unchecked.into_iter();
            report.not_checked.extend(unchecked.map(|why| Unchecked {
                module: module.clone(),
                kind,
                pair: pair.clone(),
                why,
            }));
        }
    }
    // What a module that names the variable tells by itself is not told for all of them again.
    let told: BTreeSet<String> = report.findings.iter().map(|finding| last_part(&finding.key).to_owned()).collect();
    for (comparison, draft) in for_all.into_values().filter(|(_, draft)| !told.contains(&draft.key)) {
        let module = all_modules(comparison.module);
        report.findings.push(judged(draft, &Comparison { module: &module, ..*comparison }));
    }
    sort(&mut report);
    (report, policies.diagnostics)
}

/// `NAME` of `container/NAME`.
fn last_part(key: &str) -> &str {
    key.rsplit_once('/').map_or(key, |(_, name)| name)
}

/// A module that stands for all: no owner and no labels that a policy could ask for.
fn all_modules(module: &Module) -> Module {
    let mut module = module.clone();
    module.metadata.name = ALL_MODULES.to_owned();
    module.metadata.owner = None;
    module.metadata.labels.clear();
    module
}

fn sort(report: &mut PairReport) {
    report.findings.sort_by(|a, b| {
        let name = |f: &Finding| (f.module.clone(), f.rule, f.key.clone());
        b.severity.cmp(&a.severity).then_with(|| name(a).cmp(&name(b)))
    });
    report.not_checked.sort_by(|a, b| {
        (&a.module, a.kind, a.why.code.id, &a.why.message).cmp(&(&b.module, b.kind, b.why.code.id, &b.why.message))
    });
    report.coverage.sort_by(|a, b| (&a.module, a.kind).cmp(&(&b.module, b.kind)));
}

fn coverage(module: &str, kind: Kind, outcome: &Outcome) -> Coverage {
    let state = if !outcome.unchecked.is_empty() {
        CoverageState::NotChecked
    } else if outcome.not_applicable.is_some() {
        CoverageState::NotApplicable
    } else {
        CoverageState::Verified
    };
    let because = outcome.not_applicable.clone();
    Coverage { module: module.to_owned(), kind, state, compared: outcome.compared, equal: outcome.equal, because }
}

fn finding(draft: Draft, comparison: &Comparison<'_>) -> Finding {
    let (pair, module) = (comparison.pair, &comparison.module.metadata.name);
    let mut score = Score::new(draft.rule.base);
    score.modifiers = draft.modifiers;
    score::add_receiving(&mut score, pair, comparison.to.environment);
    let fingerprint = Finding::fingerprint_of(draft.rule.id, module, pair, &draft.key);
    Finding {
        id: Finding::hash_of(&fingerprint).get(..7).unwrap_or_default().to_owned(),
        fingerprint,
        rule: draft.rule.id,
        kind: draft.rule.kind,
        module: module.clone(),
        pair: pair.clone(),
        key: draft.key,
        title: draft.title,
        from: draft.from,
        to: draft.to,
        state: draft.state,
        because: draft.because,
        until: None,
        severity: score.severity(),
        score,
        since: draft.since.map(|since| since.to_string()),
        details: draft.details,
        tickets: draft.tickets,
        evidence: draft.evidence,
    }
}

/// Gives every finding of a whole report the shortest id that no other one begins with, at least 7 digits long.
pub fn assign_ids(pairs: &mut [PairReport]) {
    let hashes: BTreeSet<String> =
        pairs.iter().flat_map(|pair| &pair.findings).map(|f| Finding::hash_of(&f.fingerprint)).collect();
    let sorted: Vec<&String> = hashes.iter().collect();
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    for hash in &sorted {
        lengths.insert(hash, 7);
    }
    for (a, b) in sorted.iter().zip(sorted.iter().skip(1)) {
        let needed = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count() + 1;
        for hash in [a, b] {
            lengths.entry(hash).and_modify(|length| *length = needed.max(*length));
        }
    }
    for finding in pairs.iter_mut().flat_map(|pair| &mut pair.findings) {
        let hash = Finding::hash_of(&finding.fingerprint);
        let length = lengths.get(hash.as_str()).copied().unwrap_or(7);
        finding.id = hash.get(..length).unwrap_or(&hash).to_owned();
    }
}
