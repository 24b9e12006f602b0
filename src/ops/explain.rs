//! `pilab drift explain ID`: everything about one finding.
use super::compare::{Comparer, Ready};
use super::drift::Answer;
use super::excerpt::around;
use super::range::{Named, Range};
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, Drift, Excerpt, Explain, Explanation};
use crate::drift as domain;
use crate::model::{Diagnostic, Evidence, Finding, Kind, PairReport, Result, State, codes};
use crate::tree::{READ_LIMIT, Tree};

impl Explain {
    /// Answers.
    ///
    /// # Errors
    /// PL0107, PL0108, and all of `Drift::run`.
    pub fn run(&self, context: &Context<'_>) -> Result<Explanation> {
        let request = Drift { range: self.range.clone(), show_secrets: self.show_secrets, ..Drift::default() };
        let Answer { workspace, pairs, .. } = request.answer(context)?;
        let finding = find(&pairs, &self.id)?.clone();
        let repositories = Repositories::new(context, &workspace);
        let only = Drift { modules: vec![finding.module.clone()], kinds: vec![Kind::Env], ..request };
        let comparer = super::drift::comparer(&only, context, &workspace, &repositories)?;
        let range = range_of(&workspace, &finding);
        let ready = comparer.prepare(&range, false);
        let excerpts = finding.evidence.iter().map(|evidence| excerpt(evidence, &comparer, &ready)).collect();
        let related = pairs
            .iter()
            .flat_map(|pair| &pair.findings)
            .filter(|other| other.module == finding.module && other.pair == finding.pair && other.id != finding.id)
            .filter(|other| other.state != State::Expected)
            .map(|other| (other.id.clone(), other.title.clone()))
            .take(8)
            .collect();
        let rule = domain::rule(finding.rule).ok_or_else(|| {
            Box::new(Diagnostic::error(&codes::PL0900, format!("rule {} is in no table", finding.rule)))
        })?;
        let path = Range::all(&workspace.catalog).iter().any(|range| range.pair() == finding.pair);
        let ways_out = super::ways::ways_out(&finding, path, context.now);
        Ok(Explanation { schema: "pilab.explanation/v1", finding, rule, excerpts, related, ways_out })
    }
}

/// The range in which a finding was made, its sides named beyond doubt.
fn range_of(workspace: &Workspace, finding: &Finding) -> Range {
    let named = |name: &str| {
        if workspace.catalog.environment(name).is_ok() {
            Named::Environment(name.to_owned())
        } else if workspace.catalog.snapshots.contains_key(name) {
            Named::Snapshot(name.to_owned())
        } else {
            Named::Ref(name.to_owned())
        }
    };
    Range { from: named(&finding.pair.from), to: named(&finding.pair.to), mode: finding.pair.mode }
}

/// The finding whose id begins so.
///
/// # Errors
/// PL0107 when there is none, PL0108 when there are several.
pub(super) fn find<'a>(pairs: &'a [PairReport], id: &str) -> Result<&'a Finding> {
    let id = id.trim().to_ascii_lowercase();
    let all = || pairs.iter().flat_map(|pair| &pair.findings);
    let hash = |finding: &Finding| Finding::hash_of(&finding.fingerprint);
    let found: Vec<&Finding> = if id.len() < 4 || !id.chars().all(|c| c.is_ascii_hexdigit()) {
        all().filter(|finding| finding.fingerprint.eq_ignore_ascii_case(&id)).collect()
    } else {
        all().filter(|finding| hash(finding).starts_with(&id)).collect()
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Box::new(
            Diagnostic::error(&codes::PL0107, format!("there is no finding '{id}' now"))
                .did_you_mean(&id, all().map(|finding| finding.id.as_str()))
                .hint("pilab drift lists the findings with their ids; an id has at least 4 digits"),
        )),
        several => Err(Box::new(several.iter().take(5).fold(
            Diagnostic::error(&codes::PL0108, format!("'{id}' is the beginning of {} findings", several.len())),
            |diagnostic, finding| {
                diagnostic.hint(format!("{}  {}", &hash(finding).get(..12).unwrap_or_default(), finding.title))
            },
        ))),
    }
}

fn excerpt(evidence: &Evidence, comparer: &Comparer<'_>, ready: &[Ready<'_>]) -> Excerpt {
    let single = |evidence: &Evidence| Excerpt {
        evidence: evidence.clone(),
        first_line: evidence.place.line,
        lines: vec![evidence.place.text.clone()],
    };
    let read = |tree: &dyn Tree| tree.read(&evidence.place.file, READ_LIMIT).ok().flatten();
    let content = if evidence.repository.is_empty() {
        read(&*comparer.workspace.config)
    } else {
        let side = ready.first().map(|ready| if evidence.side == ready.left_name() { &ready.from } else { &ready.to });
        side.and_then(|side| side.tree.as_ref().ok()).and_then(|tree| read(&**tree))
    };
    let text = content.map(|content| String::from_utf8_lossy(&content).into_owned()).unwrap_or_default();
    match around(&text, evidence.place.line, &evidence.place.text) {
        Some((first_line, lines)) => Excerpt { evidence: evidence.clone(), first_line, lines },
        None => single(evidence),
    }
}
