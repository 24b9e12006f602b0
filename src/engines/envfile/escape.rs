//! Escapes in double quotes: `\n`, `\t`, `\\`, `\$`, `\0101` … as Compose reads them; anything else stays as it is written.

/// Replaces the escapes. `\$` becomes `$$`, so that interpolation leaves it alone.
pub(super) fn expand(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let body = tail.get(1..).unwrap_or_default();
        let (made, length) = match body.chars().next() {
            Some('a') => ("\u{7}".to_owned(), 1),
            Some('b') => ("\u{8}".to_owned(), 1),
            Some('f') => ("\u{c}".to_owned(), 1),
            Some('n') => ("\n".to_owned(), 1),
            Some('r') => ("\r".to_owned(), 1),
            Some('t') => ("\t".to_owned(), 1),
            Some('v') => ("\u{b}".to_owned(), 1),
            Some('$') => ("$$".to_owned(), 1),
            Some(c @ ('"' | '\\')) => (c.to_string(), 1),
            Some('0') => octal(body),
            _ => ("\\".to_owned(), 0),
        };
        out.push_str(&made);
        rest = body.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// `0` and three octal digits; of what is not of that form only the `0` is dropped.
fn octal(body: &str) -> (String, usize) {
    let digits: String = body.chars().skip(1).take(3).take_while(char::is_ascii_digit).collect();
    let code = if digits.len() == 3 { u8::from_str_radix(&digits, 8).ok() } else { None };
    match code {
        Some(code) => (char::from(code).to_string(), 4),
        None => (format!("\\{digits}"), 1 + digits.len()),
    }
}
