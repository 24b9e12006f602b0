//! Go's quoted strings: `strconv.Quote`, `QuoteToASCII` and `Unquote`.
use super::{unicode, utf8};

/// What `strconv.Quote` gives.
pub fn quote(text: &[u8]) -> Vec<u8> {
    quoted(text, b'"', false)
}

/// The same as a text; bytes that are no UTF-8 are escaped, so that nothing is lost.
pub fn quote_text(text: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(&quote(text.as_ref())).into_owned()
}

/// What `strconv.QuoteToASCII` gives.
pub fn quote_ascii(text: &[u8]) -> Vec<u8> {
    quoted(text, b'"', true)
}

/// What `strconv.QuoteRune` (or `QuoteRuneToASCII`) gives.
pub(super) fn quote_char(char: char, ascii: bool) -> Vec<u8> {
    quoted(char.encode_utf8(&mut [0; 4]).as_bytes(), b'\'', ascii)
}

fn quoted(text: &[u8], mark: u8, ascii: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 4 + 2);
    out.push(mark);
    let mut rest = text;
    while let Some(first) = rest.first() {
        let (char, width) = utf8::decode(rest);
        match char {
            Some(char) => escape(&mut out, char, mark, ascii),
            None => out.extend_from_slice(format!("\\x{first:02x}").as_bytes()),
        }
        rest = rest.get(width..).unwrap_or_default();
    }
    out.push(mark);
    out
}

fn escape(out: &mut Vec<u8>, char: char, mark: u8, ascii: bool) {
    let short = match char {
        '\x07' => 'a',
        '\x08' => 'b',
        '\x0c' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\x0b' => 'v',
        '\\' => '\\',
        _ if char == char::from(mark) => char,
        _ if (char.is_ascii() || !ascii) && is_print(char) => {
            out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
        _ => {
            let number = u32::from(char);
            let escaped = match number {
                0..0x20 | 0x7f => format!("\\x{number:02x}"),
                0..0x1_0000 => format!("\\u{number:04x}"),
                _ => format!("\\U{number:08x}"),
            };
            out.extend_from_slice(escaped.as_bytes());
            return;
        }
    };
    out.push(b'\\');
    out.extend_from_slice(short.encode_utf8(&mut [0; 4]).as_bytes());
}

/// What `strconv.IsPrint` says: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub fn is_print(char: char) -> bool {
    if char.is_ascii() {
        return matches!(char, ' '..='~');
    }
    // Rust escapes the same characters behind the first one of a string; the first one may be escaped for combining only.
    let mut buffer = [b'a', 0, 0, 0, 0];
    let (_, tail) = buffer.split_at_mut(1);
    let width = char.encode_utf8(tail).len();
    let text = buffer.get(..=width).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.escape_debug().nth(1) == Some(char) && !unicode::is_newer(char)
}

/// Whether a string can stand between backquotes as it is.
pub(super) fn can_backquote(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    text.chars().all(|char| match char {
        '\u{feff}' | '`' | '\x7f' => false,
        '\t' => true,
        _ => char >= ' ',
    })
}

/// What `strconv.Unquote` gives; `None` where it says `invalid syntax`.
pub fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let (mark, inner) = match text {
        [first, inner @ .., last] if first == last => (*first, inner),
        _ => return None,
    };
    match mark {
        b'`' if inner.contains(&b'`') => None,
        b'`' => Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect()),
        b'"' | b'\'' => {
            let mut out = Vec::with_capacity(inner.len());
            let (mut rest, mut count) = (inner, 0);
            while !rest.is_empty() {
                rest = unescape(&mut out, rest, mark)?;
                count += 1;
            }
            (mark == b'"' || count <= 1).then_some(out)
        }
        _ => None,
    }
}

/// Takes one character or escape from the front of `rest`.
fn unescape<'a>(out: &mut Vec<u8>, rest: &'a [u8], mark: u8) -> Option<&'a [u8]> {
    let (first, behind) = rest.split_first()?;
    if *first == mark || *first == b'\n' {
        return None;
    }
    if *first != b'\\' {
        let (char, width) = utf8::decode(rest);
        match char {
            Some(_) => out.extend_from_slice(rest.get(..width)?),
            // A lone byte stays in a string; as a character it is U+FFFD.
            None if mark == b'"' => out.push(*first),
            None => out.extend_from_slice("\u{fffd}".as_bytes()),
        }
        return rest.get(width..);
    }
    let (kind, behind) = behind.split_first()?;
    let simple = match kind {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => b'\\',
        b'\'' | b'"' if *kind == mark => mark,
        b'x' => return number(out, behind, 2, 16),
        b'u' => return number(out, behind, 4, 16),
        b'U' => return number(out, behind, 8, 16),
        b'0'..=b'7' => return number(out, rest.get(1..)?, 3, 8),
        _ => return None,
    };
    out.push(simple);
    Some(behind)
}

/// An escape that is a number: of a byte when it has 2 or 3 digits, of a character otherwise.
fn number<'a>(out: &mut Vec<u8>, rest: &'a [u8], width: usize, base: u32) -> Option<&'a [u8]> {
    let digits = rest.get(..width)?;
    let mut value: u32 = 0;
    for digit in digits {
        value = value.checked_mul(base)?.checked_add(char::from(*digit).to_digit(base)?)?;
    }
    if width < 4 {
        out.push(u8::try_from(value).ok()?);
    } else {
        out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
    }
    rest.get(width..)
}
