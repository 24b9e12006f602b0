//! Expressions against recorded answers of Helm 4.2.3.
use super::{Set, expressions, set, set_as};
use crate::engines::helm::host::Compat;
use crate::engines::helm::values::tests::plain;
use serde_json::{Map, Value, json};

#[test]
fn expressions_mean_what_they_mean_to_helm() {
    let cases: Vec<(String, String, Value)> = serde_json::from_str(include_str!("../testdata/set.json")).unwrap();
    let mut wrong = Vec::new();
    for (flag, text, helm) in &cases {
        let how = match flag.as_str() {
            "set" => Set::Plain,
            "set-string" => Set::String,
            "set-json" => Set::Json,
            _ => Set::Literal,
        };
        let mut values = Map::new();
        let ours = match expressions(&mut values, how, text, Compat::Helm4) {
            Ok(()) => json!({"ok": values}),
            Err(text) => json!({"error": text}),
        };
        // What the JSON reader says is replaced by the command line.
        let reader = flag == "set-json" && helm.get("error").is_some() && ours.get("error").is_some();
        if plain(&ours) != plain(helm) && !reader {
            wrong.push(format!("{flag} {text:?}\nhelm: {helm}\nours: {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn whole_numbers_stay_whole_and_types_are_told() {
    let mut values = Map::new();
    set(&mut values, Set::Plain, "a=1,b=1.5,c=true,d=null,e={1,x}").unwrap();
    assert_eq!(Value::Object(values), json!({"a": 1, "b": "1.5", "c": true, "d": null, "e": [1, "x"]}));
}

#[test]
fn files_are_read_by_the_caller() {
    let mut values = Map::new();
    let read = |path: &str| match path {
        "x.txt" => Ok(b"hello".to_vec()),
        other => Err(format!("open {other}: no such file or directory")),
    };
    set(&mut values, Set::File(&read), "a.b=x.txt").unwrap();
    assert_eq!(Value::Object(values.clone()), json!({"a": {"b": "hello"}}));
    let error = set(&mut values, Set::File(&read), "a=y.txt").unwrap_err();
    assert_eq!(error.text, "failed parsing --set-file data: open y.txt: no such file or directory");
}

#[test]
fn whole_objects_are_for_helm_4_only() {
    let mut values = serde_json::from_str(r#"{"a": {"x": 1}}"#).unwrap();
    set_as(&mut values, Set::Json, r#" {"a": {"y": 2}} "#, Compat::Helm4).unwrap();
    assert_eq!(Value::Object(values.clone()), json!({"a": {"x": 1, "y": 2.0}}));
    let error = set_as(&mut values, Set::Json, r#"{"a""#, Compat::Helm4).unwrap_err();
    assert_eq!(error.text, r#"failed parsing --set-json data JSON: {"a""#);
    assert!(set_as(&mut values, Set::Json, r#"{"a": 1}"#, Compat::Helm3).is_err());
}

#[test]
fn lists_cannot_be_blown_up() {
    let text: Vec<String> = (0..100).map(|at| format!("k{at}[65536]=1")).collect();
    let error = set(&mut Map::new(), Set::Plain, &text.join(",")).unwrap_err();
    assert!(error.text.contains("more than 2000000 places"), "{}", error.text);
    for deep in ["a[0]".to_owned() + &"[0]".repeat(100_000) + "=1", "a[0].".repeat(100_000) + "a=1"] {
        assert!(set(&mut Map::new(), Set::Plain, &deep).is_err());
    }
    let deep = "a.".repeat(100_000) + "b=1";
    assert!(set_as(&mut Map::new(), Set::Plain, &deep, Compat::Helm3).is_err());
}
