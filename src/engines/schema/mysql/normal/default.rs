//! Defaults: literals by the type of their column, expressions in their normal form.
use super::{Expr, quote};
use crate::engines::schema::catalog::{DataType, Expression};

/// The default in normal form; `None` for `NULL`, which is no default.
pub(in crate::engines::schema::mysql) fn of_column(
    expr: &Expr,
    text: &str,
    data_type: &DataType,
) -> Option<Expression> {
    if matches!(expr, Expr::Raw(raw) if raw == "NULL") {
        return None;
    }
    let timed = clock(expr, data_type);
    let expr = timed.as_ref().unwrap_or(expr);
    let normal = literal(expr, data_type).unwrap_or_else(|| expr.to_string());
    // An expression that is not a plain function stands in parentheses.
    let text = match (literal(expr, data_type), expr) {
        (Some(literal), _) => literal,
        (None, Expr::Call(..)) => expr.to_string(),
        _ if text.starts_with('(') => text.to_owned(),
        _ => format!("({text})"),
    };
    Some(Expression { text, normal })
}

/// The current time has the fraction of its column.
pub(in crate::engines::schema::mysql) fn clock(expr: &Expr, data_type: &DataType) -> Option<Expr> {
    let timed = matches!(data_type.name.as_str(), "datetime" | "timestamp");
    let digits = data_type.modifiers.first().map(|digits| Expr::Number(digits.clone()));
    match expr {
        Expr::Call(name, _) if timed && name == "current_timestamp" => {
            Some(Expr::Call(name.clone(), digits.into_iter().collect()))
        }
        _ => None,
    }
}

/// A literal as the server stores it in a column of this type; `None` for what is not one.
pub(in crate::engines::schema::mysql) fn literal(expr: &Expr, data_type: &DataType) -> Option<String> {
    let base = data_type.name.split(' ').next().unwrap_or_default();
    let plain = match expr {
        Expr::Text(text) => text.clone(),
        Expr::Number(text) => text.clone(),
        Expr::Raw(raw) if raw.starts_with("0x") => return Some(of_hex(raw.get(2..)?, base)),
        Expr::Raw(raw) => {
            // DATE'…' and its like.
            let start = raw.find('\'')?;
            raw.get(start + 1..raw.len().checked_sub(1)?)?.to_owned()
        }
        _ => return None,
    };
    Some(match base {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => integer(&plain),
        "decimal" => decimal(&plain, data_type.modifiers.get(1).and_then(|scale| scale.parse().ok()).unwrap_or(0)),
        "float" | "double" => {
            let scale = data_type.modifiers.get(1).and_then(|scale| scale.parse().ok());
            scale.map_or_else(|| floating(&plain, base == "float"), |scale| decimal(&plain, scale))
        }
        "bit" => match expr {
            // A string of bits gives its bytes; seldom written.
            Expr::Number(text) => text.parse::<u64>().map_or_else(|_| plain.clone(), |value| format!("b'{value:b}'")),
            _ => quote(&plain),
        },
        "year" => year(&plain),
        "date" => quote(&date(&plain)),
        "datetime" | "timestamp" => quote(&date_time(&plain, precision(data_type))),
        "time" => quote(&time(&plain, precision(data_type))),
        "char" => quote(plain.trim_end_matches(' ')),
        "enum" => quote(label(&plain, &data_type.modifiers).as_deref().unwrap_or(&plain)),
        "set" => quote(&set(&plain, &data_type.modifiers)),
        "binary" => {
            let length = data_type.modifiers.first().and_then(|length| length.parse().ok()).unwrap_or(1_usize);
            quote(&format!("{plain}{}", "\0".repeat(length.min(255).saturating_sub(plain.len()))))
        }
        _ => quote(&plain),
    })
}

fn precision(data_type: &DataType) -> usize {
    data_type.modifiers.first().and_then(|digits| digits.parse().ok()).unwrap_or(0).min(6)
}

/// A hexadecimal literal.
fn of_hex(digits: &str, base: &str) -> String {
    let value = u64::from_str_radix(digits, 16);
    match (base, value) {
        ("tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double", Ok(value)) => {
            value.to_string()
        }
        ("bit", Ok(value)) => format!("b'{value:b}'"),
        _ => {
            let bytes: Vec<u8> = (0..digits.len())
                .step_by(2)
                .filter_map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
                .collect();
            String::from_utf8(bytes).map_or_else(|_| format!("0x{digits}"), |text| quote(&text))
        }
    }
}

/// A whole number, rounded half away from zero.
fn integer(text: &str) -> String {
    let text = text.trim();
    match text.contains(['.', 'e', 'E']) {
        false => {
            let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
            let digits = digits.trim_start_matches('+').trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") }
        }
        true => text
            .parse::<f64>()
            .map_or_else(|_| text.to_owned(), |value| format!("{:.0}", value.signum() * (value.abs() + 0.5).floor())),
    }
}

/// A number with this many digits behind the point.
fn decimal(text: &str, scale: usize) -> String {
    let text = text.trim();
    if text.contains(['e', 'E']) {
        return text.parse::<f64>().map_or_else(|_| text.to_owned(), |value| format!("{value:.scale$}"));
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches(['+', '0']);
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.len() > scale {
        return digits.parse::<f64>().map_or_else(
            |_| text.to_owned(),
            |value| {
                let shift = 10_f64.powi(i32::try_from(scale).unwrap_or(0));
                format!("{sign}{:.scale$}", (value * shift + 0.5).floor() / shift)
            },
        );
    }
    match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction:0<scale$}"),
    }
}

/// A floating number in the server's shortest form: 6 digits for `float`, 17 for `double`.
fn floating(text: &str, single: bool) -> String {
    let Ok(value) = text.trim().parse::<f64>() else { return text.to_owned() };
    let value = if single { format!("{value:.5e}").parse().unwrap_or(value) } else { value };
    let scientific = format!("{value:e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, digits)| digits.parse().ok()).unwrap_or(0);
    if (-5..15).contains(&exponent) { format!("{value}") } else { scientific }
}

fn year(text: &str) -> String {
    match text.trim().parse::<u32>() {
        Ok(0) => "0000".to_owned(),
        Ok(short @ 1..=69) => (2000 + short).to_string(),
        Ok(short @ 70..=99) => (1900 + short).to_string(),
        _ => text.to_owned(),
    }
}

fn label(text: &str, labels: &[String]) -> Option<String> {
    let plain = |label: &String| {
        label.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(label).replace("''", "'")
    };
    let found = labels.iter().map(plain).find(|label| label.to_lowercase() == text.trim_end().to_lowercase());
    found.or_else(|| labels.get(text.parse::<usize>().ok()?.checked_sub(1)?).map(plain))
}

fn set(text: &str, labels: &[String]) -> String {
    let wanted: Vec<String> = text.split(',').map(|one| label(one, labels).unwrap_or_else(|| one.to_owned())).collect();
    let mut ordered: Vec<String> = Vec::new();
    for one in labels {
        let one = one.trim_matches('\'').replace("''", "'");
        if wanted.contains(&one) {
            ordered.push(one);
        }
    }
    if ordered.is_empty() { text.to_owned() } else { ordered.join(",") }
}

/// `2020-1-2` as `2020-01-02`; `20200102` too.
fn date(text: &str) -> String {
    let text = text.trim();
    if text == "0" {
        return "0000-00-00".to_owned();
    }
    let text = text.split([' ', 'T']).next().unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!(
            "{}-{}-{}",
            text.get(..4).unwrap_or(""),
            text.get(4..6).unwrap_or(""),
            text.get(6..).unwrap_or("")
        );
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts.as_slice() {
        [year, month, day] => format!("{year:0>4}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    }
}

fn date_time(text: &str, digits: usize) -> String {
    let text = text.trim();
    if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or("");
        return format!(
            "{} {}",
            date(part(0, 8)),
            time(&format!("{}:{}:{}", part(8, 10), part(10, 12), part(12, 14)), digits)
        );
    }
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, "0"));
    format!("{} {}", date(day), time(clock, digits))
}

fn time(text: &str, digits: usize) -> String {
    let (clock, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let parts: Vec<&str> = clock.split(':').collect();
    let clock = match parts.as_slice() {
        [hour, minute, second] => format!("{hour:0>2}:{minute:0>2}:{second:0>2}"),
        [hour, minute] => format!("{hour:0>2}:{minute:0>2}:00"),
        [number] => {
            let all = format!("{number:0>6}");
            let at = all.len().saturating_sub(4);
            let (hour, rest) = (all.get(..at).unwrap_or("00"), all.get(at..).unwrap_or("0000"));
            format!("{hour}:{}:{}", rest.get(..2).unwrap_or("00"), rest.get(2..).unwrap_or("00"))
        }
        _ => clock.to_owned(),
    };
    if digits == 0 { clock } else { format!("{clock}.{:0<digits$.digits$}", fraction) }
}
