//! A place within the tokens of a statement.
use super::{Kind, Token};

/// A result, or why the statement is not understood.
pub(in crate::engines::schema::mysql) type Outcome<T> = Result<T, String>;

/// A place within tokens.
#[derive(Clone, Copy)]
pub(in crate::engines::schema::mysql) struct Cursor<'t, 'a> {
    /// All tokens.
    pub(in crate::engines::schema::mysql) tokens: &'t [Token<'a>],
    /// The text that they come from.
    pub(in crate::engines::schema::mysql) source: &'a str,
    /// The next one.
    pub(in crate::engines::schema::mysql) at: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// At the beginning.
    pub(in crate::engines::schema::mysql) fn new(tokens: &'t [Token<'a>], source: &'a str) -> Cursor<'t, 'a> {
        Cursor { tokens, source, at: 0 }
    }

    /// The token that is `ahead` of the next one.
    pub(in crate::engines::schema::mysql) fn peek(&self, ahead: usize) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    /// Whether everything has been read.
    pub(in crate::engines::schema::mysql) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Takes the next token.
    pub(in crate::engines::schema::mysql) fn take(&mut self) -> Option<&'t Token<'a>> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    /// Whether the token ahead is this word.
    pub(in crate::engines::schema::mysql) fn sees(&self, ahead: usize, word: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word))
    }

    /// Whether the next token is one of these words.
    pub(in crate::engines::schema::mysql) fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.sees(0, word))
    }

    /// Whether the token ahead is this symbol.
    pub(in crate::engines::schema::mysql) fn sees_symbol(&self, ahead: usize, symbol: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.kind == Kind::Symbol && token.text == symbol)
    }

    /// Takes the word if it is there.
    pub(in crate::engines::schema::mysql) fn word(&mut self, word: &str) -> bool {
        let there = self.sees(0, word);
        self.at += usize::from(there);
        there
    }

    /// Takes all these words if all are there.
    pub(in crate::engines::schema::mysql) fn words(&mut self, words: &[&str]) -> bool {
        let there = words.iter().enumerate().all(|(ahead, word)| self.sees(ahead, word));
        self.at += if there { words.len() } else { 0 };
        there
    }

    /// Takes one of these words if it is there.
    pub(in crate::engines::schema::mysql) fn one_of<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().find(|word| self.sees(0, word)).copied();
        self.at += usize::from(found.is_some());
        found
    }

    /// Takes the symbol if it is there.
    pub(in crate::engines::schema::mysql) fn symbol(&mut self, symbol: &str) -> bool {
        let there = self.sees_symbol(0, symbol);
        self.at += usize::from(there);
        there
    }

    /// The word must be there.
    pub(in crate::engines::schema::mysql) fn need(&mut self, word: &str) -> Outcome<()> {
        if self.word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The symbol must be there.
    pub(in crate::engines::schema::mysql) fn need_symbol(&mut self, symbol: &str) -> Outcome<()> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Nothing may follow.
    pub(in crate::engines::schema::mysql) fn end(&self) -> Outcome<()> {
        if self.done() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// What to say when the next token fits nowhere.
    pub(in crate::engines::schema::mysql) fn unexpected(&self) -> String {
        match self.peek(0) {
            Some(token) => {
                let text: String =
                    self.source.get(token.start..).unwrap_or_default().chars().take(30).collect::<String>();
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                format!("not understood from `{}` on", text.replace('`', "'"))
            }
            None => "ends too early".to_owned(),
        }
    }

    /// A name.
    pub(in crate::engines::schema::mysql) fn name(&mut self) -> Outcome<String> {
        match self.peek(0) {
            Some(token) if matches!(token.kind, Kind::Word | Kind::Quoted) => {
                self.at += 1;
                Ok(token.text.trim_end().to_owned())
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A name, or a string where the server takes both.
    pub(in crate::engines::schema::mysql) fn name_or_text(&mut self) -> Outcome<String> {
        match self.peek(0) {
            Some(token) if token.kind == Kind::Text => {
                self.at += 1;
                Ok(token.text.to_string())
            }
            _ => self.name(),
        }
    }

    /// A name with the one that it is qualified by.
    pub(in crate::engines::schema::mysql) fn qualified(&mut self) -> Outcome<(Option<String>, String)> {
        self.symbol(".");
        let first = self.name()?;
        if self.symbol(".") { Ok((Some(first), self.name()?)) } else { Ok((None, first)) }
    }

    /// Whether an equals sign is there; it is taken.
    pub(in crate::engines::schema::mysql) fn equals(&mut self) -> bool {
        self.symbol("=") || self.symbol(":=")
    }

    /// A string; several in a row are one.
    pub(in crate::engines::schema::mysql) fn text(&mut self) -> Outcome<String> {
        match self.peek(0) {
            Some(token) if token.kind == Kind::Text => {
                let mut text = String::new();
                while let Some(token) = self.peek(0).filter(|token| token.kind == Kind::Text) {
                    text.push_str(&token.text);
                    self.at += 1;
                }
                Ok(text)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A number in digits.
    pub(in crate::engines::schema::mysql) fn number(&mut self) -> Outcome<String> {
        match self.peek(0) {
            Some(token) if token.kind == Kind::Number => {
                self.at += 1;
                Ok(token.text.to_string())
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The tokens between parentheses; the opening one comes next.
    pub(in crate::engines::schema::mysql) fn group(&mut self) -> Outcome<Cursor<'t, 'a>> {
        let from = *self;
        self.need_symbol("(")?;
        let start = self.at;
        let mut depth = 1_u32;
        while let Some(token) = self.take() {
            if token.kind != Kind::Symbol {
                continue;
            }
            match &*token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let tokens = self.tokens.get(start..self.at - 1).unwrap_or(&[]);
                return Ok(Cursor { tokens, source: self.source, at: 0 });
            }
        }
        *self = from;
        Err("a parenthesis is never closed".to_owned())
    }

    /// The source from the token at `from` to the one before the next.
    pub(in crate::engines::schema::mysql) fn source_from(&self, from: usize) -> &'a str {
        match (self.tokens.get(from), self.at.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) => self.source.get(first.start..last.end).unwrap_or(""),
            _ => "",
        }
    }

    /// The source of everything that is left.
    pub(in crate::engines::schema::mysql) fn source_rest(&self) -> &'a str {
        match (self.tokens.get(self.at), self.tokens.last()) {
            (Some(first), Some(last)) => self.source.get(first.start..last.end).unwrap_or(""),
            _ => "",
        }
    }
}
