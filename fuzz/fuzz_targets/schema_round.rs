//! Any text as migrations of any dialect: a catalog is like itself, a comparison turned round is its mirror, and what is printed makes the same tables.
#![no_main]
#[path = "schema/steps.rs"]
mod steps;

use libfuzzer_sys::fuzz_target;
use pilab::engines::schema::catalog::{Catalog, Dialect, Key, Name};
use pilab::engines::schema::change::{Change, CompareOptions, Difference, compare, compare_with_logs, weigh};
use pilab::engines::schema::{alter, create};

// The dialect alone on the first line, else PostgreSQL; then two scripts, parted by a line `-- step`.
fuzz_target!(|text: &str| {
    let named = text.split_once('\n').and_then(|(line, rest)| Some((Dialect::from_word(line)?, rest)));
    let (dialect, text) = named.unwrap_or((Dialect::Postgres, text));
    let (first, second) = steps::halves(text);
    let Some([before, after]) = steps::replay(dialect, first, second) else { return };
    let options = CompareOptions::default();
    let (a, b) = (&before.catalog, &after.catalog);
    for one in [a, b] {
        let none = compare(one, one, &options);
        assert!(none.is_empty(), "a catalog is like itself: {none:?}");
    }
    let mut changes = compare_with_logs(a, b, &options, &after.log);
    weigh(&mut changes, a, b, &after.log);
    let _ = alter(a, b, &changes);
    let mut there = compare(a, b, &options);
    let mut back = compare(b, a, &options);
    assert_eq!(keys(&there, &Difference::Created), keys(&back, &Difference::Dropped), "came and went");
    assert_eq!(keys(&there, &Difference::Dropped), keys(&back, &Difference::Created), "went and came");
    weigh(&mut there, a, b, &[]);
    weigh(&mut back, b, a, &[]);
    let _ = (alter(a, b, &there), alter(b, a, &back));
    if b.unmodelled.is_empty() {
        let made = create(b).into_iter().map(|one| format!("{one};\n")).collect::<String>();
        let again = steps::replay(dialect, &made, "").map(|[again, _]| again.catalog).unwrap_or_default();
        assert_eq!(tables(&again), tables(b), "{made}\n{:?}", again.unmodelled);
    }
});

fn keys(changes: &[Change], difference: &Difference) -> Vec<Key> {
    let mut keys: Vec<_> =
        changes.iter().filter(|one| one.difference == *difference).map(|one| one.key.clone()).collect();
    keys.sort();
    keys
}

/// Tables with the names of their columns.
fn tables(catalog: &Catalog) -> Vec<(&Name, Vec<&str>)> {
    let tables = catalog.tables.iter();
    tables.map(|(name, table)| (name, table.columns.iter().map(|column| column.name.as_str()).collect())).collect()
}
