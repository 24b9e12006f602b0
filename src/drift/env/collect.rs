//! The variables of a module for one version and environment, out of its sources and the config repository.
use super::declared::environment_level;
use super::material::{Material, Unknown};
use super::read::Sink;
use super::sources::Reader;
use crate::drift::texts::{context, render};
use crate::drift::{Comparison, Side, versions};
use crate::model::codes::{PL0202, PL0301, PL0303};
use crate::model::config::{ChartSpec, EnvSource, EnvSourceType, Environment};
use crate::model::{Diagnostic, Result};
use std::collections::{BTreeMap, BTreeSet};

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

/// Variables of the module at the version of `side`, as `environment` would give them. Later sources win, and what the
/// environment declares wins over them all. A source in which anything cannot be read gives nothing, and makes uncertain
/// what came before it: it may be set otherwise, and so may what is not set at all.
pub fn variables(c: &Comparison<'_>, side: &Side<'_>, environment: Option<&Environment>) -> Material {
    let mut material = Material::default();
    // At a version without the module there are no variables, and nothing that could not be looked at.
    if environment.is_none() && side.version.is_some_and(|version| versions::not_at(c, version).is_some()) {
        return material;
    }
    let place = Placed { c, side, environment, context: context(c, side, environment) };
    let mut dotenv = BTreeMap::new();
    // Of a plain ref only what depends on no environment can be read.
    let readable = |source: &&EnvSource| environment.is_some() || !per_environment(c, source);
    for source in c.module.spec.env.iter().flatten().filter(readable) {
        read_source(&place, source, &mut dotenv, &mut material);
    }
    if let Some(env) = environment {
        environment_level(c, env, &mut material);
    }
    material
}

/// Whether a source has other files for each environment.
pub(super) fn per_environment(c: &Comparison<'_>, source: &EnvSource) -> bool {
    let rendered = source.source_type == EnvSourceType::RenderedManifests && source.files.is_empty();
    let chart = c.module.spec.chart.iter().filter(|_| rendered).flat_map(|chart| &chart.rendered);
    let texts = source.files.iter().chain(&source.dotenv).chain(&source.path).chain(&source.service).chain(chart);
    texts.into_iter().any(|text| text.split("{{").skip(1).any(|part| part.trim_start().starts_with("env.")))
}

/// For which module, side and environment.
pub(super) struct Placed<'a> {
    c: &'a Comparison<'a>,
    side: &'a Side<'a>,
    /// The environment whose files are read.
    pub(super) environment: Option<&'a Environment>,
    /// What templates see.
    pub(super) context: minijinja::Value,
}

/// `dotenv` is what the `.env` sources of the module have set so far; `${…}` of later ones see it.
fn read_source(p: &Placed<'_>, source: &EnvSource, dotenv: &mut BTreeMap<String, String>, into: &mut Material) {
    let own = p.c.module.spec.repo.clone();
    let config = source.repo.as_deref() == Some("config");
    let tree = match (config, p.side.tree) {
        (true, _) => Ok(p.c.config),
        _ if source.repo.is_some() && source.repo != own => {
            let name = source.repo.clone().unwrap_or_default();
            Err(Diagnostic::error(&PL0202, format!("variables in another repository ({name}) are not read")))
        }
        (false, Ok(tree)) => Ok(tree),
        (false, Err(error)) => Err(error.clone()),
    };
    let tree = match tree {
        Ok(tree) => tree,
        Err(error) => {
            into.doubt(Unknown::all());
            return into.unchecked.push(error);
        }
    };
    let reader = Reader::new(tree);
    let mut chained = dotenv.clone();
    let mut sink = Sink::new(p, source, if config { String::new() } else { own.unwrap_or_default() });
    match patterns(p.c, source) {
        Ok(patterns) => {
            let files = files(&reader, source, &patterns, &p.context);
            into.set.files_read += files.len();
            sink.read(&reader, &files, &mut chained);
        }
        Err(diagnostic) => reader.fail(*diagnostic),
    }
    sink.secrets.iter().for_each(|secret| into.hide(secret));
    let failures = reader.failures.into_inner();
    if failures.is_empty() {
        *dotenv = chained;
        sink.unknown.into_iter().for_each(|unknown| into.doubt(unknown));
        for (container, name, variable) in sink.found {
            into.insert(&container, &name, variable);
        }
    } else {
        into.doubt(Unknown::all());
    }
    into.unchecked.extend(failures.into_iter().chain(sink.notes));
}

fn patterns(c: &Comparison<'_>, source: &EnvSource) -> Result<Vec<String>> {
    use EnvSourceType::{Compose, Configmap, Dotenv, Manifests, RenderedManifests};
    match source.source_type {
        Dotenv | Compose | Manifests | Configmap => Ok(source.files.clone()),
        RenderedManifests if !source.files.is_empty() => Ok(source.files.clone()),
        RenderedManifests => Ok(c.module.spec.chart.as_ref().map(ChartSpec::rendered_globs).unwrap_or_default()),
        other => {
            let word = serde_json::to_value(other).ok().and_then(|word| word.as_str().map(str::to_owned));
            let message = format!("sources of type {} are not read", word.unwrap_or_default());
            Err(Box::new(Diagnostic::error(&PL0303, message)))
        }
    }
}

/// Files of all patterns in order. When none of the required ones fits, that is said.
pub(super) fn files(
    reader: &Reader<'_>,
    source: &EnvSource,
    patterns: &[String],
    context: &minijinja::Value,
) -> Vec<String> {
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
