//! Candidates for shell completions, and the small file that remembers the ids of the last report.
use super::repositories::{Repositories, cache_file};
use super::workspace::{self, Workspace};
use super::{Completing, Context};
use crate::drift as domain;
use crate::model::{DriftReport, State, codes};
use std::path::{Path, PathBuf};

/// Candidates for a completion, each with a short help. Never fails, never uses the network.
pub fn complete(what: Completing, context: &Context<'_>) -> Vec<(String, Option<String>)> {
    match what {
        Completing::Rule => rules_and_codes(),
        Completing::Schema => super::schema_names().into_iter().map(|name| (name, None)).collect(),
        Completing::Finding => remembered(context).unwrap_or_default(),
        _ => Workspace::open(context).map(|workspace| of_workspace(what, context, &workspace)).unwrap_or_default(),
    }
}

fn rules_and_codes() -> Vec<(String, Option<String>)> {
    let rules = domain::DETECTORS.iter().flat_map(|detector| detector.rules());
    let rules = rules.map(|rule| (rule.id.to_owned(), Some(rule.title.to_owned())));
    rules.chain(codes::CODES.iter().map(|code| (code.id.to_owned(), Some(code.title.to_owned())))).collect()
}

fn of_workspace(what: Completing, context: &Context<'_>, workspace: &Workspace) -> Vec<(String, Option<String>)> {
    let catalog = &workspace.catalog;
    let environments = || {
        let named = catalog.environments.iter().map(|environment| &environment.value);
        named.map(|environment| (environment.metadata.name.clone(), Some(environment.spec.tier.word().to_owned())))
    };
    match what {
        Completing::Environment => environments().collect(),
        Completing::Range => {
            let pairs = catalog.pairs().into_iter().map(|pair| (format!("{}..{}", pair.from, pair.to), None));
            pairs.chain(environments()).collect()
        }
        Completing::Module => {
            let modules = catalog.modules.values();
            modules.map(|module| (module.value.metadata.name.clone(), module.value.metadata.owner.clone())).collect()
        }
        Completing::Repository => {
            let repos = catalog.project.value.spec.repos.keys();
            repos.map(|name| (name.clone(), None)).collect()
        }
        Completing::Ref => refs(context, workspace),
        Completing::Finding | Completing::Rule | Completing::Schema => Vec::new(),
    }
}

/// Tags of all repositories at hand, newest version first.
fn refs(context: &Context<'_>, workspace: &Workspace) -> Vec<(String, Option<String>)> {
    let repositories = Repositories::new(context, workspace);
    let mut tags: Vec<(String, Option<String>)> = repositories
        .names()
        .filter_map(|name| Some((name, repositories.open(name).ok()?.tags().ok()?)))
        .flat_map(|(name, tags)| tags.into_iter().map(move |(tag, _)| (tag, Some(name.to_owned()))))
        .collect();
    tags.sort_by_key(|(tag, _)| std::cmp::Reverse(natural(tag)));
    tags
}

/// Text and numbers in turn, so that 1.10 stands above 1.9.
fn natural(text: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(word);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        parts.push((name.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    parts
}

fn memory(context: &Context<'_>, root: &Path) -> Option<PathBuf> {
    cache_file(context, "findings", root, "tsv")
}

/// Keeps ids and titles of the open findings for completions. A report is not less true when this fails.
pub(super) fn remember(context: &Context<'_>, root: &Path, report: &DriftReport) {
    let Some(path) = memory(context, root) else { return };
    let open = report.findings().filter(|finding| !matches!(finding.state, State::Expected));
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let text: String = open.map(|finding| format!("{}\t{}\n", finding.id, clean(&finding.title))).collect();
    if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return;
    }
    let Some(folder) = path.parent() else { return };
    if std::fs::create_dir_all(folder).is_ok()
        && let Ok(file) = tempfile::NamedTempFile::new_in(folder)
        && std::fs::write(file.path(), &text).is_ok()
    {
        let _ = file.persist(&path);
    }
}

fn remembered(context: &Context<'_>) -> Option<Vec<(String, Option<String>)>> {
    let found = workspace::find(context).ok()??;
    let text = std::fs::read_to_string(memory(context, &found.root)?).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    Some(lines.map(|(id, title)| (id.to_owned(), Some(title.to_owned()))).collect())
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_in_tags_count_as_numbers() {
        let mut tags = vec!["v1.9", "v1.10", "chart-0.2", "v1.10.1"];
        tags.sort_by_key(|tag| std::cmp::Reverse(natural(tag)));
        assert_eq!(tags, ["v1.10.1", "v1.10", "v1.9", "chart-0.2"]);
    }
}
