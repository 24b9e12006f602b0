//! Walks over tokens.
use super::token::{Kind, Token};

/// Walks over tokens.
pub(super) struct Cursor<'a, 't> {
    text: &'a str,
    pub(super) tokens: &'t [Token<'a>],
    pub(super) at: usize,
}

impl<'a, 't> Cursor<'a, 't> {
    pub(super) fn new(text: &'a str, tokens: &'t [Token<'a>]) -> Cursor<'a, 't> {
        Cursor { text, tokens, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes these keywords if all are there.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let there =
            words.iter().enumerate().all(|(nth, word)| self.tokens.get(self.at + nth).is_some_and(|one| one.is(word)));
        if there {
            self.at += words.len();
        }
        there
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let there = self.peek().is_some_and(|one| one.symbol(symbol));
        self.at += usize::from(there);
        there
    }

    /// A name.
    pub(super) fn name(&mut self) -> Option<String> {
        let token = self.peek().filter(Token::names)?;
        self.at += 1;
        Some(token.plain().into_owned())
    }

    /// A name that may have a schema before it; the schema is dropped unless it is `temp`, which is told.
    pub(super) fn qualified(&mut self) -> Option<(String, bool)> {
        let first = self.name()?;
        match self.take_symbol(".") {
            true => Some((self.name()?, first.eq_ignore_ascii_case("temp"))),
            false => Some((first, false)),
        }
    }

    /// The tokens between parentheses that begin here, nested ones included.
    pub(super) fn parenthesised(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.take_symbol("(") {
            return None;
        }
        let start = self.at;
        let mut depth = 1_u32;
        while let Some(token) = self.next() {
            if token.symbol("(") {
                depth += 1;
            } else if token.symbol(")") {
                depth -= 1;
                if depth == 0 {
                    return self.tokens.get(start..self.at - 1);
                }
            }
        }
        self.tokens.get(start..)
    }

    /// The text of tokens, as it is written.
    pub(super) fn slice(&self, tokens: &[Token<'_>]) -> &'a str {
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.text.get(first.start..last.end()).unwrap_or(""),
            _ => "",
        }
    }

    /// The text from here to the end.
    pub(super) fn rest(&self) -> &'a str {
        self.slice(self.tokens.get(self.at..).unwrap_or(&[]))
    }

    pub(super) fn rest_tokens(&self) -> &'t [Token<'a>] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }
}

/// Cuts tokens at the commas that stand in no parentheses.
pub(super) fn split<'a, 't>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i64, 0);
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Symbol {
            continue;
        }
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.extend(tokens.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(tokens.get(start..).filter(|last| !last.is_empty()));
    parts
}
