//! `pilab drift`: open, resolve, compare, report.
use super::charts::Cached;
use super::compare::Comparer;
use super::range::{self, Range};
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, Drift};
use crate::catalog::{self, Located};
use crate::drift::helm::Renders;
use crate::drift::schema::Schemas;
use crate::drift::{self as domain, Acceptances, Policies};
use crate::model::{
    Coverage, CoverageState, Diagnostic, DriftReport, Kind, Mode, ObjectPatch, Pair, PairReport, Place, Result, Secret,
    State, codes,
};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

impl Drift {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, a broken one, an unknown name, a range that is none.
    pub fn run(&self, context: &Context<'_>) -> Result<DriftReport> {
        let Answer { workspace, pairs, diagnostics } = self.answer(context)?;
        let report = DriftReport {
            schema: "pilab.drift/v1",
            project: workspace.catalog.project.value.metadata.name.clone(),
            commit: workspace.commit.as_ref().map(|commit| commit.0.clone()),
            at: workspace.at.clone(),
            uncommitted: workspace.uncommitted,
            now: workspace.now.to_string(),
            modules: if self.modules.is_empty() { workspace.catalog.modules.len() } else { self.modules.len() },
            exit: DriftReport::exit_for(&pairs, self.fail_on, self.pending, self.allow_incomplete),
            pairs,
            diagnostics,
            fail_on: self.fail_on,
        };
        if context.at.is_none() {
            super::complete::remember(context, &workspace.root, &report);
        }
        Ok(report)
    }

    /// What differs between Kubernetes objects as texts, for people who want to read a patch. What could not be rendered is told by `run`.
    ///
    /// # Errors
    /// As `run`.
    pub fn patches(&self, context: &Context<'_>) -> Result<Vec<ObjectPatch>> {
        let workspace = Workspace::open(context)?;
        let ranges = self.ranges(&workspace)?;
        let repositories = Repositories::new(context, &workspace);
        let request = Drift { kinds: vec![Kind::Helm], ..self.clone() };
        let comparer = comparer(&request, context, &workspace, &repositories)?;
        let all = ranges.iter().flat_map(|range| comparer.patches(range));
        let mut patches: Vec<ObjectPatch> = all.filter_map(std::result::Result::ok).flatten().collect();
        patches.retain(|patch| self.pending || patch.state != State::Pending);
        Ok(patches)
    }

    /// The compared pairs, with accepted findings marked and those that were there before left out.
    pub(super) fn answer(&self, context: &Context<'_>) -> Result<Answer> {
        let mut workspace = Workspace::open(context)?;
        let mut known = BTreeSet::new();
        if let Some(path) = &self.baseline {
            known = baseline(path, &mut workspace)?;
        }
        let ranges = self.ranges(&workspace)?;
        let repositories = Repositories::new(context, &workspace);
        let mut comparer = comparer(self, context, &workspace, &repositories)?;
        comparer.acceptances = comparer.acceptances.with(known);
        ranges.iter().try_for_each(|range| comparer.check_refs(range))?;
        let compared: Vec<(PairReport, Vec<Diagnostic>)> =
            ranges.par_iter().map(|range| comparer.report(range)).collect();
        let (mut pairs, warnings): (Vec<PairReport>, Vec<Vec<Diagnostic>>) = compared.into_iter().unzip();
        drop(comparer);
        drop(repositories);
        if let Some(why) = pairs.iter().find_map(nowhere) {
            return Err(why);
        }
        let mut diagnostics = workspace.warnings.clone();
        diagnostics.extend(warnings.into_iter().flatten());
        diagnostics.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        diagnostics.dedup();
        if let Some(since) = &self.new_since {
            let before = self.before(context, &workspace, since)?;
            for pair in &mut pairs {
                pair.findings.retain(|finding| !before.contains(&finding.fingerprint));
            }
        }
        domain::assign_ids(&mut pairs);
        Ok(Answer { workspace, pairs, diagnostics })
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
        Ok(same
            .answer(&past)?
            .pairs
            .into_iter()
            .flat_map(|pair| pair.findings)
            .map(|finding| finding.fingerprint)
            .collect())
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

/// Whether there is nothing to compare, and not because the repository has neither ref.
fn by_design(entry: &Coverage) -> bool {
    entry.because.as_ref().is_some_and(|because| !because.contains(" has neither "))
}

/// Why a range of plain refs is refused: no module's repository has them, so nothing at all was compared.
fn nowhere(report: &PairReport) -> Option<Box<Diagnostic>> {
    let mut looked = report.coverage.iter().filter(|entry| entry.kind != Kind::Versions).peekable();
    let unknown = |why: &Diagnostic| why.code.id == codes::PL0203.id;
    if report.pair.mode != Mode::Refs
        || looked.peek().is_none()
        || looked.any(|entry| entry.state == CoverageState::Verified || by_design(entry))
        || !report.not_checked.iter().all(|entry| unknown(&entry.why))
    {
        return None;
    }
    let Pair { from, to, .. } = &report.pair;
    let one = report.not_checked.first().map(|entry| entry.why.clone());
    let none = || Diagnostic::error(&codes::PL0203, format!("no repository has a ref '{from}' or '{to}'"));
    Some(Box::new(one.unwrap_or_else(|| none().hint("pilab repo fetch"))))
}

/// The pairs of one request, with the config repository they came from.
pub(super) struct Answer {
    pub(super) workspace: Workspace,
    pub(super) pairs: Vec<PairReport>,
    pub(super) diagnostics: Vec<Diagnostic>,
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
        Ok(crate::manifest::Histories::new())
    };
    // What is wrong with a policy or an acceptance was found when the catalog was loaded.
    let (policies, _) = Policies::compile(&workspace.catalog);
    let (acceptances, _) = Acceptances::compile(&workspace.catalog, workspace.now);
    Ok(Comparer {
        policies,
        acceptances,
        workspace,
        repositories,
        histories,
        kinds,
        modules: request.modules.clone(),
        hmac: hmac(context)?,
        show_secrets: request.show_secrets,
        renders: Renders::new(Arc::new(Cached::new(context))),
        schemas: Schemas::default(),
    })
}

/// Key id and key for digests of secrets, as the settings name them.
fn hmac(context: &Context<'_>) -> Result<Option<(String, Secret)>> {
    let Some(setting) = &context.settings.hmac else { return Ok(None) };
    let key = crate::adapters::keyring::lookup(&setting.key, &context.environment)?;
    Ok(key.map(|key| (setting.kid.clone(), key)))
}

/// Takes over the acceptances of a Baseline document; of a JSON report the fingerprints of all findings are known.
fn baseline(path: &Path, workspace: &mut Workspace) -> Result<BTreeSet<String>> {
    let bytes = std::fs::read(path).map_err(|error| {
        Box::new(
            Diagnostic::error(&codes::PL0021, format!("{} cannot be read: {error}", path.display()))
                .hint("--baseline takes a Baseline document, or a report of `pilab drift -o json`"),
        )
    })?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let Ok(report) = serde_json::from_str::<serde_json::Value>(&text) {
        return known(&report, path);
    }
    for (index, value) in catalog::baselines::read(&text, &path.display().to_string())?.into_iter().enumerate() {
        let place = Place::of(&path.display().to_string(), &text, 0, 1);
        // The name cannot be one of the repository's own: names hold no space.
        workspace.catalog.baselines.insert(format!("given {index}"), Located { value, place });
    }
    Ok(BTreeSet::new())
}

fn known(report: &serde_json::Value, path: &Path) -> Result<BTreeSet<String>> {
    if report.get("schema").and_then(serde_json::Value::as_str) != Some("pilab.drift/v1") {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0112, format!("{} is not a report of pilab drift", path.display()))
                .hint("make one: pilab drift -o json=baseline.json"),
        ));
    }
    let list = |value: &serde_json::Value, key: &str| value.get(key).and_then(serde_json::Value::as_array).cloned();
    let pairs = list(report, "pairs").unwrap_or_default();
    let findings = pairs.iter().filter_map(|pair| list(pair, "findings")).flatten();
    Ok(findings.filter_map(|finding| finding.get("fingerprint")?.as_str().map(str::to_owned)).collect())
}
