//! Release notes as a value: what templates see, what JSON carries, what every format shows.
use super::{Commit, CommitId, Diagnostic, FileChange, Person, Shown};
use schemars::JsonSchema;
use serde::Serialize;

/// A ticket that commits name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Ticket {
    /// The key as people write it: `PAY-412`, `#123`.
    pub key: String,
    /// Tracker it belongs to: `jira`, `github`, …
    pub system: String,
    /// Where it can be read; absent when the project names no URL for the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// One line of the notes: a change, however many commits it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotesEntry {
    /// What changed, from the title of the pull request or commit, prefix cut off, first letter upper case.
    pub text: String,
    /// The scope of a conventional title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Modules it touches, sorted.
    pub modules: Vec<String>,
    /// Pull or merge request: number and, where the forge is known, its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<Ticket>,
    /// Tickets, sorted.
    pub tickets: Vec<Ticket>,
    /// Its commits, newest first.
    pub commits: Vec<CommitId>,
    /// Its authors, sorted, bots left out.
    pub authors: Vec<Person>,
    /// What breaks, for a breaking change; paragraphs are apart by a line break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking: Option<String>,
    /// How the category is known: `prefix fix`, `verb Add`, `none`.
    pub evidence: String,
}

/// Entries of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotesSection {
    /// `Added`, `Modified`, `Fixed`, `Deprecated`, `Removed`, `Security`, …
    pub name: String,
    /// Entries in order of the history, newest first.
    pub entries: Vec<NotesEntry>,
}

/// A commit that is not in the notes, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The commit.
    pub commit: CommitId,
    /// Its subject.
    pub subject: String,
    /// Why: `merge`, `type chore`, `reverted in this range`, `already shipped`, `bot`, `no module`.
    pub reason: String,
}

/// A variable that changes for those who operate the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EnvChange {
    /// Module.
    pub module: String,
    /// Name, with the container in front where a module has several.
    pub key: String,
    /// `added`, `removed`, `changed`.
    pub what: &'static str,
    /// Value before.
    pub was: Shown,
    /// Value after.
    pub is: Shown,
}

/// What a module's part of the notes goes from and to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleRange {
    /// Module.
    pub module: String,
    /// Repository name.
    pub repository: String,
    /// Version or ref it comes from; empty for notes from the first commit on, `from_commit` is all zeros then.
    pub from: String,
    /// Version or ref it goes to.
    pub to: String,
    /// Commits the two resolve to.
    pub from_commit: CommitId,
    /// See `from_commit`.
    pub to_commit: CommitId,
    /// Commits in the range under the module's paths.
    pub commits: usize,
    /// Files that differ.
    pub files: Vec<FileChange>,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contributor {
    /// Who.
    pub person: Person,
    /// Number of commits, co-authored ones counted too.
    pub commits: usize,
    /// Whether the name looks like an automation (`[bot]`).
    pub bot: bool,
}

/// The sum that lets a reader see that nothing was lost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Commits in the range, each counted once.
    pub commits: usize,
    /// Entries made of them.
    pub entries: usize,
    /// Commits that stand behind entries.
    pub in_entries: usize,
    /// Commits left out, with reasons in `leftOut`.
    pub left_out: usize,
    /// Files that differ, each counted once.
    pub files: usize,
}

/// The whole notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseNotes {
    /// `pilab.notes/v1`.
    pub schema: &'static str,
    /// Project or repository name.
    pub project: String,
    /// What the notes are of, for a heading: `shop v1.3`, `shop: promotion of staging to prod`.
    pub title: String,
    /// Left side as it was asked for; empty for notes from the first commit on.
    pub from: String,
    /// Right side as it was asked for.
    pub to: String,
    /// The environment whose variables `envChanges` speaks of, for a range of environments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Date of the newest commit of the range (RFC 3339 date), so that no clock is in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Breaking changes, which also stand in their sections.
    pub breaking: Vec<NotesEntry>,
    /// Categories with entries, in order.
    pub sections: Vec<NotesSection>,
    /// Changes of environment variables.
    pub env_changes: Vec<EnvChange>,
    /// Range of each module.
    pub modules: Vec<ModuleRange>,
    /// Contributors, most commits first.
    pub contributors: Vec<Contributor>,
    /// Commits that are not in the notes.
    pub left_out: Vec<LeftOut>,
    /// The sum.
    pub statistics: Statistics,
    /// What could not be looked at.
    pub not_checked: Vec<Diagnostic>,
}

/// A commit with the modules it touches: what notes are built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleCommit {
    /// The commit.
    pub commit: Commit,
    /// Modules whose paths it touches, sorted.
    pub modules: Vec<String>,
    /// Repository name.
    pub repository: String,
}
