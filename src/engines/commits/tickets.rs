//! Finds tickets in commit messages with the patterns of a project.
use regex::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// How a tracker's tickets are written.
#[derive(Debug, Clone)]
pub struct TicketPattern {
    /// Tracker: `jira`, `github`, or any word.
    pub system: String,
    /// The pattern; its group `key`, or the whole match, is the ticket.
    pub regex: Regex,
    /// Address of a ticket, with `{key}`.
    pub url: Option<String>,
}

impl TicketPattern {
    /// Compiles a pattern. Its compiled size is limited, since it comes from a file that anybody may have written.
    ///
    /// # Errors
    /// The text of the regular expression's error.
    pub fn new(system: &str, pattern: &str, url: Option<&str>) -> Result<TicketPattern, String> {
        if pattern.len() > 2_000 {
            return Err("the pattern is longer than 2000 bytes".to_owned());
        }
        let regex = RegexBuilder::new(pattern)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 20)
            .nest_limit(50)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(TicketPattern { system: system.to_owned(), regex, url: url.map(str::to_owned) })
    }

    /// Where the ticket can be read. Characters that have a meaning in URLs are written as `%XX`.
    pub fn url_of(&self, key: &str) -> Option<String> {
        let mut safe = String::new();
        for byte in key.trim_start_matches('#').bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                safe.push(char::from(byte));
            } else {
                safe.push_str(&format!("%{byte:02X}"));
            }
        }
        self.url.as_ref().map(|url| url.replace("{key}", &safe))
    }
}

/// A ticket that a message names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketKey {
    /// The key as it is written.
    pub key: String,
    /// Its tracker.
    pub system: String,
}

/// Longest key that is believed to be one, in bytes.
const MAX_KEY: usize = 80;
/// Most tickets that one message names.
const MAX_TICKETS: usize = 200;
/// How much of a message is searched, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// Whether the line at this byte is an item of a list.
fn in_list(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default().trim_start().starts_with(['*', '-'])
}

/// The tickets that subject and body name, sorted, each once. The body of a squashed pull request lists the titles of its
/// commits (`* Bump x (#7)`); bare numbers in them belong to other pull requests, and do not count when the subject has one.
pub fn tickets(patterns: &[TicketPattern], subject: &str, body: &str) -> Vec<TicketKey> {
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let mut numbered = false;
        for (text, is_body) in [(subject, false), (body, true)] {
            let mut end = text.len().min(MAX_TEXT);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            for hit in pattern.regex.captures_iter(text.get(..end).unwrap_or_default()) {
                let key = hit.name("key").or_else(|| hit.get(0)).map_or("", |key| key.as_str()).trim();
                let number = key.trim_start_matches('#').bytes().all(|byte| byte.is_ascii_digit());
                if is_body && numbered && number && in_list(text, hit.get(0).map_or(0, |all| all.start())) {
                    continue;
                }
                numbered |= number && !is_body;
                if !key.is_empty() && key.len() <= MAX_KEY && !key.contains(char::is_control) {
                    found.insert(TicketKey { key: key.to_owned(), system: pattern.system.clone() });
                }
                if found.len() >= MAX_TICKETS {
                    return found.into_iter().collect();
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The text without this ticket where it stands apart: in front (`PAY-1: x`, `[PAY-1] x`, `PAY-1 Fix x`) or in brackets at
/// the end (`x (PAY-1)`). A ticket that is part of the sentence stays.
pub fn strip_key<'a>(text: &'a str, key: &str) -> &'a str {
    let mut text = text.trim();
    for (open, close) in [("[", "]"), ("(", ")"), ("", "")] {
        let inner = |text: &'a str| text.strip_prefix(open)?.strip_prefix(key)?.strip_prefix(close);
        if let Some(rest) = inner(text).and_then(|rest| behind(rest, !open.is_empty())) {
            text = rest;
        }
        let tail =
            text.strip_suffix(close).and_then(|rest| rest.strip_suffix(key)).and_then(|rest| rest.strip_suffix(open));
        if let Some(rest) = tail.filter(|rest| !open.is_empty() && !rest.trim().is_empty()) {
            text = rest.trim_end();
        }
    }
    text
}

/// What follows a key in front, when the key is no part of it: behind brackets, a colon, a dash, or before a new sentence.
fn behind(rest: &str, in_brackets: bool) -> Option<&str> {
    let blank = rest.trim_start();
    let signs = blank.trim_start_matches([':', '-', '–', '—', ',', '|']);
    let cut = signs.trim_start();
    let colon = signs.len() < blank.len() && (cut.len() < signs.len() || blank.starts_with(':'));
    let sentence = blank.len() < rest.len()
        && signs.len() == blank.len()
        && blank.starts_with(|c: char| c.is_uppercase() || matches!(c, '[' | '(' | '`' | '"'));
    (!cut.is_empty() && (in_brackets || colon || sentence)).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::{TicketPattern, strip_key, tickets};

    fn patterns() -> Vec<TicketPattern> {
        vec![
            TicketPattern::new("jira", r"\b(?P<key>[A-Z][A-Z0-9]+-\d+)\b", Some("https://t/browse/{key}")).unwrap(),
            TicketPattern::new("github", r"#\d+", None).unwrap(),
        ]
    }

    #[test]
    fn tickets_are_found_once_and_sorted() {
        let found = tickets(&patterns(), "PAY-412: x (#7)", "Closes PAY-9, PAY-412\nand #7");
        let keys: Vec<&str> = found.iter().map(|ticket| ticket.key.as_str()).collect();
        assert_eq!(keys, ["#7", "PAY-412", "PAY-9"]);
        assert_eq!(patterns()[0].url_of("PAY-9").as_deref(), Some("https://t/browse/PAY-9"));
        assert_eq!(patterns()[0].url_of("a/../b").as_deref(), Some("https://t/browse/a%2F..%2Fb"));
        assert_eq!(patterns()[1].url_of("#9"), None);
    }

    #[test]
    fn numbers_of_squashed_commits_are_not_tickets_of_the_pull_request() {
        for (subject, body, expected) in [
            ("Add x (#9)", "* Bump y (#7)\n\n* PAY-1 z (#8)\n\nFixes #6", &["#6", "#9", "PAY-1"][..]),
            ("Add x", "* Bump y (#7)", &["#7"]),
            ("PAY-2 add x", "* PAY-1 z", &["PAY-1", "PAY-2"]),
        ] {
            let found = tickets(&patterns(), subject, body);
            assert_eq!(found.iter().map(|ticket| ticket.key.as_str()).collect::<Vec<_>>(), expected, "{subject}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused() {
        assert!(TicketPattern::new("x", "(", None).is_err());
        assert!(TicketPattern::new("x", "a{1000}{1000}", None).is_err());
        assert!(TicketPattern::new("x", &"(".repeat(3000), None).is_err());
        let empty = TicketPattern::new("x", "", None).unwrap();
        assert!(tickets(&[empty], "some text", "").is_empty());
    }

    #[test]
    fn keys_are_cut_off_at_the_edges_only() {
        for (text, expected) in [
            ("PAY-1: Fix it", "Fix it"),
            ("[PAY-1] Fix it", "Fix it"),
            ("PAY-1 - Fix it", "Fix it"),
            ("(PAY-1) Fix it", "Fix it"),
            ("Fix it (PAY-1)", "Fix it"),
            ("Fix it [PAY-1]", "Fix it"),
            ("Fix PAY-1 for good", "Fix PAY-1 for good"),
            ("PAY-12 is other", "PAY-12 is other"),
            ("PAY-1 Fix it", "Fix it"),
            ("PAY-1 is broken", "PAY-1 is broken"),
            ("PAY-1's timeout", "PAY-1's timeout"),
            ("PAY-1-fallback of refunds", "PAY-1-fallback of refunds"),
            ("PAY-1, PAY-2: Fix it", "PAY-2: Fix it"),
            ("PAY-1 (PAY-2): Fix it", "(PAY-2): Fix it"),
            ("[PAY-1]Fix it", "Fix it"),
            ("PAY-1:", "PAY-1:"),
            ("PAY-1", "PAY-1"),
        ] {
            assert_eq!(strip_key(text, "PAY-1"), expected, "{text}");
        }
    }
}
