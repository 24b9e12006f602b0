//! The law of the split, on sets of variables of any content.
use super::{Case, dotenv, run, sources};
use crate::model::{Mode, State};
use proptest::collection::btree_map;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

type Vars = BTreeMap<String, String>;

fn vars() -> impl Strategy<Value = Vars> {
    btree_map(
        "[A-D]{1,2}",
        prop_oneof!["[a-c0-2]{0,2}", Just("stg.x".to_owned()), Just("production.x".to_owned())],
        0..6,
    )
}

fn lines(vars: &Vars) -> String {
    vars.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}

/// The same variables as a compose file, and as a manifest.
fn compose(vars: &Vars) -> String {
    let env: String = vars.iter().map(|(name, value)| format!("      - '{name}={value}'\n")).collect();
    format!("services:\n  s:\n    environment:{}{env}", if env.is_empty() { " []\n" } else { "\n" })
}

fn manifest(vars: &Vars) -> String {
    let env: Vec<String> = vars.iter().map(|(name, value)| format!("{{name: '{name}', value: '{value}'}}")).collect();
    format!("kind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, env: [{}]}}]}}\n", env.join(", "))
}

/// `a` is the promoted version (staging and prod), `b` the one in prod.
fn cases(a: &(Vars, Vars), b: &(Vars, Vars)) -> Vec<Case> {
    let with = |form: fn(&Vars) -> String, of: &str| {
        let env = json!([{"type": of, "files": ["{{ env.name }}.x"]}]);
        let mut case = sources(env.clone(), &[("staging.x", &form(&a.0)), ("prod.x", &form(&a.1))]);
        case.b = sources(env, &[("staging.x", &form(&b.0)), ("prod.x", &form(&b.1))]).a;
        case
    };
    vec![with(lines, "dotenv"), with(compose, "compose"), with(manifest, "manifests")]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn equal_sides_do_not_drift_and_equal_versions_have_nothing_pending(a in (vars(), vars()), b in (vars(), vars())) {
        let neutral = |vars: &Vars| vars.values().all(|value| !value.contains('.'));
        for case in cases(&a, &b) {
            let outcome = run(&case);
            prop_assert!(outcome.unchecked.is_empty());
            let (drift, pending): (Vec<_>, Vec<_>) = outcome.drafts.iter().partition(|d| d.state != State::Pending);
            if a.0 == a.1 && neutral(&a.0) {
                prop_assert!(drift.is_empty(), "{drift:?}");
            }
            if a.1 == b.1 {
                prop_assert!(pending.is_empty(), "{pending:?}");
            }
            // A finding is named by rule and key: none is both, and none is there twice.
            let names: BTreeSet<_> = outcome.drafts.iter().map(|d| (d.rule.id, d.key.as_str())).collect();
            prop_assert_eq!(names.len(), outcome.drafts.len());
            // What a promotion brings and what drifts afterwards are told apart by the version that is read.
            let changed = |x: &Vars, y: &Vars| x.keys().chain(y.keys()).filter(|k| x.get(*k) != y.get(*k)).count() > 0;
            prop_assert!(pending.is_empty() || changed(&a.1, &b.1));
            for mode in [Mode::Mirror, Mode::Refs] {
                let other = run(&Case { mode, ..case.clone() });
                prop_assert!(other.drafts.iter().all(|draft| draft.state != State::Pending));
            }
        }
    }

    #[test]
    fn equal_material_is_equal_in_every_form(all in vars()) {
        let neutral: Vars = all.into_iter().filter(|(_, value)| !value.contains('.')).collect();
        let side = (neutral.clone(), neutral);
        for case in cases(&side, &side) {
            let outcome = run(&case);
            prop_assert!(outcome.drafts.is_empty() && outcome.unchecked.is_empty());
            prop_assert_eq!((outcome.compared, outcome.equal), (side.0.len(), side.0.len()));
        }
    }

    #[test]
    fn broken_sources_do_no_harm(a in (vars(), vars()), cut in 0_usize..300, text in "[a-z:!&*<\\[\\]{}\\- \n$#\"'=]{0,12}") {
        for mut case in cases(&a, &a) {
            let mut content = String::from_utf8(case.a.files().next().unwrap().1.to_vec()).unwrap();
            let at = cut % (content.len() + 1);
            content.insert_str(at, &text);
            case.a.insert("prod.x", content);
            prop_assert_eq!(run(&case), run(&case));
        }
    }
}

#[test]
fn a_module_that_is_nowhere_has_nothing_to_compare() {
    let mut case = dotenv("A=1", "A=2");
    case.versions = (Some("2"), None);
    let coming = run(&case);
    assert!(coming.drafts.iter().all(|draft| draft.state != State::Pending), "VER004 tells that it comes");
    case.versions = (None, None);
    assert_eq!(run(&case).not_applicable.as_deref(), Some("it is deployed in neither environment"));
}
