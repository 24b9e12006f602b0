//! Templates of one line that use functions, with the answers of Helm 4.2.3.
use super::super::{Request, render_files};
use crate::engines::helm::chart::{self, LoadOptions};
use crate::engines::helm::{Capabilities, Compat, KubeVersion, Release, values};
use crate::tree::MemTree;
use serde_json::Value;

fn check(name: &str, text: &str) {
    let all: Value = serde_json::from_str(text).unwrap();
    let cases = all["cases"].as_array().unwrap();
    let mut capabilities = Capabilities::default_of(Compat::Helm4);
    capabilities.kube_version = KubeVersion::parse("v1.30.0", Compat::Helm4).unwrap();
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), ..Release::default() };
    let values = values::read(all["values"].to_string().as_bytes()).unwrap();
    let request = Request { release, capabilities, values, ..Request::default() };
    let mut wrong = Vec::new();
    let head = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    let path = format!("{name}/templates/t.yaml");
    for case in cases {
        let template = case["tpl"].as_str().unwrap();
        let tree = MemTree::of([("Chart.yaml", head.as_str()), ("templates/t.yaml", template)]);
        let chart = chart::load(&tree, "", &LoadOptions::default()).unwrap();
        let got = match render_files(&chart, &request, None) {
            Ok(files) => files.files[&path].clone(),
            Err(error) => error.text,
        };
        let want = case["out"].as_str().or(case["err"].as_str()).unwrap();
        if got != want {
            wrong.push(format!("{template}\n  want {want:.600?}\n  got  {got:.600?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn texts_lists_and_maps_are_as_in_helm() {
    check("micro", include_str!("../../functions/golden-sprig1.json"));
}

#[test]
fn dates_regexes_and_numbers_are_as_in_helm() {
    check("t", include_str!("../../functions/golden-sprig2.json"));
}
