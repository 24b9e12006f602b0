//! Any commit messages: titles, tickets, twins and reverts keep their laws.
#![no_main]
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pilab::engines::commits::{
    Change, Fate, TicketPattern, cancelled, cancelled_in_groups, category, parse, strip_key, tickets, twins,
};
use std::collections::BTreeSet;

#[derive(Arbitrary, Debug)]
struct Raw {
    subject: Subject,
    body: String,
    author: u8,
    time: i64,
    files: Vec<u8>,
    patch: Option<u8>,
    /// Named by the trailer of a pick or by a revert.
    other: Option<(bool, u8)>,
    group: u8,
}

#[derive(Arbitrary, Debug)]
enum Subject {
    Free(String),
    Known(u8, u16),
    Revert(u8, u16),
}

impl Subject {
    fn text(&self) -> String {
        let known = |n: u8, pull: u16| format!("feat(cart): keep the basket number {} (#{pull})", n % 8);
        match self {
            Subject::Free(text) => text.clone(),
            Subject::Known(n, pull) => known(*n, *pull),
            Subject::Revert(n, pull) => format!("Revert \"{}\"", known(*n, *pull)),
        }
    }
}

struct Owned {
    id: String,
    subject: String,
    body: String,
    author: String,
    files: Vec<String>,
}

fn id(n: usize) -> String {
    format!("{n:08x}").repeat(5)
}

fn owned(n: usize, raw: &Raw) -> Owned {
    let mut body = raw.body.clone();
    if let Some((pick, other)) = raw.other {
        let other = id(usize::from(other));
        body += &if pick {
            format!("\n\n(cherry picked from commit {other})")
        } else {
            format!("\n\nThis reverts commit {other}.")
        };
    }
    Owned {
        id: id(n),
        subject: raw.subject.text(),
        body,
        author: format!("a{}@x", raw.author % 4),
        files: raw.files.iter().map(|n| format!("f{}", n % 16)).collect::<BTreeSet<_>>().into_iter().collect(),
    }
}

fn change<'a>(owned: &'a Owned, raw: &Raw) -> Change<'a> {
    Change {
        id: &owned.id,
        subject: &owned.subject,
        body: &owned.body,
        author_email: &owned.author,
        author_time: raw.time,
        files: &owned.files,
        patch_id: raw.patch.map(|patch| [patch; 20]),
    }
}

fuzz_target!(|input: (Vec<Raw>, Vec<Raw>, String)| {
    let (left, right, pattern) = input;
    let texts = |raws: &[Raw], first: usize| -> Vec<Owned> {
        raws.iter().take(60).enumerate().map(|(n, raw)| owned(first + n, raw)).collect()
    };
    let (a, b) = (texts(&left, 0), texts(&right, 60));
    let a: Vec<Change<'_>> = a.iter().zip(&left).map(|(owned, raw)| change(owned, raw)).collect();
    let b: Vec<Change<'_>> = b.iter().zip(&right).map(|(owned, raw)| change(owned, raw)).collect();

    let patterns: Vec<TicketPattern> = TicketPattern::new("t", &pattern, Some("https://x/{key}")).into_iter().collect();
    for one in a.iter().chain(&b) {
        let title = parse(one.subject, one.body);
        let _ = category(&title, one.files);
        for ticket in tickets(&patterns, one.subject, one.body) {
            let _ = (strip_key(one.subject, &ticket.key), patterns[0].url_of(&ticket.key));
        }
    }

    let links = twins(&a, &b);
    let mut seen = BTreeSet::new();
    for link in &links {
        assert!(link.left < a.len() && link.right < b.len() && !link.evidence.is_empty());
        assert!(seen.insert(link.right), "a right change has at most one link");
    }
    assert!(links.windows(2).all(|two| two[0].right < two[1].right));

    let groups: Vec<usize> = left.iter().take(a.len()).map(|raw| usize::from(raw.group % 5)).collect();
    for fates in [cancelled(&a), cancelled_in_groups(&a, &groups)] {
        assert_eq!(fates.len(), a.len());
        assert!(fates.iter().all(|fate| !matches!(fate, Fate::Cancelled { with } if *with >= a.len())));
    }
});
