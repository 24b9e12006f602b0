//! Character constants and numbers of templates, read as Go reads them.
use super::fmt::quote_text;
use super::fmt::{parse_float, parse_int, parse_uint};
use super::lex::decode;

/// A number of the text: which kinds of number it can be, with the value as each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Number {
    pub(super) int: Option<i64>,
    pub(super) uint: Option<u64>,
    pub(super) float: Option<f64>,
    /// Whether it is a `float64` where nothing says which type is wanted.
    pub(super) floats: bool,
}

/// One character of a quoted text, or one byte.
enum Unit {
    Char(char),
    Byte(u8),
}

/// The first unit of the inside of a literal quoted with `quote`, and its length.
fn unit(text: &[u8], quote: u8) -> Option<(Unit, usize)> {
    let (c, width) = decode(text)?;
    if c as u32 == u32::from(quote) {
        return None;
    }
    if c != '\\' {
        return Some((Unit::Char(c), width));
    }
    let hex = |count: usize| {
        let digits = std::str::from_utf8(text.get(2..2 + count)?).ok()?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let simple = |c: char| Some((Unit::Char(c), 2));
    match *text.get(1)? {
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\u{b}'),
        b'\\' => simple('\\'),
        other if matches!(other, b'\'' | b'"') && other == quote => simple(char::from(other)),
        b'x' => Some((Unit::Byte(u8::try_from(hex(2)?).ok()?), 4)),
        b'u' => Some((Unit::Char(char::from_u32(hex(4)?)?), 6)),
        b'U' => Some((Unit::Char(char::from_u32(hex(8)?)?), 10)),
        b'0'..=b'7' => {
            let digits = std::str::from_utf8(text.get(1..4)?).ok()?;
            Some((Unit::Byte(u8::from_str_radix(digits, 8).ok()?), 4))
        }
        _ => None,
    }
}

/// A character constant with its quotes.
pub(super) fn character(literal: &[u8]) -> Result<Number, String> {
    let inside = literal.get(1..).unwrap_or_default();
    let (unit, width) = unit(inside, b'\'').ok_or("invalid syntax")?;
    if inside.get(width..) != Some(b"'") {
        return Err(format!("malformed character constant: {}", String::from_utf8_lossy(literal)));
    }
    let code = match unit {
        Unit::Char(c) => u32::from(c),
        Unit::Byte(byte) => u32::from(byte),
    };
    Ok(Number { int: Some(i64::from(code)), uint: Some(u64::from(code)), float: Some(f64::from(code)), floats: false })
}

/// A number that is no character constant.
pub(super) fn number(text: &str) -> Result<Number, String> {
    if text.ends_with('i') {
        return Err(format!("complex numbers are not supported: {}", quote_text(text)));
    }
    let mut number = Number {
        uint: parse_uint(text.as_bytes(), 0, 64).ok(),
        int: parse_int(text.as_bytes(), 0, 64).ok(),
        ..Number::default()
    };
    if number.int == Some(0) {
        number.uint = Some(0);
    }
    let like_float = text.contains(['.', 'e', 'E', 'p', 'P']);
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Ok(float) = parse_float(text.as_bytes()) {
        if !like_float {
            return Err(format!("integer overflow: {}", quote_text(text)));
        }
        number.float = Some(float);
        // Two powers of two bound what both types can hold exactly.
        number.int = ((-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float)
            && float.trunc() == float)
            .then_some(float as i64);
        number.uint =
            ((0.0..18_446_744_073_709_551_616.0).contains(&float) && float.trunc() == float).then_some(float as u64);
    } else {
        return Err(format!("illegal number syntax: {}", quote_text(text)));
    }
    let bytes = text.as_bytes();
    let hex_int = bytes.len() > 2 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X') && !text.contains(['p', 'P']);
    number.floats = like_float && !hex_int;
    Ok(number)
}
