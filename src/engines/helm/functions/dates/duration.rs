//! `time.Duration`: reading, writing and rounding it.
use std::fmt;

/// Nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Duration(pub(super) i64);

/// Text in quotes as Go's `time` writes it in errors: bytes that are not plain ASCII as `\xNN`.
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for byte in text {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            // Go takes 0x7f for printable here.
            b' '..=0x7f => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

/// Leading digits, at most 2^63; `None` above that.
pub(super) fn leading(text: &[u8]) -> (Option<u64>, &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let step = |number: u64, digit: &u8| {
        let number = (number <= (1 << 63) / 10).then(|| number * 10 + u64::from(digit - b'0'))?;
        (number <= 1 << 63).then_some(number)
    };
    (digits.iter().try_fold(0, step), rest)
}

/// Digits after the point, as many as fit, and the power of ten they are to be divided by.
fn fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (mut number, mut scale) = (0u64, 1.0);
    for digit in digits {
        if number > (i64::MAX as u64) / 10 || number * 10 + u64::from(digit - b'0') > 1 << 63 {
            break;
        }
        number = number * 10 + u64::from(digit - b'0');
        scale *= 10.0;
    }
    (number, scale, rest)
}

impl Duration {
    pub(super) const SECOND: Duration = Duration(1_000_000_000);

    /// Reads `1h2m3.5s`.
    ///
    /// # Errors
    /// Go's `time: invalid duration "…"` and its kin.
    pub(super) fn parse(text: &[u8]) -> Result<Duration, String> {
        let fault = |what: &str| format!("time: {what} {}", quote(text));
        let invalid = || fault("invalid duration");
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        match rest {
            b"0" => return Ok(Duration(0)),
            b"" => return Err(invalid()),
            _ => {}
        }
        let mut total = 0u64;
        while !rest.is_empty() {
            let before = rest.len();
            let (number, after) = leading(rest);
            let mut number = number.ok_or_else(invalid)?;
            let mut digits = before - after.len();
            rest = after;
            let (mut part, mut scale) = (0, 1.0);
            if let [b'.', after @ ..] = rest {
                let before = after.len();
                (part, scale, rest) = fraction(after);
                digits += before - rest.len();
            }
            if digits == 0 {
                return Err(invalid());
            }
            let end = rest.iter().position(|byte| *byte == b'.' || byte.is_ascii_digit()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            if name.is_empty() {
                return Err(fault("missing unit in duration"));
            }
            let unit = unit(name).ok_or_else(|| fault(&format!("unknown unit {} in duration", quote(name))))?;
            if number > (1 << 63) / unit {
                return Err(invalid());
            }
            number *= unit;
            if part > 0 {
                number += (part as f64 * (unit as f64 / scale)) as u64;
            }
            total =
                total.checked_add(number).filter(|total| number <= 1 << 63 && *total <= 1 << 63).ok_or_else(invalid)?;
        }
        match (negative, i64::try_from(total)) {
            (true, _) => Ok(Duration(0i64.wrapping_sub_unsigned(total))),
            (false, Ok(total)) => Ok(Duration(total)),
            (false, Err(_)) => Err(invalid()),
        }
    }

    /// To the nearest multiple, halves away from zero.
    pub(super) fn round(self, unit: Duration) -> Duration {
        if unit.0 <= 0 {
            return self;
        }
        let rest = self.0 % unit.0;
        let (size, whole) = (rest.unsigned_abs(), self.0 - rest);
        if size.saturating_mul(2) < unit.0.unsigned_abs() {
            return Duration(whole);
        }
        Duration(if self.0 < 0 { whole.saturating_sub(unit.0) } else { whole.saturating_add(unit.0) })
    }

    /// Towards zero to a multiple.
    pub(super) fn truncate(self, unit: Duration) -> Duration {
        if unit.0 <= 0 { self } else { Duration(self.0 - self.0 % unit.0) }
    }
}

fn unit(name: &[u8]) -> Option<u64> {
    Some(match name {
        b"ns" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60_000_000_000,
        b"h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// A number of these parts with the fraction that is needed.
fn decimal(number: u64, parts: u64) -> String {
    let (whole, rest) = (number / parts, number % parts);
    if rest == 0 {
        return whole.to_string();
    }
    let width = parts.ilog10() as usize;
    format!("{whole}.{}", format!("{rest:0width$}").trim_end_matches('0'))
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match size {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{size}ns"),
            1_000..1_000_000 => write!(f, "{}µs", decimal(size, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", decimal(size, 1_000_000)),
            _ => {
                let minutes = size / 60_000_000_000;
                let seconds = decimal(size % 60_000_000_000, 1_000_000_000);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => write!(f, "{seconds}s"),
                    (0, minutes) => write!(f, "{minutes}m{seconds}s"),
                    (hours, minutes) => write!(f, "{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}
