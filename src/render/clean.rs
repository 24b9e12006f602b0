//! Makes text from a repository harmless and measures it: no control, no invisible and no direction-changing character.
use unicode_width::UnicodeWidthChar;

/// The text on one line, safe to print: control characters, escapes, bidirectional controls and invisible characters
/// are spelled out, so that they neither move the cursor nor hide a difference.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // The two selectors only choose between a coloured and a plain picture, and change its width.
            '\u{fe0e}' | '\u{fe0f}' => {}
            c if is_hostile(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character may move the cursor, turn the direction of text, or be there without being seen.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// How many terminal columns a cleaned text takes. Never less than the terminal uses, so that lines stay inside.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(1)).sum()
}

/// The text in at most `max` columns; what does not fit is left out of the middle, where `dots` stand.
pub(super) fn middle(text: &str, max: usize, dots: &str) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    let room = max.saturating_sub(width(dots));
    if room == 0 {
        return head(text, max).to_owned();
    }
    let front = head(text, room.div_ceil(2));
    let back = tail(text, room - room.div_ceil(2));
    format!("{front}{dots}{back}")
}

/// The longest beginning of the text that takes at most `max` columns.
pub(super) fn head(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(1);
        if used > max {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The longest end of the text that takes at most `max` columns.
fn tail(text: &str, max: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(1);
        if used > max {
            break;
        }
        start = at;
    }
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{clean, head, middle, width};

    #[test]
    fn hostile_characters_are_spelled_out() {
        for (raw, safe) in [
            ("plain", "plain"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("a\nb\r\tc", "a\\nb\\r c"),
            ("\u{202e}evil", "\\u{202e}evil"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("smile\u{263a}\u{fe0f}", "smile\u{263a}"),
            ("日本語 für", "日本語 für"),
        ] {
            assert_eq!(clean(raw), safe);
        }
    }

    #[test]
    fn the_middle_is_what_goes() {
        assert_eq!(middle("1.5.0-rc.12+build.20261123", 13, "…"), "1.5.0-…261123");
        assert_eq!(middle("1.5.0-rc.12+build.20261123", 13, "..."), "1.5.0...61123");
        assert_eq!(middle("日本語日本語", 7, "…"), "日…語");
        assert_eq!(middle("abc", 3, "…"), "abc");
        assert_eq!(middle("abc", 1, "…"), "a");
        assert_eq!(middle("abc", 0, "…"), "");
        assert_eq!((head("日本", 3), width("日本")), ("日", 4));
    }
}
