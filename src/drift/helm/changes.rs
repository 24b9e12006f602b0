//! Two renderings beside each other: changes grouped and explained, noise counted, what could not be looked at said.
use super::cause::Causes;
use super::draft::Sides;
use super::renders::{Place, Rendering};
use crate::drift::{Comparison, Draft, Outcome, Side};
use crate::engines::kube::objects::{self, Change, Class, Input, Options, What};
use crate::model::codes::PL0315;
use crate::model::config::Environment;
use crate::model::{Diagnostic, State};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many changes back the other half of a change is looked for; changes of an object stand together.
const LOOKED_BACK: usize = 64;

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
    let compared = named(compared, (left, right), outcome);
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
    let first = outcome.drafts.len();
    for group in grouped(&joined(&compared.changes)) {
        outcome.drafts.push(sides.draft(&group));
    }
    outcome.drafts.extend(sides.noise(&compared));
    number(outcome.drafts.get_mut(first..).unwrap_or_default());
}

/// Takes out objects without a name, which no cluster would take, and says so.
fn named(
    mut compared: objects::Comparison,
    sides: (&Rendering, &Rendering),
    outcome: &mut Outcome,
) -> objects::Comparison {
    compared.changes.retain(|change| {
        if !change.object.name.is_empty() {
            return true;
        }
        for (side, place) in [(sides.0, &change.from), (sides.1, &change.to)] {
            if let Some(place) = place {
                let message = format!("the {} has no name", change.object.kind);
                note(outcome, broken(side, &place.source, place.line, &message));
            }
        }
        false
    });
    compared
}

/// An element that goes and one that comes at the same place of a list are one change to a reader, as grave as the graver.
fn joined(changes: &[Change]) -> Vec<Cow<'_, Change>> {
    let mut joined: Vec<Cow<'_, Change>> = Vec::new();
    for change in changes {
        let twin = joined.iter_mut().rev().take(LOOKED_BACK).find(|known| {
            let sides = (known.before.is_some(), known.after.is_some());
            change.what == What::Field
                && known.what == What::Field
                && sides == (change.after.is_some(), change.before.is_some())
                && sides.0 != sides.1
                && known.object == change.object
                && known.human() == change.human()
        });
        let Some(twin) = twin else {
            joined.push(Cow::Borrowed(change));
            continue;
        };
        let (gone, new) = if change.after.is_some() { (&**twin, change) } else { (change, &**twin) };
        let grave = if gone.class.severity() > new.class.severity() { gone } else { new };
        let whole = Change {
            before: gone.before.clone(),
            from: gone.from.clone(),
            after: new.after.clone(),
            to: new.to.clone(),
            secret: gone.secret || new.secret,
            ..grave.clone()
        };
        *twin = Cow::Owned(whole);
    }
    joined
}

/// Makes keys different that are not: whoever accepts one finding must not accept another one with it.
fn number(drafts: &mut [Draft]) {
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for draft in drafts {
        let times = seen.entry((draft.rule.id, draft.key.clone())).or_default();
        *times += 1;
        if *times > 1 {
            draft.key.push_str(&format!(" #{times}"));
        }
    }
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
fn grouped<'c>(changes: &'c [Cow<'_, Change>]) -> Vec<Vec<&'c Change>> {
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
