//! `$NAME` and `${NAME…}` with defaults, alternatives and errors, nested, within limits.
use super::{Error, Span};

/// How deep defaults may be nested.
const DEPTH: usize = 32;
/// The longest text that is made.
const LENGTH: usize = 1024 * 1024;

/// Replaces `$NAME`, `${NAME}`, `${NAME:-d}`, `${NAME-d}`, `${NAME:?e}`, `${NAME?e}`, `${NAME:+x}`, `${NAME+x}` and `$$`.
/// A name that is not set gives nothing.
///
/// # Errors
/// When a `${` is not closed or holds no name, a required name is not set, or a limit is exceeded.
pub fn interpolate(text: &str, get: &dyn Fn(&str) -> Option<String>) -> Result<String, Error> {
    expand(text, get, 0)
}

fn fail<T>(message: impl Into<String>, start: usize, end: usize) -> Result<T, Error> {
    Err(Error { message: message.into(), span: Span { start, end } })
}

fn expand(text: &str, get: &dyn Fn(&str) -> Option<String>, depth: usize) -> Result<String, Error> {
    if depth > DEPTH {
        return fail(format!("defaults are nested deeper than {DEPTH}"), 0, text.len());
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let tail = tail.get(1..).unwrap_or_default();
        let start = text.len() - tail.len() - 1;
        if let Some(after) = tail.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inner) = tail.strip_prefix('{') {
            let Some(close) = closing(inner) else { return fail("`${` is not closed", start, text.len()) };
            let end = start + 2 + close;
            out.push_str(&braced(inner.get(..close).unwrap_or_default(), get, depth, (start, end))?);
            rest = inner.get(close + 1..).unwrap_or_default();
        } else {
            let length = name_length(tail);
            let name = tail.get(..length).unwrap_or_default();
            if name.is_empty() {
                out.push('$')
            } else {
                out.push_str(&get(name).unwrap_or_default())
            }
            rest = tail.get(length..).unwrap_or_default();
        }
        if out.len() > LENGTH {
            return fail("the text grows beyond 1 MiB", start, text.len());
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn name_length(text: &str) -> usize {
    let fits = |(at, c): &(usize, char)| *c == '_' || c.is_ascii_alphabetic() || (*at > 0 && c.is_ascii_digit());
    text.char_indices().take_while(fits).count()
}

/// Where the brace closes that opened just before `text`.
fn closing(text: &str) -> Option<usize> {
    let (mut open, mut before) = (0_usize, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '{' if before == '$' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => (),
        }
        before = c;
    }
    None
}

fn braced(
    inner: &str,
    get: &dyn Fn(&str) -> Option<String>,
    depth: usize,
    (start, end): (usize, usize),
) -> Result<String, Error> {
    let (name, rest) = inner.split_at(name_length(inner));
    if name.is_empty() {
        return fail("`${` without a name", start, end);
    }
    let value = get(name);
    let (strict, operator) = match rest.strip_prefix(':') {
        Some(operator) => (true, operator),
        None => (false, rest),
    };
    let set = value.as_ref().is_some_and(|value| !strict || !value.is_empty());
    let word = operator.get(1..).unwrap_or_default();
    match operator.chars().next() {
        None if !strict => Ok(value.unwrap_or_default()),
        Some('-') if set => Ok(value.unwrap_or_default()),
        Some('+') if !set => Ok(String::new()),
        Some('-' | '+') => expand(word, get, depth + 1),
        Some('?') if set => Ok(value.unwrap_or_default()),
        Some('?') => fail(format!("{name} is required and not set"), start, end),
        // The name is not said: in a password, what looks like one is a part of it.
        _ => fail("a name in `${…}` is followed by something that is no operator", start, end),
    }
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn every_operator_does_what_the_shell_does() {
        let get = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("$A ${A} $$A $N.", Some("a a $A .")),
            ("${E:-d} ${E-d} ${N-d}", Some("d  d")),
            ("${A:+x} ${E:+x} ${E+x} ${N+x}", Some("x  x ")),
            ("${N:-${M:-$A}}", Some("a")),
            ("${A:?e}${E?e}", Some("a")),
            ("${E:?e}", None),
            ("${N", None),
            ("${}", None),
            ("${A!x}", None),
            ("$ 5", Some("$ 5")),
        ] {
            assert_eq!(interpolate(text, &get).ok().as_deref(), expected, "{text}");
        }
        let deep = format!("{}{}", "${N-".repeat(40), "}".repeat(40));
        assert!(interpolate(&deep, &get).is_err());
    }
}
