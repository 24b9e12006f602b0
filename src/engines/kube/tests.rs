//! What a container gets, by manifest.
use super::{Value, containers, keys};
use crate::engines::yaml::{Limits, parse};

const DEPLOYMENT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {LOG: info, PORT: '80'}\n---\n\
kind: Secret\nmetadata: {name: db}\ndata: {PASS: aHVudGVyMg==}\nstringData: {USER: bob}\n---\n\
kind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        \
envFrom: [{prefix: C_, configMapRef: {name: app}}, {secretRef: {name: gone}}]\n        env:\n        \
- {name: A, value: x}\n        - {name: B, value: '$(A)-$$(A)-$(NO)'}\n        - {name: C_LOG, value: debug}\n        \
- {name: P, valueFrom: {secretKeyRef: {name: db, key: PASS}}}\n        - {name: U, value: 'pg://$(P)@h'}\n        \
- {name: R, valueFrom: {secretKeyRef: {name: gone, key: k}}}\n        \
- {name: O, valueFrom: {configMapKeyRef: {name: app, key: no, optional: true}}}\n        \
- {name: F, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n";

fn files(text: &str) -> Vec<(String, Vec<crate::engines::yaml::Node>)> {
    vec![("m.yaml".to_owned(), parse(text, &Limits::default()).0)]
}

#[test]
fn a_container_gets_what_the_kubelet_gives_it() {
    let all = containers(&files(DEPLOYMENT));
    let vars = &all[0].vars;
    let of = |name: &str| vars.get(name).map(|variable| variable.value.clone());
    let literal = |text: &str| Some(Value::Literal(text.to_owned()));
    assert_eq!(of("B"), literal("x-$(A)-$(NO)"));
    assert_eq!((of("C_LOG"), of("C_PORT")), (literal("debug"), literal("80")));
    assert_eq!(of("P"), Some(Value::Secret("hunter2".to_owned())));
    assert_eq!(of("U"), Some(Value::Secret("pg://hunter2@h".to_owned())));
    assert_eq!(of("R"), Some(Value::SecretRef("k8s://Secret/gone#k".to_owned())));
    assert_eq!(of("O"), None);
    assert_eq!(of("F"), Some(Value::Reference("field://metadata.name".to_owned())));
    assert_eq!(of("*(Secret/gone)"), Some(Value::SecretRef("k8s://Secret/gone".to_owned())));
    assert!(!format!("{all:?}").contains("hunter2"));
}

#[test]
fn pods_cron_jobs_and_lists_have_containers() {
    let text = "kind: List\nitems:\n- {kind: Pod, metadata: {name: p}, spec: {initContainers: [{name: i}], containers: \
                [{name: c}]}}\n- {kind: CronJob, metadata: {name: j}, spec: {jobTemplate: {spec: {template: {spec: \
                {containers: [{name: d}]}}}}}}\n- {kind: Service, metadata: {name: s}, spec: {ports: []}}\n";
    let names: Vec<String> = containers(&files(text)).into_iter().map(|container| container.name).collect();
    assert_eq!(names, ["i", "c", "d"]);
}

#[test]
fn keys_of_config_maps_and_secrets_are_variables() {
    let found = keys(&files(DEPLOYMENT));
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), ["LOG", "PASS", "PORT", "USER"]);
    let sealed = keys(&files("kind: SealedSecret\nmetadata: {name: s}\nspec: {encryptedData: {K: Ag==}}\n"));
    assert_eq!(sealed["K"].value, Value::SecretRef("k8s://Secret/s#K".to_owned()));
}
