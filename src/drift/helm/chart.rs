//! A chart rendered for a module, a version and an environment: where its values come from, and Helm's complaints as diagnostics.
use super::renders::{Layer, Rendering, Renders, names_environment};
use crate::drift::texts::{context, hidden, line_of, render as fill, tree_error};
use crate::drift::{Comparison, Side};
use crate::engines::helm::chart::{self, Dependency, LoadOptions};
use crate::engines::helm::{self, Compat, Error, ErrorKind, KubeVersion, Origin, Release, Rendered, Request, values};
use crate::engines::kube::objects::Manifest;
use crate::model::codes::{PL0310, PL0311, PL0312, PL0313, PL0314, PL0315, PL0316, PL0318};
use crate::model::config::{ChartSpec, Environment, HelmVersion, ValuesFile, ValuesIn};
use crate::model::{Code, Diagnostic};
use crate::tree::{READ_LIMIT, Tree, join};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Charts that other charts depend on and that do not lie in their `charts/` folders.
pub trait ChartStore: Send + Sync {
    /// The archive, when it is at hand. `locked` is what `Chart.lock` says of it.
    fn get(&self, dependency: &Dependency, locked: Option<&Dependency>) -> Option<Arc<[u8]>>;
}

/// Has none.
pub struct NoCharts;

impl ChartStore for NoCharts {
    fn get(&self, _dependency: &Dependency, _locked: Option<&Dependency>) -> Option<Arc<[u8]>> {
        None
    }
}

/// Where chance and time of a rendering come from; the second rendering takes another one.
const SEED: [u8; 32] = [7; 32];

/// Values as they are given to a chart, and the files they come from.
type Given = (Map<String, Value>, Vec<Layer>);

/// Where a chart and its values are read.
struct Site<'a> {
    c: &'a Comparison<'a>,
    tree: &'a dyn Tree,
    /// Repository of the chart; empty for the config repository.
    repository: String,
    folder: String,
    context: minijinja::Value,
    environment: Option<&'a Environment>,
}

/// Renders the chart of a module.
pub(super) fn render(
    renders: &Renders,
    c: &Comparison<'_>,
    side: &Side<'_>,
    environment: Option<&Environment>,
    spec: &ChartSpec,
) -> Result<Rendering, Vec<Diagnostic>> {
    let in_config = spec.repo.as_deref() == Some("config");
    let tree = if in_config { c.config } else { side.tree.map_err(|why| vec![why.clone()])? };
    let repository = if in_config { String::new() } else { c.module.spec.repo.clone().unwrap_or_default() };
    let context = context(c, side, environment);
    let one = |why: Box<Diagnostic>| vec![*why];
    let folder = fill(&spec.path, &context).map_err(one)?;
    let folder = join("", folder.trim_start_matches('/')).ok_or_else(|| {
        vec![
            Diagnostic::error(&PL0310, format!("the chart's path {folder} leads out of the repository"))
                .hint("correct `chart.path` of the module"),
        ]
    })?;
    let site = Site { c, tree, repository, folder, context, environment };
    let compat = match spec.helm {
        Some(HelmVersion::Helm3) => Compat::Helm3,
        Some(HelmVersion::Helm4) | None => Compat::Helm4,
    };
    let key = tree.identity().map(|identity| (identity, format!("{}:{compat:?}", site.folder)));
    let loaded = renders.chart(key, |store| {
        let fetched = |dependency: &Dependency, locked: Option<&Dependency>| store.get(dependency, locked);
        let options =
            LoadOptions { compat, local_dependencies: true, fetched: Some(&fetched), ..LoadOptions::default() };
        chart::load(tree, &site.folder, &options).map_err(|error| site.refused(&error))
    });
    let chart = loaded.map_err(|why| vec![why])?;
    let (given, mut layers) = site.values(spec, side)?;
    if let Some(file) = &chart.values_file
        && let Ok(text) = std::str::from_utf8(&file.data)
    {
        let own = Layer {
            repository: site.repository.clone(),
            file: site.path(&file.name),
            text: text.into(),
            values: Arc::clone(&chart.values),
        };
        layers.insert(0, own);
    }
    let request = site.request(spec, compat, given.clone())?;
    let (first, second) =
        helm::render_twice(&chart, &request, Some(&renders.templates)).map_err(|error| vec![site.refused(&error)])?;
    let doubts = chart.unread.iter().map(|(file, why)| {
        Diagnostic::error(&PL0310, format!("{}: {why}", site.path(file))).note("templates may use it as `.Files`")
    });
    Ok(Rendering {
        namespace: request.release.namespace.clone(),
        doubts: doubts.collect(),
        notes: first.notes.clone(),
        lines: lines(&first),
        again: second.as_ref().map(manifests),
        manifests: manifests(&first),
        layers,
        given,
        repository: site.repository,
        folder: site.folder,
        chart: Some(chart),
        request: Some(request),
        ..Rendering::default()
    })
}

/// Documents as the comparison of objects takes them; lines count from the beginning of each.
pub(super) fn manifests(rendered: &Rendered) -> Vec<Manifest> {
    let crds = rendered.crds.iter().map(|crd| (&crd.source, &crd.text));
    let manifests = rendered.manifests.iter().map(|manifest| (&manifest.source, &manifest.text));
    let one = |(source, text): (&String, &String)| Manifest {
        source: source.clone(),
        text: Arc::from(text.as_str()),
        first_line: 1,
    };
    crds.chain(manifests).map(one).collect()
}

/// For each document, as `manifests` gives them, the origin of each line; none for what is no template.
fn lines(rendered: &Rendered) -> Vec<Vec<Origin>> {
    let crds = rendered.crds.iter().map(|_| Vec::new());
    crds.chain(rendered.manifests.iter().map(|manifest| manifest.lines.clone().unwrap_or_default())).collect()
}

impl Site<'_> {
    fn path(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    fn request(
        &self,
        spec: &ChartSpec,
        compat: Compat,
        values: Map<String, Value>,
    ) -> Result<Request, Vec<Diagnostic>> {
        let known = |template: &&String| self.environment.is_some() || !names_environment(template);
        let text = |template: Option<&String>| {
            template.filter(known).map(|template| fill(template, &self.context)).transpose().map_err(|why| vec![*why])
        };
        let cluster = self.environment.and_then(|env| env.spec.cluster.as_ref());
        let namespace = text(spec.namespace.as_ref())?
            .or_else(|| cluster.and_then(|cluster| cluster.namespace.clone()))
            .unwrap_or_else(|| "default".to_owned());
        let name = text(spec.release.as_ref())?.unwrap_or_else(|| self.c.module.metadata.name.clone());
        let mut request = Request { values, seed: SEED, include_crds: true, trace: true, ..Request::new(compat) };
        request.release = Release { name, namespace, ..Release::default() };
        if let Some(cluster) = cluster {
            if let Some(version) = &cluster.kube_version {
                let wrong = |why: String| vec![Diagnostic::error(&PL0313, format!("kubeVersion {version}: {why}"))];
                request.capabilities.kube_version = KubeVersion::parse(version, compat).map_err(wrong)?;
            }
            request.capabilities.api_versions.extend(cluster.api_versions.iter().cloned());
        }
        Ok(request)
    }

    /// Values as they are given to the chart, and the files they come from.
    fn values(&self, spec: &ChartSpec, side: &Side<'_>) -> Result<Given, Vec<Diagnostic>> {
        let (mut read, mut layers, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        for file in &spec.values {
            match self.layer(file, side) {
                Ok(Some((layer, map))) => {
                    read.push(map);
                    layers.push(layer);
                }
                Ok(None) => (),
                Err(why) => failures.push(*why),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        let mut given = values::merge_files(read);
        for (path, value) in &spec.set {
            let value = value.text();
            if self.environment.is_none() && names_environment(&value) {
                continue;
            }
            let value = fill(&value, &self.context).map_err(|why| vec![*why])?;
            let escaped = value.replace('\\', "\\\\").replace(',', "\\,");
            values::set(&mut given, values::Set::Plain, &format!("{path}={escaped}")).map_err(|error| {
                // Nobody gave a flag here.
                let why = error.to_string();
                let why = why.strip_prefix("failed parsing --set data: ").unwrap_or(&why);
                vec![Diagnostic::error(&PL0312, format!("`set` of {path} in the chart of the module: {why}"))]
            })?;
        }
        Ok((given, layers))
    }

    fn layer(&self, file: &ValuesFile, side: &Side<'_>) -> crate::model::Result<Option<(Layer, Map<String, Value>)>> {
        let (pattern, within) = match file {
            ValuesFile::Path(path) => (path, None),
            ValuesFile::In(ValuesIn { file, repo }) => (file, Some(repo.as_deref() == Some("config"))),
        };
        let optional = pattern.ends_with('?');
        // A plain ref has no environment, so there is no file of one.
        if self.environment.is_none() && names_environment(pattern) {
            return Ok(None);
        }
        let path = fill(pattern.trim_end_matches('?'), &self.context)?;
        let own = self.c.module.spec.repo.clone().unwrap_or_default();
        let (tree, repository, path) = match within {
            Some(true) => (self.c.config, String::new(), path.trim_start_matches('/').to_owned()),
            Some(false) => {
                (side.tree.map_err(|why| Box::new(why.clone()))?, own, path.trim_start_matches('/').to_owned())
            }
            None => match path.strip_prefix('/') {
                Some(path) => (self.tree, self.repository.clone(), path.to_owned()),
                None => (self.tree, self.repository.clone(), self.path(&path)),
            },
        };
        let path = join("", path.trim_start_matches('/')).ok_or_else(|| {
            Box::new(Diagnostic::error(&PL0312, format!("values file {path} leads out of the repository")))
        })?;
        let bytes = tree.read(&path, READ_LIMIT).map_err(|error| Box::new(tree_error(&path, &error)))?;
        let Some(bytes) = bytes else {
            if optional {
                return Ok(None);
            }
            return Err(Box::new(
                Diagnostic::error(&PL0318, format!("values file {path} is not there"))
                    .hint("correct `chart.values` of the module, or end the name with `?` where it may be missing"),
            ));
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let map = values::read(&bytes).map_err(|error| {
            let diagnostic = Diagnostic::error(&PL0312, format!("{path}: {error}"));
            Box::new(match error.line {
                Some(line) => diagnostic.at(hidden(line_of(&path, &text, line))),
                None => diagnostic,
            })
        })?;
        Ok(Some((Layer { repository, file: path, text: text.into(), values: Arc::new(map.clone()) }, map)))
    }

    /// Helm's complaint with pilab's code.
    fn refused(&self, error: &Error) -> Diagnostic {
        let code: &'static Code = match error.kind {
            ErrorKind::Chart | ErrorKind::Invalid => &PL0310,
            ErrorKind::Dependency => &PL0311,
            ErrorKind::Values | ErrorKind::Schema => &PL0312,
            ErrorKind::KubeVersion => &PL0313,
            ErrorKind::Parse | ErrorKind::Exec => &PL0314,
            ErrorKind::Manifest => &PL0315,
            ErrorKind::Limit => &PL0316,
        };
        let chart = if self.folder.is_empty() { "the chart" } else { &self.folder };
        let mut diagnostic = Diagnostic::error(code, format!("{chart}: {}", brief(&error.text)));
        if error.kind == ErrorKind::Dependency {
            diagnostic = diagnostic.hint(format!("pilab chart fetch {}", self.c.module.metadata.name));
        }
        let Some((file, line)) = error.file.as_ref().zip(error.line) else { return diagnostic };
        let file = self.path(file);
        match self.tree.read(&file, READ_LIMIT) {
            Ok(Some(bytes)) => diagnostic.at(line_of(&file, &String::from_utf8_lossy(&bytes), line)),
            Ok(None) | Err(_) => diagnostic,
        }
    }
}

/// Longer complaints are cut, characters.
const LONGEST: usize = 600;

/// A complaint in one line. Of a chain of calls its beginning, its last call and its end say everything.
fn brief(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut line = String::new();
    for part in lines {
        let glue = if line.is_empty() {
            ""
        } else if line.ends_with([':', ',', ';']) {
            " "
        } else if part.starts_with("- ") {
            "; "
        } else {
            ": "
        };
        line.push_str(glue);
        line.push_str(part.strip_prefix("- ").unwrap_or(part));
    }
    let count = line.chars().count();
    if count <= LONGEST {
        return line;
    }
    let calls: Vec<&str> = line.split(": error calling ").collect();
    if let [first, .., last] = calls.as_slice()
        && calls.len() > 3
        && first.len() + last.len() < LONGEST
    {
        return format!("{first}: ({} more calls): error calling {last}", calls.len() - 2);
    }
    let head: String = line.chars().take(LONGEST * 2 / 3).collect();
    let tail: String = line.chars().skip(count - LONGEST / 3).collect();
    format!("{head} … {tail}")
}
