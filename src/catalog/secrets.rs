//! Finds secrets that are written as values, and what must be hidden in everything that is shown of a file.
use super::document::MOST;
use super::file::{File, is_credential};
use crate::engines::yaml::{Data, Node, Span};
use crate::model::{Diagnostic, codes};
use regex::Regex;
use std::sync::LazyLock;

/// A value that must not be shown, and what is to be said of it.
struct Found {
    span: Span,
    problem: Option<(bool, String)>,
}

/// Hides all secrets of the documents in the file, and reports those that are values. Gives where the certain ones stand.
pub(super) fn scan(file: &mut File, documents: &[Node], problems: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut certain_ones = Vec::new();
    let mut found = Vec::new();
    for document in documents {
        let linked = matches!(document.get("kind").and_then(Node::text), Some("Integration" | "Source"));
        walk(document, Context { key: "", parent: "", linked }, &mut found);
    }
    file.hide(found.iter().map(|one| one.span).collect());
    for Found { span, problem } in found {
        let Some((certain, message)) = problem else { continue };
        if certain {
            certain_ones.push(span.start);
        }
        if problems.len() > MOST {
            continue;
        }
        let problem = if certain {
            Diagnostic::error(&codes::PL0015, message)
        } else {
            Diagnostic::warning(&codes::PL0015, message)
        };
        problems.push(
            problem
                .at(file.place(span))
                .hint("keep it elsewhere and write a reference under secrets: NAME: { ref: \"vault://…\" }"),
        );
    }
    certain_ones
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Context<'a> {
    /// The key that leads to it.
    key: &'a str,
    /// The key above that.
    parent: &'a str,
    /// Whether the document describes a link to another system.
    linked: bool,
}

fn walk(node: &Node, context: Context<'_>, found: &mut Vec<Found>) {
    match &node.data {
        Data::Map(_) if context.parent == "secrets" => secret_entry(node, context, found),
        Data::Map(entries) => {
            for (key, value) in entries {
                let name = key.scalar_str().unwrap_or("");
                walk(value, Context { key: name, parent: context.key, ..context }, found);
            }
        }
        Data::List(items) => items.iter().for_each(|item| walk(item, context, found)),
        _ => scalar(node, context, found),
    }
}

fn secret_entry(node: &Node, context: Context<'_>, found: &mut Vec<Found>) {
    for (key, value) in node.as_map() {
        let name = key.scalar_str().unwrap_or("");
        let kept = matches!(name, "ref" | "digest") || value.is_null();
        let text = value.scalar_str().unwrap_or("");
        if !kept {
            let message = format!("the secret '{}' is written as a value", context.key);
            found.push(Found { span: value.span, problem: Some((true, message)) });
        } else if !is_reference(text) || is_credential(text) {
            found.push(Found { span: value.span, problem: None });
        }
    }
}

fn scalar(node: &Node, context: Context<'_>, found: &mut Vec<Found>) {
    let text = node.scalar_str().unwrap_or("");
    if text.is_empty() {
        return;
    }
    let key = context.key;
    let problem = if is_credential(text) {
        Some((true, format!("'{key}' holds what looks like a real credential")))
    } else if is_reference(text) {
        None
    } else if context.parent == "secrets" {
        Some((true, format!("the secret '{key}' is written as a value")))
    } else if context.linked && ["token", "password", "secret", "apiKey", "privateKey"].contains(&key) {
        Some((true, format!("'{key}' is written as a value")))
    } else if context.parent == "variables" && sounds_secret(key) && !matches!(node.data, Data::Bool(_)) {
        Some((false, format!("the name of the variable '{key}' says that it is a secret")))
    } else {
        None
    };
    found.extend(problem.map(|problem| Found { span: node.span, problem: Some(problem) }));
}

/// Whether the text only says where the value is.
fn is_reference(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    let plain = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let template = ["${", "$(", "{{", "<"].iter().any(|start| text.starts_with(start));
    plain || template || text.starts_with("hmac-sha256:")
}

static SECRET_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[_.-])(?:passw(?:or)?d|passphrase|secret|token|(?:api|private|access|secret|encryption|signing)_?key|credentials?)(?:$|[_.-]\d+$|[_.-](?:value|key|prod|test|base64)$)|(?i:password$)").ok()
});

fn sounds_secret(name: &str) -> bool {
    SECRET_NAME.as_ref().is_some_and(|pattern| pattern.is_match(name))
}
