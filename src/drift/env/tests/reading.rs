//! Sources through the detector: what is read, what is refused, and what is still compared then.
use super::{Case, codes, dotenv, found, run, sources};
use crate::tree::TreeError;
use serde_json::{Value, json};

#[test]
fn what_was_read_is_compared_and_nothing_is_called_missing_that_may_be_set() {
    let bad = json!({"type": "manifests", "files": ["bad.yaml"]});
    let good = json!({"type": "dotenv", "files": ["{{ env.name }}.env"]});
    let tree = [("bad.yaml", "a: [\n"), ("staging.env", "A=1\nONLY=1\n"), ("prod.env", "A=2\nEXTRA=1\n")];
    // A later source wins, so what it sets is certain; what it does not set may be set by the one before it.
    let outcome = run(&sources(json!([bad, good]), &tree));
    assert_eq!((found(&outcome), codes(&outcome)), (vec!["ENV005 drift A".to_owned()], vec!["PL0302"]));
    // An earlier source may be overruled by the one that was not read.
    let outcome = run(&sources(json!([good, bad]), &tree));
    assert_eq!((found(&outcome).len(), codes(&outcome)), (0, vec!["PL0302"]));
    // What the environment declares wins over everything.
    let mut case = sources(json!([good, bad]), &tree);
    case.staging = json!({"tier": "staging", "variables": {"B": 1, "C": 1}});
    case.prod = json!({"tier": "prod", "variables": {"B": 2}});
    let outcome = run(&case);
    assert_eq!((found(&outcome), outcome.compared), (vec!["ENV005 drift B".to_owned()], 0));
    // One side alone cannot be read.
    let mut case = dotenv("A=1\nB=1", "A=2");
    case.env = json!([{"type": "dotenv", "files": ["{{ env.name }}.x?"]}, good]);
    case.a.insert("prod.x", "broken line\n");
    let outcome = run(&case);
    assert_eq!((found(&outcome), codes(&outcome)), (vec!["ENV005 drift A".to_owned()], vec!["PL0302"]));
}

#[test]
fn faults_of_the_repository_have_their_codes() {
    for (error, code) in [
        (TreeError::LfsPointer { size: 9 }, "PL0212"),
        (TreeError::BadLink, "PL0211"),
        (TreeError::Submodule, "PL0213"),
        (TreeError::TooLarge { size: 9, limit: 8 }, "PL0210"),
        (TreeError::Missing, "PL0204"),
        (TreeError::NotUtf8, "PL0216"),
        (TreeError::Other("no".to_owned()), "PL0302"),
    ] {
        for (path, of) in
            [("f/prod.env", "dotenv"), ("f", "dotenv"), ("f/prod.env", "manifests"), ("f/prod.env", "compose")]
        {
            let env = json!([{"type": of, "files": ["f/{{ env.name }}.env"]}]);
            let mut case = sources(env, &[("f/staging.env", "A=1"), ("f/prod.env", "A=1\nB=2")]);
            case.faults = vec![(path, error.clone())];
            let outcome = run(&case);
            assert!(codes(&outcome).contains(&code), "{error:?} {path} {of} {:?}", outcome.unchecked);
            assert_eq!(outcome.drafts, [], "{error:?} {path}");
        }
    }
    let mut case = sources(json!([{"type": "dotenv", "files": ["b.env"]}]), &[]);
    case.a.insert("b.env", vec![b'A', b'=', 0xff]);
    assert_eq!(codes(&run(&case)).first(), Some(&"PL0302"));
}

#[test]
fn env_files_see_those_before_them() {
    let env = json!([{"type": "dotenv", "files": ["base.env", "{{ env.name }}.env"]},
        {"type": "dotenv", "files": ["last.env"]}]);
    let tree =
        [("base.env", "HOST=h\nA=1"), ("staging.env", "A=2"), ("prod.env", "A=3"), ("last.env", "U=${HOST}/${A}")];
    let outcome = run(&sources(env, &tree));
    assert_eq!(found(&outcome), ["ENV005 drift A", "ENV005 drift U"]);
    let shown = |at: usize| outcome.drafts[at].to.clone().map(|shown| shown.text);
    assert_eq!(shown(1).as_deref(), Some("h/3"));
}

#[test]
fn compose_takes_the_env_files_that_it_is_told_or_the_one_beside_it() {
    let compose = "services:\n  pay: {environment: {A: '${X}', B: '${Y:-}'}}\n  idle: {image: x}\n";
    let tree = [
        ("c/compose.yaml", compose),
        ("c/.env", "X=beside"),
        ("base.env", "X=1\nY=${X}y"),
        ("staging.env", "X=s"),
        ("prod.env", "X=p"),
    ];
    let of =
        |dotenv: Value| json!([{"type": "compose", "files": ["c/compose.yaml"], "service": "pay", "dotenv": dotenv}]);
    let outcome = run(&sources(of(json!([])), &tree));
    assert_eq!((outcome.compared, outcome.equal, outcome.drafts.len()), (2, 2, 0));
    let outcome = run(&sources(of(json!(["base.env", "{{ env.name }}.env"])), &tree));
    assert_eq!(found(&outcome), ["ENV005 drift A"]);
    assert_eq!(outcome.drafts[0].from.clone().map(|shown| shown.text).as_deref(), Some("s"));
    assert_eq!(codes(&run(&sources(of(json!(["no.env"])), &tree))), ["PL0301"]);
    assert_eq!(codes(&run(&sources(of(json!(["no.env?"])), &tree))).len(), 0);
    let idle = json!([{"type": "compose", "files": ["c/compose.yaml"], "service": "idle"}]);
    let outcome = run(&sources(idle, &tree));
    assert_eq!((outcome.unchecked.len(), outcome.compared), (0, 0));
}

/// A deployment with one container.
fn deployment(name: &str, container: &str, env: &str) -> String {
    format!(
        "kind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      containers:\n      - \
         name: {container}\n        {env}\n---\n"
    )
}

fn manifests(staging: &str, prod: &str) -> Case {
    let env = json!([{"type": "manifests", "files": ["{{ env.name }}.yaml"], "service": "pay"}]);
    sources(env, &[("staging.yaml", staging), ("prod.yaml", prod)])
}

#[test]
fn a_container_is_found_by_its_name_or_by_that_of_its_object() {
    let one =
        |container: &str, value: &str| deployment("pay", container, &format!("env: [{{name: A, value: {value}}}]"));
    let other = deployment("other", "server", "env: [{name: A, value: z}]");
    for (staging, prod, expected) in [
        (one("pay", "1"), one("pay", "2"), vec!["ENV005 drift A"]),
        (one("server", "1") + &other, other.clone() + &one("server", "2"), vec!["ENV005 drift A"]),
        (
            deployment("pay-staging", "server", "env: [{name: A, value: x}]"),
            deployment("production-pay", "server", "env: [{name: A, value: y}]"),
            vec!["ENV005 drift A"],
        ),
    ] {
        let outcome = run(&manifests(&staging, &prod));
        assert_eq!((found(&outcome), outcome.unchecked.len()), (expected.iter().map(|s| (*s).to_owned()).collect(), 0));
    }
    assert_eq!(codes(&run(&manifests(&other, &one("pay", "1")))), ["PL0304"]);
}

#[test]
fn containers_of_several_objects_do_not_overwrite_one_another() {
    let all = |x: &str| {
        deployment("cart", "server", "env: [{name: PORT, value: '1'}]")
            + &deployment("mail", "server", &format!("env: [{{name: PORT, value: '{x}'}}]"))
    };
    let mut case = manifests(&all("2"), &all("3"));
    case.env = json!([{"type": "manifests", "files": ["{{ env.name }}.yaml"]}]);
    let outcome = run(&case);
    assert_eq!((found(&outcome), outcome.compared), (vec!["ENV005 drift mail/server/PORT".to_owned()], 2));
    let job = "kind: CronJob\nmetadata: {name: mail}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: \
               server, env: [{name: PORT, value: '9'}]}]}}}}}\n";
    let both = |x: &str| deployment("mail", "server", &format!("env: [{{name: PORT, value: '{x}'}}]")) + job;
    let mut case = manifests(&both("2"), &both("3"));
    case.env = json!([{"type": "manifests", "files": ["{{ env.name }}.yaml"]}]);
    assert_eq!(found(&run(&case)), ["ENV005 drift deployment-mail/server/PORT"]);
}

#[test]
fn loose_variables_are_in_every_container_of_both_sides() {
    let env =
        json!([{"type": "dotenv", "files": ["base.env"]}, {"type": "compose", "files": ["{{ env.name }}.yaml?"]}]);
    let tree =
        [("base.env", "A=1\n"), ("prod.yaml", "services:\n  x: {environment: {B: 1}}\n  y: {environment: {A: 2}}\n")];
    let outcome = run(&sources(env, &tree));
    assert_eq!(found(&outcome), ["ENV004 drift x/B", "ENV005 drift y/A"]);
}

#[test]
fn objects_that_are_not_there_make_names_uncertain_and_are_told_unless_optional() {
    let literal = deployment("pay", "pay", "env: [{name: A, value: '1'}, {name: B, value: '1'}]");
    let absent = |optional: &str| {
        let from = format!("envFrom: [{{prefix: B, secretRef: {{name: s{optional}}}}}]");
        deployment("pay", "pay", &format!("{from}\n        env: [{{name: A, value: '2'}}]"))
    };
    let outcome = run(&manifests(&literal, &absent("")));
    assert_eq!((found(&outcome), codes(&outcome)), (vec!["ENV005 drift A".to_owned()], vec!["PL0307"]));
    let outcome = run(&manifests(&literal, &absent(", optional: true")));
    assert_eq!((found(&outcome), codes(&outcome).len()), (vec!["ENV005 drift A".to_owned()], 0));
    // A name that the object cannot set is missing.
    let more = literal.replace("{name: B", "{name: C");
    assert_eq!(found(&run(&manifests(&more, &absent("")))), ["ENV005 drift A", "ENV001 drift C"]);
    // A key of an object that is not here is not said to differ from a value.
    let key = deployment("pay", "pay", "env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: A}}}]");
    let value = deployment("pay", "pay", "env: [{name: A, value: '1'}]");
    let outcome = run(&manifests(&value, &key));
    assert_eq!((found(&outcome).len(), codes(&outcome)), (0, vec!["PL0307"]));
}

#[test]
fn environments_in_one_file_are_told_apart_by_namespace() {
    let of = |namespace: &str, value: &str| {
        deployment("pay", "pay", &format!("env: [{{name: A, value: {value}}}]"))
            .replace("{name: pay}", &format!("{{name: pay, namespace: {namespace}}}"))
    };
    let all = of("shop-staging", "1") + &of("shop-prod", "2");
    let mut case = sources(json!([{"type": "manifests", "files": ["all.yaml"]}]), &[("all.yaml", &all)]);
    assert_eq!((codes(&run(&case)), run(&case).drafts.len()), (vec!["PL0308"], 0));
    case.staging = json!({"tier": "staging", "cluster": {"namespace": "shop-staging"}});
    case.prod = json!({"tier": "prod", "cluster": {"namespace": "shop-prod"}});
    assert_eq!((found(&run(&case)), codes(&run(&case)).len()), (vec!["ENV005 drift A".to_owned()], 0));
    // A base and a patch of it: which one applies is for kustomize to say.
    let twice = deployment("pay", "pay", "env: [{name: A, value: '1'}]").repeat(2);
    let case = sources(json!([{"type": "manifests", "files": ["all.yaml"]}]), &[("all.yaml", &twice)]);
    assert_eq!(codes(&run(&case)), ["PL0308"]);
    let keys = "kind: ConfigMap\nmetadata: {name: a}\ndata: {A: '1'}\n---\n".repeat(2);
    let case = sources(json!([{"type": "configmap", "files": ["all.yaml"]}]), &[("all.yaml", &keys)]);
    assert_eq!(codes(&run(&case)), ["PL0308"]);
}

#[test]
fn keys_of_config_maps_are_variables() {
    let of = |a: &str| format!("kind: ConfigMap\nmetadata: {{name: a}}\ndata: {{A: '{a}', B: x}}\n");
    let env = json!([{"type": "configmap", "files": ["{{ env.name }}.yaml"]}]);
    let case = sources(env, &[("staging.yaml", &of("1")), ("prod.yaml", &of("2"))]);
    assert_eq!(found(&run(&case)), ["ENV005 drift A"]);
}

#[test]
fn templates_and_kustomizations_are_refused_with_a_way_out() {
    let template = "kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}-pay\n";
    let quoted = "kind: Deployment\nmetadata:\n  name: \"{{ .Release.Name }}-pay\"\n";
    let kustomization = "resources: [a.yaml]\nconfigMapGenerator: []\n";
    for (text, hint) in [(template, "helm template"), (quoted, "helm template"), (kustomization, "kubectl kustomize")] {
        let outcome = run(&manifests(text, text));
        assert_eq!(codes(&outcome), ["PL0302", "PL0302"], "{text}");
        assert!(outcome.unchecked[0].hints.iter().any(|known| known.contains(hint)), "{:?}", outcome.unchecked);
    }
}

#[test]
fn what_an_environment_declares_is_found_in_its_own_document() {
    let mut case = dotenv("", "");
    case.env = json!([]);
    case.config = "kind: Environment\nmetadata: {name: staging}\nspec:\n  variables: {AA: 0, A: 1}\n---\n\
                   kind: Environment\nmetadata: {name: prod}\nspec:\n  variables:\n    A: 2\n    B: 2\n  modules:\n    \
                   other:\n      variables:\n        B: 4\n    pay:\n      variables:\n        B: 3\n";
    case.staging = json!({"tier": "staging", "variables": {"AA": 0, "A": 1, "B": 1}});
    case.prod =
        json!({"tier": "prod", "variables": {"AA": 0, "A": 2, "B": 2}, "modules": {"pay": {"variables": {"B": 3}}}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV005 drift A", "ENV005 drift B"]);
    let lines = |at: usize| -> Vec<(usize, String)> {
        outcome.drafts[at].evidence.iter().map(|e| (e.place.line, e.place.text.trim().to_owned())).collect()
    };
    assert_eq!(lines(0), [(4, "… A: 1 …".to_owned()), (10, "A: 2".to_owned())]);
    assert_eq!(lines(1), [(1, String::new()), (18, "B: 3".to_owned())]);
}
