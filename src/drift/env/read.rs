//! One source read: `.env` files and Compose files. What is found is kept apart until the whole source was read.
use super::collect::{Placed, files};
use super::material::Unknown;
use super::sources::Reader;
use super::values::{literal, secret_name, secret_value};
use crate::drift::texts::render;
use crate::engines::{compose, envfile};
use crate::model::codes::PL0304;
use crate::model::config::{EnvSource, EnvSourceType};
use crate::model::{Diagnostic, Place, Value, Variable};
use std::collections::BTreeMap;

/// Where the variables of one source go.
pub(super) struct Sink<'a> {
    pub(super) placed: &'a Placed<'a>,
    pub(super) source: &'a EnvSource,
    repository: String,
    /// Container, name and variable, in the order in which they are set.
    pub(super) found: Vec<(String, String, Variable)>,
    /// What the source may set besides.
    pub(super) unknown: Vec<Unknown>,
    /// Secrets that values may be made of.
    pub(super) secrets: Vec<String>,
    /// What could not be looked at without harm to the rest of the source.
    pub(super) notes: Vec<Diagnostic>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(placed: &'a Placed<'a>, source: &'a EnvSource, repository: String) -> Sink<'a> {
        let (found, unknown, secrets, notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Sink { placed, source, repository, found, unknown, secrets, notes }
    }

    /// Reads the files. `chained` is what earlier `.env` sources have set, and gets what this one sets.
    pub(super) fn read(&mut self, reader: &Reader<'_>, files: &[String], chained: &mut BTreeMap<String, String>) {
        match self.source.source_type {
            _ if files.is_empty() => (),
            EnvSourceType::Dotenv => {
                for (entry, value, file) in self.entries(reader, files, chained) {
                    let place = reader.place(&file, entry.name_span.start, entry.value_span.end);
                    let value = value.map_or_else(passed, |text| literal(&entry.name, text));
                    self.put("", &entry.name, (value, place, true));
                }
            }
            EnvSourceType::Compose => self.compose(reader, files),
            _ => self.manifests(reader, files),
        }
    }

    pub(super) fn put(&mut self, container: &str, name: &str, (value, place, open): (Value, Place, bool)) {
        let variable = Variable { value, repository: self.repository.clone(), place, open };
        self.found.push((container.to_owned(), name.to_owned(), variable));
    }

    /// The service or container that is wanted; `Err` when the template cannot be filled, which is said.
    pub(super) fn service(&self, reader: &Reader<'_>) -> Result<Option<String>, ()> {
        let filled = self.source.service.as_ref().map(|template| render(template, &self.placed.context)).transpose();
        filled.map_err(|diagnostic| reader.fail(*diagnostic))
    }

    /// The service is not there; when something could not be read it may be in that, and this was said already.
    pub(super) fn no_service(&self, reader: &Reader<'_>, files: &[String], service: &str) {
        if !reader.failures.borrow().is_empty() {
            return;
        }
        let message = format!("{} has no service or container {service}", files.join(", "));
        reader.fail(Diagnostic::error(&PL0304, message));
    }

    /// Assignments of `.env` files; each file sees what those before it set.
    fn entries(
        &mut self,
        reader: &Reader<'_>,
        files: &[String],
        known: &mut BTreeMap<String, String>,
    ) -> Vec<(envfile::Entry, Option<String>, String)> {
        let mut all = Vec::new();
        for file in files {
            let Ok(Some(text)) = reader.text(file) else { continue };
            let (entries, errors) = envfile::parse(&text);
            let (values, more) = envfile::resolve_onto(&entries, &|_| None, known);
            for error in errors.into_iter().chain(more) {
                reader.broken(file, Some((error.span.start, error.span.end)), &error.message);
            }
            all.extend(values.into_iter().map(|(entry, value)| (entry, value, file.clone())));
        }
        let secret = |(name, text): &(&String, &String)| secret_name(name) || secret_value(text);
        self.secrets.extend(known.iter().filter(secret).map(|(_, text)| text.clone()));
        all
    }

    fn compose(&mut self, reader: &Reader<'_>, list: &[String]) {
        let Ok(wanted) = self.service(reader) else { return };
        let mut shell = BTreeMap::new();
        let dotenv = if self.source.dotenv.is_empty() {
            // As Compose does: the `.env` beside the first file, when there is one.
            let base = list.first().map(|file| compose::folder(file)).unwrap_or_default();
            crate::tree::join(&base, ".env")
                .into_iter()
                .filter(|path| matches!(reader.text(path), Ok(Some(_))))
                .collect()
        } else {
            files(reader, self.source, &self.source.dotenv, &self.placed.context)
        };
        self.entries(reader, &dotenv, &mut shell);
        let get = |name: &str| shell.get(name).cloned();
        let read = |path: &str| reader.text(path);
        let request = compose::Request { files: list, service: wanted.as_deref(), shell: &get, read: &read };
        let project = compose::variables(&request);
        for error in project.errors.iter().filter(|error| !error.message.is_empty()) {
            reader.broken(&error.file, error.span.map(|span| (span.start, span.end)), &error.message);
        }
        if let Some(wanted) = wanted.filter(|wanted| !project.services.contains_key(wanted)) {
            return self.no_service(reader, list, &wanted);
        }
        for (service, vars) in project.services {
            for (name, variable) in vars {
                let place = reader.place(&variable.file, variable.span.start, variable.span.end);
                let value = variable.value.map_or_else(passed, |text| literal(&name, text));
                self.put(&service, &name, (value, place, true));
            }
        }
    }
}

/// Passed through from the shell of whoever starts it.
fn passed() -> Value {
    Value::Reference("shell://".to_owned())
}
