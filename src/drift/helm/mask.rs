//! Manifests as they may be shown: values of Secrets, and what is named like one, are replaced.
use crate::drift::env::{secret_name, secret_value};
use crate::engines::kube::objects::{Manifest, secret};
use crate::engines::yaml::{self, Node, Span};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a scalar becomes, and what a part of one becomes.
const MASK: &str = "\"***\"";
const INNER: &str = "***";

/// The text with every secret replaced by `"***"`. A text that does not parse is not shown at all: nobody knows what in it is a secret.
pub(super) fn masked(text: &str) -> String {
    let (documents, errors) = yaml::parse(text, &yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() });
    if let Some(error) = errors.first() {
        return format!("# not shown: {}\n", error.message);
    }
    let mut spans = Vec::new();
    for document in &documents {
        if document.get("kind").and_then(Node::text) == Some("Secret") {
            for part in ["data", "stringData"] {
                let entries = document.get(part).map(Node::as_map).unwrap_or_default();
                let values = entries.iter().filter(|(_, value)| !value.is_null());
                spans.extend(values.map(|(_, value)| (value.span, MASK)));
            }
        }
        search(text, document, &mut spans);
    }
    spans.sort();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (span, mask) in spans.into_iter().filter(|(span, _)| span.end > span.start) {
        // A span inside one that is masked already.
        if span.start < at {
            continue;
        }
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(mask);
        at = span.end;
        // A block scalar ends with its line.
        if text.get(span.start..span.end).is_some_and(|part| part.ends_with('\n')) {
            out.push('\n');
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Shorter values stand in too many texts by chance.
const SHORT: usize = 6;

/// The values of all Secrets, as they are written and decoded, longest first. What they say must not be shown anywhere else either.
pub(super) fn secrets(manifests: &[Manifest]) -> Vec<String> {
    let mut found = Vec::new();
    for manifest in manifests.iter().filter(|manifest| manifest.text.contains("Secret")) {
        let (documents, _) =
            yaml::parse_all_as_helm(&manifest.text, &yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() });
        for document in documents.iter().filter(|document| document.get("kind").and_then(Node::text) == Some("Secret"))
        {
            for part in ["data", "stringData"] {
                for (_, value) in document.get(part).map(Node::as_map).unwrap_or_default() {
                    let Some(text) = value.text() else { continue };
                    let decoded = STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                    found.extend(decoded.filter(|_| part == "data"));
                    found.push(text.to_owned());
                }
            }
        }
    }
    found.retain_mut(|text| {
        text.truncate(text.trim_end().len());
        text.len() >= SHORT && !text.contains('\n')
    });
    found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    found.dedup();
    found
}

/// The text without these secrets.
pub(super) fn without_secrets(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        if text.contains(secret.as_str()) {
            text = text.replace(secret.as_str(), INNER);
        }
    }
    text
}

type Masks = Vec<(Span, &'static str)>;

/// Scalars under a name that says secret, values of variables and flags with such a name, texts that look like one, and
/// what is secret inside longer texts.
fn search(text: &str, node: &Node, spans: &mut Masks) {
    let mut flag = false;
    for item in node.as_list() {
        scalar(text, item, flag, spans);
        let word = item.text().filter(|word| word.starts_with('-') && !word.contains('='));
        flag = word.is_some_and(|word| hides(word.trim_start_matches('-')));
    }
    let name = node.get("name").and_then(Node::text);
    for (key, value) in node.as_map() {
        let key = key.text().unwrap_or_default();
        let named = hides(key) || (key == "value" && name.is_some_and(hides));
        scalar(text, value, named, spans);
    }
}

fn scalar(text: &str, node: &Node, named: bool, spans: &mut Masks) {
    let Some(value) = node.text() else { return search(text, node, spans) };
    let whole = named || value.contains("PRIVATE KEY-----") || (value.lines().count() < 2 && speaks(value));
    if whole && !value.is_empty() {
        spans.push((node.span, MASK));
    } else {
        inside(text, node.span, spans);
    }
}

/// Whether a line of a file shows a secret: `db: { password: x }`.
pub(super) fn gives_away(line: &str) -> bool {
    let mut spans = Vec::new();
    named(line, 0, &mut spans);
    !spans.is_empty() || speaks(line.trim())
}

fn hides(name: &str) -> bool {
    secret_name(name) || secret::name(name)
}

fn speaks(value: &str) -> bool {
    secret_value(value) || secret::text(value)
}

/// Lines of a text that give themselves away, and values that a name in it says are secret: `password: x`,
/// `"token": "x"`, `--api-key=x`.
fn inside(text: &str, span: Span, spans: &mut Masks) {
    let Some(whole) = text.get(span.start..span.end) else { return };
    let quote =
        whole.chars().next().filter(|c| matches!(c, '"' | '\'')).filter(|c| whole.len() > 1 && whole.ends_with(*c));
    let (from, to) = if quote.is_some() { (span.start + 1, span.end - 1) } else { (span.start, span.end) };
    let mut at = from;
    for line in text.get(from..to).unwrap_or_default().split_inclusive('\n') {
        // A line of a text in double quotes may hold several.
        let mut start = at;
        for part in line.split("\\n") {
            let bare = part.trim_end_matches('\n');
            let indent = bare.len() - bare.trim_start().len();
            if whole.contains('\n') && speaks(bare.trim()) {
                spans.push((Span { start: start + indent, end: start + bare.len() }, INNER));
            } else {
                named(bare, start, spans);
            }
            start += part.len() + 2;
        }
        at += line.len();
    }
}

/// Values behind names in one line.
fn named(line: &str, offset: usize, spans: &mut Masks) {
    let mut done = 0;
    for (at, sign) in line.match_indices([':', '=']) {
        let (head, tail) = (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
        let name = head.trim_end_matches([' ', '"', '\'', '\\']);
        let name =
            name.rsplit(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.')).next().unwrap_or_default();
        let sets = sign == "=" || tail.starts_with([' ', '"', '\'', '\\']);
        if at < done || !sets || !hides(name.trim_start_matches('-')) {
            continue;
        }
        let start = at + 1 + (tail.len() - tail.trim_start_matches([' ', '"', '\'', '\\']).len());
        let value = line.get(start..).unwrap_or_default();
        let quote = line.get(..start).and_then(|head| head.chars().next_back()).filter(|c| matches!(c, '"' | '\''));
        let end = match quote {
            // An escaped quote is part of the value.
            Some(quote) => {
                let closes = |(at, _): &(usize, &str)| !value.get(..*at).unwrap_or_default().ends_with('\\');
                let deeper = line.get(..start).is_some_and(|head| head.ends_with("\\\""));
                let found = value.match_indices(quote).find(|found| deeper || closes(found)).map(|(at, _)| at);
                found.map(|at| value.get(..at).unwrap_or_default().trim_end_matches('\\').len())
            }
            None if head.contains('{') => {
                value.find([',', '}']).map(|at| value.get(..at).unwrap_or_default().trim_end().len())
            }
            None => None,
        };
        let end = end.unwrap_or(value.trim_end().len());
        // `true`, `false`, nothing, and what a template puts there are no secrets.
        let written = value.get(..end).unwrap_or_default();
        let plain = matches!(written, "" | "true" | "false" | "null" | "{" | "[" | "{}" | "[]");
        if !plain && !written.starts_with("{{") {
            spans.push((Span { start: offset + start, end: offset + start + end }, INNER));
        }
        done = start + end;
    }
}

#[cfg(test)]
mod tests {
    use super::{gives_away, masked};

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

    #[test]
    fn lines_that_show_a_secret() {
        for line in
            ["db: { pool: 5, password: abc }", "- --token=abc", "url: http://u:abc@h", "{ \"apiKey\": \"abc\" }"]
        {
            assert!(gives_away(line), "{line}");
        }
        for line in ["db: { pool: 5 }", "password: {{ .Values.password }}", "tokenFile: /run/x", "image: a/secret:1"] {
            assert!(!gives_away(line), "{line}");
        }
    }

    #[test]
    fn secrets_inside_texts_are_replaced() {
        for (text, shown) in [
            (
                "args: [\"--token=abc\", --password, abc, --level, info]\n",
                "args: [\"--token=***\", --password, \"***\", --level, info]\n",
            ),
            (
                "data:\n  a.yaml: |\n    db: { user: web, password: abc }\n    port: 80\n",
                "data:\n  a.yaml: |\n    db: { user: web, password: *** }\n    port: 80\n",
            ),
            (
                "data:\n  a.yaml: |\n    password: a, b}\n    x: 1\n",
                "data:\n  a.yaml: |\n    password: ***\n    x: 1\n",
            ),
            (
                "data:\n  a: |\n    admin.password=abc\n    url=http://u:abc@h/\n",
                "data:\n  a: |\n    admin.password=***\n    ***\n",
            ),
            ("a: '{\"apiKey\": \"abc\", \"n\": 1}'\n", "a: '{\"apiKey\": \"***\", \"n\": 1}'\n"),
            (
                "a: \"{\\\"apiKey\\\": \\\"abc\\\", \\\"n\\\": 1}\"\n",
                "a: \"{\\\"apiKey\\\": \\\"***\\\", \\\"n\\\": 1}\"\n",
            ),
            ("a: \"x: 1\\ntoken: abc\\ny: 2\"\n", "a: \"x: 1\\ntoken: ***\\ny: 2\"\n"),
            (
                "a: \"tokenFile: /run/x\"\nautomountServiceAccountToken: false\n",
                "a: \"tokenFile: /run/x\"\nautomountServiceAccountToken: false\n",
            ),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
