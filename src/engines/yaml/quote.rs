//! Scalars that every YAML reader reads back as the same text.
use super::scalar;
use std::fmt::Write as _;

/// The text as a scalar for a block or flow context: bare when no reader of YAML 1.1 or 1.2 could take it for anything
/// else, in double quotes otherwise.
pub fn quote(text: &str) -> String {
    if is_bare(text) { text.to_owned() } else { double(text) }
}

fn is_bare(text: &str) -> bool {
    let first = text.as_bytes().first();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'/'))
        && text.len() <= 200
        && text.split(' ').all(|word| !word.is_empty() && word.bytes().all(plain))
        && scalar::is_text(text)
        && scalar::is_text(&text.to_ascii_lowercase())
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' => push(&mut out, format_args!("\\x{:02X}", u32::from(c))),
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                push(&mut out, format_args!("\\u{:04X}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writing into a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}
