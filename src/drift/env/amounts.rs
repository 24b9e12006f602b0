//! Amounts with units: binary sizes (`1Gi` is `1024Mi`) and durations (`60s` is `1m`).
//!
//! Decimal sizes (`1G`) are left alone: for Kubernetes they are powers of 1000, for Java and many others of 1024. Durations
//! count only with a unit on both sides: a bare number may mean seconds or milliseconds.

/// Whether both are sizes, or both are durations, and equal.
pub(super) fn same(left: &str, right: &str) -> bool {
    let sizes = match (size(left), size(right)) {
        // One bare number is a number of bytes only beside a size with a unit.
        (Some((a, x)), Some((b, y))) => a == b && (x || y),
        _ => false,
    };
    let durations = duration(left).zip(duration(right)).is_some_and(|(a, b)| a == b);
    sizes || durations
}

/// Thousandths of what is written; at most three decimals and fifteen digits before them, so that nothing overflows.
fn thousandths(text: &str) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u128 = whole.parse().ok()?;
    let part: u128 = format!("{part:0<3}").parse().ok()?;
    Some(whole * 1000 + part)
}

/// Thousandths of a byte, and whether it has a binary unit.
fn size(text: &str) -> Option<(u128, bool)> {
    let units = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    for (power, unit) in (1_u32..).zip(units) {
        if let Some(number) = text.strip_suffix(unit) {
            return Some((thousandths(number)? << (10 * power), true));
        }
    }
    Some((thousandths(text)?, false))
}

/// Nanoseconds of `1h30m`, `1.5s`, `250ms`; nothing without a unit.
fn duration(text: &str) -> Option<u128> {
    let (mut rest, mut sum) = (text, 0_u128);
    if rest.is_empty() || rest.len() > 40 {
        return None;
    }
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(at);
        let end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, after) = tail.split_at(end);
        let nanoseconds: u128 = match unit {
            "ns" => 1,
            "us" | "\u{b5}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            _ => return None,
        };
        sum = sum.checked_add(thousandths(number)?.checked_mul(nanoseconds)?)?;
        rest = after;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::same;
    use proptest::prelude::*;

    #[test]
    fn sizes_and_durations_are_equal_only_with_units() {
        for (left, right, equal) in [
            ("1Gi", "1024Mi", true),
            ("1.5Gi", "1536Mi", true),
            ("1Ki", "1024", true),
            ("1Gi", "1G", false),
            ("1G", "1000M", false),
            ("1Gi", "2Gi", false),
            ("60s", "1m", true),
            ("1h", "60m", true),
            ("1h30m", "90m", true),
            ("1500ms", "1.5s", true),
            ("1d", "24h", true),
            ("60s", "60", false),
            ("1m", "1", false),
            ("500m", "0.5", false),
            ("1", "1.0", false),
            ("5 s", "5s", false),
            ("Gi", "Gi", false),
            ("", "", false),
        ] {
            assert_eq!(same(left, right), equal, "{left} {right}");
            assert_eq!(same(right, left), equal, "{right} {left}");
        }
    }

    proptest! {
        #[test]
        fn any_text_may_be_asked(left in "[0-9.smhdKMGTPEinu ]{0,24}", right in "[0-9.smhdKMGTPEinu ]{0,24}") {
            prop_assert_eq!(same(&left, &right), same(&right, &left));
        }
    }
}
