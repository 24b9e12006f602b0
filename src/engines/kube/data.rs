//! ConfigMaps, Secrets and SealedSecrets: what their keys hold.
use super::{Value, Variable, name};
use crate::engines::yaml::{Node, Span};
use base64::Engine as _;
use std::collections::BTreeMap;

/// Keys by kind (`ConfigMap`, `Secret`) and name of the object.
pub(super) struct Data(BTreeMap<(&'static str, String), BTreeMap<String, Variable>>);

impl Data {
    pub(super) fn of(objects: &[(&str, &Node)]) -> Data {
        let mut all: BTreeMap<_, BTreeMap<String, Variable>> = BTreeMap::new();
        for (file, object) in objects {
            if let Some(kind) = kind(object) {
                all.entry((kind, name(object))).or_default().extend(entries(file, object));
            }
        }
        Data(all)
    }

    pub(super) fn object(&self, kind: &'static str, name: &str) -> Option<&BTreeMap<String, Variable>> {
        self.0.get(&(kind, name.to_owned()))
    }
}

fn kind(object: &Node) -> Option<&'static str> {
    match object.get("kind").and_then(Node::text)? {
        "ConfigMap" => Some("ConfigMap"),
        "Secret" | "SealedSecret" => Some("Secret"),
        _ => None,
    }
}

/// The keys of one object; none for other kinds.
pub(super) fn entries(file: &str, object: &Node) -> Vec<(String, Variable)> {
    let Some(kind) = kind(object) else { return Vec::new() };
    let own = name(object);
    let sealed = object.get("spec").and_then(|spec| spec.get("encryptedData"));
    let parts = [
        (object.get("binaryData"), "binary"),
        (object.get("data"), if kind == "Secret" { "secret64" } else { "plain" }),
        (object.get("stringData"), "secret"),
        (sealed, "sealed"),
    ];
    let mut found = Vec::new();
    for (part, form) in parts {
        for (key, value) in part.map(Node::as_map).unwrap_or_default() {
            let Some(key_text) = key.scalar_text() else { continue };
            let text = if value.is_null() { String::new() } else { value.scalar_text().unwrap_or_default() };
            let value_of = match form {
                "plain" => Value::Literal(text),
                "binary" => Value::Reference(format!("k8s://{kind}/{own}#{key_text}")),
                "secret" => Value::Secret(text),
                "sealed" => Value::SecretRef(format!("k8s://Secret/{own}#{key_text}")),
                _ => Value::Secret(decode(&text)),
            };
            let span = Span { start: key.span.start, end: value.span.end.max(key.span.end) };
            found.push((key_text, Variable { value: value_of, file: file.to_owned(), span }));
        }
    }
    found
}

/// The text behind base64; what does not decode to text stays as it is written.
fn decode(text: &str) -> String {
    let compact: String = text.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(&compact).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(compact)
}
