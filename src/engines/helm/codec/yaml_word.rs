//! Which strings would be read back as something else and so cannot stand plain in YAML.
use crate::engines::gotemplate::fmt::{parse_float, parse_int, parse_uint};

/// Whether a plain scalar with this text stays a string, in YAML 1.1 as go-yaml knows it.
pub(super) fn is_string(text: &str) -> bool {
    match text.as_bytes().first() {
        None => false,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => !is_word(text),
        Some(b'.') => !is_special_float(text) && parse_float(text.as_bytes()).is_err(),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            !(is_special_float(text) || is_number(text) || is_timestamp(text) || is_base_60(text))
        }
        Some(_) => true,
    }
}

fn is_word(text: &str) -> bool {
    let forms = |lower: &str| {
        text == lower
            || text.eq_ignore_ascii_case(lower)
                && (text.bytes().all(|byte| byte.is_ascii_uppercase())
                    || text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase()))
    };
    text == "~" || ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].into_iter().any(forms)
}

fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    let bytes = plain.as_bytes();
    let whole = parse_int(bytes, 0, 64).is_ok() || parse_uint(bytes, 0, 64).is_ok();
    whole || (is_decimal(&plain) && parse_float(bytes).is_ok()) || is_signed_again(&plain)
}

/// `0b-1`: behind the prefix go-yaml takes a sign too.
fn is_signed_again(text: &str) -> bool {
    let body = |prefix| text.strip_prefix(prefix).map(str::as_bytes);
    body("0b").is_some_and(|bits| parse_int(bits, 2, 64).is_ok())
        || body("-0b").is_some_and(|bits| parse_int(&[b"-", bits].concat(), 2, 64).is_ok())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// `190:20:30`, a number to the base of 60 in YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let loose = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let sixty = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    whole.contains(':')
        && first.starts_with(|char: char| char.is_ascii_digit())
        && loose(first)
        && parts.all(sixty)
        && loose(fraction)
}

/// `2001-12-14`, `2001-12-14T21:59:43.1Z`, `2001-12-14 21:59:43`.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = match bytes.get(..5) {
        Some([year @ .., b'-']) if year.iter().all(u8::is_ascii_digit) => parse_int(year, 10, 64).unwrap_or(0),
        _ => return false,
    };
    let mut rest = bytes.get(5..).unwrap_or_default();
    let Some(month) = number(&mut rest, 1, 12).filter(|_| skip(&mut rest, b'-')) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if number(&mut rest, 1, days).is_none() {
        return false;
    }
    let Some((mark, clock)) = rest.split_first() else { return true };
    let mut rest = clock;
    let hour = number(&mut rest, 0, 23).filter(|_| skip(&mut rest, b':'));
    let minute = hour.and_then(|_| number(&mut rest, 0, 59)).filter(|_| skip(&mut rest, b':'));
    if minute.and_then(|_| number(&mut rest, 0, 59)).is_none() {
        return false;
    }
    if let [b'.' | b',', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = if digits > 0 { fraction.get(digits..).unwrap_or_default() } else { rest };
    }
    match mark {
        b' ' => rest.is_empty(),
        b'T' | b't' => is_zone(rest),
        _ => false,
    }
}

fn is_zone(text: &[u8]) -> bool {
    match text {
        [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].into_iter().all(u8::is_ascii_digit) => {
            (a - b'0') * 10 + (b - b'0') <= 24 && (c - b'0') * 10 + (d - b'0') <= 60
        }
        _ => false,
    }
}

/// One or two digits between two bounds.
fn number(rest: &mut &[u8], least: u32, most: u32) -> Option<u32> {
    let count = rest.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, behind) = rest.split_at_checked(count).filter(|(digits, _)| !digits.is_empty())?;
    *rest = behind;
    let value = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    (least..=most).contains(&value).then_some(value)
}

fn skip(rest: &mut &[u8], mark: u8) -> bool {
    match rest.split_first() {
        Some((first, behind)) if *first == mark => {
            *rest = behind;
            true
        }
        _ => false,
    }
}
