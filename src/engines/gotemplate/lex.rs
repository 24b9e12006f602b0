//! Cuts the text of a template into tokens.
use super::fmt::is_print;
use super::fmt::quote;
use std::sync::OnceLock;

/// Kinds of tokens. Those from `Block` on are keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    Str,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Range,
    Nil,
    Template,
    With,
}

/// A token: where it begins and ends, and its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) pos: usize,
    pub(super) end: usize,
    pub(super) line: u32,
}

/// Which words are keywords only while no function has their name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) break_: bool,
    pub(super) continue_: bool,
}

pub(super) struct Lexer<'t> {
    text: &'t [u8],
    pos: usize,
    /// Where the token that is being read begins.
    start: usize,
    /// Lines are counted up to here.
    counted: usize,
    line: u32,
    parens: usize,
    inside: bool,
    words: Words,
    /// What an `Error` token says.
    pub(super) message: String,
}

/// The first character and its length; a byte that is not UTF-8 counts as U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let valid = |length: usize| {
        bytes.get(..length).and_then(|part| std::str::from_utf8(part).ok()).and_then(|text| text.chars().next())
    };
    Some((2..=4).find_map(|length| valid(length).map(|c| (c, length))).unwrap_or((char::REPLACEMENT_CHARACTER, 1)))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Letters and digits in Go's sense: the classes L and Nd, and `_`.
fn is_word(c: char) -> bool {
    static CLASS: OnceLock<Option<regex::Regex>> = OnceLock::new();
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    let class = CLASS.get_or_init(|| regex::Regex::new(r"^[\p{L}\p{Nd}]$").ok());
    class.as_ref().is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4])))
}

/// `%#U`: `U+0040 '@'`.
fn unicode(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_print(c) { format!("{code} '{c}'") } else { code }
}

fn left_trim(after: &[u8]) -> bool {
    matches!(after, [b'-', space, ..] if is_space(*space))
}

fn right_trim(at: &[u8]) -> bool {
    matches!(at, [space, b'-', ..] if is_space(*space))
}

fn find(text: &[u8], pair: [u8; 2]) -> Option<usize> {
    let mut from = 0;
    loop {
        from += text.get(from..)?.iter().position(|byte| *byte == pair[0])?;
        if text.get(from + 1) == Some(&pair[1]) {
            return Some(from);
        }
        from += 1;
    }
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t [u8], words: Words) -> Lexer<'t> {
        Lexer { text, pos: 0, start: 0, counted: 0, line: 1, parens: 0, inside: false, words, message: String::new() }
    }

    /// The next token. After an `Error` there are only `Eof`s.
    pub(super) fn next(&mut self) -> Token {
        if self.inside { self.action() } else { self.outside() }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn token(&mut self, kind: Kind) -> Token {
        if self.start > self.counted {
            let lines = self.text[self.counted..self.start].iter().filter(|byte| **byte == b'\n').count();
            self.line += u32::try_from(lines).unwrap_or(0);
            self.counted = self.start;
        }
        let token = Token { kind, pos: self.start, end: self.pos, line: self.line };
        self.start = self.pos;
        token
    }

    fn skip(&mut self, bytes: usize) {
        self.pos += bytes;
        self.start = self.pos;
    }

    fn error(&mut self, message: impl Into<String>) -> Token {
        let token = self.token(Kind::Error);
        self.message = message.into();
        self.inside = false;
        self.skip(self.text.len().saturating_sub(self.pos));
        token
    }

    fn trimmed_left(&self) -> usize {
        self.rest().iter().take_while(|byte| is_space(**byte)).count()
    }

    fn outside(&mut self) -> Token {
        loop {
            let Some(length) = find(self.rest(), *b"{{") else {
                self.pos = self.text.len();
                return self.token(if self.pos > self.start { Kind::Text } else { Kind::Eof });
            };
            if length > 0 {
                let delimiter = self.pos + length;
                self.pos = delimiter;
                if left_trim(&self.text[delimiter + 2..]) {
                    let text = &self.text[self.start..delimiter];
                    self.pos -= text.iter().rev().take_while(|byte| is_space(**byte)).count();
                }
                let token = self.token(Kind::Text);
                self.skip(delimiter - self.pos);
                if token.end > token.pos {
                    return token;
                }
            }
            self.pos += 2;
            let marker = if left_trim(self.rest()) { 2 } else { 0 };
            if !self.rest()[marker..].starts_with(b"/*") {
                let token = self.token(Kind::LeftDelim);
                self.inside = true;
                self.parens = 0;
                self.skip(marker);
                return token;
            }
            self.skip(marker);
            if let Some(error) = self.comment() {
                return error;
            }
        }
    }

    fn comment(&mut self) -> Option<Token> {
        self.pos += 2;
        let Some(length) = find(self.rest(), *b"*/") else {
            self.pos = self.start;
            return Some(self.error("unclosed comment"));
        };
        self.pos += length + 2;
        let Some(trim) = self.at_right() else {
            return Some(self.error("comment ends before closing delimiter"));
        };
        self.skip(if trim { 4 } else { 2 });
        if trim {
            self.skip(self.trimmed_left());
        }
        None
    }

    /// Whether the right delimiter is next, and whether it trims what follows.
    fn at_right(&self) -> Option<bool> {
        let rest = self.rest();
        if right_trim(rest) && rest[2..].starts_with(b"}}") {
            return Some(true);
        }
        rest.starts_with(b"}}").then_some(false)
    }

    fn right(&mut self, trim: bool) -> Token {
        if trim {
            self.skip(2);
        }
        self.pos += 2;
        let token = self.token(Kind::RightDelim);
        if trim {
            self.skip(self.trimmed_left());
        }
        self.inside = false;
        token
    }

    fn action(&mut self) -> Token {
        if let Some(trim) = self.at_right() {
            return if self.parens == 0 { self.right(trim) } else { self.error("unclosed left paren") };
        }
        let Some((c, width)) = decode(self.rest()) else {
            return self.error("unclosed action");
        };
        if c.is_ascii() && is_space(c as u8) {
            return self.space();
        }
        let before = self.pos;
        self.pos += width;
        match c {
            '=' => self.token(Kind::Assign),
            ':' if self.rest().first() == Some(&b'=') => {
                self.pos += 1;
                self.token(Kind::Declare)
            }
            ':' => self.error("expected :="),
            '|' => self.token(Kind::Pipe),
            '"' => self.quoted(b'"', Kind::Str, "unterminated quoted string"),
            '\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            '`' => match self.rest().iter().position(|byte| *byte == b'`') {
                Some(length) => {
                    self.pos += length + 1;
                    self.token(Kind::RawString)
                }
                None => self.error("unterminated raw quoted string"),
            },
            '$' => self.name(Kind::Variable, Kind::Variable),
            '.' if self.rest().first().is_some_and(|next| !next.is_ascii_digit()) => self.name(Kind::Field, Kind::Dot),
            '.' | '+' | '-' | '0'..='9' => {
                self.pos = before;
                self.number()
            }
            '(' => {
                self.parens += 1;
                self.token(Kind::LeftParen)
            }
            ')' if self.parens == 0 => self.error("unexpected right paren"),
            ')' => {
                self.parens -= 1;
                self.token(Kind::RightParen)
            }
            c if is_word(c) => {
                self.pos = before;
                self.identifier()
            }
            ' '..='~' => self.token(Kind::Char),
            c => self.error(format!("unrecognized character in action: {}", unicode(c))),
        }
    }

    fn space(&mut self) -> Token {
        let count = self.trimmed_left();
        self.pos += count;
        let last = &self.text[self.pos - 1..];
        if right_trim(last) && last[2..].starts_with(b"}}") {
            self.pos -= 1;
            if count == 1 {
                return self.right(true);
            }
        }
        self.token(Kind::Space)
    }

    /// Runs over letters and digits; gives the character after them.
    fn word(&mut self) -> Option<char> {
        loop {
            match decode(self.rest()) {
                Some((c, width)) if is_word(c) => self.pos += width,
                other => return other.map(|(c, _)| c),
            }
        }
    }

    /// Whether what comes next may follow a name.
    fn at_end_of_name(&self) -> bool {
        match self.rest().first() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(') => true,
            _ => self.rest().starts_with(b"}}"),
        }
    }

    fn bad_character(&mut self, next: Option<char>) -> Token {
        let c = next.map_or_else(|| "U+FFFFFFFFFFFFFFFF".to_owned(), unicode);
        self.error(format!("bad character {c}"))
    }

    fn name(&mut self, kind: Kind, alone: Kind) -> Token {
        if self.at_end_of_name() {
            return self.token(alone);
        }
        let next = self.word();
        if self.at_end_of_name() { self.token(kind) } else { self.bad_character(next) }
    }

    fn identifier(&mut self) -> Token {
        let next = self.word();
        if !self.at_end_of_name() {
            return self.bad_character(next);
        }
        let kind = match &self.text[self.start..self.pos] {
            b"block" => Kind::Block,
            b"break" if self.words.break_ => Kind::Break,
            b"continue" if self.words.continue_ => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.token(kind)
    }

    fn quoted(&mut self, end: u8, kind: Kind, message: &str) -> Token {
        loop {
            let byte = self.rest().first().copied();
            self.pos += 1;
            match byte {
                Some(b'\\') if !matches!(self.rest().first(), None | Some(b'\n')) => {
                    self.pos += decode(self.rest()).map_or(0, |(_, width)| width);
                }
                Some(byte) if byte == end => return self.token(kind),
                None | Some(b'\\' | b'\n') => {
                    self.pos = self.start;
                    return self.error(message);
                }
                Some(_) => {}
            }
        }
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let hit = self.rest().first().is_some_and(|byte| set.contains(byte));
        self.pos += usize::from(hit);
        hit
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        let (mut decimal, mut hex) = (true, false);
        if self.accept(b"0") {
            if self.accept(b"xX") {
                (digits, decimal, hex) = (b"0123456789abcdefABCDEF_", false, true);
            } else if self.accept(b"oO") {
                (digits, decimal) = (b"01234567_", false);
            } else if self.accept(b"bB") {
                (digits, decimal) = (b"01_", false);
            }
        }
        while self.accept(digits) {}
        if self.accept(b".") {
            while self.accept(digits) {}
        }
        if decimal && self.accept(b"eE") || hex && self.accept(b"pP") {
            self.accept(b"+-");
            while self.accept(b"0123456789_") {}
        }
        self.accept(b"i");
        match decode(self.rest()) {
            Some((c, width)) if is_word(c) => {
                self.pos += width;
                false
            }
            _ => true,
        }
    }

    fn number(&mut self) -> Token {
        let mut good = self.scan_number();
        let mut kind = Kind::Number;
        if good && matches!(self.rest().first(), Some(b'+' | b'-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.text[self.pos - 1] == b'i';
        }
        if good {
            return self.token(kind);
        }
        let text = String::from_utf8_lossy(&quote(&self.text[self.start..self.pos])).into_owned();
        self.error(format!("bad number syntax: {text}"))
    }
}
