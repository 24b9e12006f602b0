//! Environment variables of the services in Docker Compose files: included, merged, extended, interpolated.
mod finish;
mod load;
mod scalar;
mod spec;

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
    /// Lower case, no full stop; empty when the reader has told already.
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

/// What to read.
pub struct Request<'a> {
    /// The files, each laid over those before it; the folder of the first is the project's.
    pub files: &'a [String],
    /// The only service that is wanted; what is wrong with others is not told.
    pub service: Option<&'a str>,
    /// Fills `${…}` and variables without a value.
    pub shell: &'a dyn Fn(&str) -> Option<String>,
    /// Reads files.
    pub read: &'a Read<'a>,
}

/// The variables of every wanted service, as `docker compose config` (v2) has them.
pub fn variables(request: &Request<'_>) -> Project {
    let mut loader = load::Loader::new(request);
    let base = request.files.first().map(|file| folder(file)).unwrap_or_default();
    let scope = load::Scope::project(base);
    let specs = loader.files(request.files, &scope, 0);
    let services = specs.into_iter().map(|(name, spec)| (name, loader.finish(spec))).collect();
    Project { services, errors: loader.errors }
}

/// The folder that a file is in.
pub fn folder(file: &str) -> String {
    file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
}

#[cfg(test)]
mod tests;
