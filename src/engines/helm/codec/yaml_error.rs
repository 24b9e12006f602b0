//! Complaints of our YAML parser in the words of go-yaml.
use crate::engines::gotemplate::fmt::{format_float, quote};
use crate::engines::yaml::{Data, Error, ErrorKind, Limits, Node, parse_as_helm};

/// Which line go-yaml names. It counts from 0 and adds one for some complaints only; line 0 is not named.
enum Line {
    /// The one we name, unless it is the first.
    Same,
    /// The one we name.
    Always,
    /// The one before.
    Before,
    /// The next one, because it looks that far before it complains.
    Next,
    /// The end of the text.
    End,
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
    ("comment intercepting", "did not find expected key", Line::Always),
    ("found a tab", "found a tab character that violates indentation", Line::Next),
    ("tabs disallowed", "found character that cannot start any token", Line::Same),
    (
        "block scalar content cannot start with a tab",
        "found a tab character where an indentation space is expected",
        Line::Next,
    ),
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
    if error.message.contains("a key must be a scalar") {
        return invalid_key(source.get(error.span.start..error.span.end).unwrap_or_default());
    }
    if let Some(text) = flow(error, source, before, line) {
        return text;
    }
    match WORDS.iter().find(|(ours, ..)| error.message.contains(ours)) {
        None => match error.message.split_once(", ").filter(|(context, _)| context.starts_with("while ")) {
            // The scanner names its line, but not the first.
            Some((_, problem)) => at(if line == 1 { 0 } else { line }, problem),
            None => at(line, &error.message),
        },
        Some((_, message, place)) => match place {
            // Complaints about the first line name none.
            Line::Same if line == 1 => at(0, message),
            Line::Same | Line::Always => at(line, message),
            Line::Before => at(line - 1, message),
            Line::Next => at(line + 1, message),
            Line::End if !source.contains('\n') => at(0, message),
            Line::End => at(source.matches('\n').count() + 1, message),
        },
    }
}

/// Complaints about brackets, which depend on what stands before the place.
fn flow(error: &Error, source: &str, before: &str, line: usize) -> Option<String> {
    let message = error.message.as_str();
    let wants_node = |text: &str| text.trim_end().ends_with([':', ',', '[', '{', '-']) || text.trim().is_empty();
    let wanted = |bracket: char| match bracket {
        '[' => "did not find expected ',' or ']'",
        _ => "did not find expected ',' or '}'",
    };
    if message == "misplaced bracket" {
        let node = wants_node(before);
        return Some(at(
            line - 1,
            if node { "did not find expected node content" } else { "did not find expected key" },
        ));
    }
    if let Some(bracket) = message.strip_prefix("unclosed bracket '").and_then(|rest| rest.chars().next()) {
        let uncommented: Vec<&str> =
            source.lines().map(|line| line.find('#').map_or(line, |at| line.get(..at).unwrap_or(line))).collect();
        let node = wants_node(&uncommented.join("\n"));
        let text = if node { "did not find expected node content" } else { wanted(bracket) };
        return Some(at(source.lines().count(), text));
    }
    if let Some(bracket) = message.strip_prefix("mismatched bracket '").and_then(|rest| rest.chars().next()) {
        let closed = message.rsplit('\'').nth(1).unwrap_or_default();
        let inside =
            source.get(error.span.start..).and_then(|rest| rest.split_once(closed)).map_or("", |(inside, _)| inside);
        return Some(at(
            line - 1,
            if wants_node(inside) { "did not find expected node content" } else { wanted(bracket) },
        ));
    }
    if ["did not find expected ',' or '}'", "did not find expected key", "invalid trailing content"]
        .iter()
        .any(|ours| message.contains(ours))
    {
        let open = innermost(before.rsplit('\n').next().unwrap_or_default());
        let other = (message.contains("flow mapping")).then_some('{');
        return open.or(other).map(|bracket| at(line - 1, wanted(bracket)));
    }
    None
}

/// The last bracket of a line that is not closed there.
fn innermost(line: &str) -> Option<char> {
    let (mut open, mut quote) = (Vec::new(), None);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if !open.is_empty() => quote = Some(letter),
            (None, '[' | '{') => open.push(letter),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// What is said of a list or mapping as a key, which is what `{{ x }}` in a values file is.
fn invalid_key(key: &str) -> String {
    let (nodes, _) = parse_as_helm(key, &Limits::default());
    match nodes.first() {
        Some(node) => format!("yaml: invalid map key: {}", syntax(node)),
        None => "yaml: invalid map key".to_owned(),
    }
}

/// A node as Go writes a value in its own syntax.
fn syntax(node: &Node) -> String {
    super::deeper(|| match &node.data {
        Data::Null => "interface {}(nil)".to_owned(),
        Data::Bool(on) => on.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => format_float(*number, b'g', None),
        Data::Text(text) => String::from_utf8_lossy(&quote(text.as_bytes())).into_owned(),
        Data::List(items) => {
            format!("[]interface {{}}{{{}}}", items.iter().map(syntax).collect::<Vec<_>>().join(", "))
        }
        Data::Map(entries) => {
            let mut entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}:{}", syntax(key), syntax(value))).collect();
            entries.sort();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    })
}

fn at(line: usize, message: &str) -> String {
    match line {
        0 => format!("yaml: {message}"),
        _ => format!("yaml: line {line}: {message}"),
    }
}
