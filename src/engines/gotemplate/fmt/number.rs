//! `strconv.ParseInt`, `ParseUint`, `Atoi` and `ParseFloat`, with the texts of their errors.
use super::quote::quote;

fn error(function: &str, text: &[u8], what: &str) -> String {
    format!("strconv.{function}: parsing {}: {what}", String::from_utf8_lossy(&quote(text)))
}

const SYNTAX: &str = "invalid syntax";
const RANGE: &str = "value out of range";

/// What `strconv.ParseInt(text, base, bits)` gives. Base 0 goes by the prefix; 0 bits are 64.
///
/// # Errors
/// Go's text: `strconv.ParseInt: parsing "x": invalid syntax`.
pub fn parse_int(text: &[u8], base: u32, bits: u32) -> Result<i64, String> {
    signed("ParseInt", text, base, bits)
}

/// What `strconv.Atoi` gives.
///
/// # Errors
/// Go's text: `strconv.Atoi: parsing "x": invalid syntax`.
pub fn atoi(text: &[u8]) -> Result<i64, String> {
    signed("Atoi", text, 10, 64)
}

/// What `strconv.ParseUint(text, base, bits)` gives.
///
/// # Errors
/// Go's text: `strconv.ParseUint: parsing "-1": invalid syntax`.
pub fn parse_uint(text: &[u8], base: u32, bits: u32) -> Result<u64, String> {
    unsigned("ParseUint", text, text, base, bits)
}

fn signed(function: &str, text: &[u8], base: u32, bits: u32) -> Result<i64, String> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let size = unsigned(function, text, digits, base, 64)?;
    let bits = if bits == 0 || bits > 64 { 64 } else { bits };
    let limit = 1u64 << (bits - 1);
    match (negative, size) {
        (false, size) if size < limit => Ok(size.cast_signed()),
        (true, size) if size <= limit => Ok(0i64.wrapping_sub_unsigned(size)),
        _ => Err(error(function, text, RANGE)),
    }
}

fn unsigned(function: &str, whole: &[u8], digits: &[u8], base: u32, bits: u32) -> Result<u64, String> {
    let fail = |what: &str| Err(error(function, whole, what));
    if digits.is_empty() {
        return fail(SYNTAX);
    }
    let (prefixed, base, body) = match (base, digits) {
        (0, [b'0', b'x' | b'X', body @ ..]) if !body.is_empty() => (true, 16, body),
        (0, [b'0', b'o' | b'O', body @ ..]) if !body.is_empty() => (true, 8, body),
        (0, [b'0', b'b' | b'B', body @ ..]) if !body.is_empty() => (true, 2, body),
        (0, [b'0', body @ ..]) => (true, 8, body),
        (0, _) => (true, 10, digits),
        (2..=36, _) => (false, base, digits),
        _ => return fail(&format!("invalid base {base}")),
    };
    let max = if bits == 0 || bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
    let (mut value, mut over, mut underscores) = (0u64, false, false);
    for byte in body {
        if *byte == b'_' && prefixed {
            underscores = true;
            continue;
        }
        let Some(digit) = char::from(*byte).to_digit(base) else { return fail(SYNTAX) };
        // Go stops at the first digit that is too much, and does not look at what follows.
        match value.checked_mul(u64::from(base)).and_then(|value| value.checked_add(u64::from(digit))) {
            Some(next) if next <= max => value = next,
            _ => {
                over = true;
                break;
            }
        }
    }
    if over {
        return fail(RANGE);
    }
    if underscores && !underscores_fit(digits) {
        return fail(SYNTAX);
    }
    Ok(value)
}

/// Whether underscores stand only between digits, or between a prefix and a digit.
fn underscores_fit(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (mut before, rest, hex) = match text {
        [b'0', letter @ (b'x' | b'X' | b'o' | b'O' | b'b' | b'B'), rest @ ..] => {
            (b'0', rest, letter.eq_ignore_ascii_case(&b'x'))
        }
        _ => (b'^', text, false),
    };
    for byte in rest {
        let class = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => b'0',
            b'_' if before == b'0' => b'_',
            b'_' => return false,
            _ if before == b'_' => return false,
            _ => b'!',
        };
        before = class;
    }
    before != b'_'
}

/// What `strconv.ParseFloat(text, 64)` gives: decimal and hexadecimal, infinities and NaN by name, underscores as in Go's
/// literals.
///
/// # Errors
/// Go's text: `strconv.ParseFloat: parsing "x": invalid syntax`.
pub fn parse_float(text: &[u8]) -> Result<f64, String> {
    let syntax = || error("ParseFloat", text, SYNTAX);
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let signed = |size: f64| if negative { -size } else { size };
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN);
    }
    if rest.contains(&b'_') && !underscores_fit(text) {
        return Err(syntax());
    }
    let clean: Vec<u8> = rest.iter().copied().filter(|byte| *byte != b'_').collect();
    let size = match clean.as_slice() {
        [b'0', b'x' | b'X', digits @ ..] => hexadecimal(digits),
        digits => decimal(digits),
    };
    match size {
        None => Err(syntax()),
        Some(size) if size.is_infinite() => Err(error("ParseFloat", text, RANGE)),
        Some(size) => Ok(signed(size)),
    }
}

/// Digits with at most one point, then perhaps an exponent.
fn decimal(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    if text.starts_with(['+', '-']) { None } else { text.parse().ok() }
}

/// `1.8p3` as in `0x1.8p3`; the exponent must be there. Rounded to even.
fn hexadecimal(text: &[u8]) -> Option<f64> {
    let at = text.iter().position(|byte| matches!(byte, b'p' | b'P'))?;
    let (mantissa, exponent) = (text.get(..at)?, text.get(at + 1..)?);
    let digits = exponent.strip_prefix(b"-").or_else(|| exponent.strip_prefix(b"+")).unwrap_or(exponent);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let written = digits.iter().fold(0i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(100_000));
    let mut exponent = if exponent.first() == Some(&b'-') { -written } else { written };
    let (mut bits, mut sticky, mut point, mut any) = (0u64, false, false, false);
    for byte in mantissa {
        if *byte == b'.' {
            if std::mem::replace(&mut point, true) {
                return None;
            }
            continue;
        }
        let digit = u64::from(char::from(*byte).to_digit(16)?);
        any = true;
        if bits >> 58 == 0 {
            bits = bits << 4 | digit;
            exponent -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if point { 0 } else { 4 };
        }
    }
    any.then(|| compose(bits, sticky, exponent))
}

/// `bits` times two to the power of `exponent`, rounded to even.
fn compose(bits: u64, sticky: bool, exponent: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let zeros = bits.leading_zeros();
    let bits = bits << zeros;
    // The value is 1.xxx times two to the power of `top`.
    let top = exponent + 63 - i64::from(zeros);
    if top > 1023 {
        return f64::INFINITY;
    }
    // 53 bits stay, or fewer below the smallest normal number.
    let keep = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
    if keep < 0 {
        return 0.0;
    }
    let drop = u32::try_from(64 - keep).unwrap_or(64);
    let wide = u128::from(bits);
    let (mut kept, rest, half) = (wide >> drop, wide & ((1 << drop) - 1), 1u128 << (drop - 1));
    if rest > half || (rest == half && (sticky || kept & 1 == 1)) {
        kept += 1;
    }
    let kept = u64::try_from(kept).unwrap_or(0);
    let biased = u64::try_from((top + 1022).max(0)).unwrap_or(0);
    // Adding lets a carry out of the mantissa go into the exponent.
    let raw = if top >= -1022 { (biased << 52) + kept } else { kept };
    f64::from_bits(raw)
}
