//! What is pending, drift and expected between rendered versions, and which line of a values file makes it so.
use super::{Helm, NoCharts, Renders};
use crate::drift::testing::catalog;
use crate::drift::{Comparison, Detector, Draft, Outcome, Side};
use crate::model::config::{Environment, Module};
use crate::model::{Mode, Pair};
use crate::tree::{MemTree, Tree};
use serde_json::{Value, json};
use std::sync::Arc;

/// A chart with its values, in two versions, for staging and prod.
struct Case {
    module: Value,
    a: MemTree,
    b: MemTree,
    versions: (Option<&'static str>, Option<&'static str>),
    config: MemTree,
    mode: Mode,
    environments: bool,
}

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: shop/web:{{ .Values.tag }}
          env:
            - { name: HOST, value: \"{{ .Values.host }}\" }
            - { name: URL, value: \"{{ .Values.scheme }}://{{ .Values.domain }}/\" }
";
const VALUES: &str = "replicas: 1\ntag: 1.0.0\nhost: shop.example\nscheme: https\ndomain: shop.example\n";

/// The same chart on both sides, with the values of staging and of prod.
fn chart(staging: &str, prod: &str) -> Case {
    let tree = MemTree::of([
        ("charts/web/Chart.yaml", CHART),
        ("charts/web/values.yaml", VALUES),
        ("charts/web/templates/web.yaml", TEMPLATE),
        ("charts/web/staging.yaml", staging),
        ("charts/web/prod.yaml", prod),
    ]);
    Case {
        module: json!({"chart": {"path": "charts/web", "values": ["{{ env.name }}.yaml"]}}),
        a: tree.clone(),
        b: tree,
        versions: (Some("1.1.0"), Some("1.1.0")),
        config: MemTree::default(),
        mode: Mode::Promote,
        environments: true,
    }
}

fn run(case: &Case) -> Outcome {
    let mut spec = json!({"kind": "service", "repo": "app"});
    for (key, value) in case.module.as_object().unwrap() {
        spec[key] = value.clone();
    }
    let document = |kind: &str, name: &str, spec: &Value| json!({"apiVersion": "pilab.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
    let module: Module = serde_json::from_value(document("Module", "web", &spec)).unwrap();
    let environment = |name: &str| {
        let cluster = json!({"namespace": format!("shop-{name}"), "kubeVersion": "1.30.0"});
        let spec = json!({"tier": name, "tokens": [name], "cluster": cluster});
        serde_json::from_value::<Environment>(document("Environment", name, &spec)).unwrap()
    };
    let (staging, prod) = (environment("staging"), environment("prod"));
    let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: case.mode };
    let side = |name, environment, version, tree| Side {
        name,
        environment,
        deployment: None,
        version,
        commit: None,
        tree: Ok(tree),
        history: None,
    };
    let (a, b): (&dyn Tree, &dyn Tree) = (&case.a, &case.b);
    Helm.compare(&Comparison {
        catalog: &catalog(),
        module: &module,
        pair: &pair,
        from: side("staging", Some(&staging).filter(|_| case.environments), case.versions.0, a),
        to: side("prod", Some(&prod).filter(|_| case.environments), case.versions.1, b),
        config: &case.config,
        code: None,
        now: jiff::Timestamp::UNIX_EPOCH,
        hmac: None,
        renders: &Renders::new(Arc::new(NoCharts)),
        schemas: &crate::drift::schema::Schemas::default(),
        readers: &[],
        show_secrets: false,
    })
}

/// Rule, state and the last step of the key of what was found, noise aside.
fn found(outcome: &Outcome) -> Vec<String> {
    assert!(outcome.unchecked.is_empty(), "{:?}", outcome.unchecked);
    let meant = outcome.drafts.iter().filter(|draft| draft.rule.id != "K8S050");
    meant.map(|draft| format!("{} {} {}", draft.rule.id, draft.state.word(), last(draft))).collect()
}

fn last(draft: &Draft) -> &str {
    draft.key.rsplit_once("spec.").map_or(draft.key.as_str(), |(_, last)| last)
}

fn draft<'o>(outcome: &'o Outcome, end: &str) -> &'o Draft {
    outcome.drafts.iter().find(|draft| draft.key.ends_with(end)).unwrap_or_else(|| panic!("{:?}", found(outcome)))
}

/// Side, file and line of all evidence.
fn lines(draft: &Draft) -> Vec<String> {
    let line = |e: &crate::model::Evidence| {
        let repository = if e.repository.is_empty() { "config" } else { &e.repository };
        format!("{} {repository}:{}:{} {}", e.side, e.place.file, e.place.line, e.place.text.trim())
    };
    draft.evidence.iter().map(line).collect()
}

#[test]
fn what_a_version_brings_is_pending_and_what_its_values_say_is_drift() {
    let mut case = chart("replicas: 1\n", "replicas: 4\n");
    case.versions = (Some("1.1.0"), Some("1.0.0"));
    case.a.insert("charts/web/values.yaml", VALUES.replace("https", "http"));
    let outcome = run(&case);
    let drift = "K8S031 drift replicas";
    assert_eq!(found(&outcome), [drift, "K8S036 pending containers[web].env[URL].value"]);
    let replicas = draft(&outcome, "replicas");
    assert_eq!(replicas.title, "Deployment web: spec.replicas differs between staging and prod");
    assert_eq!((&*replicas.from.as_ref().unwrap().text, &*replicas.to.as_ref().unwrap().text), ("1", "4"));
    let url = draft(&outcome, "env[URL].value");
    assert_eq!(url.title, "Promotion to prod changes Deployment web: containers[web].env[URL].value");
    let sides = (url.from.as_ref().unwrap().text.as_str(), url.to.as_ref().unwrap().text.as_str());
    assert_eq!(sides, ("http://shop.example/", "https://shop.example/"), "what staging has, what prod has now");
    assert_eq!(url.because.as_deref(), Some("comes with 1.1.0"));
    assert_eq!((outcome.compared, outcome.equal), (1, 0));
}

#[test]
fn the_words_of_the_environments_explain_hosts() {
    let outcome = run(&chart("host: shop.staging.example\n", "host: shop.prod.example\n"));
    assert_eq!(found(&outcome), ["K8S036 expected containers[web].env[HOST].value"]);
    let because = draft(&outcome, "env[HOST].value").because.clone();
    assert_eq!(because.as_deref(), Some("explained by the environment's own 'staging' and 'prod'"));
    let outcome = run(&chart("host: shop.staging.example\n", "host: shop.staging.example:1\n"));
    assert_eq!(found(&outcome), ["K8S036 drift containers[web].env[HOST].value"]);
}

#[test]
fn the_version_of_the_module_explains_its_images() {
    let mut case = chart("{}\n", "{}\n");
    case.versions = (Some("1.1.0"), Some("1.0.0"));
    case.a.insert("charts/web/values.yaml", VALUES.replace("1.0.0", "1.1.0"));
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S030 expected containers[web].image"]);
    let image = draft(&outcome, "image");
    assert_eq!(image.because.as_deref(), Some("it follows the module's own version"));
    // A tag that is pinned in prod stays behind.
    case.a.insert("charts/web/prod.yaml", "tag: 0.9.0\n");
    case.b.insert("charts/web/prod.yaml", "tag: 0.9.0\n");
    assert_eq!(found(&run(&case)), ["K8S014 drift containers[web].image"]);
}

#[test]
fn the_key_behind_a_difference_is_named_with_its_lines() {
    // A key on both sides; one on the right side only, so the left one has the chart's own; two keys in one field.
    let staging = "# first\nhost: a.example\nscheme: http\ndomain: one.example\n";
    let prod = "replicas: 3\nhost: b.example\ndomain: two.example\n";
    let outcome = run(&chart(staging, prod));
    let host = draft(&outcome, "env[HOST].value");
    assert!(host.details.contains(&"comes from `host` of the values".to_owned()), "{:?}", host.details);
    let own = "staging app:charts/web/templates/web.yaml:14 - { name: HOST, value: \"{{ .Values.host }}\" }";
    let files =
        ["staging app:charts/web/staging.yaml:2 host: a.example", "prod app:charts/web/prod.yaml:2 host: b.example"];
    assert_eq!(lines(host), [files[0], files[1], own]);
    let replicas = lines(draft(&outcome, "replicas"));
    assert_eq!(replicas[0], "staging app:charts/web/values.yaml:1 replicas: 1");
    assert_eq!(replicas[1], "prod app:charts/web/prod.yaml:1 replicas: 3");
    let url = draft(&outcome, "env[URL].value");
    assert!(url.details.contains(&"comes from `domain`, `scheme` of the values".to_owned()), "{:?}", url.details);
    assert_eq!(
        lines(url)[..4],
        [
            "staging app:charts/web/staging.yaml:4 domain: one.example",
            "prod app:charts/web/prod.yaml:3 domain: two.example",
            "staging app:charts/web/staging.yaml:3 scheme: http",
            "prod app:charts/web/values.yaml:4 scheme: https",
        ]
    );
}

#[test]
fn a_plain_ref_has_no_environment() {
    let mut case = chart("replicas: 1\n", "replicas: 4\n");
    (case.mode, case.environments) = (Mode::Refs, false);
    case.a.insert("charts/web/values.yaml", VALUES.replace("https", "http"));
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S036 change containers[web].env[URL].value"]);
    assert_eq!(outcome.drafts[0].title, "prod changes Deployment web: containers[web].env[URL].value");
    case.module = json!({"manifests": ["k8s/{{ env.name }}/*.yaml"]});
    let outcome = run(&case);
    assert!(outcome.drafts.is_empty() && outcome.unchecked.is_empty());
    assert_eq!(outcome.not_applicable.as_deref(), Some("it is rendered per environment, and a ref has none"),);
}

#[test]
fn a_mirror_must_be_the_same() {
    let mut case = chart("replicas: 1\n", "replicas: 4\n");
    case.mode = Mode::Mirror;
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S031 drift replicas"]);
    assert!(outcome.drafts[0].modifiers.is_empty(), "a mirror has no other size");
    case.versions = (Some("1.1.0"), Some("1.0.0"));
    case.a.insert("charts/web/values.yaml", VALUES.replace("https", "http"));
    assert_eq!(found(&run(&case)), ["K8S031 drift replicas", "K8S036 drift containers[web].env[URL].value"]);
    case.versions = (Some("1.1.0"), None);
    assert_eq!(run(&case).not_applicable.as_deref(), Some("it is not in prod"));
}

#[test]
fn chart_and_values_may_lie_in_the_config_repository() {
    let mut case = chart("{}\n", "{}\n");
    case.config = MemTree::of([("env/staging.yaml", "host: a\n"), ("env/prod.yaml", "host: b\n")]);
    let values = json!([{"file": "env/{{ env.name }}.yaml", "repo": "config"}]);
    case.module = json!({"chart": {"path": "charts/web", "values": values}});
    let outcome = run(&case);
    let host = draft(&outcome, "env[HOST].value");
    assert_eq!(lines(host)[..2], ["staging config:env/staging.yaml:1 host: a", "prod config:env/prod.yaml:1 host: b"]);
    assert!(host.evidence[0].at.is_empty(), "it is at no version of the module");
    // The chart too. `/` in front is the root of the chart's repository.
    case.config.insert("deploy/Chart.yaml", CHART);
    case.config.insert("deploy/values.yaml", VALUES);
    case.config.insert("deploy/templates/web.yaml", TEMPLATE);
    (case.a, case.b) = (MemTree::default(), MemTree::default());
    case.module = json!({"chart": {"path": "deploy", "repo": "config", "values": ["/env/{{ env.name }}.yaml"]}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S036 drift containers[web].env[HOST].value"]);
    assert_eq!(lines(&outcome.drafts[0])[2].split(' ').nth(1), Some("config:deploy/templates/web.yaml:14"));
}

#[test]
fn values_are_set_last() {
    let mut case = chart("tag: a\nreplicas: 2\n", "tag: b\nreplicas: 2\n");
    case.module = json!({"chart": {
        "path": "charts/web",
        "values": ["{{ env.name }}.yaml"],
        "set": {"tag": "{{ version }}", "host": "{{ env.name }}.shop.example, or so", "replicas": 3},
    }});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S036 expected containers[web].env[HOST].value"]);
    let host = draft(&outcome, "env[HOST].value");
    assert_eq!(host.from.as_ref().unwrap().text, "staging.shop.example, or so");
    case.module = json!({"chart": {"path": "charts/web", "set": {"a[-1]": "1"}}});
    let outcome = run(&case);
    let wrong: Vec<_> = outcome.unchecked.iter().map(|d| (d.code.id, d.message.as_str())).collect();
    assert_eq!(wrong, [("PL0312", "`set` of a[-1] in the chart of the module: negative -1 index not allowed")]);
}

#[test]
fn releases_and_namespaces_follow_the_environment() {
    let mut case = chart("{}\n", "{}\n");
    case.module = json!({"chart": {"path": "charts/web", "release": "web-{{ env.name }}"}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["K8S044 expected Deployment/web/metadata.name"]);
    let name = &outcome.drafts[0];
    assert_eq!(name.title, "Deployment web-staging of staging is Deployment web-prod in prod");
    assert_eq!(name.because.as_deref(), Some("explained by the environment's own 'staging' and 'prod'"));
}

#[test]
fn the_value_of_a_secret_is_shown_nowhere_else_either() {
    let mut case = chart("host: hunter-22\n", "host: hunter-33\n");
    let secret = "kind: Secret\napiVersion: v1\nmetadata: { name: s }\nstringData: { x: {{ .Values.host }} }\n";
    for tree in [&mut case.a, &mut case.b] {
        tree.insert("charts/web/templates/secret.yaml", secret);
    }
    let outcome = run(&case);
    let draft = draft(&outcome, "env[HOST].value");
    assert_eq!(draft.from.as_ref().map(|shown| shown.text.as_str()), Some("***"));
    assert!(!format!("{:?}", outcome.drafts).contains("hunter"), "{:?}", outcome.drafts);
}

#[test]
fn the_path_of_a_chart_stays_in_the_repository() {
    let mut case = chart("replicas: 2\n", "replicas: 3\n");
    case.module["chart"]["path"] = json!("charts/other/../web/");
    assert_eq!(found(&run(&case)).len(), 1);
    case.module["chart"]["path"] = json!("charts/../../web");
    let outcome = run(&case);
    let said: Vec<&str> = outcome.unchecked.iter().map(|why| why.message.as_str()).collect();
    assert_eq!(said, ["the chart's path charts/../../web leads out of the repository"]);
}
