//! Tests of the comparison.
use super::*;

/// A manifest of a text.
pub(super) fn manifests(text: &str) -> Vec<Manifest> {
    vec![Manifest { source: "all.yaml".to_owned(), text: text.into(), first_line: 1 }]
}

/// Compares two texts.
pub(super) fn diff(from: &str, to: &str) -> Comparison {
    let (from, to) = (manifests(from), manifests(to));
    let input = |manifests| Input { manifests, again: None, namespace: "ns" };
    compare(&input(&from), &input(&to), &Options::default())
}

#[test]
fn a_replica() {
    let text = |count: &str| {
        format!("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: {count}\n")
    };
    let found = diff(&text("1"), &text("3"));
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.changes[0].path.to_string(), "spec.replicas");
}
