//! Manifests as they may be shown: values of Secrets, and what is named like one, are replaced.
use crate::drift::env::{secret_name, secret_value};
use crate::engines::yaml::{self, Node, Span};

const MASK: &str = "\"***\"";

/// The text with every secret replaced by `"***"`. A text that does not parse is not shown at all: nobody knows what in it is a secret.
pub fn masked(text: &str) -> String {
    let (documents, errors) = yaml::parse(text, &yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() });
    if let Some(error) = errors.first() {
        return format!("# not shown: {}\n", error.message);
    }
    let mut spans = Vec::new();
    for document in &documents {
        if document.get("kind").and_then(Node::text) == Some("Secret") {
            for part in ["data", "stringData"] {
                let entries = document.get(part).map(Node::as_map).unwrap_or_default();
                spans.extend(entries.iter().filter(|(_, value)| !value.is_null()).map(|(_, value)| value.span));
            }
        }
        search(document, &mut spans);
    }
    spans.sort();
    spans.dedup();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for span in spans.into_iter().filter(|span| span.end > span.start) {
        // A span inside one that is masked already.
        if span.start < at {
            continue;
        }
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(MASK);
        at = span.end;
        // A block scalar ends with its line.
        if text.get(span.start..span.end).is_some_and(|part| part.ends_with('\n')) {
            out.push('\n');
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Scalars under a name that says secret, values of variables with such a name, and texts that look like one.
fn search(node: &Node, spans: &mut Vec<Span>) {
    for item in node.as_list() {
        search(item, spans);
    }
    let name = node.get("name").and_then(Node::text);
    for (key, value) in node.as_map() {
        let key = key.text().unwrap_or_default();
        let named = secret_name(key) || (key == "value" && name.is_some_and(secret_name));
        match value.text() {
            Some(text) if !text.is_empty() && (named || secret_value(text)) => spans.push(value.span),
            _ => search(value, spans),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_replaced_and_nothing_else() {
        let text =
            "kind: Secret\nmetadata:\n  name: db\ndata:\n  user: YQ==\n  key: |\n    abc\n    def\ntype: Opaque\n";
        let shown =
            "kind: Secret\nmetadata:\n  name: db\ndata:\n  user: \"***\"\n  key: |\n    \"***\"\ntype: Opaque\n";
        assert_eq!(masked(text), shown);
        let text = "kind: Deployment\nenv:\n- name: DB_PASSWORD\n  value: hunter2\n- name: PORT\n  value: \"80\"\n";
        let shown = "kind: Deployment\nenv:\n- name: DB_PASSWORD\n  value: \"***\"\n- name: PORT\n  value: \"80\"\n";
        assert_eq!(masked(text), shown);
        assert!(masked("a: [").starts_with("# not shown: "));
    }
}
