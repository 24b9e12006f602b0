//! The demo as values: a config repository and three code repositories, commit by commit, with fixed dates and authors.
//!
//! What happens in them is written in `templates/demo/`, one script per repository. The cases that pilab is there for are
//! all in it: a hotfix that only prod has, one picked back and one picked with changes, a revert, a missing variable,
//! values of another environment, accepted and expired findings, a module nobody recorded, a disaster recovery
//! environment that lags behind, an inversion, a promotion that waits too long.
mod script;

use crate::model::{Person, Result};

/// The moment that the demo is made for (RFC 3339): `PILAB_NOW` of its transcripts.
pub const PRESENT: &str = "2026-11-23T06:00:00Z";

/// A repository of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRepository {
    /// Name of its folder.
    pub folder: &'static str,
    /// Whether it has a work tree.
    pub work_tree: bool,
    /// Its commits; parents stand before children.
    pub commits: Vec<DemoCommit>,
}

/// A commit of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCommit {
    /// The message; `{commit N}` stands for the id of commit `N` of the repository.
    pub message: String,
    /// Author and committer.
    pub author: Person,
    /// Seconds since 1970 UTC.
    pub time: i64,
    /// Parents, by their place in the list.
    pub parents: Vec<usize>,
    /// Path and new content, or `None` for a file that goes away; against the first parent.
    pub files: Vec<(String, Option<String>)>,
    /// Branches that end here.
    pub branches: Vec<String>,
    /// Tags: name, and the message of an annotated one.
    pub tags: Vec<(String, Option<String>)>,
}

/// All repositories; the config repository is the first.
///
/// # Errors
/// PL0900 when a script contradicts itself, which a test rules out.
pub fn repositories() -> Result<Vec<DemoRepository>> {
    let repository = |folder, work_tree, text| -> Result<DemoRepository> {
        Ok(DemoRepository { folder, work_tree, commits: script::play(folder, text)? })
    };
    Ok(vec![
        repository("shop-config", true, include_str!("../../templates/demo/config.txt"))?,
        repository("payments.git", false, include_str!("../../templates/demo/payments.txt"))?,
        repository("storefront.git", false, include_str!("../../templates/demo/storefront.txt"))?,
        repository("notifier.git", false, include_str!("../../templates/demo/notifier.txt"))?,
    ])
}

#[cfg(test)]
mod tests {
    use super::{DemoRepository, repositories};

    fn tags(repository: &DemoRepository) -> Vec<&str> {
        repository.commits.iter().flat_map(|commit| &commit.tags).map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn the_demo_has_the_size_that_the_help_tells() {
        let all = repositories().unwrap();
        let commits: usize = all.iter().map(|repository| repository.commits.len()).sum();
        assert!((110..=135).contains(&commits), "{commits} commits");
        for repository in &all[1..] {
            assert!(tags(repository).len() >= 4, "{}", repository.folder);
            assert!(tags(repository).contains(&"v1.2") && tags(repository).contains(&"v1.3"), "{}", repository.folder);
            assert!(repository.commits.iter().flat_map(|commit| &commit.branches).any(|branch| branch == "main"));
        }
        let present: jiff::Timestamp = super::PRESENT.parse().unwrap();
        assert!(all.iter().flat_map(|repository| &repository.commits).all(|commit| commit.time < present.as_second()));
    }

    #[test]
    fn every_recorded_version_has_its_tag() {
        let all = repositories().unwrap();
        let known: Vec<&str> = all.iter().flat_map(tags).collect();
        let mut cells = 0;
        for (path, content) in all[0].commits.iter().flat_map(|commit| &commit.files) {
            let Some(content) = content.as_deref().filter(|_| path.starts_with("manifest/")) else { continue };
            let field =
                |name: &str| content.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim_matches('"');
            let (module, version) = (field("module: "), field("version: "));
            let plain = format!("v{version}");
            let prefixed = format!("{module}-v{version}");
            assert!(known.contains(&plain.as_str()) || known.contains(&prefixed.as_str()), "{module} {version}");
            cells += 1;
        }
        assert!(cells >= 24, "{cells} cells");
    }
}
