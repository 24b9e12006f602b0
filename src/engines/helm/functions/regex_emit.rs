//! Trees of regular expressions in the notation of the `regex` crate, with nothing left to the flags there.
use super::args::roomy;
use super::regex_class::{Class, Item};
use super::regex_parse::{Look, Node, Shape};
use std::fmt::Write;

/// A class without members.
const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// The pattern of a tree.
pub(super) fn pattern(node: &Node) -> String {
    let mut out = String::new();
    emit(&mut out, node);
    out
}

fn emit(out: &mut String, node: &Node) {
    match &node.shape {
        Shape::Empty => out.push_str("(?:)"),
        Shape::Literal { rune, fold } => literal(out, *rune, *fold),
        Shape::Class(set) => class(out, set),
        Shape::Any { newline: true } => out.push_str("(?s:.)"),
        Shape::Any { newline: false } => out.push_str(r"[^\x{A}]"),
        Shape::Look(look) => out.push_str(match look {
            Look::TextStart => r"\A",
            Look::TextEnd => r"\z",
            Look::LineStart => "(?m:^)",
            Look::LineEnd => "(?m:$)",
            Look::WordBoundary => r"(?-u:\b)",
            Look::NoWordBoundary => r"(?-u:\B)",
        }),
        Shape::Capture(inner) => wrapped(out, "(", inner),
        Shape::Repeat { node, min, max, lazy } => {
            wrapped(out, "(?:", node);
            _ = match (min, max) {
                (0, None) => write!(out, "*"),
                (1, None) => write!(out, "+"),
                (0, Some(1)) => write!(out, "?"),
                (min, None) => write!(out, "{{{min},}}"),
                (min, Some(max)) => write!(out, "{{{min},{max}}}"),
            };
            if *lazy {
                out.push('?');
            }
        }
        Shape::Concat(parts) => {
            for part in parts {
                match part.shape {
                    Shape::Alternate(_) => wrapped(out, "(?:", part),
                    _ => roomy(|| emit(out, part)),
                }
            }
        }
        Shape::Alternate(branches) => {
            for (at, branch) in branches.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                roomy(|| emit(out, branch));
            }
        }
    }
}

fn wrapped(out: &mut String, open: &str, node: &Node) {
    out.push_str(open);
    roomy(|| emit(out, node));
    out.push(')');
}

fn literal(out: &mut String, rune: u32, fold: bool) {
    // Surrogates are no characters: nothing matches them.
    let Some(char) = char::from_u32(rune) else { return out.push_str(NOTHING) };
    _ = match fold && char.is_alphabetic() {
        true => write!(out, r"(?i:\x{{{rune:X}}})"),
        false => write!(out, r"\x{{{rune:X}}}"),
    };
}

fn class(out: &mut String, class: &Class) {
    let mut body = String::new();
    for item in &class.items {
        _ = match item {
            Item::Named { body: name, negated: false } => write!(body, "[{name}]"),
            Item::Named { body: name, negated: true } => write!(body, "[^{name}]"),
            Item::Range(low, high) => match (from(*low), to(*high)) {
                (low, high) if low <= high => write!(body, r"\x{{{low:X}}}-\x{{{high:X}}}"),
                _ => Ok(()),
            },
        };
    }
    if body.is_empty() {
        // Only surrogates: nothing, or everything.
        out.push_str(if class.negated { "(?s:.)" } else { NOTHING });
        return;
    }
    let (open, close) = if class.fold { ("(?i:", ")") } else { ("", "") };
    let caret = if class.negated { "^" } else { "" };
    _ = write!(out, "{open}[{caret}{body}]{close}");
}

/// The first character from here on.
fn from(rune: u32) -> u32 {
    if (0xd800..0xe000).contains(&rune) { 0xe000 } else { rune }
}

/// The last character up to here.
fn to(rune: u32) -> u32 {
    if (0xd800..0xe000).contains(&rune) { 0xd7ff } else { rune }
}
