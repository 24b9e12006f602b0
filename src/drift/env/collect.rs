//! The variables of a module for one version and environment, out of its sources and the config repository.
use super::sources::{Reader, render};
use super::values::{secret_name, secret_value};
use crate::drift::{Comparison, Side, versions};
use crate::engines::{compose, envfile, kube, yaml};
use crate::model::codes::{PL0202, PL0301, PL0303, PL0304};
use crate::model::config::{EnvSource, EnvSourceType, Environment, ModuleVariables, SecretEntry};
use crate::model::{Diagnostic, Place, Result, Secret, Value, Variable, VariableSet};
use std::collections::{BTreeMap, BTreeSet};

/// What was found, and what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// The variables.
    pub set: VariableSet,
    /// Declared for the whole environment and named by none of the module's sources.
    pub spare: BTreeMap<String, Variable>,
    /// What could not be looked at.
    pub unchecked: Vec<Diagnostic>,
}

/// Whether anything says where the variables of this very module come from.
pub(super) fn declared(c: &Comparison<'_>) -> bool {
    let module = &c.module.metadata.name;
    let declares = |env: &Environment| {
        let own = env.spec.modules.get(module);
        own.is_some_and(|own| !own.variables.is_empty() || !own.secrets.is_empty())
    };
    c.module.spec.env.as_ref().is_some_and(|sources| !sources.is_empty())
        || [c.from.environment, c.to.environment].into_iter().flatten().any(declares)
}

/// Variables of the module at the version of `side`, as `environment` would give them.
pub fn variables(c: &Comparison<'_>, side: &Side<'_>, environment: Option<&Environment>) -> Material {
    let mut material = Material::default();
    // At a version without the module there are no variables, and nothing that could not be looked at.
    if environment.is_none() && side.version.is_some_and(|version| versions::not_at(c, version).is_some()) {
        return material;
    }
    for source in c.module.spec.env.iter().flatten() {
        read_source(c, side, environment, source, &mut material);
    }
    if let Some(env) = environment {
        environment_level(c, env, &mut material);
    }
    spread(&mut material.set);
    material
}

/// Variables without container belong to every container, unless it has its own.
fn spread(set: &mut VariableSet) {
    let containers: BTreeSet<String> =
        set.vars.keys().map(|key| key.0.clone()).filter(|name| !name.is_empty()).collect();
    if containers.is_empty() {
        return;
    }
    let (loose, mut named): (BTreeMap<_, _>, BTreeMap<_, _>) =
        std::mem::take(&mut set.vars).into_iter().partition(|(key, _)| key.0.is_empty());
    for container in containers {
        for ((_, name), variable) in &loose {
            named.entry((container.clone(), name.clone())).or_insert_with(|| variable.clone());
        }
    }
    set.vars = named;
}

fn insert(set: &mut VariableSet, container: &str, name: &str, variable: Variable) {
    if container.is_empty() {
        for (_, old) in set.vars.iter_mut().filter(|(key, _)| key.1 == name) {
            *old = variable.clone();
        }
    }
    set.vars.insert((container.to_owned(), name.to_owned()), variable);
}

fn literal(name: &str, text: String) -> Value {
    if secret_name(name) || secret_value(&text) { Value::Secret(Secret::new(text)) } else { Value::Literal(text) }
}

fn read_source(
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
    source: &EnvSource,
    into: &mut Material,
) {
    let config = source.repo.as_deref() == Some("config");
    if source.repo.is_some() && !config && source.repo != c.module.spec.repo {
        let name = source.repo.clone().unwrap_or_default();
        into.unchecked
            .push(Diagnostic::error(&PL0202, format!("variables in another repository ({name}) are not read")));
        return;
    }
    let tree = match (config, side.tree) {
        (true, _) => c.config,
        (false, Ok(tree)) => tree,
        (false, Err(error)) => return into.unchecked.push(error.clone()),
    };
    let reader = Reader::new(tree);
    let context = context(c, side, environment);
    let repository = if config { String::new() } else { c.module.spec.repo.clone().unwrap_or_default() };
    let before = into.set.vars.len();
    match patterns(c, source) {
        Ok(patterns) => {
            let files = files(&reader, source, &patterns, &context);
            into.set.files_read += files.len();
            let mut sink = Sink { set: &mut into.set, repository, source, context: &context };
            sink.read(&reader, &files);
            if before == 0 && sink.set.vars.is_empty() && !files.is_empty() && source.service.is_some() {
                let service = sink.service().unwrap_or_default();
                let message = format!("{} has no service or container {service}", files.join(", "));
                reader.fail(Diagnostic::error(&PL0304, message));
            }
        }
        Err(diagnostic) => reader.fail(*diagnostic),
    }
    into.unchecked.extend(reader.failures.into_inner());
}

fn context(c: &Comparison<'_>, side: &Side<'_>, environment: Option<&Environment>) -> minijinja::Value {
    let module = minijinja::context! { name => c.module.metadata.name.clone() };
    let version = side.version.unwrap_or_default();
    match environment {
        Some(env) => {
            let env = minijinja::context! { name => env.metadata.name.clone(), tier => env.spec.tier.word() };
            minijinja::context! { env => env, module => module, version => version }
        }
        None => minijinja::context! { module => module, version => version },
    }
}

fn patterns(c: &Comparison<'_>, source: &EnvSource) -> Result<Vec<String>> {
    use EnvSourceType::{Compose, Configmap, Dotenv, Manifests, RenderedManifests};
    match source.source_type {
        Dotenv | Compose | Manifests | Configmap => Ok(source.files.clone()),
        RenderedManifests if !source.files.is_empty() => Ok(source.files.clone()),
        RenderedManifests => Ok(rendered(c)),
        other => {
            let word = serde_json::to_value(other).ok().and_then(|word| word.as_str().map(str::to_owned));
            let message = format!("sources of type {} are not read", word.unwrap_or_default());
            Err(Box::new(Diagnostic::error(&PL0303, message)))
        }
    }
}

/// The globs of the chart's rendered manifests. Like all paths of a chart they begin in its folder.
fn rendered(c: &Comparison<'_>) -> Vec<String> {
    let Some(chart) = &c.module.spec.chart else { return Vec::new() };
    let folder = chart.path.trim_end_matches('/');
    let inside = |pattern: &String| match folder {
        "" | "." => pattern.clone(),
        folder => format!("{folder}/{pattern}"),
    };
    chart.rendered.iter().map(inside).collect()
}

/// Files of all patterns in order. When none of the required ones fits, that is said.
fn files(reader: &Reader<'_>, source: &EnvSource, patterns: &[String], context: &minijinja::Value) -> Vec<String> {
    let (mut found, mut required) = (Vec::new(), patterns.is_empty());
    for pattern in patterns {
        let optional = pattern.ends_with('?');
        required |= !optional;
        match path(source, pattern.trim_end_matches('?'), context) {
            Ok(pattern) => found.extend(reader.glob(&pattern).unwrap_or_default()),
            Err(diagnostic) => reader.fail(*diagnostic),
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|file| seen.insert(file.clone()));
    if found.is_empty() && required && reader.failures.borrow().is_empty() {
        reader.fail(Diagnostic::error(&PL0301, format!("no file fits {}", patterns.join(", "))));
    }
    found
}

fn path(source: &EnvSource, pattern: &str, context: &minijinja::Value) -> Result<String> {
    let pattern = render(pattern, context)?;
    match &source.path {
        Some(folder) => Ok(format!("{}/{pattern}", render(folder, context)?.trim_end_matches('/'))),
        None => Ok(pattern),
    }
}

/// Where the variables of one source go.
struct Sink<'a> {
    set: &'a mut VariableSet,
    repository: String,
    source: &'a EnvSource,
    context: &'a minijinja::Value,
}

impl Sink<'_> {
    fn service(&self) -> Option<String> {
        self.source.service.as_ref().and_then(|template| render(template, self.context).ok())
    }

    fn read(&mut self, reader: &Reader<'_>, files: &[String]) {
        match self.source.source_type {
            EnvSourceType::Dotenv => self.dotenv(reader, files),
            EnvSourceType::Compose if !files.is_empty() => self.compose(reader, files),
            EnvSourceType::Compose => (),
            _ => self.manifests(reader, files),
        }
    }

    fn put(&mut self, container: &str, name: &str, value: Value, place: Place) {
        insert(self.set, container, name, Variable { value, repository: self.repository.clone(), place });
    }

    fn dotenv(&mut self, reader: &Reader<'_>, files: &[String]) {
        for file in files {
            let Ok(Some(text)) = reader.text(file) else { continue };
            let (entries, errors) = envfile::parse(&text);
            let (values, more) = envfile::resolve(&entries, &|_| None);
            for error in errors.into_iter().chain(more) {
                reader.broken(file, Some((error.span.start, error.span.end)), &error.message);
            }
            for (entry, value) in values {
                let place = reader.place(file, entry.name_span.start, entry.value_span.end);
                let value = value.map_or_else(passed, |text| literal(&entry.name, text));
                self.put("", &entry.name, value, place);
            }
        }
    }

    fn compose(&mut self, reader: &Reader<'_>, files: &[String]) {
        let mut shell: BTreeMap<String, String> = BTreeMap::new();
        for pattern in &self.source.dotenv {
            let found = path(self.source, pattern.trim_end_matches('?'), self.context);
            let found = found.map_err(|diagnostic| reader.fail(*diagnostic)).ok().and_then(|path| reader.glob(&path));
            for file in found.unwrap_or_default() {
                let Ok(Some(text)) = reader.text(&file) else { continue };
                let (entries, errors) = envfile::parse(&text);
                let (values, more) = envfile::resolve(&entries, &|_| None);
                for error in errors.into_iter().chain(more) {
                    reader.broken(&file, Some((error.span.start, error.span.end)), &error.message);
                }
                shell.extend(values.into_iter().filter_map(|(entry, value)| Some((entry.name, value?))));
            }
        }
        let project = compose::variables(files, &|name| shell.get(name).cloned(), &|path| reader.text(path));
        for error in project.errors.iter().filter(|error| !error.message.is_empty()) {
            reader.broken(&error.file, error.span.map(|span| (span.start, span.end)), &error.message);
        }
        let wanted = self.service();
        for (service, vars) in project.services {
            if wanted.as_ref().is_none_or(|wanted| *wanted == service) {
                for (name, variable) in vars {
                    let place = reader.place(&variable.file, variable.span.start, variable.span.end);
                    let value = variable.value.map_or_else(passed, |text| literal(&name, text));
                    self.put(&service, &name, value, place);
                }
            }
        }
    }

    fn manifests(&mut self, reader: &Reader<'_>, files: &[String]) {
        let mut parsed = Vec::new();
        for file in files {
            let Ok(Some(text)) = reader.text(file) else { continue };
            let (documents, errors) = yaml::parse(&text, &yaml::Limits::default());
            for error in errors {
                reader.broken(file, Some((error.span.start, error.span.end)), &error.message);
            }
            parsed.push((file.clone(), documents));
        }
        let containers = if self.source.source_type == EnvSourceType::Configmap {
            vec![(String::new(), kube::keys(&parsed))]
        } else {
            let wanted = self.service();
            let all = kube::containers(&parsed).into_iter().map(|container| (container.name, container.vars));
            all.filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted == name)).collect()
        };
        for (container, vars) in containers {
            for (name, variable) in vars {
                let place = reader.place(&variable.file, variable.span.start, variable.span.end);
                let value = match variable.value {
                    kube::Value::Literal(text) => literal(&name, text),
                    kube::Value::Secret(text) => Value::Secret(Secret::new(text)),
                    kube::Value::SecretRef(text) => Value::SecretRef(text),
                    kube::Value::Reference(text) => Value::Reference(text),
                };
                self.put(&container, &name, value, place);
            }
        }
    }
}

fn passed() -> Value {
    Value::Reference("shell://".to_owned())
}

/// What the environment declares: for the module in any case; for all modules where the module's sources name it. Which
/// module reads the rest is not known, so it is kept aside and compared once for all of them.
fn environment_level(c: &Comparison<'_>, env: &Environment, into: &mut Material) {
    let named: BTreeSet<String> = into.set.vars.keys().map(|key| key.1.clone()).collect();
    let located = c.catalog.environments.iter().find(|found| found.value.metadata.name == env.metadata.name);
    let document = located.map(|found| found.place.clone());
    let document = document.unwrap_or_else(|| Place::of(&format!("environments/{}.yaml", env.metadata.name), "", 0, 0));
    let text = Reader::new(c.config).text(&document.file).ok().flatten().unwrap_or_default();
    let general = ModuleVariables { variables: env.spec.variables.clone(), secrets: env.spec.secrets.clone() };
    let own = env.spec.modules.get(&c.module.metadata.name);
    for (part, specific) in std::iter::once((&general, false)).chain(own.map(|own| (own, true))) {
        let values = part.variables.iter().map(|(name, value)| (name, literal(name, value.text())));
        let secrets = part.secrets.iter().filter_map(|(name, entry)| Some((name, secret(entry)?)));
        for (name, value) in values.chain(secrets) {
            let place = line_of(&document, &text, name, specific);
            let variable = Variable { value, repository: String::new(), place };
            if specific {
                into.spare.remove(name);
                insert(&mut into.set, "", name, variable);
            } else if named.contains(name) {
                let ours = into.set.vars.iter_mut().filter(|(key, _)| key.1 == *name);
                ours.for_each(|(_, old)| *old = variable.clone());
            } else {
                into.spare.insert(name.clone(), variable);
            }
        }
    }
}

fn secret(entry: &SecretEntry) -> Option<Value> {
    let digest = entry.digest.clone().map(Value::Digest);
    digest.or_else(|| entry.reference.clone().map(Value::SecretRef))
}

/// The `NAME:` of the environment's document; the last one of the document for a module's own.
fn line_of(document: &Place, text: &str, name: &str, last: bool) -> Place {
    let from: usize = text.split_inclusive('\n').take(document.line.saturating_sub(1)).map(str::len).sum();
    let part = text.get(from..).unwrap_or_default();
    let part = part.split("\n---").next().unwrap_or_default();
    let key = format!("{name}:");
    let fits =
        |at: &usize| part.get(..*at).is_none_or(|head| !head.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let mut all = part.match_indices(&key).map(|(at, _)| at).filter(fits);
    let at = if last { all.last() } else { all.next() };
    at.map_or_else(|| document.clone(), |at| Place::of(&document.file, text, from + at, from + at + name.len()))
}
