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
