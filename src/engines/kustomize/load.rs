//! Files and what is in them: kustomizations, objects, patches. Paths never leave the tree.
use super::resource::Resource;
use super::{Error, ErrorKind, Limits};
use crate::engines::yaml::{self, Data, Node};
use crate::tree::{Tree, join};
use serde_json::{Map, Value};

/// The tree and what is left of the limits.
pub(super) struct Loader<'a> {
    tree: &'a dyn Tree,
    pub(super) left: Limits,
}

/// Names of the file, of which one must be there.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Fields that are done here.
const KNOWN: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "bases",
    "components",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "images",
    "imageTags",
    "replicas",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "sortOptions",
];

/// Fields that kustomize knows and that are not done here.
const FOREIGN: &[&str] = &[
    "crds",
    "openapi",
    "replacements",
    "vars",
    "helmCharts",
    "helmGlobals",
    "helmChartInflationGenerator",
    "transformers",
    "generators",
    "configurations",
    "validators",
    "buildMetadata",
];

/// Whether a path names something to be fetched.
pub(super) fn remote(path: &str) -> bool {
    let hosts = ["github.com/", "gitlab.com/", "bitbucket.org/", "git@", "gh:", "git::"];
    path.contains("://") || path.contains("?ref=") || hosts.iter().any(|host| path.starts_with(host))
}

/// Whether `path` is in the folder or below it.
pub(super) fn inside(folder: &str, path: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

impl<'a> Loader<'a> {
    pub(super) fn new(tree: &'a dyn Tree, limits: Limits) -> Loader<'a> {
        Loader { tree, left: limits }
    }

    /// The bytes of a file; `None` when there is no file.
    pub(super) fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let found = self
            .tree
            .read(path, self.left.bytes)
            .map_err(|flaw| Error::new(ErrorKind::Missing, path, flaw.to_string()))?;
        if let Some(content) = &found {
            self.left.bytes = self.left.bytes.saturating_sub(content.len() as u64);
        }
        Ok(found)
    }

    /// A file that a kustomization in `folder` names. It must be in that folder or below.
    pub(super) fn file(&mut self, folder: &str, path: &str, file: &str) -> Result<(String, Vec<u8>), Error> {
        if remote(path) {
            return Err(Error::new(ErrorKind::Remote, file, format!("{path} is remote, and nothing is fetched")));
        }
        let whole = join(folder, path).filter(|whole| inside(folder, whole));
        let whole = whole.ok_or_else(|| {
            Error::invalid(file, format!("the file '{path}' is not in or below the folder of the kustomization"))
        })?;
        match self.bytes(&whole)? {
            Some(content) => Ok((whole, content)),
            None => Err(Error::new(ErrorKind::Missing, file, format!("there is no file {whole}"))),
        }
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        matches!(self.tree.list(path), Ok(Some(_)))
    }

    /// The kustomization of a folder, with its file.
    pub(super) fn kustomization(&mut self, folder: &str) -> Result<(String, Map<String, Value>), Error> {
        let mut found = None;
        for name in NAMES {
            let path = join(folder, name).unwrap_or_default();
            if let Some(content) = self.bytes(&path)? {
                if let Some((other, _)) = &found {
                    return Err(Error::invalid(
                        &path,
                        format!("there is also {other}; only one kustomization file may be there"),
                    ));
                }
                found = Some((path, content));
            }
        }
        let Some((path, content)) = found else {
            return Err(Error::new(
                ErrorKind::Missing,
                folder,
                "there is no kustomization.yaml, kustomization.yml or Kustomization",
            ));
        };
        let text = String::from_utf8(content).map_err(|_| Error::invalid(&path, "the text is not UTF-8"))?;
        let nodes = nodes(&text, &path)?;
        let node = nodes
            .first()
            .filter(|node| !node.is_null())
            .ok_or_else(|| Error::invalid(&path, "the kustomization is empty"))?;
        for (key, value) in node.as_map() {
            let name = key.scalar_str().unwrap_or_default();
            let problem = if FOREIGN.contains(&name) && !empty(value) {
                Some((ErrorKind::Unsupported, format!("the field {name} is not supported")))
            } else if !FOREIGN.contains(&name) && !KNOWN.contains(&name) {
                Some((ErrorKind::Invalid, format!("unknown field \"{name}\"")))
            } else {
                None
            };
            if let Some((kind, message)) = problem {
                return Err(Error { kind, message, file: path, line: line(&text, key.span.start) });
            }
        }
        // Not as in objects: here the words of YAML 1.1 are booleans.
        match node.to_json() {
            Value::Object(fields) => Ok((path, fields)),
            _ => Err(Error::invalid(&path, "a kustomization is a mapping")),
        }
    }

    /// The objects in a text, lists of objects taken apart.
    pub(super) fn objects(&mut self, content: Vec<u8>, path: &str) -> Result<Vec<Resource>, Error> {
        let text = String::from_utf8(content).map_err(|_| Error::invalid(path, "the text is not UTF-8"))?;
        let mut out = Vec::new();
        for node in nodes(&text, path)? {
            let object = json(&node);
            let place = |message: String| Error { line: line(&text, node.span.start), ..Error::invalid(path, message) };
            self.object(object, path, &mut out, 0).map_err(place)?;
        }
        Ok(out)
    }

    fn object(&mut self, object: Value, path: &str, out: &mut Vec<Resource>, depth: usize) -> Result<(), String> {
        match &object {
            Value::Null => return Ok(()),
            Value::Object(fields) if fields.is_empty() => return Ok(()),
            Value::Object(_) => {}
            _ => return Err("an object is a mapping".to_owned()),
        }
        self.left.objects = self.left.objects.checked_sub(1).ok_or("there are more objects than allowed")?;
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
        if kind.is_empty() {
            return Err("missing Resource metadata: the object has no kind".to_owned());
        }
        if kind.ends_with("List") && depth < 8 && object.get("items").is_some() {
            return match object.get("items") {
                Some(Value::Array(items)) => {
                    items.iter().try_for_each(|item| self.object(item.clone(), path, out, depth + 1))
                }
                Some(Value::Null) | None => Ok(()),
                Some(_) => Err(format!("expected a list in {kind}/items")),
            };
        }
        let named = object.pointer("/metadata/name").and_then(Value::as_str).is_some_and(|name| !name.is_empty());
        if !named && !kind.ends_with("List") {
            return Err(format!("missing metadata.name in the object of kind {kind}"));
        }
        out.push(Resource::new(object, path));
        Ok(())
    }
}

fn empty(node: &Node) -> bool {
    node.is_null()
        || matches!(&node.data, Data::List(items) if items.is_empty())
        || matches!(&node.data, Data::Map(entries) if entries.is_empty())
}

/// All documents of a text.
pub(super) fn nodes(text: &str, path: &str) -> Result<Vec<Node>, Error> {
    let (nodes, errors) = yaml::parse(text, &yaml::Limits::default());
    match errors.into_iter().next() {
        Some(flaw) => Err(Error { line: line(text, flaw.span.start), ..Error::invalid(path, flaw.message) }),
        None => Ok(nodes),
    }
}

/// The line of a byte.
fn line(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at.min(text.len())).unwrap_or_default();
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
}

/// A node as kustomize sees it: words of YAML 1.1 (`yes`, `on`) are texts.
pub(super) fn json(node: &Node) -> Value {
    match &node.data {
        Data::Bool(_) => match node.written.as_deref() {
            Some("true" | "True" | "TRUE" | "false" | "False" | "FALSE") | None => node.to_json(),
            Some(word) => Value::from(word),
        },
        Data::List(items) => Value::Array(items.iter().map(json).collect()),
        Data::Map(entries) => {
            Value::Object(entries.iter().filter_map(|(key, value)| Some((key.scalar_text()?, json(value)))).collect())
        }
        _ => node.to_json(),
    }
}
