//! Words of a statement: a cursor over its tokens, for statements whose grammar is a row of words.
use crate::engines::schema::postgres::source;
use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

/// A token and where it stands in the text.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// As it is written.
    pub(super) text: String,
    /// First byte in the text.
    pub(super) start: usize,
    /// Byte behind its last.
    pub(super) end: usize,
}

/// A cursor over the tokens of a text.
#[derive(Debug, Clone)]
pub(super) struct Words {
    text: String,
    words: Vec<Word>,
    at: usize,
}

impl Words {
    /// The words of a node of a tree, without comments and the semicolon at the end.
    pub(super) fn of(node: &SyntaxNode) -> Words {
        let first = usize::from(node.text_range().start());
        let words = tokens(node).map(|token| word(&token, first)).collect();
        Words { text: node.text().to_string(), words, at: 0 }.without_semicolon()
    }

    /// The words of any text.
    pub(super) fn parse(text: &str) -> Words {
        if source::too_deep(text) {
            return Words::parse_light(text);
        }
        Words::of(&source::parse(text).syntax_node())
    }

    /// The words of a short text that is no statement (a name, a list of types), without building a tree.
    pub(super) fn parse_light(text: &str) -> Words {
        let mut at = 0;
        let mut words = Vec::new();
        for token in squawk_lexer::tokenize(text) {
            let end = at + token.len as usize;
            let piece = text.get(at..end).unwrap_or_default();
            if !piece.trim().is_empty() && !piece.starts_with("--") && !piece.starts_with("/*") {
                words.push(Word { text: piece.to_owned(), start: at, end });
            }
            at = end;
        }
        Words { text: text.to_owned(), words, at: 0 }.without_semicolon()
    }

    fn without_semicolon(mut self) -> Words {
        while self.words.last().is_some_and(|word| word.text == ";") {
            self.words.pop();
        }
        self
    }

    /// The words from here on, all of them.
    pub(super) fn ahead(&self) -> &[Word] {
        self.words.get(self.at..).unwrap_or_default()
    }

    /// Whether nothing is left.
    pub(super) fn done(&self) -> bool {
        self.at >= self.words.len()
    }

    /// The word `ahead` of the next, as it is written.
    pub(super) fn peek(&self, ahead: usize) -> &str {
        self.words.get(self.at.saturating_add(ahead)).map_or("", |word| word.text.as_str())
    }

    /// Whether the next words are these (upper case, separated by blanks).
    pub(super) fn is(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(nth, word)| self.peek(nth).eq_ignore_ascii_case(word))
    }

    /// Steps over these words when they come next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let there = self.is(words);
        if there {
            self.at += words.split(' ').count();
        }
        there
    }

    /// Steps over the first of these that comes next, and says which.
    pub(super) fn eat_any<'a>(&mut self, choices: &[&'a str]) -> Option<&'a str> {
        choices.iter().find(|words| self.eat(words)).copied()
    }

    /// The next word as it is written.
    pub(super) fn next(&mut self) -> Option<String> {
        let word = self.words.get(self.at)?.text.clone();
        self.at += 1;
        Some(word)
    }

    /// The next word as a name: folded to lower case unless quoted.
    pub(super) fn name(&mut self) -> Option<String> {
        let word = self.words.get(self.at)?;
        let name = folded(&word.text)?;
        self.at += 1;
        Some(name)
    }

    /// A name with perhaps a schema before it (a database before that is dropped).
    pub(super) fn qualified(&mut self) -> Option<(Option<String>, String)> {
        let mut parts = vec![self.name()?];
        while self.peek(0) == "." {
            self.at += 1;
            parts.push(self.name()?);
        }
        let name = parts.pop()?;
        Some((parts.pop(), name))
    }

    /// All parts of a dotted name.
    pub(super) fn dotted(&mut self) -> Option<Vec<String>> {
        let mut parts = vec![self.name()?];
        while self.peek(0) == "." {
            self.at += 1;
            parts.push(self.name()?);
        }
        Some(parts)
    }

    /// The value of a string that comes next.
    pub(super) fn string(&mut self) -> Option<String> {
        let mut value = unquoted(&self.words.get(self.at)?.text)?;
        self.at += 1;
        // Strings that follow each other on lines of their own are one.
        while let Some(more) = self.words.get(self.at).filter(|word| word.text.starts_with('\'')) {
            value.push_str(&unquoted(&more.text)?);
            self.at += 1;
        }
        Some(value)
    }

    /// What stands in the parentheses that come next, as it is written.
    pub(super) fn parens(&mut self) -> Option<String> {
        if self.peek(0) != "(" {
            return None;
        }
        let from = self.at;
        self.skip_group();
        let inner = self.words.get(from + 1..self.at.saturating_sub(1))?;
        Some(match (inner.first(), inner.last()) {
            (Some(first), Some(last)) => self.text.get(first.start..last.end).unwrap_or_default().to_owned(),
            _ => String::new(),
        })
    }

    /// Steps over a word, or over a whole group in parentheses or brackets.
    pub(super) fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(word) = self.words.get(self.at) {
            match word.text.as_str() {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// The text up to the first of these words outside of parentheses, or up to the end.
    pub(super) fn until(&mut self, stops: &[&str]) -> String {
        let from = self.at;
        while !self.done() && !stops.iter().any(|stop| self.is(stop)) {
            self.skip_group();
        }
        self.slice(from, self.at)
    }

    /// Everything that is left, as it is written.
    pub(super) fn rest(&mut self) -> String {
        let from = self.at;
        self.at = self.words.len();
        self.slice(from, self.at)
    }

    /// Names separated by commas.
    pub(super) fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            if !self.eat(",") {
                break;
            }
        }
        names
    }

    /// Where it stands: to come back with `back`.
    pub(super) fn here(&self) -> usize {
        self.at
    }

    /// Goes back to where `here` was asked.
    pub(super) fn back(&mut self, here: usize) {
        self.at = here;
    }

    fn slice(&self, from: usize, to: usize) -> String {
        match (self.words.get(from), to.checked_sub(1).and_then(|last| self.words.get(last))) {
            (Some(first), Some(last)) if from < to => {
                self.text.get(first.start..last.end).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

/// Tokens of a node without white space and comments.
pub(super) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + use<> {
    node.descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .filter(|token| !matches!(token.kind(), SyntaxKind::WHITESPACE | SyntaxKind::COMMENT))
}

fn word(token: &SyntaxToken, first: usize) -> Word {
    let range = token.text_range();
    Word {
        text: token.text().to_owned(),
        start: usize::from(range.start()).saturating_sub(first),
        end: usize::from(range.end()).saturating_sub(first),
    }
}

/// A word as a name; `None` for what is no name.
pub(super) fn folded(word: &str) -> Option<String> {
    if let Some(inner) = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(super::names::clip(&inner.replace("\"\"", "\""), 63).to_owned());
    }
    let first = word.chars().next()?;
    (first.is_alphabetic() || first == '_').then(|| super::names::clip(&word.to_lowercase(), 63).to_owned())
}

/// A name as DDL writes it: quoted when it has to be.
pub(super) fn quoted(name: &str) -> String {
    let plain = name.chars().next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '_' | '$'));
    match plain && !squawk_syntax::quote::is_reserved_word(name) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// The value of a string constant: `'it''s'`, `E'\n'`, `$$…$$`.
pub(super) fn unquoted(word: &str) -> Option<String> {
    if word.starts_with('$') {
        let tag = word.get(..word.get(1..)?.find('$')? + 2)?;
        return word.strip_prefix(tag)?.strip_suffix(tag).map(str::to_owned);
    }
    let (escapes, body) = match word.strip_prefix(['e', 'E']).filter(|rest| rest.starts_with('\'')) {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let body = body.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    Some(if escapes { unescaped(&body) } else { body })
}

fn unescaped(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(one) = chars.next() {
        if one != '\\' {
            out.push(one);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// White space joined to single blanks.
pub(super) fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text with a name replaced where it stands behind one of these words and a dot (`new.email`).
pub(super) fn renamed_after(text: &str, before: &[&str], from: &str, to: &str) -> String {
    let words = Words::parse(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for three in words.words.windows(3) {
        let [first, dot, name] = three else { continue };
        let fits = dot.text == "."
            && folded(&first.text).is_some_and(|word| before.contains(&word.as_str()))
            && folded(&name.text).as_deref() == Some(from);
        if fits && name.start >= at {
            out.push_str(text.get(at..name.start).unwrap_or_default());
            out.push_str(&quoted(to));
            at = name.end;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// A text of types with `schema.name` replaced, where it stands as a whole word.
pub(super) fn renamed_path(
    text: &str,
    from: &crate::engines::schema::catalog::Name,
    to: &crate::engines::schema::catalog::Name,
) -> String {
    let path = from.to_string();
    if !text.contains(&path) {
        return text.to_owned();
    }
    let inside = |one: Option<char>| one.is_some_and(|one| one.is_alphanumeric() || matches!(one, '_' | '.' | '$'));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut last = None;
    while let Some((head, tail)) = rest.split_once(&path) {
        out.push_str(head);
        let before = head.chars().last().or(last);
        match inside(before) || inside(tail.chars().next()) {
            true => out.push_str(&path),
            false => out.push_str(&to.to_string()),
        }
        last = path.chars().last();
        rest = tail;
    }
    out.push_str(rest);
    out
}

impl Words {
    /// The text before a position that `here` gave.
    pub(super) fn head(&self, here: usize) -> String {
        self.slice(0, here)
    }

    /// The words of the kind of an object that come next, upper case: `TEXT SEARCH DICTIONARY`.
    pub(super) fn kind_words(&mut self) -> String {
        let kinds = super::other::OTHERS.map(|(words, _)| words);
        self.eat_any(&kinds).map_or_else(|| self.next().unwrap_or_default().to_uppercase(), str::to_owned)
    }
}

impl Words {
    /// The line of the text on which the next word stands, from 0.
    pub(super) fn line(&self) -> u32 {
        let at = self.words.get(self.at).map_or(0, |word| word.start);
        u32::try_from(self.text.get(..at).unwrap_or_default().matches('\n').count()).unwrap_or(u32::MAX)
    }

    /// The text up to a word outside of parentheses and of `CASE … END`.
    pub(super) fn until_outside_case(&mut self, stop: &str) -> String {
        let from = self.at;
        let mut open = 0_usize;
        while !self.done() && (open > 0 || !self.is(stop)) {
            if self.is("CASE") {
                open += 1;
            } else if self.is("END") {
                open = open.saturating_sub(1);
            }
            self.skip_group();
        }
        self.slice(from, self.at)
    }

    /// The text up to the semicolon that ends a statement; those within `BEGIN ATOMIC … END` do not.
    pub(super) fn until_statement_end(&mut self) -> String {
        let from = self.at;
        let mut open = 0_usize;
        while !self.done() && (open > 0 || self.peek(0) != ";") {
            if self.is("BEGIN ATOMIC") || (open > 0 && self.is("CASE")) {
                open += 1;
            } else if open > 0 && self.is("END") {
                open -= 1;
            }
            self.skip_group();
        }
        self.slice(from, self.at)
    }
}
