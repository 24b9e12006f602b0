//! What is compared and what comes out: manifests, objects, paths, changes, noise and the account of lines.
use super::{Class, Effect};
use crate::engines::yaml::{Limits, Span};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A text with one YAML document or several; `List` objects in it are opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Where it comes from: path of the template, or of the file.
    pub source: String,
    /// The text.
    pub text: Arc<str>,
    /// Line of its first byte in the source or stream, from 1.
    pub first_line: u32,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The manifests.
    pub manifests: &'a [Manifest],
    /// The same, rendered with another seed: what differs between the two is generated anew by every rendering.
    pub again: Option<&'a [Manifest]>,
    /// Namespace of objects that say none. Objects of this namespace on one side are matched with objects of this
    /// namespace on the other, whatever the two are called.
    pub namespace: &'a str,
}

/// How to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Bounds for each document.
    pub limits: Limits,
    /// Per cent of leaves that must be equal for an object to count as renamed.
    pub rename: u8,
    /// Whether to make the account of lines, which costs a line diff of every object that differs.
    pub account: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { limits: Limits { bytes: 32 * 1024 * 1024, ..Limits::default() }, rename: 80, account: true }
    }
}

/// What makes an object itself. The api version is not part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId {
    /// Group of the api, empty for the core; a group that Kubernetes moved a kind out of is replaced by its new one.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Namespace as it is effective; empty for kinds without.
    pub namespace: String,
    /// Name as it is written.
    pub name: String,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            return write!(f, "{} {}", self.kind, self.name);
        }
        write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
    }
}

/// What happened to the object or to a field of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The object is new.
    Added,
    /// The object is gone.
    Removed,
    /// The object has another name or namespace.
    Renamed {
        /// What it was before.
        from: ObjectId,
    },
    /// A field.
    Field,
}

/// One step into an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An element of a list.
    Item {
        /// Index on the side before.
        from: Option<usize>,
        /// Index on the side after.
        to: Option<usize>,
        /// What names the element: its merge key, `app` or `8080/TCP`.
        label: Option<String>,
    },
}

/// Steps from the root of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The JSON pointer into the object after; where something was removed, into the object before.
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        for step in &self.0 {
            out.push('/');
            match step {
                Step::Key(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Item { from, to, .. } => {
                    out.push_str(&to.or(*from).map_or_else(|| "-".to_owned(), |index| index.to_string()));
                }
            }
        }
        out
    }

    /// The keys and labels alone, the last one last.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item { label, .. } => label.as_deref(),
        })
    }
}

/// For people: `spec.template.spec.containers[app].env[DB_URL].value`; keys with dots stand in brackets and quotes.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', ' ']) => write!(f, "[{key:?}]")?,
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item { label: Some(label), .. } => write!(f, "[{label}]")?,
                Step::Item { from, to, .. } => write!(f, "[{}]", to.or(*from).unwrap_or_default())?,
            }
        }
        Ok(())
    }
}

/// What a text inside an object was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// `.env`, `.properties` or INI: keys with values, perhaps in sections.
    Properties,
    /// Certificates.
    Pem,
    /// Anything else, compared by lines.
    Text,
}

/// A place in a text that an object holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inside {
    /// What the text was read as.
    pub format: Format,
    /// Where in it; empty for the whole, as for texts that are compared by lines.
    pub path: Path,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Index into the manifests of the side.
    pub manifest: usize,
    /// Source of that manifest.
    pub source: String,
    /// Bytes of its text, from the key on.
    pub span: Span,
    /// Line of the source or stream on which it begins.
    pub line: u32,
    /// Line on which it ends.
    pub last: u32,
}

/// Something that differs in meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object; by its state after, unless it is removed.
    pub object: ObjectId,
    /// `apiVersion` of the two sides.
    pub api: (Option<String>, Option<String>),
    /// What happened.
    pub what: What,
    /// Where in the object; empty when it is about the object as a whole.
    pub path: Path,
    /// Where in the text at that place.
    pub inside: Option<Inside>,
    /// Value before.
    pub before: Option<Value>,
    /// Value after.
    pub after: Option<Value>,
    /// Whether the values must not be shown.
    pub secret: bool,
    /// What kind of change it is.
    pub class: Class,
    /// What applying it does.
    pub effect: Effect,
    /// Facts beyond the values, as a short phrase: `memory limit 1Gi is lowered`, the verbs that a role gains.
    pub detail: String,
    /// Where it stands before.
    pub from: Option<Place>,
    /// Where it stands after.
    pub to: Option<Place>,
}

impl Change {
    /// The place for people, with the place inside an embedded text: `data["app.yaml"] > db.pool`.
    pub fn human(&self) -> String {
        match &self.inside {
            Some(inside) if !inside.path.0.is_empty() => format!("{} > {}", self.path, inside.path),
            _ => self.path.to_string(),
        }
    }
}

/// What differs without meaning, and why it is known to have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoiseKind {
    /// A label that tells the version of the chart or of the application.
    ChartVersion,
    /// A digest over something else that changed in this comparison.
    Checksum,
    /// A digest without a visible cause.
    ChecksumAlone,
    /// A value that every rendering makes anew.
    Generated,
    /// A time.
    Timestamp,
    /// The namespace of the release, which differs between the sides.
    Namespace,
    /// A name that follows the rename of another object or of the whole release.
    Reference,
    /// Names of all objects that changed their common beginning.
    ReleaseName,
    /// Descriptions in schemas of custom resources and the tool that wrote them.
    Documentation,
    /// The same value written in another way: quantities, defaults, order, quotes.
    Style,
    /// Comments and empty lines.
    Comment,
}

/// Differences of one kind that were left out of the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noise {
    /// Why they are left out.
    pub kind: NoiseKind,
    /// What they have in common, such as the key or the two values.
    pub subject: String,
    /// In how many objects.
    pub objects: usize,
    /// How many differences.
    pub count: usize,
    /// How many workloads restart because their pod template carries it.
    pub restarts: usize,
    /// One of the objects.
    pub example: ObjectId,
    /// Where in that object.
    pub path: Path,
    /// The two values there, masked when they are secret.
    pub values: (String, String),
    /// What caused it: the ConfigMaps and Secrets behind a checksum.
    pub causes: Vec<ObjectId>,
    /// Lines of a line diff, both sides together, that this hides.
    pub lines: usize,
}

/// Which side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before.
    From,
    /// After.
    To,
}

/// A line of a line diff that nothing accounts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexplained {
    /// Side.
    pub side: Side,
    /// Source of the manifest.
    pub source: String,
    /// Line in the source or stream.
    pub line: u32,
    /// The line.
    pub text: String,
}

/// Every line that a line diff of matched objects would show, and what became of it. Lines of both sides are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounting {
    /// Lines that a line diff shows.
    pub shown: usize,
    /// Objects in which it shows any.
    pub objects: usize,
    /// Lines that belong to a change.
    pub changes: usize,
    /// Lines that belong to noise.
    pub noise: usize,
    /// Lines that belong to neither. None are expected; they are listed, so that nothing is hidden silently.
    pub unexplained: Vec<Unexplained>,
    /// Differences of writing that were hidden, by kind: `quantity`, `default`, `empty`, `list order`.
    pub style: BTreeMap<&'static str, usize>,
}

/// What could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseProblem {
    /// Side.
    pub side: Side,
    /// Source of the manifest.
    pub source: String,
    /// Line in the source or stream.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// All that differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Objects before.
    pub objects_from: usize,
    /// Objects after.
    pub objects_to: usize,
    /// Objects that stand on both sides.
    pub compared: usize,
    /// Of these, how many are equal in meaning (noise aside).
    pub equal: usize,
    /// What differs, by object and path.
    pub changes: Vec<Change>,
    /// What was left out.
    pub noise: Vec<Noise>,
    /// Documents that do not parse, are no objects, or stand twice.
    pub errors: Vec<ParseProblem>,
    /// The account of lines.
    pub lines: Accounting,
}
