//! Every error code and every rule is printed by a scenario, so that somebody has read what it says.
use crate::support::files_below;
use pilab::model::codes::CODES;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Codes that no scenario can make the program print, and why.
const NOT_IN_SCENARIOS: &[(&str, &str)] = &[
    ("PL0206", "needs a folder of another user"),
    ("PL0208", "needs a server that asks who is there"),
    ("PL0324", "needs a build without SQLite or without live databases"),
    ("PL0326", "needs a database server that refuses"),
    ("PL0328", "needs a database server with a role that may write"),
    ("PL0503", "whether there is a keyring depends on the machine"),
    ("PL0900", "a bug is not made on purpose"),
];

#[test]
fn every_code_and_rule_is_printed_by_a_scenario() {
    let mut printed = BTreeSet::new();
    for file in files_below(Path::new("tests/scenarios"), "txt") {
        let explains = ["explain/", "schema/"].iter().any(|folder| file.to_string_lossy().contains(folder));
        let text = fs::read_to_string(&file).unwrap();
        let commands = text.find("\n-- ").map_or(text.as_str(), |at| &text[..at]);
        let lines = commands.lines().filter(|line| !explains && !line.starts_with("$ "));
        printed.extend(lines.flat_map(words).map(str::to_owned));
    }
    let rules = fs::read_to_string("docs/reference/rules.md").unwrap();
    let rules = rules.lines().filter_map(|line| line.strip_prefix("## ")?.split(':').next()).map(str::to_owned);
    let known = |code: &str| NOT_IN_SCENARIOS.iter().any(|(known, _)| *known == code);
    let missing: Vec<String> = CODES
        .iter()
        .map(|code| code.id.to_owned())
        .chain(rules)
        .filter(|code| !printed.contains(code) && !known(code))
        .collect();
    assert!(missing.is_empty(), "no scenario prints {missing:?}; one in NOT_IN_SCENARIOS must say why");
    let stale: Vec<_> = NOT_IN_SCENARIOS.iter().filter(|(code, _)| printed.contains(*code)).collect();
    assert!(stale.is_empty(), "printed by now: {stale:?}");
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}
