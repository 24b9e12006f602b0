//! What Compose makes of a YAML scalar: a number is written as Go writes it, so that `1.10` becomes `1.1`.
use crate::engines::yaml::{Data, Node};

/// The text of a value; `None` for null.
pub(super) fn text(value: &Node) -> Option<String> {
    let written = value.scalar_str()?;
    match &value.data {
        Data::Null | Data::List(_) | Data::Map(_) => None,
        Data::Text(text) => Some(text.clone()),
        // `yes` and `on` are texts for Compose.
        Data::Bool(truth) if written.eq_ignore_ascii_case(if *truth { "true" } else { "false" }) => {
            Some(truth.to_string())
        }
        Data::Bool(_) => Some(written.to_owned()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(_) if written.parse::<u64>().is_ok() => Some(written.to_owned()),
        Data::Float(number) => Some(float(*number)),
    }
}

/// As `strconv.FormatFloat(number, 'g', -1, 64)`: the fewest digits, with an exponent below 1e-4 and from 1e6 on.
fn float(number: f64) -> String {
    if !number.is_finite() {
        let sign = if number < 0.0 { "-" } else { "+" };
        return if number.is_nan() { "NaN".to_owned() } else { format!("{sign}Inf") };
    }
    let science = format!("{number:e}");
    let Some((digits, exponent)) = science.split_once('e') else { return science };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if number != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (number, text) in [
            (1.10, "1.1"),
            (1.0, "1"),
            (0.5, "0.5"),
            (-0.25, "-0.25"),
            (0.0, "0"),
            (123_456.5, "123456.5"),
            (1_234_567.5, "1.2345675e+06"),
            (1e22, "1e+22"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(float(number), text);
        }
    }
}
