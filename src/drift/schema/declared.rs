//! The file that declares the whole schema, beside the migrations of the same version.
use super::drafts::evidence;
use super::replays::{Schema, doubts};
use super::rules::DB079;
use super::{changed, note, source, words};
use crate::drift::{Comparison, Draft, Outcome, Side};
use crate::engines::schema::catalog::Place as Spot;
use crate::model::config::{SchemaSource, SchemaSpec};
use crate::model::{Mode, State};

/// So many differences are listed.
const LISTED: usize = 12;

/// Tells when the file and the migrations of the version on `side` lead to different databases.
pub(super) fn compare(
    c: &Comparison<'_>,
    spec: &SchemaSpec,
    (side, schema): (&Side<'_>, &Schema),
    outcome: &mut Outcome,
) {
    let Ok(tree) = side.tree else { return };
    if spec.declared.is_empty() {
        return;
    }
    let dialect = spec.dialect;
    let twin = SchemaSpec {
        files: spec.declared.clone(),
        source: Some(SchemaSource::Dump),
        dialect,
        declared: Vec::new(),
        ..spec.clone()
    };
    let twin = match source::open(tree, &[], &schema.source.repository, &twin).and_then(Schema::of) {
        Ok(twin) => twin,
        Err(why) => return note(outcome, why),
    };
    let changes = changed(&schema.replay, &twin.replay, spec);
    let Some(first) = changes.first() else { return };
    let state = if c.pair.mode == Mode::Refs { State::Change } else { State::Drift };
    let root = &twin.source.chain.root;
    let count = if changes.len() == 1 { "1 difference".to_owned() } else { format!("{} differences", changes.len()) };
    let version = side.version.unwrap_or_default();
    let mut draft = Draft::new(
        DB079,
        format!("declared/{root}"),
        state,
        format!("{root} and the migrations of {version} make different schemas: {count}"),
    );
    draft.details = changes.iter().take(LISTED).map(|change| words::stays(change, "the migrations", root)).collect();
    if changes.len() > LISTED {
        draft.details.push(format!("and {} more", changes.len() - LISTED));
    }
    let place = first.places.first().cloned();
    let whole = || twin.source.chain.steps.first().map(|step| Spot { file: step.path.clone(), line: 1 });
    draft.evidence.extend(place.or_else(whole).and_then(|place| evidence(side, &twin, &place)));
    outcome.drafts.push(draft);
    for why in doubts(&twin, |_| true) {
        note(outcome, why);
    }
}
