//! Own kustomizations against what `kubectl kustomize` (kustomize 5.5.0) makes of them.
use super::*;
use crate::tree::MemTree;
use serde_json::Value;

fn tree(files: &Value) -> MemTree {
    let files = files.as_object().into_iter().flatten();
    MemTree::of(files.filter_map(|(path, text)| Some((path.as_str(), text.as_str()?))))
}

/// Numbers as numbers, whether they were written whole or not.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other.clone(),
    }
}

#[test]
fn objects_are_those_of_kustomize() {
    let table: Value = serde_json::from_str(include_str!("testdata/cases.json")).expect("the table");
    let mut wrong = Vec::new();
    let cases = table["cases"].as_array().expect("cases");
    for case in cases {
        let mut files = tree(&table["shared"]);
        for (path, text) in tree(&case["files"]).files() {
            files.insert(path, text);
        }
        let name = case["name"].as_str().unwrap_or_default();
        let ours = build(&files, case["path"].as_str().unwrap_or_default(), Limits::default());
        match (ours, case.get("out")) {
            (Ok(ours), Some(theirs)) => {
                let ours: Vec<Value> = ours.iter().map(|document| plain(&document.object)).collect();
                let theirs = plain(theirs).as_array().cloned().unwrap_or_default();
                let pair = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
                if pair.is_some() || ours.len() != theirs.len() {
                    wrong.push(format!("{name} ({} and {}): {pair:#?}", ours.len(), theirs.len()));
                }
            }
            (Err(ours), Some(_)) => wrong.push(format!("{name}: {ours}")),
            (Ok(_), None) => wrong.push(format!("{name}: no error, but kustomize says {}", case["err"])),
            (Err(_), None) => {}
        }
    }
    assert!(cases.len() >= 60);
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_is_not_done_is_named_with_its_place() {
    let build = |text: &str| build(&MemTree::of([("a/kustomization.yaml", text)]), "a", Limits::default());
    let error = build("resources: []\nvars:\n- name: x\n").expect_err("an error");
    assert_eq!((error.kind, error.line), (ErrorKind::Unsupported, 2));
    assert_eq!(error.to_string(), "a/kustomization.yaml:2: the field vars is not supported");
    let error = build("resources:\n- https://example.com/x\n").expect_err("an error");
    assert_eq!(error.to_string(), "a/kustomization.yaml: https://example.com/x is remote, and nothing is fetched");
    let error = build("resources: [../../x]\n").expect_err("an error");
    assert_eq!(error.kind, ErrorKind::Missing);
}

#[test]
fn hostile_trees_end() {
    let mut files = MemTree::default();
    for level in 0..30 {
        let text = format!("resources: [../l{0}a, ../l{0}b]\n", level + 1);
        for side in ["a", "b"] {
            files.insert(format!("l{level}{side}/kustomization.yaml"), text.clone());
        }
    }
    let error = build(&files, "l0a", Limits::default()).expect_err("an error");
    assert!(matches!(error.kind, ErrorKind::Limit | ErrorKind::Missing), "{error}");
}
