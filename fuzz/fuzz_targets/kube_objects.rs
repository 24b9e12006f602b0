//! Any two texts of manifests compared: places inside the texts, the same counts both ways, and nothing between equal ones.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::kube::objects::{Comparison, Input, Manifest, Options, What, compare};

fn manifests(text: &str) -> Vec<Manifest> {
    let (mut all, mut line) = (Vec::new(), 1);
    for part in text.split("\n+++\n") {
        all.push(Manifest { source: format!("{line}"), text: part.into(), first_line: line });
        line += part.lines().count() as u32 + 1;
    }
    all
}

fn between(from: &[Manifest], to: &[Manifest], again: Option<&[Manifest]>) -> Comparison {
    let input = |manifests, again| Input { manifests, again, namespace: "default" };
    let found = compare(&input(from, again), &input(to, None), &Options::default());
    for change in &found.changes {
        for (place, side) in [(&change.from, from), (&change.to, to)] {
            let Some(place) = place else { continue };
            assert!(side[place.manifest].text.get(place.span.start..place.span.end).is_some(), "{place:?}");
            assert!(place.line <= place.last, "{place:?}");
        }
        let _ = (change.human(), change.path.pointer());
    }
    assert!(found.lines.unexplained.is_empty() || !found.errors.is_empty(), "{:?}", found.lines.unexplained);
    found
}

// Two sides with a line `===` between; manifests of a side with a line `+++` between.
fuzz_target!(|text: &str| {
    let (one, two) = text.split_once("\n===\n").unwrap_or((text, ""));
    let (left, right) = (manifests(one), manifests(two));
    let (there, back) = (between(&left, &right, None), between(&right, &left, None));
    assert_eq!((there.objects_from, there.objects_to), (back.objects_to, back.objects_from));
    assert_eq!(there.compared, back.compared);
    let count = |found: &Comparison, what: &What| found.changes.iter().filter(|change| change.what == *what).count();
    assert_eq!(count(&there, &What::Added), count(&back, &What::Removed));
    assert_eq!(count(&there, &What::Removed), count(&back, &What::Added));
    let _ = between(&left, &right, Some(&right));

    assert_eq!(between(&left, &left, None).changes, []);
    // The texts differ, so that the objects are really looked at.
    let commented: Vec<Manifest> = left
        .iter()
        .map(|manifest| Manifest { text: format!("# x\n{}", manifest.text).into(), ..manifest.clone() })
        .collect();
    let found = between(&left, &commented, None);
    assert!(found.changes.is_empty() || !found.errors.is_empty(), "{:?}", found.changes);
});
