//! Templates of one line with the answers of Helm 4.2.3.
use super::super::{Request, render_files};
use crate::engines::helm::chart::{self, LoadOptions};
use crate::engines::helm::{Capabilities, Compat, KubeVersion, Release};
use crate::tree::MemTree;

fn tree(template: &str) -> MemTree {
    MemTree::of([
        ("Chart.yaml", include_str!("../../testdata/micro/Chart.yaml")),
        ("values.yaml", include_str!("../../testdata/micro/values.yaml")),
        ("f.txt", include_str!("../../testdata/micro/f.txt")),
        ("conf/a.conf", include_str!("../../testdata/micro/conf/a.conf")),
        ("conf/b.yaml", include_str!("../../testdata/micro/conf/b.yaml")),
        ("conf/sub/c.txt", include_str!("../../testdata/micro/conf/sub/c.txt")),
        ("templates/t.yaml", template),
    ])
}

#[test]
fn micro_templates_render_as_in_helm() {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../testdata/micro-helm4.json")).unwrap();
    let mut capabilities = Capabilities::default_of(Compat::Helm4);
    capabilities.kube_version = KubeVersion::parse("v1.30.0", Compat::Helm4).unwrap();
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), ..Release::default() };
    let request = Request { release, capabilities, ..Request::default() };
    let mut wrong = Vec::new();
    for case in &cases {
        let template = case["tpl"].as_str().unwrap();
        let chart = chart::load(&tree(template), "", &LoadOptions::default()).unwrap();
        let got = match render_files(&chart, &request, None) {
            Ok(files) => files.files["micro/templates/t.yaml"].clone(),
            Err(error) => error.text,
        };
        let want = case["out"].as_str().or(case["err"].as_str()).unwrap();
        if got != want {
            wrong.push(format!("{} {}: {template}\n  want {want:.600?}\n  got  {got:.600?}", case["group"], case["n"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
