//! Charts in memory against answers of real Helm.
mod golden;
mod limits;
mod micro;

use super::{Rendered, Request, render};
use crate::engines::helm::chart::{self, LoadOptions};
use crate::engines::helm::{Chart, Compat, Error, values};
use crate::tree::MemTree;

/// The least that a chart must say.
const CHART: &str = "apiVersion: v2\nname: micro\nversion: 1.2.3\n";

fn chart(files: &[(&str, &str)]) -> Chart {
    let mut tree = MemTree::of([("Chart.yaml", CHART)]);
    for (path, text) in files {
        tree.insert(*path, *text);
    }
    chart::load(&tree, "", &LoadOptions::default()).unwrap()
}

fn rendered(files: &[(&str, &str)], request: &Request) -> Result<Rendered, Error> {
    render(&chart(files), request, None)
}

/// The error of one template.
fn failure(template: &str, request: &Request) -> Error {
    rendered(&[("templates/t.yaml", template)], request).unwrap_err()
}

#[test]
fn manifests_that_are_none_are_refused_in_helms_words() {
    let field = "YAML parse error on micro/templates/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    for (text, want) in [
        ("foo", "string into Go value of type util.SimpleHead"),
        ("- a\n- b", "array into Go value of type util.SimpleHead"),
        ("123", "number into Go value of type util.SimpleHead"),
        ("kind: [a]", "array into Go struct field SimpleHead.kind of type string"),
        (
            "metadata:\n  annotations:\n    a: {b: c}\n  name: [x]\nkind: [q]\n",
            "array into Go struct field SimpleHead.kind of type string",
        ),
        (
            "metadata: foo",
            r#"string into Go struct field SimpleHead.metadata of type struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#,
        ),
        ("metadata:\n  name: [a]", "array into Go struct field .metadata.name of type string"),
        ("metadata:\n  annotations: x", "string into Go struct field .metadata.annotations of type map[string]string"),
        ("metadata:\n  annotations:\n    a: [b]\n", "array into Go struct field .metadata.annotations of type string"),
    ] {
        assert_eq!(failure(text, &Request::default()).text, format!("{field} {want}"));
    }
}

#[test]
fn hooks_come_after_manifests_and_unknown_ones_not_at_all() {
    let hook = |name: &str, events: &str| {
        format!(
            "kind: Job\nmetadata:\n  name: {name}\n  annotations:\n    helm.sh/hook: \"{events}\"\n    helm.sh/hook-weight: -5\n    helm.sh/hook-delete-policy: hook-succeeded, Hook-Failed\n"
        )
    };
    let (first, second, third) =
        (hook("a", "pre-install, Post-Install"), hook("b", "nonsense"), hook("c", "test-success"));
    let all = rendered(
        &[
            ("templates/a.yaml", &first),
            ("templates/b.yaml", &second),
            ("templates/c.yaml", &third),
            ("templates/z.yaml", "kind: Service\n---\nkind: Zed\n---\nkind: ConfigMap\n"),
        ],
        &Request::default(),
    )
    .unwrap();
    let kinds: Vec<(&str, &str)> = all.manifests.iter().map(|one| (one.kind.as_str(), one.name.as_str())).collect();
    assert_eq!(kinds, [("ConfigMap", ""), ("Service", ""), ("Zed", ""), ("Job", "a"), ("Job", "c")]);
    let hook = all.manifests[3].hook.clone().unwrap();
    assert_eq!((hook.events, hook.weight), (vec!["pre-install".to_owned(), "post-install".to_owned()], -5));
    assert_eq!(hook.delete_policies, ["hook-succeeded", "hook-failed"]);
    assert_eq!(all.warnings.len(), 1);
    assert_eq!(
        super::release_manifest(&all),
        "---\n# Source: micro/templates/z.yaml\nkind: ConfigMap\n\n---\n# Source: micro/templates/z.yaml\nkind: Service\n---\n# Source: micro/templates/z.yaml\nkind: Zed\n"
    );
}

#[test]
fn lines_lead_back_to_the_template() {
    let template = "{{- if true }}\nkind: A\n{{- range list 1 2 }}\na{{ . }}: b\n{{- end }}\nz: {{ .Values.none }}\n{{- end }}\n---\nkind: B\n";
    let request = Request { trace: true, ..Request::default() };
    let all = rendered(&[("templates/t.yaml", template)], &request).unwrap();
    let lines: Vec<Vec<u32>> =
        all.manifests.iter().map(|one| one.lines.iter().flatten().map(|origin| origin.line).collect()).collect();
    assert_eq!(all.manifests[0].text, "kind: A\na1: b\na2: b\nz:");
    assert_eq!(lines, [vec![2, 4, 4, 6], vec![9]]);
}

#[test]
fn a_second_seed_shows_what_is_random() {
    let chart = chart(&[("templates/t.yaml", "a: {{ randAlphaNum 8 }}\n")]);
    let (first, second) = super::render_twice(&chart, &Request::default(), None).unwrap();
    assert!(first.used_seed);
    assert_ne!(first.files, second.unwrap().files);
    let again = render(&chart, &Request::default(), None).unwrap();
    assert_eq!(first, again);
}

#[test]
fn lookup_finds_given_objects() {
    let object = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "n"}, "data": {"k": 7}});
    let request = Request { objects: vec![object], ..Request::default() };
    let template = r#"a: {{ (lookup "v1" "Secret" "n" "a").data.k }} {{ len (lookup "v1" "Secret" "" "").items }} {{ lookup "v1" "Secret" "x" "a" }}"#;
    let all = rendered(&[("templates/t.yaml", template)], &request).unwrap();
    assert_eq!(all.files["micro/templates/t.yaml"], "a: 7 1 map[]");
    assert!(all.looked_up);
}

#[test]
fn a_chart_is_parsed_once() {
    let cache = super::TemplateCache::new();
    let chart = chart(&[("templates/t.yaml", "a: b\n"), ("templates/_h.tpl", "{{ define \"x\" }}y{{ end }}")]);
    for _ in 0..3 {
        render(&chart, &Request::default(), Some(&cache)).unwrap();
    }
    assert_eq!(cache.len(), 2);
}

#[test]
fn values_of_charts_have_methods() {
    let request = Request { values: values::read(b"a: {b: {c: 1}}").unwrap(), ..Request::default() };
    let template = r#"{{ .Values.YAML }}|{{ (.Values.Table "a.b").c }}|{{ .Values.PathValue "a.b.c" }}"#;
    let files = super::render_files(&chart(&[("templates/t.yaml", template)]), &request, None).unwrap().files;
    assert_eq!(files["micro/templates/t.yaml"], "a:\n  b:\n    c: 1\n|1|1");
    let error = super::render_files(&chart(&[("templates/t.yaml", "{{ .Values.PathValue \"x\" }}")]), &request, None);
    assert_eq!(
        error.unwrap_err().text,
        "template: micro/templates/t.yaml:1:10: executing \"micro/templates/t.yaml\" at <.Values.PathValue>: error calling PathValue: \"x\" is not a value"
    );
}

#[test]
fn helm_3_reads_tpl_in_its_own_way() {
    let request = Request::new(Compat::Helm3);
    for (template, want) in [
        (
            "{{ tpl \"a\" .Values }}",
            "template: micro/templates/t.yaml:1:3: executing \"micro/templates/t.yaml\" at <tpl \"a\" .Values>: error calling tpl: cannot retrieve Template.Basepath from values inside tpl function: a: \"BasePath\" is not a value",
        ),
        (
            "{{ tpl \"{{ required \\\"msg\\\" .Values.x }}\" . }}",
            "template: micro/templates/t.yaml:1:3: executing \"micro/templates/t.yaml\" at <tpl \"{{ required \\\"msg\\\" .Values.x }}\" .>: error calling tpl: error during tpl function execution for \"{{ required \\\"msg\\\" .Values.x }}\": execution error at (micro/templates/t.yaml:1:3): msg",
        ),
        ("{{ required \"100%\" nil }}", "execution error at (micro/templates/t.yaml:1:3): 100%!(NOVERB)"),
    ] {
        assert_eq!(failure(template, &request).text, want);
    }
}
