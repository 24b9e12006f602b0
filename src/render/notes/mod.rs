//! Release notes as Markdown (built-in or own template), as JSON, and as the one line that says what was left out.
mod escape;

#[cfg(test)]
mod tests;

use crate::model::{Diagnostic, Place, ReleaseNotes, Result, codes};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use std::collections::BTreeMap;

/// What notes can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotesFormat {
    /// Markdown, by a template.
    Markdown,
    /// The value itself.
    Json,
}

const MARKDOWN: &str = include_str!("../../../templates/notes/markdown.md.j2");
const CHANGELOG: &str = include_str!("../../../templates/notes/changelog.md.j2");
/// The built-in templates: what they are called, and their files.
const BUILT_IN: [(&str, &str, &str); 2] = [
    ("markdown", "templates/notes/markdown.md.j2", MARKDOWN),
    ("changelog", "templates/notes/changelog.md.j2", CHANGELOG),
];
/// Largest template, in bytes.
const MAX_TEMPLATE: usize = 1 << 20;
/// Work a template may do: hundreds of instructions for each entry of very large notes. It bounds memory too: a unit pays for
/// tens of bytes.
const FUEL: u64 = 4_000_000;
/// Calls within calls.
const DEPTH: usize = 100;
/// Largest output, in bytes.
const MAX_OUTPUT: usize = 16 << 20;

/// The value as JSON.
///
/// # Errors
/// PL0900 when the value has no JSON form.
pub fn json(notes: &ReleaseNotes) -> Result<String> {
    let text = serde_json::to_string_pretty(notes)
        .map_err(|error| Box::new(Diagnostic::error(&codes::PL0900, format!("the notes are not JSON: {error}"))))?;
    Ok(text + "\n")
}

/// File name and text of the built-in template with this name.
pub fn built_in(name: &str) -> Option<(&'static str, &'static str)> {
    BUILT_IN.iter().find(|(known, ..)| *known == name).map(|(_, file, text)| (*file, *text))
}

/// Markdown by the built-in template `markdown`, or by `template` (its name and its text). Names that do not exist are errors.
///
/// # Errors
/// PL0401 with the line of the template.
pub fn markdown(notes: &ReleaseNotes, template: Option<(&str, &str)>) -> Result<String> {
    let (name, source) = template.unwrap_or(("templates/notes/markdown.md.j2", MARKDOWN));
    if source.len() > MAX_TEMPLATE {
        let message = format!("the template {name} is larger than {MAX_TEMPLATE} bytes");
        return Err(Box::new(Diagnostic::error(&codes::PL0401, message)));
    }
    let own = !BUILT_IN.iter().any(|(.., text)| *text == source);
    let environment = environment(own);
    let mut output = Bounded::default();
    let rendered = environment.template_from_named_str(name, source).and_then(|template| {
        template.render_captured_to(Value::from(minijinja::value::Serde(notes)), &mut output).map(|_| ())
    });
    rendered.map_err(|error| Box::new(failure(&error, name, source, notes)))?;
    Ok(tidy(&String::from_utf8_lossy(&output.bytes)))
}

/// `notes: 24 commits → 11 entries. 13 commits left out: 8 merges, 3 chore, 2 already shipped`.
pub fn summary(notes: &ReleaseNotes) -> String {
    let sum = &notes.statistics;
    let mut text = format!("notes: {} → {}.", count(sum.commits, "commit"), entries(sum.entries));
    if sum.left_out > 0 {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for left in &notes.left_out {
            *reasons.entry(left.reason.as_str()).or_default() += 1;
        }
        let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(reason, number)| (std::cmp::Reverse(*number), *reason));
        let parts: Vec<String> = reasons.into_iter().map(|(reason, number)| reason_text(reason, number)).collect();
        text.push_str(&format!(" {} left out: {}", count(sum.left_out, "commit"), parts.join(", ")));
    }
    escape::plain(&text)
}

fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

fn reason_text(reason: &str, number: usize) -> String {
    match reason {
        "merge" => count(number, "merge"),
        "no module" => format!("{number} without a module"),
        _ => format!("{number} {}", reason.strip_prefix("type ").unwrap_or(reason)),
    }
}

fn environment(own: bool) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_debug(true);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_recursion_limit(DEPTH);
    environment.set_fuel(own.then_some(FUEL));
    let blocks = minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    if let Ok(blocks) = blocks {
        environment.set_syntax(blocks);
    }
    environment.add_filter("md", |text: Value| escape::markdown(&text.to_string()));
    environment.add_filter("cell", |text: Value| escape::cell(&text.to_string()));
    environment.add_filter("short", |id: Value| id.to_string().chars().take(7).collect::<String>());
    environment.add_filter("link", link);
    environment
}

/// A ticket or pull request as a link, or as its key when it has no address.
fn link(ticket: &Value) -> std::result::Result<String, Error> {
    let key = ticket.get_attr("key")?;
    if key.is_undefined() {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "the filter link takes a ticket or pull request (key, url)",
        ));
    }
    let url = ticket.get_attr("url")?;
    Ok(escape::link(&key.to_string(), url.as_str()))
}

/// Takes output until it is too much.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
}

impl std::io::Write for Bounded {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len().saturating_add(part.len()) > MAX_OUTPUT {
            return Err(std::io::Error::other(format!("the output is larger than {MAX_OUTPUT} bytes")));
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// No control characters, no blanks at the ends of lines, at most one empty line, one newline at the end.
fn tidy(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines() {
        let line = escape::plain(line);
        let line = line.trim_end();
        if !(line.is_empty() && empty) {
            result.push_str(line);
            result.push('\n');
        }
        empty = line.is_empty();
    }
    let end = result.trim_end().len();
    result.truncate(end);
    result.push('\n');
    result
}

/// The error with its line in the template.
fn failure(error: &Error, name: &str, source: &str, notes: &ReleaseNotes) -> Diagnostic {
    let what = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let cause = std::error::Error::source(error).map(|cause| escape::plain(&cause.to_string()));
    let mut diagnostic = Diagnostic::error(&codes::PL0401, escape::plain(&what));
    let line = error.line().unwrap_or(1).max(1);
    let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let range = error.range().filter(|range| range.end <= source.len() && range.start >= start);
    let (from, to) = range.map_or_else(
        || (start, start + source.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len)),
        |range| (range.start, range.end),
    );
    diagnostic = diagnostic.at(Place::of(name, source, from, to));
    if let Some(cause) = cause {
        diagnostic = diagnostic.note(cause);
    }
    let word =
        source.get(from..to).map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(""));
    if let (ErrorKind::UndefinedError, Some(word)) = (error.kind(), word) {
        let value = serde_json::to_value(notes).unwrap_or_default();
        let names: Vec<&str> =
            value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default();
        diagnostic = diagnostic.did_you_mean(word, names);
    }
    diagnostic.hint("`pilab notes --context` shows the value that templates see")
}
