//! Any template over any values, with the functions of charts: within its limits, the same each time, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::gotemplate::{Limits, parse};
use pilab::engines::helm::{Compat, LoadOptions, Request, chart, render, render_files, values};
use pilab::tree::MemTree;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: 2.0.0\n";
const HELPERS: &str =
    "{{ define \"name\" }}{{ .Chart.Name }}{{ end }}{{ define \"self\" }}{{ include \"self\" . }}{{ end }}";
const VALUES: &str = "v: {a: [1, 2.5, x], b: null, c: {d: true}}\ntext: one two\nnumber: 3\n";
const BYTES: u64 = 4 << 20;

// The template, and after a line `===` the values.
fuzz_target!(|text: &str| {
    let (template, values) = text.split_once("\n===\n").unwrap_or((text, VALUES));
    let _ = parse("t", template, &|_| None);
    let values = values::read(values.as_bytes()).unwrap_or_default();
    let compat = if text.len().is_multiple_of(2) { Compat::Helm4 } else { Compat::Helm3 };
    let files =
        [("Chart.yaml", CHART), ("templates/_h.tpl", HELPERS), ("templates/t.yaml", template), ("some.txt", "a\nb")];
    let options = LoadOptions { compat, ..LoadOptions::default() };
    let chart = chart::load(&MemTree::of(files), "", &options).expect("the chart is sound");
    let limits = Limits { steps: 200_000, bytes: BYTES, depth: 500 };
    let request = Request { values, limits, ..Request::new(compat) };
    let first = render_files(&chart, &request, None);
    let traced = Request { trace: true, ..request };
    assert_eq!(first, render_files(&chart, &traced, None));
    let Ok(first) = first else { return };
    // A byte that is no text becomes three when it is written.
    assert!(first.files.values().map(String::len).sum::<usize>() <= 3 * BYTES as usize);
    let _ = render(&chart, &traced, None);
});
