//! Any template for release notes: bounded in time and size, an error with a place, never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::model::{
    CommitId, Contributor, LeftOut, NotesEntry, NotesSection, Person, ReleaseNotes, Statistics, Ticket,
};
use pilab::render::notes;

fuzz_target!(|input: (&str, &str)| {
    let notes = value(input.1);
    if let Ok(text) = notes::markdown(&notes, Some(("own.md.j2", input.0))) {
        assert!(text.len() <= 20 << 20);
        assert!(!text.contains('\u{1b}'));
    }
    let built_in = notes::markdown(&notes, None).expect("the built-in template renders everything");
    assert!(!built_in.contains('\u{1b}'));
    assert!(!notes::summary(&notes).contains('\n'));
});

fn value(odd: &str) -> ReleaseNotes {
    let person = || Person { name: odd.to_owned(), email: "mia@shop.example".to_owned() };
    let ticket = || Ticket { key: odd.to_owned(), system: "jira".to_owned(), url: Some(odd.to_owned()) };
    let entry = || NotesEntry {
        text: odd.to_owned(),
        scope: Some(odd.to_owned()),
        modules: vec!["cart".to_owned()],
        pull_request: Some(ticket()),
        tickets: vec![ticket()],
        commits: vec![CommitId(odd.to_owned())],
        authors: vec![person()],
        breaking: Some(odd.to_owned()),
        evidence: "prefix fix".to_owned(),
    };
    ReleaseNotes {
        schema: "pilab.notes/v1",
        project: odd.to_owned(),
        title: odd.to_owned(),
        environment: Some(odd.to_owned()),
        from: "1.0".to_owned(),
        to: odd.to_owned(),
        date: None,
        breaking: vec![entry()],
        sections: vec![NotesSection { name: "Fixed".to_owned(), entries: vec![entry()] }],
        env_changes: Vec::new(),
        modules: Vec::new(),
        contributors: vec![Contributor { person: person(), commits: 1, bot: false }],
        left_out: vec![LeftOut { commit: CommitId(String::new()), subject: odd.to_owned(), reason: odd.to_owned() }],
        statistics: Statistics { commits: 2, entries: 1, in_entries: 1, left_out: 1, files: 1 },
        not_checked: Vec::new(),
    }
}
