//! What servers make of an expression when they store it.
use super::Expr;
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// Functions that go by several names: as written, as MariaDB prints them.
const SAME: [(&str, &str); 22] = [
    ("lower", "lcase"),
    ("upper", "ucase"),
    ("length", "octet_length"),
    ("substring", "substr"),
    ("mid", "substr"),
    ("power", "pow"),
    ("ceil", "ceiling"),
    ("character_length", "char_length"),
    ("day", "dayofmonth"),
    ("schema", "database"),
    ("now", "current_timestamp"),
    ("localtime", "current_timestamp"),
    ("localtimestamp", "current_timestamp"),
    ("current_date", "curdate"),
    ("current_time", "curtime"),
    ("session_user", "user"),
    ("system_user", "user"),
    ("std", "std"),
    ("stddev", "std"),
    ("stddev_pop", "std"),
    ("variance", "variance"),
    ("var_pop", "variance"),
];

/// A word that is a function without parentheses.
pub(super) fn bare(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "current_timestamp" | "localtime" | "localtimestamp" => Some("current_timestamp"),
        "current_date" => Some("curdate"),
        "current_time" => Some("curtime"),
        "current_user" => Some("current_user"),
        "utc_timestamp" => Some("utc_timestamp"),
        "utc_date" => Some("utc_date"),
        "utc_time" => Some("utc_time"),
        _ => None,
    }
}

/// A number as servers print it.
pub(super) fn number(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    if text.contains('e') {
        return text;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// `101` as `05`.
pub(super) fn bits_to_hex(bits: &str) -> String {
    let padded = format!("{bits:0>width$}", width = bits.len().div_ceil(8).max(1) * 8);
    let nibbles = padded.as_bytes().chunks(4);
    nibbles
        .map(|four| four.iter().fold(0, |value, bit| value * 2 + u32::from(*bit == b'1')))
        .filter_map(|value| char::from_digit(value, 16))
        .collect::<String>()
        .to_ascii_uppercase()
}

/// `-x`.
pub(super) fn minus(inner: Expr) -> Expr {
    match inner {
        Expr::Number(text) => match text.strip_prefix('-') {
            Some(positive) => Expr::Number(positive.to_owned()),
            None if text == "0" => Expr::Number(text),
            None => Expr::Number(format!("-{text}")),
        },
        other => Expr::Unary("-", Box::new(other)),
    }
}

/// What `x <> 0` says where only true or false matters.
fn truth(one: Expr) -> Expr {
    match one {
        Expr::Binary("<>", left, right) if *right == Expr::Number("0".to_owned()) => *left,
        other => other,
    }
}

/// The opposite, pushed inwards as servers do.
pub(super) fn not(inner: Expr) -> Expr {
    let opposite = |operator: &str| match operator {
        "=" => Some("<>"),
        "<>" => Some("="),
        "<" => Some(">="),
        ">=" => Some("<"),
        ">" => Some("<="),
        "<=" => Some(">"),
        _ => None,
    };
    match inner {
        Expr::Binary(operator, left, right) => match opposite(operator) {
            Some(operator) => Expr::Binary(operator, left, right),
            None => zero(Expr::Binary(operator, left, right)),
        },
        Expr::Many(operator, sides) => {
            let operator = if operator == "and" { "or" } else { "and" };
            Expr::Many(operator, sides.into_iter().map(|side| truth(not(side))).collect())
        }
        Expr::Is(value, what, negated) => Expr::Is(value, what, !negated),
        Expr::In(value, list, negated) => Expr::In(value, list, !negated),
        Expr::Between(values, negated) => Expr::Between(values, !negated),
        Expr::Like(operator, sides, escape, negated) => Expr::Like(operator, sides, escape, !negated),
        other => zero(other),
    }
}

fn zero(one: Expr) -> Expr {
    Expr::Binary("=", Box::new(one), Box::new(Expr::Number("0".to_owned())))
}

/// Two sides.
pub(super) fn binary(operator: &'static str, left: Expr, right: Expr) -> Expr {
    match (operator, left, right) {
        ("and" | "or", left, right) => {
            let mut sides = Vec::new();
            for side in [left, right] {
                match truth(side) {
                    Expr::Many(same, inner) if same == operator => sides.extend(inner),
                    other => sides.push(other),
                }
            }
            Expr::Many(operator, sides)
        }
        ("+", Expr::Interval(amount, unit), right) => {
            Expr::Binary("+", Box::new(right), Box::new(Expr::Interval(amount, unit)))
        }
        (_, left, right) => Expr::Binary(operator, Box::new(left), Box::new(right)),
    }
}

/// `in`: one value is an equation.
pub(super) fn within(left: Expr, mut list: Vec<Expr>, not: bool) -> Expr {
    match (list.len(), list.pop()) {
        (1, Some(only)) => binary(if not { "<>" } else { "=" }, left, only),
        (_, Some(last)) => {
            list.push(last);
            Expr::In(Box::new(left), list, not)
        }
        _ => Expr::In(Box::new(left), list, not),
    }
}

/// A function under the name that is printed.
pub(super) fn call(name: &str, mut list: Vec<Expr>) -> Expr {
    let interval = matches!(list.get(1), Some(Expr::Interval(..)));
    match (name, list.len()) {
        ("isnull", 1) => {
            return list.pop().map_or(Expr::Tuple(Vec::new()), |one| Expr::Is(Box::new(one), "null", false));
        }
        ("date", 1) => {
            return list.pop().map_or(Expr::Tuple(Vec::new()), |one| Expr::Cast(Box::new(one), "date".to_owned()));
        }
        ("binary", 1) => {
            return list
                .pop()
                .map_or(Expr::Tuple(Vec::new()), |one| Expr::Cast(Box::new(one), "char charset binary".to_owned()));
        }
        ("date_add" | "adddate" | "date_sub" | "subdate", 2) if interval => {
            if let (Some(step), Some(from)) = (list.pop(), list.pop()) {
                let operator = if matches!(name, "date_add" | "adddate") { "+" } else { "-" };
                return binary(operator, from, step);
            }
        }
        ("mod", 2) => {
            if let (Some(right), Some(left)) = (list.pop(), list.pop()) {
                return binary("MOD", left, right);
            }
        }
        ("datediff", 2) => {
            if let (Some(right), Some(left)) = (list.pop(), list.pop()) {
                let days = |one: Expr| Expr::Call("to_days".to_owned(), vec![one]);
                return binary("-", days(left), days(right));
            }
        }
        // All rows are counted, whatever stands there.
        ("count", 1) if matches!(list.first(), Some(Expr::Raw(star)) if star == "*") => {
            list = vec![Expr::Number("0".to_owned())]
        }
        ("current_timestamp" | "now" | "localtime" | "localtimestamp", 1)
            if list.first() == Some(&Expr::Number("0".to_owned())) =>
        {
            list.clear();
        }
        ("if", 3) => {
            if let Some(first) = list.first_mut() {
                *first = truth(first.clone());
            }
        }
        _ => {}
    }
    let name = SAME.iter().find(|(written, _)| *written == name).map_or(name, |(_, printed)| printed);
    Expr::Call(name.to_owned(), list)
}

/// The type of a cast.
pub(super) fn cast_type(cursor: &mut Cursor<'_, '_>) -> Outcome<String> {
    let mut words = Vec::new();
    while let Some(token) = cursor.peek(0) {
        if cursor.sees_symbol(0, "(") {
            let group = cursor.group()?;
            let inner: Vec<&str> = group.tokens.iter().map(|token| &*token.text).collect();
            if let Some(last) = words.last_mut() {
                *last = format!("{last}({})", inner.concat());
            }
            continue;
        }
        words.push(token.text.to_ascii_lowercase());
        cursor.at += 1;
    }
    let text = words.join(" ").replace("character set", "charset");
    Ok(match text.as_str() {
        "binary" => "char charset binary".to_owned(),
        "integer" | "int" | "signed integer" | "signed int" => "signed".to_owned(),
        "unsigned integer" | "unsigned int" => "unsigned".to_owned(),
        "decimal" | "dec" => "decimal(10,0)".to_owned(),
        // The set of the connection, or the same by name: most write none.
        _ => text.trim_end_matches(" charset utf8mb4").to_owned(),
    })
}
