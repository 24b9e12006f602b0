//! Commits and what lies between two of them, as read from a repository.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of a commit: 40 or 64 lower case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CommitId(pub String);

impl CommitId {
    /// The first 7 digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An author as the mailmap of the repository names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Display name.
    pub name: String,
    /// E-mail address, lower case.
    pub email: String,
}

/// One commit, as far as drift and notes need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// Ids of its parents.
    pub parents: Vec<CommitId>,
    /// Author after the mailmap.
    pub author: Person,
    /// People named by `Co-authored-by` trailers, after the mailmap.
    pub co_authors: Vec<Person>,
    /// Author time, seconds since 1970 UTC.
    pub author_time: i64,
    /// Commit time, seconds since 1970 UTC.
    pub time: i64,
    /// First paragraph of the message, joined into one line; decoded by the commit's `encoding`, else lossy UTF-8.
    pub subject: String,
    /// The rest of the message, without the blank line.
    pub body: String,
    /// Paths changed under the asked paths against the first parent, sorted. Empty when it was not asked for.
    pub files: Vec<String>,
    /// Context-free stable patch id over the asked paths; none for merges, or when it was not asked for.
    #[serde(skip)]
    pub patch_id: Option<[u8; 20]>,
}

impl Commit {
    /// Whether it has more than one parent.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// Only on the right side.
    Added,
    /// Only on the left side.
    Removed,
    /// On both, with other content or mode.
    Modified,
}

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FileChange {
    /// Path in the repository, `/` between parts.
    pub path: String,
    /// What happened to it.
    pub status: FileStatus,
}

/// Content of a blob with its size, for lists that need no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Blob {
    /// Object id in hexadecimal.
    pub id: String,
    /// Size in bytes.
    pub size: u64,
}

/// Everything between commit `from` and commit `to` under one module's paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeRange {
    /// Left commit.
    pub from: CommitId,
    /// Right commit.
    pub to: CommitId,
    /// Best common ancestors; empty for unrelated histories.
    pub merge_bases: Vec<CommitId>,
    /// Commits reachable from `from` and not from `to` that touch the paths, newest first. The set is exact.
    pub only_from: Vec<Commit>,
    /// Commits reachable from `to` and not from `from` that touch the paths, newest first. The set is exact.
    pub only_to: Vec<Commit>,
    /// Files under the paths that differ between the two trees, sorted by path. No rename detection.
    pub files: Vec<FileChange>,
}

/// Two changes that are the same work on two branches, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Twin {
    /// Commit on the left side.
    pub from: CommitId,
    /// Commit on the right side.
    pub to: CommitId,
    /// The keys that link them: `trailer`, `patch-id`, `pull request`, `subject and files`, `author and date`.
    pub evidence: Vec<&'static str>,
    /// Whether the evidence is certain (trailer, patch id, pull request) or only likely.
    pub certain: bool,
    /// Whether the content is the same (equal patch ids).
    pub same_content: bool,
}
