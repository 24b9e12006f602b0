//! What to render a chart for, and what comes out.
use super::cache::TemplateCache;
use super::dot::Top;
use super::engine::{self, Output};
use super::manifests::{self, Manifest};
use crate::engines::gotemplate::{Limits, Value};
use crate::engines::helm::capabilities::Capabilities;
use crate::engines::helm::chart::{self, Chart};
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::engines::helm::release::Release;
use crate::engines::helm::values::{self, Prepare, Prepared};
use serde_json::Map;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What to render a chart for. `Request::default()` is `helm template release-name CHART` of Helm 4.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Name, namespace, revision.
    pub release: Release,
    /// The user's values: files and `--set` laid over one another (see `merge`), without the chart's own.
    pub values: Map<String, serde_json::Value>,
    /// What the cluster can do.
    pub capabilities: Capabilities,
    /// Which Helm is imitated.
    pub compat: Compat,
    /// Where random text, certificates and the clock come from.
    pub seed: [u8; 32],
    /// Objects that `lookup` finds. When there are none, everything it is asked for is missing, as in `helm template`.
    pub objects: Vec<serde_json::Value>,
    /// Whether the files of `crds/` belong to the output (`--include-crds`).
    pub include_crds: bool,
    /// Whether hooks belong to the output (the opposite of `--no-hooks`).
    pub hooks: bool,
    /// Whether hooks that are tests belong to the output (the opposite of `--skip-tests`).
    pub tests: bool,
    /// Whether notes of charts below the top one belong to the notes.
    pub sub_notes: bool,
    /// Whether values are held against `values.schema.json`.
    pub schema: bool,
    /// Whether each line of a manifest is to know its line in the template.
    pub trace: bool,
    /// Bounds against hostile templates.
    pub limits: Limits,
}

impl Default for Request {
    fn default() -> Request {
        Request::new(Compat::default())
    }
}

impl Request {
    /// What `helm template release-name CHART` of this Helm asks for.
    pub fn new(compat: Compat) -> Request {
        Request {
            release: Release::default(),
            values: Map::new(),
            capabilities: Capabilities::default_of(compat),
            compat,
            seed: [0; 32],
            objects: Vec::new(),
            include_crds: false,
            hooks: true,
            tests: true,
            sub_notes: false,
            schema: true,
            trace: false,
            limits: Limits { depth: 3000, ..Limits::default() },
        }
    }
}

/// A file of `crds/`, which is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crd {
    /// The path below its chart: `crds/a.yaml`.
    pub name: String,
    /// The path with the names of charts: `web/crds/a.yaml`.
    pub source: String,
    /// Its text.
    pub text: String,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The output of each template, by path, with notes and what is empty: what Helm's engine gives.
    pub files: BTreeMap<String, String>,
    /// Manifests in the order of installation, then hooks in theirs.
    pub manifests: Vec<Manifest>,
    /// Custom resource definitions, if the request wanted them.
    pub crds: Vec<Crd>,
    /// The notes; empty when there are none.
    pub notes: String,
    /// Whether anything depended on the seed: chance or the clock.
    pub used_seed: bool,
    /// Whether a template asked for objects of the cluster.
    pub looked_up: bool,
    /// What Helm says in passing, and what one should know.
    pub warnings: Vec<String>,
    /// Which Helm was imitated.
    pub compat: Compat,
}

/// A chart that was checked and its values, ready for templates.
fn prepare(chart: &Chart, request: &Request) -> Result<Prepared, Error> {
    let prepared = values::prepare(chart, &request.values, &Prepare { compat: request.compat })?;
    if request.schema {
        values::validate(&prepared.chart, &prepared.values, request.compat)?;
    }
    Ok(prepared)
}

fn run(prepared: &Prepared, request: &Request, cache: Option<&TemplateCache>) -> Result<Output, Error> {
    let top = Top {
        release: request.release.value(),
        capabilities: request.capabilities.value(request.compat),
        values: top_values(&prepared.values),
        compat: request.compat,
    };
    engine::run(&top, &prepared.chart, request, cache)
}

/// What the templates of a chart give, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The output of each template, with notes and what is empty.
    pub files: BTreeMap<String, String>,
    /// Whether anything depended on the seed.
    pub used_seed: bool,
}

/// Runs the templates only, as Helm's engine does: whether the chart may be installed, its dependencies, the name of the release and the
/// version of Kubernetes are not looked at, and the outputs may be anything.
///
/// # Errors
/// When values cannot be prepared, or a template does not parse or fails.
pub fn render_files(chart: &Chart, request: &Request, cache: Option<&TemplateCache>) -> Result<Files, Error> {
    let output = run(&prepare(chart, request)?, request, cache)?;
    Ok(Files { files: output.files, used_seed: output.used_seed })
}

/// Renders a chart. Templates are parsed once for each cache.
///
/// # Errors
/// Whatever Helm refuses, in its words: a library chart, a dependency that is not there, values that do not fit the schema, a version of
/// Kubernetes that the chart does not take, a template that does not parse or fails, a manifest that is no YAML. And `ErrorKind::Limit`
/// when a bound is exceeded.
pub fn render(chart: &Chart, request: &Request, cache: Option<&TemplateCache>) -> Result<Rendered, Error> {
    let compat = request.compat;
    chart::check_installable(chart)?;
    chart::check_dependencies(chart, compat)?;
    request.release.check(compat)?;
    let prepared = prepare(chart, request)?;
    let chart = &prepared.chart;
    check_kube_version(chart, request)?;
    let mut warnings = prepared.warnings.clone();
    let mut output = run(&prepared, request, cache)?;
    let notes = take_notes(chart, request, &output);
    let files = output.files.clone();
    output.files.retain(|path, _| !path.ends_with(NOTES));
    let mut manifests = manifests::sort(&output.files, output.lines.as_ref(), compat, cache, &mut warnings)?;
    manifests.retain(|manifest| match &manifest.hook {
        Some(hook) => request.hooks && (request.tests || !hook.is_test()),
        None => true,
    });
    let crds = if request.include_crds { crds(chart) } else { Vec::new() };
    let Output { used_seed, looked_up, .. } = output;
    Ok(Rendered { files, manifests, crds, notes, used_seed, looked_up, warnings, compat })
}

/// Renders a chart, and once more with another seed if the first rendering depended on it: whatever differs then is generated and
/// means nothing.
///
/// # Errors
/// As `render`.
pub fn render_twice(
    chart: &Chart,
    request: &Request,
    cache: Option<&TemplateCache>,
) -> Result<(Rendered, Option<Rendered>), Error> {
    let first = render(chart, request, cache)?;
    if !first.used_seed {
        return Ok((first, None));
    }
    let seed = Sha256::new().chain_update(b"another").chain_update(request.seed).finalize().into();
    let second = render(chart, &Request { seed, ..request.clone() }, cache)?;
    Ok((first, Some(second)))
}

fn check_kube_version(chart: &Chart, request: &Request) -> Result<(), Error> {
    let (wanted, version) = (&chart.metadata.kube_version, &request.capabilities.kube_version);
    if wanted.is_empty() || chart::fits(wanted, &version.normalized, request.compat) {
        return Ok(());
    }
    let version = &version.version;
    let text = format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}");
    Err(Error::new(ErrorKind::KubeVersion, text).at("Chart.yaml"))
}

fn top_values(values: &Map<String, serde_json::Value>) -> crate::engines::gotemplate::Map {
    let entries = values.iter().map(|(key, value)| (key.as_str().into(), super::from_json(value)));
    match Value::map(entries) {
        Value::Map(map) => map,
        _ => crate::engines::gotemplate::Map::new(),
    }
}

/// The end of the path of each file with notes.
const NOTES: &str = "NOTES.txt";

/// The notes of the top chart, and of the others if wanted, with an empty line between.
fn take_notes(chart: &Chart, request: &Request, output: &Output) -> String {
    let own = format!("{}/templates/{NOTES}", chart.name());
    let wanted = output.files.iter().filter(|(path, _)| path.ends_with(NOTES));
    let wanted = wanted.filter(|(path, _)| request.sub_notes || **path == own);
    let texts: Vec<&str> = wanted.map(|(_, text)| text.as_str()).collect();
    texts.join("\n")
}

/// Files of `crds/`, those of the chart itself first.
fn crds(chart: &Chart) -> Vec<Crd> {
    let extension = |name: &str| {
        let extension = name.rsplit('/').next().and_then(|base| base.rsplit_once('.')).map_or("", |(_, end)| end);
        ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    let own = chart.files.iter().filter(|file| file.name.starts_with("crds/") && extension(&file.name));
    let own = own.map(|file| Crd {
        name: file.name.clone(),
        source: format!("{}/{}", chart.path, file.name),
        text: String::from_utf8_lossy(&file.data).into_owned(),
    });
    own.chain(chart.dependencies.iter().flat_map(crds)).collect()
}
