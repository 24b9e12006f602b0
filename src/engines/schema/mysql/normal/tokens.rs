//! The normal form of what is not taken apart: its tokens.
use super::quote;
use crate::engines::schema::mysql::text::{Kind, Token};

/// Tokens with single spaces, words in lower case, names without quotes.
pub(in crate::engines::schema::mysql) fn token_form(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut before: Option<&Token<'_>> = None;
    for token in tokens {
        let text = match token.kind {
            Kind::Word | Kind::Number => token.text.to_lowercase(),
            Kind::Quoted => token.text.to_lowercase(),
            Kind::Text => quote(&token.text),
            Kind::Hex => format!("0x{}", token.text.to_ascii_uppercase()),
            Kind::Bit => format!("0b{}", token.text),
            Kind::Variable => format!("@{}", token.text.to_lowercase()),
            Kind::Symbol if token.text == "!=" => "<>".to_owned(),
            Kind::Symbol => token.text.to_string(),
        };
        let close = matches!(&*text, "," | ")" | "." | "(") && token.kind == Kind::Symbol;
        let opened = before.is_some_and(|last| last.kind == Kind::Symbol && matches!(&*last.text, "(" | "."));
        let gap = before.is_some()
            && !opened
            && (!close || (text == "(" && before.is_some_and(|last| last.kind == Kind::Symbol)));
        if gap {
            out.push(' ');
        }
        out.push_str(&text);
        before = Some(token);
    }
    out
}

/// A body: ends trimmed, line ends made equal.
pub(in crate::engines::schema::mysql) fn body(text: &str) -> String {
    text.replace("\r\n", "\n").trim().trim_end_matches(|one: char| one == ';' || one.is_whitespace()).to_owned()
}
