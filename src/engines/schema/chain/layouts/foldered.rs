//! A folder for a step: diesel, Prisma, and folders named by number or version.
use super::{sum, whole_file};
use crate::engines::schema::chain::files::{Files, folder_of, name_of, problem};
use crate::engines::schema::chain::{Chain, Layout, ProblemKind, version};
use crate::engines::schema::{Script, Step, StepKind};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    match chain.layout {
        Layout::Diesel => diesel(files, chain),
        Layout::Prisma => prisma(files, chain),
        _ => folders(files, chain),
    }
}

/// The folders directly below the root, or below any folder in it, that hold such a file.
fn holding(files: &Files<'_>, name: &str) -> Vec<String> {
    let paths = files.paths.iter().filter(|path| name_of(path) == name);
    paths.map(|path| folder_of(path).to_owned()).filter(|folder| !folder.is_empty()).collect()
}

/// diesel: the version is what stands before the first `_`, without `-`; versions are compared as texts.
fn diesel(files: &mut Files<'_>, chain: &mut Chain) {
    let mut found: Vec<(String, String)> = holding(files, "up.sql")
        .into_iter()
        .filter_map(|folder| {
            let version = name_of(&folder).split('_').next()?.replace('-', "");
            (!version.is_empty()).then_some((version, folder))
        })
        .collect();
    found.sort();
    for (version, folder) in found {
        let free = files
            .optional(&format!("{folder}/metadata.toml"))
            .is_some_and(|text| text.replace(' ', "").contains("run_in_transaction=false"));
        let name = name_of(&folder).split_once('_').map_or("", |(_, name)| name).to_owned();
        let Some(mut step) =
            whole_file(files, &format!("{folder}/up.sql"), StepKind::Versioned, &version, &name, !free)
        else {
            continue;
        };
        let down = format!("{folder}/down.sql");
        if files.has(&down)
            && let Some(text) = files.text(&down)
        {
            step.down.push(Script { path: Arc::from(files.full(&down)), line: 1, text, transaction: !free });
        }
        chain.steps.push(step);
    }
}

/// Prisma: folders in the order of their names.
fn prisma(files: &mut Files<'_>, chain: &mut Chain) {
    let mut found = holding(files, "migration.sql");
    found.sort_by(|a, b| name_of(a).cmp(name_of(b)));
    for folder in found {
        let path = format!("{folder}/migration.sql");
        let version = name_of(&folder).to_owned();
        let Some(mut step) = whole_file(files, &path, StepKind::Versioned, &version, "", true) else { continue };
        step.checksum = sum(Layout::Prisma, files.bytes(&path));
        chain.steps.push(step);
    }
}

/// Folders by their number or version, files in them by theirs.
fn folders(files: &mut Files<'_>, chain: &mut Chain) {
    let mut groups: BTreeMap<(version::Natural, String), Vec<String>> = BTreeMap::new();
    for path in files.paths.clone() {
        let Some(folder) = path.split('/').next().filter(|folder| version::is_version(folder) && path.contains('/'))
        else {
            continue;
        };
        if path.ends_with(".sql") && !path.ends_with(".down.sql") {
            groups.entry((version::Natural::of(folder), folder.to_owned())).or_default().push(path);
        }
    }
    for ((_, folder), mut paths) in groups {
        let manifest = files.optional(&format!("{folder}/manifest.json"));
        let listed = manifest.as_deref().and_then(listed);
        match listed {
            Some(names) => {
                let order = |path: &String| names.iter().position(|name| name_of(path) == name);
                for path in paths.iter().filter(|path| order(path).is_none()) {
                    let full = files.full(path);
                    chain.problems.push(problem(
                        ProblemKind::Stray,
                        &full,
                        1,
                        format!("{full} is not in the manifest of its folder"),
                    ));
                }
                paths.retain(|path| order(path).is_some());
                paths.sort_by_key(order);
            }
            None => paths.sort_by_key(|path| (version::Natural::of(name_of(path)), path.clone())),
        }
        for path in paths {
            let below = path.strip_suffix(".sql").unwrap_or(&path).to_owned();
            if let Some(step) = whole_file(files, &path, StepKind::Versioned, &below, name_of(&below), false) {
                chain.steps.push(step);
            }
        }
    }
    let rest: Vec<&Step> = chain.steps.iter().collect();
    if rest.is_empty() {
        chain.problems.push(problem(
            ProblemKind::Missing,
            &chain.root,
            0,
            format!("no folder below {} is named like a version", chain.root),
        ));
    }
}

/// The files that a manifest of a folder lists in order (`SchemaUpdateCqlFiles` of Temporal and Cadence).
fn listed(manifest: &str) -> Option<Vec<String>> {
    let value: serde_json::Value = serde_json::from_str(manifest).ok()?;
    let object = value.as_object()?;
    let list =
        object.iter().find(|(name, _)| name.starts_with("SchemaUpdate")).and_then(|(_, list)| list.as_array())?;
    // An empty list says nothing about files that are there all the same.
    let names: Option<Vec<String>> = list.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    names.filter(|names| !names.is_empty())
}
