//! The reader against Helm 4: what `fromYaml | toJson` answered to each text in `helm4.json` (`"error"` where it refused).
use super::{Limits, Node, parse};
use serde_json::Value;

/// Texts to which our answer is another one on purpose, and why.
const DIFFERENT: &[(&str, &str)] = &[];

fn ours(text: &str) -> Value {
    let (nodes, errors) = parse(text, &Limits::default());
    if !errors.is_empty() {
        return Value::from("error");
    }
    match nodes.first().map(Node::to_json) {
        None | Some(Value::Null) => serde_json::json!({}),
        Some(value @ Value::Object(_)) => value,
        // `fromYaml` is for mappings only.
        Some(_) => Value::from("error"),
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
