//! Expressions as trees.
use super::rewrite;
use super::tokens::token_form;
use crate::engines::schema::mysql::text::{Cursor, Kind, Outcome};

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
    cursor: &'c mut Cursor<'t, 'a>,
    depth: u32,
}

/// Deeper than anybody writes, and safe on a small stack.
const DEEPEST: u32 = 100;
/// Operators in a row on one level.
const LONGEST: usize = 300;

const OR: u8 = 1;
const XOR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const COMPARE: u8 = 6;
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

    fn expression(&mut self, least: u8) -> Outcome<Expr> {
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
    fn inside(&mut self, group: &mut Cursor<'t, 'a>) -> Outcome<Vec<Expr>> {
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

    fn atom(&mut self) -> Outcome<Expr> {
        let Some(token) = self.cursor.peek(0) else { return Err(self.cursor.unexpected()) };
        match token.kind {
            Kind::Text => Ok(Expr::Text(self.cursor.text()?)),
            Kind::Number => {
                self.cursor.at += 1;
                Ok(Expr::Number(rewrite::number(&token.text)))
            }
            Kind::Hex => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("0x{}", token.text.to_ascii_uppercase())))
            }
            Kind::Bit => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("0x{}", rewrite::bits_to_hex(&token.text))))
            }
            Kind::Variable => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("@{}", token.text)))
            }
            Kind::Symbol if token.text == "(" => self.parentheses(),
            Kind::Symbol if token.text == "*" => {
                self.cursor.at += 1;
                Ok(Expr::Raw("*".to_owned()))
            }
            Kind::Symbol => Err(self.cursor.unexpected()),
            Kind::Word | Kind::Quoted => self.word(),
        }
    }

    fn parentheses(&mut self) -> Outcome<Expr> {
        let mut group = self.cursor.group()?;
        if group.sees_any(&["SELECT", "WITH"]) {
            return Ok(Expr::Raw(format!("({})", token_form(group.tokens))));
        }
        let mut list = self.inside(&mut group)?;
        match (list.len(), list.pop()) {
            (1, Some(only)) => Ok(only),
            (_, Some(last)) => {
                list.push(last);
                Ok(Expr::Tuple(list))
            }
            (_, None) => Err("empty parentheses".to_owned()),
        }
    }

    fn word(&mut self) -> Outcome<Expr> {
        let Some(token) = self.cursor.peek(0) else { return Err(self.cursor.unexpected()) };
        let plain = token.kind == Kind::Word;
        if plain && self.cursor.peek(1).is_some_and(|next| next.kind == Kind::Text) {
            // A character set in front of a string says how it is written; dates and times keep their word.
            self.cursor.at += 1;
            let text = self.cursor.text()?;
            return match token.text.to_ascii_uppercase().as_str() {
                word @ ("DATE" | "TIME" | "TIMESTAMP") => Ok(Expr::Raw(format!("{word}{}", super::quote(&text)))),
                _ if token.text.starts_with('_') => Ok(Expr::Text(text)),
                _ => Err("a string where none fits".to_owned()),
            };
        }
        if plain
            && token.text.starts_with('_')
            && self.cursor.peek(1).is_some_and(|next| matches!(next.kind, Kind::Hex | Kind::Bit))
        {
            self.cursor.at += 1;
            return self.atom();
        }
        if plain && !self.cursor.sees_symbol(1, ".") {
            if let Some(expr) = self.keyword()? {
                return Ok(expr);
            }
            if self.cursor.sees_symbol(1, "(") {
                return self.call();
            }
        }
        let mut parts = vec![self.cursor.name()?];
        while self.cursor.symbol(".") {
            parts.push(if self.cursor.symbol("*") { "*".to_owned() } else { self.cursor.name()? });
        }
        if self.cursor.sees_symbol(0, "(") {
            let name = parts.join(".").to_ascii_lowercase();
            let mut group = self.cursor.group()?;
            let list = self.inside(&mut group)?;
            return Ok(Expr::Call(name, list));
        }
        Ok(Expr::Name(parts))
    }

    fn keyword(&mut self) -> Outcome<Option<Expr>> {
        let next = |raw: &str| Ok(Some(Expr::Raw(raw.to_owned())));
        if self.cursor.word("NULL") {
            return next("NULL");
        }
        for (word, value) in [("TRUE", "1"), ("FALSE", "0")] {
            if self.cursor.word(word) {
                return Ok(Some(Expr::Number(value.to_owned())));
            }
        }
        if self.cursor.word("CASE") {
            return self.case().map(Some);
        }
        if self.cursor.sees(0, "INTERVAL") && !self.cursor.sees_symbol(1, ",") {
            self.cursor.at += 1;
            let amount = self.expression(COMPARE + 1)?;
            let unit = self.cursor.name()?.to_ascii_lowercase();
            return Ok(Some(Expr::Interval(Box::new(amount), unit)));
        }
        if self.cursor.sees(0, "EXISTS") && self.cursor.sees_symbol(1, "(") {
            self.cursor.at += 1;
            let group = self.cursor.group()?;
            return Ok(Some(Expr::Raw(format!("exists({})", token_form(group.tokens)))));
        }
        if !self.cursor.sees_symbol(1, "(")
            && let Some(call) = self.cursor.peek(0).and_then(|token| rewrite::bare(&token.text))
        {
            self.cursor.at += 1;
            return Ok(Some(Expr::Call(call.to_owned(), Vec::new())));
        }
        Ok(None)
    }

    fn case(&mut self) -> Outcome<Expr> {
        let operand = if self.cursor.sees(0, "WHEN") { None } else { Some(Box::new(self.expression(OR)?)) };
        let mut branches = Vec::new();
        while self.cursor.word("WHEN") {
            let when = self.expression(OR)?;
            self.cursor.need("THEN")?;
            branches.push((when, self.expression(OR)?));
        }
        let otherwise = if self.cursor.word("ELSE") { Some(Box::new(self.expression(OR)?)) } else { None };
        self.cursor.need("END")?;
        Ok(Expr::Case(operand, branches, otherwise))
    }

    /// A function: some have words among their arguments.
    fn call(&mut self) -> Outcome<Expr> {
        let name = self.cursor.name()?.to_ascii_lowercase();
        let whole = self.cursor.group()?;
        let mut group = whole;
        let mut inner = Parser { cursor: &mut group, depth: self.depth };
        let expr = inner.arguments(&name);
        match expr {
            Ok(expr) if group.done() && !self.cursor.sees(0, "OVER") => Ok(expr),
            Err(reason) if reason == "nested too deeply" => Err(reason),
            _ => {
                let mut text = format!("{name}({})", token_form(whole.tokens));
                if self.cursor.word("OVER") {
                    let window = match self.cursor.sees_symbol(0, "(") {
                        true => format!("({})", token_form(self.cursor.group()?.tokens)),
                        false => self.cursor.name()?,
                    };
                    text.push_str(&format!(" over {window}"));
                }
                Ok(Expr::Raw(text))
            }
        }
    }

    fn arguments(&mut self, name: &str) -> Outcome<Expr> {
        match name {
            "cast" | "convert" => {
                let value = self.expression(OR)?;
                if self.cursor.word("USING") {
                    return Ok(Expr::Convert(Box::new(value), self.cursor.name()?.to_ascii_lowercase()));
                }
                if !self.cursor.word("AS") {
                    self.cursor.need_symbol(",")?;
                }
                let target = rewrite::cast_type(self.cursor)?;
                return Ok(Expr::Cast(Box::new(value), target));
            }
            "extract" => {
                let unit = self.cursor.name()?.to_ascii_lowercase();
                self.cursor.need("FROM")?;
                let value = self.expression(OR)?;
                return Ok(Expr::Raw(format!("extract({unit} from {value})")));
            }
            "position" => {
                let what = self.expression(COMPARE + 1)?;
                self.cursor.need("IN")?;
                return Ok(Expr::Call("locate".to_owned(), vec![what, self.expression(OR)?]));
            }
            _ => {}
        }
        let mut list = Vec::new();
        if matches!(name, "timestampdiff" | "timestampadd") {
            let unit = self.cursor.name()?.to_ascii_uppercase();
            list.push(Expr::Raw(unit.trim_start_matches("SQL_TSI_").to_owned()));
            self.cursor.need_symbol(",")?;
        }
        while !self.cursor.done() {
            list.push(self.expression(OR)?);
            let substring = matches!(name, "substring" | "substr" | "mid") && self.cursor.sees_any(&["FROM", "FOR"]);
            if substring {
                self.cursor.at += 1;
            } else if !self.cursor.symbol(",") {
                self.cursor.end()?;
            }
        }
        Ok(rewrite::call(name, list))
    }
}
