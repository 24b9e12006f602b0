//! Release notes as a value: units of work out of commits, each commit accounted for once, sorted into sections.
mod links;
mod people;
mod text;
mod units;

#[cfg(test)]
mod tests;

pub use links::{RepoLinks, issue_url, repo_links};

use crate::engines::commits::{Category, Fate, TicketPattern, Title, category};
use crate::model::{
    CommitId, Diagnostic, EnvChange, LeftOut, ModuleCommit, ModuleRange, NotesEntry, NotesSection, ReleaseNotes,
    Statistics, Ticket,
};
use std::collections::{BTreeMap, BTreeSet};
use units::{Unit, Units};

/// Everything that notes are made of.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Project or repository name.
    pub project: String,
    /// What the notes are of; empty for project and right side.
    pub title: String,
    /// The environment that receives, for a range of environments.
    pub environment: Option<String>,
    /// Left side as it was asked for.
    pub from: String,
    /// Right side as it was asked for.
    pub to: String,
    /// Range of each module.
    pub modules: Vec<ModuleRange>,
    /// Commits of all ranges, newest first, each once. Those of no module are here too: without them nobody can tell what a
    /// merge brought.
    pub commits: Vec<ModuleCommit>,
    /// Whether only some modules were asked for, so that commits of no module are nobody's business.
    pub some_modules: bool,
    /// Commits that the left side already has under another id, and why they are left out: `already shipped`.
    pub shipped: BTreeMap<CommitId, String>,
    /// Changes of environment variables.
    pub env_changes: Vec<EnvChange>,
    /// How tickets are written.
    pub tickets: Vec<TicketPattern>,
    /// Addresses by repository name.
    pub repositories: BTreeMap<String, RepoLinks>,
    /// What could not be looked at.
    pub not_checked: Vec<Diagnostic>,
}

/// Sections in the order in which they stand.
const SECTIONS: [&str; 6] = ["Added", "Modified", "Fixed", "Deprecated", "Removed", "Security"];

/// Builds the notes. Each commit of the input is behind exactly one entry, or in `left_out` with a reason.
pub fn build(input: Input) -> ReleaseNotes {
    let units = Units::of(&input.commits, &input.shipped);
    let mut notes = Building {
        input: &input,
        sections: BTreeMap::new(),
        breaking: Vec::new(),
        left_out: BTreeMap::new(),
        passed: 0,
    };
    for unit in &units.list {
        notes.unit(&units, unit);
    }
    let left_out: Vec<LeftOut> = notes.left_out.into_values().collect();
    let passed = notes.passed;
    let mut sections = notes.sections;
    let sections: Vec<NotesSection> = SECTIONS
        .iter()
        .filter_map(|name| Some(NotesSection { name: (*name).to_owned(), entries: sections.remove(name)? }))
        .collect();
    let statistics = Statistics {
        commits: input.commits.len().saturating_sub(passed),
        entries: sections.iter().map(|section| section.entries.len()).sum(),
        in_entries: sections.iter().flat_map(|section| &section.entries).map(|entry| entry.commits.len()).sum(),
        left_out: left_out.len(),
        files: files(&input.modules),
    };
    ReleaseNotes {
        schema: "pilab.notes/v1",
        date: text::newest_date(&input.commits),
        breaking: notes.breaking,
        sections,
        contributors: people::contributors(&input.commits, &input.shipped),
        left_out,
        statistics,
        title: if input.title.is_empty() { format!("{} {}", input.project, input.to) } else { input.title },
        environment: input.environment,
        project: input.project,
        from: input.from,
        to: input.to,
        env_changes: input.env_changes,
        modules: input.modules,
        not_checked: input.not_checked,
    }
}

/// Files that differ, each counted once.
fn files(modules: &[ModuleRange]) -> usize {
    let all = modules.iter().flat_map(|range| range.files.iter().map(|file| (&range.repository, &file.path)));
    all.collect::<BTreeSet<_>>().len()
}

struct Building<'a> {
    input: &'a Input,
    sections: BTreeMap<&'static str, Vec<NotesEntry>>,
    breaking: Vec<NotesEntry>,
    left_out: BTreeMap<usize, LeftOut>,
    /// Commits that are not counted.
    passed: usize,
}

impl Building<'_> {
    fn leave(&mut self, members: &[usize], reason: &str) {
        for index in members {
            if let Some(commit) = self.input.commits.get(*index).map(|one| &one.commit) {
                let reason = reason.to_owned();
                let entry = LeftOut { commit: commit.id.clone(), subject: commit.subject.clone(), reason };
                self.left_out.insert(*index, entry);
            }
        }
    }

    fn unit(&mut self, units: &Units, unit: &Unit) {
        let ours = |index: &usize| self.input.commits.get(*index).is_some_and(|one| !one.modules.is_empty());
        let ours = unit.members.iter().any(ours);
        if !ours && self.input.some_modules {
            self.passed += unit.members.len();
            return;
        }
        if let Some(reason) = &unit.reason {
            self.leave(&unit.members, reason);
            return;
        }
        if matches!(unit.fate, Fate::Cancelled { .. }) {
            self.leave(&unit.members, "reverted in this range");
            return;
        }
        if !ours {
            self.leave(&unit.members, "no module");
            return;
        }
        let titles: Vec<&Title> = unit.members.iter().filter_map(|index| units.titles.get(*index)).collect();
        let Some(head) = units.titles.get(unit.title) else { return };
        let breaking = breaking(&titles);
        let found = self.category(&titles, head, &unit.members);
        if let (Some(reason), None) = (&found.left_out, &breaking) {
            self.leave(&unit.members, reason);
            return;
        }
        let entry = self.entry(unit, head, breaking.as_deref(), &found);
        if entry.breaking.is_some() {
            self.breaking.push(entry.clone());
        }
        let section = if found.left_out.is_some() { "Modified" } else { found.name };
        self.sections.entry(section).or_default().push(entry);
    }

    /// The category of the title; where it declares nothing, that of the oldest commit which does.
    fn category(&self, titles: &[&Title], head: &Title, members: &[usize]) -> Category {
        let files = |index: &usize| self.input.commits.get(*index).map_or(&[][..], |one| one.commit.files.as_slice());
        let own = category(head, members.first().map_or(&[][..], files));
        let declares = |found: &Category| !(found.evidence == "none" || found.evidence.starts_with("verb "));
        if declares(&own) {
            return own;
        }
        let rest = titles.iter().zip(members).rev().map(|(title, index)| category(title, files(index)));
        let mut declared =
            rest.filter(|found| declares(found) && found.left_out.is_none() && found.evidence != "revert");
        declared.next().unwrap_or(own)
    }

    fn entry(&self, unit: &Unit, head: &Title, breaking: Option<&str>, found: &Category) -> NotesEntry {
        let commits: Vec<&ModuleCommit> =
            unit.members.iter().filter_map(|index| self.input.commits.get(*index)).collect();
        let repository = commits.first().map_or("", |one| one.repository.as_str());
        let links = self.input.repositories.get(repository);
        let pull_request = unit.pull_request.map(|number| links::pull_request(links, number));
        let tickets = text::tickets(&self.input.tickets, &commits, pull_request.as_ref());
        let keys: Vec<&str> = tickets.iter().map(|ticket| ticket.key.as_str()).collect();
        let subject = units_subject(&self.input.commits, unit.title);
        let text = match &unit.fate {
            Fate::RevertsOutside { what } => format!("Reverted: {}", text::clean(&text::unprefixed(what), "", &keys)),
            _ => text::clean(&head.description, subject, &keys),
        };
        NotesEntry {
            text,
            scope: head.scope.as_deref().map(text::line),
            modules: commits.iter().flat_map(|one| one.modules.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            pull_request,
            authors: people::authors(&commits),
            commits: commits.iter().map(|one| one.commit.id.clone()).collect(),
            breaking: breaking
                .map(|what| what.lines().map(|part| text::clean(part, "", &keys)).collect::<Vec<_>>().join("\n")),
            tickets,
            evidence: found.evidence.clone(),
        }
    }
}

/// What breaks, by each commit of a unit that says so: each text once. That a squash says the same as its merge is no news.
fn breaking(titles: &[&Title]) -> Option<String> {
    let mut texts: Vec<&str> = Vec::new();
    for part in titles.iter().filter_map(|title| title.breaking.as_deref()).flat_map(str::lines) {
        if !texts.iter().any(|known| known.eq_ignore_ascii_case(part)) {
            texts.push(part);
        }
    }
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn units_subject(commits: &[ModuleCommit], index: usize) -> &str {
    commits.get(index).map_or("", |one| one.commit.subject.as_str())
}

/// A ticket for display.
fn ticket(key: String, system: &str, url: Option<String>) -> Ticket {
    Ticket { key, system: system.to_owned(), url }
}
