//! From changes of cell files to the history of each cell.
use crate::drift::CellEvent;
use crate::model::CommitId;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The history of every cell, oldest event first, by (module, environment).
pub type Histories = BTreeMap<(String, String), Vec<CellEvent>>;

/// A commit of the config repository that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Path of the file.
    pub path: String,
    /// The commit.
    pub commit: CommitId,
    /// Commit time.
    pub at: Timestamp,
    /// Author name.
    pub by: String,
    /// The cells that the file holds after the commit, as `cells_of` reads them; none when the file was removed.
    pub cells: Arc<Vec<CellVersion>>,
}

/// Sorts changes, oldest first as the history has them, into cells. A cell is known by its module and environment, in
/// whatever file it stands: one that moves from file to file within a commit keeps its history. Commits that left a
/// version as it was are no events.
pub fn histories(changes: &[FileChange]) -> Histories {
    let mut cells = Histories::new();
    let mut files: BTreeMap<&str, &[CellVersion]> = BTreeMap::new();
    let mut holders: BTreeMap<Key<'_>, BTreeMap<&str, &str>> = BTreeMap::new();
    for commit in changes.chunk_by(|a, b| a.commit == b.commit) {
        let mut touched: BTreeSet<Key<'_>> = BTreeSet::new();
        for change in commit {
            for (module, environment, _) in files.insert(&change.path, &change.cells).unwrap_or_default() {
                holders.entry((module, environment)).or_default().remove(change.path.as_str());
                touched.insert((module, environment));
            }
            for (module, environment, version) in change.cells.iter() {
                holders.entry((module, environment)).or_default().insert(&change.path, version);
                touched.insert((module, environment));
            }
        }
        let Some(change) = commit.first() else { continue };
        for key in touched {
            let version =
                holders.get(&key).and_then(|files| files.values().next()).map(|version| (*version).to_owned());
            let events = cells.entry((key.0.to_owned(), key.1.to_owned())).or_default();
            if events.last().map(|event| &event.version) != Some(&version) {
                let (commit, at, by) = (change.commit.clone(), change.at, change.by.clone());
                events.push(CellEvent { version, commit, at, by });
            }
        }
    }
    cells
}

/// Module and environment.
type Key<'a> = (&'a str, &'a str);

/// Module, environment and version of a cell.
pub type CellVersion = (String, String, String);

/// Module, environment and version of every Deployment in the text. Reads lines rather than YAML, so that a past
/// commit with a mistake elsewhere in the file still tells its version. Keys in flow style are not seen.
pub fn cells_of(text: &str) -> Vec<CellVersion> {
    let (mut cells, mut document) = (Vec::new(), BTreeMap::new());
    for line in text.lines().chain(["---"]) {
        if line.trim_end() == "---" || line.starts_with("--- ") {
            cells.extend(deployment(&std::mem::take(&mut document)));
        } else if let Some((key, value)) = line.split_once(':')
            && matches!(key, "kind" | "module" | "environment" | "version")
            && let Some(value) = scalar(value)
        {
            document.entry(key).or_insert(value);
        }
    }
    cells
}

fn deployment(document: &BTreeMap<&str, String>) -> Option<CellVersion> {
    let get = |key: &str| document.get(key).cloned();
    (get("kind")? == "Deployment").then_some(())?;
    Some((get("module")?, get("environment")?, get("version")?))
}

/// A plain or quoted scalar without its comment.
fn scalar(text: &str) -> Option<String> {
    let text = text.trim();
    let value = match text.chars().next()? {
        quote @ ('"' | '\'') => text.get(1..)?.split(quote).next()?,
        '#' => "",
        _ => text.split(" #").next()?.trim_end(),
    };
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{FileChange, cells_of, histories};
    use crate::manifest::Histories;
    use crate::model::CommitId;
    use proptest::prelude::*;
    use std::sync::Arc;

    #[test]
    fn versions_are_read_out_of_good_and_broken_files() {
        let head = "apiVersion: pilab.dev/v1\nkind: Deployment\nmodule: payments\nenvironment: prod\n";
        for (rest, version) in [
            ("version: 1.2.0\n", Some("1.2.0")),
            ("version: \"1.2.0\" # now\r\n", Some("1.2.0")),
            ("version: '220'\ntickets: [", Some("220")),
            ("version: v1 # why\nchart:\n  version: 9\n", Some("v1")),
            ("chart:\n  version: 9\n", None),
            ("version:\n", None),
            ("version: \"", None),
            ("<<<<<<< HEAD\nversion: 1\n=======\nversion: 2\n", Some("1")),
        ] {
            let got = cells_of(&format!("{head}{rest}")).into_iter().next().map(|cell| cell.2);
            assert_eq!(got.as_deref(), version, "{rest}");
        }
        assert_eq!(cells_of("kind: Module\nmodule: a\nenvironment: b\nversion: 1\n"), []);
        let two = format!("kind: Project\n---\n{head}version: 1\n---\n{head}version: 2\n");
        assert_eq!(cells_of(&two).into_iter().map(|cell| cell.2).collect::<Vec<_>>(), ["1", "2"]);
    }

    /// The change that commit `at` made to a file: the versions of cells of `prod` in it, by module.
    fn change(path: &str, at: i64, cells: &[(&str, &str)]) -> FileChange {
        let cells =
            cells.iter().map(|(module, version)| ((*module).to_owned(), "prod".to_owned(), (*version).to_owned()));
        FileChange {
            path: path.to_owned(),
            commit: CommitId(format!("{at:040}")),
            at: jiff::Timestamp::from_second(at).unwrap(),
            by: "Mia".to_owned(),
            cells: Arc::new(cells.collect()),
        }
    }

    fn seen(histories: &Histories, module: &str) -> Vec<(Option<String>, i64)> {
        let events = &histories[&(module.to_owned(), "prod".to_owned())];
        events.iter().map(|event| (event.version.clone(), event.at.as_second())).collect()
    }

    fn wanted(events: &[(&str, i64)]) -> Vec<(Option<String>, i64)> {
        events.iter().map(|(version, at)| ((!version.is_empty()).then(|| (*version).to_owned()), *at)).collect()
    }

    #[test]
    fn a_history_has_one_event_per_version() {
        let path = "shop/manifest/prod/payments.yaml";
        let cells = histories(&[
            change(path, 1, &[("payments", "1")]),
            change("modules/payments.yaml", 1, &[]),
            change(path, 2, &[("payments", "1")]),
            change(path, 3, &[("payments", "2")]),
            change(path, 4, &[]),
            change(path, 5, &[("payments", "2")]),
        ]);
        assert_eq!(seen(&cells, "payments"), wanted(&[("1", 1), ("2", 3), ("", 4), ("2", 5)]));
        assert_eq!(cells.len(), 1);
    }

    #[test]
    fn cells_of_one_file_have_histories_of_their_own_and_keep_them_when_they_move() {
        let (one, own) = ("pilab.yaml", "manifest/prod/payments.yaml");
        let cells = histories(&[
            change(one, 1, &[("payments", "1"), ("search", "1")]),
            change(one, 2, &[("payments", "1"), ("search", "2")]),
            // payments moves into a file of its own, in one commit; the order of its files does not matter.
            change(own, 3, &[("payments", "1")]),
            change(one, 3, &[("search", "2")]),
            change(own, 4, &[("payments", "3")]),
            // It goes away in one commit and comes back elsewhere in the next.
            change(own, 5, &[]),
            change("pilab.yml", 6, &[("payments", "3")]),
        ]);
        assert_eq!(seen(&cells, "payments"), wanted(&[("1", 1), ("3", 4), ("", 5), ("3", 6)]));
        assert_eq!(seen(&cells, "search"), wanted(&[("1", 1), ("2", 2)]));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), tail in "[\"'#: ]{0,4}") {
            let _ = cells_of(&text);
            let _ = cells_of(&format!("version:{tail}"));
        }
    }
}
