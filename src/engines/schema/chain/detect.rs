//! Which tool files are of.
use super::files::{decoded, folder_of, name_of};
use super::layouts::{is_flyway, is_pop};
use super::{Layout, version};
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

/// So many files are looked into for marks.
const LOOKED_INTO: usize = 4;
/// Only the beginning of a file is looked at, bytes.
const BEGINNING: u64 = 1024 * 1024;
/// Names of files that hold a whole schema.
const WHOLE: [&str; 12] = [
    "schema.sql",
    "init.sql",
    "structure.sql",
    "latest.sql",
    "dump.sql",
    "create.sql",
    "database.sql",
    "tables.sql",
    "setup.sql",
    "ddl.sql",
    "initdb.sql",
    "latest__schema.sql",
];
/// Folders in which nobody's own migrations lie.
const FOREIGN: [&str; 6] = ["node_modules", "vendor", ".git", "testdata", "target", "third_party"];

/// Files that belong together: where, whose, why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) root: String,
    pub(super) layout: Layout,
    pub(super) because: String,
    /// Paths from the root of the tree.
    pub(super) paths: Vec<String>,
}

/// Whether a path can be part of anybody's own migrations.
pub(super) fn own(path: &str) -> bool {
    !path.split('/').any(|part| FOREIGN.contains(&part))
}

/// All groups among the files of a tree; `paths` are sorted.
pub(super) fn candidates(tree: &dyn Tree, paths: &[String]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (root, layout, because) in marked(paths) {
        let below: Vec<String> = paths.iter().filter(|path| within(path, &root)).cloned().collect();
        taken.extend(paths.iter().map(String::as_str).filter(|path| within(path, &root)));
        found.push(Candidate { root, layout, because, paths: below });
    }
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.ends_with(".sql") && !taken.contains(path.as_str())) {
        folders.entry(folder_of(path)).or_default().push(path);
    }
    versioned_folders(&mut folders, paths, &mut found);
    let mut last: Option<Candidate> = None;
    for (folder, files) in folders {
        let Some((layout, because)) = of_folder(tree, folder, &files, paths) else { continue };
        // Flyway looks into folders below too.
        if let Some(known) = last
            .as_mut()
            .filter(|known| layout == Layout::Flyway && known.layout == Layout::Flyway && within(folder, &known.root))
        {
            known.paths.extend(below(paths, folder));
            known.paths.sort();
            continue;
        }
        found.extend(last.take());
        let own = if layout == Layout::Schema {
            files.iter().map(|path| (*path).to_owned()).filter(|path| is_whole(path)).collect()
        } else {
            below(paths, folder)
        };
        last = Some(Candidate { root: folder.to_owned(), layout, because, paths: own });
    }
    found.extend(last);
    found.sort();
    found.dedup_by(|a, b| a.root == b.root && a.layout == b.layout);
    found
}

/// The files directly in a folder.
fn below(paths: &[String], folder: &str) -> Vec<String> {
    paths.iter().filter(|path| folder_of(path) == folder).cloned().collect()
}

pub(super) fn within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') || rest.is_empty())
}

/// Roots that a file of the tool gives away.
fn marked(paths: &[String]) -> Vec<(String, Layout, String)> {
    let mut found: BTreeMap<String, (Layout, String)> = BTreeMap::new();
    for path in paths {
        let (folder, name) = (folder_of(path), name_of(path));
        let up = || folder_of(folder).to_owned();
        match name {
            "_journal.json" if name_of(folder) == "meta" => {
                found.insert(up(), (Layout::Drizzle, "meta/_journal.json lists its files".to_owned()));
            }
            "migration_lock.toml" => {
                found.insert(folder.to_owned(), (Layout::Prisma, "migration_lock.toml is Prisma's".to_owned()));
            }
            "migration.sql" if !folder.is_empty() => {
                found.entry(up()).or_insert((Layout::Prisma, "each folder has a migration.sql".to_owned()));
            }
            "up.sql" if name_of(folder).starts_with(|c: char| c.is_ascii_digit()) => {
                found.entry(up()).or_insert((Layout::Diesel, "each folder has an up.sql".to_owned()));
            }
            "atlas.sum" => {
                found.insert(folder.to_owned(), (Layout::Atlas, "atlas.sum lists its files".to_owned()));
            }
            "structure.sql" if name_of(folder) == "db" => {
                found.insert(path.clone(), (Layout::Rails, "db/structure.sql is the dump of Rails".to_owned()));
            }
            _ if folder.ends_with("supabase/migrations") && name.ends_with(".sql") => {
                found.entry(folder.to_owned()).or_insert((Layout::Supabase, "it is supabase/migrations".to_owned()));
            }
            _ => {}
        }
    }
    found.into_iter().map(|(root, (layout, because))| (root, layout, because)).collect()
}

/// Folders that are named like versions and stand beside one another.
fn versioned_folders(folders: &mut BTreeMap<&str, Vec<&str>>, paths: &[String], found: &mut Vec<Candidate>) {
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in folders.keys().filter(|folder| version::is_version(name_of(folder))) {
        parents.entry(folder_of(folder).to_owned()).or_default().insert((*folder).to_owned());
    }
    for (parent, children) in parents.into_iter().filter(|(_, children)| children.len() > 1) {
        // Folders of one tool may be named so too; their files have versions of their own.
        let flyway = children
            .iter()
            .filter_map(|child| folders.get(child.as_str()))
            .flatten()
            .any(|path| is_flyway(name_of(path)));
        if flyway {
            continue;
        }
        let own = paths.iter().filter(|path| children.iter().any(|child| within(path, child))).cloned().collect();
        children.iter().for_each(|child| {
            folders.remove(child.as_str());
        });
        let because = format!(
            "its folders are versions: {}",
            children.iter().map(|child| name_of(child)).take(3).collect::<Vec<_>>().join(", ")
        );
        found.push(Candidate { root: parent, layout: Layout::Folders, because, paths: own });
    }
}

/// The tool of the files in one folder.
pub(super) fn of_folder(tree: &dyn Tree, folder: &str, files: &[&str], all: &[String]) -> Option<(Layout, String)> {
    let names: Vec<&str> = files.iter().map(|path| name_of(path)).collect();
    if let Some(name) = names.iter().find(|name| is_flyway(name)) {
        return Some((Layout::Flyway, format!("{name} is named as Flyway wants it")));
    }
    let numbered = |name: &&&str| version::numbered(name.strip_prefix(['V', 'v']).unwrap_or(name)).is_some();
    let first: Vec<&&str> = names.iter().filter(numbered).collect();
    let rust = || all.iter().any(|path| name_of(path) == "Cargo.toml" && within(folder, folder_of(path)));
    if let Some(name) = names.iter().find(|name| name.ends_with(".up.sql") && numbered(name)) {
        if is_pop(&names) || all.iter().any(|path| folder_of(path) == folder && path.ends_with(".fizz")) {
            return Some((Layout::Pop, format!("{name} and others say their dialect in the name, as pop wants it")));
        }
        let layout = match rust() {
            true => Layout::Sqlx,
            false if name.starts_with(['V', 'v']) => Layout::Numbered,
            false => Layout::GolangMigrate,
        };
        return Some((layout, format!("{name} has its way back beside it")));
    }
    let sample = first.iter().take(LOOKED_INTO).filter_map(|name| {
        let path = if folder.is_empty() { (**name).to_string() } else { format!("{folder}/{name}") };
        Some(((**name).to_owned(), decoded(&tree.read(&path, BEGINNING).ok().flatten()?)))
    });
    let sample: Vec<(String, String)> = sample.collect();
    if let Some((name, _)) = sample.iter().find(|(_, text)| text.contains("+goose ")) {
        return Some((Layout::Goose, format!("{name} has the marks of goose")));
    }
    if let Some((name, _)) = sample.iter().find(|(_, text)| text.contains("migrate:up")) {
        return Some((Layout::Dbmate, format!("{name} has the marks of dbmate")));
    }
    match first.as_slice() {
        [name, _, ..] if rust() => Some((Layout::Sqlx, format!("{name} is numbered, and the project is Rust"))),
        [name, _, ..] => Some((Layout::Numbered, format!("{name} and others are numbered"))),
        [name] if name_of(folder).contains("migrat") => {
            Some((Layout::Numbered, format!("{name} is numbered, in a folder of migrations")))
        }
        _ => names
            .iter()
            .find(|name| is_whole(name))
            .map(|name| (Layout::Schema, format!("{name} is named like a whole schema"))),
    }
}

fn is_whole(path: &str) -> bool {
    WHOLE.contains(&name_of(path).to_ascii_lowercase().as_str())
}
