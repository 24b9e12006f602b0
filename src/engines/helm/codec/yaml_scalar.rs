//! How a scalar is written: what forms its text allows, and the forms themselves.
use super::yaml_emit::{Dialect, Emitter};

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// `'it''s'`
    Single,
    /// `"a\n"`
    Double,
    /// `|` and lines.
    Literal,
}

/// What a text allows.
pub(super) struct Analysis {
    empty: bool,
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

fn is_break(char: char) -> bool {
    matches!(char, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// libyaml's idea of it: nothing beyond the basic plane, and no tab.
fn is_printable(char: char) -> bool {
    matches!(char, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && char != '\u{feff}'
}

/// Looks at every character once.
pub(super) fn analyse(text: &str, dialect: Dialect) -> Analysis {
    if text.is_empty() {
        return Analysis { empty: true, multiline: false, plain: true, single: true, block: false };
    }
    let mut indicator = text.starts_with("---") || text.starts_with("...");
    let (mut special, mut tabs, mut breaks, mut break_space, mut space_break) = (false, false, false, false, false);
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let blank_behind = chars.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
        indicator |= match (before, char) {
            (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => {
                true
            }
            (None, '?' | ':' | '-') | (Some(_), ':') => blank_behind,
            (Some(before), '#') => matches!(before, ' ' | '\t' | '\0') || is_break(before),
            _ => false,
        };
        match char {
            '\t' if dialect == Dialect::Three => tabs = true,
            _ => special |= !is_printable(char),
        }
        if char == ' ' {
            break_space |= before.is_some_and(is_break);
        } else if is_break(char) {
            breaks = true;
            space_break |= before == Some(' ');
        }
        before = Some(char);
    }
    let edge = |char: Option<char>| char.is_some_and(|char| char == ' ' || is_break(char));
    let edges = edge(text.chars().next()) || edge(before);
    Analysis {
        empty: false,
        multiline: breaks,
        plain: !(indicator || edges || breaks || special || tabs || break_space || space_break),
        single: !(break_space || space_break || special || tabs),
        block: !(before == Some(' ') || space_break || special),
    }
}

impl Analysis {
    /// The wanted form, or the nearest that is allowed.
    pub(super) fn style(&self, wanted: Style, key: bool) -> Style {
        let mut style = if key && self.multiline { Style::Double } else { wanted };
        if style == Style::Plain && (!self.plain || (self.empty && key)) {
            style = Style::Single;
        }
        if (style == Style::Single && !self.single) || (style == Style::Literal && (!self.block || key)) {
            style = Style::Double;
        }
        style
    }
}

impl Emitter {
    /// Writes a scalar; `fold` allows breaks at spaces in long lines.
    pub(super) fn write(&mut self, text: &str, style: Style, fold: bool) {
        match style {
            Style::Plain => {
                if !self.whitespace {
                    self.put(' ');
                }
                self.flow(text, fold, false);
                (self.whitespace, self.indention) = (false, false);
            }
            Style::Single => {
                self.indicator(b"'", true, false, false);
                self.flow(text, fold, true);
                self.indicator(b"'", false, false, false);
                (self.whitespace, self.indention) = (false, false);
            }
            Style::Double => {
                self.indicator(b"\"", true, false, false);
                self.double(text, fold);
                self.indicator(b"\"", false, false, false);
                (self.whitespace, self.indention) = (false, false);
            }
            Style::Literal => self.literal(text),
        }
    }

    fn put(&mut self, char: char) {
        self.out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    fn copy_break(&mut self, char: char) {
        if char == '\n' {
            self.put_break();
        } else {
            self.put(char);
            self.column = 0;
        }
        self.indention = true;
    }

    /// A plain or single quoted scalar.
    fn flow(&mut self, text: &str, fold: bool, quoted: bool) {
        if text.is_ascii() && self.column.saturating_add(text.len()) <= self.width {
            let special = |byte: u8| matches!(byte, b'\r' | b'\n' | b'\'');
            if !text.bytes().any(special) {
                self.out.extend_from_slice(text.as_bytes());
                self.column += text.len();
                self.indention &= text.is_empty() || text.bytes().all(|byte| byte == b' ');
                return;
            }
        }
        let (mut spaces, mut breaks) = (false, false);
        for (at, char) in text.char_indices() {
            let next = text.as_bytes().get(at + 1);
            if char == ' ' {
                let inside = !quoted || (at > 0 && next.is_some());
                if fold && !spaces && self.column > self.width && inside && next != Some(&b' ') {
                    self.write_indent();
                } else {
                    self.put(char);
                }
                spaces = true;
            } else if is_break(char) {
                if !breaks && char == '\n' {
                    self.put_break();
                }
                self.copy_break(char);
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if char == '\'' && quoted {
                    self.put(char);
                }
                self.put(char);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
    }

    fn double(&mut self, text: &str, fold: bool) {
        // libyaml looks for a byte order mark at the front only, and then takes every character for one.
        let marked = text.starts_with('\u{feff}');
        let mut spaces = false;
        for (at, char) in text.char_indices() {
            if marked || !is_printable(char) || is_break(char) || matches!(char, '"' | '\\') {
                self.escape(char);
                spaces = false;
            } else if char == ' ' {
                let next = text.as_bytes().get(at + 1);
                if fold && !spaces && self.column > self.width && at > 0 && next.is_some() {
                    self.write_indent();
                    if next == Some(&b' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(char);
                }
                spaces = true;
            } else {
                self.put(char);
                spaces = false;
            }
        }
    }

    fn escape(&mut self, char: char) {
        let short = match char {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' | '\\' => char,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let number = u32::from(char);
                let text = match number {
                    0..=0xff => format!("\\x{number:02X}"),
                    0x100..=0xffff => format!("\\u{number:04X}"),
                    _ => format!("\\U{number:08X}"),
                };
                self.out.extend_from_slice(text.as_bytes());
                self.column += text.len();
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    /// `|`, the hints on indentation and on line breaks at the end, and the lines.
    fn literal(&mut self, text: &str) {
        self.indicator(b"|", true, false, false);
        if text.starts_with(|char| char == ' ' || is_break(char)) {
            self.indicator(b"2", false, false, false);
        }
        let mut ends = text.chars().rev();
        match (ends.next().is_some_and(is_break), ends.next().is_none_or(is_break)) {
            (false, _) => self.indicator(b"-", false, false, false),
            (true, true) => self.indicator(b"+", false, false, false),
            (true, false) => (),
        }
        self.put_break();
        (self.whitespace, self.indention) = (true, true);
        let mut breaks = true;
        for line in text.split_inclusive(is_break) {
            let body = line.strip_suffix(is_break).unwrap_or(line);
            if !body.is_empty() {
                if breaks {
                    self.write_indent();
                }
                self.out.extend_from_slice(body.as_bytes());
                self.column += body.chars().count();
                (self.indention, breaks) = (false, false);
            }
            if let Some(char) = line.get(body.len()..).and_then(|end| end.chars().next()) {
                self.copy_break(char);
                breaks = true;
            }
        }
    }
}
