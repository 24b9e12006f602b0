//! What a module renders to, for a version and an environment; kept for as long as one answer is made.
use super::chart::{self, ChartStore};
use super::files;
use super::mask::{masked, secrets, without_secrets};
use crate::drift::texts::line_of;
use crate::drift::{Comparison, Side};
use crate::engines::helm::chart::Chart;
use crate::engines::helm::{Origin, Request, TemplateCache};
use crate::engines::kube::objects::Manifest;
use crate::model::config::{Environment, Module};
use crate::model::{Diagnostic, Place as Spot};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Manifests, with all that is needed to say where they come from.
#[derive(Debug, Default)]
pub struct Rendering {
    /// One document each, in the order in which they are applied.
    pub manifests: Vec<Manifest>,
    /// The same with other chance, when anything depends on chance.
    pub again: Option<Vec<Manifest>>,
    /// Namespace of objects that say none.
    pub namespace: String,
    /// Values files, the chart's own first; later ones win. Empty for anything but charts.
    pub layers: Vec<Layer>,
    /// What could not be looked at without harm to the rest.
    pub doubts: Vec<Diagnostic>,
    /// The text of `NOTES.txt`.
    pub notes: String,
    /// Values as they were given to the chart, over which its own defaults stand.
    pub(super) given: Map<String, Value>,
    /// The chart, for rendering it again with other values.
    pub(super) chart: Option<Arc<Chart>>,
    /// Repository of the files that manifests name; empty for the config repository.
    pub(super) repository: String,
    /// Folder in front of the names of sources.
    pub(super) folder: String,
    /// Values of its Secrets, as they are and decoded.
    pub(super) secrets: Vec<String>,
    /// What the chart was rendered with.
    pub(super) request: Option<Request>,
    /// Texts of manifest files, by source.
    pub(super) texts: BTreeMap<String, Arc<str>>,
    /// Place in the templates for each line of a manifest, by index of the manifest.
    pub(super) lines: Vec<Vec<Origin>>,
}

/// A values file.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Repository; empty for the config repository.
    pub repository: String,
    /// Path from its root.
    pub file: String,
    /// What it says.
    pub text: Arc<str>,
    /// The same, read.
    pub(super) values: Arc<Map<String, Value>>,
}

/// A place with its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) repository: String,
    pub(super) place: Spot,
}

impl Rendering {
    /// A text of it as it may be shown: values of Secrets, and what is named like one, are replaced wherever they stand.
    pub fn shown(&self, text: &str) -> String {
        without_secrets(&masked(text), &self.secrets)
    }

    /// The line of a source: a template, or a manifest file. `line` counts in the manifest at `index`.
    pub(super) fn place(&self, index: usize, source: &str, line: u32) -> Option<Place> {
        let (source, line) = match self.lines.get(index).filter(|lines| !lines.is_empty()) {
            Some(lines) => {
                let origin = lines.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
                (&*origin.file, origin.line)
            }
            None => (source, line),
        };
        let (file, text) = self.text(source)?;
        Some(Place { repository: self.repository.clone(), place: line_of(&file, &text, line) })
    }

    /// File and text behind a source.
    fn text(&self, source: &str) -> Option<(String, Cow<'_, str>)> {
        let Some(chart) = &self.chart else {
            return self.texts.get(source).map(|text| (source.to_owned(), Cow::Borrowed(&**text)));
        };
        let file = find(chart, source)?;
        let below = source.strip_prefix(&format!("{}/", chart.path)).unwrap_or(source);
        let path = if self.folder.is_empty() { below.to_owned() } else { format!("{}/{below}", self.folder) };
        Some((path, String::from_utf8_lossy(file)))
    }
}

/// The file of a chart or of a chart in it, by the name that Helm gives to it.
fn find<'a>(chart: &'a Chart, source: &str) -> Option<&'a [u8]> {
    let below = source.strip_prefix(chart.path.as_str())?.strip_prefix('/')?;
    let own = chart.templates.iter().chain(&chart.files).find(|file| file.name == below);
    own.map(|file| &*file.data).or_else(|| chart.dependencies.iter().find_map(|chart| find(chart, source)))
}

type Rendered = Arc<Result<Rendering, Vec<Diagnostic>>>;
/// A chart, or why it cannot be read.
type Loaded = Result<Arc<Chart>, Diagnostic>;
/// Module, tree, version, environment.
type Key = (String, String, String, String);

/// Renderings of one answer, each made once, and parsed templates of all of them.
pub struct Renders {
    store: Arc<dyn ChartStore>,
    pub(super) templates: TemplateCache,
    charts: Mutex<BTreeMap<(String, String), Loaded>>,
    made: Mutex<BTreeMap<Key, Arc<OnceLock<Rendered>>>>,
}

impl Renders {
    /// Nothing rendered yet. `store` has the charts that other charts depend on.
    pub fn new(store: Arc<dyn ChartStore>) -> Renders {
        Renders { store, templates: TemplateCache::default(), charts: Mutex::default(), made: Mutex::default() }
    }

    /// What the module of the comparison renders to at the version of `side`, in `environment`.
    pub(super) fn of(&self, c: &Comparison<'_>, side: &Side<'_>, environment: Option<&Environment>) -> Rendered {
        let make = || Arc::new(self.make(c, side, environment));
        let Ok(tree) = side.tree else { return make() };
        let Some(identity) = tree.identity() else { return make() };
        let key = (
            c.module.metadata.name.clone(),
            identity,
            side.version.unwrap_or_default().to_owned(),
            environment.map(|env| env.metadata.name.clone()).unwrap_or_default(),
        );
        let cell = Arc::clone(self.made.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        Arc::clone(cell.get_or_init(make))
    }

    /// Renders, without looking for what was rendered before.
    ///
    /// # Errors
    /// Why it could not be rendered.
    pub fn make(
        &self,
        c: &Comparison<'_>,
        side: &Side<'_>,
        environment: Option<&Environment>,
    ) -> Result<Rendering, Vec<Diagnostic>> {
        let mut rendering = self.raw(c, side, environment)?;
        rendering.secrets = secrets(&rendering.manifests);
        Ok(rendering)
    }

    fn raw(
        &self,
        c: &Comparison<'_>,
        side: &Side<'_>,
        environment: Option<&Environment>,
    ) -> Result<Rendering, Vec<Diagnostic>> {
        let spec = &c.module.spec;
        match (&spec.chart, &spec.kustomize) {
            (Some(chart), _) if chart.rendered.is_empty() => chart::render(self, c, side, environment, chart),
            (Some(chart), _) => files::rendered(c, side, environment, chart),
            (None, Some(kustomize)) => files::kustomize(c, side, environment, kustomize),
            (None, None) => files::manifests(c, side, environment),
        }
    }

    /// The chart at a path of a tree, read once for each tree that has an identity.
    pub(super) fn chart(
        &self,
        key: Option<(String, String)>,
        load: impl FnOnce(&dyn ChartStore) -> Result<Chart, Diagnostic>,
    ) -> Result<Arc<Chart>, Diagnostic> {
        let Some(key) = key else { return load(&*self.store).map(Arc::new) };
        if let Some(known) = self.charts.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let chart = load(&*self.store).map(Arc::new);
        self.charts.lock().unwrap_or_else(PoisonError::into_inner).insert(key, chart.clone());
        chart
    }
}

/// Whether anything says how the module becomes Kubernetes objects.
pub(super) fn declared(module: &Module) -> bool {
    let spec = &module.spec;
    spec.chart.is_some() || spec.kustomize.is_some() || !spec.manifests.is_empty()
}

/// Whether it has other manifests for each environment. Values files of environments are left out for a plain ref, so
/// a chart is rendered with what it says itself.
pub(super) fn per_environment(module: &Module) -> bool {
    let spec = &module.spec;
    let rendered = spec.chart.iter().flat_map(|chart| &chart.rendered);
    let kustomize = spec.kustomize.iter().map(|spec| &spec.path);
    rendered.chain(kustomize).chain(&spec.manifests).any(|text| names_environment(text))
}

/// Whether a template asks for the environment.
pub(super) fn names_environment(text: &str) -> bool {
    text.split("{{").skip(1).any(|part| part.trim_start().starts_with("env."))
}
