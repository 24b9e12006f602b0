//! Where statements end: semicolons, the client's `DELIMITER`, and the bodies of routines in which semicolons end nothing.
use super::{Kind, Lexer, Token};
use crate::engines::schema::catalog::Server;
use std::borrow::Cow;

/// Tokens of a data statement that are kept: enough to name its tables.
const KEPT: usize = 400;

/// A statement.
#[derive(Debug)]
pub(in crate::engines::schema::mysql) struct Piece<'a> {
    /// Its tokens; of statements that only move data, the first ones.
    pub(in crate::engines::schema::mysql) tokens: Vec<Token<'a>>,
    /// Whether its body was never closed.
    pub(in crate::engines::schema::mysql) open: bool,
    /// Where it ends, whether or not its tokens were kept.
    pub(in crate::engines::schema::mysql) end: usize,
}

/// Gives the statements of a text.
pub(in crate::engines::schema::mysql) struct Splitter<'a> {
    lexer: Lexer<'a>,
}

/// What is known of the statement so far.
#[derive(Default)]
struct Shape {
    /// It has a body.
    body: bool,
    /// What `CREATE` makes has been seen.
    decided: bool,
    /// Blocks that are open.
    depth: u32,
    /// `END` has just been seen: the word behind it belongs to it.
    ended: bool,
    /// Only moves data.
    data: bool,
}

/// What can follow `CREATE` and decides about a body.
const MADE: [&str; 15] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "DATABASE",
    "SCHEMA",
    "SEQUENCE",
    "USER",
    "ROLE",
    "SERVER",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "TEMPORARY",
    "TABLESPACE",
    "LOGFILE",
];
const WITH_BODY: [&str; 5] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
const BLOCKS: [&str; 5] = ["IF", "CASE", "LOOP", "WHILE", "REPEAT"];
const DATA: [&str; 3] = ["INSERT", "REPLACE", "VALUES"];

impl<'a> Splitter<'a> {
    /// Over a text.
    pub(in crate::engines::schema::mysql) fn new(source: &'a str, server: Server, ansi_quotes: bool) -> Splitter<'a> {
        let mut lexer = Lexer::new(source, server);
        lexer.ansi_quotes = ansi_quotes;
        Splitter { lexer }
    }

    /// From now on double quotes enclose identifiers, or strings.
    pub(in crate::engines::schema::mysql) fn ansi_quotes(&mut self, on: bool) {
        self.lexer.ansi_quotes = on;
    }

    /// The next statement.
    pub(in crate::engines::schema::mysql) fn next_piece(&mut self) -> Option<Piece<'a>> {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        let mut shape = Shape::default();
        let mut end = 0;
        self.lexer.raw = false;
        while let Some(token) = self.lexer.next_token() {
            if tokens.is_empty() && token.kind == Kind::Word && token.text.eq_ignore_ascii_case("DELIMITER") {
                let rest = self.lexer.rest_of_line().trim();
                self.lexer.delimiter = Cow::Borrowed(if rest.is_empty() { ";" } else { rest });
                continue;
            }
            if token.kind == Kind::Symbol && self.ends(&token, &shape) {
                if tokens.is_empty() {
                    continue;
                }
                return Some(Piece { tokens, open: false, end });
            }
            shape.see(&token, &tokens);
            end = token.end;
            if shape.data && tokens.len() >= KEPT {
                self.lexer.raw = true;
                continue;
            }
            tokens.push(token);
        }
        let open = shape.depth > 0;
        (!tokens.is_empty()).then_some(Piece { tokens, open, end })
    }

    fn ends(&self, token: &Token<'_>, shape: &Shape) -> bool {
        match &*token.text {
            // The client's own delimiter ends whatever is open.
            ";;" => true,
            ";" => shape.depth == 0 && !(shape.body && self.lexer.delimiter != ";"),
            _ => false,
        }
    }
}

impl Shape {
    fn see(&mut self, token: &Token<'_>, before: &[Token<'_>]) {
        let word = |one: &Token<'_>, text: &str| one.kind == Kind::Word && one.text.eq_ignore_ascii_case(text);
        let among = |list: &[&str]| list.iter().any(|one| word(token, one));
        let Some(first) = before.first() else {
            self.data = among(&DATA);
            return;
        };
        if !self.decided && token.kind == Kind::Word && before.len() < 24 {
            if word(first, "CREATE") || word(first, "ALTER") {
                self.body = among(&WITH_BODY);
                self.decided = self.body || among(&MADE);
            } else if word(first, "BEGIN") && word(token, "NOT") {
                (self.body, self.decided, self.depth) = (true, true, 1);
            } else {
                self.decided = true;
            }
            return;
        }
        if self.body {
            self.block(token, before);
        }
    }

    fn block(&mut self, token: &Token<'_>, before: &[Token<'_>]) {
        let Some(last) = before.last() else { return };
        let ended = std::mem::take(&mut self.ended);
        if token.kind != Kind::Word || last.text == "." {
            return;
        }
        let is = |text: &str| token.text.eq_ignore_ascii_case(text);
        let after =
            |list: &[&str]| list.iter().any(|one| last.kind != Kind::Quoted && last.text.eq_ignore_ascii_case(one));
        // Where a statement of the body may begin.
        let starts = after(&[";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ":", "ROW", "ATOMIC"])
            || (self.depth == 0 && after(&[")", "DETERMINISTIC", "DATA", "SQL", "INVOKER", "DEFINER"]));
        if is("END") && self.depth > 0 {
            self.depth -= 1;
            self.ended = true;
        } else if (is("BEGIN") && (starts || self.depth == 0))
            || (BLOCKS.iter().any(|one| is(one)) && !ended && (starts || is("CASE")))
        {
            self.depth += 1;
        }
    }
}
