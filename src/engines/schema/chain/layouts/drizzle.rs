//! Drizzle: `meta/_journal.json` says which files run in which order.
use super::{sum, whole_file};
use crate::engines::schema::StepKind;
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::chain::files::{Files, name_of, problem};
use crate::engines::schema::chain::sections::breakpoints;
use crate::engines::schema::chain::{Chain, Layout, ProblemKind};
use serde_json::Value;
use std::collections::BTreeSet;

const JOURNAL: &str = "meta/_journal.json";

pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    let full = files.full(JOURNAL);
    let journal = files.text(JOURNAL).and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let Some(entries) = journal.as_ref().and_then(|journal| journal.get("entries")).and_then(Value::as_array) else {
        let text = format!("{full} cannot be read, so the order of the migrations is not known");
        return chain.problems.push(problem(ProblemKind::Unresolved, &full, 1, text));
    };
    if chain.dialect.is_none() {
        let word =
            journal.as_ref().and_then(|journal| journal.get("dialect")).and_then(Value::as_str).unwrap_or_default();
        chain.dialect = match word {
            "turso" => Some(Dialect::Sqlite),
            word => Dialect::from_word(word),
        };
    }
    let mut listed = BTreeSet::new();
    for entry in entries {
        let Some(tag) = entry.get("tag").and_then(Value::as_str) else { continue };
        let path = format!("{tag}.sql");
        let when = entry.get("when").map(Value::to_string).unwrap_or_default();
        listed.insert(path.clone());
        if !files.has(&path) {
            let text = format!("the journal names {path}, which is not there");
            chain.problems.push(problem(ProblemKind::Missing, &full, 1, text));
            continue;
        }
        let Some(mut step) = whole_file(files, &path, StepKind::Versioned, &when, tag, true) else { continue };
        step.checksum = sum(Layout::Drizzle, files.bytes(&path));
        step.up = step.up.iter().flat_map(|script| breakpoints(&script.path, &script.text, true)).collect();
        chain.steps.push(step);
    }
    for path in files
        .paths
        .iter()
        .filter(|path| path.ends_with(".sql") && !path.contains('/') && !listed.contains(name_of(path)))
    {
        let full = files.full(path);
        chain.problems.push(problem(
            ProblemKind::Stray,
            &full,
            1,
            format!("{full} is not in the journal, so it is not run"),
        ));
    }
}
