//! Identity of changes: which commits of two branches are the same work. (Stand-in with trailer and patch id only.)
use std::collections::BTreeSet;

/// One commit.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Id.
    pub id: &'a str,
    /// First line.
    pub subject: &'a str,
    /// The rest of the message.
    pub body: &'a str,
    /// Author.
    pub author_email: &'a str,
    /// Author time.
    pub author_time: i64,
    /// Files.
    pub files: &'a [String],
    /// Patch id.
    pub patch_id: Option<[u8; 20]>,
}

/// Two commits that are the same work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Index on the left.
    pub left: usize,
    /// Index on the right.
    pub right: usize,
    /// How it is known.
    pub evidence: Vec<&'static str>,
    /// Whether it is certain.
    pub certain: bool,
    /// Whether the patch is equal.
    pub same_content: bool,
}

/// Links between two lists.
pub fn twins(left: &[Change<'_>], right: &[Change<'_>]) -> Vec<Link> {
    let mut links = Vec::new();
    for (i, a) in left.iter().enumerate() {
        for (j, b) in right.iter().enumerate() {
            let same_content = a.patch_id.is_some() && a.patch_id == b.patch_id;
            let trailer = a.body.contains(b.id) || b.body.contains(a.id);
            let subject = a.subject.len() >= 12 && a.subject == b.subject;
            let keys = [(trailer, "trailer"), (same_content, "patch-id"), (subject, "subject and files")];
            let evidence: Vec<&'static str> = keys.iter().filter(|key| key.0).map(|key| key.1).collect();
            if !evidence.is_empty() {
                links.push(Link { left: i, right: j, evidence, certain: trailer || same_content, same_content });
            }
        }
    }
    links
}

/// Changes that cancel each other inside one list: a commit and its revert.
pub fn cancelled(changes: &[Change<'_>]) -> BTreeSet<usize> {
    let mut out = BTreeSet::new();
    for (i, revert) in changes.iter().enumerate() {
        if let Some(j) = changes.iter().position(|c| revert.body.contains(&format!("This reverts commit {}", c.id))) {
            out.extend([i, j]);
        }
    }
    out
}
