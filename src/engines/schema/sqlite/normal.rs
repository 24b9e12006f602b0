//! Normal forms of expressions and queries: names folded, quotes, comments and needless parentheses gone, so that equal texts mean equal.
use super::parentheses::{Atom, Class, closes, opens, parentheses, precedence};
use super::token::{Kind, Token, tokens};
use crate::engines::schema::catalog::Expression;

/// Words that cannot be bare names. They stay quoted in normal forms.
const RESERVED: &[&str] = &[
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
    "with",
    "nothing",
    "returning",
];

/// Whether a name may stand without quotes.
pub(super) fn bare(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// A name in the normal form of an expression: lower case, quoted where it must be.
fn name(text: &str) -> String {
    let lower = text.to_lowercase();
    match bare(&lower) {
        true => lower,
        false => format!("\"{}\"", lower.replace('"', "\"\"")),
    }
}

/// The normal form of an expression, a query or a body. With `columns`, what is in double quotes and no column is a string, as SQLite takes it.
#[cfg(test)]
fn normal(text: &str, columns: Option<&[String]>) -> String {
    normal_of(&tokens(text), columns)
}

/// A condition without its own table's name before its columns: it means the same, and a table that is rebuilt has another name for a while.
pub(super) fn unqualified(text: &str, table: &str) -> String {
    let tokens = tokens(text);
    let mut short = String::new();
    let mut at = 0;
    for pair in tokens.windows(2) {
        if let [name, dot] = pair
            && matches!(name.kind, Kind::Word | Kind::Quoted)
            && dot.symbol(".")
            && name.plain().eq_ignore_ascii_case(table)
        {
            short.push_str(text.get(at..name.start).unwrap_or(""));
            at = dot.end();
        }
    }
    short.push_str(text.get(at..).unwrap_or(""));
    short
}

/// The normal form of tokens.
pub(super) fn normal_of(tokens: &[Token<'_>], columns: Option<&[String]>) -> String {
    let mut atoms = atoms(tokens, columns);
    parentheses(&mut atoms);
    join(&atoms)
}

/// An expression with its normal form. Its text has no comments at its ends.
pub(super) fn expression(text: &str, columns: Option<&[String]>) -> Expression {
    let tokens = tokens(text);
    let (first, last) = (tokens.first().map_or(0, |one| one.start), tokens.last().map_or(0, Token::end));
    Expression { text: text.get(first..last).unwrap_or(text).to_owned(), normal: normal_of(&tokens, columns) }
}

fn atoms(tokens: &[Token<'_>], columns: Option<&[String]>) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let dotted = |one: Option<&Token<'_>>| one.is_some_and(|one| one.symbol("."));
        let qualified = dotted(tokens.get(at + 1)) || at.checked_sub(1).is_some_and(|at| dotted(tokens.get(at)));
        let atom = match token.kind {
            Kind::Word => {
                let lower = token.text.to_lowercase();
                let behind = atoms.last().is_some_and(Atom::operand_end);
                match lower.as_str() {
                    "isnull" | "notnull" if behind => {
                        atoms.push(Atom::new(Class::Word, "is"));
                        if lower == "notnull" {
                            atoms.push(Atom::new(Class::Word, "not"));
                        }
                        Atom::new(Class::Word, "null")
                    }
                    "not" if behind && tokens.get(at + 1).is_some_and(|next| next.is("NULL")) => {
                        atoms.push(Atom::new(Class::Word, "is"));
                        Atom::new(Class::Word, "not")
                    }
                    _ => Atom::new(Class::Word, lower),
                }
            }
            Kind::Quoted => {
                let plain = token.plain();
                let known = |columns: &[String]| columns.iter().any(|one| one.eq_ignore_ascii_case(&plain));
                match columns {
                    Some(columns) if token.text.starts_with('"') && !qualified && !known(columns) => {
                        Atom::new(Class::Literal, format!("'{}'", plain.replace('\'', "''")))
                    }
                    _ => Atom::new(Class::Name, name(&plain)),
                }
            }
            Kind::Text => Atom::new(Class::Literal, token.text),
            Kind::Number | Kind::Blob => Atom::new(Class::Literal, token.text.to_ascii_lowercase()),
            Kind::Variable => Atom::new(Class::Literal, token.text),
            Kind::Symbol => Atom::new(
                Class::Symbol,
                match token.text {
                    "!=" => "<>",
                    "==" => "=",
                    other => other,
                },
            ),
        };
        atoms.push(atom);
    }
    atoms
}

fn join(atoms: &[Atom]) -> String {
    let mut text = String::new();
    let mut before: Option<&Atom> = None;
    for atom in atoms.iter().filter(|atom| !atom.gone) {
        let tight = match (before.map(|one| (one.class, one.text.as_str())), atom.text.as_str()) {
            (None, _) => true,
            (Some((Class::Symbol, "(" | ".")), _) => true,
            (_, ")" | "," | "." | ";") if atom.class == Class::Symbol => true,
            (Some((Class::Name, _)), "(") => true,
            (Some((Class::Word, word)), "(") => {
                precedence(word).is_none() && !opens(word) && !closes(word) && bare(word)
            }
            _ => false,
        };
        if !tight {
            text.push(' ');
        }
        text.push_str(&atom.text);
        before = Some(atom);
    }
    text
}

/// The normal form of a default; `None` for `NULL`. `bare_word` when it stood without parentheses, where an unknown word is a string.
pub(super) fn default(text: &str, bare_word: bool) -> Option<Expression> {
    let mut value = expression(text, Some(&[]));
    let tokens = tokens(text);
    if let [only] = tokens.as_slice()
        && only.kind == Kind::Word
    {
        match value.normal.as_str() {
            "null" => return None,
            "true" => value.normal = "1".to_owned(),
            "false" => value.normal = "0".to_owned(),
            "current_timestamp" | "current_date" | "current_time" => {}
            _ if bare_word => {
                value.normal = format!("'{}'", only.text);
                value.text = value.normal.clone();
            }
            _ => {}
        }
    }
    if value.normal == "(null)" || value.normal == "null" {
        return None;
    }
    if let [sign, number] = tokens.as_slice()
        && number.kind == Kind::Number
    {
        let number = number.text.to_ascii_lowercase();
        value.normal = if sign.symbol("-") { format!("-{number}") } else { number };
    }
    // The normal form of a double-quoted default is a string; its text must be one too where the setting for such strings is off.
    if let [only] = tokens.as_slice()
        && only.kind == Kind::Quoted
    {
        value.normal = format!("'{}'", only.plain().replace('\'', "''"));
        value.text = value.normal.clone();
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(columns: &[&str], cases: &[(&str, &str)]) {
        let columns: Vec<String> = columns.iter().map(|one| (*one).to_owned()).collect();
        for (text, expected) in cases {
            assert_eq!(normal(text, Some(&columns)), *expected, "{text}");
        }
    }

    #[test]
    fn parentheses_quotes_and_case_do_not_matter() {
        check(
            &["a", "b", "Order"],
            &[
                ("((a))", "a"),
                ("(a = 1) AND (b <> 2)", "a = 1 and b <> 2"),
                ("(a OR b) AND a", "(a or b) and a"),
                ("((\"a\") != (2)) and ((b == 3) and (a > 1))", "a <> 2 and b = 3 and a > 1"),
                ("A IN ((1), 2)", "a in (1, 2)"),
                ("a in ('x')", "a in ('x')"),
                ("lower((a))", "lower(a)"),
                ("\"Order\" > 1", "\"order\" > 1"),
                ("a = \"text\"", "a = 'text'"),
                ("a - (b - 1)", "a - (b - 1)"),
                ("(a - b) - 1", "a - b - 1"),
                ("a NOTNULL", "a is not null"),
                ("a not null or b isnull", "a is not null or b is null"),
                ("(a IS NOT NULL)", "a is not null"),
                ("NOT (a AND b)", "not (a and b)"),
                ("not (a = b)", "not a = b"),
                ("a BETWEEN 1 AND (b = 2)", "a between 1 and (b = 2)"),
                ("(a BETWEEN 1 AND 2) AND b", "a between 1 and 2 and b"),
                ("-(a + b)", "- (a + b)"),
                ("(select 1)", "(select 1)"),
                ("a -- why\n > /* x */ 1", "a > 1"),
                ("CASE WHEN (a > 1) THEN (b) ELSE (1) END", "case when a > 1 then b else 1 end"),
                ("exists (select 1)", "exists (select 1)"),
                ("a COLLATE NOCASE", "a collate nocase"),
                ("(a LIKE 'x') = 0", "a like 'x' = 0"),
                ("(a, b) = (1, 2)", "(a, b) = (1, 2)"),
            ],
        );
    }

    #[test]
    fn defaults() {
        for (text, bare_word, expected) in [
            ("NULL", true, None),
            ("true", true, Some("1")),
            ("FALSE", false, Some("0")),
            ("CURRENT_TIMESTAMP", true, Some("current_timestamp")),
            ("active", true, Some("'active'")),
            ("\"Abc\"", true, Some("'Abc'")),
            ("- 5", true, Some("-5")),
            ("+5", true, Some("5")),
            ("''", true, Some("''")),
            ("datetime('now')", false, Some("datetime('now')")),
            ("(strftime('%s', 'now'))", false, Some("strftime('%s', 'now')")),
        ] {
            assert_eq!(default(text, bare_word).map(|one| one.normal).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn own_names_are_left_out() {
        assert_eq!(unqualified("\"t\".\"a\" in ('t.x') and T.b > o.c", "t"), "\"a\" in ('t.x') and b > o.c");
    }

    #[test]
    fn deep_nesting_is_linear() {
        let text = format!("{}a{}", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(normal(&text, Some(&[])), "a");
    }
}
