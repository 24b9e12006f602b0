//! The reader against Helm 4: what `fromYaml | toJson` answered to each text in `helm4.json` (`"error"` where it refused).
use super::{Data, Limits, Node, parse};
use serde_json::Value;

/// Texts to which our answer is another one on purpose, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("a: .nan", "JSON has no such number; we keep the text, Helm gives up on the document"),
    ("a: .NaN", "as above"),
    ("a: .NAN", "as above"),
    ("a: .inf", "as above"),
    ("a: .Inf", "as above"),
    ("a: .INF", "as above"),
    ("a: +.inf", "as above"),
    ("a: -.inf", "as above"),
    ("a: -.Inf", "as above"),
    ("a: !!binary '!'", "we read no base64; the text is kept"),
    ("null: a", "a key that is null is an empty key; Helm gives up on the document"),
    ("~: a", "as above"),
    (": a", "as above"),
    ("a: 1\na: 2", "a key that stands twice is an error"),
    ("a: 1\n'a': 2", "as above"),
    ("1: a\n'1': b", "as above"),
    ("{a: 1, a: 2}", "a key that stands twice is an error"),
    ("x: &b {p: 1}\ny: &c {q: 2}\na:\n  <<: *b\n  <<: *c", "a second << is a key that stands twice"),
    (
        "x: &b {p: 1, q: 2}\na:\n  p: 9\n  <<: *b",
        "a key of the mapping itself wins wherever it stands, as YAML has it; in Helm a later << overwrites it",
    ),
    ("x: &b {p: 1, <<: {p: 2, z: 3}}\na: *b", "as above"),
    ("a: \"\\/\"", "YAML 1.2 has this escape, YAML 1.1 does not"),
    ("a: \"\\uD83D\\uDE00\"", "YAML 1.2 is a superset of JSON, in which this is one character"),
    ("a: |\n  \tx\n", "a tab after the indentation belongs to the text"),
    ("a: |1\n x", "a last line without an end gets one"),
    ("a: 'x'# c", "a comment begins behind a space"),
    ("a: {b:}", "a colon before a bracket ends a key"),
    ("\ta: 1", "a tab before a key at the margin is space"),
    ("%YAML 1.2\n---\na: yes", "both versions are read"),
    ("%FOO x\n---\na: 1", "a directive that nobody knows is left out, as YAML has it"),
    ("...\na: 1", "an end of a document that never began is no error"),
    ("a: x\u{85}y", "printable in YAML 1.2"),
    ("a: x\u{2028}y", "printable in YAML 1.2"),
    ("a: [-]", "a lone dash is no text"),
    ("a: [?]", "a lone question mark in brackets is a text"),
    ("a: [:]", "a lone colon in brackets is a mapping of nothing to nothing"),
];

fn ours(text: &str) -> Value {
    let (nodes, errors) = parse(text, &Limits::default());
    if !errors.is_empty() {
        return Value::from("error");
    }
    match nodes.first().map(resolved) {
        None | Some(Value::Null) => serde_json::json!({}),
        Some(value @ Value::Object(_)) => value,
        // `fromYaml` is for mappings only.
        Some(_) => Value::from("error"),
    }
}

/// As JSON with the keys that Kubernetes tools make: `yes` is `true`.
fn resolved(node: &Node) -> Value {
    match &node.data {
        Data::List(items) => items.iter().map(resolved).collect(),
        Data::Map(entries) => {
            let pairs = entries.iter().filter_map(|(key, value)| Some((key.resolved_key()?, resolved(value))));
            Value::Object(pairs.collect())
        }
        _ => node.to_json(),
    }
}

/// Equal, where Helm made every number a float.
fn same(ours: &Value, helm: &Value) -> bool {
    match (ours, helm) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => ours == helm,
    }
}

#[test]
fn texts_are_read_as_helm_reads_them() {
    let cases: Vec<(String, Value)> = serde_json::from_str(include_str!("helm4.json")).unwrap();
    assert!(cases.len() > 400);
    let mut wrong = Vec::new();
    for (text, helm) in &cases {
        let ours = ours(text);
        let known = DIFFERENT.iter().any(|(other, _)| other == text);
        if same(&ours, helm) == known {
            wrong.push(format!("{text:?}\n    ours {ours}\n    helm {helm}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn helm_takes_entries_in_their_order() {
    let first = |text: &str| super::parse_as_helm(text, &Limits::default()).0.first().map(resolved);
    for (text, answer) in [
        ("a: 1\na: 2", r#"{"a":2}"#),
        ("x: &b {p: 1, q: 2}\na:\n  p: 9\n  <<: *b", r#"{"x":{"p":1,"q":2},"a":{"p":1,"q":2}}"#),
        ("x: &b {p: 1, q: 2}\na:\n  <<: *b\n  p: 9", r#"{"x":{"p":1,"q":2},"a":{"p":9,"q":2}}"#),
        ("x: &b {p: 1}\nz: &c {q: 2}\na:\n  <<: *b\n  <<: *c", r#"{"x":{"p":1},"z":{"q":2},"a":{"p":1,"q":2}}"#),
        ("a: 1\n---\nb: [", r#"{"a":1}"#),
    ] {
        assert_eq!(first(text).map(|value| value.to_string()).as_deref(), Some(answer), "{text}");
    }
}
