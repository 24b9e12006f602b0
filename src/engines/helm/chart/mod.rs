//! Charts as they lie in a tree: folders and archives, read with everything that Helm checks on the way.
mod archive;
mod assemble;
mod decode;
mod dependencies;
mod folder;
mod ignore;
mod metadata;
mod pattern;
mod version;

pub use metadata::{Dependency, Lock, Maintainer, Metadata};
pub use version::fits;

use super::error::{Error, ErrorKind};
use super::host::Compat;
use crate::tree::{Tree, TreeError};
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;

/// A file of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path below the chart it belongs to: `templates/a.yaml`.
    pub name: String,
    /// Its bytes, without a byte order mark.
    pub data: Arc<[u8]>,
}

/// How a chart came to stand where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Source {
    /// It is the chart that was asked for, or lies in `charts/`.
    #[default]
    Vendored,
    /// A dependency by `file://`, read from its own place; Helm would ask for `helm dependency build`.
    Local,
    /// A dependency from a repository that the caller had at hand.
    Fetched,
}

/// A chart and the charts below it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// What `Chart.yaml` (and `requirements.yaml` of old charts) says.
    pub metadata: Metadata,
    /// The path that Helm gives to templates of this chart: `web`, `web/charts/redis`. Aliases count, not folders.
    pub path: String,
    /// Files below `templates/`.
    pub templates: Vec<File>,
    /// What `.Files` sees: everything but templates, `Chart.yaml`, `Chart.lock`, values and their schema, and other charts. With `crds/`.
    pub files: Vec<File>,
    /// The default values.
    pub values: Arc<Map<String, Value>>,
    /// `values.yaml` as it is written.
    pub values_file: Option<File>,
    /// `values.schema.json` as it is written.
    pub schema: Option<Arc<[u8]>>,
    /// Charts below this one, by the names of their folders and archives.
    pub dependencies: Vec<Chart>,
    /// What the lock file says.
    pub lock: Option<Lock>,
    /// Where it comes from.
    pub source: Source,
    /// Files for `.Files` that are there and could not be read (in Git LFS, say), and why.
    pub unread: Vec<(String, String)>,
}

impl Chart {
    /// The name, which is the alias for an aliased chart.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }
}

/// Bounds against hostile charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, unpacked. Helm's own bound.
    pub file: u64,
    /// Bytes of all files of a chart and the charts in it, unpacked. Helm's own bound for one archive.
    pub total: u64,
    /// How many files.
    pub files: usize,
    /// How deep charts lie in charts.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file: 5 * 1024 * 1024, total: 100 * 1024 * 1024, files: 20_000, depth: 24 }
    }
}

/// Gives the archive of a dependency from a repository, when it is at hand. The lock's entry tells the exact version.
pub type Fetched<'a> = &'a dyn Fn(&Dependency, Option<&Dependency>) -> Option<Arc<[u8]>>;

/// How to read a chart.
#[derive(Clone, Copy, Default)]
pub struct LoadOptions<'a> {
    /// Whose rules and words.
    pub compat: Compat,
    /// Bounds.
    pub limits: Limits,
    /// Whether dependencies by `file://` that are not in `charts/` are read from their own place.
    pub local_dependencies: bool,
    /// Where to get dependencies from repositories that are not in `charts/`.
    pub fetched: Option<Fetched<'a>>,
}

impl fmt::Debug for LoadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions")
            .field("compat", &self.compat)
            .field("limits", &self.limits)
            .field("local_dependencies", &self.local_dependencies)
            .field("fetched", &self.fetched.is_some())
            .finish()
    }
}

/// A file on its way into a chart.
#[derive(Debug, Clone)]
struct Buffered {
    name: String,
    data: Arc<[u8]>,
}

/// What is left of the bounds.
struct Budget {
    limits: Limits,
    compat: Compat,
    bytes: u64,
    files: usize,
}

impl Budget {
    fn new(options: &LoadOptions<'_>) -> Budget {
        let limits = options.limits;
        Budget { limits, compat: options.compat, bytes: limits.total, files: limits.files }
    }

    /// Takes a file of this size off.
    fn take(&mut self, bytes: u64) -> Result<(), Error> {
        let left = self.bytes.checked_sub(bytes).zip(self.files.checked_sub(1));
        let Some((bytes, files)) = left else {
            return Err(if self.files == 0 { too_many(&self.limits) } else { too_large(&self.limits) });
        };
        (self.bytes, self.files) = (bytes, files);
        Ok(())
    }
}

fn too_large(limits: &Limits) -> Error {
    Error::new(ErrorKind::Limit, format!("decompressed chart is larger than the maximum size {}", limits.total))
}

fn too_many(limits: &Limits) -> Error {
    Error::new(ErrorKind::Limit, format!("the chart has more than {} files", limits.files))
}

/// Reads the chart at `path` of the tree: a folder, or a `.tgz`. An empty path is the root of the tree.
///
/// # Errors
/// When there is no chart, it cannot be read, is not valid, or exceeds a bound. Dependencies that are not there are no error here:
/// see `missing`.
pub fn load(tree: &dyn Tree, path: &str, options: &LoadOptions<'_>) -> Result<Chart, Error> {
    let mut budget = Budget::new(options);
    let path = path.trim_matches('/');
    let mut chart = load_at(tree, path, options, &mut budget, 0)?;
    set_paths(&mut chart, None);
    Ok(chart)
}

/// Reads a chart out of the bytes of a `.tgz`.
///
/// # Errors
/// As `load`.
pub fn load_archive(data: &[u8], options: &LoadOptions<'_>) -> Result<Chart, Error> {
    let mut budget = Budget::new(options);
    let files = archive::read(data, &mut budget)?;
    let mut chart = assemble::chart(files, &mut budget, 0)?;
    dependencies::complete(&mut chart, None, options, &mut budget, 0)?;
    set_paths(&mut chart, None);
    Ok(chart)
}

fn load_at(
    tree: &dyn Tree,
    path: &str,
    options: &LoadOptions<'_>,
    budget: &mut Budget,
    depth: usize,
) -> Result<Chart, Error> {
    let listed = tree.list(path).map_err(|error| unreadable(path, &error))?;
    let mut chart = match listed {
        Some(_) => {
            let read = folder::read(tree, path, budget)?;
            let mut chart = assemble::chart(read.files, budget, depth)?;
            chart.unread = read.unread;
            chart
        }
        None => {
            let limit = options.limits.total;
            let data = tree.read(path, limit).map_err(|error| unreadable(path, &error))?;
            let Some(data) = data else {
                return Err(Error::new(ErrorKind::Chart, format!("path \"{path}\" not found")));
            };
            assemble::chart(archive::read_named(path, &data, budget)?, budget, depth)?
        }
    };
    dependencies::complete(&mut chart, Some((tree, path)), options, budget, depth)?;
    Ok(chart)
}

fn unreadable(path: &str, error: &TreeError) -> Error {
    Error::new(ErrorKind::Chart, format!("error reading {path}: {error}")).at(path)
}

/// Writes down the path of each chart, as Helm would compute it from its parents.
fn set_paths(chart: &mut Chart, parent: Option<&str>) {
    chart.path = match parent {
        None => chart.metadata.name.clone(),
        Some(parent) => format!("{parent}/charts/{}", chart.metadata.name),
    };
    let path = chart.path.clone();
    chart.dependencies.iter_mut().for_each(|below| set_paths(below, Some(&path)));
}

/// Refuses a chart whose dependencies are not all there, as `helm template` does before it renders.
///
/// # Errors
/// Names all that are in `Chart.yaml` and not in `charts/`, in Helm's words.
pub fn check_dependencies(chart: &Chart, compat: Compat) -> Result<(), Error> {
    let missing: Vec<&str> = missing(chart).iter().map(|dependency| dependency.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    let text = match compat {
        Compat::Helm3 => format!(
            "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch \
             missing dependencies: found in Chart.yaml, but missing in charts/ directory: {missing}"
        ),
        Compat::Helm4 => format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch \
             missing dependencies: found in Chart.yaml, but missing in charts/ directory: {missing}"
        ),
    };
    Err(Error::new(ErrorKind::Dependency, text).at("Chart.yaml"))
}

/// The dependencies that `Chart.yaml` names and that are not there.
pub fn missing(chart: &Chart) -> Vec<&Dependency> {
    let there = |name: &str| chart.dependencies.iter().any(|below| below.name() == name);
    chart.metadata.dependencies.iter().flatten().filter(|dependency| !there(&dependency.name)).collect()
}

/// Refuses a library chart, which Helm does not render by itself.
///
/// # Errors
/// When the type is `library`, in Helm's words.
pub fn check_installable(chart: &Chart) -> Result<(), Error> {
    match chart.metadata.kind.as_str() {
        "" | "application" => Ok(()),
        kind => Err(Error::new(ErrorKind::Invalid, format!("{kind} charts are not installable")).at("Chart.yaml")),
    }
}

#[cfg(test)]
mod tests;
