//! Names as they are written.

/// Words that cannot be names without quotes (reserved, or reserved but for functions and types), in PostgreSQL 18.
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column \
    concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default \
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is \
    isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary \
    references returning right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using \
    variadic verbose when where window with ";

/// A name as it must be written to be understood: in quotes when it is not in lower case, or is a word of the language.
pub fn quote(name: &str) -> String {
    let plain = name.chars().next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_')
        && !RESERVED.contains(&format!(" {name} "));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A name as it is written, as the server stores it.
pub(super) fn fold(word: &str) -> String {
    match word.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => word.to_lowercase(),
    }
}

/// The last part of a name with its schema: `app."S"` gives `S`.
pub(super) fn last_part(text: &str) -> String {
    let mut part = String::new();
    let mut quoted = false;
    for next in text.trim().chars() {
        match next {
            '"' => {
                quoted = !quoted;
                part.push(next);
            }
            '.' if !quoted => part.clear(),
            other => part.push(other),
        }
    }
    fold(part.trim())
}

/// A string constant without its quotes: plain, with escapes, or between dollars.
pub(super) fn unquote(token: &str) -> String {
    if token.starts_with('$') {
        let end = token.char_indices().skip(1).find(|(_, one)| *one == '$').map_or(0, |(at, _)| at + 1);
        let tag = token.get(..end).unwrap_or_default();
        return token.strip_prefix(tag).and_then(|rest| rest.strip_suffix(tag)).unwrap_or(token).to_owned();
    }
    let (before, _) = token.split_once('\'').unwrap_or((token, ""));
    let inner = token.get(before.len() + 1..token.len().saturating_sub(1)).unwrap_or_default();
    match before {
        "E" | "e" => unescape(inner),
        "U&" | "u&" => unescape_unicode(&inner.replace("''", "'")),
        _ => inner.replace("''", "'"),
    }
}

/// What stands in `U&'…'`.
fn unescape_unicode(inner: &str) -> String {
    let mut text = String::new();
    let mut rest = inner.chars().peekable();
    while let Some(next) = rest.next() {
        match (next, rest.peek().copied()) {
            ('\\', Some('\\')) => {
                rest.next();
                text.push('\\');
            }
            ('\\', Some('+')) => {
                rest.next();
                text.push(coded(&mut rest, 16, 6));
            }
            ('\\', _) => text.push(coded(&mut rest, 16, 4)),
            (other, _) => text.push(other),
        }
    }
    text
}

/// What stands in `E'…'`.
fn unescape(inner: &str) -> String {
    let mut text = String::new();
    let mut rest = inner.chars().peekable();
    while let Some(next) = rest.next() {
        match (next, rest.peek().copied()) {
            ('\'', Some('\'')) => {
                rest.next();
                text.push('\'');
            }
            ('\\', Some(escaped)) => {
                rest.next();
                text.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'x' => coded(&mut rest, 16, 2),
                    'u' => coded(&mut rest, 16, 4),
                    'U' => coded(&mut rest, 16, 8),
                    '0'..='7' => {
                        let first = escaped.to_digit(8).unwrap_or(0);
                        octal(&mut rest, first)
                    }
                    other => other,
                });
            }
            (other, _) => text.push(other),
        }
    }
    text
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn coded(rest: &mut Rest<'_>, base: u32, most: usize) -> char {
    let mut code = 0_u32;
    for _ in 0..most {
        let Some(digit) = rest.peek().and_then(|one| one.to_digit(base)) else { break };
        rest.next();
        code = code.wrapping_mul(base).wrapping_add(digit);
    }
    char::from_u32(code).unwrap_or('\u{fffd}')
}

fn octal(rest: &mut Rest<'_>, first: u32) -> char {
    let mut code = first;
    for _ in 0..2 {
        let Some(digit) = rest.peek().and_then(|one| one.to_digit(8)) else { break };
        rest.next();
        code = code * 8 + digit;
    }
    char::from_u32(code).unwrap_or('\u{fffd}')
}
