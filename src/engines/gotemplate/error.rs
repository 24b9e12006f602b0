//! What can go wrong with a template, in Go's words and with Go's place.
use std::fmt;

/// Which step failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the text.
    Parse,
    /// Running it.
    Exec,
    /// Running it was stopped by a limit.
    Limit,
}

/// An error. `Display` gives exactly Go's text: `template: NAME:LINE:COL: executing "NAME" at <CONTEXT>: MESSAGE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Which step.
    pub stage: Stage,
    /// The whole text, as Go prints it.
    pub text: String,
    /// The template text in which it happened (the file, for Helm); of the innermost failing template.
    pub template: String,
    /// Line, from 1; 0 when not known.
    pub line: u32,
    /// Column in bytes, from 0 as Go counts; 0 for parse errors.
    pub column: u32,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
