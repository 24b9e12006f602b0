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
    all(text, word).next()
}

fn all<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        border(before) && border(after)
    })
}

/// Variables of frameworks that choose how a program behaves, not where it is, and what they are set to: staging runs
/// with `NODE_ENV=production`, as it should.
const MODES: [&str; 14] = [
    "NODE_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "MIX_ENV",
    "GO_ENV",
    "BABEL_ENV",
    "DJANGO_ENV",
    "WP_ENV",
    "CI_ENVIRONMENT",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "DOTNET_ENV",
];
const MODE_WORDS: [&str; 5] = ["production", "prod", "development", "dev", "test"];

/// The first of `words`, those of other environments, that says that the value belongs to one of them.
pub(super) fn foreign<'a>(name: &str, text: &str, words: &'a [String]) -> Option<&'a str> {
    let text = text.to_lowercase();
    if MODES.contains(&name.to_uppercase().as_str()) && MODE_WORDS.contains(&text.trim()) {
        return None;
    }
    let carries = |word: &&String| all(&text, word).any(|at| !ordinary(&text, at, word));
    words.iter().find(carries).map(String::as_str)
}

/// `/dev/stdout`, and `.dev` as the end of a public host.
fn ordinary(text: &str, at: usize, word: &str) -> bool {
    let (head, tail) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
    let device =
        head.strip_suffix('/').is_some_and(|head| head.is_empty() || head.ends_with([' ', '=', ':', ',', '>']));
    let public = head.contains("https://") || head.contains('@');
    let last = head.ends_with('.') && (tail.is_empty() || tail.starts_with(['/', '?', '#', ',', ' ']));
    word == "dev" && ((device && tail.starts_with('/')) || (public && last))
}

/// The first of `words` that stands in the text as a whole word.
fn carried<'a>(text: &str, words: &'a [String]) -> Option<&'a str> {
    let text = text.to_lowercase();
    words.iter().find(|word| find(&text, word).is_some()).map(String::as_str)
}

/// The text with every own word replaced. `labels` also drops a word that is a whole label of a host
/// (`staging.shop.example` is `shop.example`).
fn abstracted(text: &str, words: &[String], labels: bool) -> String {
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
fn versionless(text: &str, version: &str) -> Option<String> {
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

/// By what the difference of two texts is explained: the environments' own words, the module's own version, or both together.
pub(super) fn explained(
    (a, b): (&str, &str),
    tokens: (&[String], &[String]),
    versions: Option<(&str, &str)>,
) -> Option<String> {
    let version = own_version((a, b), versions);
    let (a, b) = version.as_ref().map_or((a, b), |(a, b)| (a.as_str(), b.as_str()));
    let bare = |labels| abstracted(a, tokens.0, labels) == abstracted(b, tokens.1, labels);
    let equal = a == b || bare(false) || bare(true);
    let words = [carried(a, tokens.0), carried(b, tokens.1)].into_iter().flatten();
    let mut words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    words.dedup();
    let mut reasons = Vec::new();
    if a != b && !words.is_empty() {
        reasons.push(format!("the environment's own {}", words.join(" and ")));
    }
    if version.is_some() {
        reasons.push("the module's own version".to_owned());
    }
    (equal && !reasons.is_empty()).then(|| format!("explained by {}", reasons.join(" and by ")))
}

/// Both texts without the module's own version, when each has that of its side and they differ.
pub(super) fn own_version((a, b): (&str, &str), versions: Option<(&str, &str)>) -> Option<(String, String)> {
    let (left, right) = versions?;
    (left != right).then(|| versionless(a, left).zip(versionless(b, right))).flatten()
}

#[cfg(test)]
mod tests {
    use super::{foreign, versionless, without};

    #[test]
    fn words_that_only_look_like_another_environment() {
        let words = ["production".to_owned(), "dev".to_owned()];
        for (name, text, word) in [
            ("NODE_ENV", "production", None),
            ("NODE_ENV", "production-eu", Some("production")),
            ("SENTRY_ENVIRONMENT", "production", Some("production")),
            ("LOG", "/dev/stdout", None),
            ("LOG", "tee:/dev/stderr", None),
            ("LOG", "/dev", Some("dev")),
            ("DOCS", "https://pkg.go.dev/fmt", None),
            ("MAIL", "ops@shop.dev", None),
            ("DB", "http://payments.dev:80", Some("dev")),
            ("API", "https://api.dev.shop.example/dev/x", Some("dev")),
            ("API", "https://pkg.go.dev/production", Some("production")),
        ] {
            assert_eq!(foreign(name, text, &words), word, "{name} {text}");
        }
    }

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
