//! SQLite's tokens.
use std::borrow::Cow;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keyword or bare identifier.
    Word,
    /// `"x"`, `` `x` ``, `[x]`.
    Quoted,
    /// `'x'`.
    Text,
    /// `1`, `1.5e3`, `0xff`.
    Number,
    /// `x'00'`.
    Blob,
    /// `?1`, `:name`, `@name`, `$name`.
    Variable,
    /// Operators and punctuation.
    Symbol,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// As it is written.
    pub(super) text: &'a str,
    /// Where it begins.
    pub(super) start: usize,
}

impl<'a> Token<'a> {
    /// Whether it is this keyword (given in upper case).
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this symbol.
    pub(super) fn symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    /// Whether it can stand for a name. SQLite takes strings too.
    pub(super) fn names(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted | Kind::Text)
    }

    /// What it says without its quotes.
    pub(super) fn plain(&self) -> Cow<'a, str> {
        match self.kind {
            Kind::Quoted | Kind::Text => {
                let close = match self.text.chars().next() {
                    Some('[') => ']',
                    Some(quote) => quote,
                    None => return Cow::Borrowed(""),
                };
                let inner = self.text.get(1..).unwrap_or("");
                let inner = inner.strip_suffix(close).unwrap_or(inner);
                match close != ']' && inner.contains(close) {
                    true => Cow::Owned(inner.replace(&format!("{close}{close}"), &close.to_string())),
                    false => Cow::Borrowed(inner),
                }
            }
            _ => Cow::Borrowed(self.text),
        }
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// A comment that ends a statement.
pub(super) const BREAKPOINT: &str = "--> statement-breakpoint";

/// Reads tokens; comments and white space are left out.
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    Tokens::new(text).collect()
}

/// Letters of words. SQLite takes every byte beyond ASCII for a letter.
fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0 }
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Skips white space and comments.
    fn skip(&mut self) {
        loop {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | 0x0c, _) => self.at += 1,
                (0xef, 0xbb) if self.byte(self.at + 2) == 0xbf => self.at += 3,
                (b'-', b'-') if self.is_breakpoint() => return,
                (b'-', b'-') => self.at = self.behind(self.at + 2, b"\n"),
                (b'/', b'*') => self.at = self.behind(self.at + 2, b"*/"),
                _ => return,
            }
        }
    }

    /// The mark with which Drizzle ends a statement, semicolon or not.
    fn is_breakpoint(&self) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(BREAKPOINT.as_bytes()))
    }

    /// The position behind the next `what`, or the end.
    pub(super) fn behind(&self, from: usize, what: &[u8]) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or(&[]);
        rest.windows(what.len())
            .position(|part| part == what)
            .map_or(self.text.len(), |found| from + found + what.len())
    }

    /// The position behind a quoted piece that begins at `at`; doubled quotes belong to it.
    fn quoted(&self, at: usize, close: u8) -> usize {
        let mut at = at + 1;
        while at < self.text.len() {
            if self.byte(at) == close {
                if close == b']' || self.byte(at + 1) != close {
                    return at + 1;
                }
                at += 1;
            }
            at += 1;
        }
        self.text.len()
    }

    fn run(&self, mut at: usize, of: impl Fn(u8) -> bool) -> usize {
        while at < self.text.len() && of(self.byte(at)) {
            at += 1;
        }
        at
    }

    fn number(&self, at: usize) -> usize {
        if self.byte(at) == b'0' && matches!(self.byte(at + 1), b'x' | b'X') {
            return self.run(at + 2, letter);
        }
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'_' || byte == b'.';
        let end = self.run(at, digits);
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            if self.byte(end + 1 + sign).is_ascii_digit() {
                return self.run(end + 1 + sign, letter);
            }
        }
        self.run(end, letter)
    }

    fn symbol(&self, at: usize) -> usize {
        let two = (self.byte(at), self.byte(at + 1));
        if two == (b'-', b'>') && self.byte(at + 2) == b'>' {
            return at + 3;
        }
        match two {
            (b'-', b'>')
            | (b'|', b'|')
            | (b'=', b'=')
            | (b'!', b'=')
            | (b'<', b'=' | b'>' | b'<')
            | (b'>', b'=' | b'>') => at + 2,
            _ => at + 1,
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip();
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let (kind, end) = match (self.byte(start), self.byte(start + 1)) {
            (b'-', b'-') => (Kind::Symbol, start + BREAKPOINT.len()),
            (b'\'', _) => (Kind::Text, self.quoted(start, b'\'')),
            (quote @ (b'"' | b'`'), _) => (Kind::Quoted, self.quoted(start, quote)),
            (b'[', _) => (Kind::Quoted, self.quoted(start, b']')),
            (b'x' | b'X', b'\'') => (Kind::Blob, self.quoted(start + 1, b'\'')),
            (b'?' | b':' | b'@' | b'$' | b'#', _) => (Kind::Variable, self.run(start + 1, letter)),
            (digit, _) if digit.is_ascii_digit() => (Kind::Number, self.number(start)),
            (b'.', digit) if digit.is_ascii_digit() => (Kind::Number, self.number(start)),
            (byte, _) if letter(byte) => (Kind::Word, self.run(start, letter)),
            _ => (Kind::Symbol, self.symbol(start)),
        };
        self.at = end;
        // Ends lie behind ASCII bytes or whole runs beyond ASCII: always character boundaries.
        self.text.get(start..end).map(|text| Token { kind, text, start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_every_kind() {
        let text = "select \"a\"\"b\", `c`, [d e], 'f''g', x'00', ?1, 1.5e-3, 0xFF, a->>'$.x' -- c\n/* d */ != ÄÖ";
        let all: Vec<(Kind, &str)> = tokens(text).iter().map(|token| (token.kind, token.text)).collect();
        assert_eq!(
            all.iter().map(|(_, text)| *text).collect::<Vec<_>>(),
            [
                "select",
                "\"a\"\"b\"",
                ",",
                "`c`",
                ",",
                "[d e]",
                ",",
                "'f''g'",
                ",",
                "x'00'",
                ",",
                "?1",
                ",",
                "1.5e-3",
                ",",
                "0xFF",
                ",",
                "a",
                "->>",
                "'$.x'",
                "!=",
                "ÄÖ"
            ]
        );
        assert_eq!(tokens("\"a\"\"b\"").first().map(Token::plain).as_deref(), Some("a\"b"));
        assert_eq!(tokens("[d e]").first().map(Token::plain).as_deref(), Some("d e"));
        assert_eq!(tokens("'open").first().map(Token::plain).as_deref(), Some("open"));
    }
}
