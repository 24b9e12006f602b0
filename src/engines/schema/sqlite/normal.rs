//! Normal forms of expressions and queries: names folded, quotes, comments and needless parentheses gone, so that equal texts mean equal.
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

/// What an atom of the normal form is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Name,
    Literal,
    Symbol,
}

struct Atom {
    text: String,
    class: Class,
    /// Left out: a needless parenthesis.
    gone: bool,
}

impl Atom {
    fn new(class: Class, text: impl Into<String>) -> Atom {
        Atom { text: text.into(), class, gone: false }
    }

    fn operand_end(&self) -> bool {
        match self.class {
            Class::Literal | Class::Name => true,
            Class::Word => precedence(&self.text).is_none() && !opens(&self.text),
            Class::Symbol => self.text == ")",
        }
    }
}

/// How tightly a binary operator binds.
fn precedence(text: &str) -> Option<u8> {
    Some(match text {
        "or" => 1,
        "and" => 2,
        "not" => 3,
        "=" | "<>" | "is" | "in" | "like" | "glob" | "match" | "regexp" | "between" => 4,
        "<" | "<=" | ">" | ">=" => 5,
        "escape" => 6,
        "&" | "|" | "<<" | ">>" => 7,
        "+" | "-" => 8,
        "*" | "/" | "%" => 9,
        "||" | "->" | "->>" => 10,
        "collate" => 11,
        "~" => 12,
        _ => return None,
    })
}

/// Keywords behind which an expression begins.
fn opens(text: &str) -> bool {
    matches!(text, "where" | "on" | "when" | "then" | "else" | "case" | "having" | "by" | "select")
}

/// Keywords before which an expression ends.
fn closes(text: &str) -> bool {
    matches!(
        text,
        "then"
            | "end"
            | "else"
            | "when"
            | "as"
            | "asc"
            | "desc"
            | "from"
            | "where"
            | "group"
            | "order"
            | "having"
            | "limit"
            | "union"
            | "except"
            | "intersect"
            | "begin"
            | "join"
            | "left"
            | "inner"
    )
}

/// What is known of the parentheses that are open.
#[derive(Clone, Copy)]
struct Frame {
    /// Position of the parenthesis.
    at: usize,
    /// How tightly what stands before it binds; `None` when the parentheses belong to it.
    left: Option<u8>,
    /// The loosest operator within.
    loosest: u8,
    /// A list or a query.
    fixed: bool,
    /// Open `BETWEEN`s that wait for their `AND`.
    between: u32,
    /// Atoms within.
    count: u32,
}

impl Frame {
    fn new(at: usize, left: Option<u8>) -> Frame {
        Frame { at, left, loosest: 13, fixed: false, between: 0, count: 0 }
    }
}

/// The normal form of an expression, a query or a body. With `columns`, what is in double quotes and no column is a string, as SQLite takes it.
pub(super) fn normal(text: &str, columns: Option<&[String]>) -> String {
    normal_of(&tokens(text), columns)
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

/// Marks needless parentheses as gone.
fn parentheses(atoms: &mut [Atom]) {
    let mut frames = vec![Frame::new(0, None)];
    for at in 0..atoms.len() {
        let before = at.checked_sub(1).and_then(|before| atoms.get(before));
        let Some(atom) = atoms.get(at) else { return };
        let (text, symbol) = (atom.text.as_str(), atom.class == Class::Symbol);
        let between = frames.last().map_or(0, |frame| frame.between);
        match text {
            "(" if symbol => {
                let left = left_of(atoms, at, between);
                frames.push(Frame::new(at, left));
                continue;
            }
            ")" if symbol => {
                let after = atoms.get(at + 1);
                let right = right_of(after);
                if frames.len() > 1
                    && let Some(frame) = frames.pop()
                {
                    let gone = frame.needless(right);
                    if let (true, Some(open)) = (gone, atoms.get_mut(frame.at)) {
                        open.gone = true;
                    }
                    if let (true, Some(close)) = (gone, atoms.get_mut(at)) {
                        close.gone = true;
                    }
                    if let Some(parent) = frames.last_mut() {
                        parent.count += if gone { frame.count } else { 2 };
                        parent.loosest = if gone { parent.loosest.min(frame.loosest) } else { parent.loosest };
                    }
                }
                continue;
            }
            _ => {}
        }
        let Some(frame) = frames.last_mut() else { return };
        frame.count += 1;
        if atom.class == Class::Word && matches!(text, "select" | "values" | "with" | "order" | "raise")
            || symbol && matches!(text, "," | ";" | ".") && text != "."
        {
            frame.fixed = true;
        }
        let operator = matches!(atom.class, Class::Word | Class::Symbol);
        if let (true, Some(mut binding)) = (operator, precedence(text)) {
            let unary = symbol && matches!(text, "-" | "+") && !before.is_some_and(Atom::operand_end);
            if unary {
                binding = 12;
            }
            if text == "between" {
                frame.between += 1;
            } else if text == "and" && frame.between > 0 {
                frame.between -= 1;
                binding = 4;
            } else if text == "not" && before.is_some_and(Atom::operand_end) {
                binding = 4;
            }
            frame.loosest = frame.loosest.min(binding);
        }
    }
}

/// What stands before the parenthesis at `at`; `between` open `BETWEEN`s are in its frame.
fn left_of(atoms: &[Atom], at: usize, between: u32) -> Option<u8> {
    let Some(before) = at.checked_sub(1).and_then(|before| atoms.get(before)) else { return Some(0) };
    let text = before.text.as_str();
    match before.class {
        Class::Symbol if matches!(text, "(" | "," | ";") => Some(0),
        Class::Symbol if matches!(text, "-" | "+") => {
            let unary = !at.checked_sub(2).and_then(|one| atoms.get(one)).is_some_and(Atom::operand_end);
            Some(if unary { 12 } else { 8 })
        }
        Class::Word if text == "in" => None,
        // The `AND` of a `BETWEEN` was not counted down yet where its own frame is still waiting.
        Class::Word if text == "and" && between == 0 => Some(if waits(atoms, at) { 5 } else { 2 }),
        Class::Symbol | Class::Word if precedence(text).is_some() => precedence(text),
        Class::Word if opens(text) => Some(0),
        _ => None,
    }
}

/// Whether the `AND` before `at` belongs to a `BETWEEN`: the nearest `BETWEEN` or `AND` before it, a few atoms back, is a `BETWEEN`.
fn waits(atoms: &[Atom], at: usize) -> bool {
    let before = atoms.get(at.saturating_sub(40)..at.saturating_sub(1)).unwrap_or(&[]);
    before
        .iter()
        .rev()
        .find(|one| matches!(one.text.as_str(), "between" | "and" | "or"))
        .is_some_and(|one| one.text == "between")
}

fn right_of(after: Option<&Atom>) -> Option<u8> {
    let Some(after) = after else { return Some(0) };
    let text = after.text.as_str();
    match after.class {
        Class::Symbol if matches!(text, ")" | "," | ";") => Some(0),
        Class::Word if text == "not" => Some(4),
        Class::Symbol | Class::Word if precedence(text).is_some() => precedence(text),
        Class::Word if closes(text) => Some(0),
        _ => None,
    }
}

impl Frame {
    fn needless(&self, right: Option<u8>) -> bool {
        let (Some(left), Some(right)) = (self.left, right) else { return false };
        if self.fixed || self.count == 0 {
            return false;
        }
        // `AND` and `OR` are the same in either grouping; the others group from the left.
        let same = matches!(self.loosest, 1 | 2);
        (self.loosest > left || same && self.loosest == left) && self.loosest >= right
    }
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
    fn deep_nesting_is_linear() {
        let text = format!("{}a{}", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(normal(&text, Some(&[])), "a");
    }
}
