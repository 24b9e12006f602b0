//! Go's syntax of regular expressions, read with Go's errors into a tree that has all flags resolved.
use super::regex_class::{self, Class};

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) shape: Shape,
    /// How deep the tree is below and with this.
    height: usize,
    /// How often counted repetitions, one in the other, copy the innermost part.
    copies: u32,
    /// About how much has to be built for it.
    pub(super) size: u64,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// The empty text.
    Empty,
    /// A character, in any case when `fold`.
    Literal { rune: u32, fold: bool },
    /// One of several characters.
    Class(Class),
    /// Any character; with `newline` also a line break.
    Any { newline: bool },
    /// A place.
    Look(Look),
    /// A group that captures.
    Capture(Box<Node>),
    /// A repetition.
    Repeat { node: Box<Node>, min: u32, max: Option<u32>, lazy: bool },
    /// One after the other.
    Concat(Vec<Node>),
    /// The first one that leads to a match.
    Alternate(Vec<Node>),
}

/// Places that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// `^`, `\A`
    TextStart,
    /// `$`, `\z`
    TextEnd,
    /// `(?m)^`
    LineStart,
    /// `(?m)$`
    LineEnd,
    /// `\b`
    WordBoundary,
    /// `\B`
    NoWordBoundary,
}

/// A parsed expression.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The tree.
    pub(super) node: Node,
    /// The names of the groups, from the first on; empty where a group has none.
    pub(super) names: Vec<String>,
}

/// The flags of `(?imsU)`.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold: bool,
    lines: bool,
    dot_all: bool,
    swap_greed: bool,
}

/// What stands in a group so far.
#[derive(Default)]
struct Frame {
    capture: bool,
    /// Flags outside of the group.
    outside: Flags,
    branches: Vec<Node>,
    sequence: Vec<Node>,
}

/// How deep an expression may be, in Go and here.
const MAX_HEIGHT: usize = 1000;

/// The biggest number in `{}`.
const MAX_COUNT: u32 = 1000;

/// Go's text of an error.
pub(super) fn complaint(code: &str, part: &str) -> String {
    format!("error parsing regexp: {code}: `{part}`")
}

/// Reads an expression.
///
/// # Errors
/// Go's text.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let mut parser =
        Parser { text, at: 0, flags: Flags::default(), frames: Vec::new(), frame: Frame::default(), names: Vec::new() };
    parser.run()?;
    if !parser.frames.is_empty() {
        return Err(complaint("missing closing )", text));
    }
    let node = parser.finish_frame()?;
    Ok(Parsed { node, names: parser.names })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    flags: Flags,
    frames: Vec<Frame>,
    frame: Frame,
    names: Vec<String>,
}

impl Node {
    fn leaf(shape: Shape) -> Node {
        let size = if let Shape::Class(class) = &shape { class.size() } else { 1 };
        Node { shape, height: 1, copies: 1, size }
    }
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error<T>(&self, code: &str, from: usize) -> Result<T, String> {
        Err(complaint(code, &self.text[from..self.at]))
    }

    fn node(&self, shape: Shape, height: usize, copies: u32, size: u64) -> Result<Node, String> {
        match height > MAX_HEIGHT {
            true => Err(complaint("expression nests too deeply", self.text)),
            false => Ok(Node { shape, height, copies, size }),
        }
    }

    fn push(&mut self, shape: Shape) {
        self.frame.sequence.push(Node::leaf(shape));
    }

    fn literal(&mut self, rune: u32) {
        let fold = self.flags.fold;
        self.push(Shape::Literal { rune, fold });
    }

    fn run(&mut self) -> Result<(), String> {
        // Where the repetition began that was read just before.
        let mut repeated: Option<usize> = None;
        while let Some(char) = self.rest().chars().next() {
            let start = self.at;
            let before = repeated.take();
            match char {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.at += 1;
                    let branch = self.finish_sequence()?;
                    self.frame.branches.push(branch);
                }
                '^' | '$' | '.' => self.simple(char),
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    self.at += 1;
                    let (min, max) = match char {
                        '*' => (0, None),
                        '+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    self.repeat(start, before, min, max, false)?;
                    repeated = Some(start);
                }
                '{' => match self.counts()? {
                    Some((min, max)) => {
                        self.repeat(start, before, min, max, true)?;
                        repeated = Some(start);
                    }
                    None => {
                        self.at += 1;
                        self.literal(u32::from('{'));
                    }
                },
                '\\' => self.escape()?,
                _ => {
                    self.at += char.len_utf8();
                    self.literal(u32::from(char));
                }
            }
        }
        Ok(())
    }

    fn simple(&mut self, char: char) {
        self.at += 1;
        self.push(match (char, self.flags.lines) {
            ('^', false) => Shape::Look(Look::TextStart),
            ('^', true) => Shape::Look(Look::LineStart),
            ('$', false) => Shape::Look(Look::TextEnd),
            ('$', true) => Shape::Look(Look::LineEnd),
            _ => Shape::Any { newline: self.flags.dot_all },
        });
    }

    /// `(`, `(?P<name>`, `(?<name>`, `(?flags)`, `(?flags:`.
    fn open(&mut self) -> Result<(), String> {
        let start = self.at;
        let rest = self.rest();
        let named = if rest.len() > 4 && rest.starts_with("(?P<") {
            Some(4)
        } else if rest.len() > 3 && rest.starts_with("(?<") {
            Some(3)
        } else {
            None
        };
        if let Some(skip) = named {
            let Some(end) = rest.find('>') else { return Err(complaint("invalid named capture", rest)) };
            let name = rest[skip..end].to_owned();
            self.at += end + 1;
            let valid = !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
            if !valid {
                return self.error("invalid named capture", start);
            }
            self.begin(true, self.flags, Some(name));
            return Ok(());
        }
        if rest.starts_with("(?") {
            return self.open_flags(start);
        }
        self.at += 1;
        self.begin(true, self.flags, None);
        Ok(())
    }

    fn begin(&mut self, capture: bool, inside: Flags, name: Option<String>) {
        if capture {
            self.names.push(name.unwrap_or_default());
        }
        let frame = Frame { capture, outside: self.flags, ..Frame::default() };
        self.frames.push(std::mem::replace(&mut self.frame, frame));
        self.flags = inside;
    }

    fn open_flags(&mut self, start: usize) -> Result<(), String> {
        const CODE: &str = "invalid or unsupported Perl syntax";
        self.at += 2;
        let mut flags = self.flags;
        let (mut on, mut seen) = (true, false);
        while let Some(char) = self.rest().chars().next() {
            self.at += char.len_utf8();
            match char {
                'i' => flags.fold = on,
                'm' => flags.lines = on,
                's' => flags.dot_all = on,
                'U' => flags.swap_greed = on,
                '-' if on => {
                    (on, seen) = (false, false);
                    continue;
                }
                ':' | ')' if on || seen => {
                    if char == ':' {
                        self.begin(false, flags, None);
                    } else {
                        self.flags = flags;
                    }
                    return Ok(());
                }
                _ => return self.error(CODE, start),
            }
            seen = true;
        }
        self.error(CODE, start)
    }

    fn close(&mut self) -> Result<(), String> {
        self.at += 1;
        let Some(outer) = self.frames.pop() else { return Err(complaint("unexpected )", self.text)) };
        let node = self.finish_frame()?;
        let frame = std::mem::replace(&mut self.frame, outer);
        self.flags = frame.outside;
        let node = match frame.capture {
            true => {
                let (height, copies, size) = (node.height + 1, node.copies, node.size.saturating_add(1));
                self.node(Shape::Capture(Box::new(node)), height, copies, size)?
            }
            false => node,
        };
        self.frame.sequence.push(node);
        Ok(())
    }

    fn finish_sequence(&mut self) -> Result<Node, String> {
        let mut parts = std::mem::take(&mut self.frame.sequence);
        if parts.len() > 1 {
            // A word of literals is one leaf in Go.
            let word = parts.iter().all(|part| matches!(part.shape, Shape::Literal { .. }));
            return self.combine(parts, Shape::Concat, usize::from(!word));
        }
        Ok(parts.pop().unwrap_or_else(|| Node::leaf(Shape::Empty)))
    }

    fn finish_frame(&mut self) -> Result<Node, String> {
        let last = self.finish_sequence()?;
        let mut branches = std::mem::take(&mut self.frame.branches);
        if branches.is_empty() {
            return Ok(last);
        }
        branches.push(last);
        self.combine(branches, Shape::Alternate, 1)
    }

    fn combine(&self, nodes: Vec<Node>, shape: fn(Vec<Node>) -> Shape, more: usize) -> Result<Node, String> {
        let height = nodes.iter().map(|node| node.height).max().unwrap_or_default() + more;
        let copies = nodes.iter().map(|node| node.copies).max().unwrap_or(1);
        let size = nodes.iter().map(|node| node.size).fold(0, u64::saturating_add);
        self.node(shape(nodes), height, copies, size)
    }

    /// Applies a repetition, whose operator was read but for a `?` after it, to what stands before it.
    fn repeat(
        &mut self,
        start: usize,
        before: Option<usize>,
        min: u32,
        max: Option<u32>,
        counted: bool,
    ) -> Result<(), String> {
        let mut lazy = self.flags.swap_greed;
        if self.rest().starts_with('?') {
            self.at += 1;
            lazy = !lazy;
        }
        if let Some(before) = before {
            return self.error("invalid nested repetition operator", before);
        }
        let Some(node) = self.frame.sequence.pop() else {
            return self.error("missing argument to repetition operator", start);
        };
        let times = if max == Some(0) { None } else { Some(max.unwrap_or(min).max(1)) };
        let copies = match times {
            Some(times) if counted => node.copies.saturating_mul(times),
            Some(_) => node.copies,
            None => 1,
        };
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) && copies > MAX_COUNT {
            return self.error("invalid repeat count", start);
        }
        let height = node.height + 1;
        let size = node.size.saturating_mul(u64::from(max.unwrap_or(min).max(1))).saturating_add(1);
        let node = self.node(Shape::Repeat { node: Box::new(node), min, max, lazy }, height, copies, size)?;
        self.frame.sequence.push(node);
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces is no repetition.
    fn counts(&mut self) -> Result<Option<(u32, Option<u32>)>, String> {
        let start = self.at;
        let Some(end) = self.rest().find('}') else { return Ok(None) };
        let inner = &self.rest()[1..end];
        let (min, max) = match inner.split_once(',') {
            None => (number(inner), number(inner).map(Some)),
            Some((min, "")) => (number(min), Some(None)),
            Some((min, max)) => (number(min), number(max).map(Some)),
        };
        let (Some(min), Some(max)) = (min, max) else { return Ok(None) };
        self.at += end + 1;
        if min > MAX_COUNT || max.is_some_and(|max| max > MAX_COUNT || min > max) {
            return self.error("invalid repeat count", start);
        }
        Ok(Some((min, max)))
    }

    fn class(&mut self) -> Result<(), String> {
        let (class, end) = regex_class::bracketed(self.text, self.at, self.flags.fold)?;
        self.at = end;
        self.push(Shape::Class(class));
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let look = match self.rest().as_bytes().get(1) {
            Some(b'A') => Look::TextStart,
            Some(b'z') => Look::TextEnd,
            Some(b'b') => Look::WordBoundary,
            Some(b'B') => Look::NoWordBoundary,
            Some(b'C') => return Err(complaint("invalid escape sequence", r"\C")),
            Some(b'Q') => {
                self.quotation();
                return Ok(());
            }
            _ => {
                if let Some((class, end)) = regex_class::escaped(self.text, self.at, self.flags.fold)? {
                    self.at = end;
                    self.push(Shape::Class(class));
                    return Ok(());
                }
                let (rune, end) = regex_class::escaped_rune(self.text, self.at)?;
                self.at = end;
                self.literal(rune);
                return Ok(());
            }
        };
        self.at += 2;
        self.push(Shape::Look(look));
        Ok(())
    }

    /// `\Q...\E`; without `\E` it goes to the end.
    fn quotation(&mut self) {
        let text = self.text;
        let start = self.at + 2;
        let end = text[start..].find(r"\E").map(|at| start + at);
        for char in text[start..end.unwrap_or(text.len())].chars() {
            self.literal(u32::from(char));
        }
        self.at = end.map_or(text.len(), |end| end + 2);
    }
}

/// A number in braces: digits without leading zeros. Too big ones are too big for every check.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}
