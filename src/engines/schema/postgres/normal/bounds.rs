//! Keys and bounds of partitions.
use super::names::unquote;
use super::{Context, expression, joined, literal};

/// Parts between commas that are not within parentheses or quotes.
pub(super) fn parts(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut depth, mut quoted) = (0_i32, None);
    let mut part = String::new();
    for next in text.chars() {
        match (quoted, next) {
            (None, '\'' | '"') => quoted = Some(next),
            (Some(sign), next) if sign == next => quoted = None,
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        if next == ',' && depth == 0 && quoted.is_none() {
            all.push(std::mem::take(&mut part).trim().to_owned());
        } else {
            part.push(next);
        }
    }
    if !part.trim().is_empty() {
        all.push(part.trim().to_owned());
    }
    all
}

/// `RANGE (created_at, lower(name))`: the method, and each key in normal form with its collation and operator class.
pub(super) fn key(text: &str, context: Context<'_>) -> String {
    let Some((method, inside)) = text.split_once('(') else { return joined(text) };
    let inside = inside.trim().strip_suffix(')').unwrap_or(inside);
    let keys: Vec<String> = parts(inside).iter().map(|part| one_key(part, context)).collect();
    format!("{} ({})", method.trim().to_uppercase(), keys.join(", "))
}

fn one_key(part: &str, context: Context<'_>) -> String {
    let whole = expression(part, context).normal;
    if super::parse::parse(part).is_some() {
        return whole;
    }
    // An operator class behind it.
    match part.rsplit_once(char::is_whitespace) {
        Some((key, class)) => format!("{} {}", expression(key, context).normal, super::names::last_part(class)),
        None => whole,
    }
}

/// `FOR VALUES FROM (…) TO (…)`, `IN (…)`, `WITH (…)`, `DEFAULT`: words in upper case, constants in one form.
pub(super) fn bound(text: &str) -> String {
    let mut to = String::new();
    let mut rest = text.trim();
    while let Some(open) = rest.find('(') {
        let (words, behind) = rest.split_at_checked(open).unwrap_or((rest, ""));
        let close = closing(behind);
        let inside = behind.get(1..close).unwrap_or_default();
        let values: Vec<String> = parts(inside).iter().map(|part| constant(part)).collect();
        to.push_str(&format!("{} ({}) ", joined(words).to_uppercase(), values.join(", ")));
        rest = behind.get(close + 1..).unwrap_or_default();
    }
    to.push_str(&joined(rest).to_uppercase());
    to.trim().to_owned()
}

/// Where the parenthesis that a text begins with is closed.
fn closing(text: &str) -> usize {
    let (mut depth, mut quoted) = (0_i32, false);
    for (at, next) in text.char_indices() {
        match next {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn constant(part: &str) -> String {
    if part.starts_with('\'') && part.ends_with('\'') {
        let text = unquote(part);
        // Bounds carry no types: a date is completed, and so is a moment.
        let whole = super::moments::timestamp(&text, text.contains('+') || text.ends_with('Z'));
        let whole = whole.map(|text| text.trim_end_matches("+00").trim_end_matches(" 00:00:00").to_owned());
        return super::tree::literal(
            &whole.unwrap_or_else(|| if is_digits(&text) { literal::number(&text) } else { text }),
        );
    }
    if is_digits(part) {
        return super::tree::literal(&literal::number(part));
    }
    match part.split_whitespace().collect::<Vec<_>>().as_slice() {
        [word, number] if is_digits(number) => format!("{} {number}", word.to_lowercase()),
        _ => {
            let normal = expression(part, Context::default()).normal;
            if normal.chars().all(|one| one.is_alphanumeric() || one == '_') { normal.to_uppercase() } else { normal }
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.parse::<f64>().is_ok()
}
