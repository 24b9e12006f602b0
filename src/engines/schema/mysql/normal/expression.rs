//! Expressions as trees.
use super::rewrite;
use super::tokens::token_form;
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engines::schema::mysql) enum Expr {
    /// A column, with what qualifies it.
    Name(Vec<String>),
    /// A number, sign included.
    Number(String),
    /// A string.
    Text(String),
    /// A literal, variable, unit or something else that prints as it is.
    Raw(String),
    /// `-`, `~`.
    Unary(&'static str, Box<Expr>),
    /// An operator with two sides.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `and`, `or` with all their sides.
    Many(&'static str, Vec<Expr>),
    /// A function.
    Call(String, Vec<Expr>),
    /// `is [not]` and `null`, `true`, `false`, `unknown`.
    Is(Box<Expr>, &'static str, bool),
    /// `[not] in (…)`.
    In(Box<Expr>, Vec<Expr>, bool),
    /// `[not] between … and …`.
    Between(Box<[Expr; 3]>, bool),
    /// `[not] like`, `[not] regexp`, with the escape.
    Like(&'static str, Box<[Expr; 2]>, Option<Box<Expr>>, bool),
    /// `case`: operand, branches, else.
    Case(Option<Box<Expr>>, Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `cast(… as …)`.
    Cast(Box<Expr>, String),
    /// `convert(… using …)`.
    Convert(Box<Expr>, String),
    /// `interval … unit`.
    Interval(Box<Expr>, String),
    /// `… collate …`.
    Collate(Box<Expr>, String),
    /// `(…, …)`.
    Tuple(Vec<Expr>),
}

/// Reads an expression.
pub(in crate::engines::schema::mysql) struct Parser<'c, 't, 'a> {
    pub(super) cursor: &'c mut Cursor<'t, 'a>,
    pub(super) depth: u32,
}

/// Deeper than anybody writes, and safe on a small stack.
const DEEPEST: u32 = 100;
/// Operators in a row on one level.
const LONGEST: usize = 300;

pub(super) const OR: u8 = 1;
const XOR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
pub(super) const COMPARE: u8 = 6;
const UNARY: u8 = 13;
const COLLATE: u8 = 14;

/// Operators: as written, as printed, how tight.
const BINARY: [(&str, &str, u8); 25] = [
    ("||", "or", OR),
    ("OR", "or", OR),
    ("XOR", "xor", XOR),
    ("&&", "and", AND),
    ("AND", "and", AND),
    ("=", "=", COMPARE),
    ("<=>", "<=>", COMPARE),
    (">=", ">=", COMPARE),
    (">", ">", COMPARE),
    ("<=", "<=", COMPARE),
    ("<", "<", COMPARE),
    ("<>", "<>", COMPARE),
    ("!=", "<>", COMPARE),
    ("|", "|", 7),
    ("&", "&", 8),
    ("<<", "<<", 9),
    (">>", ">>", 9),
    ("+", "+", 10),
    ("-", "-", 10),
    ("*", "*", 11),
    ("/", "/", 11),
    ("DIV", "DIV", 11),
    ("MOD", "MOD", 11),
    ("%", "MOD", 11),
    ("^", "^", 12),
];

/// How tight an operator binds.
pub(super) fn precedence(operator: &str) -> u8 {
    BINARY.iter().find(|(_, printed, _)| *printed == operator).map_or(COMPARE, |(_, _, tight)| *tight)
}

impl<'c, 't, 'a> Parser<'c, 't, 'a> {
    /// Reads from here.
    pub(in crate::engines::schema::mysql) fn new(cursor: &'c mut Cursor<'t, 'a>) -> Parser<'c, 't, 'a> {
        Parser { cursor, depth: 0 }
    }

    /// An expression after which nothing may follow.
    pub(in crate::engines::schema::mysql) fn whole(mut self) -> Outcome<Expr> {
        let expr = self.expression(OR)?;
        self.cursor.end()?;
        Ok(expr)
    }

    /// An expression, as far as it goes.
    pub(in crate::engines::schema::mysql) fn part(mut self) -> Outcome<Expr> {
        self.expression(OR)
    }

    /// A value that stands without parentheses: a literal with its sign, a function.
    pub(in crate::engines::schema::mysql) fn value(mut self) -> Outcome<Expr> {
        self.expression(COLLATE + 1)
    }

    pub(super) fn expression(&mut self, least: u8) -> Outcome<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deeply".to_owned());
        }
        let mut left = self.prefix()?;
        for count in 0.. {
            if count > LONGEST {
                return Err("an expression of too many parts".to_owned());
            }
            match self.infix(left, least)? {
                (next, true) => left = next,
                (next, false) => {
                    self.depth -= 1;
                    return Ok(next);
                }
            }
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Outcome<Expr> {
        if self.cursor.symbol("-") {
            return Ok(rewrite::minus(self.expression(UNARY)?));
        }
        if self.cursor.symbol("+") {
            return self.expression(UNARY);
        }
        if self.cursor.symbol("~") {
            return Ok(Expr::Unary("~", Box::new(self.expression(UNARY)?)));
        }
        if self.cursor.symbol("!") {
            return Ok(rewrite::not(self.expression(COLLATE)?));
        }
        if self.cursor.sees(0, "NOT") {
            self.cursor.at += 1;
            return Ok(rewrite::not(self.expression(NOT + 1)?));
        }
        if self.cursor.sees(0, "BINARY") && !self.cursor.sees_symbol(1, "(") {
            self.cursor.at += 1;
            return Ok(Expr::Cast(Box::new(self.expression(UNARY)?), "char charset binary".to_owned()));
        }
        self.atom()
    }

    /// Takes one operator with its right side, if it binds tightly enough.
    fn infix(&mut self, left: Expr, least: u8) -> Outcome<(Expr, bool)> {
        if least <= COLLATE && self.cursor.word("COLLATE") {
            let collation = self.cursor.name_or_text()?.to_ascii_lowercase();
            return Ok((Expr::Collate(Box::new(left), collation), true));
        }
        for arrow in ["->>", "->"] {
            if self.cursor.symbol(arrow) {
                let call = Expr::Call("json_extract".to_owned(), vec![left, self.prefix()?]);
                let call = if arrow == "->>" { Expr::Call("json_unquote".to_owned(), vec![call]) } else { call };
                return Ok((call, true));
            }
        }
        if least <= COMPARE
            && let Some(next) = self.predicate(&left)?
        {
            return Ok((next, true));
        }
        let found = BINARY.iter().find(|(written, _, tight)| {
            *tight >= least && (self.cursor.sees_symbol(0, written) || self.cursor.sees(0, written))
        });
        let Some((_, operator, tight)) = found else { return Ok((left, false)) };
        self.cursor.at += 1;
        let right = self.expression(tight + 1)?;
        Ok((rewrite::binary(operator, left, right), true))
    }

    /// `is`, `in`, `between`, `like`, `regexp`.
    fn predicate(&mut self, left: &Expr) -> Outcome<Option<Expr>> {
        if self.cursor.word("IS") {
            let not = self.cursor.word("NOT");
            let what = ["NULL", "TRUE", "FALSE", "UNKNOWN"].iter().position(|word| self.cursor.sees(0, word));
            let what = what
                .and_then(|at| ["null", "true", "false", "null"].get(at))
                .ok_or_else(|| self.cursor.unexpected())?;
            self.cursor.at += 1;
            return Ok(Some(Expr::Is(Box::new(left.clone()), what, not)));
        }
        let start = self.cursor.at;
        let not = self.cursor.word("NOT");
        if self.cursor.word("IN") {
            let mut group = self.cursor.group()?;
            if group.sees_any(&["SELECT", "WITH"]) {
                let query = Expr::Raw(format!("({})", token_form(group.tokens)));
                return Ok(Some(Expr::In(Box::new(left.clone()), vec![query], not)));
            }
            let list = self.inside(&mut group)?;
            return Ok(Some(rewrite::within(left.clone(), list, not)));
        }
        if self.cursor.word("BETWEEN") {
            let low = self.expression(COMPARE + 1)?;
            self.cursor.need("AND")?;
            let high = self.expression(COMPARE + 1)?;
            return Ok(Some(Expr::Between(Box::new([left.clone(), low, high]), not)));
        }
        for (word, operator) in [("LIKE", "like"), ("REGEXP", "regexp"), ("RLIKE", "regexp")] {
            if self.cursor.word(word) {
                let right = self.expression(COMPARE + 1)?;
                let escape = if self.cursor.word("ESCAPE") { Some(Box::new(self.expression(UNARY)?)) } else { None };
                return Ok(Some(Expr::Like(operator, Box::new([left.clone(), right]), escape, not)));
            }
        }
        if !not && self.cursor.words(&["SOUNDS", "LIKE"]) {
            let sound = |one: Expr| Expr::Call("soundex".to_owned(), vec![one]);
            let right = self.expression(COMPARE + 1)?;
            return Ok(Some(rewrite::binary("=", sound(left.clone()), sound(right))));
        }
        self.cursor.at = start;
        Ok(None)
    }

    /// A list that fills a pair of parentheses.
    pub(super) fn inside(&mut self, group: &mut Cursor<'t, 'a>) -> Outcome<Vec<Expr>> {
        let mut list = Vec::new();
        while !group.done() {
            let mut parser = Parser { cursor: &mut *group, depth: self.depth };
            list.push(parser.expression(OR)?);
            if !group.symbol(",") {
                group.end()?;
            }
        }
        Ok(list)
    }
}
