//! Classes of characters and escapes in Go's regular expressions.
use super::regex_parse::complaint;
use super::regex_unicode;

/// A set of characters.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// All but these.
    pub(super) negated: bool,
    /// Upper and lower case are the same.
    pub(super) fold: bool,
    /// What is in it.
    pub(super) items: Vec<Item>,
}

/// A part of a class.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// From one character to another, both included.
    Range(u32, u32),
    /// A named set, in the notation of the `regex` crate for the inside of a class.
    Named { body: String, negated: bool },
}

impl Class {
    /// About how much has to be built for it.
    pub(super) fn size(&self) -> u64 {
        let each = |item: &Item| match item {
            Item::Named { body, .. } if body.contains(r"\p") => 300,
            _ if self.fold => 8,
            _ => 2,
        };
        self.items.iter().map(each).sum()
    }
}

/// Sets of POSIX, by name.
const POSIX: &[(&str, &str)] = &[
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", r"\x{0}-\x{7F}"),
    ("blank", r"\x{9}\x{20}"),
    ("cntrl", r"\x{0}-\x{1F}\x{7F}"),
    ("digit", "0-9"),
    ("graph", r"\x{21}-\x{7E}"),
    ("lower", "a-z"),
    ("print", r"\x{20}-\x{7E}"),
    ("punct", r"\x{21}-\x{2F}\x{3A}-\x{40}\x{5B}-\x{60}\x{7B}-\x{7E}"),
    ("space", r"\x{9}-\x{D}\x{20}"),
    ("upper", "A-Z"),
    ("word", "0-9A-Za-z_"),
    ("xdigit", "0-9A-Fa-f"),
];

const INVALID_RANGE: &str = "invalid character class range";
const INVALID_ESCAPE: &str = "invalid escape sequence";

/// Reads `[…]` at `start`; gives the class and where it ends.
pub(super) fn bracketed(text: &str, start: usize, fold: bool) -> Result<(Class, usize), String> {
    let mut at = start + 1;
    let negated = text[at..].starts_with('^');
    at += usize::from(negated);
    let mut class = Class { negated, fold, items: Vec::new() };
    let mut first = true;
    while first || !text[at..].starts_with(']') {
        first = false;
        if let Some((item, end)) = posix(text, at)? {
            class.items.push(item);
            at = end;
            continue;
        }
        if let Some((item, end)) = named(text, at)? {
            class.items.push(item);
            at = end;
            continue;
        }
        let from = at;
        let (low, end) = class_rune(text, at, start)?;
        at = end;
        let mut high = low;
        let rest = &text.as_bytes()[at..];
        if rest.len() >= 2 && rest[0] == b'-' && rest[1] != b']' {
            (high, at) = class_rune(text, at + 1, start)?;
            if high < low {
                return Err(complaint(INVALID_RANGE, &text[from..at]));
            }
        }
        class.items.push(Item::Range(low, high));
    }
    Ok((class, at + 1))
}

/// A class that is an escape: `\d`, `\pL`.
pub(super) fn escaped(text: &str, start: usize, fold: bool) -> Result<Option<(Class, usize)>, String> {
    let found = named(text, start)?;
    Ok(found.map(|(item, end)| (Class { negated: false, fold, items: vec![item] }, end)))
}

fn posix(text: &str, start: usize) -> Result<Option<(Item, usize)>, String> {
    let rest = &text[start..];
    if rest.len() <= 2 || !rest.starts_with("[:") {
        return Ok(None);
    }
    let Some(end) = rest[2..].find(":]") else { return Ok(None) };
    let inner = &rest[2..2 + end];
    let (name, negated) = inner.strip_prefix('^').map_or((inner, false), |name| (name, true));
    match POSIX.iter().find(|(known, _)| *known == name) {
        Some((_, body)) => Ok(Some((Item::Named { body: (*body).to_owned(), negated }, start + end + 4))),
        None => Err(complaint(INVALID_RANGE, &rest[..end + 4])),
    }
}

/// `\d`, `\D`, `\pL`, `\p{Greek}` and the like.
fn named(text: &str, start: usize) -> Result<Option<(Item, usize)>, String> {
    let rest = &text[start..];
    let Some((b'\\', letter)) = rest.as_bytes().first().zip(rest.as_bytes().get(1)).map(|(a, b)| (*a, *b)) else {
        return Ok(None);
    };
    let body = match letter.to_ascii_lowercase() {
        b'd' => "0-9",
        b's' => r"\x{9}\x{A}\x{C}\x{D}\x{20}",
        b'w' => "0-9A-Za-z_",
        b'p' => return unicode(text, start),
        _ => return Ok(None),
    };
    Ok(Some((Item::Named { body: body.to_owned(), negated: letter.is_ascii_uppercase() }, start + 2)))
}

/// `\pL` or `\p{Greek}` at `start`.
fn unicode(text: &str, start: usize) -> Result<Option<(Item, usize)>, String> {
    let rest = &text[start..];
    let Some(first) = rest[2..].chars().next() else { return Err(complaint(INVALID_RANGE, rest)) };
    let (name, length) = if first == '{' {
        let Some(end) = rest.find('}') else { return Err(complaint(INVALID_RANGE, rest)) };
        (&rest[3..end], end + 1)
    } else {
        (&rest[2..2 + first.len_utf8()], 2 + first.len_utf8())
    };
    let (name, inverted) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let negated = rest.as_bytes()[1] == b'P';
    match regex_unicode::set(name) {
        Some((body, complement)) => {
            Ok(Some((Item::Named { body, negated: negated ^ inverted ^ complement }, start + length)))
        }
        None => Err(complaint(INVALID_RANGE, &rest[..length])),
    }
}

/// One character of a class that began at `class`.
fn class_rune(text: &str, at: usize, class: usize) -> Result<(u32, usize), String> {
    match text[at..].chars().next() {
        None => Err(complaint("missing closing ]", &text[class..])),
        Some('\\') => escaped_rune(text, at),
        Some(char) => Ok((u32::from(char), at + char.len_utf8())),
    }
}

/// An escape that stands for one character; gives it and where it ends.
pub(super) fn escaped_rune(text: &str, start: usize) -> Result<(u32, usize), String> {
    let mut chars = text[start + 1..].chars();
    let Some(char) = chars.next() else { return Err(complaint("trailing backslash at end of expression", "")) };
    let after = start + 1 + char.len_utf8();
    let rune = match char {
        '1'..='7' if !matches!(text.as_bytes().get(after), Some(b'0'..=b'7')) => None,
        '0'..='7' => {
            let digits = text.as_bytes()[after..].iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let end = after + digits;
            return Ok((u32::from_str_radix(&text[start + 1..end], 8).unwrap_or_default(), end));
        }
        'x' => return hexadecimal(text, start),
        'a' => Some(7),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        _ if char.is_ascii() && !char.is_ascii_alphanumeric() => Some(u32::from(char)),
        _ => None,
    };
    match rune {
        Some(rune) => Ok((rune, after)),
        None => Err(complaint(INVALID_ESCAPE, &text[start..after])),
    }
}

/// `\x41` or `\x{10FFFF}` at `start`.
fn hexadecimal(text: &str, start: usize) -> Result<(u32, usize), String> {
    let mut at = start + 2;
    let next = |at: &mut usize| {
        let char = text[*at..].chars().next();
        *at += char.map_or(0, char::len_utf8);
        char
    };
    let bad = |at: usize| Err(complaint(INVALID_ESCAPE, &text[start..at]));
    let Some(first) = next(&mut at) else { return bad(at) };
    if first != '{' {
        let Some(second) = next(&mut at) else { return bad(at) };
        return match first.to_digit(16).zip(second.to_digit(16)) {
            Some((high, low)) => Ok((high * 16 + low, at)),
            None => bad(at),
        };
    }
    let (mut rune, mut digits) = (0u32, 0);
    loop {
        let Some(char) = next(&mut at) else { return bad(at) };
        if char == '}' {
            break;
        }
        let Some(digit) = char.to_digit(16) else { return bad(at) };
        rune = rune * 16 + digit;
        if rune > 0x10_ffff {
            return bad(at);
        }
        digits += 1;
    }
    if digits == 0 { bad(at) } else { Ok((rune, at)) }
}
