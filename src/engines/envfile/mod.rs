//! `.env` files as Docker Compose reads them, and the `${…}` in their values.
mod interpolate;

pub use interpolate::interpolate;

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

/// All assignments of a file in order, and the lines that are none.
pub fn parse(text: &str) -> (Vec<Entry>, Vec<Error>) {
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < text.len() {
        at = match line(text, at) {
            Ok((entry, next)) => {
                entries.extend(entry);
                next
            }
            Err((message, start)) => {
                let end = line_end(text, start);
                errors.push(Error { message: message.to_owned(), span: Span { start, end } });
                end + 1
            }
        };
    }
    (entries, errors)
}

/// The values after interpolation. A `$NAME` sees `outer` first, then the entries above it, as in Compose.
pub fn resolve(
    entries: &[Entry],
    outer: &dyn Fn(&str) -> Option<String>,
) -> (Vec<(Entry, Option<String>)>, Vec<Error>) {
    let mut known = std::collections::BTreeMap::new();
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

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found)
}

type Failure = (&'static str, usize);

fn line(text: &str, start: usize) -> Result<(Option<Entry>, usize), Failure> {
    let end = line_end(text, start);
    let whole = text.get(start..end).unwrap_or_default();
    let body = whole.trim_start();
    let mut at = start + (whole.len() - body.len());
    if body.trim_end().is_empty() || body.starts_with('#') {
        return Ok((None, end + 1));
    }
    let mut rest = body;
    if let Some(after) = body.strip_prefix("export").filter(|after| after.starts_with([' ', '\t'])) {
        rest = after.trim_start();
        at += body.len() - rest.len();
    }
    let sign = rest.find(['=', ':']);
    let name = rest.get(..sign.unwrap_or(rest.len())).unwrap_or_default();
    let name = if sign.is_none() { name.split(" #").next().unwrap_or_default() } else { name }.trim_end();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "_.-[]".contains(c)) {
        return Err(("not a variable: the name is empty or holds a character that names do not have", at));
    }
    let name_span = Span { start: at, end: at + name.len() };
    let Some(sign) = sign else {
        return Ok((Some(entry(name, None, false, name_span, name_span)), end + 1));
    };
    let after = rest.get(sign + 1..).unwrap_or_default();
    let value = after.trim_start_matches([' ', '\t']);
    let from = at + sign + 1 + (after.len() - value.len());
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (value, close) = quoted(text, from, quote).ok_or(("the quote is not closed", from))?;
            let span = Span { start: from, end: close + 1 };
            Ok((Some(entry(name, Some(value), quote == '\'', name_span, span)), line_end(text, close) + 1))
        }
        _ => {
            let value = unquoted(value);
            let span = Span { start: from, end: from + value.len() };
            Ok((Some(entry(name, Some(value.to_owned()), false, name_span, span)), end + 1))
        }
    }
}

fn entry(name: &str, value: Option<String>, literal: bool, name_span: Span, value_span: Span) -> Entry {
    Entry { name: name.to_owned(), value, literal, name_span, value_span }
}

/// Up to a `#` that begins a word.
fn unquoted(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let cut = value.match_indices('#').find(|(at, _)| value.get(..*at).is_some_and(|head| head.ends_with([' ', '\t'])));
    value.get(..cut.map_or(value.len(), |(at, _)| at)).unwrap_or_default().trim_end()
}

/// The content of the quotes that open at `from`, and where they close.
fn quoted(text: &str, from: usize, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.get(from + 1..)?.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((value.replace("\r\n", "\n"), from + 1 + at)),
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                '$' => value.push_str("$$"),
                c @ ('"' | '\\' | '\'') => value.push(c),
                c => value.extend(['\\', c]),
            },
            '\\' if text.get(from + 1 + at + 1..).is_some_and(|rest| rest.starts_with('\'')) => {
                value.push('\'');
                chars.next();
            }
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{interpolate, parse, resolve};
    use proptest::prelude::{ProptestConfig, proptest};

    #[test]
    fn values_are_read_as_compose_reads_them() {
        for (text, name, value) in [
            ("A=b", "A", Some("b")),
            ("\u{feff}export  A = b \r\n", "A", Some("b")),
            ("IMAGE=postgres:17.6 # used only here", "IMAGE", Some("postgres:17.6")),
            ("A=b#c", "A", Some("b#c")),
            ("A=", "A", Some("")),
            ("A", "A", None),
            ("A: b", "A", Some("b")),
            ("A='$B # x' # y", "A", Some("$B # x")),
            ("A=\"l1\nl\\t2\\$X\"", "A", Some("l1\nl\t2$X")),
            ("X=1\nA=${X}2", "A", Some("12")),
            ("A=1\nA=2", "A", Some("2")),
            ("# c\n\nA=${NO:-${ALSO_NO-d}}", "A", Some("d")),
        ] {
            let (entries, errors) = parse(text);
            assert!(errors.is_empty(), "{text:?} {errors:?}");
            let (values, errors) = resolve(&entries, &|_| None);
            assert!(errors.is_empty(), "{text:?}");
            let last = values.last().expect("an entry");
            assert_eq!((last.0.name.as_str(), last.1.as_deref()), (name, value), "{text:?}");
        }
    }

    #[test]
    fn broken_lines_are_errors_with_a_place_and_the_others_count() {
        let (entries, errors) = parse("A=1\nnot a name=2\nB=3\nC=\"open");
        assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(errors.iter().map(|error| error.span.start).collect::<Vec<_>>(), [4, 23]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn nothing_panics(text in "[a-zA-Z=$ {}:?+\\-'\"\\\\#\n\r\u{e4}]{0,60}") {
            let (entries, errors) = parse(&text);
            for entry in &entries {
                assert!(text.get(entry.value_span.start..entry.value_span.end).is_some());
            }
            assert!(errors.iter().all(|error| text.get(error.span.start..error.span.end).is_some()));
            let _ = (resolve(&entries, &|_| None), interpolate(&text, &|_| Some("x".to_owned())));
        }
    }
}
