//! The JSON of reports keeps the schema that the types give.
use super::sample;
use crate::model::{DriftReport, MatrixReport, ReleaseNotes, Statistics};
use crate::ops::{Acceptance, AcceptanceReport, Explanation, LintReport, RepoState, RepositoryReport};
use crate::render::json;
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

fn check<T: JsonSchema + serde::Serialize>(report: &T) {
    let schema: Value = schema_for!(T).to_value();
    let text = json(report).unwrap();
    assert!(text.ends_with("}\n") || text.ends_with("]\n"));
    let value: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // A schema that allows anything would pass as well: one that knows no key of the report does not.
    if let (Some(known), Value::Object(keys)) = (schema.get("properties"), &value) {
        let unknown: Vec<_> = keys.keys().filter(|key| known.get(key.as_str()).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

#[test]
fn every_report_validates_with_and_without_its_optional_parts() {
    check(&sample::one_pair());
    check(&sample::all_pairs());
    let mut bare = sample::one_pair();
    (bare.commit, bare.at) = (None, None);
    for finding in &mut bare.pairs[0].findings {
        (finding.from, finding.to, finding.since, finding.because) = (None, None, None, None);
        finding.details.clear();
        finding.tickets.clear();
        finding.evidence.clear();
        finding.score.set = Some((crate::model::Severity::Low, "policy".into()));
    }
    bare.pairs[0].not_checked[0].why.hints.clear();
    check(&bare);
    check(&sample::matrix());
    check(&sample::explanation());
    check(&LintReport { schema: "pilab.lint/v1", files: 1, documents: 1, diagnostics: sample::matrix().diagnostics });
    let warnings = sample::matrix().diagnostics;
    let repo = |path: Option<&str>| RepoState {
        name: "app".into(),
        url: "https://x.test/app".into(),
        path: path.map(str::to_owned),
        state: "cache",
        tags: 3,
        fetched_at: path.map(|_| sample::NOW.into()),
        warnings: warnings.clone(),
    };
    check(&RepositoryReport::from(vec![repo(None), repo(Some("/c"))]));
    let acceptance = |until: Option<&str>| Acceptance {
        id: "3f9c2ab".into(),
        fingerprint: "v1:x".into(),
        title: "x".into(),
        file: "baselines/a.yaml".into(),
        until: until.map(str::to_owned),
    };
    let acceptances = vec![acceptance(None), acceptance(Some("2026-12-31"))];
    check(&AcceptanceReport::from(acceptances));
    check(&notes());
}

fn notes() -> ReleaseNotes {
    ReleaseNotes {
        schema: "pilab.notes/v1",
        project: "shop".into(),
        title: "shop v2".into(),
        from: "v1".into(),
        to: "v2".into(),
        environment: None,
        date: None,
        breaking: vec![],
        sections: vec![],
        env_changes: vec![],
        modules: vec![],
        contributors: vec![],
        left_out: vec![],
        statistics: Statistics::default(),
        not_checked: vec![],
    }
}

#[test]
fn a_missing_or_wrong_key_is_refused() {
    for (schema, report, key) in [
        (schema_for!(DriftReport), serde_json::to_value(sample::one_pair()).unwrap(), "pairs"),
        (schema_for!(MatrixReport), serde_json::to_value(sample::matrix()).unwrap(), "rows"),
        (schema_for!(Explanation), serde_json::to_value(sample::explanation()).unwrap(), "finding"),
    ] {
        let validator = jsonschema::validator_for(&schema.to_value()).unwrap();
        let mut report = report;
        assert!(validator.is_valid(&report));
        report.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&report), "{key}");
        report[key] = Value::from(1);
        assert!(!validator.is_valid(&report), "{key}");
    }
}

#[test]
fn parts_that_serde_leaves_out_are_not_required() {
    let schema = schema_for!(DriftReport).to_value();
    let required = schema["$defs"]["Finding"]["required"].to_string();
    for key in ["evidence", "details", "tickets", "from", "to", "since", "until", "because"] {
        assert!(!required.contains(&format!("\"{key}\"")), "{key}");
    }
    for key in ["id", "fingerprint", "rule", "severity", "state", "score"] {
        assert!(required.contains(&format!("\"{key}\"")), "{key}");
    }
    let code = &schema["$defs"]["Diagnostic"]["properties"]["code"]["type"];
    assert_eq!(code, "string");
}
