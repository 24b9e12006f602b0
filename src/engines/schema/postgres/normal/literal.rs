//! Constants of a type in one form: `'1 day'` and `'24:00'` stay apart, `'2024-1-5'` and `'2024-01-05'` do not.
use super::moments;
use super::names::{last_part, quote};
use super::tree::Tree;
use crate::engines::schema::catalog::DataType;

/// A number without superfluous signs: `007` is `7`, `.5` is `0.5`, `1e2` is `100`.
pub(super) fn number(text: &str) -> String {
    let text = text.trim().replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = digits.to_ascii_lowercase();
    for (before, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = lower.strip_prefix(before) {
            return i128::from_str_radix(rest, base).map_or(text.clone(), |value| format!("{sign}{value}"));
        }
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => match exponent.parse::<i32>() {
            Ok(exponent) if exponent.abs() <= 400 => (mantissa.to_owned(), exponent),
            _ => return text,
        },
        None => (lower.clone(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    if !whole.chars().chain(fraction.chars()).all(|one| one.is_ascii_digit())
        || (whole.is_empty() && fraction.is_empty())
    {
        return text;
    }
    let (whole, fraction) = shifted(whole, fraction, exponent);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{fraction}"),
    }
}

/// Digits with the point moved.
fn shifted(whole: &str, fraction: &str, exponent: i32) -> (String, String) {
    let by = exponent.unsigned_abs() as usize;
    if exponent >= 0 {
        let moved: String = fraction.chars().chain(std::iter::repeat('0')).take(by).collect();
        (format!("{whole}{moved}"), fraction.chars().skip(by).collect())
    } else {
        let padded = format!("{}{whole}", "0".repeat(by));
        let cut = padded.len() - by;
        (padded.chars().take(cut).collect(), format!("{}{fraction}", padded.chars().skip(cut).collect::<String>()))
    }
}

/// The type of a number that is written without one.
pub(super) fn natural(digits: &str) -> &'static str {
    if digits.parse::<i32>().is_ok() {
        "integer"
    } else if digits.parse::<i64>().is_ok() {
        "bigint"
    } else {
        "numeric"
    }
}

/// Whether it is a type of numbers.
pub(super) fn is_numeric(kind: &DataType) -> bool {
    !kind.array
        && matches!(kind.name.as_str(), "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

/// A text as a constant of a type.
pub(super) fn typed(text: &str, to: &DataType) -> Tree {
    // `interval '1' day`: what the fields leave of the constant is what is kept.
    if to.name.starts_with("interval ") && !to.array && to.modifiers.is_empty() {
        return typed(text, &DataType::plain("interval"));
    }
    let value = value(text, to);
    if to.schema.is_none() && !to.array {
        match to.name.as_str() {
            "text" | "character varying" if to.modifiers.is_empty() => return Tree::Text(text.to_owned()),
            "unknown" => return Tree::Text(text.to_owned()),
            "boolean" if matches!(value.as_str(), "true" | "false") => return Tree::Word(value),
            _ if is_numeric(to) && is_number(&value) => {
                let tree = Tree::Number(value.clone());
                return match natural(&value) == to.name && to.modifiers.is_empty() {
                    true => tree,
                    false => Tree::Cast(Box::new(tree), to.clone()),
                };
            }
            _ => {}
        }
    }
    Tree::Cast(Box::new(Tree::Text(value)), to.clone())
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().next().is_some_and(|one| one.is_ascii_digit())
        && digits.chars().all(|one| one.is_ascii_digit() || one == '.')
}

/// The text of a constant of a type, as the server would print it or in another form that is the same for all that mean the same.
pub(super) fn value(text: &str, to: &DataType) -> String {
    if to.array {
        return array(text, &DataType { array: false, ..to.clone() });
    }
    if to.schema.is_some() {
        return text.to_owned();
    }
    let found = match to.name.as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Some(number(text)),
        "boolean" => boolean(text).map(str::to_owned),
        "date" => moments::date(text),
        "timestamp without time zone" => moments::timestamp(text, false),
        "timestamp with time zone" => moments::timestamp(text, true),
        "time without time zone" => moments::time(text),
        "time with time zone" => moments::zoned_time(text),
        "interval" => moments::interval(text),
        "jsonpath" => Some(json_path(text)),
        "macaddr" => hardware(text),
        "jsonb" => json(text),
        "uuid" => uuid(text),
        "bytea" => Some(bytes(text)),
        "money" => Some(money(text)),
        "tsquery" | "tsvector" => Some(text.replace('\'', "")),
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => range(text, &to.name),
        "regclass" | "regconfig" | "regtype" | "regdictionary" => Some(quote(&last_part(text))),
        _ => None,
    };
    found.unwrap_or_else(|| text.to_owned())
}

/// Bytes in hexadecimal digits, out of the older form with backslashes too.
fn bytes(text: &str) -> String {
    if let Some(digits) = text.strip_prefix("\\x") {
        return format!("\\x{}", digits.to_lowercase());
    }
    let mut hex = String::from("\\x");
    let mut rest = text.bytes().peekable();
    while let Some(next) = rest.next() {
        let byte = match (next, rest.peek().copied()) {
            (b'\\', Some(b'\\')) => {
                rest.next();
                b'\\'
            }
            (b'\\', Some(_)) => {
                let mut code = 0_u8;
                for digit in rest.by_ref().take(3) {
                    code = code.wrapping_mul(8).wrapping_add(digit.wrapping_sub(b'0'));
                }
                code
            }
            (other, _) => other,
        };
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

fn money(text: &str) -> String {
    let digits = number(&text.replace(['$', ','], ""));
    match digits.split_once('.') {
        None => format!("{digits}.00"),
        Some(_) => digits,
    }
}

/// A range: bounds in their own form; those of whole numbers and days as `[from,to)`.
fn range(text: &str, name: &str) -> Option<String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("empty") {
        return Some("empty".to_owned());
    }
    let element = match name {
        "int4range" => "integer",
        "int8range" => "bigint",
        "numrange" => "numeric",
        "daterange" => "date",
        "tsrange" => "timestamp without time zone",
        _ => "timestamp with time zone",
    };
    let from_open =
        text.strip_prefix('(').map(|rest| (true, rest)).or(text.strip_prefix('[').map(|rest| (false, rest)))?;
    let (to_open, inner) = match from_open.1.strip_suffix(')') {
        Some(inner) => (true, inner),
        None => (false, from_open.1.strip_suffix(']')?),
    };
    let (from, to) = inner.split_once(',')?;
    let bound = |text: &str| value(text.trim().trim_matches('"'), &DataType::plain(element));
    let (from, to) = (bound(from), bound(to));
    let discrete = matches!(element, "integer" | "bigint" | "date");
    let from = if discrete && from_open.0 && !from.is_empty() { after(&from)? } else { from };
    let to = if discrete && !to_open && !to.is_empty() { after(&to)? } else { to };
    let open = if from.is_empty() || (from_open.0 && !discrete) { "(" } else { "[" };
    let close = if to.is_empty() || to_open || discrete { ")" } else { "]" };
    Some(format!("{open}{from},{to}{close}"))
}

/// The next whole number or day.
fn after(text: &str) -> Option<String> {
    match text.parse::<i64>() {
        Ok(number) => number.checked_add(1).map(|next| next.to_string()),
        Err(_) => moments::day_after(text),
    }
}

fn boolean(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_ascii_lowercase();
    let starts = |word: &str| !lower.is_empty() && word.starts_with(&lower);
    if starts("true") || starts("yes") || lower == "on" || lower == "1" {
        Some("true")
    } else if starts("false") || starts("no") || lower == "of" || lower == "off" || lower == "0" {
        Some("false")
    } else {
        None
    }
}

fn uuid(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
    let others = text.chars().all(|one| one.is_ascii_hexdigit() || matches!(one, '-' | '{' | '}'));
    if digits.len() != 32 || !others {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

/// The address of a network card in pairs of digits.
fn hardware(text: &str) -> Option<String> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect::<String>().to_lowercase()).collect();
    (digits.len() == 12).then(|| pairs.join(":"))
}

/// A path without the quotes and parentheses that the server adds.
fn json_path(text: &str) -> String {
    let bare = text.trim().replace('"', "");
    let inner = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|inner| !inner.contains('('));
    inner.unwrap_or(&bare).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// JSON with its keys sorted, the last of the same ones kept.
fn json(text: &str) -> Option<String> {
    // Nesting is bounded by the parser of JSON itself.
    let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(sorted(parsed).to_string())
}

fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            let ordered: std::collections::BTreeMap<String, Value> =
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        // `1.0` and `1e0` of `1`: the parser does not keep them apart.
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// An array as a text: `{a,"b c",NULL}`.
fn array(text: &str, element: &DataType) -> String {
    let inner = text.trim();
    let Some(inner) = inner.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) else {
        return text.to_owned();
    };
    if inner.contains(['{', '\\']) {
        return text.to_owned();
    }
    if inner.trim().is_empty() {
        return "{}".to_owned();
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    let mut was_quoted = false;
    let mut push = |part: &mut String, was_quoted: &mut bool| {
        let bare = if *was_quoted { part.as_str() } else { part.trim() };
        let null = !*was_quoted && bare.eq_ignore_ascii_case("null");
        parts.push(if null { "NULL".to_owned() } else { element_text(&value(bare, element)) });
        part.clear();
        *was_quoted = false;
    };
    for next in inner.chars() {
        match next {
            '"' => {
                if !was_quoted {
                    part.clear();
                }
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => push(&mut part, &mut was_quoted),
            other if was_quoted && !quoted && other.is_whitespace() => {}
            other => part.push(other),
        }
    }
    push(&mut part, &mut was_quoted);
    format!("{{{}}}", parts.join(","))
}

fn element_text(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.eq_ignore_ascii_case("null")
        && !text.contains([',', '{', '}', '"', '\\'])
        && !text.contains(char::is_whitespace);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// `interval '1' day`: the text with its unit.
pub(super) fn with_unit(text: &str, words: &[String]) -> String {
    let unit = words.iter().rfind(|word| word.chars().all(char::is_alphabetic));
    match unit {
        Some(unit) if text.trim().parse::<f64>().is_ok() => format!("{} {unit}", text.trim()),
        _ => text.to_owned(),
    }
}

/// A constant default of a column of this type: what is stored, whatever it was written as.
pub(super) fn stored(tree: Tree, to: &DataType) -> Tree {
    match tree {
        Tree::Number(digits) if is_numeric(to) => Tree::Number(fitted(&digits, to)),
        Tree::Cast(inner, from) if is_numeric(to) && is_numeric(&from) => match *inner {
            // A cast that may round is not looked into.
            Tree::Number(digits) if from.modifiers.is_empty() && (from.name == to.name || !digits.contains('.')) => {
                Tree::Number(fitted(&digits, to))
            }
            inner => Tree::Cast(Box::new(inner), from),
        },
        Tree::Cast(inner, from) if super::choose::same(&from, to) && is_constant(&inner) => *inner,
        // What a change of the column's type leaves: a moment without a zone is one in UTC.
        Tree::Cast(inner, from) if is_moment(&from) && is_moment(to) => match *inner {
            Tree::Text(text) => Tree::Text(value(&text, to)),
            inner => Tree::Cast(Box::new(inner), from),
        },
        other => other,
    }
}

fn is_moment(kind: &DataType) -> bool {
    !kind.array && matches!(kind.name.as_str(), "timestamp without time zone" | "timestamp with time zone")
}

fn is_constant(tree: &Tree) -> bool {
    match tree {
        Tree::Text(_) | Tree::Number(_) => true,
        Tree::Cast(inner, _) => matches!(**inner, Tree::Text(_) | Tree::Number(_)),
        _ => false,
    }
}

/// A number as a column of this type holds it.
fn fitted(digits: &str, to: &DataType) -> String {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = to.modifiers.get(1).and_then(|scale| scale.parse::<usize>().ok());
    match (to.name.as_str(), scale) {
        ("numeric", Some(scale)) if fraction.len() <= scale => {
            let padded = format!("{fraction}{}", "0".repeat(scale - fraction.len()));
            if padded.is_empty() { whole.to_owned() } else { format!("{whole}.{padded}") }
        }
        ("numeric", _) => digits.to_owned(),
        _ => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
    }
}
