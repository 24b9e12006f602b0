//! A trial of everything on any text: for fuzzing and property tests.
use super::{Sqlite, alter, create};
use crate::engines::schema::catalog::{Catalog, Key};
use crate::engines::schema::{Options, Replayer, Script, Step, StepKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Replays a text in two halves; then what is printed must give the same again: the whole, and the way from the first half to the second.
/// The error says what differs. Texts of which something cannot be applied are only replayed.
pub fn trial(text: &str) -> Result<(), String> {
    let middle = text.lines().take(text.lines().count() / 2).map(|line| line.len() + 1).sum::<usize>().min(text.len());
    let (first, second) = text.split_at_checked(middle).unwrap_or((text, ""));
    let mut sqlite = Sqlite::new(&Options::default())?;
    sqlite.apply(&step("1", first));
    let before = sqlite.replay().catalog;
    sqlite.apply(&step("2", second));
    let after = sqlite.replay().catalog;
    if !after.unmodelled.is_empty() {
        return Ok(());
    }
    let made = run(&[create(&after)])?;
    same("what is printed", &made, &after)?;
    let script = alter(&before, &after, &[]).into_iter().map(|(_, text)| text).collect();
    let altered = run(&[create(&before), script])?;
    same("what is altered", &altered, &after)
}

fn step(version: &str, text: &str) -> Step {
    let path: Arc<str> = Arc::from(version);
    let script = Script { path: Arc::clone(&path), line: 1, text: Arc::from(text), transaction: false };
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

fn run(scripts: &[Vec<String>]) -> Result<Catalog, String> {
    let mut sqlite = Sqlite::new(&Options::default())?;
    for (nth, script) in scripts.iter().enumerate() {
        sqlite.apply(&step(&nth.to_string(), &script.iter().map(|one| format!("{one};\n")).collect::<String>()));
    }
    Ok(sqlite.replay().catalog)
}

fn same(what: &str, found: &Catalog, expected: &Catalog) -> Result<(), String> {
    type Flat = BTreeMap<Key, BTreeMap<String, String>>;
    let flat =
        |catalog: &Catalog| -> Flat { catalog.objects().into_iter().map(|one| (one.key, one.attributes)).collect() };
    let (found_flat, expected_flat) = (flat(found), flat(expected));
    if let Some(one) = found.unmodelled.first() {
        return Err(format!("{what}: line {}: {}", one.place.line, one.reason));
    }
    let mut keys = found_flat.keys().chain(expected_flat.keys());
    match keys.find(|key| found_flat.get(*key) != expected_flat.get(*key)) {
        Some(key) => Err(format!("{what}: {key:?} is {:?}, not {:?}", found_flat.get(key), expected_flat.get(key))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names() {
        for text in [
            "CREATE TABLE \"a.b\" (\"c d\" INT, \"e\"\"f\" TEXT DEFAULT 'x''y');\nCREATE INDEX \"i.j\" ON \"a.b\" (\"e\"\"f\");",
            "CREATE TABLE [select] ([from] PRIMARY KEY, [order] CHECK ([order] > 1));\nALTER TABLE [select] ADD COLUMN [where];",
            "CREATE TABLE É (Ü TEXT CHECK (Ü <> 'ß'));\nCREATE VIEW ö AS SELECT ü FROM é;",
            "CREATE TABLE a (b GENERATED ALWAYS AS (c + 1), c DEFAULT (-1));\nCREATE VIEW v AS SELECT * FROM a;",
        ] {
            assert_eq!(trial(text), Ok(()), "{text}");
        }
    }
}
