//! Each case of the table gives what Go gave: the same text, or the same error.
use super::world::{data, run};
use crate::engines::gotemplate::{Limits, MissingKey, Value};
use serde_json::Value as Json;

/// Cases that differ, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "{{range .box}}[{{.}}]{{else}}none{{end}}",
        "Go shows the bare fields of what a pointer points to; an object knows only its text",
    ),
    ("{{range .box}}x{{end}}", "the same"),
];

fn case(case: &Json) -> (Result<String, String>, Result<String, String>) {
    let field = |name: &str| case[name].as_str();
    let mut texts: Vec<(&str, &str)> = Vec::new();
    for pair in case["defs"].as_array().into_iter().flatten() {
        texts.push((pair[0].as_str().unwrap_or_default(), pair[1].as_str().unwrap_or_default()));
    }
    texts.push(("main", field("t").unwrap_or_default()));
    let missing = match field("opt") {
        Some("error") => MissingKey::Error,
        Some("default" | "invalid") => MissingKey::Invalid,
        _ => MissingKey::Zero,
    };
    let dot = match field("dot") {
        None => data(),
        Some("nil") => Value::Nil,
        Some(name) => data().as_map().and_then(|map| map.get(name.as_bytes())).unwrap_or(Value::Nil),
    };
    let got = run(&texts, missing, &dot, Limits::default());
    let want = field("out").map(str::to_owned).ok_or_else(|| field("err").unwrap_or_default().to_owned());
    (got.map(|out| out.lossy().into_owned()).map_err(|error| error.to_string()), want)
}

#[test]
fn everything_is_as_in_go() {
    let table: Vec<Json> = serde_json::from_str(include_str!("../testdata/go.json")).unwrap_or_default();
    assert!(table.len() > 400);
    let mut wrong = Vec::new();
    for entry in &table {
        let text = entry["t"].as_str().unwrap_or_default();
        let (got, want) = case(entry);
        let excused = DIFFERENT.iter().any(|(template, _)| *template == text);
        if (got == want) == excused {
            wrong.push(format!("{entry}\n   got {got:?}\n  want {want:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), table.len(), wrong.join(""));
}
