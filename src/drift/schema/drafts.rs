//! From changes of a schema to drafts: rule, words, what applying it means, and the statements that make it.
use super::readers::Readers;
use super::replays::Schema;
use super::rules::DB056;
use super::{hazards, words};
use crate::drift::texts::line_of;
use crate::drift::{Comparison, Draft, Side};
use crate::engines::schema::What;
use crate::engines::schema::catalog::Place as Spot;
use crate::engines::schema::change::{Certainty, Change, Difference, Hazard, Loss};
use crate::model::{Evidence, Mode, Shown, State};
use crate::tree::READ_LIMIT;

/// So many statements of a change are shown.
const SHOWN: usize = 4;

/// What changes mean here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A promotion brings them.
    Pending,
    /// Nothing takes them away.
    Drift,
    /// Two refs differ by them.
    Change,
    /// A live database has them.
    Live,
}

/// What a draft is made with.
pub(super) struct Maker<'a, 'b> {
    pub(super) c: &'a Comparison<'b>,
    pub(super) purpose: Purpose,
    /// The side whose migrations make the changes, and its schema.
    pub(super) by: (&'a Side<'b>, &'a Schema),
    /// The side that has what goes.
    pub(super) other: (&'a Side<'b>, &'a Schema),
    pub(super) readers: &'a Readers<'b>,
}

impl Maker<'_, '_> {
    /// The draft of a change.
    pub(super) fn draft(&self, change: &Change) -> Draft {
        let rule = change.effects.first().map_or(DB056, |effect| hazards::rule(effect.hazard));
        let state = match self.purpose {
            Purpose::Pending => State::Pending,
            Purpose::Drift | Purpose::Live => State::Drift,
            Purpose::Change => State::Change,
        };
        let mut draft = Draft::new(rule, self.key(change), state, self.title(change));
        (draft.from, draft.to) = self.shown(change);
        draft.details = details(change);
        let gone = change.difference == Difference::Dropped;
        draft.evidence = change.places.iter().take(SHOWN).filter_map(|place| self.evidence(place, gone)).collect();
        if self.purpose == Purpose::Pending {
            draft.because = Some(format!("comes with {}", self.c.from.version.unwrap_or("the version")));
        }
        if change.certainty == Certainty::Guess {
            draft = draft.modifier("guess", -10, "the rename is inferred, not seen");
        }
        self.joined_with_code(draft, change)
    }

    fn key(&self, change: &Change) -> String {
        let object = format!("{}/{}", change.key.kind.word(), words::name(&change.key));
        match self.purpose {
            Purpose::Pending => format!("pending/{object}"),
            Purpose::Live => format!("live/{object}"),
            Purpose::Drift | Purpose::Change => object,
        }
    }

    fn title(&self, change: &Change) -> String {
        let (from, to) = (self.c.from.name, self.c.to.name);
        match self.purpose {
            Purpose::Pending => format!("Promotion to {to} {}", words::does(change)),
            Purpose::Change => format!("{to} {}", words::does(change)),
            Purpose::Drift => words::stays(change, from, to),
            Purpose::Live => words::stays(change, "its migrations", &format!("the database of {to}")),
        }
    }

    /// Left and right of the pair stay where they are: what a promotion brings is the left side's.
    fn shown(&self, change: &Change) -> (Option<Shown>, Option<Shown>) {
        let there = || Shown::value("(there)");
        let none = || Shown::absent("(not there)");
        let (before, after) = match &change.difference {
            Difference::Created => (none(), there()),
            Difference::Dropped => (there(), none()),
            Difference::Altered { renamed_from: Some((key, _)), .. } => {
                (Shown::value(words::name(key)), Shown::value(words::name(&change.key)))
            }
            Difference::Altered { attributes, .. } | Difference::Replaced { attributes } => match attributes.as_slice()
            {
                [(_, was, is)] => {
                    let (was, is) = words::flags(was.as_deref(), is.as_deref());
                    (shown(was), shown(is))
                }
                _ => return (None, None),
            },
        };
        if self.purpose == Purpose::Pending { (Some(after), Some(before)) } else { (Some(before), Some(after)) }
    }

    fn evidence(&self, place: &Spot, gone: bool) -> Option<Evidence> {
        // What goes without a statement that takes it away is shown where it was made.
        let (side, schema) = if gone && !drops(self.by.1, place) { self.other } else { self.by };
        evidence(side, schema, place)
    }

    /// Code that runs and still names what goes makes it worse; code that was looked through and does not makes it better.
    fn joined_with_code(&self, mut draft: Draft, change: &Change) -> Draft {
        let goes = change.effects.first().is_some_and(|effect| {
            matches!(
                effect.hazard,
                Hazard::TableDropped | Hazard::ColumnDropped | Hazard::TableRenamed | Hazard::ColumnRenamed
            )
        });
        if !goes || !matches!(self.purpose, Purpose::Pending | Purpose::Change) {
            return draft;
        }
        let gone = match &change.difference {
            Difference::Altered { renamed_from: Some((key, _)), .. } => key,
            _ => &change.key,
        };
        let found = self.readers.of(gone);
        if let Some(first) = found.first() {
            let at = format!("{}:{} of {}", first.place.file, first.place.line, first.module);
            draft = draft.modifier("still-read", 15, format!("code that runs names it: {at}"));
            draft.details.push(format!("code of {} still names it", list(found.iter().map(|one| one.module.as_str()))));
            draft.evidence.extend(found.into_iter().take(SHOWN).map(|one| one.evidence()));
        } else if self.readers.looked() && self.c.pair.mode != Mode::Refs {
            let what = self.readers.names();
            draft = draft.modifier("not-read", -10, format!("the deployed code of {what} does not name it"));
        }
        draft
    }
}

/// Whether the statement at a place takes something away.
pub(super) fn drops(schema: &Schema, place: &Spot) -> bool {
    let here = schema.replay.log.iter().filter(|one| one.place == *place);
    here.flat_map(|one| &one.acts).any(|act| act.what == What::Dropped)
}

/// A line of a migration.
pub(super) fn evidence(side: &Side<'_>, schema: &Schema, place: &Spot) -> Option<Evidence> {
    let bytes = side.tree.ok()?.read(&place.file, READ_LIMIT).ok().flatten()?;
    let text = String::from_utf8_lossy(&bytes);
    let place = line_of(&place.file, &text, place.line.max(1));
    let at = side.version.unwrap_or_default().to_owned();
    Some(Evidence { side: side.name.to_owned(), repository: schema.source.repository.clone(), at, place })
}

fn shown(value: Option<&str>) -> Shown {
    match value {
        Some("yes") => Shown::value("yes"),
        Some(text) => Shown::value(words::value(Some(text))),
        None => Shown::absent("(none)"),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    names.join(", ")
}

fn details(change: &Change) -> Vec<String> {
    let mut details = words::attributes(change);
    if details.len() == 1 && !matches!(&change.difference, Difference::Altered { renamed_from: Some(_), .. }) {
        details.clear();
    }
    if let Difference::Altered { renamed_from: Some((_, evidence)), .. } = &change.difference {
        details.insert(0, format!("renamed by {}", words::evidence(evidence)));
    }
    for effect in &change.effects {
        if !effect.because.is_empty() {
            details.push(effect.because.clone());
        }
        if effect.loss == Loss::Data && words::holds_data(change.key.kind) {
            details.push("its data are lost".to_owned());
        }
        if let Some(waits) = words::waits(effect.lock, effect.work) {
            details.push(waits);
        }
        if !effect.advice.is_empty() {
            details.push(format!("safer: {}", effect.advice));
        }
    }
    if change.certainty == Certainty::Partial {
        details.push("a statement that was not replayed touches it, so this is not certain".to_owned());
    }
    let mut told = std::collections::BTreeSet::new();
    details.retain(|line| told.insert(line.clone()));
    details
}
