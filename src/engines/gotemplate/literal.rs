//! Literals of templates: quoted strings, character constants and numbers, read as Go reads them.
use super::fmt::quote;
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

/// The bytes that a string literal with its quotes stands for; `None` when it is malformed.
pub(super) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (quote, inside) = match literal {
        [first, inside @ .., last] if first == last => (*first, inside),
        _ => return None,
    };
    if quote == b'`' {
        return Some(inside.iter().copied().filter(|byte| *byte != b'\r').collect());
    }
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while !rest.is_empty() {
        let (unit, width) = unit(rest, quote)?;
        match unit {
            Unit::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Unit::Byte(byte) => out.push(byte),
        }
        rest = &rest[width..];
    }
    Some(out)
}

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&quote(text.as_bytes())).into_owned()
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
        return Err(format!("complex numbers are not supported: {}", quoted(text)));
    }
    let mut number = Number { uint: parse_uint(text), int: parse_int(text), ..Number::default() };
    if number.int == Some(0) {
        number.uint = Some(0);
    }
    let like_float = text.contains(['.', 'e', 'E', 'p', 'P']);
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Some(float) = parse_float(text) {
        if !like_float {
            return Err(format!("integer overflow: {}", quoted(text)));
        }
        number.float = Some(float);
        // Two powers of two bound what both types can hold exactly.
        number.int = ((-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float)
            && float.trunc() == float)
            .then_some(float as i64);
        number.uint =
            ((0.0..18_446_744_073_709_551_616.0).contains(&float) && float.trunc() == float).then_some(float as u64);
    } else {
        return Err(format!("illegal number syntax: {}", quoted(text)));
    }
    let bytes = text.as_bytes();
    let hex_int = bytes.len() > 2 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X') && !text.contains(['p', 'P']);
    number.floats = like_float && !hex_int;
    Ok(number)
}

/// Whether underscores stand only between digits, or after the prefix of a base.
fn underscores_fit(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let (mut last, mut from, mut hex) = (b'^', 0, false);
    if let [b'0', base, ..] = text
        && matches!(base.to_ascii_lowercase(), b'b' | b'o' | b'x')
    {
        (last, from, hex) = (b'0', 2, base.eq_ignore_ascii_case(&b'x'));
    }
    for byte in &text[from..] {
        let class = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => b'0',
            b'_' if last != b'0' => return false,
            b'_' => b'_',
            _ if last == b'_' => return false,
            _ => b'!',
        };
        last = class;
    }
    last != b'_'
}

fn parse_uint(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let (radix, digits) = match bytes {
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    if !digits.contains('_') {
        return u64::from_str_radix(digits, radix).ok();
    }
    if !underscores_fit(text) {
        return None;
    }
    u64::from_str_radix(&digits.replace('_', ""), radix).ok()
}

fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let value = parse_uint(digits)?;
    if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

fn parse_float(text: &str) -> Option<f64> {
    if text.contains('_') && !underscores_fit(text) {
        return None;
    }
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let value = if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        hex_float(&unsigned[2..])?
    } else {
        if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        unsigned.parse().ok()?
    };
    if f64::is_infinite(value) {
        return None;
    }
    Some(if plain.starts_with('-') { -value } else { value })
}

/// `a.bp-3` after its `0x`, rounded to the nearest, to even on ties.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent_digits.is_empty() || !exponent_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let far = if exponent.starts_with('-') { -1_000_000 } else { 1_000_000 };
    let mut exponent: i64 = exponent.parse::<i64>().unwrap_or(far).clamp(-1_000_000, 1_000_000);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut value, mut sticky) = (0u64, false);
    for (digits, step) in [(whole, 0), (fraction, -4)] {
        for c in digits.chars() {
            let digit = u64::from(c.to_digit(16)?);
            if value >> 59 == 0 {
                value = value << 4 | digit;
                exponent += step;
            } else {
                sticky |= digit != 0;
                exponent += step + 4;
            }
        }
    }
    Some(scale(value, sticky, exponent))
}

/// `value * 2^exponent`, where `sticky` says that something below was cut off.
fn scale(value: u64, sticky: bool, exponent: i64) -> f64 {
    if value == 0 {
        return 0.0;
    }
    // How many bits must go: down to 53 of them, or more for numbers so small that they have fewer.
    let bits = 64 - i64::from(value.leading_zeros());
    let drop = (bits - 53).max(-1074 - exponent).max(0);
    let (kept, dropped) = if drop > 63 { (0, value) } else { (value >> drop, value & ((1u64 << drop) - 1)) };
    let half = if (1..=64).contains(&drop) { 1u64 << (drop - 1) } else { 0 };
    let up = drop > 0 && drop <= 64 && (dropped > half || dropped == half && (sticky || kept & 1 == 1));
    let (kept, exponent) = (kept + u64::from(up), exponent + drop);
    let mut result = kept as f64;
    let mut left = exponent.clamp(-3000, 3000);
    while left != 0 {
        let step = left.clamp(-500, 500);
        result *= 2f64.powi(i32::try_from(step).unwrap_or(0));
        left -= step;
    }
    result
}
