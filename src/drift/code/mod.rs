//! Kind `code`: the commits between two versions; which ones wait, and which ones a promotion would lose.
mod changes;
mod rules;
#[cfg(test)]
mod tests;

use super::{Comparison, Detector, Draft, Outcome, versions};
use crate::engines::commits::{TicketKey, TicketPattern, tickets};
use crate::model::{CodeRange, Commit, Diagnostic, Kind, Mode, Rule, State, codes};
use changes::{Sides, split};
use jiff::Timestamp;
use rules::{CODE001, CODE002, CODE003, CODE004, RULES};
use std::collections::{BTreeMap, BTreeSet};

/// The detector.
pub(super) struct Code;

/// How many commits are listed below a finding.
const LISTED: usize = 10;

impl Detector for Code {
    fn kind(&self) -> Kind {
        Kind::Code
    }

    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn compare(&self, c: &Comparison<'_>) -> Outcome {
        match c.code {
            None => Outcome::not_applicable("one side has no version"),
            Some(Err(diagnostic)) => match c.elsewhere() {
                Some(because) => Outcome::not_applicable(because),
                None => Outcome { unchecked: vec![diagnostic.clone()], ..Outcome::default() },
            },
            Some(Ok(range)) if range.merge_bases.is_empty() && range.from != range.to => unrelated(c),
            Some(Ok(range)) => between(c, range),
        }
    }
}

/// Commits of `only_to` that `only_from` has already, with certainty, under another id: id to id of the twin.
pub fn shipped(range: &CodeRange) -> BTreeMap<String, String> {
    let sides = split(&range.only_to, &range.only_from);
    let certain = sides.links.iter().filter(|link| link.certain);
    certain.map(|link| (link.coming.id.0.clone(), link.present.id.0.clone())).collect()
}

fn unrelated(c: &Comparison<'_>) -> Outcome {
    let why = Diagnostic::error(
        &codes::PL0214,
        format!("the versions in {} and {} have no common commit", c.pair.from, c.pair.to),
    )
    .note("which commits are new cannot be told")
    .hint("check `repo` and `refTemplate` of the module");
    Outcome { unchecked: vec![why], ..Outcome::default() }
}

/// The first commit that `CODE002` reports for a promotion, if it reports one.
pub(super) fn first_lost(c: &Comparison<'_>) -> Option<String> {
    let Some(Ok(range)) = c.code else { return None };
    let works = |commits: &[Commit]| commits.iter().any(|commit| !commit.is_merge());
    let promotes = c.pair.mode == Mode::Promote && works(&range.only_from) && works(&range.only_to);
    let lost = promotes.then(|| split(&range.only_from, &range.only_to).present)?;
    lost.first().map(|commit| line(commit))
}

fn between(c: &Comparison<'_>, range: &CodeRange) -> Outcome {
    let works = |commits: &[Commit]| commits.iter().filter(|commit| !commit.is_merge()).count();
    let looked_at = works(&range.only_from) + works(&range.only_to);
    if looked_at == 0 {
        return Outcome { compared: 1, equal: 1, ..Outcome::default() };
    }
    let mut out = Outcome { compared: looked_at, ..Outcome::default() };
    let tickets = match Tickets::of(c) {
        Ok(tickets) => tickets,
        Err(diagnostic) => {
            out.unchecked.push(*diagnostic);
            Tickets(Vec::new())
        }
    };
    // What is coming into the receiving side, and what is there. `A..B` of plain refs goes from A to B.
    let refs = c.pair.mode == Mode::Refs;
    let (coming, present) = if refs { (&range.only_to, &range.only_from) } else { (&range.only_from, &range.only_to) };
    let sides = split(coming, present);
    let state = if refs { State::Change } else { State::Drift };
    if !sides.coming.is_empty() {
        out.drafts.push(waiting(c, &sides, &tickets));
    }
    if coming.is_empty() && !sides.present.is_empty() {
        let draft = taken_back(c, &sides.present, state, &tickets);
        let told = versions::turned_round(c);
        let reason = "that the target is ahead is told by itself";
        out.drafts.push(if told { draft.modifier("told by VER002", -20, reason) } else { draft });
    } else {
        out.drafts.extend(sides.present.iter().map(|commit| lost(c, commit, state, &tickets)));
    }
    let changed = sides.links.iter().filter(|link| link.differs);
    out.drafts.extend(changed.map(|link| {
        let likely = if link.certain { "" } else { "likely " };
        let (there, here) = (link.coming, link.present);
        let title = format!("{} was {likely}backported with changes", quoted(&here.subject));
        let mut draft = Draft::new(CODE004, key(here), state, title);
        draft.details.push(format!("{} and {} change different lines", here.id.short(), there.id.short()));
        draft.details.push(format!("known by {}", link.evidence.join(", ")));
        draft.tickets = tickets.in_commits(&[here, there]);
        draft
    }));
    out
}

fn waiting(c: &Comparison<'_>, sides: &Sides<'_>, tickets: &Tickets) -> Draft {
    let commits = &sides.coming;
    let many = count(commits.len(), "commit");
    let (verb_wait, verb_miss) = if commits.len() == 1 { ("waits", "is") } else { ("wait", "are") };
    let (state, title) = match c.pair.mode {
        Mode::Promote => (State::Pending, format!("{many} {verb_wait} for {}", c.pair.to)),
        Mode::Mirror => (State::Drift, format!("{many} of {} {verb_miss} missing in {}", c.pair.from, c.pair.to)),
        Mode::Refs => (State::Change, format!("{many} from {} to {}", c.pair.from, c.pair.to)),
    };
    let mut draft = Draft::new(CODE001, "commits", state, title);
    if state == State::Pending {
        draft = draft.because("the next promotion brings it");
    }
    for (name, reason) in changes::risks(commits) {
        draft = draft.modifier(name, 10, reason);
    }
    describe(&mut draft, commits, tickets);
    if !sides.links.is_empty() {
        draft.details.push(format!("{} already there under another id", count(sides.links.len(), "commit")));
    }
    if sides.cancelled > 0 {
        draft.details.push(format!("{} left out: reverted within the range", count(sides.cancelled, "commit")));
    }
    draft
}

fn taken_back(c: &Comparison<'_>, commits: &[&Commit], state: State, tickets: &Tickets) -> Draft {
    let many = count(commits.len(), "commit");
    let title = match c.pair.mode {
        Mode::Promote => format!("The promotion would take back {many} of {}", c.pair.to),
        Mode::Mirror => format!("{} has {many} that {} lacks", c.pair.to, c.pair.from),
        Mode::Refs => format!("{} lacks {many} of {}", c.pair.to, c.pair.from),
    };
    let mut draft = Draft::new(CODE003, "commits", state, title);
    describe(&mut draft, commits, tickets);
    draft
}

fn lost(c: &Comparison<'_>, commit: &Commit, state: State, tickets: &Tickets) -> Draft {
    let (has, lacks) = match c.pair.mode {
        Mode::Refs => (&c.pair.from, &c.pair.to),
        Mode::Promote | Mode::Mirror => (&c.pair.to, &c.pair.from),
    };
    let title = format!("{} is in {has} and not in {lacks}", quoted(&commit.subject));
    let mut draft = Draft::new(CODE002, key(commit), state, title);
    draft.since = Timestamp::from_second(commit.time).ok();
    if let Some(why) = changes::upkeep(commit) {
        draft = draft.modifier("upkeep", -50, format!("upkeep of a release branch, not a fix: {why}"));
    }
    let at = Timestamp::from_second(commit.author_time).map(|at| format!(" on {}", at.strftime("%F")));
    draft.details.push(format!("{} by {}{}", commit.id.short(), commit.author.name, at.unwrap_or_default()));
    draft.details.extend(commit.files.iter().take(LISTED).cloned());
    more(&mut draft, commit.files.len());
    draft.tickets = tickets.in_commits(&[commit]);
    draft
}

/// Counts, then the newest commits, then since when.
fn describe(draft: &mut Draft, commits: &[&Commit], tickets: &Tickets) {
    let authors: BTreeSet<&str> = commits.iter().map(|commit| commit.author.name.as_str()).collect();
    let files: BTreeSet<&str> = commits.iter().flat_map(|commit| &commit.files).map(String::as_str).collect();
    draft.tickets = tickets.in_commits(commits);
    let names = authors.iter().copied().collect::<Vec<_>>().join(", ");
    let few = authors.len() <= 3;
    let by = if few { names.clone() } else { count(authors.len(), "author") };
    let mut counts = vec![format!("{} by {by}", count(commits.len(), "commit")), count(files.len(), "file")];
    if !draft.tickets.is_empty() {
        counts.push(count(draft.tickets.len(), "ticket"));
    }
    draft.details.push(counts.join(", "));
    if !few {
        draft.details.push(format!("by {names}"));
    }
    draft.details.extend(commits.iter().take(LISTED).map(|commit| line(commit)));
    more(draft, commits.len());
    draft.since = commits.iter().map(|commit| commit.time).min().and_then(|time| Timestamp::from_second(time).ok());
}

fn more(draft: &mut Draft, all: usize) {
    if all > LISTED {
        draft.details.push(format!("and {} more", all - LISTED));
    }
}

fn line(commit: &Commit) -> String {
    format!("{} {} ({})", commit.id.short(), commit.subject, commit.author.name)
}

fn quoted(subject: &str) -> String {
    format!("\"{subject}\"")
}

fn key(commit: &Commit) -> String {
    commit.id.0.get(..12).unwrap_or(&commit.id.0).to_owned()
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// How tickets are written in this project.
struct Tickets(Vec<TicketPattern>);

impl Tickets {
    fn of(c: &Comparison<'_>) -> Result<Tickets, Box<Diagnostic>> {
        let patterns = c.catalog.project.value.spec.tickets.iter().map(|ticket| {
            TicketPattern::new(&ticket.system, &ticket.pattern, ticket.url.as_deref()).map_err(|error| {
                let message = format!("the ticket pattern '{}' cannot be used: {error}", ticket.pattern);
                Box::new(Diagnostic::error(&codes::PL0020, message).note("tickets were not looked for"))
            })
        });
        patterns.collect::<Result<_, _>>().map(Tickets)
    }

    /// Keys named by the commits, each once, sorted. A bare number gets a `#`.
    fn in_commits(&self, commits: &[&Commit]) -> Vec<String> {
        let named = |commit: &&Commit| tickets(&self.0, &commit.subject, &commit.body);
        let bare = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
        let shown = |ticket: TicketKey| if bare(&ticket.key) { format!("#{}", ticket.key) } else { ticket.key };
        let found: BTreeSet<String> = commits.iter().flat_map(named).map(shown).collect();
        found.into_iter().collect()
    }
}
