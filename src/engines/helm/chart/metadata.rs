//! `Chart.yaml`, `requirements.yaml` and the lock files: what they say and whether Helm takes it.
use super::decode::{Complaint, Fields};
use super::version;
use crate::engines::gotemplate::fmt;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::engines::helm::values;
use crate::engines::yaml::Node;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What `Chart.yaml` says. Texts that are not there are empty, as in Helm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// `name`; the alias for an aliased chart.
    pub name: String,
    /// `home`.
    pub home: String,
    /// `sources`.
    pub sources: Vec<String>,
    /// `version`, as written.
    pub version: String,
    /// `description`.
    pub description: String,
    /// `keywords`.
    pub keywords: Vec<String>,
    /// `maintainers`.
    pub maintainers: Vec<Maintainer>,
    /// `icon`.
    pub icon: String,
    /// `apiVersion`; `v1` where `Chart.yaml` has none.
    pub api_version: String,
    /// `condition`.
    pub condition: String,
    /// `tags`.
    pub tags: String,
    /// `appVersion`.
    pub app_version: String,
    /// `deprecated`.
    pub deprecated: bool,
    /// `annotations`.
    pub annotations: BTreeMap<String, String>,
    /// `kubeVersion`.
    pub kube_version: String,
    /// `dependencies`; `None` where there is no such field. Helm tells that from an empty list.
    pub dependencies: Option<Vec<Dependency>>,
    /// `type`.
    pub kind: String,
}

/// A person or group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Maintainer {
    /// `name`.
    pub name: String,
    /// `email`.
    pub email: String,
    /// `url`.
    pub url: String,
    /// Whether the list has a null in this place, which is not valid.
    null: bool,
}

/// A chart that another needs; also an entry of a lock file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dependency {
    /// `name`; the alias once values were prepared.
    pub name: String,
    /// `version`: a constraint, or the exact version in a lock file.
    pub version: String,
    /// `repository`: `https://…`, `oci://…`, `file://…`, `@name`, or empty.
    pub repository: String,
    /// `condition`: paths of values, with commas between.
    pub condition: String,
    /// `tags`.
    pub tags: Vec<String>,
    /// `enabled`; Helm sets it while values are prepared.
    pub enabled: bool,
    /// `import-values`: texts and mappings, as written.
    pub import_values: Vec<Value>,
    /// `alias`.
    pub alias: String,
    /// Whether the list has a null in this place, which is not valid.
    null: bool,
}

/// What `Chart.lock` or `requirements.lock` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lock {
    /// `digest`: of the dependencies in `Chart.yaml`.
    pub digest: String,
    /// `generated`, as written.
    pub generated: String,
    /// `dependencies`, with exact versions.
    pub dependencies: Vec<Dependency>,
}

fn broken(complaint: &str, compat: Compat) -> Error {
    // The package of Helm that has these types was renamed.
    let complaint = match compat {
        Compat::Helm3 => complaint.replace("v2.", "chart."),
        Compat::Helm4 => complaint.to_owned(),
    };
    let text = format!("error unmarshaling JSON: while decoding JSON: {complaint}");
    Error::new(ErrorKind::Chart, text)
}

/// Lays what a file says over what is known already.
pub(super) fn read_into(metadata: &mut Metadata, data: &[u8], compat: Compat) -> Result<(), Error> {
    match values::first_document(data, ErrorKind::Chart)? {
        Some(node) => fill(metadata, &node).map_err(|text| broken(&text, compat)),
        None => Ok(()),
    }
}

/// Reads a lock file.
pub(super) fn read_lock(data: &[u8], compat: Compat) -> Result<Lock, Error> {
    let mut lock = Lock::default();
    let Some(node) = values::first_document(data, ErrorKind::Chart)? else { return Ok(lock) };
    let mut read = || -> Result<(), Complaint> {
        let Some(fields) = Fields::of(&node, "Lock", "v2.Lock")? else { return Ok(()) };
        fields.text("digest", &mut lock.digest)?;
        fields.text("generated", &mut lock.generated)?;
        for node in fields.list("dependencies", "[]*v2.Dependency")?.into_iter().flatten() {
            lock.dependencies.push(dependency(node, "Lock.dependencies")?);
        }
        Ok(())
    };
    read().map_err(|text| broken(&text, compat))?;
    Ok(lock)
}

fn fill(metadata: &mut Metadata, node: &Node) -> Result<(), Complaint> {
    let Some(fields) = Fields::of(node, "Metadata", "v2.Metadata")? else { return Ok(()) };
    fields.text_map("annotations", &mut metadata.annotations)?;
    fields.text("apiVersion", &mut metadata.api_version)?;
    fields.text("appVersion", &mut metadata.app_version)?;
    fields.text("condition", &mut metadata.condition)?;
    if let Some(items) = fields.list("dependencies", "[]*v2.Dependency")? {
        metadata.dependencies =
            Some(items.iter().map(|node| dependency(node, "Metadata.dependencies")).collect::<Result<_, _>>()?);
    }
    fields.flag("deprecated", &mut metadata.deprecated)?;
    fields.text("description", &mut metadata.description)?;
    fields.text("home", &mut metadata.home)?;
    fields.text("icon", &mut metadata.icon)?;
    fields.texts("keywords", &mut metadata.keywords)?;
    fields.text("kubeVersion", &mut metadata.kube_version)?;
    if let Some(items) = fields.list("maintainers", "[]*v2.Maintainer")? {
        metadata.maintainers = items.iter().map(maintainer).collect::<Result<_, _>>()?;
    }
    fields.text("name", &mut metadata.name)?;
    fields.texts("sources", &mut metadata.sources)?;
    fields.text("tags", &mut metadata.tags)?;
    fields.text("type", &mut metadata.kind)?;
    fields.text("version", &mut metadata.version)
}

fn maintainer(node: &Node) -> Result<Maintainer, Complaint> {
    let mut read = Maintainer::default();
    match Fields::of(node, "Metadata.maintainers", "v2.Maintainer")? {
        None => read.null = true,
        Some(fields) => {
            fields.text("email", &mut read.email)?;
            fields.text("name", &mut read.name)?;
            fields.text("url", &mut read.url)?;
        }
    }
    Ok(read)
}

fn dependency(node: &Node, within: &str) -> Result<Dependency, Complaint> {
    let mut read = Dependency::default();
    let Some(fields) = Fields::of(node, within, "v2.Dependency")? else {
        return Ok(Dependency { null: true, ..read });
    };
    fields.text("alias", &mut read.alias)?;
    fields.text("condition", &mut read.condition)?;
    fields.flag("enabled", &mut read.enabled)?;
    for item in fields.list("import-values", "[]interface {}")?.into_iter().flatten() {
        read.import_values.push(values::json(item)?);
    }
    fields.text("name", &mut read.name)?;
    fields.text("repository", &mut read.repository)?;
    fields.texts("tags", &mut read.tags)?;
    fields.text("version", &mut read.version)?;
    Ok(read)
}

impl Metadata {
    /// Cleans the texts and checks what Helm checks; the text of the complaint goes without `validation: `.
    pub(super) fn validate(&mut self, compat: Compat) -> Result<(), String> {
        let texts = [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ];
        texts.into_iter().chain(&mut self.sources).chain(&mut self.keywords).for_each(sanitize);
        if self.api_version.is_empty() {
            return Err("chart.metadata.apiVersion is required".into());
        }
        if self.name.is_empty() {
            return Err("chart.metadata.name is required".into());
        }
        if compat == Compat::Helm4 {
            self.check_name()?;
        }
        if self.version.is_empty() {
            return Err("chart.metadata.version is required".into());
        }
        if !version::valid(&self.version) {
            return Err(format!("chart.metadata.version {} is invalid", fmt::quote_text(&self.version)));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err("chart.metadata.type must be application or library".into());
        }
        for maintainer in &mut self.maintainers {
            if maintainer.null {
                return Err(match compat {
                    Compat::Helm3 => "maintainer cannot be an empty list".into(),
                    Compat::Helm4 => "maintainers must not contain empty or null nodes".into(),
                });
            }
            [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url].into_iter().for_each(sanitize);
        }
        let mut names = BTreeSet::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            dependency.validate(compat)?;
            let name = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
            if !names.insert(name.clone()) && compat == Compat::Helm4 {
                return Err(format!("more than one dependency with name or alias {}", fmt::quote_text(name)));
            }
        }
        Ok(())
    }

    fn check_name(&self) -> Result<(), String> {
        let name = self.name.as_str();
        let quoted = fmt::quote_text(name);
        if matches!(name, "." | "..") {
            return Err(format!("chart.metadata.name {quoted} is not allowed"));
        }
        if name.contains('/') {
            return Err(format!("chart.metadata.name {quoted} is invalid"));
        }
        Ok(())
    }
}

impl Dependency {
    fn validate(&mut self, compat: Compat) -> Result<(), String> {
        if self.null {
            return Err(match compat {
                Compat::Helm3 => "dependency cannot be an empty list".into(),
                Compat::Helm4 => "dependencies must not contain empty or null nodes".into(),
            });
        }
        let texts = [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition];
        texts.into_iter().chain(&mut self.tags).for_each(sanitize);
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !self.alias.bytes().all(legal) {
            let name = fmt::quote_text(&self.name);
            return Err(format!("dependency {name} has disallowed characters in the alias"));
        }
        Ok(())
    }
}

/// White space becomes spaces, what cannot be printed goes.
fn sanitize(text: &mut String) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    let chars = text.chars().filter_map(|char| match char {
        char if char.is_whitespace() => Some(' '),
        char => fmt::is_print(char).then_some(char),
    });
    *text = chars.collect();
}
