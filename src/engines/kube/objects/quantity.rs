//! Values that can be written in several ways: quantities, durations, numbers in texts.

/// A quantity as parts and powers of ten, in billionths of one; nothing when it is none or does not fit.
pub(super) fn quantity(text: &str) -> Option<i128> {
    let text = text.trim();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let (number, unit) = match unit.strip_prefix(['e', 'E']) {
        Some(power) if !power.is_empty() && power.parse::<i32>().is_ok() => {
            return scale(number, 10, power.parse().ok()?);
        }
        _ => (number, unit),
    };
    let (base, power) = match unit {
        "" => (10, 0),
        "n" => (10, -9),
        "u" => (10, -6),
        "m" => (10, -3),
        "k" => (10, 3),
        "M" => (10, 6),
        "G" => (10, 9),
        "T" => (10, 12),
        "P" => (10, 15),
        "E" => (10, 18),
        "Ki" => (1024, 1),
        "Mi" => (1024, 2),
        "Gi" => (1024, 3),
        "Ti" => (1024, 4),
        "Pi" => (1024, 5),
        "Ei" => (1024, 6),
        _ => return None,
    };
    scale(number, base, power)
}

/// `number` times `base` to `power`, in billionths.
fn scale(number: &str, base: i128, power: i32) -> Option<i128> {
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() || part.len() > 18 || whole.len() > 24 {
        return None;
    }
    let digits: String = [whole, part].concat();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut value = digits.parse::<i128>().ok()?.checked_mul(1_000_000_000)?;
    let factor = base.checked_pow(power.unsigned_abs())?;
    value = if power < 0 { value / factor } else { value.checked_mul(factor)? };
    value /= 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
    Some(if negative { -value } else { value })
}

/// A duration as Go writes it (`1h30m`, `90s`, `1.5s`), in billionths of a second.
pub(super) fn duration(text: &str) -> Option<i128> {
    let mut rest = text.trim();
    let mut total = 0_i128;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(digits);
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let seconds = match unit {
            "ns" => return total.checked_add(scale(number, 10, -9)?),
            "us" | "µs" => scale(number, 10, -6)?,
            "ms" => scale(number, 10, -3)?,
            "s" => scale(number, 10, 0)?,
            "m" => scale(number, 10, 0)?.checked_mul(60)?,
            "h" => scale(number, 10, 0)?.checked_mul(3600)?,
            "d" => scale(number, 10, 0)?.checked_mul(86_400)?,
            "w" => scale(number, 10, 0)?.checked_mul(604_800)?,
            _ => return None,
        };
        total = total.checked_add(seconds)?;
        rest = tail;
    }
    Some(total)
}

/// A per cent value or a number out of a text.
pub(super) fn percent(text: &str) -> Option<f64> {
    text.trim().strip_suffix('%')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        let same =
            [("1", "1000m"), ("3Gi", "3072Mi"), ("0.5", "500m"), ("1e3", "1k"), ("1.5Gi", "1536Mi"), ("1G", "1000M")];
        for (one, other) in same {
            assert_eq!(quantity(one), quantity(other), "{one}");
            assert!(quantity(one).is_some(), "{one}");
        }
        for none in ["", "x", "1x", "1.2.3", "Gi", "e3"] {
            assert_eq!(quantity(none), None, "{none}");
        }
        assert_ne!(quantity("1G"), quantity("1Gi"));
    }

    #[test]
    fn durations() {
        for (one, other) in
            [("60s", "1m"), ("1h30m", "90m"), ("1000ms", "1s"), ("1m0s", "60s"), ("1.5s", "1500ms"), ("1d", "24h")]
        {
            assert_eq!(duration(one), duration(other), "{one}");
            assert!(duration(one).is_some(), "{one}");
        }
        for none in ["", "5", "s", "1x"] {
            assert_eq!(duration(none), None, "{none}");
        }
    }
}
