//! An environment's own words in values: what makes a difference expected, and what gives away a foreign value.
use crate::model::config::Environment;

/// The words of an environment, lower case, longest first.
pub(super) fn own(environment: Option<&Environment>) -> Vec<String> {
    let Some(env) = environment else { return Vec::new() };
    let mut words: Vec<String> = env.spec.tokens.iter().map(|word| word.to_lowercase()).collect();
    words.push(env.metadata.name.to_lowercase());
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), word.clone()));
    words.dedup();
    words
}

fn border(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

/// Where `word` (lower case) stands as a whole word in `text` (lower case).
fn find(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        border(before) && border(after)
    })
}

/// The first of `words` that stands in the text as a whole word.
pub(super) fn carried<'a>(text: &str, words: &'a [String]) -> Option<&'a str> {
    let text = text.to_lowercase();
    words.iter().find(|word| find(&text, word).is_some()).map(String::as_str)
}

/// The text with every own word replaced. `labels` also drops a word that is a whole label of a host
/// (`staging.shop.example` is `shop.example`).
pub(super) fn abstracted(text: &str, words: &[String], labels: bool) -> String {
    let mut text = text.to_lowercase();
    for word in words {
        let mut out = String::new();
        while let Some(at) = find(&text, word) {
            let tail = text.get(at + word.len()..).unwrap_or_default();
            out.push_str(text.get(..at).unwrap_or_default());
            let dropped = labels.then(|| tail.strip_prefix(['.', '-'])).flatten();
            if dropped.is_none() {
                out.push('\u{1}');
            }
            text = dropped.unwrap_or(tail).to_owned();
        }
        out.push_str(&text);
        text = out;
    }
    text
}

/// A name without the environment's own words: `web-staging` is `web`.
pub(super) fn without(name: &str, words: &[String]) -> String {
    let bare = abstracted(name, words, false);
    let parts: Vec<&str> = bare.split('\u{1}').map(|part| part.trim_matches(['-', '.', '_'])).collect();
    let joined = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if joined.is_empty() { name.to_owned() } else { joined }
}

/// The text with every mark of the module's own version replaced; `None` when it has none, or the version is too short
/// to be told from any other number.
pub(super) fn versionless(text: &str, version: &str) -> Option<String> {
    let version = version.trim_start_matches('v');
    let telling = version.contains('.') || version.len() >= 7;
    if !telling || version.len() < 3 {
        return None;
    }
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (mut out, mut rest, mut found) = (String::new(), text, false);
    while let Some(at) = rest.find(version) {
        let (head, tail) = (rest.get(..at).unwrap_or_default(), rest.get(at + version.len()..).unwrap_or_default());
        let before = head.chars().next_back().or_else(|| out.chars().next_back());
        let longer = part(before)
            || (before == Some('.') && part(head.chars().rev().nth(1)))
            || part(tail.chars().next())
            || (tail.starts_with('.') && part(tail.chars().nth(1)));
        out.push_str(head);
        out.push_str(if longer { version } else { "\u{2}" });
        found |= !longer;
        rest = tail;
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{versionless, without};

    #[test]
    fn own_words_and_versions_are_left_out() {
        let words = ["production".to_owned(), "prod".to_owned()];
        for (name, bare) in
            [("web-prod", "web"), ("prod", "prod"), ("web", "web"), ("a-prod-b", "a-b"), ("product", "product")]
        {
            assert_eq!(without(name, &words), bare);
        }
        for (text, version, bare) in [
            ("img:1.5.0", "v1.5.0", Some("img:\u{2}")),
            ("img:v1.5.0-1.5.0", "1.5.0", Some("img:v\u{2}-\u{2}")),
            ("11.5.0 1.5.01 1.5.0.1 2.1.5.0", "1.5.0", None),
            ("port 2", "2", None),
            ("rev 9f3c1b2", "9f3c1b2", Some("rev \u{2}")),
            ("nothing", "1.5.0", None),
        ] {
            assert_eq!(versionless(text, version).as_deref(), bare, "{text}");
        }
    }
}
