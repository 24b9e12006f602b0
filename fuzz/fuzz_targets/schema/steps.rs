//! Texts as steps of a chain.
#![allow(dead_code, reason = "each target takes what it needs")]
use pilab::engines::schema::catalog::{Catalog, Dialect, Server};
use pilab::engines::schema::{Options, Replay, Script, Step, StepKind, replayer};
use std::sync::Arc;

/// A step of one script.
fn step(version: &str, text: &str, transaction: bool) -> Step {
    let path: Arc<str> = Arc::from(format!("{version}.sql"));
    let script = Script { path: Arc::clone(&path), line: 1, text: Arc::from(text), transaction };
    Step {
        kind: StepKind::Versioned,
        version: version.to_owned(),
        name: String::new(),
        path,
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    }
}

/// The two texts of an input: they are parted by a line `-- step`.
pub fn halves(text: &str) -> (&str, &str) {
    text.split_once("\n-- step\n").unwrap_or((text, ""))
}

/// What comes out of a database of this dialect after the first text and after the second.
pub fn replay(dialect: Dialect, first: &str, second: &str) -> Option<[Replay; 2]> {
    let mut replayer = replayer(Server::newest(dialect), &Options::default()).ok()?;
    replayer.apply(&step("1", first, true));
    let before = replayer.replay();
    replayer.apply(&step("2", second, false));
    let after = replayer.replay();
    assert_eq!(replayer.unmodelled(), after.catalog.unmodelled, "unmodelled() is what the catalog says");
    Some([before, after])
}

/// Writes a catalog as JSON and reads it again.
pub fn round(catalog: &Catalog) {
    let text = serde_json::to_string(catalog).expect("a catalog is JSON");
    let again: Catalog = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(&again, catalog, "a catalog is the same after JSON");
}
