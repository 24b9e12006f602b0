//! The built-in template's text, own templates and their errors.
use super::{json, markdown, summary};
use crate::model::{
    CommitId, Contributor, EnvChange, FileChange, FileStatus, LeftOut, NotesEntry, NotesSection, Person, ReleaseNotes,
    Shown, Statistics, Ticket,
};
use proptest::prelude::*;

fn ticket(key: &str, url: Option<&str>) -> Ticket {
    Ticket { key: key.to_owned(), system: "jira".to_owned(), url: url.map(str::to_owned) }
}

fn entry(text: &str) -> NotesEntry {
    NotesEntry {
        text: text.to_owned(),
        scope: None,
        modules: vec!["shop".to_owned()],
        pull_request: None,
        tickets: Vec::new(),
        commits: vec![CommitId("a".repeat(40))],
        authors: Vec::new(),
        breaking: None,
        evidence: "none".to_owned(),
    }
}

fn notes() -> ReleaseNotes {
    let mut added = entry("Partial refunds");
    added.tickets = vec![ticket("PAY-398", Some("https://acme.atlassian.net/browse/PAY-398"))];
    added.pull_request = Some(ticket("#412", Some("https://github.com/a/b/pull/412")));
    added.breaking = Some("Ask `__twice__`\nAnd again".to_owned());
    let jo = Person { name: "Jo @x".to_owned(), email: "j".to_owned() };
    let bot = Person { name: "x[bot]".to_owned(), email: "b".to_owned() };
    let left = |reason: &str| LeftOut { commit: CommitId("b".into()), subject: "x".into(), reason: reason.into() };
    ReleaseNotes {
        schema: "pilab.notes/v1",
        project: "shop".to_owned(),
        title: "shop 1.3".to_owned(),
        environment: None,
        from: "v1.2".to_owned(),
        to: "1.3".to_owned(),
        date: Some("2026-11-23".to_owned()),
        breaking: vec![added.clone()],
        sections: vec![NotesSection { name: "Added".to_owned(), entries: vec![added, entry("<b> #1")] }],
        env_changes: vec![EnvChange {
            module: "shop".to_owned(),
            key: "PAYMENT_TIMEOUT_MS".to_owned(),
            what: "added",
            was: Shown::absent("(not set)"),
            is: Shown::value("a|b"),
        }],
        modules: Vec::new(),
        contributors: vec![
            Contributor { person: jo, commits: 2, bot: false },
            Contributor { person: bot, commits: 9, bot: true },
        ],
        left_out: vec![left("merge"), left("type chore"), left("merge"), left("no module")],
        statistics: Statistics { commits: 6, entries: 2, in_entries: 2, left_out: 4, files: 0 },
        not_checked: Vec::new(),
    }
}

#[test]
fn the_built_in_template() {
    let expected = "\
# shop 1.3 (2026-11-23)

## Breaking changes
- Partial refunds ([PAY-398](https://acme.atlassian.net/browse/PAY-398), [#412](https://github.com/a/b/pull/412))

  Ask `__twice__`

  And again

## Added
- Partial refunds ([PAY-398](https://acme.atlassian.net/browse/PAY-398), [#412](https://github.com/a/b/pull/412))
- &lt;b&gt; `#1`

## Configuration
| Variable | Was | Is |
|---|---|---|
| PAYMENT_TIMEOUT_MS | (not set) | a\\|b |

## Contributors
- Jo `@x` (2)
";
    assert_eq!(markdown(&notes(), None).unwrap(), expected);
    assert_eq!(
        summary(&notes()),
        "notes: 6 commits → 2 entries. 4 commits left out: 2 merges, 1 without a module, 1 chore"
    );
    let value: serde_json::Value = serde_json::from_str(&json(&notes()).unwrap()).unwrap();
    assert_eq!(value["sections"][0]["entries"][0]["pullRequest"]["key"], "#412");
}

#[test]
fn notes_without_anything_still_say_so() {
    let mut empty = notes();
    empty.sections.clear();
    empty.breaking.clear();
    empty.env_changes.clear();
    empty.contributors.clear();
    empty.date = None;
    assert_eq!(markdown(&empty, None).unwrap(), "# shop 1.3\n\nNo changes.\n");
}

#[test]
fn several_modules_are_named_at_each_entry() {
    let mut notes = notes();
    let range = |name: &str| crate::model::ModuleRange {
        module: name.to_owned(),
        repository: "shop".to_owned(),
        from: "1.2".to_owned(),
        to: "1.3".to_owned(),
        from_commit: CommitId("a".into()),
        to_commit: CommitId("b".into()),
        commits: 2,
        files: Vec::new(),
    };
    let file = FileChange { path: "a".to_owned(), status: FileStatus::Added };
    notes.modules = vec![range("cart"), crate::model::ModuleRange { files: vec![file], ..range("shop") }];
    notes.environment = Some("prod".to_owned());
    notes.breaking.clear();
    let mut one = entry("Partial refunds");
    one.scope = Some("refund".to_owned());
    let mut two = entry("Wait");
    two.modules = ["a_b", "c", "d", "e", "shop"].map(str::to_owned).to_vec();
    two.scope = Some("shop".to_owned());
    notes.sections[0].entries = vec![one, two];
    let text = markdown(&notes, None).unwrap();
    assert!(text.contains("\n- **shop** refund: Partial refunds\n- **a_b, c, d and 2 more** Wait\n"), "{text}");
    let table =
        "## Configuration of prod\n| Module | Variable | Was | Is |\n|---|---|---|---|\n| shop | PAYMENT_TIMEOUT_MS |";
    assert!(text.contains(table), "{text}");
    assert!(text.contains("| shop | 1.2 | 1.3 | 2 | 1 |\n\nUnchanged: cart 1.3\n\n## Contributors"), "{text}");
}

#[test]
fn the_changelog() {
    let changelog = super::built_in("changelog");
    assert!(super::built_in("markdown").is_some() && super::built_in("other").is_none());
    let expected = "\
# Changelog

## 1.3 - 2026-11-23

### Added
- **Breaking:** Partial refunds ([PAY-398](https://acme.atlassian.net/browse/PAY-398), [#412](https://github.com/a/b/pull/412))

  Ask `__twice__`

  And again

- &lt;b&gt; `#1`
";
    assert_eq!(markdown(&notes(), changelog).unwrap(), expected);
    let mut next = notes();
    next.to = "HEAD".to_owned();
    next.sections[0].name = "Modified".to_owned();
    let text = markdown(&next, changelog).unwrap();
    assert!(text.starts_with("# Changelog\n\n## Unreleased\n\n### Changed\n- **Breaking:** Partial"), "{text}");
}

/// The page about templates: its example is rendered, and every key of the value is on it.
#[test]
fn the_guide_is_right() {
    let guide = include_str!("../../../docs/guide/templates.md");
    let example = guide.split("```jinja\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let expected = guide.split("```markdown\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(markdown(&notes(), Some(("own.j2", example))).unwrap(), expected);
    let value = serde_json::to_value(notes()).unwrap();
    let entry = value["sections"][0]["entries"][0].as_object().unwrap();
    for key in value.as_object().unwrap().keys().chain(entry.keys()).chain(["environment"].map(str::to_owned).iter()) {
        assert!(guide.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn own_templates() {
    let text =
        "{% for s in sections %}{{ s.entries[0].commits[0] | short }} {{ s.entries[0].tickets[0] | link }}{% endfor %}";
    let made = markdown(&notes(), Some(("t.j2", text))).unwrap();
    assert_eq!(made, "aaaaaaa [PAY-398](https://acme.atlassian.net/browse/PAY-398)\n");
}

#[test]
fn broken_templates_are_shown_with_their_line() {
    for (source, line, hint) in [
        ("# x\n{{ projct }}\n", 2, Some("did you mean 'project'?")),
        ("a\nb\n{% for x in %}", 3, None),
        ("{{ project | nope }}", 1, None),
        ("{% include '/etc/passwd' %}", 1, None),
        ("{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}", 1, None),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, None),
        ("{{ project | link }}", 1, None),
        ("{{ 'x' * 900000000 }}", 1, None),
    ] {
        let error = markdown(&notes(), Some(("own.j2", source))).unwrap_err();
        assert_eq!(error.code.id, "PL0401", "{source}");
        let place = error.place.as_ref().unwrap();
        assert_eq!((place.file.as_str(), place.line), ("own.j2", line), "{source}: {error:?}");
        assert!(error.hints.iter().any(|hint| hint.contains("pilab notes --context")), "{source}");
        if let Some(hint) = hint {
            assert!(error.hints.iter().any(|one| one == hint), "{error:?}");
        }
    }
    assert!(markdown(&notes(), Some(("own.j2", &"x".repeat(2 << 20)))).is_err());
}

proptest! {
    #[test]
    fn no_control_character_comes_through(text in "(?s).{0,60}", key in "(?s).{0,20}", url in "(?s).{0,20}") {
        let mut hostile = notes();
        hostile.project.clone_from(&text);
        hostile.sections[0].entries[0].text.clone_from(&text);
        hostile.sections[0].entries[0].tickets = vec![ticket(&key, Some(&format!("https://{url}")))];
        hostile.env_changes[0].is = Shown::value(text.clone());
        hostile.contributors[0].person.name.clone_from(&text);
        let made = markdown(&hostile, None).unwrap();
        prop_assert!(!made.chars().any(|c| c.is_control() && c != '\n'));
        prop_assert!(!made.contains('<') || text.contains('`') || key.contains('`'));
        prop_assert_eq!(made.lines().filter(|line| line.starts_with("# ")).count(), 1);
        prop_assert!(made.ends_with('\n') && !made.ends_with("\n\n"));
        prop_assert!(made.lines().all(|line| line.trim_end() == line));
    }
}
