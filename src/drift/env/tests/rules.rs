//! Rules that need more than a `.env` file, what they show, and what they weigh.
use super::{dotenv, found, run, sources};
use crate::drift::{Draft, Outcome};
use serde_json::json;

fn shown(draft: &Draft) -> (String, String) {
    let of = |shown: &Option<crate::model::Shown>| shown.clone().map(|shown| shown.text).unwrap_or_default();
    (of(&draft.from), of(&draft.to))
}

fn sides(draft: &Draft) -> Vec<&str> {
    draft.evidence.iter().map(|evidence| evidence.side.as_str()).collect()
}

fn one(outcome: &Outcome) -> &Draft {
    assert_eq!(outcome.drafts.len(), 1, "{:?}", found(outcome));
    &outcome.drafts[0]
}

#[test]
fn a_foreign_value_shows_both_sides_and_the_offending_line_first() {
    let same = run(&dotenv("URL=https://x.stg.shop", "URL=https://x.stg.shop"));
    let draft = one(&same);
    assert_eq!((draft.rule.id, draft.key.as_str()), ("ENV007", "URL"));
    assert_eq!(shown(draft), ("https://x.stg.shop".to_owned(), "https://x.stg.shop".to_owned()));
    assert_eq!(sides(draft), ["prod", "staging"]);
    let left = run(&dotenv("URL=https://x.production.shop", "URL=https://x.shop"));
    assert_eq!((one(&left).rule.id, sides(one(&left))), ("ENV007", vec!["staging", "prod"]));
    let only = run(&dotenv("", "URL=https://x.stg.shop"));
    let rules: Vec<_> = only.drafts.iter().map(|draft| (draft.rule.id, sides(draft))).collect();
    assert_eq!(rules, [("ENV004", vec!["prod"]), ("ENV007", vec!["prod"])]);
}

#[test]
fn every_side_with_a_value_has_a_line() {
    for (staging, prod, lines) in [
        ("A=1", "", vec!["staging"]),
        ("", "A=1", vec!["prod"]),
        ("A=1", "A=2", vec!["staging", "prod"]),
        ("A=", "", vec!["staging"]),
        ("MUST=1", "MUST=1", vec!["staging", "prod"]),
        ("A=changeme", "A=changeme", vec!["prod", "staging"]),
        ("A=1", "A=x", vec!["staging", "prod"]),
        ("H=stg.x", "H=production.x", vec!["staging", "prod"]),
    ] {
        assert_eq!(sides(one(&run(&dotenv(staging, prod)))), lines, "{staging} {prod}");
    }
}

#[test]
fn secret_references_and_literals_beside_secrets() {
    let mut case = dotenv("", "");
    case.env = json!([]);
    let spec = |tier: &str, reference: &str| json!({"tier": tier, "secrets": {"S": {"ref": reference}}});
    case.staging = spec("staging", "vault://kv/a#s");
    case.prod = spec("prod", "vault://kv/b#s");
    assert_eq!(found(&run(&case)), ["ENV011 drift S"]);
    assert_eq!(shown(one(&run(&case))), ("vault://kv/a#s".to_owned(), "vault://kv/b#s".to_owned()));
    case.staging = json!({"tier": "staging", "variables": {"S": "plain"}});
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV012 drift S"]);
    assert!(outcome.drafts[0].title.contains("a literal in staging and a secret in prod"));
}

#[test]
fn a_secret_in_the_open_is_told_by_its_source_not_by_its_line() {
    let of = |kind: &str, data: &str| {
        format!(
            "kind: {kind}\nmetadata: {{name: s}}\n{data}\n---\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  \
             - name: pay\n    envFrom: [{{{}: {{name: s}}}}]\n",
            if kind == "Secret" { "secretRef" } else { "configMapRef" }
        )
    };
    let env = json!([{"type": "manifests", "files": ["m.yaml"]}]);
    for (text, expected) in [
        (of("ConfigMap", "data: {DB_PASSWORD: hunter2}"), vec!["ENV013 drift DB_PASSWORD"]),
        (of("Secret", "stringData:\n  DB_PASSWORD: 'value: hunter2'"), vec![]),
        (of("Secret", "data: {DB_PASSWORD: aHVudGVyMg==}"), vec![]),
    ] {
        let outcome = run(&sources(env.clone(), &[("m.yaml", &text)]));
        assert_eq!(found(&outcome), expected, "{text}");
    }
    let url = run(&dotenv("DB=pg://u:hunter2@h", "DB=pg://u:hunter3@h"));
    assert_eq!(found(&url), ["ENV006 expected DB", "ENV013 drift DB"]);
    assert_eq!(found(&run(&dotenv("API_TOKEN=changeme", "API_TOKEN=changeme2"))).len(), 2);
}

#[test]
fn amounts_and_the_own_version_explain() {
    let mut case = dotenv("A=1Gi\nB=60s\nC=1500ms", "A=1024Mi\nB=1m\nC=1.5s");
    assert!(run(&case).drafts.is_empty());
    case = dotenv("I=shop:1.5.0\nH=stg/1.5.0\nN=1.5.0", "I=shop:1.4.1\nH=production/1.4.1\nN=1.4.2");
    case.versions = (Some("1.5.0"), Some("1.4.1"));
    let outcome = run(&case);
    assert_eq!(found(&outcome), ["ENV006 expected H", "ENV006 expected I", "ENV005 drift N"]);
    let because: Vec<_> = outcome.drafts.iter().map(|draft| draft.because.clone().unwrap_or_default()).collect();
    assert_eq!(because[0], "explained by the environment's own 'stg' and 'production' and by the module's own version");
    assert_eq!(because[1], "explained by the module's own version");
    // What only follows the version is expected of a promotion, too.
    let mut pending = dotenv("", "I=shop:1.5.0");
    pending.versions = case.versions;
    pending.b.insert("prod.env", "I=shop:1.4.1");
    let pending = run(&pending);
    assert!(found(&pending).contains(&"ENV006 expected I".to_owned()));
}

/// The score in tenths before the receiving environment is added.
fn weight(draft: &Draft) -> i32 {
    draft.modifiers.iter().fold(draft.rule.base, |sum, part| sum + part.tenths).max(0)
}

#[test]
fn weights_are_what_the_table_says() {
    for (staging, prod, rule, tenths) in [
        ("A=1", "", "ENV001", 50),
        ("", "A=1", "ENV004", 30),
        ("A=1", "A=2", "ENV005", 40),
        ("LOG=debug", "LOG=info", "ENV005", 30),
        ("ID=f47ac10b-58cc-4372-a567-0e02b2c3d479", "ID=a47ac10b-58cc-4372-a567-0e02b2c3d479", "ENV005", 20),
        ("M=a@shop.example", "M=b@shop.example", "ENV005", 20),
        ("MUST=1", "MUST=1", "ENV010", 75),
        ("A=1", "A=x", "ENV008", 50),
        ("A=stg", "A=stg", "ENV007", 60),
        ("A=todo", "A=todo", "ENV017", 70),
        ("A=localhost:1", "A=localhost:1", "ENV017", 40),
        ("API_KEY=x", "", "ENV001", 55),
    ] {
        let outcome = run(&dotenv(staging, prod));
        let draft = outcome.drafts.iter().find(|draft| draft.rule.id == rule);
        assert_eq!(draft.map(weight), Some(tenths), "{staging} {prod} {:?}", found(&outcome));
        assert!(outcome.drafts.iter().all(|draft| draft.modifiers.iter().all(|part| !part.reason.is_empty())));
    }
}
