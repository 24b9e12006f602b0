//! Manifests that need no chart: files as they are written, rendered before, or built by a kustomization.
use super::renders::Rendering;
use crate::drift::texts::{context, hidden, line_of, render as fill, tree_error};
use crate::drift::{Comparison, Side};
use crate::engines::helm::{Origin, yaml_text};
use crate::engines::kube::{self, objects::Manifest};
use crate::engines::kustomize;
use crate::engines::yaml;
use crate::model::codes::{PL0302, PL0315, PL0317, PL0318};
use crate::model::config::{ChartSpec, Environment, KustomizeSpec};
use crate::model::{Diagnostic, Place};
use crate::tree::{READ_LIMIT, Tree, glob};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Manifests that were rendered into the repository, below the chart's folder.
pub(super) fn rendered(
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
    chart: &ChartSpec,
) -> Result<Rendering, Vec<Diagnostic>> {
    read(c, side, environment, &chart.rendered_globs())
}

/// Plain manifests.
pub(super) fn manifests(
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
) -> Result<Rendering, Vec<Diagnostic>> {
    read(c, side, environment, &c.module.spec.manifests)
}

fn empty(c: &Comparison<'_>, environment: Option<&Environment>) -> Rendering {
    let cluster = environment.and_then(|env| env.spec.cluster.as_ref());
    let namespace = cluster.and_then(|cluster| cluster.namespace.clone()).unwrap_or_else(|| "default".to_owned());
    Rendering { namespace, repository: c.module.spec.repo.clone().unwrap_or_default(), ..Rendering::default() }
}

fn read(
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
    patterns: &[String],
) -> Result<Rendering, Vec<Diagnostic>> {
    let tree = side.tree.map_err(|why| vec![why.clone()])?;
    let context = context(c, side, environment);
    let (mut files, mut required, mut failures) = (BTreeSet::new(), false, Vec::new());
    let mut tried = Vec::new();
    for pattern in patterns {
        required |= !pattern.ends_with('?');
        let found = fill(pattern.trim_end_matches('?'), &context).and_then(|pattern| {
            tried.push(pattern.clone());
            glob(tree, &pattern).map_err(|error| Box::new(tree_error(&pattern, &error)))
        });
        match found {
            Ok(found) => files.extend(found.into_iter().filter(|file| is_yaml(file))),
            Err(why) => failures.push(*why),
        }
    }
    if files.is_empty() && required && failures.is_empty() {
        let message = format!("no manifest fits {}", tried.join(", "));
        failures.push(
            Diagnostic::error(&PL0318, message).hint("correct the patterns, or end one that may fit nothing with `?`"),
        );
    }
    let mut rendering = empty(c, environment);
    let mut texts = BTreeMap::new();
    for file in files {
        match text(tree, &file) {
            Ok(text) => {
                match whole(&file, &text) {
                    Ok(manifest) => rendering.manifests.extend(manifest),
                    Err(why) => failures.push(why),
                }
                texts.insert(file, text);
            }
            Err(why) => failures.push(why),
        }
    }
    rendering.texts = texts;
    if failures.is_empty() { Ok(rendering) } else { Err(failures) }
}

fn is_yaml(file: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| file.ends_with(end))
}

fn text(tree: &dyn Tree, file: &str) -> Result<Arc<str>, Diagnostic> {
    match tree.read(file, READ_LIMIT) {
        Ok(Some(bytes)) => String::from_utf8(bytes)
            .map(Arc::from)
            .map_err(|_| Diagnostic::error(&PL0302, format!("{file} is not text in UTF-8"))),
        Ok(None) => Err(Diagnostic::error(&PL0318, format!("{file} is not there"))),
        Err(error) => Err(tree_error(file, &error)),
    }
}

/// The objects of a file. Values files and the like, which hold no object, are passed over; templates and patches are refused.
fn whole(file: &str, text: &Arc<str>) -> Result<Option<Manifest>, Diagnostic> {
    let (documents, errors) = yaml::parse(text, &yaml::Limits::default());
    let place = |span: yaml::Span| hidden(Place::of(file, text, span.start, span.end));
    let template = errors.first().filter(|_| text.contains("{{")).map(|error| error.span);
    if let Some(span) = template.or_else(|| documents.iter().find_map(kube::unrendered)) {
        let message = format!("{file} is a template, not a manifest");
        return Err(Diagnostic::error(&PL0315, message)
            .at(place(span))
            .hint("name its chart: `chart.path` of the module"));
    }
    if let Some(error) = errors.first() {
        return Err(Diagnostic::error(&PL0315, format!("{file}: {}", error.message)).at(place(error.span)));
    }
    let mut documents = documents.iter();
    if let Some(span) = documents.clone().find(|document| is_kustomization(document)).map(|document| document.span) {
        let message = format!("{file} is a kustomization, which changes what the manifests say");
        return Err(Diagnostic::error(&PL0317, message)
            .at(place(span))
            .hint("name its folder: `kustomize.path` of the module"));
    }
    let object = |document: &yaml::Node| document.get("kind").is_some() && document.get("apiVersion").is_some();
    Ok(documents.any(object).then(|| Manifest { source: file.to_owned(), text: Arc::clone(text), first_line: 1 }))
}

fn is_kustomization(document: &yaml::Node) -> bool {
    let api = document.get("apiVersion").and_then(yaml::Node::text).unwrap_or_default();
    api.starts_with("kustomize.config.k8s.io/")
}

/// What a kustomization builds.
pub(super) fn kustomize(
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
    spec: &KustomizeSpec,
) -> Result<Rendering, Vec<Diagnostic>> {
    let tree = side.tree.map_err(|why| vec![why.clone()])?;
    let folder = fill(&spec.path, &context(c, side, environment)).map_err(|why| vec![*why])?;
    let folder = folder.trim_matches('/');
    let built =
        kustomize::build(tree, folder, kustomize::Limits::default()).map_err(|error| vec![refused(tree, &error)])?;
    let mut rendering = empty(c, environment);
    for document in built {
        let name = document.object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let written = yaml_text(&document.object)
            .map_err(|why| vec![Diagnostic::error(&PL0315, format!("{}: {why}", document.file))])?;
        if !rendering.texts.contains_key(&document.file)
            && let Ok(text) = text(tree, &document.file)
        {
            rendering.texts.insert(document.file.clone(), text);
        }
        // What is built has no lines of its own in the files: its evidence is where the object begins.
        let line = rendering.texts.get(&document.file).map_or(1, |text| begins(text, &document.object, &name));
        let origin = Origin { file: Arc::from(document.file.as_str()), line };
        rendering.lines.push(vec![origin; written.lines().count().max(1)]);
        rendering.manifests.push(Manifest { source: document.file, text: written.into(), first_line: 1 });
    }
    Ok(rendering)
}

/// The line on which the object stands in its file, whose name may have got a prefix and a suffix.
fn begins(text: &str, object: &Value, name: &str) -> u32 {
    let (documents, _) = yaml::parse(text, &yaml::Limits::default());
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    // Of two names that fit (`cache` and `cache-proxy` in `cache-proxy`) the longer one is meant.
    let own = |document: &&yaml::Node| {
        let own = document.get("metadata").and_then(|metadata| metadata.get("name")).and_then(yaml::Node::text)?;
        let fits = document.get("kind").and_then(yaml::Node::text) == Some(kind) && name.contains(own);
        fits.then_some(own.len())
    };
    let longest = documents.iter().filter_map(|document| own(&document)).max();
    let found = documents.iter().find(|document| longest.is_some() && own(document) == longest);
    let start = found.map_or(0, |document| document.span.start);
    let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
    u32::try_from(line).unwrap_or(1)
}

fn refused(tree: &dyn Tree, error: &kustomize::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(&PL0317, error.to_string());
    if error.line == 0 {
        return diagnostic;
    }
    match text(tree, &error.file) {
        Ok(text) => diagnostic.at(hidden(line_of(&error.file, &text, error.line))),
        Err(_) => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::begins;
    use serde_json::json;

    #[test]
    fn an_object_begins_where_the_longest_name_that_fits_stands() {
        let one = |name: &str| format!("kind: Role\nmetadata: {{ name: {name} }}\n");
        let text = format!("{}---\n{}---\nkind: Role\n", one("cache"), one("cache-proxy"));
        let role = json!({"kind": "Role"});
        let lines: Vec<u32> = ["cache", "cache-proxy", "my-cache-proxy-2", "my-cache", "other"]
            .into_iter()
            .map(|name| begins(&text, &role, name))
            .collect();
        assert_eq!(lines, [1, 4, 4, 1, 1]);
        assert_eq!(begins(&text, &json!({"kind": "Service"}), "cache-proxy"), 1);
    }
}
