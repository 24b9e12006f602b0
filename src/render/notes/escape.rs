//! Texts of commits made harmless for Markdown: nothing in them can become a heading, a mention, a link or HTML.

/// Without control characters and without characters that turn the direction of writing.
pub(super) fn plain(text: &str) -> String {
    let turning = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}');
    text.chars().filter(|c| !turning(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One line of text for a list item. Code between backticks stays code when the backticks are balanced.
pub(super) fn markdown(text: &str) -> String {
    let text = plain(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let balanced = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut result = String::with_capacity(text.len() + 8);
    for (number, part) in text.split('`').enumerate() {
        if number > 0 {
            result.push_str(if balanced { "`" } else { "\\`" });
        }
        if balanced && number % 2 == 1 {
            result.push_str(part);
        } else {
            words(&mut result, part, number == 0);
        }
    }
    result
}

fn words(result: &mut String, text: &str, begins_line: bool) {
    let letters: Vec<char> = text.chars().collect();
    for (at, c) in letters.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let inner = before.is_some_and(|c| c.is_alphanumeric()) && after.is_some_and(|c| c.is_alphanumeric());
        let start = begins_line && at == 0;
        let special = match c {
            '\\' | '*' | '[' | ']' | '|' | '~' => true,
            '_' => !inner,
            '#' => start || after.is_some_and(char::is_ascii_digit),
            '+' | '-' => start,
            '.' | ')' => {
                begins_line
                    && at > 0
                    && at < 10
                    && after.is_none_or(|c| *c == ' ')
                    && letters.iter().take(at).all(char::is_ascii_digit)
            }
            '!' => after == Some(&'['),
            _ => false,
        };
        match c {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            // A zero-width joiner would be copied along; an entity keeps the sign and mentions nobody.
            '@' => result.push_str("&#64;"),
            _ if special => {
                result.push('\\');
                result.push(c);
            }
            _ => result.push(c),
        }
    }
}

/// A value for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    markdown(text)
}

/// `[key](url)`; the key alone when there is no address that a browser may follow.
pub(super) fn link(key: &str, url: Option<&str>) -> String {
    let key = markdown(key);
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => {
            let mut safe = String::with_capacity(url.len());
            for c in plain(url).chars() {
                match c {
                    ' ' => safe.push_str("%20"),
                    '(' => safe.push_str("%28"),
                    ')' => safe.push_str("%29"),
                    '<' => safe.push_str("%3C"),
                    '>' => safe.push_str("%3E"),
                    '\\' => safe.push_str("%5C"),
                    _ => safe.push(c),
                }
            }
            format!("[{}]({safe})", key.trim_start_matches('\\'))
        }
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::{link, markdown};

    #[test]
    fn signs_lose_their_meaning() {
        for (text, expected) in [
            ("Fix __init__ of a_b", "Fix \\_\\_init\\_\\_ of a_b"),
            ("Thank @user", "Thank &#64;user"),
            ("See #1", "See \\#1"),
            ("<b>x</b> & y", "&lt;b&gt;x&lt;/b&gt; &amp; y"),
            ("Use `a_b <c>` now", "Use `a_b <c>` now"),
            ("Use `a_b now", "Use \\`a\\_b now".replace("a\\_b", "a_b").as_str()),
            ("a\r\n# b\u{202e}c\u{1b}[31m", "a # bc \\[31m"),
            ("# head", "\\# head"),
            ("- item", "\\- item"),
            ("1. item", "1\\. item"),
            ("[x](javascript:1)", "\\[x\\](javascript:1)"),
            ("2 * 3 | 4", "2 \\* 3 \\| 4"),
        ] {
            assert_eq!(markdown(text), expected, "{text}");
        }
    }

    #[test]
    fn links_stay_within_their_brackets() {
        assert_eq!(link("PAY-1", Some("https://x/a b)")), "[PAY-1](https://x/a%20b%29)");
        assert_eq!(link("#4", Some("https://x/4")), "[#4](https://x/4)");
        assert_eq!(link("#4", Some("javascript:alert(1)")), "\\#4");
        assert_eq!(link("#4", None), "\\#4");
    }
}
