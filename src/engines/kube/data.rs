//! ConfigMaps, Secrets and SealedSecrets: what their keys hold.
use super::{Object, Value, Variable};
use crate::engines::yaml::{Node, Span};
use base64::Engine as _;
use std::collections::BTreeMap;

/// Keys of an object.
pub(super) type Keys = BTreeMap<String, Variable>;

/// What is known of an object that a container names.
pub(super) enum Found<'a> {
    /// Its keys.
    Keys(&'a Keys),
    /// It is not in the files.
    Absent,
    /// It is there more than once, or in several namespaces that nothing chooses between.
    Several,
}

/// Keys by kind (`ConfigMap`, `Secret`) and name of the object, then by its namespace.
pub(super) struct Data(BTreeMap<(&'static str, String), Vec<(String, Keys)>>);

impl Data {
    pub(super) fn of(objects: &[Object<'_>]) -> Data {
        let mut all: BTreeMap<_, Vec<(String, Keys)>> = BTreeMap::new();
        for object in objects {
            if let Some(kind) = kind(object.node) {
                let keys = entries(object).into_iter().filter(|(_, variable)| text_key(variable)).collect();
                all.entry((kind, object.name.clone())).or_default().push((object.namespace.clone(), keys));
            }
        }
        Data(all)
    }

    /// The object as a workload of this namespace sees it. Objects without a namespace are where the workload is.
    pub(super) fn object(&self, kind: &'static str, name: &str, namespace: &str) -> Found<'_> {
        let all = self.0.get(&(kind, name.to_owned())).map(Vec::as_slice).unwrap_or_default();
        let fits = |of: &str| of.is_empty() || namespace.is_empty() || of == namespace;
        let mut fitting = all.iter().filter(|(of, _)| fits(of));
        match (fitting.next(), fitting.next()) {
            (None, _) => Found::Absent,
            (Some((_, keys)), None) => Found::Keys(keys),
            (Some(_), Some(_)) => Found::Several,
        }
    }
}

/// Keys of `binaryData` are no variables.
fn text_key(variable: &Variable) -> bool {
    !matches!(variable.value, Value::Reference(_))
}

/// The kind whose keys an object has.
pub(super) fn kind(object: &Node) -> Option<&'static str> {
    match object.get("kind").and_then(Node::text)? {
        "ConfigMap" => Some("ConfigMap"),
        "Secret" | "SealedSecret" => Some("Secret"),
        _ => None,
    }
}

/// The keys of one object; none for other kinds. `stringData` wins over `data`, as in the API server.
pub(super) fn entries(object: &Object<'_>) -> Vec<(String, Variable)> {
    let (node, own) = (object.node, &object.name);
    let Some(kind) = kind(node) else { return Vec::new() };
    let sealed = node.get("spec").and_then(|spec| spec.get("encryptedData"));
    let parts = [
        (node.get("binaryData"), "binary"),
        (node.get("data"), if kind == "Secret" { "secret64" } else { "plain" }),
        (node.get("stringData").filter(|_| kind == "Secret"), "secret"),
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
            found.push((key_text, Variable { value: value_of, file: object.file.to_owned(), span }));
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
