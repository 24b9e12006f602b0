//! Two renderings beside each other: changes grouped and explained, noise counted, what could not be looked at said.
use super::cause::Causes;
use super::draft::Sides;
use super::renders::{Place, Rendering};
use crate::drift::{Comparison, Outcome, Side};
use crate::engines::kube::objects::{self, Change, Class, Comparison as Compared, Input, Options};
use crate::model::codes::PL0315;
use crate::model::config::Environment;
use crate::model::{Diagnostic, State};
use std::collections::BTreeMap;

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Drift,
    Pending,
    Change,
}

impl Purpose {
    pub(super) fn state(self) -> State {
        match self {
            Purpose::Drift => State::Drift,
            Purpose::Pending => State::Pending,
            Purpose::Change => State::Change,
        }
    }
}

/// Compares what two sides render to, and adds it to the outcome. A side is a version in an environment, not necessarily its own.
pub(super) fn compare<'a>(
    c: &Comparison<'a>,
    before: (&Side<'a>, Option<&Environment>),
    after: (&Side<'a>, Option<&Environment>),
    purpose: Purpose,
    outcome: &mut Outcome,
) {
    let sides = (c.renders.of(c, before.0, before.1), c.renders.of(c, after.0, after.1));
    let (left, right) = match (&*sides.0, &*sides.1) {
        (Ok(left), Ok(right)) => (left, right),
        (left, right) => {
            for diagnostic in [left, right].into_iter().filter_map(|side| side.as_ref().err()).flatten() {
                note(outcome, diagnostic.clone());
            }
            return;
        }
    };
    for diagnostic in left.doubts.iter().chain(&right.doubts) {
        note(outcome, diagnostic.clone());
    }
    let compared = objects::compare(&input(left), &input(right), &Options { account: false, ..Options::default() });
    for problem in &compared.errors {
        let side = if problem.side == objects::Side::From { left } else { right };
        note(outcome, broken(side, &problem.source, problem.line, &problem.message));
    }
    if purpose != Purpose::Pending {
        outcome.compared += compared.compared;
        outcome.equal += compared.equal;
    }
    let causes = if purpose == Purpose::Drift {
        Causes::find(c, (before, left), (after, right), &compared)
    } else {
        Causes::default()
    };
    let sides = Sides { c, purpose, before: (before.0, left), after: (after.0, right), causes: &causes };
    for group in grouped(&compared.changes) {
        outcome.drafts.push(sides.draft(&group));
    }
    outcome.drafts.extend(sides.noise(&compared));
}

/// What is given to the comparison of objects.
pub(super) fn input(side: &Rendering) -> Input<'_> {
    Input { manifests: &side.manifests, again: side.again.as_deref(), namespace: &side.namespace }
}

fn note(outcome: &mut Outcome, diagnostic: Diagnostic) {
    if !outcome.unchecked.contains(&diagnostic) {
        outcome.unchecked.push(diagnostic);
    }
}

fn broken(side: &Rendering, source: &str, line: u32, message: &str) -> Diagnostic {
    let index = side.manifests.iter().position(|manifest| manifest.source == source).unwrap_or(usize::MAX);
    let place = side.place(index, source, line);
    let diagnostic = Diagnostic::error(&PL0315, format!("{source}:{line}: {message}"));
    match place {
        Some(Place { place, .. }) => diagnostic.at(crate::drift::texts::hidden(place)),
        None => diagnostic,
    }
}

/// Up to so many settings of one text are told one by one; a dashboard has hundreds.
const SETTINGS: usize = 8;

/// Changes that are one fact to a reader: the same label on many objects, many fields of one custom resource definition,
/// many settings of one text.
pub(super) fn grouped(changes: &[Change]) -> Vec<Vec<&Change>> {
    let mut groups: BTreeMap<(String, Class, String), Vec<&Change>> = BTreeMap::new();
    let mut settings: BTreeMap<(String, Class, String), usize> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.inside.is_some()) {
        *settings.entry((change.object.to_string(), change.class, change.path.to_string())).or_default() += 1;
    }
    let mut order = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let key = match change.class {
            Class::Label | Class::Annotation | Class::PodLabel | Class::PodAnnotation => {
                let values = format!("{}\0{:?}\0{:?}", change.path, change.before, change.after);
                (String::new(), change.class, values)
            }
            Class::CrdSchema
            | Class::CrdFieldAdded
            | Class::CrdFieldRemoved
            | Class::CrdFieldRequired
            | Class::CrdTypeChanged => (change.object.to_string(), change.class, String::new()),
            _ => {
                let text = (change.object.to_string(), change.class, change.path.to_string());
                if settings.get(&text).is_some_and(|count| *count > SETTINGS) {
                    text
                } else {
                    (text.0, text.1, format!("{index}"))
                }
            }
        };
        let group = groups.entry(key.clone()).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(change);
    }
    order.into_iter().filter_map(|key| groups.remove(&key)).collect()
}

/// Objects that a comparison is about, for the sum at the end.
pub(super) fn objects_of(compared: &Compared) -> usize {
    compared.objects_from.max(compared.objects_to)
}
