//! Which parentheses of an expression say nothing.

/// What an atom of the normal form is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Word,
    Name,
    Literal,
    Symbol,
}

pub(super) struct Atom {
    pub(super) text: String,
    pub(super) class: Class,
    /// Left out: a needless parenthesis.
    pub(super) gone: bool,
}

impl Atom {
    pub(super) fn new(class: Class, text: impl Into<String>) -> Atom {
        Atom { text: text.into(), class, gone: false }
    }

    pub(super) fn operand_end(&self) -> bool {
        match self.class {
            Class::Literal | Class::Name => true,
            Class::Word => precedence(&self.text).is_none() && !opens(&self.text),
            Class::Symbol => self.text == ")",
        }
    }
}

/// How tightly a binary operator binds.
pub(super) fn precedence(text: &str) -> Option<u8> {
    Some(match text {
        "or" => 1,
        "and" => 2,
        "not" => 3,
        "=" | "<>" | "is" | "in" | "like" | "glob" | "match" | "regexp" | "between" => 4,
        "<" | "<=" | ">" | ">=" => 5,
        "escape" => 6,
        "&" | "|" | "<<" | ">>" => 7,
        "+" | "-" => 8,
        "*" | "/" | "%" => 9,
        "||" | "->" | "->>" => 10,
        "collate" => 11,
        "~" => 12,
        _ => return None,
    })
}

/// Keywords behind which an expression begins.
pub(super) fn opens(text: &str) -> bool {
    matches!(text, "where" | "on" | "when" | "then" | "else" | "case" | "having" | "by" | "select")
}

/// Keywords before which an expression ends.
pub(super) fn closes(text: &str) -> bool {
    matches!(
        text,
        "then"
            | "end"
            | "else"
            | "when"
            | "as"
            | "asc"
            | "desc"
            | "from"
            | "where"
            | "group"
            | "order"
            | "having"
            | "limit"
            | "union"
            | "except"
            | "intersect"
            | "begin"
            | "join"
            | "left"
            | "inner"
    )
}

/// What is known of the parentheses that are open.
#[derive(Clone, Copy)]
struct Frame {
    /// Position of the parenthesis.
    at: usize,
    /// How tightly what stands before it binds; `None` when the parentheses belong to it.
    left: Option<u8>,
    /// The loosest operator within.
    loosest: u8,
    /// A list or a query.
    fixed: bool,
    /// Open `BETWEEN`s that wait for their `AND`.
    between: u32,
    /// Atoms within.
    count: u32,
}

impl Frame {
    fn new(at: usize, left: Option<u8>) -> Frame {
        Frame { at, left, loosest: 13, fixed: false, between: 0, count: 0 }
    }
}

/// Marks needless parentheses as gone.
pub(super) fn parentheses(atoms: &mut [Atom]) {
    let mut frames = vec![Frame::new(0, None)];
    for at in 0..atoms.len() {
        let before = at.checked_sub(1).and_then(|before| atoms.get(before));
        let Some(atom) = atoms.get(at) else { return };
        let (text, symbol) = (atom.text.as_str(), atom.class == Class::Symbol);
        let between = frames.last().map_or(0, |frame| frame.between);
        match text {
            "(" if symbol => {
                let left = left_of(atoms, at, between);
                frames.push(Frame::new(at, left));
                continue;
            }
            ")" if symbol => {
                let after = atoms.get(at + 1);
                let right = right_of(after);
                if frames.len() > 1
                    && let Some(frame) = frames.pop()
                {
                    let gone = frame.needless(right);
                    if let (true, Some(open)) = (gone, atoms.get_mut(frame.at)) {
                        open.gone = true;
                    }
                    if let (true, Some(close)) = (gone, atoms.get_mut(at)) {
                        close.gone = true;
                    }
                    if let Some(parent) = frames.last_mut() {
                        parent.count += if gone { frame.count } else { 2 };
                        parent.loosest = if gone { parent.loosest.min(frame.loosest) } else { parent.loosest };
                    }
                }
                continue;
            }
            _ => {}
        }
        let Some(frame) = frames.last_mut() else { return };
        frame.count += 1;
        if atom.class == Class::Word && matches!(text, "select" | "values" | "with" | "order" | "raise")
            || symbol && matches!(text, "," | ";" | ".") && text != "."
        {
            frame.fixed = true;
        }
        let operator = matches!(atom.class, Class::Word | Class::Symbol);
        if let (true, Some(mut binding)) = (operator, precedence(text)) {
            let unary = symbol && matches!(text, "-" | "+") && !before.is_some_and(Atom::operand_end);
            if unary {
                binding = 12;
            }
            if text == "between" {
                frame.between += 1;
            } else if text == "and" && frame.between > 0 {
                frame.between -= 1;
                binding = 4;
            } else if text == "not" && before.is_some_and(Atom::operand_end) {
                binding = 4;
            }
            frame.loosest = frame.loosest.min(binding);
        }
    }
}

/// What stands before the parenthesis at `at`; `between` open `BETWEEN`s are in its frame.
fn left_of(atoms: &[Atom], at: usize, between: u32) -> Option<u8> {
    let Some(before) = at.checked_sub(1).and_then(|before| atoms.get(before)) else { return Some(0) };
    let text = before.text.as_str();
    match before.class {
        Class::Symbol if matches!(text, "(" | "," | ";") => Some(0),
        Class::Symbol if matches!(text, "-" | "+") => {
            let unary = !at.checked_sub(2).and_then(|one| atoms.get(one)).is_some_and(Atom::operand_end);
            Some(if unary { 12 } else { 8 })
        }
        Class::Word if text == "in" => None,
        // The `AND` of a `BETWEEN` was not counted down yet where its own frame is still waiting.
        Class::Word if text == "and" && between == 0 => Some(if waits(atoms, at) { 5 } else { 2 }),
        Class::Symbol | Class::Word if precedence(text).is_some() => precedence(text),
        Class::Word if opens(text) => Some(0),
        _ => None,
    }
}

/// Whether the `AND` before `at` belongs to a `BETWEEN`: the nearest `BETWEEN` or `AND` before it, a few atoms back, is a `BETWEEN`.
fn waits(atoms: &[Atom], at: usize) -> bool {
    let before = atoms.get(at.saturating_sub(40)..at.saturating_sub(1)).unwrap_or(&[]);
    before
        .iter()
        .rev()
        .find(|one| matches!(one.text.as_str(), "between" | "and" | "or"))
        .is_some_and(|one| one.text == "between")
}

fn right_of(after: Option<&Atom>) -> Option<u8> {
    let Some(after) = after else { return Some(0) };
    let text = after.text.as_str();
    match after.class {
        Class::Symbol if matches!(text, ")" | "," | ";") => Some(0),
        Class::Word if text == "not" => Some(4),
        Class::Symbol | Class::Word if precedence(text).is_some() => precedence(text),
        Class::Word if closes(text) => Some(0),
        _ => None,
    }
}

impl Frame {
    fn needless(&self, right: Option<u8>) -> bool {
        let (Some(left), Some(right)) = (self.left, right) else { return false };
        if self.fixed || self.count == 0 {
            return false;
        }
        // `AND` and `OR` are the same in either grouping; the others group from the left.
        let same = matches!(self.loosest, 1 | 2);
        (self.loosest > left || same && self.loosest == left) && self.loosest >= right
    }
}
