//! Any text as PostgreSQL migrations: replayed the same each time, kept in JSON, described, and never a panic.
#![no_main]
#[path = "schema/steps.rs"]
mod steps;

use libfuzzer_sys::fuzz_target;
use pilab::engines::schema::catalog::Dialect;
use pilab::engines::schema::change::statements;

// Two scripts, parted by a line `-- step`.
fuzz_target!(|text: &str| {
    let (first, second) = steps::halves(text);
    let Some([before, after]) = steps::replay(Dialect::Postgres, first, second) else { return };
    assert_eq!(Some([before.clone(), after.clone()]), steps::replay(Dialect::Postgres, first, second));
    for replay in [&before, &after] {
        let _ = replay.catalog.objects();
        steps::round(&replay.catalog);
    }
    let _ = statements(&after.log, &before.catalog, &after.catalog);
});
