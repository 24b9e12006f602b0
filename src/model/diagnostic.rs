//! One complaint: a stable code, what is wrong, where, and the ways out. Also the error type of the whole program.
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// The result of everything that can fail with a coded error.
pub type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// What kind of failure a code is; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// pilab failed, or what it was given is broken: exit code 1.
    Failure,
    /// Wrong use of the command line: exit code 2.
    Usage,
    /// Authentication or permission is needed: exit code 4.
    Permission,
    /// Something could not be looked at; alone it is a `not checked` entry: exit code 5.
    Incomplete,
}

/// An error code of the program. Codes are for ever: never reused, never renamed.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Code {
    /// `PL` and four digits.
    pub id: &'static str,
    /// What went wrong in general, one line.
    pub title: &'static str,
    /// What it decides.
    pub class: Class,
    /// The text of `pilab explain CODE`: when it happens and what to do, in Markdown.
    pub help: &'static str,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth a look; nothing is refused.
    Warning,
    /// The document or the command cannot be used as it stands.
    Error,
}

/// A spot in a text file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Place {
    /// Path as the user knows it, `/` between parts.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// How many characters the caret line underlines; at least 1.
    pub width: usize,
    /// The line itself, without its end.
    pub text: String,
}

impl Place {
    /// The place of byte range `start..end` of `text`, which is the content of `file`.
    /// Positions outside the text are moved to its end.
    pub fn of(file: &str, text: &str, start: usize, end: usize) -> Place {
        let start = floor_boundary(text, start);
        let end = floor_boundary(text, end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line_text = text[line_start..line_end].trim_end_matches('\r');
        Place {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            width: text[start..end.min(line_end).max(start)].chars().count().max(1),
            text: line_text.to_owned(),
        }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A complaint about an input, or the reason why a command failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diagnostic {
    /// The stable code.
    #[serde(serialize_with = "code_id")]
    #[schemars(with = "String")]
    pub code: &'static Code,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A short text beside the caret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Sentences that follow: why, and what was not done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub notes: Vec<String>,
    /// Ways out, each with a command or an edit that can be copied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub hints: Vec<String>,
}

fn code_id<S: serde::Serializer>(code: &&'static Code, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(code.id)
}

impl Diagnostic {
    /// An error with this code and message.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            level: Level::Error,
            message: message.into(),
            place: None,
            label: None,
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning with this code and message.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { level: Level::Warning, ..Diagnostic::error(code, message) }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Diagnostic {
        self.place = Some(place);
        self
    }

    /// Puts a short text beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// Adds a sentence of explanation.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds a way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// Adds a "did you mean" hint when one of `known` is close to `word`.
    pub fn did_you_mean<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match closest(word, known) {
            Some(near) => self.hint(format!("did you mean '{near}'?")),
            None => self,
        }
    }
}

/// The entry of `known` that `word` was probably meant to be.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= (word.chars().count().max(candidate.chars().count()) / 3).clamp(1, 3)
        })
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.code.id, self.message)?;
        if let Some(place) = &self.place {
            write!(f, " ({}:{}:{})", place.file, place.line, place.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::{Place, closest};

    #[test]
    fn a_place_counts_characters_and_keeps_the_line() {
        let text = "a: 1\nfür: x\r\n";
        let place = Place::of("f.yaml", text, 11, 12);
        assert_eq!((place.line, place.column, place.width, place.text.as_str()), (2, 6, 1, "für: x"));
        assert_eq!(Place::of("f", "", 9, 99).line, 1);
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(closest("stagin", ["dev", "staging", "prod"]), Some("staging"));
        assert_eq!(closest("dependson", ["dependsOn"]), Some("dependsOn"));
        assert_eq!(closest("zebra", ["dev", "staging"]), None);
    }
}
