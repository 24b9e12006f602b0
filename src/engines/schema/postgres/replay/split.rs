//! Cuts a file into statements, so that a bad one does not take the good ones with it. Quotes, comments and bodies are stepped over as the
//! server's own client does; commands of that client and data of `COPY` are pieces of their own.
use crate::engines::schema::postgres::source::Depth;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// A statement.
    Sql,
    /// A command of psql: a backslash and the rest of the line.
    Meta,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// What it is.
    pub(super) kind: PieceKind,
    /// From its first word to its semicolon (not with it).
    pub(super) text: &'a str,
    /// Lines before its first word.
    pub(super) line: u32,
    /// A placeholder of a template stands in it outside of quotes.
    pub(super) placeholder: bool,
    /// How deep its tree will be.
    pub(super) depth: usize,
    /// A quote, comment or parenthesis of it is never closed.
    pub(super) open: bool,
}

/// The scanner: a position in the text, and what was seen of the statement so far.
struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Lines up to `counted`.
    line: u32,
    counted: usize,
    start: Option<usize>,
    parens: u32,
    depth: Depth,
    placeholder: bool,
    open: bool,
    /// Words of the statement, upper case, as far as they matter.
    words: Vec<String>,
    /// Depth of `BEGIN ATOMIC … END` and `CASE … END` within.
    atomic: u32,
    last: String,
    copy: bool,
    pieces: Vec<Piece<'a>>,
}

/// The pieces of a file.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        counted: 0,
        start: None,
        parens: 0,
        depth: Depth::default(),
        placeholder: false,
        open: false,
        words: Vec::new(),
        atomic: 0,
        last: String::new(),
        copy: false,
        pieces: Vec::new(),
    };
    // A byte order mark is no part of the SQL.
    if text.starts_with('\u{feff}') {
        scan.at = '\u{feff}'.len_utf8();
    }
    while let Some(byte) = scan.peek(0) {
        scan.step(byte);
    }
    scan.end(scan.bytes.len());
    scan.pieces
}

/// Whether a byte can be part of a word that is not quoted.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'a> Scan<'a> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
            b'-' if self.peek(1) == Some(b'-') => self.line_comment(),
            b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
            b';' if self.parens == 0 && self.atomic == 0 => {
                let end = self.at;
                self.at += 1;
                self.end(end);
            }
            b'\\' if self.parens == 0 => self.meta(),
            _ => self.token(byte),
        }
    }

    fn token(&mut self, byte: u8) {
        self.start.get_or_insert(self.at);
        match byte {
            b'\'' => self.string(false),
            b'"' => self.quoted(b'"', false),
            b'$' => self.dollar(),
            b'(' | b'[' => {
                self.parens += u32::from(byte == b'(');
                self.depth.open();
                self.at += 1;
            }
            b')' | b']' => {
                self.parens = self.parens.saturating_sub(u32::from(byte == b')'));
                self.depth.close();
                self.at += 1;
            }
            b',' => {
                self.depth.comma();
                self.at += 1;
            }
            b';' => {
                self.depth.semicolon();
                self.at += 1;
            }
            b'{' => {
                self.placeholder |= self.peek(1) == Some(b'{');
                self.at += 1;
            }
            byte if is_word(byte) => self.word(),
            _ => {
                self.depth.sign();
                self.at += 1;
            }
        }
    }

    fn word(&mut self) {
        let from = self.at;
        // A dollar may stand within a word, but does not begin a quote there.
        let length = self.rest().iter().take_while(|byte| is_word(**byte) || **byte == b'$').count();
        self.at += length;
        let word = self.text.get(from..self.at).unwrap_or_default();
        self.depth.word(word);
        if self.peek(0) == Some(b'\'') && matches!(word, "e" | "E") {
            return self.string(true);
        }
        if length > 12 {
            self.last.clear();
            return;
        }
        let word = word.to_ascii_uppercase();
        if self.atomic > 0 {
            match word.as_str() {
                "CASE" => self.atomic += 1,
                "END" => self.atomic -= 1,
                _ => {}
            }
        } else if word == "ATOMIC" && self.last == "BEGIN" && self.words.first().is_some_and(|first| first == "CREATE")
        {
            self.atomic = 1;
        }
        self.copy |= word == "STDIN" && self.last == "FROM" && self.words.first().is_some_and(|first| first == "COPY");
        if self.words.len() < 2 {
            self.words.push(word.clone());
        }
        self.last = word;
    }

    fn line_comment(&mut self) {
        let length = self.rest().iter().take_while(|byte| **byte != b'\n').count();
        self.at += length;
    }

    fn block_comment(&mut self) {
        let from = self.at;
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.at += 1,
                (None, _) => {
                    self.start.get_or_insert(from);
                    self.open = true;
                    return;
                }
            }
        }
    }

    fn string(&mut self, escapes: bool) {
        self.quoted(b'\'', escapes);
    }

    /// Steps over a quoted string or name; a doubled quote is part of it.
    fn quoted(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b'\\' && escapes {
                self.at += 1;
            } else if byte == quote {
                if self.peek(0) != Some(quote) {
                    return;
                }
                self.at += 1;
            }
        }
        self.at = self.bytes.len();
        self.open = true;
    }

    fn dollar(&mut self) {
        let tag = self.rest().iter().skip(1).take_while(|byte| is_word(**byte)).count();
        let closed = self.peek(1 + tag) == Some(b'$') && !self.peek(1).is_some_and(|byte| byte.is_ascii_digit());
        if !closed {
            self.placeholder |= self.peek(1) == Some(b'{');
            self.at += 1;
            return;
        }
        let tag = self.text.get(self.at..self.at + tag + 2).unwrap_or("$$");
        let body = self.at + tag.len();
        match self.text.get(body..).and_then(|rest| rest.find(tag)) {
            Some(length) => self.at = body + length + tag.len(),
            None => {
                self.at = self.bytes.len();
                self.open = true;
            }
        }
    }

    /// A backslash outside of quotes: psql takes it and the rest of the line; what stands before it is a statement.
    fn meta(&mut self) {
        let from = self.at;
        self.end(from);
        self.line_comment();
        let text = self.text.get(from..self.at).unwrap_or_default().trim_end();
        let line = self.line_of(from);
        self.pieces.push(Piece { kind: PieceKind::Meta, text, line, placeholder: false, depth: 0, open: false });
    }

    fn line_of(&mut self, at: usize) -> u32 {
        let between = self.bytes.get(self.counted..at).unwrap_or_default();
        self.line += u32::try_from(between.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX / 2);
        self.counted = at.max(self.counted);
        self.line
    }

    /// The statement ends here.
    fn end(&mut self, end: usize) {
        let copy = std::mem::take(&mut self.copy);
        let open = std::mem::take(&mut self.open) || self.parens > 0 || self.atomic > 0;
        let depth = std::mem::take(&mut self.depth).deepest();
        let placeholder = std::mem::take(&mut self.placeholder);
        self.words.clear();
        self.last.clear();
        (self.parens, self.atomic) = (0, 0);
        let Some(start) = self.start.take() else { return };
        let text = self.text.get(start..end).unwrap_or_default().trim_end();
        let line = self.line_of(start);
        self.pieces.push(Piece { kind: PieceKind::Sql, text, line, placeholder, depth, open });
        if copy {
            self.copy_data();
        }
    }

    /// Data of `COPY … FROM stdin` follow up to a line of `\.`, or to the end of the file.
    fn copy_data(&mut self) {
        self.line_comment();
        while self.at < self.bytes.len() {
            self.at += 1;
            let from = self.at;
            self.line_comment();
            if self.text.get(from..self.at).is_some_and(|line| line.trim_end() == "\\.") {
                return;
            }
        }
    }
}
