//! Trees to YAML in block style, byte for byte as go-yaml lays them out.
use super::yaml_scalar::{Style, analyse};
use super::{MAX_BYTES, deeper, yaml_word};

/// Whose layout: go-yaml 2 (`toYaml`) or go-yaml 3 with an indent of two (`toYamlPretty`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Items stand below the key's first letter, long lines are folded.
    Two,
    /// Items are indented, lines are as long as they are.
    Three,
}

/// What is to be written; keys are in order.
pub(super) enum Tree {
    /// A scalar that is written as it is: `null`, `true`, `12`.
    Bare(String),
    /// A string.
    Text(String),
    /// Bytes that are no text, as base64.
    Binary(String),
    /// A sequence.
    List(Vec<Tree>),
    /// A mapping; a key is a `Text` or `Binary`.
    Map(Vec<(Tree, Tree)>),
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The document, an item, or a key that is too long.
    Free,
    /// The value of a mapping or an explicit key.
    Mapping,
    /// A key on one line with its value.
    Key,
}

/// The text and the state of its last line.
pub(super) struct Emitter {
    pub(super) out: Vec<u8>,
    pub(super) dialect: Dialect,
    /// Characters in the line.
    pub(super) column: usize,
    /// Indentation of what is being written.
    pub(super) indent: usize,
    /// Nothing or a space stands before.
    pub(super) whitespace: bool,
    /// There is nothing but indentation in the line.
    pub(super) indention: bool,
    /// Lines longer than this are folded.
    pub(super) width: usize,
}

/// The document with a line break at the end.
///
/// # Errors
/// When it gets too big.
pub(super) fn emit(tree: &Tree, dialect: Dialect) -> Result<Vec<u8>, String> {
    let width = if dialect == Dialect::Two { 80 } else { usize::MAX };
    let (whitespace, indention) = (true, true);
    let mut emitter = Emitter { out: Vec::new(), dialect, column: 0, indent: 0, whitespace, indention, width };
    emitter.node(tree, Place::Free, None)?;
    emitter.indent = 0;
    emitter.write_indent();
    Ok(emitter.out)
}

impl Emitter {
    /// `parent` is the indentation of the collection around it, if there is one.
    fn node(&mut self, tree: &Tree, place: Place, parent: Option<usize>) -> Result<(), String> {
        if self.out.len() > MAX_BYTES {
            return Err("yaml: the value is too big".to_owned());
        }
        match tree {
            Tree::List(items) if items.is_empty() => self.mark(b"[", true, b"]"),
            Tree::Map(entries) if entries.is_empty() => self.mark(b"{", true, b"}"),
            Tree::List(items) => return deeper(|| self.list(items, place, parent)),
            Tree::Map(entries) => return deeper(|| self.map(entries, parent)),
            Tree::Bare(text) => self.scalar(text, Style::Plain, place, parent),
            Tree::Binary(text) => {
                self.indicator(b"!!binary", true, false, false);
                let style = if text.contains('\n') { Style::Literal } else { Style::Plain };
                self.scalar(text, style, place, parent);
            }
            Tree::Text(text) => {
                let style = match text {
                    _ if text.contains('\n') => Style::Literal,
                    _ if yaml_word::is_string(text) => Style::Plain,
                    _ => Style::Double,
                };
                self.scalar(text, style, place, parent);
            }
        }
        Ok(())
    }

    fn mark(&mut self, open: &[u8], whitespace: bool, close: &[u8]) {
        self.indicator(open, true, whitespace, false);
        self.indicator(close, false, false, false);
    }

    fn list(&mut self, items: &[Tree], place: Place, parent: Option<usize>) -> Result<(), String> {
        let flat = self.dialect == Dialect::Two && place == Place::Mapping && !self.indention;
        let indent = parent.map_or(0, |parent| if flat { parent } else { parent + 2 });
        for item in items {
            self.indent = indent;
            self.write_indent();
            self.indicator(b"-", true, false, true);
            self.node(item, Place::Free, Some(indent))?;
        }
        Ok(())
    }

    fn map(&mut self, entries: &[(Tree, Tree)], parent: Option<usize>) -> Result<(), String> {
        let indent = parent.map_or(0, |parent| parent + 2);
        for (key, value) in entries {
            self.indent = indent;
            self.write_indent();
            if is_simple(key) {
                self.node(key, Place::Key, Some(indent))?;
                self.indicator(b":", false, false, false);
            } else {
                self.indicator(b"?", true, false, true);
                self.node(key, Place::Mapping, Some(indent))?;
                self.indent = indent;
                self.write_indent();
                self.indicator(b":", true, false, true);
            }
            self.node(value, Place::Mapping, Some(indent))?;
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, wanted: Style, place: Place, parent: Option<usize>) {
        self.indent = parent.unwrap_or(0) + 2;
        let style = analyse(text, self.dialect).style(wanted, place == Place::Key);
        self.write(text, style, place != Place::Key);
    }

    /// Goes to the indentation, on a new line unless the line is empty so far.
    pub(super) fn write_indent(&mut self) {
        let indent = self.indent;
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if self.column < indent {
            self.out.resize(self.out.len() + indent - self.column, b' ');
            self.column = indent;
        }
        (self.whitespace, self.indention) = (true, true);
    }

    pub(super) fn put_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
        self.indention |= self.dialect == Dialect::Three;
    }

    pub(super) fn indicator(&mut self, mark: &[u8], space_before: bool, whitespace: bool, indention: bool) {
        if space_before && !self.whitespace {
            self.out.push(b' ');
            self.column += 1;
        }
        self.out.extend_from_slice(mark);
        self.column += mark.len();
        self.whitespace = whitespace;
        self.indention &= indention;
    }
}

/// Whether a key can stand on one line with its value.
fn is_simple(key: &Tree) -> bool {
    let breaks = |text: &str| text.contains(['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}']);
    match key {
        Tree::Text(text) => text.len() <= 128 && !breaks(text),
        Tree::Binary(text) => text.len() <= 120 && !breaks(text),
        _ => true,
    }
}
