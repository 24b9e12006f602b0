//! What is read, against what Compose's own library answered.
use super::{interpolate, parse, parse_raw, resolve};
use proptest::prelude::{ProptestConfig, proptest};
use serde_json::Value;
use std::collections::BTreeMap;

/// Texts with the answers of compose-go (July 2026), python-dotenv 1.x and the npm packages dotenv and dotenv-expand.
const CASES: &str = include_str!("cases.json");

fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
    let (entries, errors) = parse(text);
    let outer = |name: &str| (name == "OUTER").then(|| "o".to_owned());
    let (values, more) = resolve(&entries, &outer);
    match errors.into_iter().chain(more).next() {
        Some(error) => Err(error.message),
        None => Ok(values.into_iter().filter_map(|(entry, value)| Some((entry.name, value?))).collect()),
    }
}

#[test]
fn files_are_read_as_compose_reads_them() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("JSON");
    assert!(cases.len() >= 60);
    for case in cases {
        let text = case["text"].as_str().expect("a text");
        match (&case["compose"], read(text)) {
            (Value::Null, answer) => assert!(answer.is_err(), "{text:?} {answer:?}"),
            (vars, answer) => {
                let mut vars: BTreeMap<String, String> = serde_json::from_value(vars.clone()).expect("a map");
                // compose-go takes a bare name at the end of a file, and `=1`, for a variable without a name. Here the
                // one is a bare name, and the other is refused.
                if vars.remove("").is_some() && text.starts_with('=') {
                    assert!(answer.is_err());
                    continue;
                }
                assert_eq!(answer.as_ref(), Ok(&vars), "{text:?}");
            }
        }
    }
}

#[test]
fn a_bare_name_has_no_value_and_a_byte_order_mark_is_none() {
    let (entries, errors) = parse("\u{feff}A\nexport B\nC=1");
    assert!(errors.is_empty());
    let shown: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.value.as_deref())).collect();
    assert_eq!(shown, [("A", None), ("B", None), ("C", Some("1"))]);
}

#[test]
fn raw_lines_are_taken_as_they_stand() {
    let text = "\u{feff}# c\nA='x' # y\r\n  B = ${C} \nD\n";
    let shown: Vec<_> = parse_raw(text).into_iter().map(|entry| (entry.name, entry.value)).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(shown, [("A".into(), some("'x' # y")), ("B".into(), some(" ${C} ")), ("D".into(), None)]);
}

#[test]
fn broken_lines_are_errors_with_a_place_and_the_others_count() {
    let (entries, errors) = parse("A=1\nnot a name=2\nB=3\nC=\"open");
    assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(errors.iter().map(|error| error.span.start).collect::<Vec<_>>(), [4, 23]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn nothing_panics(text in "[a-zA-Z0-9=$ {}:?+\\-'\"\\\\#\n\r\u{e4}\u{a0}]{0,60}") {
        let (mut entries, errors) = parse(&text);
        entries.extend(parse_raw(&text));
        for entry in &entries {
            assert!(text.get(entry.value_span.start..entry.value_span.end).is_some());
            assert_eq!(text.get(entry.name_span.start..entry.name_span.end), Some(entry.name.as_str()));
        }
        assert!(errors.iter().all(|error| text.get(error.span.start..error.span.end).is_some()));
        let _ = (resolve(&entries, &|_| None), interpolate(&text, &|_| Some("x".to_owned())));
    }
}
