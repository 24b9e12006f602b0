//! Runes of Go's strings: how bytes are decoded, and the properties and simple case mappings of characters.
use regex::Regex;
use std::sync::OnceLock;

/// The first rune and its width. A byte that begins no rune is U+FFFD of width 1; an empty text gives width 0.
pub(super) fn decode(text: &[u8]) -> (char, usize) {
    let Some(&first) = text.first() else { return (char::REPLACEMENT_CHARACTER, 0) };
    if first < 0x80 {
        return (char::from(first), 1);
    }
    let width = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let rune = text.get(..width).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.chars().next());
    rune.map_or((char::REPLACEMENT_CHARACTER, 1), |rune| (rune, width))
}

/// The last rune and its width, by the same rules.
pub(super) fn decode_last(text: &[u8]) -> (char, usize) {
    for width in (1..=4.min(text.len())).rev() {
        let (rune, got) = decode(&text[text.len() - width..]);
        if got == width && (width > 1 || rune != char::REPLACEMENT_CHARACTER) {
            return (rune, width);
        }
    }
    (char::REPLACEMENT_CHARACTER, text.len().min(1))
}

/// All runes.
pub(super) fn runes(text: &[u8]) -> Runes<'_> {
    Runes(text)
}

/// An iterator over runes.
pub(super) struct Runes<'a>(&'a [u8]);

impl Iterator for Runes<'_> {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        let (rune, width) = decode(self.0);
        self.0 = &self.0[width..];
        (width > 0).then_some(rune)
    }
}

/// Appends a rune.
pub(super) fn push(out: &mut Vec<u8>, rune: char) {
    out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
}

/// `unicode.IsSpace`.
pub(super) fn is_space(rune: char) -> bool {
    rune.is_whitespace()
}

/// Letters (category L).
pub(super) fn is_letter(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    if rune.is_ascii() { rune.is_ascii_alphabetic() } else { has(&CLASS, r"\A\p{L}\z", rune) }
}

/// Decimal digits (Nd).
pub(super) fn is_digit(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    if rune.is_ascii() { rune.is_ascii_digit() } else { has(&CLASS, r"\A\p{Nd}\z", rune) }
}

/// Numbers (N).
pub(super) fn is_number(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    if rune.is_ascii() { rune.is_ascii_digit() } else { has(&CLASS, r"\A\p{N}\z", rune) }
}

/// Punctuation (P).
pub(super) fn is_punct(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    has(&CLASS, r"\A\p{P}\z", rune)
}

/// Upper case letters (Lu).
pub(super) fn is_upper(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    if rune.is_ascii() { rune.is_ascii_uppercase() } else { has(&CLASS, r"\A\p{Lu}\z", rune) }
}

/// Lower case letters (Ll).
pub(super) fn is_lower(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    if rune.is_ascii() { rune.is_ascii_lowercase() } else { has(&CLASS, r"\A\p{Ll}\z", rune) }
}

/// Title case letters (Lt).
pub(super) fn is_title(rune: char) -> bool {
    static CLASS: OnceLock<Option<Regex>> = OnceLock::new();
    !rune.is_ascii() && has(&CLASS, r"\A\p{Lt}\z", rune)
}

fn has(class: &OnceLock<Option<Regex>>, pattern: &str, rune: char) -> bool {
    let class = class.get_or_init(|| Regex::new(pattern).ok());
    class.as_ref().is_some_and(|class| class.is_match(rune.encode_utf8(&mut [0; 4])))
}

/// Upper case, one rune for one.
pub(super) fn to_upper(rune: char) -> char {
    let mut full = rune.to_uppercase();
    match (full.next(), full.next()) {
        (Some(upper), None) => upper,
        // Where the full mapping has several characters, only Greek letters with iota have a simple one.
        _ => match rune {
            '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shift(rune, 8),
            '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shift(rune, 9),
            _ => rune,
        },
    }
}

/// Lower case, one rune for one.
pub(super) fn to_lower(rune: char) -> char {
    let mut full = rune.to_lowercase();
    match (full.next(), full.next()) {
        (Some(lower), None) => lower,
        _ if rune == '\u{130}' => 'i',
        _ => rune,
    }
}

/// Title case, one rune for one.
pub(super) fn to_title(rune: char) -> char {
    match rune {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => rune,
        _ => to_upper(rune),
    }
}

fn shift(rune: char, by: u32) -> char {
    char::from_u32(u32::from(rune) + by).unwrap_or(rune)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runes_are_decoded_as_go_does() {
        assert_eq!(decode(b"\xc3\xa4x"), ('ä', 2));
        assert_eq!(decode(b"\xc3"), ('\u{fffd}', 1));
        assert_eq!(decode(b"\xed\xa0\x80"), ('\u{fffd}', 1), "a surrogate");
        assert_eq!(decode(b""), ('\u{fffd}', 0));
        assert_eq!(decode_last("aä".as_bytes()), ('ä', 2));
        assert_eq!(decode_last(b"a\xa4"), ('\u{fffd}', 1));
        assert_eq!(decode_last("\u{fffd}".as_bytes()), ('\u{fffd}', 3));
        assert_eq!(runes(b"a\xff\xfeb").collect::<String>(), "a\u{fffd}\u{fffd}b");
    }

    #[test]
    fn mappings_are_one_to_one() {
        assert_eq!((to_upper('ß'), to_upper('ᾀ'), to_lower('İ')), ('ß', 'ᾈ', 'i'));
        assert_eq!(
            (to_title('\u{1c6}'), to_title('\u{10d0}'), to_upper('\u{10d0}')),
            ('\u{1c5}', '\u{10d0}', '\u{1c90}')
        );
    }
}
