//! Holds codes and rules to their word: each is raised somewhere, explained, and each rule has a test that raises it.
use crate::source::{masked, names, without_tests};
use crate::support::files_below;
use pilab::model::codes::CODES;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The sources of the program without tests, comments and strings, except the table of codes itself.
fn program() -> String {
    let files = files_below(Path::new("src"), "rs").into_iter();
    let program = files.filter(|file| !file.ends_with("model/codes.rs") && !file.ends_with("tests.rs"));
    let texts = program.filter(|file| !file.to_string_lossy().contains("/tests/"));
    let texts: Vec<String> = texts.map(|file| without_tests(&masked(&fs::read_to_string(file).unwrap()))).collect();
    // An import alone raises nothing.
    texts
        .concat()
        .lines()
        .filter(|line| !line.trim_start().starts_with("use "))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Everything that tests say: test files, test modules at the end of files, and scenarios.
fn tests() -> String {
    let sources = files_below(Path::new("src"), "rs").into_iter().map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        let whole = file.ends_with("tests.rs") || file.to_string_lossy().contains("/tests/");
        if whole {
            text
        } else {
            text.split_once("#[cfg(test)]").map(|(_, tests)| tests.to_owned()).unwrap_or_default()
        }
    });
    let scenarios = files_below(Path::new("tests/scenarios"), "txt").into_iter();
    sources.chain(scenarios.map(|file| fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn every_code_is_raised_somewhere_and_explained() {
    let program = program();
    let unused: Vec<&str> = CODES.iter().map(|code| code.id).filter(|id| !names(&program, id)).collect();
    assert!(unused.is_empty(), "no code raises {unused:?}: remove them, or raise them");
    for code in CODES {
        assert!(!code.title.ends_with('.') && code.title.len() < 60, "{}: {}", code.id, code.title);
        assert!(code.help.ends_with(['.', '`']) && code.help.len() > 30, "{}: {}", code.id, code.help);
    }
    let ids: BTreeSet<&str> = CODES.iter().map(|code| code.id).collect();
    assert_eq!(ids.len(), CODES.len(), "a code stands twice");
    assert!(CODES.is_sorted_by_key(|code| code.id), "codes are in the order of their numbers");
}

#[test]
fn every_rule_is_explained_and_raised_by_a_test() {
    let (program, tests) = (program(), tests());
    let rules = pilab::ops::rules();
    assert!(rules.len() > 20, "{}", rules.len());
    for rule in &rules {
        assert!((0..=100).contains(&rule.base), "{}", rule.id);
        assert!(!rule.title.ends_with('.') && rule.help.len() > 80, "{}", rule.id);
        assert!(names(&program, rule.id), "no detector raises {}", rule.id);
        assert!(names(&tests, rule.id), "no test raises {}", rule.id);
    }
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules.len(), "a rule stands twice");
}
