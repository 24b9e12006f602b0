//! Tests of the comparison.
mod leaves;
mod meaning;
mod planted;
mod sets;

use super::*;

/// A manifest of a text.
fn manifests(text: &str) -> Vec<Manifest> {
    vec![Manifest { source: "all.yaml".to_owned(), text: text.into(), first_line: 1 }]
}

/// Compares two texts.
fn diff(from: &str, to: &str) -> Comparison {
    let (from, to) = (manifests(from), manifests(to));
    let input = |manifests| Input { manifests, again: None, namespace: "ns" };
    compare(&input(&from), &input(&to), &Options::default())
}

/// The changes: place and class.
fn told(found: &Comparison) -> Vec<String> {
    found.changes.iter().map(|change| format!("{} {}", change.human(), change.class.slug())).collect()
}
