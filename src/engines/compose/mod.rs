//! Environment variables of the services in Docker Compose files: merged, extended, interpolated.
mod load;

use crate::engines::yaml::Span;
use std::collections::BTreeMap;

/// A variable of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its value; `None` when it is passed through from the shell.
    pub value: Option<String>,
    /// File in which it stands.
    pub file: String,
    /// Where in the file.
    pub span: Span,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The file.
    pub file: String,
    /// Where; `None` when the file could not be read at all.
    pub span: Option<Span>,
    /// Lower case, no full stop.
    pub message: String,
}

/// All services of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// Variables by service and name.
    pub services: BTreeMap<String, BTreeMap<String, Variable>>,
    /// What is wrong.
    pub errors: Vec<Error>,
}

/// Gives the text of a file: `None` when it is not there, an error in words when it cannot be read.
pub type Read<'a> = dyn Fn(&str) -> Result<Option<String>, String> + 'a;

/// The variables of every service; later files win. `shell` fills `${…}` and pass-through variables.
pub fn variables(files: &[String], shell: &dyn Fn(&str) -> Option<String>, read: &Read<'_>) -> Project {
    let mut loader = load::Loader::new(shell, read);
    let base = files.first().map(|file| folder(file)).unwrap_or_default();
    let mut specs: BTreeMap<String, load::Spec> = BTreeMap::new();
    for file in files {
        for (name, spec) in loader.file(file, &base) {
            specs.entry(name).or_default().overlay(spec);
        }
    }
    let services = specs.into_iter().map(|(name, spec)| (name, loader.finish(spec))).collect();
    Project { services, errors: loader.errors }
}

fn folder(file: &str) -> String {
    file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
}

/// `path` below `folder`, with `.` and `..` applied; `None` when it leads out of the root.
fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => (),
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests;
