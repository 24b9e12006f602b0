//! Any value written by `toYaml`, `toYamlPretty` and `toJson`: what is read back is the value.
#![no_main]
use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pilab::engines::helm::{Compat, LoadOptions, Request, chart, render_files, yaml_text};
use pilab::engines::yaml;
use pilab::tree::MemTree;
use serde_json::{Map, Value};

/// A value, not nested deeply.
#[derive(Debug)]
struct Any(Value);

impl<'a> Arbitrary<'a> for Any {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<Any> {
        value(input, 8).map(Any)
    }
}

fn value(input: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match input.int_in_range(0..=if depth == 0 { 6 } else { 9 })? {
        0 => Value::Null,
        1 => bool::arbitrary(input)?.into(),
        2 => i64::arbitrary(input)?.into(),
        3 => f64::arbitrary(input)?.into(),
        4 => i8::arbitrary(input)?.into(),
        5 | 6 => text(input)?.into(),
        7 => (0..input.int_in_range(0..=5)?).map(|_| value(input, depth - 1)).collect::<Result<Vec<_>>>()?.into(),
        _ => (0..input.int_in_range(0..=5)?)
            .map(|_| Ok((text(input)?, value(input, depth - 1)?)))
            .collect::<Result<Map<_, _>>>()?
            .into(),
    })
}

/// Any text, or one of the letters that YAML cares about.
fn text(input: &mut Unstructured<'_>) -> Result<String> {
    const LETTERS: &[u8] = b"ab \n\t\r-:?#&*!|>'\"%@`{}[],.~0123456789exo_+=<YyNn\\";
    if bool::arbitrary(input)? {
        return String::arbitrary(input);
    }
    (0..input.int_in_range(0..=20)?).map(|_| Ok(char::from(*input.choose(LETTERS)?))).collect()
}

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
const TEMPLATES: [&str; 3] =
    ["{{ toYaml (index .Values.v 0) }}", "{{ toYamlPretty (index .Values.v 0) }}", "{{ toJson (index .Values.v 0) }}"];

fuzz_target!(|input: Any| {
    let value = input.0;
    let [a, b, c] = TEMPLATES;
    let files = [("Chart.yaml", CHART), ("templates/a", a), ("templates/b", b), ("templates/c", c)];
    let chart = chart::load(&MemTree::of(files), "", &LoadOptions::default()).expect("the chart is sound");
    let values = Map::from_iter([("v".to_owned(), Value::Array(vec![value.clone()]))]);
    let request = Request { values, ..Request::new(Compat::Helm4) };
    let files = render_files(&chart, &request, None).expect("everything can be written").files;
    let file = |name: &str| files[&format!("c/templates/{name}")].as_str();
    let whole = yaml_text(&value);
    // `<no value>` is taken out of whatever a chart gives.
    if value.to_string().contains("<no value>") {
        return;
    }
    // The last line end is cut off, and a text at the end may need it.
    let (pretty, json) = (format!("{}\n", file("b")), file("c"));
    let mut texts = vec![pretty.as_str()];
    match &whole {
        Ok(whole) => {
            assert_eq!(*whole, format!("{}\n", file("a")));
            texts.extend([whole.as_str(), json]);
        }
        // Helm goes through a reader of YAML that takes no control characters and no long keys, and gives nothing then.
        Err(_) => assert!((json.contains(control) || json.len() > 1024) && file("a").is_empty(), "{value:?}"),
    }
    // YAML 1.1 has more line breaks than 1.2, and folds them. And Helm writes a key `<<` without quotes, so that it is read as a merge.
    let printed = value.to_string();
    texts.retain(|_| !printed.contains(['\u{85}', '\u{2028}', '\u{2029}']) && !printed.contains("\"<<\":"));
    for text in texts {
        let (documents, errors) = yaml::parse(text, &yaml::Limits::default());
        assert!(errors.is_empty() && documents.len() == 1, "{value} {text:?} {errors:?}");
        assert!(equal(&documents[0].to_json(), &value), "{value} {text:?} {}", documents[0].to_json());
    }
    let back: Value = serde_json::from_str(json).expect("it is JSON");
    assert!(equal(&back, &value), "{value} {back}");
});

/// Characters that JSON leaves as they are and YAML does not take.
fn control(letter: char) -> bool {
    matches!(letter, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Equal, where numbers are equal when they are as floats: `1.0` is written as `1`.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}
