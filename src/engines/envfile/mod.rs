//! `.env` files as Docker Compose reads them, and the `${…}` in their values.
//!
//! There is no standard. Compose's dialect is followed, because it is written down, and because it is what reads the
//! `.env` files of services beside their Compose files. On the cases of `cases.json` python-dotenv and the npm packages
//! answer otherwise in about 4 of 10: npm cuts a value at every `#`, fills `${…}` between single quotes too, and runs
//! `$(…)` as a program; python-dotenv knows neither `$NAME` nor `:+` nor nested defaults. Both pass over lines that are
//! errors here, because a line that is not understood would be a variable that is not compared.
mod escape;
mod interpolate;

pub use interpolate::interpolate;

use std::collections::BTreeMap;

/// A byte range of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Lower case, no full stop; never holds a value.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// The value before interpolation, quotes and escapes removed; `None` for a bare `NAME`, which comes from the shell.
    pub value: Option<String>,
    /// Whether it stood in single quotes, so that `$` means nothing.
    pub literal: bool,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands, quotes included.
    pub value_span: Span,
}

/// All assignments of a file in order, and the lines that are none. The dialect is Compose's (compose-go): a comment
/// begins at ` #`, escapes count in double quotes only, and after a closing quote another assignment may follow.
pub fn parse(text: &str) -> (Vec<Entry>, Vec<Error>) {
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while let Some(start) = begin(text, at) {
        at = match statement(text, start) {
            Ok((entry, next)) => {
                entries.push(entry);
                next
            }
            Err((message, place)) => {
                let end = line_end(text, place);
                errors.push(Error { message: message.to_owned(), span: Span { start: place, end } });
                end + 1
            }
        };
    }
    (entries, errors)
}

/// Lines of `format: raw`: everything behind the first `=` is the value, quotes and `$` included.
pub fn parse_raw(text: &str) -> Vec<Entry> {
    let (mut entries, mut at) = (Vec::new(), if text.starts_with('\u{feff}') { 3 } else { 0 });
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        let name = body.split('=').next().unwrap_or_default();
        let from = at + (name.len() - name.trim_start().len());
        let name_span = Span { start: from, end: from + name.trim().len() };
        let value = body.split_once('=').map(|(_, value)| value.to_owned());
        let value_span =
            if value.is_some() { Span { start: at + name.len() + 1, end: at + body.len() } } else { name_span };
        let name = name.trim();
        if !name.is_empty() && !name.starts_with('#') {
            entries.push(Entry { name: name.to_owned(), value, literal: true, name_span, value_span });
        }
        at += line.len();
    }
    entries
}

/// The values after interpolation. A `$NAME` sees `outer` first, then `known` and the entries above it, as in Compose.
/// `known` gets the values of this file too, so that a later file sees them.
pub fn resolve_onto(
    entries: &[Entry],
    outer: &dyn Fn(&str) -> Option<String>,
    known: &mut BTreeMap<String, String>,
) -> (Vec<(Entry, Option<String>)>, Vec<Error>) {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for entry in entries {
        let value = match &entry.value {
            None => outer(&entry.name),
            Some(raw) if entry.literal => Some(raw.clone()),
            Some(raw) => match interpolate(raw, &|name| outer(name).or_else(|| known.get(name).cloned())) {
                Ok(value) => Some(value),
                Err(error) => {
                    errors.push(Error { message: error.message, span: entry.value_span });
                    continue;
                }
            },
        };
        if let Some(value) = &value {
            known.insert(entry.name.clone(), value.clone());
        }
        values.push((entry.clone(), value));
    }
    (values, errors)
}

/// As `resolve_onto`, for a file alone.
pub fn resolve(
    entries: &[Entry],
    outer: &dyn Fn(&str) -> Option<String>,
) -> (Vec<(Entry, Option<String>)>, Vec<Error>) {
    resolve_onto(entries, outer, &mut BTreeMap::new())
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found)
}

/// Blanks that are no line break.
fn blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// Where the next statement begins: blanks, empty lines and comments are passed over.
fn begin(text: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start().len();
        match text.get(at..)?.chars().next()? {
            '#' => at = line_end(text, at),
            _ => return Some(at),
        }
    }
}

type Failure = (&'static str, usize);

fn statement(text: &str, start: usize) -> Result<(Entry, usize), Failure> {
    let mut at = start;
    let body = text.get(at..line_end(text, at)).unwrap_or_default();
    let mut rest = body;
    if let Some(after) = body.strip_prefix("export").filter(|after| after.starts_with(blank)) {
        rest = after.trim_start_matches(blank);
        at += body.len() - rest.len();
    }
    let sign = rest.find(['=', ':']);
    let name = rest.get(..sign.unwrap_or(rest.len())).unwrap_or_default().trim_end();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "_.-[]".contains(c)) {
        return Err(("not a variable: the name is empty or holds a character that names do not have", at));
    }
    let name_span = Span { start: at, end: at + name.len() };
    let entry = |value, literal, value_span| Entry { name: name.to_owned(), value, literal, name_span, value_span };
    let Some(sign) = sign else {
        return Ok((entry(None, false, name_span), line_end(text, at) + 1));
    };
    let after = rest.get(sign + 1..).unwrap_or_default();
    let value = after.trim_start_matches(blank);
    let from = at + sign + 1 + (after.len() - value.len());
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (value, close) = quoted(text, from, quote).ok_or(("the quote is not closed", from))?;
            Ok((entry(Some(value), quote == '\'', Span { start: from, end: close + 1 }), close + 1))
        }
        _ => {
            let value = value.split(" #").next().unwrap_or_default().trim_end();
            let span = Span { start: from, end: from + value.len() };
            Ok((entry(Some(value.to_owned()), false, span), line_end(text, from) + 1))
        }
    }
}

/// The content of the quotes that open at `from`, and where they close.
fn quoted(text: &str, from: usize, quote: char) -> Option<(String, usize)> {
    let (mut value, mut escape) = (String::new(), false);
    for (at, c) in text.get(from + 1..)?.char_indices() {
        if c == quote && !escape {
            let value = if quote == '"' { escape::expand(&value) } else { value };
            return Some((value, from + 1 + at));
        }
        if c == '\\' && !escape {
            escape = true;
            continue;
        }
        if escape && c != quote {
            value.push('\\');
        }
        escape = false;
        value.push(c);
    }
    None
}

#[cfg(test)]
mod tests;
