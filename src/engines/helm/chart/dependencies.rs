//! Dependencies that are not in `charts/`: from their own place in the tree, or from what the caller fetched before.
use super::{Budget, Chart, Dependency, LoadOptions, Source, archive, assemble, fits, load_at};
use crate::engines::helm::error::Error;
use crate::tree::Tree;

/// Adds what the options allow to be added, here and in all charts below.
pub(super) fn complete(
    chart: &mut Chart,
    place: Option<(&dyn Tree, &str)>,
    options: &LoadOptions<'_>,
    budget: &mut Budget,
    depth: usize,
) -> Result<(), Error> {
    if !options.local_dependencies && options.fetched.is_none() {
        return Ok(());
    }
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || {
        for below in &mut chart.dependencies {
            // Where its `file://` starts from, if it lies in a folder of its own name.
            if below.source == Source::Vendored {
                let folder = place.map(|(tree, path)| (tree, format!("{path}/charts/{}", below.metadata.name)));
                let folder = folder.as_ref().map(|(tree, path)| (*tree, path.trim_start_matches('/')));
                complete(below, folder, options, budget, depth + 1)?;
            }
        }
        let wanted = chart.metadata.dependencies.clone().unwrap_or_default();
        for dependency in &wanted {
            let there = |below: &Chart| {
                let version = &below.metadata.version;
                below.name() == dependency.name && fits(&dependency.version, version, options.compat)
            };
            if chart.dependencies.iter().any(there) {
                continue;
            }
            if let Some(added) = find(chart, dependency, place, options, budget, depth)? {
                chart.dependencies.push(added);
            }
        }
        Ok(())
    })
}

fn find(
    chart: &Chart,
    dependency: &Dependency,
    place: Option<(&dyn Tree, &str)>,
    options: &LoadOptions<'_>,
    budget: &mut Budget,
    depth: usize,
) -> Result<Option<Chart>, Error> {
    if let Some(relative) = dependency.repository.strip_prefix("file://") {
        let Some((tree, path)) = place.filter(|_| options.local_dependencies) else { return Ok(None) };
        let Some(target) = inside(path, relative) else { return Ok(None) };
        let there = matches!(tree.list(&target), Ok(Some(_))) || matches!(tree.read(&target, 0), Err(_) | Ok(Some(_)));
        if !there {
            return Ok(None);
        }
        let mut found = load_at(tree, &target, options, budget, depth + 1)?;
        found.source = Source::Local;
        return Ok(Some(found));
    }
    let Some(fetched) = options.fetched else { return Ok(None) };
    let locked = chart.lock.iter().flat_map(|lock| &lock.dependencies).find(|entry| entry.name == dependency.name);
    let Some(bytes) = fetched(dependency, locked) else { return Ok(None) };
    let files = archive::read(&bytes, budget)?;
    let mut found = assemble::chart(files, budget, depth + 1)?;
    found.source = Source::Fetched;
    Ok(Some(found))
}

/// The path that `relative` means from the folder `base`, when it stays inside the tree.
fn inside(base: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') {
        return None;
    }
    let path = archive::clean(&format!("{base}/{relative}"));
    match path.as_str() {
        "." => Some(String::new()),
        path if path == ".." || path.starts_with("../") => None,
        path => Some(path.to_owned()),
    }
}
