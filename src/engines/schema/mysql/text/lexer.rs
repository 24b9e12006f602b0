//! Tokens of MySQL and MariaDB.
use crate::engines::schema::catalog::{Dialect, Server};
use std::borrow::Cow;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engines::schema::mysql) enum Kind {
    /// A keyword or an identifier without quotes.
    Word,
    /// An identifier in backticks.
    Quoted,
    /// A string; its text has the escapes resolved.
    Text,
    /// A number.
    Number,
    /// `0x41`, `x'41'`: the digits.
    Hex,
    /// `0b1`, `b'1'`: the digits.
    Bit,
    /// `@name`, `@@name`, and the host of an account: with one `@` fewer.
    Variable,
    /// Anything else.
    Symbol,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engines::schema::mysql) struct Token<'a> {
    /// What it is.
    pub(in crate::engines::schema::mysql) kind: Kind,
    /// Its text without quotes.
    pub(in crate::engines::schema::mysql) text: Cow<'a, str>,
    /// Where it begins.
    pub(in crate::engines::schema::mysql) start: usize,
    /// Where it ends.
    pub(in crate::engines::schema::mysql) end: usize,
    /// Line, counted from 0.
    pub(in crate::engines::schema::mysql) line: u32,
}

/// Reads tokens one by one.
#[derive(Clone)]
pub(in crate::engines::schema::mysql) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: u32,
    counted: usize,
    /// Versioned comments whose contents count.
    executed: u32,
    server: Server,
    /// What ends statements beside the semicolon.
    pub(in crate::engines::schema::mysql) delimiter: Cow<'a, str>,
    /// Double quotes enclose identifiers.
    pub(in crate::engines::schema::mysql) ansi_quotes: bool,
    /// Strings are not decoded (their values are of no interest).
    pub(in crate::engines::schema::mysql) raw: bool,
}

/// Symbols of more than one character, the longest first.
const SYMBOLS: [&str; 12] = ["->>", "<=>", "->", "<=", ">=", "<>", "!=", ":=", "||", "&&", "<<", ">>"];

impl<'a> Lexer<'a> {
    /// At the beginning of a text.
    pub(in crate::engines::schema::mysql) fn new(source: &'a str, server: Server) -> Lexer<'a> {
        Lexer {
            source,
            at: 0,
            line: 0,
            counted: 0,
            executed: 0,
            server,
            delimiter: Cow::Borrowed(";"),
            ansi_quotes: false,
            raw: false,
        }
    }

    /// Every token.
    pub(in crate::engines::schema::mysql) fn all(mut self) -> Vec<Token<'a>> {
        std::iter::from_fn(|| self.next_token()).collect()
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.source.get(start..end).unwrap_or("")
    }

    fn rest(&self) -> &'a [u8] {
        self.source.as_bytes().get(self.at..).unwrap_or(&[])
    }

    /// Whether the delimiter that the client set stands here.
    fn at_delimiter(&self, at: usize) -> bool {
        self.delimiter != ";"
            && self.source.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(self.delimiter.as_bytes()))
    }

    /// The rest of the line, for the commands of clients.
    pub(in crate::engines::schema::mysql) fn rest_of_line(&mut self) -> &'a str {
        let start = self.at;
        let length = self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
        self.at = start + length;
        self.slice(start, self.at)
    }

    /// Moves to the end of a comment and tells where it ends.
    fn skip_block(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.source.len() {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                // Only within versioned comments, but a comment that is never closed is no statement either way.
                (b'/', b'*') if depth == 0 => {
                    depth = 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    self.at += 2;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Skips a versioned comment that does not count: it may hold plain comments.
    fn skip_versioned(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.source.len() {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    self.at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Skips white space and comments.
    fn skip_blank(&mut self) {
        loop {
            let (first, second, third) = (self.byte(self.at), self.byte(self.at + 1), self.byte(self.at + 2));
            match (first, second) {
                (b' ' | b'\t' | b'\r' | b'\n' | 0x0c, _) => self.at += 1,
                (0xef, 0xbb) if third == 0xbf => self.at += 3,
                (b'#', _) => drop(self.rest_of_line()),
                (b'-', b'-') if third <= b' ' => drop(self.rest_of_line()),
                (b'*', b'/') if self.executed > 0 => {
                    self.executed -= 1;
                    self.at += 2;
                }
                (b'/', b'*') if third == b'!' || (third == b'M' && self.byte(self.at + 3) == b'!') => {
                    match self.versioned() {
                        Some(length) => {
                            self.executed += 1;
                            self.at += length;
                        }
                        None => self.skip_versioned(),
                    }
                }
                (b'/', b'*') => self.skip_block(),
                _ => return,
            }
        }
    }

    /// The length of the opening of a versioned comment whose contents this server runs.
    fn versioned(&self) -> Option<usize> {
        let maria = self.byte(self.at + 2) == b'M';
        let start = self.at + if maria { 4 } else { 3 };
        let digits = (0..6).take_while(|offset| self.byte(start + offset).is_ascii_digit()).count();
        let digits = if digits < 5 { 0 } else { digits };
        let wanted: u32 = self.slice(start, start + digits).parse().unwrap_or(0);
        let (major, minor) = self.server.version;
        let have = u32::from(major) * 10_000 + u32::from(minor) * 100 + 99;
        let runs = match self.server.dialect {
            // MariaDB leaves what is meant for MySQL 5.7 and later alone.
            Dialect::MariaDb => wanted <= have && (maria || !(50_700..=99_999).contains(&wanted)),
            _ => !maria && wanted <= have,
        };
        runs.then_some(start + digits - self.at)
    }

    fn count_lines(&mut self, to: usize) {
        let passed = self.source.as_bytes().get(self.counted..to).unwrap_or(&[]);
        self.line += u32::try_from(passed.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0);
        self.counted = to;
    }

    /// The next token.
    pub(in crate::engines::schema::mysql) fn next_token(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        if self.at >= self.source.len() {
            return None;
        }
        let start = self.at;
        self.count_lines(start);
        let (kind, text) = self.lex(start);
        // Never stand still, never stop within a character.
        self.at = self.at.max(start + 1);
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
        Some(Token { kind, text, start, end: self.at, line: self.line })
    }

    fn lex(&mut self, start: usize) -> (Kind, Cow<'a, str>) {
        if self.at_delimiter(start) {
            self.at += self.delimiter.len();
            return (Kind::Symbol, Cow::Borrowed(";;"));
        }
        let next = self.byte(start + 1);
        match self.byte(start) {
            b'`' => (Kind::Quoted, self.quoted(start, b'`', false)),
            b'"' if self.ansi_quotes => (Kind::Quoted, self.quoted(start, b'"', false)),
            quote @ (b'\'' | b'"') => (Kind::Text, self.quoted(start, quote, true)),
            b'x' | b'X' if next == b'\'' => (Kind::Hex, self.quoted(start + 1, b'\'', false)),
            b'b' | b'B' if next == b'\'' => (Kind::Bit, self.quoted(start + 1, b'\'', false)),
            b'n' | b'N' if next == b'\'' => (Kind::Text, self.quoted(start + 1, b'\'', true)),
            b'@' => self.variable(start),
            b'0'..=b'9' => self.number(start),
            b'.' if next.is_ascii_digit() && !self.after_name(start) => self.number(start),
            byte if is_word(byte) => {
                self.at = self.word_end(start);
                (Kind::Word, Cow::Borrowed(self.slice(start, self.at)))
            }
            _ => {
                let symbol = SYMBOLS.iter().find(|one| self.rest().starts_with(one.as_bytes()));
                self.at += symbol.map_or(1, |one| one.len());
                (Kind::Symbol, Cow::Borrowed(self.slice(start, self.at)))
            }
        }
    }

    /// Whether a name ends here, so that a dot qualifies it.
    fn after_name(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| is_word(self.byte(before)) || self.byte(before) == b'`')
    }

    fn word_end(&self, start: usize) -> usize {
        let mut end = start;
        while is_word(self.byte(end)) && !(end > start && self.at_delimiter(end)) {
            end += 1;
        }
        end
    }

    fn number(&mut self, start: usize) -> (Kind, Cow<'a, str>) {
        let radix = self.byte(start + 1);
        if self.byte(start) == b'0' && matches!(radix, b'x' | b'b') {
            let end = self.word_end(start);
            let digits = self.slice(start + 2, end);
            let good = |byte: u8| if radix == b'x' { byte.is_ascii_hexdigit() } else { matches!(byte, b'0' | b'1') };
            if !digits.is_empty() && digits.bytes().all(good) {
                self.at = end;
                return (if radix == b'x' { Kind::Hex } else { Kind::Bit }, Cow::Borrowed(digits));
            }
        }
        let digits = |lexer: &Lexer<'a>, mut at: usize| {
            while lexer.byte(at).is_ascii_digit() {
                at += 1;
            }
            at
        };
        let mut end = digits(self, start);
        let whole = end;
        if self.byte(end) == b'.' {
            end = digits(self, end + 1);
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            if self.byte(end + 1 + sign).is_ascii_digit() {
                end = digits(self, end + 1 + sign);
            }
        }
        // `1st` is a name.
        if end == whole && is_word(self.byte(end)) && !self.at_delimiter(end) {
            self.at = self.word_end(start);
            return (Kind::Word, Cow::Borrowed(self.slice(start, self.at)));
        }
        self.at = end;
        (Kind::Number, Cow::Borrowed(self.slice(start, end)))
    }

    fn variable(&mut self, start: usize) -> (Kind, Cow<'a, str>) {
        match self.byte(start + 1) {
            quote @ (b'`' | b'\'' | b'"') => (Kind::Variable, self.quoted(start + 1, quote, quote != b'`')),
            _ => {
                let mut end = start + 1 + usize::from(self.byte(start + 1) == b'@');
                while is_word(self.byte(end)) || matches!(self.byte(end), b'.' | b'%') {
                    end += 1;
                }
                self.at = end;
                (Kind::Variable, Cow::Borrowed(self.slice(start + 1, end)))
            }
        }
    }

    /// What stands in quotes; `start` is the opening one.
    fn quoted(&mut self, start: usize, quote: u8, escapes: bool) -> Cow<'a, str> {
        let bytes = self.source.as_bytes();
        let (mut at, mut plain) = (start + 1, true);
        loop {
            match bytes.get(at) {
                None => break,
                Some(byte) if *byte == quote => {
                    if self.byte(at + 1) != quote {
                        break;
                    }
                    plain = false;
                    at += 2;
                }
                Some(b'\\') if escapes => {
                    plain = false;
                    at += 2;
                }
                Some(_) => at += 1,
            }
        }
        let end = at.min(self.source.len());
        self.at = (end + 1).min(self.source.len());
        let inner = self.slice(start + 1, end);
        if plain || self.raw { Cow::Borrowed(inner) } else { Cow::Owned(decode(inner, char::from(quote), escapes)) }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn decode(inner: &str, quote: char, escapes: bool) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(one) = chars.next() {
        match one {
            '\\' if escapes => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('0') => out.push('\0'),
                Some('b') => out.push('\u{8}'),
                Some('Z') => out.push('\u{1a}'),
                // They mean something to LIKE, which sees the backslash.
                Some(wild @ ('%' | '_')) => out.extend(['\\', wild]),
                Some(other) => out.push(other),
                None => {}
            },
            one if one == quote => {
                chars.next();
                out.push(one);
            }
            one => out.push(one),
        }
    }
    out
}
