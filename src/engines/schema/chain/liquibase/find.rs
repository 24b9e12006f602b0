//! Finds changelogs that no other changelog includes, and for which database they are.
use super::{element, formatted, roots};
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::chain::files::{decoded, folder_of, name_of};
use crate::tree::{self, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Larger changelogs are not looked into for what they include.
const LARGEST: u64 = 4 * 1024 * 1024;
/// So many files are looked into.
const FILES: usize = 5_000;

/// Whether a file may be a changelog by its name.
fn named(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let ending = [".xml", ".yaml", ".yml", ".json", ".sql"].iter().any(|ending| lower.ends_with(ending));
    ending
        && ["changelog", "liquibase", "changeset", "migration", "db/", "database", "schema"]
            .iter()
            .any(|word| lower.contains(word))
}

/// Whether a file is a changelog.
pub(in crate::engines::schema::chain) fn is_changelog(tree: &dyn Tree, path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let Some(text) = tree.read(path, LARGEST).ok().flatten().map(|bytes| decoded(&bytes)) else { return false };
    if lower.ends_with(".sql") { formatted::is(&text) } else { !lower.ends_with(".java") && begins(&text) }
}

/// Whether a text names the root of changelogs near its beginning, as they do.
fn begins(text: &str) -> bool {
    let head: String = text.chars().take(4096).collect();
    head.contains("databaseChangeLog") && !head.contains("<xsd:schema")
}

/// Changelogs that stand on their own, or folders of formatted SQL, each with why.
pub(in crate::engines::schema::chain) fn find(tree: &dyn Tree, paths: &[String]) -> Vec<(String, String)> {
    let mut logs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut formatted_sql: BTreeSet<&str> = BTreeSet::new();
    for path in paths.iter().filter(|path| named(path)).take(FILES) {
        let Some(text) = tree.read(path, LARGEST).ok().flatten().map(|bytes| decoded(&bytes)) else { continue };
        let lower = path.to_ascii_lowercase();
        if lower.ends_with(".sql") {
            if formatted::is(&text) {
                formatted_sql.insert(path);
            }
        } else if begins(&text) {
            let parsed = if lower.ends_with(".xml") { element::xml(&text) } else { element::yaml(&text) };
            let root = parsed.unwrap_or_default();
            let named = |include: &element::Element| {
                let file = include.said("file").or(include.said("path"))?;
                let bare =
                    file.trim_start_matches("classpath*:").trim_start_matches("classpath:").trim_start_matches('/');
                let here = tree::join(folder_of(path), bare);
                if include.is("relativeToChangelogFile") { here } else { Some(bare.trim_end_matches('/').to_owned()) }
            };
            let includes = root.children.iter().filter(|child| matches!(child.name.as_str(), "include" | "includeAll"));
            logs.insert(path, includes.filter_map(named).collect());
        }
    }
    let included: BTreeSet<String> = logs.values().flatten().cloned().collect();
    let taken = |path: &str| {
        let mut folder = Some(path);
        while let Some(at) = folder.filter(|at| !at.is_empty()) {
            if included.contains(at) || ends_of(at).any(|end| included.contains(end)) {
                return true;
            }
            folder = Some(folder_of(at));
        }
        false
    };
    let mut found: Vec<(String, String)> = Vec::new();
    let tops: Vec<&str> =
        logs.iter().filter(|(path, includes)| !includes.is_empty() && !taken(path)).map(|(path, _)| *path).collect();
    for path in &tops {
        found.push(((*path).to_owned(), format!("{} is a changelog that includes others", name_of(path))));
    }
    let below = |path: &str| tops.iter().any(|top| path.starts_with(&format!("{}/", folder_of(top))));
    for (path, _) in logs.iter().filter(|(path, includes)| includes.is_empty() && !taken(path) && !below(path)) {
        found.push(((*path).to_owned(), format!("{} is a changelog that none includes", name_of(path))));
    }
    let folders: BTreeSet<&str> =
        formatted_sql.iter().filter(|path| !taken(path) && !below(path)).map(|path| folder_of(path)).collect();
    for folder in folders.into_iter().filter(|folder| !folder.is_empty()) {
        found.push((folder.to_owned(), "its files are formatted SQL of Liquibase".to_owned()));
    }
    found
}

/// The folders to look in, the one first from which the changelog names what it includes.
pub(super) fn ordered(
    tree: &dyn Tree,
    changelog: &str,
    paths: &BTreeSet<String>,
    mut roots: Vec<String>,
) -> Vec<String> {
    let text = tree.read(changelog, LARGEST).ok().flatten().map(|bytes| decoded(&bytes)).unwrap_or_default();
    let xml = changelog.to_ascii_lowercase().ends_with(".xml");
    let root = if xml { element::xml(&text) } else { element::yaml(&text) }.unwrap_or_default();
    let includes = root.all("include").filter(|include| !include.is("relativeToChangelogFile"));
    let named = includes
        .filter_map(|include| include.said("file"))
        .map(|file| file.trim_start_matches("classpath:").trim_start_matches('/'));
    for file in named.take(5) {
        if let Some(at) = roots.iter().position(|root| tree::join(root, file).is_some_and(|path| paths.contains(&path)))
        {
            let first = roots.remove(at);
            roots.insert(0, first);
            break;
        }
    }
    roots
}

/// A path without its first folders, one after the other.
fn ends_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..))
}

/// The dialect that the project around a changelog speaks of: its connections, then its drivers.
pub(super) fn dialect(tree: &dyn Tree, changelog: &str, paths: &BTreeSet<String>) -> Option<Dialect> {
    const SIGNS: [(&str, Dialect); 4] = [
        ("postgresql", Dialect::Postgres),
        ("mysql", Dialect::MySql),
        ("mariadb", Dialect::MariaDb),
        ("sqlite", Dialect::Sqlite),
    ];
    let look = |path: &str, prefix: &str| {
        let text = tree
            .read(path, LARGEST)
            .ok()
            .flatten()
            .map(|bytes| decoded(&bytes).to_ascii_lowercase())
            .unwrap_or_default();
        let found: Vec<Dialect> = SIGNS
            .iter()
            .filter(|(word, _)| text.contains(&format!("{prefix}{word}")))
            .map(|(_, dialect)| *dialect)
            .collect();
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    };
    let around = roots(changelog);
    for folder in &around {
        for name in ["application.yml", "application.yaml", "application.properties", "liquibase.properties"] {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(found) = paths.contains(&path).then(|| look(&path, "jdbc:")).flatten() {
                return Some(found);
            }
        }
    }
    for folder in &around {
        for name in ["pom.xml", "build.gradle", "build.gradle.kts"] {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(found) = paths.contains(&path).then(|| look(&path, "")).flatten() {
                return Some(found);
            }
        }
    }
    None
}
