//! What a scalar means: the rules of go-yaml v2, which Helm, kubectl and sigs.k8s.io/yaml follow.
use super::node::Data;

/// The value of an unquoted, untagged scalar.
pub(super) fn resolve(written: &str) -> Data {
    match written.as_bytes().first() {
        None => Some(Data::Null),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(written),
        Some(b'+' | b'-' | b'.' | b'0'..=b'9') => number(written),
        Some(_) => None,
    }
    .unwrap_or_else(|| Data::Text(written.to_owned()))
}

/// Whether an unquoted scalar with this text would stay a text.
pub(super) fn is_text(written: &str) -> bool {
    matches!(resolve(written), Data::Text(_))
}

fn word(written: &str) -> Option<Data> {
    match written {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(Data::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(Data::Bool(false)),
        "~" | "null" | "Null" | "NULL" => Some(Data::Null),
        _ => None,
    }
}

fn number(written: &str) -> Option<Data> {
    match written {
        ".nan" | ".NaN" | ".NAN" => return Some(Data::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(Data::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Data::Float(f64::NEG_INFINITY)),
        _ => (),
    }
    // go-yaml drops underscores, except behind a leading dot.
    let plain = if written.starts_with('.') { written.to_owned() } else { written.replace('_', "") };
    integer(&plain).or_else(|| float(&plain).map(Data::Float))
}

/// `strconv.ParseInt(text, 0, 64)`, then `ParseUint`: a base by prefix, and octal by a leading zero.
fn integer(text: &str) -> Option<Data> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let whole = u64::from_str_radix(digits, base).ok()?;
    match (negative, i64::try_from(whole)) {
        (false, Ok(value)) => Some(Data::Int(value)),
        (true, Ok(value)) => Some(Data::Int(-value)),
        (true, Err(_)) if whole == i64::MIN.unsigned_abs() => Some(Data::Int(i64::MIN)),
        (true, Err(_)) => None,
        #[expect(clippy::cast_precision_loss, reason = "a number beyond i64 is kept as a float, and as written")]
        (false, Err(_)) if !text.starts_with('+') => Some(Data::Float(whole as f64)),
        (false, Err(_)) => None,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and finite.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// The value of a scalar with a core tag (`int`, `str`, …), or why it has none.
pub(super) fn tagged(suffix: &str, written: &str) -> Result<Data, String> {
    let value = resolve(written);
    match (suffix, value) {
        ("int", value @ Data::Int(_)) | ("bool", value @ Data::Bool(_)) | ("null", value @ Data::Null) => Ok(value),
        ("float", value @ Data::Float(_)) => Ok(value),
        #[expect(clippy::cast_precision_loss, reason = "asked for by the tag")]
        ("float", Data::Int(value)) => Ok(Data::Float(value as f64)),
        ("int" | "bool" | "null" | "float", _) => Err(format!("'{written}' is no !!{suffix}")),
        _ => Ok(Data::Text(written.to_owned())),
    }
}
