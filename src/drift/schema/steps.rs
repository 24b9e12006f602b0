//! Findings about migrations themselves: edited, lost, out of order, twice there, without a way back.
use super::drafts::{Purpose, evidence};
use super::migrations::{self, Coming};
use super::replays::Schema;
use super::rules::{DB023, DB070, DB071, DB072, DB073, DB074, DB075, DB076, DB077, DB078};
use crate::drift::{Comparison, Draft, Outcome, Side};
use crate::engines::schema::catalog::Place as Spot;
use crate::engines::schema::chain::{History, Layout, ProblemKind};
use crate::engines::schema::change::{MigrationKind, Reversible};
use crate::engines::schema::{Class, Step, StepKind};
use crate::model::{Mode, Rule, State};
use std::collections::BTreeSet;

/// What a finding about migrations is made with: the earlier side, the later side, and what lies between.
struct Between<'a, 'b> {
    c: &'a Comparison<'b>,
    before: (&'a Side<'b>, &'a Schema),
    after: (&'a Side<'b>, &'a Schema),
    history: &'a History,
    purpose: Purpose,
}

/// Adds the findings about migrations between two versions, `before` being what is replaced. Gives the files of the migrations that only
/// `before` has.
pub(super) fn changed(
    c: &Comparison<'_>,
    (before, after): (&Schema, &Schema),
    history: &History,
    purpose: Purpose,
    outcome: &mut Outcome,
) -> BTreeSet<String> {
    // In a promotion the left side of the pair brings what is new; elsewhere the right one is the later.
    let (old, new) = if c.pair.mode == Mode::Promote { (&c.to, &c.from) } else { (&c.from, &c.to) };
    let between = Between { c, before: (old, before), after: (new, after), history, purpose };
    outcome.drafts.extend(between.edited());
    let gone = between.lost(outcome);
    between.order(outcome);
    between.problems(outcome);
    if purpose != Purpose::Drift {
        between.migrations(outcome);
        outcome.drafts.extend(between.init());
    }
    gone
}

impl Between<'_, '_> {
    fn state(&self) -> State {
        if self.c.pair.mode == Mode::Refs { State::Change } else { State::Drift }
    }

    fn coming(&self) -> State {
        if self.c.pair.mode == Mode::Refs { State::Change } else { State::Pending }
    }

    /// A draft about a step of one side.
    fn of(&self, rule: &'static Rule, side: (&Side<'_>, &Schema), step: &Step, state: State, title: String) -> Draft {
        let mut draft = Draft::new(rule, format!("{}/{}", rule_word(rule), step.version), state, title);
        let line = step.up.first().map_or(1, |script| script.line);
        draft.evidence.extend(evidence(side.0, side.1, &Spot { file: step.path.clone(), line }));
        draft
    }

    fn edited(&self) -> Vec<Draft> {
        let (names, mut drafts) = ((self.before.0.name, self.after.0.name), Vec::new());
        for edit in &self.history.edited {
            let steps =
                (self.before.1.source.chain.steps.get(edit.before), self.after.1.source.chain.steps.get(edit.after));
            let (Some(old), Some(new)) = steps else { continue };
            if new.kind == StepKind::Repeatable || new.kind == StepKind::Schema {
                continue;
            }
            let title = format!("migration {} has another text in {} than in {}", label(new), names.1, names.0);
            let mut draft = self.of(DB070, self.after, new, self.state(), title);
            let line = old.up.first().map_or(1, |script| script.line);
            draft.evidence.extend(evidence(self.before.0, self.before.1, &Spot { file: old.path.clone(), line }));
            if edit.cosmetic {
                draft = draft.modifier("comments-only", -50, "only comments or white space differ");
            }
            drafts.push(draft);
        }
        drafts
    }

    fn lost(&self, outcome: &mut Outcome) -> BTreeSet<String> {
        let chain = &self.before.1.source.chain;
        let removed: Vec<&Step> = self.history.removed.iter().filter_map(|index| chain.steps.get(*index)).collect();
        let gone: BTreeSet<String> = removed.iter().map(|step| step.path.to_string()).collect();
        let Some(first) = removed.first() else { return gone };
        if self.history.squashed.is_some() {
            let title = format!(
                "{} migrations of {} were replaced by others in {}",
                removed.len(),
                self.before.0.name,
                self.after.0.name
            );
            let mut draft = self.of(DB077, self.before, first, self.state(), title);
            draft.details = removed.iter().take(8).map(|step| step.path.to_string()).collect();
            outcome.drafts.push(draft);
            return gone;
        }
        for step in removed.into_iter().filter(|step| step.kind != StepKind::Schema) {
            let title = format!("migration {} of {} is not in {}", label(step), self.before.0.name, self.after.0.name);
            let mut draft = self.of(DB071, self.before, step, self.state(), title);
            draft.details = self.does(self.before.1, step);
            outcome.drafts.push(draft);
        }
        gone
    }

    /// What a step does, one line for each statement.
    fn does(&self, schema: &Schema, step: &Step) -> Vec<String> {
        let files = BTreeSet::from([step.path.to_string()]);
        let all = migrations::of(schema, &schema.replay.catalog, &files);
        all.into_iter().flat_map(|one| one.does.statements).flat_map(|one| one.does).take(8).collect()
    }

    fn order(&self, outcome: &mut Outcome) {
        let chain = &self.after.1.source.chain;
        for step in self.history.out_of_order.iter().filter_map(|index| chain.steps.get(*index)) {
            let title =
                format!("new migration {} sorts before the newest that {} has run", label(step), self.before.0.name);
            outcome.drafts.push(self.of(DB072, self.after, step, self.coming(), title));
        }
    }

    fn problems(&self, outcome: &mut Outcome) {
        let chain = &self.after.1.source.chain;
        let known = &self.before.1.source.chain.problems;
        for problem in chain.problems.iter().filter(|problem| !known.contains(problem)) {
            let rule = match problem.kind {
                ProblemKind::Duplicate => DB073,
                ProblemKind::Checksum => DB074,
                _ => continue,
            };
            let mut draft = Draft::new(
                rule,
                format!("{}/{}", rule_word(rule), problem.place.file),
                self.coming(),
                problem.text.clone(),
            );
            draft.evidence.extend(evidence(self.after.0, self.after.1, &problem.place));
            outcome.drafts.push(draft);
        }
    }

    /// What the new migrations do besides changing the structure.
    fn migrations(&self, outcome: &mut Outcome) {
        let new: BTreeSet<String> = self.added().map(|step| step.path.to_string()).collect();
        let after = self.after.1;
        let all = migrations::of(after, &self.before.1.replay.catalog, &new);
        for one in all.iter().filter(|one| matches!(one.does.kind, MigrationKind::Data | MigrationKind::Mixed)) {
            outcome.drafts.push(self.data(one));
        }
        let knows_down = after.source.chain.steps.iter().any(|step| !step.down.is_empty());
        let stays = |one: &&Coming<'_>| match one.reversible() {
            Reversible::Yes => false,
            Reversible::DataLost => true,
            Reversible::NoDown => knows_down,
        };
        let stuck: Vec<&Coming<'_>> = all.iter().filter(stays).collect();
        let Some(first) = stuck.first() else { return };
        let title = match stuck.as_slice() {
            [one] => format!("migration {} cannot be undone", label(one.step)),
            many => format!("{} migrations cannot be undone", many.len()),
        };
        let mut draft = Draft::new(DB076, "cannot-be-undone", self.coming(), title);
        draft.details =
            stuck.iter().take(8).map(|one| format!("{}: {}", one.step.path, undone(one.reversible()))).collect();
        draft.evidence.extend(evidence(self.after.0, after, &Spot { file: first.step.path.clone(), line: 1 }));
        outcome.drafts.push(self.comes(draft));
    }

    fn data(&self, one: &Coming<'_>) -> Draft {
        let blocking = !one.does.notes.is_empty();
        let rule = if blocking { DB023 } else { DB075 };
        let title = format!(
            "migration {} changes data{}",
            label(one.step),
            if blocking { " while it holds locks" } else { "" }
        );
        let mut draft = Draft::new(rule, format!("{}/{}", rule_word(rule), one.step.version), self.coming(), title);
        let data = one.does.statements.iter().filter(|one| one.class == Class::Data);
        draft.details = one
            .does
            .notes
            .iter()
            .cloned()
            .chain(data.clone().flat_map(|one| one.does.iter().cloned()))
            .take(8)
            .collect();
        let line = data.map(|one| one.place.line).next().unwrap_or(1);
        draft.evidence.extend(evidence(self.after.0, self.after.1, &Spot { file: one.step.path.clone(), line }));
        self.comes(draft)
    }

    fn comes(&self, mut draft: Draft) -> Draft {
        if draft.state == State::Pending {
            draft.because = Some(format!("comes with {}", self.after.0.version.unwrap_or("the version")));
        }
        draft
    }

    fn added(&self) -> impl Iterator<Item = &Step> {
        let steps = &self.after.1.source.chain.steps;
        self.history.added.iter().filter_map(|index| steps.get(*index))
    }

    /// Files that make an empty database do not change one that is there.
    fn init(&self) -> Option<Draft> {
        let (before, after) = (&self.before.1, &self.after.1);
        if after.source.chain.layout != Layout::Schema
            || before.replay.catalog.objects() == after.replay.catalog.objects()
        {
            return None;
        }
        let known =
            |step: &&Step| before.source.chain.steps.iter().any(|one| one.path == step.path && one.up == step.up);
        let steps = &after.source.chain.steps;
        let step = steps.iter().find(|step| !known(step)).or(steps.first())?;
        let title =
            format!("{} differs, and no migration brings it to a database that exists", after.source.chain.root);
        let mut draft = self.of(DB078, self.after, step, self.coming(), title);
        draft.key = "init".to_owned();
        Some(self.comes(draft))
    }
}

fn undone(reversible: Reversible) -> &'static str {
    match reversible {
        Reversible::Yes => "it can be undone",
        Reversible::DataLost => "what it drops is gone",
        Reversible::NoDown => "it has no down migration",
    }
}

/// The step as people call it.
fn label(step: &Step) -> &str {
    step.path
        .rsplit_once('/')
        .filter(|(_, name)| !matches!(*name, "up.sql" | "migration.sql"))
        .map_or(&*step.path, |(_, name)| name)
}

/// The part of a key that says which finding about a migration it is.
fn rule_word(rule: &Rule) -> &'static str {
    match rule.id {
        "DB070" => "edited",
        "DB071" => "lost",
        "DB072" => "order",
        "DB073" => "duplicate",
        "DB074" => "checksum",
        "DB077" => "replaced",
        "DB023" | "DB075" => "data",
        _ => "migration",
    }
}
