//! Liquibase: changelogs in XML, YAML, JSON and formatted SQL, as SQL of the server in the order in which Liquibase runs it.
mod changes;
mod changeset;
mod element;
mod facts;
mod find;
mod formatted;
mod names;
mod reader;
mod table;
#[cfg(test)]
mod tests;
mod types;

pub(super) use find::{find, is_changelog};

use super::files::{folder_of, problem};
use super::{Chain, Layout, ProblemKind, bookkeeping};
use crate::engines::schema::StepKind;
use crate::engines::schema::catalog::Dialect;
use crate::tree::Tree;
use reader::{Context, Reader};
use std::collections::BTreeSet;

/// The chain of a changelog; `paths` are all files of the tree.
pub(super) fn chain(
    tree: &dyn Tree,
    changelog: &str,
    paths: &BTreeSet<String>,
    because: &str,
    dialect: Option<Dialect>,
) -> Chain {
    let mut chain = Chain {
        layout: Layout::Liquibase,
        because: because.to_owned(),
        root: changelog.to_owned(),
        dialect: dialect.or_else(|| find::dialect(tree, changelog, paths)),
        steps: Vec::new(),
        problems: Vec::new(),
        bookkeeping: bookkeeping(Layout::Liquibase).iter().map(|name| (*name).to_owned()).collect(),
    };
    let Some(known) = chain.dialect else {
        let text = "for which database the changelog is cannot be told, so its changes have no SQL";
        chain.problems.push(problem(ProblemKind::Unresolved, changelog, 1, text));
        return chain;
    };
    let roots = find::ordered(tree, changelog, paths, roots(changelog));
    let first = roots.first().cloned().unwrap_or_default();
    let logical = changelog.strip_prefix(&first).unwrap_or(changelog).trim_start_matches('/').to_owned();
    let mut reader = Reader::new(tree, known, paths, roots);
    let context = Context { path: changelog.to_owned(), logical, all_quoted: false };
    // A folder of formatted SQL that no changelog names is taken as a whole.
    if paths.contains(changelog) {
        reader.file(&context, (changelog, 1));
    } else {
        let prefix = format!("{changelog}/");
        let files: Vec<&String> = paths
            .range(prefix.clone()..)
            .take_while(|path| path.starts_with(&prefix))
            .filter(|path| path.ends_with(".sql"))
            .collect();
        for path in files {
            let logical = path.strip_prefix(&first).unwrap_or(path).trim_start_matches('/').to_owned();
            reader.file(&Context { path: path.clone(), logical, all_quoted: false }, (changelog, 1));
        }
    }
    if reader.contexts {
        chain.because.push_str("; changes of every context are taken");
    }
    chain.steps = reader.steps;
    chain.problems = reader.problems;
    duplicates(&mut chain);
    chain
}

/// One changeset runs once; a second one of the same id, author and file is an error to Liquibase.
fn duplicates(chain: &mut Chain) {
    let mut seen = BTreeSet::new();
    let again =
        |step: &&crate::engines::schema::Step| step.kind == StepKind::Versioned && !seen.insert(step.version.clone());
    let twice: Vec<_> =
        chain.steps.iter().filter(again).map(|step| (step.path.clone(), step.version.clone())).collect();
    for (path, version) in twice {
        chain.problems.push(problem(
            ProblemKind::Duplicate,
            &path,
            1,
            format!("the changeset {version} is there twice"),
        ));
    }
}

/// Folders in which Liquibase may look for files: the resources that the changelog lies in, then the folders around it.
fn roots(changelog: &str) -> Vec<String> {
    let mut around = Vec::new();
    let mut folder = folder_of(changelog);
    while !folder.is_empty() {
        around.push(folder.to_owned());
        folder = folder_of(folder);
    }
    around.push(String::new());
    let resources = around.iter().position(|folder| folder.ends_with("resources") || folder.ends_with("/classes"));
    match resources {
        Some(at) => {
            let first = around.remove(at);
            around.insert(0, first);
        }
        None => around.reverse(),
    }
    around
}
