//! Rendered files to manifests and hooks in the order in which Helm installs them.
use super::cache::TemplateCache;
use super::head::{self, Head};
use super::order::rank;
use super::split::documents;
use super::trace::{Lines, Origin};
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use std::collections::BTreeMap;

/// A manifest: one document of a rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The template it came from: `web/templates/service.yaml`.
    pub source: String,
    /// Its text, as Helm prints it.
    pub text: String,
    /// `apiVersion`; may be empty.
    pub api_version: String,
    /// `kind`; may be empty.
    pub kind: String,
    /// `metadata.name`; may be empty.
    pub name: String,
    /// `metadata.namespace`, where it is written.
    pub namespace: Option<String>,
    /// What makes it a hook.
    pub hook: Option<Hook>,
    /// For each line of `text` where it comes from, if the request wanted that.
    pub lines: Option<Vec<Origin>>,
}

/// When a hook runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// `pre-install`, `test` and the like, as written.
    pub events: Vec<String>,
    /// Order among hooks of one event.
    pub weight: i64,
    /// When it is deleted.
    pub delete_policies: Vec<String>,
}

impl Hook {
    /// Whether it only tests a release.
    pub fn is_test(&self) -> bool {
        self.events.iter().any(|event| event == "test")
    }
}

const EVENTS: &[&str] = &[
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
];

/// The manifests of all files (without notes), and then the hooks, each in the order of installation. Files are taken by path.
/// Hooks with an event that Helm does not know are left out, with a warning.
pub(super) fn sort(
    files: &BTreeMap<String, String>,
    lines: Option<&BTreeMap<String, Lines>>,
    compat: Compat,
    cache: Option<&TemplateCache>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Manifest>, Error> {
    let (mut generic, mut hooks) = (Vec::new(), Vec::new());
    for (path, content) in files {
        let base = path.rsplit('/').next().unwrap_or_default();
        if base.starts_with('_') || content.trim().is_empty() {
            continue;
        }
        let lines = lines.and_then(|lines| lines.get(path));
        for document in documents(content, compat) {
            let head = read(document.text, compat, cache)
                .map_err(|text| broken(path, &text, content, document.start, lines))?;
            let hook = match hook(&head) {
                Ok(hook) => hook,
                Err(unknown) => {
                    warnings.push(format!("{path}: the hook {unknown:?} is not known, so Helm leaves the object out"));
                    continue;
                }
            };
            let lines = lines.map(|lines| lines.of(content, document.start, document.text));
            let Head { api_version, kind, name, namespace, .. } = head;
            let (source, text) = (path.clone(), document.text.to_owned());
            let list = if hook.is_some() { &mut hooks } else { &mut generic };
            list.push(Manifest { source, text, api_version, kind, name, namespace, hook, lines });
        }
    }
    for list in [&mut generic, &mut hooks] {
        list.sort_by(|a: &Manifest, b: &Manifest| rank(&a.kind, compat).cmp(&rank(&b.kind, compat)));
    }
    generic.append(&mut hooks);
    Ok(generic)
}

fn read(text: &str, compat: Compat, cache: Option<&TemplateCache>) -> Result<Head, String> {
    match cache {
        Some(cache) => cache.head(text, || head::read(text, compat)),
        None => head::read(text, compat),
    }
}

/// The error for a document that is no manifest. The line is the template's, where it is known.
fn broken(path: &str, text: &str, content: &str, start: usize, lines: Option<&Lines>) -> Error {
    let error = Error::new(ErrorKind::Manifest, format!("YAML parse error on {path}: {text}"));
    let error = error.at(super::below_root(path));
    let within = text.split("yaml: line ").nth(1).and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
    let first = content.get(..start).map_or(0, |before| before.matches('\n').count());
    let place = lines.zip(within).map(|(lines, within)| lines.at_line(content, first + within.saturating_sub(1)));
    match place {
        Some(origin) => error.line(origin.line),
        None => error,
    }
}

/// The hook that the annotations make of an object; `Err` with the events when one of them is not known.
fn hook(head: &Head) -> Result<Option<Hook>, String> {
    let Some(written) = head.annotations.get("helm.sh/hook") else { return Ok(None) };
    let words = |text: &str| -> Vec<String> { text.split(',').map(|word| word.trim().to_lowercase()).collect() };
    let mut events = words(written);
    for event in &mut events {
        if event == "test-success" {
            *event = "test".to_owned();
        }
        if !EVENTS.contains(&event.as_str()) {
            return Err(written.clone());
        }
    }
    let weight = head.annotations.get("helm.sh/hook-weight").and_then(|weight| weight.parse().ok()).unwrap_or(0);
    let delete_policies =
        head.annotations.get("helm.sh/hook-delete-policy").map(|text| words(text)).unwrap_or_default();
    Ok(Some(Hook { events, weight, delete_policies }))
}
