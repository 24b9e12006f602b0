//! The words of an entry: cut clean of prefixes, numbers and keys.
use crate::engines::commits::{self, TicketPattern, parse, strip_key};
use crate::model::{ModuleCommit, Ticket};
use std::collections::BTreeMap;

/// One line without control characters and without characters that turn the direction of writing.
pub(super) fn line(text: &str) -> String {
    let turning =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turning(*c)).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an entry: without ticket keys at its edges and the full stop, first letter upper case; `otherwise` when
/// nothing is left.
pub(super) fn clean(text: &str, otherwise: &str, keys: &[&str]) -> String {
    let whole = line(text);
    let mut text = whole.as_str();
    for _ in 0..4 {
        let before = text.len();
        for key in keys {
            text = strip_key(text, key);
        }
        if text.len() == before {
            break;
        }
    }
    let dots = text.len() - text.trim_end_matches('.').len();
    let text = if dots == 1 { text.trim_end_matches('.').trim_end() } else { text };
    let text = if text.is_empty() { line(otherwise) } else { text.to_owned() };
    capital(&text)
}

/// Upper case for the first letter of a plain word; `kubeProxy`, `a_b`, `x.y` and `npm-run` stay as they are names.
fn capital(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default().trim_end_matches([',', ':', ';']);
    let plain = !word.is_empty() && word.chars().all(|c| c.is_lowercase() || c == '\'');
    let mut letters = text.chars();
    match letters.next().filter(|_| plain) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text.to_owned(),
    }
}

/// A title without its prefix and numbers.
pub(super) fn unprefixed(title: &str) -> String {
    let parsed = parse(title, "");
    if parsed.description.is_empty() { title.to_owned() } else { parsed.description }
}

/// The tickets that the commits name, sorted. What is only the number of the pull request is none.
pub(super) fn tickets(patterns: &[TicketPattern], commits: &[&ModuleCommit], pull: Option<&Ticket>) -> Vec<Ticket> {
    let mut found = BTreeMap::new();
    let number = pull.map(|pull| pull.key.trim_start_matches(['#', '!']));
    for one in commits {
        for ticket in commits::tickets(patterns, &one.commit.subject, &one.commit.body) {
            if number == Some(ticket.key.trim_start_matches(['#', '!'])) {
                continue;
            }
            let mut urls = patterns.iter().filter(|pattern| pattern.system == ticket.system);
            let url = urls
                .find_map(|pattern| pattern.regex.is_match(&ticket.key).then(|| pattern.url_of(&ticket.key)))
                .flatten();
            found
                .entry((ticket.key.clone(), ticket.system.clone()))
                .or_insert_with(|| super::ticket(ticket.key, &ticket.system, url));
        }
    }
    found.into_values().collect()
}

/// The day (UTC) of the newest commit.
pub(super) fn newest_date(commits: &[ModuleCommit]) -> Option<String> {
    let newest = commits.iter().filter(|one| !one.modules.is_empty()).map(|one| one.commit.time).max()?;
    let moment = jiff::Timestamp::from_second(newest).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}
