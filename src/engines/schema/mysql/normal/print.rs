//! Writes expressions in normal form, which is SQL as MariaDB prints it, with names in lower case.
use super::Expr;
use super::expression::precedence;
use std::fmt;

/// A string in quotes.
pub(in crate::engines::schema::mysql) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for one in text.chars() {
        match one {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\u{1a}' => out.push_str("\\Z"),
            one => out.push(one),
        }
    }
    out.push('\'');
    out
}

/// A list with commas.
fn list(items: &[Expr]) -> String {
    items.iter().map(Expr::to_string).collect::<Vec<_>>().join(",")
}

/// In parentheses when it binds less than `least`.
fn tight(one: &Expr, least: u8) -> String {
    if one.strength() < least { format!("({one})") } else { one.to_string() }
}

impl Expr {
    fn strength(&self) -> u8 {
        match self {
            Expr::Many(operator, _) => precedence(operator),
            Expr::Binary(operator, ..) => precedence(operator),
            Expr::Is(..) | Expr::In(..) | Expr::Between(..) | Expr::Like(..) => 6,
            Expr::Interval(..) => 7,
            Expr::Unary(..) => 13,
            Expr::Number(text) if text.starts_with('-') => 13,
            Expr::Collate(..) => 14,
            _ => 20,
        }
    }
}

fn no(negated: &bool) -> &'static str {
    if *negated { " not" } else { "" }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The table is known: it is dropped.
            Expr::Name(parts) => match parts.last().map(String::as_str) {
                Some("*") => write!(f, "{}", parts.join(".").to_lowercase()),
                Some(last) => write!(f, "`{}`", last.to_lowercase().replace('`', "``")),
                None => Ok(()),
            },
            Expr::Number(text) | Expr::Raw(text) => f.write_str(text),
            Expr::Text(text) => f.write_str(&quote(text)),
            Expr::Unary(operator, inner) => write!(f, "{operator}{}", tight(inner, 13)),
            Expr::Binary(operator, left, right) => {
                let strength = precedence(operator);
                // Comparisons do not associate; a minus in front of a minus needs its own side.
                let left_least = if strength == 6 { 7 } else { strength };
                write!(f, "{} {operator} {}", tight(left, left_least), tight(right, strength + 1))
            }
            Expr::Many(operator, sides) => {
                let strength = precedence(operator);
                let sides: Vec<String> = sides.iter().map(|side| tight(side, strength + 1)).collect();
                f.write_str(&sides.join(&format!(" {operator} ")))
            }
            Expr::Call(name, arguments) => write!(f, "{name}({})", list(arguments)),
            Expr::Is(value, what, negated) => write!(f, "{} is{} {what}", tight(value, 7), no(negated)),
            Expr::In(value, items, negated) => match items.as_slice() {
                [Expr::Raw(query)] if query.starts_with('(') => {
                    write!(f, "{}{} in {query}", tight(value, 7), no(negated))
                }
                items => write!(f, "{}{} in ({})", tight(value, 7), no(negated), list(items)),
            },
            Expr::Between(values, negated) => {
                let [value, low, high] = values.as_ref();
                write!(f, "{}{} between {} and {}", tight(value, 7), no(negated), tight(low, 7), tight(high, 7))
            }
            Expr::Like(operator, sides, escape, negated) => {
                let [left, right] = sides.as_ref();
                write!(f, "{}{} {operator} {}", tight(left, 7), no(negated), tight(right, 7))?;
                escape.as_ref().map_or(Ok(()), |escape| write!(f, " escape {escape}"))
            }
            Expr::Case(operand, branches, otherwise) => {
                f.write_str("case")?;
                if let Some(operand) = operand {
                    write!(f, " {operand}")?;
                }
                for (when, then) in branches {
                    write!(f, " when {when} then {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " else {otherwise}")?;
                }
                f.write_str(" end")
            }
            Expr::Cast(value, target) => write!(f, "cast({value} as {target})"),
            Expr::Convert(value, charset) => write!(f, "convert({value} using {charset})"),
            Expr::Interval(amount, unit) => write!(f, "interval {} {unit}", tight(amount, 7)),
            Expr::Collate(value, collation) => write!(f, "{} collate {collation}", tight(value, 14)),
            Expr::Tuple(items) => write!(f, "({})", list(items)),
        }
    }
}
