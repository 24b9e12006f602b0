//! Values of charts, and all that goes with them, against recorded answers of Helm 4.2.3 and 3.10.1.
use super::{Prepare, merge_files, prepare, read_as, validate};
use crate::engines::helm::chart::{Chart, LoadOptions, check_dependencies, check_installable, load};
use crate::engines::helm::error::Error;
use crate::engines::helm::host::Compat;
use crate::tree::MemTree;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// The files of a recorded chart; what is no text is base64.
fn tree(case: &Value) -> MemTree {
    let mut tree = MemTree::default();
    for (path, content) in case["files"].as_object().unwrap() {
        let bytes = match content {
            Value::String(text) => text.as_bytes().to_vec(),
            packed => STANDARD.decode(packed["b64"].as_str().unwrap()).unwrap(),
        };
        tree.insert(path.clone(), bytes);
    }
    tree
}

/// What `.Values` is in every chart that renders `templates/v.yaml`, by the path of that.
fn collect(chart: &Chart, values: &Map<String, Value>, into: &mut Map<String, Value>) {
    for below in &chart.dependencies {
        let inner = values.get(below.name()).and_then(Value::as_object).cloned().unwrap_or_default();
        collect(below, &inner, into);
    }
    let renders = chart.templates.iter().any(|file| file.name == "templates/v.yaml");
    if renders && chart.metadata.kind != "library" {
        into.insert(format!("{}/templates/v.yaml", chart.path), Value::Object(values.clone()));
    }
}

fn answer(case: &Value, compat: Compat) -> Result<Value, Error> {
    let options = LoadOptions { compat, ..LoadOptions::default() };
    let chart = load(&tree(case), case["path"].as_str().unwrap_or(""), &options)?;
    if compat == Compat::Helm3 {
        check_installable(&chart)?;
        check_dependencies(&chart, compat)?;
    }
    let files = case["user"].as_array().into_iter().flatten();
    let files = files.map(|text| read_as(text.as_str().unwrap().as_bytes(), compat)).collect::<Result<_, _>>()?;
    let prepared = prepare(&chart, &merge_files(files), &Prepare { compat })?;
    validate(&prepared.chart, &prepared.values, compat)?;
    let mut all = Map::new();
    collect(&prepared.chart, &prepared.values, &mut all);
    Ok(Value::Object(all))
}

/// The same with all numbers as floats and all keys sorted.
pub(in crate::engines::helm) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// Holds every case of a table to both answers. Texts that are marked are known to be others.
pub(in crate::engines::helm) fn hold(table: &str) {
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        for (compat, name) in [(Compat::Helm4, "helm4"), (Compat::Helm3, "helm3")] {
            let helm = &case[name];
            let fits = match (answer(case, compat), helm.get("error")) {
                (Ok(ours), None) => plain(&ours) == plain(&helm["ok"]),
                (Err(_), Some(_)) if helm["differs"] == true => true,
                (Err(ours), Some(helm)) => helm.as_str().unwrap().trim_end().ends_with(ours.text.trim_end()),
                _ => helm.is_null(),
            };
            if !fits {
                wrong.push(format!("{name}: {case}\nours: {:?}", answer(case, compat)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ, first:\n{}", wrong.len(), cases.len(), wrong[0]);
}

#[test]
fn values_are_laid_over_defaults_as_helm_does_it() {
    hold(include_str!("testdata/values.json"));
}

#[test]
fn complaints_of_schemas_are_those_of_helm() {
    hold(include_str!("testdata/schema.json"));
}

/// A chart whose `values.schema.json` is this, and its values.
fn with_schema(schema: &str, values: &str) -> (Chart, Map<String, Value>) {
    let files = [
        ("Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"),
        ("values.schema.json", schema),
        ("values.yaml", values),
    ];
    let chart = load(&MemTree::of(files), "", &LoadOptions::default()).unwrap();
    let values = Map::clone(&chart.values);
    (chart, values)
}

#[test]
fn schemas_that_never_end_are_refused() {
    let mut parts: Vec<String> = (0..60)
        .map(|at| {
            format!(
                r##""d{at}":{{"anyOf":[{{"$ref":"#/definitions/d{0}"}},{{"$ref":"#/definitions/d{0}"}}]}}"##,
                at + 1
            )
        })
        .collect();
    parts.push(r#""d60":{"type":"string"}"#.into());
    let schema = format!(r##"{{"$ref":"#/definitions/d0","definitions":{{{}}}}}"##, parts.join(","));
    let (chart, values) = with_schema(&schema, "a: 1");
    for compat in [Compat::Helm3, Compat::Helm4] {
        let error = validate(&chart, &values, compat).unwrap_err();
        assert_eq!(error.text, "checking the values against their schema takes too many steps");
    }
    let (chart, values) = with_schema(r##"{"$ref":"#"}"##, "a: 1");
    validate(&chart, &values, Compat::Helm3).unwrap();
    assert!(validate(&chart, &values, Compat::Helm4).unwrap_err().text.contains("causing reference cycle"));
}

#[test]
fn patterns_that_take_too_much_are_refused() {
    let many: Vec<String> = (0..50).map(|at| format!(r#""p{at}":{{"pattern":"^(a{{1000}}){{100}}$"}}"#)).collect();
    let many = format!(r#"{{"properties":{{{}}}}}"#, many.join(","));
    let keys = r#"{"patternProperties":{"(a{1000}){1000}":{}}}"#;
    for schema in [r#"{"properties":{"a":{"pattern":"(a{1000}){1000}"}}}"#, keys, &many] {
        let (chart, values) = with_schema(schema, "a: a");
        for compat in [Compat::Helm3, Compat::Helm4] {
            let error = validate(&chart, &values, compat).unwrap_err();
            assert_eq!(error.text, "the patterns of the schema are too large", "{schema}");
        }
    }
    let (chart, values) = with_schema(r#"{"properties":{"a":{"pattern":"^[\\w.]{1,60}$"}}}"#, "a: a");
    for compat in [Compat::Helm3, Compat::Helm4] {
        validate(&chart, &values, compat).unwrap();
    }
}

#[test]
fn imports_cannot_build_towers() {
    let path = vec!["a"; 200].join(".");
    let chart = format!(
        "apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies:\n- {{name: b, version: 1.0.0, repository: '', \
         import-values: [{{child: x, parent: {path}}}]}}\n"
    );
    let files = [
        ("Chart.yaml", chart.as_str()),
        ("charts/b/Chart.yaml", "apiVersion: v2\nname: b\nversion: 1.0.0\n"),
        ("charts/b/values.yaml", "x: {y: 1}"),
    ];
    let chart = load(&MemTree::of(files), "", &LoadOptions::default()).unwrap();
    let error = prepare(&chart, &Map::new(), &Prepare::default()).unwrap_err();
    assert_eq!(error.text, "the path of an import has more than 100 parts");
}

#[test]
fn warnings_are_kept() {
    let files = [("Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"), ("values.yaml", "x: 1")];
    let chart = load(&MemTree::of(files), "", &LoadOptions::default()).unwrap();
    let user = read_as(b"x: {y: 1}", Compat::Helm4).unwrap();
    let prepared = prepare(&chart, &user, &Prepare::default()).unwrap();
    assert_eq!(prepared.warnings, ["warning: skipped value for a.x: Not a table."]);
}
