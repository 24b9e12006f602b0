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
            let opens = balanced && number % 2 == 1;
            result.push_str(match balanced {
                true if opens && result.ends_with('`') => " `",
                true => "`",
                false => "\\`",
            });
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
    for (number, token) in text.split(' ').enumerate() {
        if number > 0 {
            result.push(' ');
        }
        match reference(token) {
            Some((before, core, after)) => {
                letters(result, before, false);
                // Two runs of backticks beside one another would be one.
                result.push_str(if result.ends_with('`') { " `" } else { "`" });
                result.push_str(core);
                result.push('`');
                letters(result, after, false);
            }
            None => letters(result, token, begins_line && number == 0),
        }
    }
}

/// The part of a word that forges would turn into a link or a mention of their own: `#12`, `!12`, `owner/repo#12`, `@user`.
/// It becomes code, which they leave alone: which repository it speaks of is not known here.
fn reference(token: &str) -> Option<(&str, &str, &str)> {
    let rest = token.trim_start_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '!' | '@')));
    let core = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
    let plain = |c: char| c.is_alphanumeric() || "#!@/._-:+=,&%$'\"()".contains(c);
    let letters: Vec<char> = core.chars().collect();
    let found = letters.windows(2).enumerate().any(|(at, pair)| {
        let [sign, next] = pair else { return false };
        let free = at.checked_sub(1).and_then(|at| letters.get(at)).is_none_or(|c| !c.is_alphanumeric());
        match sign {
            '#' | '!' => next.is_ascii_digit() && (free || letters.iter().take(at).any(|c| *c == '/')),
            '@' => next.is_alphanumeric() && free,
            _ => false,
        }
    });
    let before = token.strip_suffix(rest).unwrap_or_default();
    let after = rest.strip_prefix(core).unwrap_or_default();
    (found && core.chars().all(plain)).then_some((before, core, after))
}

fn letters(result: &mut String, text: &str, start_of_line: bool) {
    let letters: Vec<char> = text.chars().collect();
    for (at, c) in letters.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let inner = before.is_some_and(|c| c.is_alphanumeric()) && after.is_some_and(|c| c.is_alphanumeric());
        let start = start_of_line && at == 0;
        let special = match c {
            '\\' | '*' | '[' | ']' | '|' | '~' => true,
            '_' => !inner,
            '#' | '+' | '-' => start,
            '.' | ')' => {
                start_of_line
                    && at > 0
                    && at < 10
                    && after.is_none()
                    && letters.iter().take(at).all(char::is_ascii_digit)
            }
            _ => false,
        };
        match c {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            // Forges look for references in what is rendered, so an escape is no help: a sign without width between is.
            '@' | '#'
                if !inner && after.is_some_and(|next| next.is_numeric() || (c == '@' && next.is_alphabetic())) =>
            {
                result.push(c);
                result.push_str("&#8203;");
            }
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
            format!("[{}]({safe})", label(key))
        }
        None => markdown(key),
    }
}

/// The text of a link. Forges make no links within links, so `#4` may stand as it is.
fn label(key: &str) -> String {
    let mut result = String::with_capacity(key.len());
    for c in plain(key).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            '\\' | '*' | '[' | ']' | '|' | '~' | '_' | '`' => {
                result.push('\\');
                result.push(c);
            }
            _ => result.push(c),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{link, markdown};

    #[test]
    fn signs_lose_their_meaning() {
        for (text, expected) in [
            ("Fix __init__ of a_b", "Fix \\_\\_init\\_\\_ of a_b"),
            ("Thank @user, (@a/b)", "Thank `@user`, (`@a/b`)"),
            ("See #1, !2 and o/r#3.", "See `#1`, `!2` and `o/r#3`."),
            ("Mail a@b.c about C#1", "Mail a@b.c about C#1"),
            ("Use `x`#1 and #1`y`", "Use `x` `#1` and `#1` `y`"),
            ("Use @types/node@1.2", "Use `@types/node@1.2`"),
            ("<@user> [#1]", "&lt;`@user`&gt; \\[`#1`\\]"),
            ("a<@user #[derive]", "a&lt;@&#8203;user #\\[derive\\]"),
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
        assert_eq!(link("A_[1]", Some("https://x/4")), "[A\\_\\[1\\]](https://x/4)");
        assert_eq!(link("#4", Some("javascript:alert(1)")), "`#4`");
        assert_eq!(link("#4", None), "`#4`");
    }
}
