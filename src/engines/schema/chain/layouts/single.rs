//! One file for a step: goose, dbmate, sqlx, Supabase, Atlas, and plain numbered files.
use super::{code, sum, whole_file};
use crate::engines::schema::chain::files::{Files, folder_of, name_of, problem};
use crate::engines::schema::chain::sections::{dbmate, goose};
use crate::engines::schema::chain::{Chain, Layout, ProblemKind, checksum, version};
use crate::engines::schema::{Step, StepKind};
use std::sync::Arc;

/// Endings of undo files beside plain numbered ones.
const UNDO: [&str; 6] = [".down.sql", "_down.sql", "-down.sql", ".undo.sql", "_rollback.sql", ".rollback.sql"];

pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    let mut numbered: Vec<(String, (usize, String), String)> = Vec::new();
    for path in files.paths.clone() {
        let name = name_of(&path);
        let Some(stem) =
            name.strip_suffix(".sql").or_else(|| name.strip_suffix(".go").filter(|stem| !stem.ends_with("_test")))
        else {
            continue;
        };
        if UNDO.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let bare = stem.strip_prefix(['V', 'v']).unwrap_or(stem);
        match version::numbered(bare) {
            Some((digits, _)) if chain.layout == Layout::Numbered => {
                numbered.push((folder_of(&path).to_owned(), version::number(digits), path.clone()));
            }
            // The other tools look at one folder only, and at its order alone.
            Some((digits, _)) => numbered.push((String::new(), version::number(digits), path.clone())),
            None if name.ends_with(".sql") => stray(files, &path, chain),
            None => {}
        }
    }
    // Atlas and Supabase go by the name of the file; the others count.
    match chain.layout {
        Layout::Atlas | Layout::Supabase => numbered.sort_by(|a, b| name_of(&a.2).cmp(name_of(&b.2))),
        _ => numbered.sort(),
    }
    for (_, _, path) in numbered {
        if let Some(step) = step(files, chain, &path) {
            chain.steps.push(step);
        }
    }
    checkpoint(chain);
}

fn stray(files: &Files<'_>, path: &str, chain: &mut Chain) {
    let full = files.full(path);
    let text = format!("{full} has no version in its name, so the tool does not run it");
    chain.problems.push(problem(ProblemKind::Stray, &full, 1, text));
}

fn step(files: &mut Files<'_>, chain: &mut Chain, path: &str) -> Option<Step> {
    let file = name_of(path).to_owned();
    let stem = file.strip_suffix(".sql").or_else(|| file.strip_suffix(".go")).unwrap_or(&file);
    let (digits, name) = version::numbered(stem.strip_prefix(['V', 'v']).unwrap_or(stem))?;
    let counted = version::number(digits).1;
    let shown = if matches!(chain.layout, Layout::Goose | Layout::Sqlx) { counted } else { digits.to_owned() };
    if !file.ends_with(".sql") {
        return Some(code(files, path, &shown, name, chain));
    }
    let transaction = !matches!(chain.layout, Layout::Numbered);
    let mut step = whole_file(files, path, StepKind::Versioned, &shown, name, transaction)?;
    step.checksum = sum(chain.layout, files.bytes(path));
    let text = step.up.first().map(|script| script.text.clone()).unwrap_or_else(|| Arc::from(""));
    let sections = match chain.layout {
        Layout::Goose => goose(&step.path, &text),
        Layout::Dbmate => dbmate(&step.path, &text),
        _ => {
            let free = match chain.layout {
                Layout::Sqlx => text.starts_with("-- no-transaction"),
                Layout::Atlas => directive(&text, "txmode") == Some("none"),
                _ => false,
            };
            step.up.iter_mut().for_each(|script| script.transaction &= !free);
            if chain.layout == Layout::Atlas
                && text.lines().take(5).any(|line| line.trim().starts_with("-- atlas:checkpoint"))
            {
                step.kind = StepKind::Baseline;
            }
            return Some(step);
        }
    };
    if !sections.marked && !text.trim().is_empty() {
        let text = format!("{} has no mark that says which part of it goes up", step.path);
        chain.problems.push(problem(ProblemKind::Unresolved, &step.path, 1, text));
        return Some(step);
    }
    if text.to_ascii_lowercase().contains("+goose envsub on") && text.contains('$') {
        let text = format!("{} takes values from the environment, which are not known here", step.path);
        chain.problems.push(problem(ProblemKind::Unresolved, &step.path, 1, text));
    }
    (step.up, step.down) = (sections.up, sections.down);
    Some(step)
}

/// The value of `-- atlas:NAME value` among the first lines.
fn directive<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().take(10).find_map(|line| line.trim().strip_prefix("-- atlas:")?.strip_prefix(name))?;
    Some(line.trim())
}

/// A new database begins at the newest checkpoint.
fn checkpoint(chain: &mut Chain) {
    if let Some(at) = chain.steps.iter().rposition(|step| step.kind == StepKind::Baseline) {
        chain.steps.drain(..at);
    }
}

/// Compares `atlas.sum` with the files.
pub(super) fn sums(files: &mut Files<'_>, chain: &mut Chain) {
    let Some(kept) = files.optional("atlas.sum") else { return };
    let mut known = Vec::new();
    for line in kept.lines().skip(1) {
        let Some((name, sum)) = line.rsplit_once(" h1:") else { continue };
        known.push((name.to_owned(), sum.trim().to_owned()));
    }
    let mut contents = Vec::new();
    for (name, _) in &known {
        match files.has(name).then(|| files.bytes(name)).flatten() {
            Some(bytes) => contents.push((name.clone(), bytes)),
            None => {
                let text = format!("atlas.sum names {name}, which is not there");
                return chain.problems.push(problem(ProblemKind::Checksum, &files.full("atlas.sum"), 1, text));
            }
        }
    }
    let (_, sums) = checksum::atlas(contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    // The sums are of everything up to a file, so all behind the first that differs differ too.
    if let Some(((name, _), _)) = sums.iter().zip(&known).find(|((_, sum), (_, kept))| sum != kept) {
        let full = files.full(name);
        chain.problems.push(problem(
            ProblemKind::Checksum,
            &full,
            1,
            format!("{full} is not the file that atlas.sum was made of"),
        ));
    }
    let listed: std::collections::BTreeSet<String> = known.iter().map(|(name, _)| files.full(name)).collect();
    for step in &mut chain.steps {
        step.checksum = known.iter().find(|(name, _)| files.full(name) == *step.path).map(|(_, sum)| sum.clone());
        if !listed.contains(&*step.path) {
            let text = format!("{} is not in atlas.sum", step.path);
            chain.problems.push(problem(ProblemKind::Checksum, &step.path, 1, text));
        }
    }
}
