//! Who took part: authors and co-authors, automations apart.
use crate::model::{CommitId, Contributor, ModuleCommit, Person};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a person is an automation.
pub(super) fn is_bot(person: &Person) -> bool {
    const NAMES: [&str; 18] = [
        "ci",
        "claude",
        "copilot",
        "cursor agent",
        "actions-user",
        "istio-testing",
        "mergify",
        "semantic-release-bot",
        "dependabot",
        "renovate",
        "renovate bot",
        "dependabot-preview",
        "github-actions",
        "github actions",
        "greenkeeper",
        "snyk-bot",
        "pre-commit-ci",
        "weblate",
    ];
    let name = person.name.to_lowercase();
    let local = person.email.split('@').next().unwrap_or_default();
    let assistant = person.email.eq_ignore_ascii_case("noreply@anthropic.com");
    assistant
        || name.contains("[bot]")
        || local.contains("[bot]")
        || NAMES.contains(&name.trim())
        || NAMES.contains(&local)
}

/// People of a commit, each once.
fn people(one: &ModuleCommit) -> Vec<&Person> {
    let mut seen = BTreeSet::new();
    let all = std::iter::once(&one.commit.author).chain(&one.commit.co_authors);
    all.filter(|person| seen.insert(key(person))).collect()
}

fn key(person: &Person) -> String {
    if person.email.is_empty() { person.name.to_lowercase() } else { person.email.to_lowercase() }
}

/// Authors of an entry, sorted by name, automations left out.
pub(super) fn authors(commits: &[&ModuleCommit]) -> Vec<Person> {
    let mut known: BTreeMap<String, &Person> = BTreeMap::new();
    for person in commits.iter().flat_map(|one| people(one)).filter(|person| !is_bot(person)) {
        known.entry(key(person)).or_insert(person);
    }
    let mut list: Vec<Person> = known.into_values().cloned().collect();
    list.sort();
    list
}

/// Everybody behind the commits that are new: people first, most commits first. Merges are no work of their own, and what
/// was shipped before was thanked for before.
pub(super) fn contributors(commits: &[ModuleCommit], shipped: &BTreeMap<CommitId, String>) -> Vec<Contributor> {
    let mut known: BTreeMap<String, Contributor> = BTreeMap::new();
    let new = commits
        .iter()
        .filter(|one| !one.commit.is_merge() && !one.modules.is_empty() && !shipped.contains_key(&one.commit.id));
    for person in new.flat_map(people) {
        let start = || Contributor { person: person.clone(), commits: 0, bot: is_bot(person) };
        known.entry(key(person)).or_insert_with(start).commits += 1;
    }
    let mut list = by_name(known.into_values());
    list.sort_by(|one, other| {
        let order = |who: &Contributor| (who.bot, Reverse(who.commits));
        order(one).cmp(&order(other)).then_with(|| one.person.cmp(&other.person))
    });
    list
}

/// One line for a person with several addresses, as far as name and surname tell.
fn by_name(people: impl Iterator<Item = Contributor>) -> Vec<Contributor> {
    let mut known: BTreeMap<String, Contributor> = BTreeMap::new();
    for who in people {
        let name = who.person.name.trim().to_lowercase();
        let key = if name.contains(' ') { name } else { format!("{name} <{}>", who.person.email.to_lowercase()) };
        match known.get_mut(&key) {
            Some(one) => {
                let commits = one.commits + who.commits;
                if who.commits > one.commits {
                    *one = who;
                }
                one.commits = commits;
            }
            None => {
                known.insert(key, who);
            }
        }
    }
    known.into_values().collect()
}
