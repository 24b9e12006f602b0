//! From text to tree, whatever the text is: a parser and a tree that call themselves for every level must not meet more levels than a stack holds.
use squawk_syntax::{Parse, SourceFile};

/// Deepest nesting that is parsed.
pub(super) const DEEPEST: usize = 500;
/// Nesting for which any stack is large enough.
const SHALLOW: usize = 30;
/// Levels that are told apart; beyond, they are only counted.
const KEPT: usize = 1_000;
/// What the deepest text that is parsed needs of a stack.
const STACK: usize = 12 * 1024 * 1024;

/// How deep the tree of a text will be, told by its tokens in the order of the text. Parentheses and brackets are levels; so are the links of a
/// chain (`a + b + c`, `NOT NOT a`, `a UNION b UNION c`), of which four tokens are counted as one level.
#[derive(Debug, Clone, Default)]
pub(super) struct Depth {
    /// Chains that are interrupted by an open parenthesis, with what a comma leaves of them.
    outer: Vec<(usize, usize)>,
    beyond: usize,
    /// Sum of the chains in `outer`.
    sum: usize,
    chain: usize,
    /// The part of the chain that a comma does not end: `SELECT a, b UNION SELECT c, d UNION …`.
    lasting: usize,
    deepest: usize,
}

impl Depth {
    /// `(` or `[`.
    pub(super) fn open(&mut self) {
        if self.outer.len() < KEPT {
            self.outer.push((self.chain, self.lasting));
            self.sum += self.chain;
            (self.chain, self.lasting) = (0, 0);
        } else {
            self.beyond += 1;
        }
        self.measure();
    }

    /// `)` or `]`.
    pub(super) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some((chain, lasting)) = self.outer.pop() {
            self.sum -= chain;
            (self.chain, self.lasting) = (chain + 1, lasting);
        }
    }

    /// `,`
    pub(super) fn comma(&mut self) {
        self.chain = self.lasting;
    }

    /// `;`
    pub(super) fn semicolon(&mut self) {
        (self.chain, self.lasting) = (0, 0);
    }

    /// A word that is not quoted.
    pub(super) fn word(&mut self, word: &str) {
        let is = |any: &[&str]| any.iter().any(|one| word.eq_ignore_ascii_case(one));
        if is(&["UNION", "INTERSECT", "EXCEPT", "JOIN"]) {
            self.lasting += 2;
        } else if is(&["CASE"]) {
            self.lasting += 4;
            self.chain += 3;
        } else if is(&["END"]) {
            self.lasting = self.lasting.saturating_sub(4);
        }
        self.sign();
    }

    /// Anything else that is not blank.
    pub(super) fn sign(&mut self) {
        self.chain += 1;
        self.measure();
    }

    fn measure(&mut self) {
        let levels = self.outer.len() + self.beyond + (self.sum + self.chain) / 4;
        self.deepest = self.deepest.max(levels);
    }

    /// The most levels so far.
    pub(super) fn deepest(&self) -> usize {
        self.deepest
    }
}

/// Whether a text is nested deeper than what is parsed.
pub(super) fn too_deep(text: &str) -> bool {
    depth(text) > DEEPEST
}

fn depth(text: &str) -> usize {
    let mut depth = Depth::default();
    let mut at = 0;
    for token in squawk_lexer::tokenize(text) {
        let end = at + token.len as usize;
        let piece = text.get(at..end).unwrap_or_default();
        at = end;
        match piece.as_bytes() {
            [] | [b'-', b'-', ..] | [b'/', b'*', ..] => {}
            [b'(' | b'['] => depth.open(),
            [b')' | b']'] => depth.close(),
            [b','] => depth.comma(),
            [b';'] => depth.semicolon(),
            [first, ..] if first.is_ascii_whitespace() => {}
            [first, ..] if first.is_ascii_alphabetic() => depth.word(piece),
            _ => depth.sign(),
        }
    }
    depth.deepest()
}

/// Parses a text; one that is nested too deep is as good as an empty one.
pub(super) fn parse(text: &str) -> Parse<SourceFile> {
    let depth = depth(text);
    let text = if depth > DEEPEST { "" } else { text };
    with_stack(depth, || SourceFile::parse(text))
}

/// Runs something that calls itself for every level of a tree of this depth.
pub(super) fn with_stack<T>(depth: usize, run: impl FnOnce() -> T) -> T {
    let needed = if depth > SHALLOW { STACK } else { 512 * 1024 };
    stacker::maybe_grow(needed, STACK + 4 * 1024 * 1024, run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_told() {
        let many = |one: &str| one.repeat(3_000);
        for text in [
            many("("),
            many("["),
            many("NOT "),
            many("x[1"),
            format!("1{}", many("+ (1)")),
            many("CASE WHEN f(a, 1) THEN 1 ELSE "),
            many("SELECT a, b UNION "),
            ("NOT ".repeat(100) + "(").repeat(100),
        ] {
            assert!(too_deep(&text), "{:.60}", text);
        }
        for text in [
            many("(1), "),
            many("a + 1, "),
            many("SELECT 1 + (2); "),
            many("CASE WHEN a THEN 1 END, "),
            many("'((((' -- ((((\n, "),
            "(".repeat(400) + &")".repeat(400),
        ] {
            assert!(!too_deep(&text), "{:.60}", text);
        }
    }
}
