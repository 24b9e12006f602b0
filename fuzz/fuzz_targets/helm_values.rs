//! Any values files, `--set` and its kin, and any schema: merged, imported and checked in bounded time, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::helm::values::{Prepare, Set, merge_files, place, prepare, read_as, set_as, validate};
use pilab::engines::helm::{Compat, LoadOptions, chart, yaml_text};
use pilab::tree::MemTree;
use serde_json::Value;

const CHART: &str = "
apiVersion: v2
name: top
version: 1.0.0
dependencies:
  - {name: sub, version: '*', condition: 'sub.enabled,global.sub', tags: [front], import-values: [data, {child: a.b, parent: c}]}
  - {name: sub, version: '*', alias: other, import-values: ['*', {child: ., parent: from}]}
";
const SUB: &str = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";

// Values of the user, values of the chart, values of the chart below, schema, expressions, with a line `===` before each but the first.
fuzz_target!(|text: &str| {
    let mut parts = text.split("\n===\n");
    let mut next = || parts.next().unwrap_or_default();
    let (user, own, below, schema, expressions) = (next(), next(), next(), next(), next());
    for compat in [Compat::Helm3, Compat::Helm4] {
        let mut files = vec![("Chart.yaml", CHART), ("values.yaml", own), ("charts/sub/Chart.yaml", SUB)];
        files.push(("charts/sub/values.yaml", below));
        files.extend(
            [("values.schema.json", schema), ("charts/sub/values.schema.json", schema)]
                .iter()
                .filter(|_| !schema.is_empty()),
        );
        let options = LoadOptions { compat, ..LoadOptions::default() };
        let chart = chart::load(&MemTree::of(files), "", &options);
        let read = read_as(user.as_bytes(), compat);
        let mut values = read.clone().unwrap_or_default();
        assert_eq!(merge_files(vec![values.clone()]), values);
        for key in values.keys() {
            assert!(place(user.as_bytes(), &[key.as_str()]).is_some(), "{key:?} {user:?}");
        }
        for expression in expressions.lines() {
            let file = |name: &str| if name.len() < 3 { Ok(name.into()) } else { Err("no".to_owned()) };
            for how in [Set::Plain, Set::String, Set::Json, Set::Literal, Set::File(&file)] {
                let _ = set_as(&mut values, how, expression, compat);
            }
        }
        let _ = yaml_text(&Value::Object(values.clone()));
        let Ok(chart) = chart else { continue };
        let prepared = prepare(&chart, &values, &Prepare { compat });
        assert_eq!(prepared, prepare(&chart, &values, &Prepare { compat }));
        if let Ok(prepared) = prepared {
            let _ = validate(&prepared.chart, &prepared.values, compat);
        }
    }
});
