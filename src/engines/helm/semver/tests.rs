//! Against answers of Helm 4.2.3 and, in the fourth place, Helm 3.10.1.
use super::*;
use serde_json::Value;

/// What `semverCompare` says: whether it holds, or why not.
fn compare(constraint: &str, version: &str, compat: Compat) -> Value {
    let constraint = match Constraint::parse_as(constraint, compat) {
        Ok(constraint) => constraint,
        Err(error) => return Value::from(error),
    };
    match Version::read(version) {
        Ok(version) => Value::from(constraint.check(&version)),
        Err(flaw) => Value::from(flaw.text(compat)),
    }
}

#[test]
fn constraints_hold_where_they_hold_in_helm() {
    let cases: Vec<Vec<Value>> = serde_json::from_str(include_str!("cases.json")).expect("cases");
    let mut wrong = Vec::new();
    for case in &cases {
        let (constraint, version) = (case[0].as_str().unwrap_or_default(), case[1].as_str().unwrap_or_default());
        let answers = [(Compat::Helm4, case.get(2)), (Compat::Helm3, case.get(3))];
        for (compat, answer) in answers.into_iter().filter_map(|(compat, answer)| answer.map(|answer| (compat, answer)))
        {
            let ours = compare(constraint, version, compat);
            if ours != *answer {
                wrong.push(format!("{compat:?} {constraint:?} {version:?}: {ours} and not {answer}"));
            }
        }
    }
    assert!(cases.len() > 600);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_default_reader_is_the_lenient_one() {
    let version = Version::parse("v1.2").expect("a version");
    assert_eq!((version.to_string(), version.original.as_str()), ("1.2.0".to_owned(), "v1.2"));
    assert!(!Constraint::parse_as(">=1.19-0", Compat::Helm4).expect("a constraint").check(&version));
}
