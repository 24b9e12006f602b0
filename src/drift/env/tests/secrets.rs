//! No secret leaves the detector, whatever the source and however it is written.
use super::{Case, dotenv, found, run, sources};
use crate::drift::Outcome;
use crate::model::Mode;
use proptest::prelude::*;
use serde_json::json;

/// All kinds of sources that can hold the two secrets, each with a harmless variable on the same line where that is
/// possible.
fn holders(s: &str, p: &str) -> Vec<Case> {
    let base64 = |text: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let manifest = |data: &str, more: &str| {
        format!(
            "kind: Secret\nmetadata: {{name: s}}\n{data}\n---\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: \
             [{{name: c, envFrom: [{{secretRef: {{name: s}}}}], env: [{{name: X, value: '1'}}, {more}]}}]}}\n"
        )
    };
    let manifests = json!([{"type": "manifests", "files": ["{{ env.name }}.yaml"]}]);
    let of = |env: &serde_json::Value, a: String, b: String| {
        sources(env.clone(), &[("staging.yaml", &a), ("prod.yaml", &b)])
    };
    let compose = json!([{"type": "compose", "files": ["{{ env.name }}.yaml"], "dotenv": ["{{ env.name }}.env?"]}]);
    let mut all = vec![
        dotenv(&format!("X=1\nDB_PASSWORD={s}"), &format!("X=2\nDB_PASSWORD='{p}' # {p}")),
        dotenv(&format!("X=1 # {s}\nDB_PASSWORD={s}"), &format!("X=2 # {p}\nDB_PASSWORD={p}")),
        dotenv(&format!("API_TOKEN={s}\nX=https://h/?k=${{API_TOKEN}}"), &format!("API_TOKEN={p}\nX=${{API_TOKEN}}")),
        dotenv(&format!("DSN=pg://u:{s}@h"), &format!("DSN=pg://u:{p}@stg")),
        dotenv(&format!("DB_PASSWORD=\"{s}"), &format!("{p} x=1")),
        of(
            &manifests,
            manifest(&format!("stringData: {{A: '{s}'}}"), "{name: Z, value: u-$(A)}"),
            manifest(&format!("data: {{A: {}}}", base64(p)), "{name: Z, value: v-$(A)}"),
        ),
        of(
            &manifests,
            manifest("", &format!("{{name: DB_PASSWORD, value: '{s}'}}")),
            manifest("", &format!("{{name: DB_PASSWORD, value: '{p}'}}")).replace("value: '1'", "value: '2'"),
        ),
        of(
            &compose,
            format!("services: {{a: {{environment: {{X: 1, DB_PASSWORD: '{s}'}}}}}}"),
            format!("services: {{a: {{environment: {{X: 2, DB_PASSWORD: '{p}'}}}}}}"),
        ),
        of(
            &compose,
            format!("services: {{a: {{environment: [X=1, DB_PASSWORD={s}]}}}}"),
            format!("services: {{a: {{environment: [X=2, 'DB_PASSWORD={p}']}}}}"),
        ),
        of(
            &json!([{"type": "configmap", "files": ["{{ env.name }}.yaml"]}]),
            format!("kind: ConfigMap\nmetadata: {{name: a}}\ndata: {{X: a, API_KEY: '{s}'}}"),
            format!("kind: Secret\nmetadata: {{name: a}}\nstringData: {{X: '{p}'}}"),
        ),
    ];
    let url = "services: {a: {environment: {X: 'https://h/${DB_PASSWORD}/x', Y: '${DB_PASSWORD}'}}}";
    let mut filled = of(&compose, url.to_owned(), url.to_owned());
    filled.a.insert("staging.env", format!("DB_PASSWORD={s}"));
    filled.a.insert("prod.env", format!("DB_PASSWORD={p}"));
    all.push(filled);
    let mut declared = dotenv(&format!("SHARED_SECRET={s}"), &format!("SHARED_SECRET={p}"));
    declared.prod = json!({"tier": "prod", "secrets": {"OTHER": {"ref": "vault://kv/x#y"}}, "variables": {"N": "1"}});
    all.push(declared);
    all
}

/// Every field of an outcome, in its own words.
fn words(outcome: &Outcome) -> String {
    let shown = |shown: &Option<crate::model::Shown>| shown.clone().map(|shown| shown.text).unwrap_or_default();
    let mut all = format!("{outcome:?}");
    for draft in &outcome.drafts {
        all += &format!("{} {} {:?} {}", draft.key, draft.title, draft.because, shown(&draft.from) + &shown(&draft.to));
        all += &serde_json::to_string(&draft.evidence).unwrap();
        all += &serde_json::to_string(&draft.modifiers).unwrap();
    }
    all += &serde_json::to_string(&outcome.unchecked).unwrap();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_planted_secret_is_in_no_field(s in "[a-zA-Z][a-zA-Z0-9]{9,20}", p in "[a-zA-Z][a-zA-Z0-9]{9,20}") {
        for (number, case) in holders(&s, &p).into_iter().enumerate() {
            for mode in [Mode::Promote, Mode::Mirror, Mode::Refs] {
                let mut case = case.clone();
                case.mode = mode;
                let text = words(&run(&case));
                prop_assert!(!text.contains(&s) && !text.contains(&p), "{number} {mode:?} {text}");
                // What is new, gone or changed between two versions is what notes show.
                case.b = crate::tree::MemTree::default();
                let text = words(&run(&case));
                prop_assert!(!text.contains(&s) && !text.contains(&p), "{number} {mode:?} {text}");
            }
        }
    }
}

#[test]
fn the_flag_shows_values_as_from_and_to_and_nowhere_else() {
    let mut case = dotenv("DB_PASSWORD=hunter2", "DB_PASSWORD=hunter3");
    case.show_secrets = true;
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV006 expected DB_PASSWORD", "ENV013 drift DB_PASSWORD"]);
    for draft in &outcome.drafts {
        let text = |shown: &Option<crate::model::Shown>| shown.clone().map(|shown| shown.text);
        assert_eq!((text(&draft.from).as_deref(), text(&draft.to).as_deref()), (Some("hunter2"), Some("hunter3")));
        assert!(!format!("{} {:?}", draft.title, draft.evidence).contains("hunter"));
        assert!(draft.evidence.iter().all(|evidence| evidence.place.text == "DB_PASSWORD ***"));
    }
    case.show_secrets = false;
    assert!(!words(&run(&case)).contains("hunter"));
}
