//! What a container gets, by manifest.
use super::{Container, Names, Value, changes_variables, containers, keys, several_namespaces, unrendered};
use crate::engines::yaml::{Limits, Node, parse};
use proptest::prelude::*;

const DEPLOYMENT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {LOG: info, PORT: '80'}\n\
binaryData: {BIN: AAE=}\n---\n\
kind: Secret\nmetadata: {name: db}\ndata: {PASS: aHVudGVyMg==, USER: YWxpY2U=}\nstringData: {USER: bob}\n---\n\
kind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        \
envFrom: [{prefix: C_, configMapRef: {name: app}}, {prefix: G_, secretRef: {name: gone}}]\n        env:\n        \
- {name: A, value: x}\n        - {name: B, value: '$(A)-$$(A)-$(NO)'}\n        - {name: C_LOG, value: debug}\n        \
- {name: P, valueFrom: {secretKeyRef: {name: db, key: PASS}}}\n        - {name: U, value: 'pg://$(P)@h'}\n        \
- {name: R, valueFrom: {secretKeyRef: {name: gone, key: k}}}\n        \
- {name: O, valueFrom: {configMapKeyRef: {name: app, key: no, optional: true}}}\n        \
- {name: D, value: '1'}\n        - {name: D, value: '2'}\n        - {name: LATE, value: $(LATER)}\n        \
- {name: LATER, value: x}\n        \
- {name: F, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n";

fn files(text: &str) -> Vec<(String, Vec<Node>)> {
    vec![("m.yaml".to_owned(), parse(text, &Limits::default()).0)]
}

fn of(container: &Container, name: &str) -> Option<Value> {
    container.vars.get(name).map(|variable| variable.value.clone())
}

fn literal(text: &str) -> Option<Value> {
    Some(Value::Literal(text.to_owned()))
}

#[test]
fn a_container_gets_what_the_kubelet_gives_it() {
    let all = containers(&files(DEPLOYMENT), None);
    let of = |name: &str| of(&all[0], name);
    assert_eq!(of("B"), literal("x-$(A)-$(NO)"));
    assert_eq!((of("C_LOG"), of("C_PORT"), of("C_BIN")), (literal("debug"), literal("80"), None));
    assert_eq!((of("D"), of("LATE")), (literal("2"), literal("$(LATER)")));
    assert_eq!(of("P"), Some(Value::Secret("hunter2".to_owned())));
    assert_eq!(of("U"), Some(Value::Secret("pg://hunter2@h".to_owned())));
    assert_eq!(of("R"), Some(Value::SecretRef("k8s://Secret/gone#k".to_owned())));
    assert_eq!(of("O"), None);
    assert_eq!(of("F"), Some(Value::Reference("field://metadata.name".to_owned())));
    assert_eq!(all[0].missing.len(), 1);
    let missing = &all[0].missing[0];
    assert_eq!((missing.kind, missing.object.as_str(), missing.several), ("Secret", "gone", false));
    assert_eq!((&missing.names, missing.optional), (&Names::Prefix("G_".to_owned()), false));
    assert!(!format!("{all:?}").contains("hunter2"));
}

#[test]
fn pods_cron_jobs_and_lists_have_containers() {
    let text = "kind: List\nitems:\n- {kind: Pod, metadata: {name: p}, spec: {initContainers: [{name: i, env: [{name: \
                I, value: x}]}], containers: [{name: c}]}}\n- {kind: CronJob, metadata: {name: j}, spec: \
                {jobTemplate: {spec: {template: {spec: {containers: [{name: d}]}}}}}}\n- {kind: Service, metadata: \
                {name: s}, spec: {ports: []}}\n";
    let all = containers(&files(text), None);
    let names: Vec<_> = all.iter().map(|c| (c.kind.as_str(), c.object.as_str(), c.name.as_str())).collect();
    assert_eq!(names, [("Pod", "p", "i"), ("Pod", "p", "c"), ("CronJob", "j", "d")]);
    assert_eq!(of(&all[0], "I"), literal("x"));
}

/// Two environments in one file, told apart by their namespaces.
const TWO: &str = "kind: ConfigMap\nmetadata: {name: app, namespace: a}\ndata: {X: '1'}\n---\nkind: ConfigMap\n\
metadata: {name: app, namespace: b}\ndata: {X: '2'}\n---\nkind: Pod\nmetadata: {name: p, namespace: b}\nspec: \
{containers: [{name: c, envFrom: [{configMapRef: {name: app}}]}]}\n---\nkind: Pod\nmetadata: {name: q}\nspec: \
{containers: [{name: c, env: [{name: X, valueFrom: {configMapKeyRef: {name: app, key: X}}}]}]}\n";

#[test]
fn objects_of_one_name_are_told_apart_by_their_namespace() {
    let all = containers(&files(TWO), None);
    assert_eq!(of(&all[0], "X"), literal("2"));
    assert_eq!(of(&all[1], "X"), None);
    assert_eq!((all[1].missing[0].several, &all[1].missing[0].names), (true, &Names::One("X".to_owned())));
    let of_a = containers(&files(TWO), Some("a"));
    assert_eq!((of_a.len(), of(&of_a[0], "X")), (1, literal("1")));
    assert_eq!(keys(&files(TWO), Some("b")).len(), 1);
    assert!(several_namespaces(&files(TWO)) && !several_namespaces(&files(DEPLOYMENT)));
}

#[test]
fn an_unknown_object_hides_what_came_before_it() {
    let text = "kind: ConfigMap\nmetadata: {name: a}\ndata: {X: '1'}\n---\nkind: ConfigMap\nmetadata: {name: b}\n\
                data: {Y: '1'}\n---\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    envFrom: \
                [{configMapRef: {name: a}}, {configMapRef: {name: no, optional: true}}, {configMapRef: {name: b}}]\n    \
                env: [{name: Z, value: '1'}]\n";
    let all = containers(&files(text), None);
    assert_eq!(all[0].vars.keys().map(String::as_str).collect::<Vec<_>>(), ["Y", "Z"]);
    assert!(all[0].missing[0].optional);
}

#[test]
fn keys_of_config_maps_and_secrets_are_variables() {
    let found = keys(&files(DEPLOYMENT), None);
    assert_eq!(
        found.iter().map(|key| format!("{} {} {}", key.number, key.object, key.name)).collect::<Vec<_>>(),
        ["0 app BIN", "0 app LOG", "0 app PORT", "1 db PASS", "1 db USER", "1 db USER"]
    );
    let sealed = keys(&files("kind: SealedSecret\nmetadata: {name: s}\nspec: {encryptedData: {K: Ag==}}\n"), None);
    assert_eq!(sealed[0].variable.value, Value::SecretRef("k8s://Secret/s#K".to_owned()));
}

#[test]
fn templates_and_kustomizations_are_recognised() {
    for (text, found) in [
        ("kind: Deployment\nmetadata: {name: '{{ .Release.Name }}-web'}", true),
        ("kind: Deployment\nmetadata: {name: 'x{{- include \"a.b\" . }}'}", true),
        ("kind: ConfigMap\nmetadata: {name: '{{ $.Values.x }}'}", true),
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {X: '{{ .Values.x }}'}", false),
        ("kind: Deployment\nmetadata: {name: a}\nspec: {log: '{{.Name}} {{ $labels.x }}'}", false),
    ] {
        assert_eq!(unrendered(&parse(text, &Limits::default()).0[0]).is_some(), found, "{text}");
    }
    for (text, found) in [
        ("resources: [a.yaml]\nconfigMapGenerator: [{name: x}]", Some("configMapGenerator")),
        ("kind: Kustomization\nresources: [a.yaml]\npatches: []", Some("patches")),
        ("kind: Component\ncomponents: [x]", Some("components")),
        ("resources: [a.yaml]", None),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\npatches: []", None),
        ("kind: Deployment\nmetadata: {name: a}\nnamespace: x", None),
    ] {
        assert_eq!(changes_variables(&parse(text, &Limits::default()).0[0]), found, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    /// Real manifests, cut and glued: there is no panic, and the same bytes give the same answer.
    #[test]
    fn broken_manifests_do_no_harm(two in any::<bool>(), cut in 0_usize..1400, text in "[a-zA-Z:!&*<\\[\\]{}\\- \n$()\"']{0,16}") {
        let mut content = if two { TWO } else { DEPLOYMENT }.to_owned();
        content.insert_str(cut % (content.len() + 1), &text);
        let files = files(&content);
        prop_assert_eq!(containers(&files, None), containers(&files, None));
        let few = containers(&files, Some("b")).len();
        prop_assert!(few <= containers(&files, None).len());
        let _ = keys(&files, None);
        for document in &files[0].1 {
            let _ = (unrendered(document), changes_variables(document));
        }
    }
}
