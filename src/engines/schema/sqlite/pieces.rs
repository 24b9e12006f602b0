//! The statements of a script.
use super::token::{BREAKPOINT, Token, Tokens};

/// A statement of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Without its semicolon and the comments around it.
    pub(super) text: &'a str,
    /// Lines before it in the script.
    pub(super) line: u32,
    /// Whether it is a command of the `sqlite3` shell (`.read x.sql`).
    pub(super) command: bool,
}

/// Cuts a script into statements as SQLite's shell does: a trigger ends with `; END ;`.
pub(super) struct Pieces<'a> {
    tokens: Tokens<'a>,
    line: u32,
    counted: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Pieces<'a> {
        Pieces { tokens: Tokens::new(text), line: 0, counted: 0 }
    }

    /// Lines before a position; positions only grow.
    fn line_of(&mut self, at: usize) -> u32 {
        let passed = self.tokens.text.as_bytes().get(self.counted..at).unwrap_or(&[]);
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.counted = self.counted.max(at);
        self.line
    }

    fn piece(&mut self, start: usize, end: usize, command: bool) -> Option<Piece<'a>> {
        let text = self.tokens.text.get(start..end)?;
        Some(Piece { text, line: self.line_of(start), command })
    }

    /// A dot at the beginning of a line, where a statement would begin.
    fn is_command(&self, token: &Token<'_>) -> bool {
        token.symbol(".") && matches!(self.tokens.byte(token.start.wrapping_sub(1)), 0 | b'\n')
    }
}

/// How far a statement is on its way to be a trigger.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Start,
    Create,
    Not,
    Body,
    Semicolon,
    End,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let mut begin = None;
        let mut end = 0;
        let mut state = Trigger::Start;
        while let Some(token) = self.tokens.next() {
            if begin.is_none() && self.is_command(&token) {
                let stop = self.tokens.behind(token.start, b"\n");
                self.tokens.at = stop;
                return self.piece(token.start, stop, true);
            }
            let mark = token.symbol(BREAKPOINT);
            let semicolon = token.symbol(";") || mark;
            state = match state {
                Trigger::Start if token.is("CREATE") => Trigger::Create,
                Trigger::Start if token.is("EXPLAIN") => Trigger::Start,
                Trigger::Create if token.is("TEMP") || token.is("TEMPORARY") => Trigger::Create,
                Trigger::Create if token.is("TRIGGER") => Trigger::Body,
                Trigger::Body | Trigger::Semicolon if semicolon => Trigger::Semicolon,
                Trigger::Semicolon if token.is("END") => Trigger::End,
                Trigger::End if semicolon => Trigger::Not,
                Trigger::Body | Trigger::Semicolon | Trigger::End => Trigger::Body,
                _ => Trigger::Not,
            };
            if mark || semicolon && !matches!(state, Trigger::Body | Trigger::Semicolon | Trigger::End) {
                match begin {
                    Some(begin) => return self.piece(begin, end, false),
                    None => {
                        state = Trigger::Start;
                        continue;
                    }
                }
            }
            begin = begin.or(Some(token.start));
            end = token.end();
        }
        let begin = begin?;
        self.piece(begin, end, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_with_their_lines() {
        let text = "-- first\nselect 1;\n\n;create trigger a after insert on t begin\n select case when 1 then 2 end; update t set a = 1;\nend;\n.read x\nselect ';'";
        let all: Vec<(u32, &str, bool)> = Pieces::new(text).map(|one| (one.line, one.text, one.command)).collect();
        assert_eq!(
            all,
            [
                (1, "select 1", false),
                (
                    3,
                    "create trigger a after insert on t begin\n select case when 1 then 2 end; update t set a = 1;\nend",
                    false
                ),
                (6, ".read x\n", true),
                (7, "select ';'", false),
            ]
        );
        let text = "alter table a add b\n--> statement-breakpoint\nalter table c add d;--> statement-breakpoint";
        let all: Vec<(u32, &str)> = Pieces::new(text).map(|one| (one.line, one.text)).collect();
        assert_eq!(all, [(0, "alter table a add b"), (2, "alter table c add d")]);
    }

    #[test]
    fn odd_texts_end() {
        for text in [
            "",
            ";;;",
            "'",
            "\"",
            "[",
            "/*",
            "--",
            "x'",
            "create trigger",
            "create trigger a begin ; end",
            "\u{feff}select 1",
            "é'é",
        ] {
            let _ = Pieces::new(text).count();
        }
    }
}
