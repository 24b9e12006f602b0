//! Complaints of our YAML parser in the words of go-yaml.
use crate::engines::yaml::{Error, ErrorKind};

/// Which line go-yaml names. It counts from 0 and adds one for some complaints only; line 0 is not named.
enum Line {
    /// The one we name.
    Same,
    /// The one before.
    Before,
    /// The next one, because it looks that far before it complains.
    Next,
    /// The end of the text.
    End,
    /// None.
    None,
}

/// What our message contains, what go-yaml says, and where.
const WORDS: &[(&str, &str, Line)] = &[
    ("mapping values are not allowed", "mapping values are not allowed in this context", Line::Same),
    ("block sequence entries are not allowed", "block sequence entries are not allowed in this context", Line::Same),
    ("mapping keys are not allowed", "mapping keys are not allowed in this context", Line::Same),
    ("unexpected character", "found character that cannot start any token", Line::Same),
    ("expected hexadecimal number", "did not find expected hexdecimal number", Line::Same),
    ("unknown escape character", "found unknown escape character", Line::Same),
    ("surrogate", "found invalid Unicode character escape code", Line::Same),
    ("handle wasn't declared", "found undefined tag handle", Line::Before),
    ("simple key expected ':'", "could not find expected ':'", Line::Next),
    ("did not find expected key", "did not find expected key", Line::Before),
    ("expected '-' indicator", "did not find expected '-' indicator", Line::Before),
    ("<document start>", "did not find expected <document start>", Line::Before),
    ("illegal placement of ':'", "did not find expected ',' or ']'", Line::Before),
    ("an implicit flow mapping", "did not find expected node content", Line::Before),
    ("alphabetic or numeric", "did not find expected alphabetic or numeric character", Line::Same),
    ("unclosed quote", "found unexpected end of stream", Line::End),
    ("unclosed bracket '{'", "did not find expected ',' or '}'", Line::Same),
    ("unclosed bracket '['", "did not find expected ',' or ']'", Line::Same),
    ("found a tab", "found a tab character that violates indentation", Line::Next),
    ("tabs disallowed", "found a tab character that violates indentation", Line::Next),
    ("a key must be a scalar", "invalid map key", Line::None),
    ("invalid trailing content after", "did not find expected key", Line::Before),
    ("only valid inside a block", "did not find expected node content", Line::Before),
    ("unexpected EOF while parsing a block", "did not find expected node content", Line::Before),
];

/// Go's text: `yaml: line 2: mapping values are not allowed in this context`.
pub(in crate::engines::helm) fn text(error: &Error, source: &str) -> String {
    let before = source.get(..error.span.start).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let quoted = error.message.split('\'').nth(1).unwrap_or_default();
    if error.kind == ErrorKind::BadMerge {
        return "yaml: map merge requires map or sequence of maps as the value".to_owned();
    }
    if error.kind == ErrorKind::UnknownAnchor {
        let name = source.get(error.span.start..error.span.end).unwrap_or_default().trim_start_matches('*');
        return match error.message.starts_with("there is no anchor") {
            true => format!("yaml: unknown anchor '{name}' referenced"),
            false => format!("yaml: anchor '{name}' value contains itself"),
        };
    }
    if let Some((_, tag)) = error.message.split_once("' is no ") {
        return format!("yaml: cannot decode !!str `{quoted}` as a {tag}");
    }
    if error.message == "misplaced bracket" {
        let message = if line == 1 { "did not find expected node content" } else { "did not find expected key" };
        return at(line - 1, message);
    }
    match WORDS.iter().find(|(ours, ..)| error.message.contains(ours)) {
        None => at(line, &error.message),
        Some((_, message, place)) => match place {
            // Complaints about the first line name none.
            Line::Same if line == 1 && !error.message.starts_with("unclosed") => at(0, message),
            Line::Same => at(line, message),
            Line::Before => at(line - 1, message),
            Line::Next => at(line + 1, message),
            Line::End if !source.contains('\n') => at(0, message),
            Line::End => at(source.matches('\n').count() + 1, message),
            Line::None => at(0, message),
        },
    }
}

fn at(line: usize, message: &str) -> String {
    match line {
        0 => format!("yaml: {message}"),
        _ => format!("yaml: line {line}: {message}"),
    }
}
