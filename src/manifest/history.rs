//! From changes of cell files to the history of each cell.
use crate::drift::CellEvent;
use crate::model::CommitId;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The history of every cell, oldest event first, by (module, environment).
pub type Histories = BTreeMap<(String, String), Vec<CellEvent>>;

/// A commit of the config repository that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Path of the file: `manifest/<environment>/<module>.yaml`, at any depth. Changes of other files are passed over.
    pub path: String,
    /// The commit.
    pub commit: CommitId,
    /// Commit time.
    pub at: Timestamp,
    /// Author name.
    pub by: String,
    /// The version in the file after the commit; `None` when the file was removed or cannot be read.
    pub version: Option<String>,
}

/// Sorts changes, oldest first as the history has them, into cells. Commits that left the version as it was are no events.
pub fn histories(changes: impl IntoIterator<Item = CellChange>) -> Histories {
    let mut cells = Histories::new();
    for change in changes {
        let Some(key) = cell_of(&change.path) else { continue };
        let events = cells.entry(key).or_default();
        if events.last().map(|event| &event.version) != Some(&change.version) {
            events.push(CellEvent { version: change.version, commit: change.commit, at: change.at, by: change.by });
        }
    }
    cells
}

/// Module and environment of `…/manifest/<environment>/<module>.yaml`.
fn cell_of(path: &str) -> Option<(String, String)> {
    let mut parts = path.rsplit('/');
    let (file, environment, folder) = (parts.next()?, parts.next()?, parts.next()?);
    let module = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml"))?;
    (folder == "manifest").then(|| (module.to_owned(), environment.to_owned()))
}

/// Module, environment and version of the first Deployment in the text.
pub fn version_of(text: &str) -> Option<(String, String, String)> {
    cells_of(text).into_iter().next()
}

/// Module, environment and version of every Deployment in the text. Reads lines rather than YAML, so that a past
/// commit with a mistake elsewhere in the file still tells its version. Keys in flow style are not seen.
pub fn cells_of(text: &str) -> Vec<(String, String, String)> {
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

fn deployment(document: &BTreeMap<&str, String>) -> Option<(String, String, String)> {
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
    use super::{CellChange, cells_of, histories, version_of};
    use crate::model::CommitId;
    use proptest::prelude::*;

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
            let got = version_of(&format!("{head}{rest}")).map(|cell| cell.2);
            assert_eq!(got.as_deref(), version, "{rest}");
        }
        assert_eq!(version_of("kind: Module\nmodule: a\nenvironment: b\nversion: 1\n"), None);
        let two = format!("kind: Project\n---\n{head}version: 1\n---\n{head}version: 2\n");
        assert_eq!(cells_of(&two).into_iter().map(|cell| cell.2).collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn a_history_has_one_event_per_version() {
        let change = |path: &str, version: Option<&str>, at: i64| CellChange {
            path: path.to_owned(),
            commit: CommitId(format!("{at:040}")),
            at: jiff::Timestamp::from_second(at).unwrap(),
            by: "Mia".to_owned(),
            version: version.map(str::to_owned),
        };
        let path = "shop/manifest/prod/payments.yaml";
        let cells = histories([
            change(path, Some("1"), 1),
            change("modules/payments.yaml", Some("7"), 1),
            change(path, Some("1"), 2),
            change(path, Some("2"), 3),
            change(path, None, 4),
            change(path, Some("2"), 5),
        ]);
        let key = ("payments".to_owned(), "prod".to_owned());
        let seen: Vec<_> = cells[&key].iter().map(|e| (e.version.as_deref(), e.at.as_second())).collect();
        assert_eq!(seen, [(Some("1"), 1), (Some("2"), 3), (None, 4), (Some("2"), 5)]);
        assert_eq!(cells.len(), 1);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), tail in "[\"'#: ]{0,4}") {
            let _ = cells_of(&text);
            let _ = cells_of(&format!("version:{tail}"));
        }
    }
}
