//! `pilab drift`: open, resolve, compare, report.
use super::compare::Comparer;
use super::range::{self, Range};
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, Drift};
use crate::catalog;
use crate::drift as domain;
use crate::model::{Diagnostic, DriftReport, Finding, Kind, PairReport, Result, Secret, State, codes};
use crate::tree::MemTree;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

impl Drift {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, a broken one, an unknown name, a range that is none.
    pub fn run(&self, context: &Context<'_>) -> Result<DriftReport> {
        let (workspace, pairs) = self.pairs(context)?;
        let mut report = DriftReport {
            schema: "pilab.drift/v1",
            project: workspace.catalog.project.value.metadata.name.clone(),
            commit: workspace.commit.as_ref().map(|commit| commit.0.clone()),
            at: workspace.at.clone(),
            uncommitted: workspace.uncommitted,
            now: workspace.now.to_string(),
            modules: if self.modules.is_empty() { workspace.catalog.modules.len() } else { self.modules.len() },
            exit: DriftReport::exit_for(&pairs, self.fail_on, self.pending, self.allow_incomplete),
            pairs,
            diagnostics: workspace.warnings.clone(),
            fail_on: self.fail_on,
        };
        report.diagnostics.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        if context.at.is_none() {
            super::complete::remember(context, &workspace.root, &report);
        }
        Ok(report)
    }

    /// The compared pairs, with accepted and known findings marked and left out.
    pub(super) fn pairs(&self, context: &Context<'_>) -> Result<(Workspace, Vec<PairReport>)> {
        let workspace = Workspace::open(context)?;
        let ranges = self.ranges(&workspace)?;
        let mut pairs = compare_all(self, context, &workspace, &ranges)?;
        if let Some(path) = &self.baseline {
            let known = baseline(path, workspace.now)?;
            pairs.iter_mut().flat_map(|pair| &mut pair.findings).for_each(|finding| accept(finding, &known, path));
        }
        if let Some(since) = &self.new_since {
            let before = self.before(context, &workspace, since)?;
            for pair in &mut pairs {
                pair.findings.retain(|finding| !before.contains(&finding.fingerprint));
            }
        }
        domain::shorten_ids(&mut pairs);
        Ok((workspace, pairs))
    }

    fn ranges(&self, workspace: &Workspace) -> Result<Vec<Range>> {
        for module in &self.modules {
            workspace.catalog.module(module)?;
        }
        match &self.range {
            Some(text) => Ok(vec![range::parse(&workspace.catalog, text, self.environments_only)?]),
            None => Ok(Range::all(&workspace.catalog)),
        }
    }

    /// Fingerprints that were there at another state of the config repository.
    fn before(&self, context: &Context<'_>, workspace: &Workspace, since: &str) -> Result<BTreeSet<String>> {
        let at = match since.strip_prefix("snap:") {
            Some(name) => snapshot_commit(workspace, name)?,
            None => since.to_owned(),
        };
        let past = Context {
            dir: context.dir.clone(),
            executable: context.executable.clone(),
            settings: context.settings.clone(),
            now: context.now,
            at: Some(at),
            user: context.user.clone(),
            environment: context.environment.clone(),
            progress: context.progress,
        };
        let same = Drift { new_since: None, baseline: None, ..self.clone() };
        let (_, pairs) = same.pairs(&past)?;
        Ok(pairs.into_iter().flat_map(|pair| pair.findings).map(|finding| finding.fingerprint).collect())
    }
}

fn snapshot_commit(workspace: &Workspace, name: &str) -> Result<String> {
    range::snapshot(&workspace.catalog, name)?;
    let snapshot = workspace.catalog.snapshots.get(name);
    snapshot.and_then(|snapshot| snapshot.value.spec.manifest_commit.clone()).ok_or_else(|| {
        Box::new(
            Diagnostic::error(&codes::PL0112, format!("snapshot '{name}' does not say which commit it was taken at"))
                .hint("write spec.manifestCommit into it, or name a commit: --new-since REV"),
        )
    })
}

/// Compares all ranges of one workspace.
pub(super) fn compare_all(
    request: &Drift,
    context: &Context<'_>,
    workspace: &Workspace,
    ranges: &[Range],
) -> Result<Vec<PairReport>> {
    let repositories = Repositories::new(context, workspace);
    let comparer = comparer(request, context, workspace, &repositories)?;
    Ok(ranges.par_iter().map(|range| comparer.report(range)).collect())
}

/// What the pairs of one answer share.
pub(super) fn comparer<'a>(
    request: &Drift,
    context: &'a Context<'a>,
    workspace: &'a Workspace,
    repositories: &'a Repositories<'a>,
) -> Result<Comparer<'a>> {
    let kinds = request.kinds.clone();
    let histories = if kinds.is_empty() || kinds.contains(&Kind::Versions) {
        workspace.histories(context).map_err(|why| *why)
    } else {
        Ok(super::workspace::Histories::new())
    };
    Ok(Comparer {
        context,
        workspace,
        repositories,
        histories,
        kinds,
        modules: request.modules.clone(),
        hmac: hmac(context)?,
        show_secrets: request.show_secrets,
    })
}

/// Key id and key for digests of secrets, as the settings name them.
fn hmac(context: &Context<'_>) -> Result<Option<(String, Secret)>> {
    let Some(setting) = &context.settings.hmac else { return Ok(None) };
    let key = crate::adapters::keyring::lookup(&setting.key, &context.environment)?;
    Ok(key.map(|key| (setting.kid.clone(), key)))
}

/// Fingerprints (with `*` for any text) of a JSON report or a Baseline document.
fn baseline(path: &Path, now: jiff::Timestamp) -> Result<Vec<domain::KnownFinding>> {
    let bytes = std::fs::read(path).map_err(|error| {
        Box::new(Diagnostic::error(&codes::PL0021, format!("{}: {error}", path.display())).hint("--baseline takes a file"))
    })?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let Ok(report) = serde_json::from_str::<serde_json::Value>(&text) {
        return known_of_report(&report, path);
    }
    let mut tree = MemTree::default();
    tree.insert("baselines/given.yaml", text);
    let (accepted, diagnostics) = catalog::load_baselines(&tree);
    match diagnostics.into_iter().find(|diagnostic| diagnostic.level == crate::model::Level::Error) {
        Some(mut first) => {
            if let Some(place) = &mut first.place {
                place.file = path.display().to_string();
            }
            Err(Box::new(first))
        }
        None => Ok(domain::known(&accepted, now)),
    }
}

fn known_of_report(report: &serde_json::Value, path: &Path) -> Result<Vec<domain::KnownFinding>> {
    let schema = report.get("schema").and_then(serde_json::Value::as_str);
    if schema != Some("pilab.drift/v1") {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0112, format!("{} is not a report of pilab drift", path.display()))
                .hint("make one: pilab drift -o json=baseline.json"),
        ));
    }
    let pairs = report.get("pairs").and_then(serde_json::Value::as_array).into_iter().flatten();
    let findings = pairs.flat_map(|pair| pair.get("findings").and_then(serde_json::Value::as_array).into_iter().flatten());
    let fingerprints = findings.filter_map(|finding| finding.get("fingerprint").and_then(serde_json::Value::as_str));
    Ok(fingerprints
        .map(|fingerprint| domain::KnownFinding { fingerprint: fingerprint.to_owned(), reason: None, until: None })
        .collect())
}

fn accept(finding: &mut Finding, known: &[domain::KnownFinding], path: &Path) {
    if !matches!(finding.state, State::Drift | State::Change | State::Pending) {
        return;
    }
    if let Some(entry) = known.iter().find(|entry| domain::matches(&entry.fingerprint, &finding.fingerprint)) {
        finding.state = State::Accepted;
        finding.because = Some(entry.reason.clone().unwrap_or_else(|| format!("known: it is in {}", path.display())));
        finding.until = entry.until.clone();
    }
}
