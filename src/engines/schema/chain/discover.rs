//! Finds chains: all of a tree, or the one that is named.
use super::detect::{Candidate, candidates, of_folder, own, within};
use super::files::{Files, folder_of, name_of, problem};
use super::layouts::{assemble, pop_dialects};
use super::{Chain, Layout, Problem, ProblemKind, liquibase};
use crate::engines::schema::catalog::Dialect;
use crate::tree::{self, Tree, TreeError};
use std::collections::BTreeSet;

/// All chains of a tree, by their root. Where files are for several dialects, one for each, or the one for `dialect`.
pub fn discover(tree: &dyn Tree, dialect: Option<Dialect>) -> Vec<Chain> {
    let mut paths = tree::walk(tree, "").unwrap_or_default();
    paths.retain(|path| own(path));
    let mut chains = Vec::new();
    let logs = liquibase::find(tree, &paths);
    if !logs.is_empty() {
        let all: BTreeSet<String> = paths.iter().cloned().collect();
        chains.extend(logs.iter().map(|(path, because)| liquibase::chain(tree, path, &all, because, dialect)));
        // SQL beside a changelog is the changelog's.
        paths.retain(|path| !logs.iter().any(|(log, _)| beside(path, log)));
    }
    for found in candidates(tree, &paths) {
        chains.extend(dialects(&found, dialect).into_iter().map(|dialect| made(tree, &found, dialect)));
    }
    chains.retain(|chain| !chain.steps.is_empty() || !chain.problems.is_empty());
    chains
}

fn beside(path: &str, changelog: &str) -> bool {
    let folder = folder_of(changelog);
    within(path, changelog) || (!folder.is_empty() && within(path, folder))
}

/// The chain of the changelog among files, when they hold one and only one.
fn changelog(tree: &dyn Tree, paths: &[String], dialect: Option<Dialect>) -> Option<Result<Chain, Problem>> {
    let logs = liquibase::find(tree, paths);
    let (first, because) = logs.first()?;
    if logs.len() > 1 {
        let names: Vec<&str> = logs.iter().map(|(path, _)| path.as_str()).collect();
        let text = format!("there are several changelogs: {}", names.join(", "));
        return Some(Err(problem(ProblemKind::Unresolved, first, 0, text)));
    }
    Some(Ok(of_changelog(tree, first, because, dialect)))
}

fn of_changelog(tree: &dyn Tree, path: &str, because: &str, dialect: Option<Dialect>) -> Chain {
    // What it includes may lie anywhere.
    let all: BTreeSet<String> = tree::walk(tree, "").unwrap_or_default().into_iter().collect();
    liquibase::chain(tree, path, &all, because, dialect)
}

fn dialects(found: &Candidate, dialect: Option<Dialect>) -> Vec<Option<Dialect>> {
    if found.layout != Layout::Pop || dialect.is_some() {
        return vec![dialect];
    }
    let names: Vec<&str> = found.paths.iter().map(|path| name_of(path)).collect();
    match pop_dialects(&names) {
        none if none.is_empty() => vec![None],
        some => some.into_iter().map(Some).collect(),
    }
}

fn made(tree: &dyn Tree, found: &Candidate, dialect: Option<Dialect>) -> Chain {
    // The structure of Rails is one file, which is its own root.
    let root = if found.layout == Layout::Rails { folder_of(&found.root) } else { found.root.as_str() };
    let paths = found.paths.iter().map(|path| relative(path, root)).collect();
    let mut files = Files::new(tree, root, paths);
    let lock = files.optional("migration_lock.toml").filter(|_| found.layout == Layout::Prisma);
    let lock = lock.and_then(|text| {
        text.lines()
            .find_map(|line| Dialect::from_word(line.trim().strip_prefix("provider")?.trim_matches([' ', '=', '"'])))
    });
    files.paths.sort();
    assemble(files, found.layout, found.because.clone(), dialect.or(lock))
}

fn relative(path: &str, root: &str) -> String {
    if root.is_empty() {
        path.to_owned()
    } else {
        path.strip_prefix(root).unwrap_or(path).trim_start_matches('/').to_owned()
    }
}

/// The chain in files that are named: folders, files or globs from the root of the tree. Those that do not exist are passed over.
///
/// # Errors
/// A problem when nothing is left, or when what is left looks like no tool and no tool is named.
pub fn open(
    tree: &dyn Tree,
    files: &[String],
    layout: Option<Layout>,
    dialect: Option<Dialect>,
) -> Result<Chain, Problem> {
    let (mut paths, mut roots) = (Vec::new(), Vec::new());
    for named in files {
        let bare = named.trim_start_matches("./").trim_matches('/');
        let some = tree::glob(tree, bare).map_err(|error| unreadable(bare, &error))?;
        let folder = match bare.contains(['*', '?', '[', '{']) {
            true => String::new(),
            false if some.iter().any(|path| path == bare) => folder_of(bare).to_owned(),
            false => bare.to_owned(),
        };
        if !some.is_empty() && !bare.contains(['*', '?', '[', '{']) && !some.iter().any(|path| path == bare) {
            roots.push(folder);
        }
        let new: Vec<String> = some.into_iter().filter(|path| !paths.contains(path)).collect();
        paths.extend(new);
    }
    if paths.is_empty() {
        let text = format!("there is no file {}", files.join(", "));
        return Err(problem(ProblemKind::Missing, "", 0, text));
    }
    if let ([one], None | Some(Layout::Liquibase)) = (paths.as_slice(), layout)
        && liquibase::is_changelog(tree, one)
    {
        return Ok(of_changelog(tree, one, "it is a changelog of Liquibase", dialect));
    }
    if layout == Some(Layout::Liquibase) {
        paths.sort();
        let none = || {
            Err(problem(ProblemKind::Missing, &files.join(", "), 0, format!("{} holds no changelog", files.join(", "))))
        };
        return changelog(tree, &paths, dialect).unwrap_or_else(none);
    }
    if let Some(layout) = layout {
        let because = "the configuration says so".to_owned();
        return Ok(named(tree, paths, &roots, (layout, because), dialect));
    }
    if roots.is_empty() && !files.iter().any(|file| file.contains(['*', '?', '['])) {
        let because = "its files are named one by one".to_owned();
        return Ok(named(tree, paths, &roots, (Layout::Schema, because), dialect));
    }
    found(tree, paths, &roots, dialect)
}

fn unreadable(path: &str, error: &TreeError) -> Problem {
    problem(ProblemKind::Unreadable, path, 0, format!("{path} was not read: {error}"))
}

/// The common folder of all.
fn common(paths: &[String]) -> String {
    let mut shared = paths.first().map(|path| folder_of(path).to_owned()).unwrap_or_default();
    while !shared.is_empty() && !paths.iter().all(|path| within(path, &shared)) {
        shared = folder_of(&shared).to_owned();
    }
    shared
}

/// A chain whose layout is known.
fn named(
    tree: &dyn Tree,
    paths: Vec<String>,
    roots: &[String],
    (layout, because): (Layout, String),
    dialect: Option<Dialect>,
) -> Chain {
    let root = match roots {
        [one] => one.clone(),
        _ => common(&paths),
    };
    let mut below: Vec<String> = paths.iter().map(|path| relative(path, &root)).collect();
    // The order of whole schemas is the one that was given.
    if !matches!(layout, Layout::Schema | Layout::Rails) {
        below.sort();
    } else {
        below.retain(|path| path.ends_with(".sql"));
    }
    let found = Candidate { root: root.clone(), layout, because: because.clone(), paths: paths.clone() };
    if matches!(layout, Layout::Schema | Layout::Rails) {
        return assemble(Files::new(tree, &root, below), layout, because, dialect);
    }
    made(tree, &found, dialect.or_else(|| dialects(&found, None).into_iter().next().flatten()))
}

/// Of files for several servers (`mysql.sql` beside `postgresql.sql`) those that are not for another one.
fn of_dialect(paths: Vec<String>, dialect: Option<Dialect>) -> Vec<String> {
    const WORDS: [(&str, Option<Dialect>); 12] = [
        ("postgres", Some(Dialect::Postgres)),
        ("psql", Some(Dialect::Postgres)),
        ("mysql", Some(Dialect::MySql)),
        ("mariadb", Some(Dialect::MySql)),
        ("sqlite", Some(Dialect::Sqlite)),
        ("oracle", None),
        ("sqlserver", None),
        ("mssql", None),
        ("derby", None),
        ("hsqldb", None),
        ("db2", None),
        ("h2", None),
    ];
    let Some(dialect) = dialect else { return paths };
    let fits = |path: &String| {
        let name = name_of(path).to_ascii_lowercase();
        let mut named = WORDS.iter().filter(|(word, _)| name.contains(word)).peekable();
        let same = |of: &Option<Dialect>| of.is_some_and(|of| of == dialect || (of.is_mysql() && dialect.is_mysql()));
        named.peek().is_none() || named.any(|(_, of)| same(of))
    };
    let own: Vec<String> = paths.iter().filter(|path| fits(path)).cloned().collect();
    if own.is_empty() { paths } else { own }
}

/// A chain whose layout its files tell.
fn found(tree: &dyn Tree, paths: Vec<String>, roots: &[String], dialect: Option<Dialect>) -> Result<Chain, Problem> {
    let mut sorted = paths.clone();
    sorted.sort();
    if let Some(found) = changelog(tree, &sorted, dialect) {
        return found;
    }
    let mut all = candidates(tree, &sorted);
    let real = all.iter().any(|one| one.layout != Layout::Schema);
    all.retain(|one| !real || one.layout != Layout::Schema);
    let root = common(&paths);
    // A named folder is the project's own word: what lies directly in it goes before what lies deeper.
    all.sort_by_key(|one| (one.root.matches('/').count(), one.root.clone()));
    let Some(first) = all.first() else {
        let named_root = roots.first().cloned().unwrap_or(root);
        let files: Vec<&str> = sorted.iter().map(String::as_str).collect();
        let single = of_folder(tree, &named_root, &files, &sorted);
        if let Some((layout, because)) = single {
            return Ok(named(tree, paths, roots, (layout, because), dialect));
        }
        let sorted = of_dialect(sorted, dialect);
        if sorted.iter().any(|path| path.ends_with(".sql")) {
            let because = "its files look like no tool that is known, so they are taken in their order".to_owned();
            return Ok(named(tree, sorted, roots, (Layout::Schema, because), dialect));
        }
        return Err(problem(
            ProblemKind::Missing,
            &named_root,
            0,
            format!("{named_root} holds no migrations of a tool that is known"),
        ));
    };
    let same: Vec<&Candidate> = all.iter().filter(|one| one.layout == first.layout).collect();
    if let [one] = same.as_slice() {
        let dialect = dialects(one, dialect).into_iter().next().flatten();
        return Ok(made(tree, one, dialect));
    }
    // Several folders of one tool: one chain over all of them when they were named together or their layout goes by one order.
    let location = matches!(name_of(&root), "migration" | "migrations");
    if roots.len() > 1 || (location && matches!(first.layout, Layout::Flyway | Layout::Numbered)) {
        return Ok(named(tree, paths, roots, (first.layout, first.because.clone()), dialect));
    }
    let names: Vec<&str> = same.iter().map(|one| one.root.as_str()).collect();
    Err(problem(
        ProblemKind::Unresolved,
        &root,
        0,
        format!("there are several chains of migrations: {}", names.join(", ")),
    ))
}
