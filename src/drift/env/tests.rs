//! The detector on small trees: each rule, each state, the law of the split.
mod laws;
mod reading;
mod rules;
mod secrets;

use super::{Env, digest};
use crate::catalog::{Catalog, Located};
use crate::drift::{Comparison, Detector, Outcome, Side};
use crate::model::config::{Environment, Module, Policy};
use crate::model::{Mode, Pair, Place, Secret, State};
use crate::tree::{Entry, MemTree, Tree, TreeError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Clone)]
struct Case {
    a: MemTree,
    b: MemTree,
    versions: (Option<&'static str>, Option<&'static str>),
    env: Value,
    chart: Value,
    since: Value,
    staging: Value,
    prod: Value,
    policy: Value,
    mode: Mode,
    /// Paths that cannot be read.
    faults: Vec<(&'static str, TreeError)>,
    /// The file of the environments.
    config: &'static str,
    show_secrets: bool,
}

/// A tree in which some paths cannot be read.
struct Faulty<'a>(&'a MemTree, &'a [(&'static str, TreeError)]);

impl Faulty<'_> {
    fn fault<T>(&self, path: &str) -> Option<Result<T, TreeError>> {
        self.1.iter().find(|(at, _)| *at == path).map(|(_, error)| Err(error.clone()))
    }
}

impl Tree for Faulty<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        self.fault(path).unwrap_or_else(|| self.0.read(path, limit))
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        self.fault(path).unwrap_or_else(|| self.0.list(path))
    }

    fn identity(&self) -> Option<String> {
        None
    }
}

/// The same files in both versions, read by these sources.
fn sources(env: Value, files: &[(&str, &str)]) -> Case {
    let tree = MemTree::of(files.iter().copied());
    Case { env, a: tree.clone(), b: tree, ..dotenv("", "") }
}

/// One `.env` file per environment: the lines of staging and of prod, the same in both versions.
fn dotenv(staging: &str, prod: &str) -> Case {
    let tree = MemTree::of([("staging.env", staging), ("prod.env", prod)]);
    Case {
        a: tree.clone(),
        b: tree,
        versions: (Some("2"), Some("1")),
        env: json!([{"type": "dotenv", "files": ["{{ env.name }}.env"]}]),
        chart: Value::Null,
        since: Value::Null,
        staging: json!({"tier": "staging", "tokens": ["stg"]}),
        prod: json!({"tier": "prod", "tokens": ["production"]}),
        policy: json!({"expected": {"mustDiffer": ["MUST"], "mayDiffer": ["*_REPLICAS"], "mustEqual": ["SAME_*"]}}),
        mode: Mode::Promote,
        faults: Vec::new(),
        config: "",
        show_secrets: false,
    }
}

fn located<T>(value: T, file: &str) -> Located<T> {
    Located { value, place: Place::of(file, "", 0, 0) }
}

fn document<T: serde::de::DeserializeOwned>(kind: &str, name: &str, spec: &Value) -> T {
    let value = json!({"apiVersion": "pilab.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
    serde_json::from_value(value).expect("a document")
}

fn run(case: &Case) -> Outcome {
    let envs: Vec<Environment> =
        vec![document("Environment", "staging", &case.staging), document("Environment", "prod", &case.prod)];
    let module: Module = document(
        "Module",
        "pay",
        &json!({"kind": "service", "repo": "shop", "env": case.env, "chart": case.chart, "since": case.since}),
    );
    let policy: Policy = document("Policy", "p", &case.policy);
    let catalog = Catalog {
        project: located(document("Project", "shop", &json!({"promotion": {"order": ["staging", "prod"]}})), "p.yaml"),
        modules: BTreeMap::new(),
        environments: envs.iter().cloned().map(|env| located(env, "env.yaml")).collect(),
        cells: BTreeMap::new(),
        policies: BTreeMap::from([("p".to_owned(), located(policy, "policy.yaml"))]),
        baselines: BTreeMap::new(),
        snapshots: BTreeMap::new(),
        sources: BTreeMap::new(),
        releases: BTreeMap::new(),
        integrations: BTreeMap::new(),
        tenants: BTreeMap::new(),
        accepted: Vec::new(),
    };
    let config = MemTree::of([("env.yaml", case.config)]);
    let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: case.mode };
    let side = |name: &'static str, env, version, tree| Side {
        name,
        environment: if case.mode == Mode::Refs { None } else { Some(env) },
        deployment: None,
        version,
        commit: None,
        tree: Ok(tree),
        history: None,
    };
    let (a, b) = (Faulty(&case.a, &case.faults), Faulty(&case.b, &case.faults));
    let (a, b): (&dyn Tree, &dyn Tree) = (&a, &b);
    let key = Secret::new("key");
    Env.compare(&Comparison {
        catalog: &catalog,
        module: &module,
        pair: &pair,
        from: side("staging", &envs[0], case.versions.0, a),
        to: side("prod", &envs[1], case.versions.1, b),
        config: &config,
        code: None,
        now: jiff::Timestamp::UNIX_EPOCH,
        hmac: Some(("k1", &key)),
        renders: &crate::drift::helm::Renders::new(std::sync::Arc::new(crate::drift::helm::NoCharts)),
        schemas: &crate::drift::schema::Schemas::default(),
        readers: &[],
        show_secrets: case.show_secrets,
    })
}

fn codes(outcome: &Outcome) -> Vec<&'static str> {
    outcome.unchecked.iter().map(|diagnostic| diagnostic.code.id).collect()
}

fn found(outcome: &Outcome) -> Vec<String> {
    outcome.drafts.iter().map(|d| format!("{} {} {}", d.rule.id, d.state.word(), d.key)).collect()
}

#[test]
fn each_rule_is_raised_by_its_difference() {
    for (staging, prod, expected) in [
        ("A=1", "A=1", ""),
        ("A=1", "", "ENV001 drift A"),
        ("", "A=1", "ENV004 drift A"),
        ("A=1", "A=2", "ENV005 drift A"),
        ("H=https://stg.shop.example", "H=https://production.shop.example", "ENV006 expected H"),
        ("H=staging.shop.example", "H=shop.example", "ENV006 expected H"),
        ("SAME_H=stg.x", "SAME_H=production.x", "ENV005 drift SAME_H"),
        ("N_REPLICAS=1", "N_REPLICAS=3", "ENV006 expected N_REPLICAS"),
        ("H=a.example", "H=stg.example", "ENV007 drift H"),
        ("H=stg.example", "H=stg.example", "ENV007 drift H"),
        ("A=1", "A=x", "ENV008 drift A"),
        ("A=", "", "ENV009 drift A"),
        ("MUST=1", "MUST=1", "ENV010 drift MUST"),
        ("A=localhost:1", "A=localhost:1", "ENV017 drift A"),
        ("A=https://h:443/", "A=https://h", ""),
        ("A=true\nB=1.0\nC={\"a\": 1}", "A=yes\nB=1\nC={\"a\":1}", ""),
    ] {
        let outcome = run(&dotenv(staging, prod));
        assert_eq!(found(&outcome).join(","), expected, "{staging} {prod} {:?}", outcome.unchecked);
    }
}

#[test]
fn a_plain_secret_is_found_and_never_shown() {
    let outcome = run(&dotenv("DB_PASSWORD=hunter2", "DB_PASSWORD=hunter3"));
    assert_eq!(found(&outcome), ["ENV006 expected DB_PASSWORD", "ENV013 drift DB_PASSWORD"]);
    assert!(!format!("{outcome:?}").contains("hunter"));
    let equal = run(&dotenv("DB_PASSWORD=hunter2", "DB_PASSWORD=hunter2"));
    assert_eq!(found(&equal), ["ENV010 drift DB_PASSWORD", "ENV013 drift DB_PASSWORD"]);
}

#[test]
fn the_split_tells_pending_from_drift() {
    let mut case = dotenv("A=1", "A=1");
    case.a = MemTree::of([("staging.env", "A=2\nNEW=1"), ("prod.env", "A=2\nNEW=1")]);
    case.b = MemTree::of([("staging.env", "A=1\nOLD=1"), ("prod.env", "A=1\nOLD=1")]);
    assert_eq!(found(&run(&case)), ["ENV023 pending A", "ENV021 pending NEW", "ENV022 pending OLD"]);
    case.b = case.a.clone();
    assert!(run(&case).drafts.is_empty());
    case.mode = Mode::Refs;
    case.env = json!([{"type": "dotenv", "files": ["prod.env"]}]);
    case.b = MemTree::of([("prod.env", "A=3\nNEW=1\nX=1")]);
    assert_eq!(found(&run(&case)), ["ENV023 change A", "ENV021 change X"]);
}

#[test]
fn a_plain_secret_beside_a_reference_is_one_finding() {
    for (value, expected) in
        [("hunter2", &["ENV012 drift API_KEY"][..]), ("dummy", &["ENV012 drift API_KEY", "ENV017 drift API_KEY"])]
    {
        let text = format!("API_KEY={value}");
        let mut case = dotenv(&text, &text);
        case.staging = json!({"tier": "staging", "secrets": {"API_KEY": {"ref": "vault://kv/staging#k"}}});
        case.versions = (Some("2"), None);
        let outcome = run(&case);
        assert_eq!(found(&outcome), expected);
        assert_eq!(outcome.drafts[0].title, "Variable API_KEY is a literal in prod and a secret in staging");
        let told = outcome.drafts[0].modifiers.iter().any(|part| part.name == "told by ENV017" && part.tenths == -20);
        assert_eq!(told, value == "dummy");
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }
}

#[test]
fn a_module_that_comes_or_is_nowhere() {
    // What the promotion brings is told once, by VER004; what it would lack there is drift.
    let mut case = dotenv("A=1\nB=1", "A=1");
    case.versions = (Some("2"), None);
    assert_eq!(found(&run(&case)), ["ENV001 drift B"]);
    for (versions, mode) in [
        ((None, None), Mode::Promote),
        ((None, Some("1")), Mode::Promote),
        ((Some("2"), None), Mode::Mirror),
        ((None, Some("2")), Mode::Mirror),
    ] {
        (case.versions, case.mode) = (versions, mode);
        let outcome = run(&case);
        assert!(outcome.not_applicable.is_some() && outcome.drafts.is_empty(), "{versions:?}");
        assert!(outcome.unchecked.is_empty());
    }
}

#[test]
fn refs_outside_a_modules_time_have_no_variables() {
    let mut case = dotenv("", "");
    case.a = MemTree::default();
    case.b = MemTree::of([("x.env", "A=1")]);
    case.env = json!([{"type": "dotenv", "files": ["x.env"]}]);
    case.mode = Mode::Refs;
    for (versions, since, expected, unchecked) in [
        (("2.1.3", "2.2.0"), "2.2.0", &["ENV021 change A"][..], 0),
        (("2.1.3", "2.2.0"), "3.0.0", &[], 0),
        (("main", "2.2.0"), "2.2.0", &[], 1),
    ] {
        (case.versions, case.since) = ((Some(versions.0), Some(versions.1)), json!(since));
        let outcome = run(&case);
        assert_eq!(
            (found(&outcome).as_slice(), outcome.unchecked.len()),
            (&expected.iter().map(|s| s.to_string()).collect::<Vec<_>>()[..], unchecked),
            "{since}"
        );
        assert_eq!(outcome.not_applicable.is_some(), since == "3.0.0");
    }
}

#[test]
fn what_the_whole_environment_declares_is_told_once() {
    let mut case = dotenv("A=1", "A=1");
    case.staging = json!({"tier": "staging", "secrets": {"KEY": {"ref": "vault://kv/staging#k"}}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV001 drift KEY"]);
    assert!(outcome.drafts[0].for_all && outcome.compared == 1);
    // A module whose sources name it tells it itself.
    case = Case { a: MemTree::of([("staging.env", "KEY=x"), ("prod.env", "KEY=x")]), ..case };
    let outcome = run(&case);
    assert!(found(&outcome).contains(&"ENV012 drift KEY".to_owned()));
    assert!(outcome.drafts.iter().all(|draft| !draft.for_all));
    // Only the containers that name it get it.
    case.env = json!([{"type": "compose", "files": ["c.yaml"]}]);
    case.a = MemTree::of([("c.yaml", "services:\n  a: {environment: {KEY: x}}\n  b: {environment: {X: 1}}\n")]);
    case.versions = (Some("2"), None);
    assert_eq!(found(&run(&case)), ["ENV012 drift a/KEY"]);
    case.env = json!([{"type": "dotenv", "files": ["{{ env.name }}.env"]}]);
    // So does one whose sources name it in one environment only.
    case.a = MemTree::of([("staging.env", "A=1"), ("prod.env", "KEY=vault")]);
    assert!(run(&case).drafts.iter().all(|draft| !draft.for_all));
}

#[test]
fn values_that_follow_the_version_are_expected() {
    for (a, b, versions, mode, expected) in [
        ("V=svc-2.2.0", "V=svc-2.1.3", ("2.2.0", "2.1.3"), Mode::Promote, "ENV006 expected V"),
        ("V=svc-2.2.0", "V=svc-2.1.3", ("2.2.0", "2.1.3"), Mode::Mirror, "ENV006 expected V"),
        ("V=svc-2.2.0", "V=svc-2.1.3", ("2.2.0", "2.1.3"), Mode::Refs, "ENV006 expected V"),
        ("V=svc-2.2.0", "V=other-2.1.3", ("2.2.0", "2.1.3"), Mode::Promote, "ENV023 pending V"),
        ("V=svc-2.1.3", "V=svc-2.2.0", ("2.2.0", "2.1.3"), Mode::Promote, "ENV023 pending V"),
        ("V=12.2.0", "V=12.1.3", ("2.2.0", "2.1.3"), Mode::Promote, "ENV023 pending V"),
        ("V=2", "V=1", ("2", "1"), Mode::Promote, "ENV023 pending V"),
    ] {
        let mut case = dotenv("", "");
        case.a = MemTree::of([("x.env", a)]);
        case.b = MemTree::of([("x.env", b)]);
        case.env = json!([{"type": "dotenv", "files": ["x.env"]}]);
        (case.versions, case.mode) = ((Some(versions.0), Some(versions.1)), mode);
        assert_eq!(found(&run(&case)), [expected], "{a} {b} {mode:?}");
    }
}

#[test]
fn a_line_for_all_environments_weighs_less_and_run_modes_are_no_environment() {
    let shared = |text: &str, prod: Value| {
        let mut case = dotenv("", "");
        case.a = MemTree::of([("x.env", text)]);
        case.b = case.a.clone();
        case.env = json!([{"type": "dotenv", "files": ["x.env"]}]);
        case.prod = prod;
        run(&case)
    };
    let outcome = shared("A=http://localhost:1", json!({"tier": "prod"}));
    assert_eq!(found(&outcome), ["ENV017 drift A"]);
    assert_eq!(outcome.drafts[0].modifiers.iter().map(|part| part.tenths).collect::<Vec<_>>(), [-50]);
    assert_eq!(outcome.drafts[0].from, outcome.drafts[0].to);
    let names = json!({"tier": "prod", "tokens": ["live"]});
    assert_eq!(found(&shared("H=db.staging", names.clone())), ["ENV007 drift H"]);
    assert!(shared("APP_ENV=development", names.clone()).drafts.is_empty());
    assert!(shared("ARGS=no-sandbox,disable-staging-shm", names.clone()).drafts.is_empty());
    // What a mirror copies from its original is no foreign value.
    let mirror = json!({"tier": "dr", "mirrors": "staging"});
    assert!(shared("H=db.staging", mirror).drafts.is_empty());
}

#[test]
fn rendered_manifests_of_a_chart_lie_in_its_folder() {
    let deployment = "kind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: \
                      [{name: a, env: [{name: X, value: '1'}]}]}}}\n";
    let tree = |value: &str| MemTree::of([("charts/a/out/x.yaml", deployment.replace("'1'", value).as_str())]);
    let mut case = dotenv("", "");
    (case.a, case.b) = (tree("'2'"), tree("'1'"));
    case.env = json!([{"type": "rendered-manifests"}]);
    for folder in ["charts/a", "charts/a/"] {
        case.chart = json!({"path": folder, "rendered": ["out/**/*.yaml"]});
        let outcome = run(&case);
        assert_eq!(found(&outcome), ["ENV023 pending X"], "{:?}", outcome.unchecked);
    }
}

#[test]
fn what_cannot_be_read_is_not_checked() {
    for (env, code) in [
        (json!([{"type": "dotenv", "files": ["no.env"]}]), "PL0301"),
        (json!([{"type": "dotenv", "files": ["bad.env"]}]), "PL0302"),
        (json!([{"type": "helm-values", "files": ["v.yaml"]}]), "PL0303"),
        (json!([{"type": "compose", "files": ["c.yaml"], "service": "{{ module.name }}"}]), "PL0304"),
        (json!([{"type": "dotenv", "files": ["{{ no.name }}.env"]}]), "PL0019"),
    ] {
        let mut case = dotenv("", "");
        case.env = env;
        case.a = MemTree::of([("bad.env", "A='hidden"), ("c.yaml", "services: {other: {}}")]);
        case.b = case.a.clone();
        let outcome = run(&case);
        assert_eq!(outcome.unchecked.first().map(|d| d.code.id), Some(code), "{:?}", outcome.unchecked);
        assert!(!format!("{:?}", outcome.unchecked).contains("hidden"));
        assert!(outcome.drafts.is_empty());
    }
    let mut case = dotenv("", "");
    case.env = json!([{"type": "dotenv", "files": ["no.env?"]}]);
    assert!(run(&case).unchecked.is_empty());
    case.env = json!([]);
    assert!(run(&case).not_applicable.is_some());
}

#[test]
fn what_the_environment_declares_wins_and_digests_need_their_key() {
    let mut case = dotenv("A=1\nS=x", "A=1\nS=x");
    case.staging = json!({"tier": "staging", "variables": {"A": 5},
        "secrets": {"S": {"ref": "vault://kv/staging#s"}, "T": {"digest": digest("key", "k1", "shop", "T", "v")}}});
    case.prod = json!({"tier": "prod", "modules": {"pay": {"variables": {"A": 6},
        "secrets": {"S": {"ref": "vault://kv/prod#s"}, "T": {"digest": digest("key", "k2", "shop", "T", "v")}}}}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV005 drift A", "ENV006 expected S"]);
    assert_eq!(outcome.unchecked.first().map(|d| d.code.id), Some("PL0305"));
    case.mode = Mode::Mirror;
    assert!(run(&case).drafts.iter().all(|draft| draft.state != State::Pending));
}

#[test]
fn containers_keep_their_variables_apart() {
    let mut case = dotenv("", "");
    case.env = json!([{"type": "compose", "files": ["{{ env.name }}.yaml"]}]);
    let of = |x: &str| format!("services:\n  a: {{environment: {{X: {x}}}}}\n  b: {{environment: {{X: 1}}}}\n");
    case.a = MemTree::of([("staging.yaml", of("1").as_str()), ("prod.yaml", of("2").as_str())]);
    case.b = case.a.clone();
    assert_eq!(found(&run(&case)), ["ENV005 drift a/X"]);
}
