//! Two objects side by side: every place where they differ in meaning, and what differs in writing alone.
use super::defaults::{self, plain};
use super::merge_keys::{self, Rule};
use super::scalar::{self, Same};
use super::{Inside, Path, Step, crd, embedded, lists};
use crate::engines::yaml::{Data, Node, Span};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How a place differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The values differ.
    Value,
    /// The same elements in another order, where it has a meaning.
    Order,
    /// An element moved from another list.
    Moved,
    /// Text that only describes.
    Documentation,
    /// A name that follows a rename.
    Reference,
}

/// A place where two objects differ.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) path: Path,
    /// The path without elements of lists, with pod templates and containers cut to `pod.` and `container.`.
    pub(super) schema: String,
    pub(super) inside: Option<Inside>,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
    pub(super) from: Option<Span>,
    pub(super) to: Option<Span>,
    pub(super) kind: Kind,
    /// A word that the place was given by the one who found it: what a schema change is.
    pub(super) tag: &'static str,
    /// Lines of the embedded text at which it stands, from 0.
    pub(super) inner: (Option<usize>, Option<usize>),
}

/// A difference of writing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) kind: &'static str,
    pub(super) from: Option<Span>,
    pub(super) to: Option<Span>,
}

/// What the walk must know of the world around the two objects.
#[derive(Default)]
pub(super) struct World {
    /// Names before with the names after: renamed objects, and the beginning of all names of the release.
    pub(super) names: Vec<(String, String)>,
    /// Merge keys of a custom resource by the path of its list.
    pub(super) lists: BTreeMap<String, Rule>,
    /// Ports by name, of all containers on the two sides.
    pub(super) ports: BTreeMap<String, String>,
}

/// The walk through two objects.
pub(super) struct Walk<'w> {
    pub(super) world: &'w World,
    pub(super) path: Vec<Step>,
    pub(super) schema: String,
    pub(super) out: Vec<Raw>,
    pub(super) style: Vec<Style>,
    /// How many texts inside texts were opened to get here.
    pub(super) texts: u8,
    /// Containers that stand in another list than before.
    pub(super) moved: BTreeSet<String>,
    /// Places that were looked at, on the two sides.
    pub(super) seen: (Vec<Span>, Vec<Span>),
}

/// A value with the place from its key on.
#[derive(Clone, Copy)]
pub(super) struct Spot<'n> {
    pub(super) node: &'n Node,
    pub(super) span: Span,
}

impl<'n> Spot<'n> {
    pub(super) fn item(node: &'n Node) -> Spot<'n> {
        Spot { node, span: node.span }
    }

    /// The place of a scalar, or the beginning of anything else.
    fn head(&self) -> Span {
        match self.node.data {
            Data::Map(ref entries) if !entries.is_empty() => Span { start: self.span.start, end: self.span.start + 1 },
            Data::List(ref items) if !items.is_empty() => Span { start: self.span.start, end: self.span.start + 1 },
            _ => self.span,
        }
    }

    pub(super) fn entry(key: &Node, node: &'n Node) -> Spot<'n> {
        Spot { node, span: Span { start: key.span.start, end: node.span.end.max(key.span.end) } }
    }
}

impl<'w> Walk<'w> {
    /// A walk of objects whose schema begins with `root`: `Deployment:`, `~Prometheus:`.
    pub(super) fn new(world: &'w World, root: String) -> Walk<'w> {
        Walk {
            world,
            path: Vec::new(),
            schema: root,
            out: Vec::new(),
            style: Vec::new(),
            texts: 0,
            moved: BTreeSet::new(),
            seen: (Vec::new(), Vec::new()),
        }
    }

    /// Compares two values that stand at the current path.
    pub(super) fn both(&mut self, a: Spot<'_>, b: Spot<'_>) {
        // Texts inside texts may each be as deep as a document may be.
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.pair(a, b));
    }

    fn pair(&mut self, a: Spot<'_>, b: Spot<'_>) {
        match (&a.node.data, &b.node.data) {
            (Data::Map(from), Data::Map(to)) if self.replaced(from, to) => self.differ(a, b),
            (Data::Map(from), Data::Map(to)) => self.maps(from, to),
            (Data::List(_), Data::List(_)) => self.lists(a, b),
            (Data::Null, Data::Null) => (),
            (Data::Null, _) => self.lone(None, Some(b)),
            (_, Data::Null) => self.lone(Some(a), None),
            (Data::Map(_) | Data::List(_), _) | (_, Data::Map(_) | Data::List(_)) => self.differ(a, b),
            _ => self.scalars(a, b),
        }
    }

    /// Whether a volume or variable has another source than before, so that it is told as a whole.
    fn replaced(&self, from: &[(Node, Node)], to: &[(Node, Node)]) -> bool {
        let source = |entries: &[(Node, Node)]| -> BTreeSet<String> {
            let given = entries.iter().filter(|(key, value)| key.text() != Some("name") && !value.is_null());
            given.filter_map(|(key, _)| key.scalar_text()).collect()
        };
        let place = matches!(self.schema.as_str(), "pod.volumes" | "container.env" | "container.env.valueFrom");
        let (one, two) = (source(from), source(to));
        place && !one.is_empty() && !two.is_empty() && one.is_disjoint(&two)
    }

    fn maps(&mut self, from: &[(Node, Node)], to: &[(Node, Node)]) {
        let moved = if self.schema == "pod" { moved(from, to) } else { Vec::new() };
        if self.schema == "pod" {
            self.moved = moved.iter().map(|(name, ..)| name.clone()).collect();
        }
        let index = |entries: &'_ [(Node, Node)]| -> BTreeMap<String, usize> {
            let named = |(at, (key, _)): (usize, &(Node, Node))| Some((key.resolved_key()?, at));
            entries.iter().enumerate().filter_map(named).collect()
        };
        let (left, right) = (index(from), index(to));
        let spot = |entries: &'_ [(Node, Node)], at: usize| entries.get(at).map(|(key, node)| (key.span, node.span));
        let mut order = Vec::new();
        for (key, at) in &left {
            let Some((name, value)) = from.get(*at) else { continue };
            let other = right.get(key).and_then(|at| to.get(*at));
            if let Some(other) = right.get(key) {
                order.push((*at, *other));
            }
            self.under(key, Some(Spot::entry(name, value)), other.map(|(name, value)| Spot::entry(name, value)));
        }
        for (key, at) in right.iter().filter(|(key, _)| !left.contains_key(*key)) {
            let Some((name, value)) = to.get(*at) else { continue };
            self.under(key, None, Some(Spot::entry(name, value)));
        }
        for (name, was, a, is, b) in moved {
            let outer = std::mem::replace(&mut self.schema, "container".to_owned());
            self.path.push(Step::Key(is.to_owned()));
            self.path.push(Step::Item { from: None, to: None, label: Some(name) });
            self.push(Some(Spot::item(a)), Some(Spot::item(b)), Kind::Moved, "");
            if let Some(raw) = self.out.last_mut() {
                (raw.before, raw.after) = (Some(Value::from(was)), Some(Value::from(is)));
            }
            self.both(Spot::item(a), Spot::item(b));
            self.path.truncate(self.path.len() - 2);
            self.schema = outer;
        }
        order.sort_unstable();
        if order.windows(2).any(|pair| matches!(pair, [(_, one), (_, two)] if one > two)) {
            let all = |entries: &'_ [(Node, Node)]| {
                let (first, last) = (spot(entries, 0)?, spot(entries, entries.len().checked_sub(1)?)?);
                Some(Span { start: first.0.start, end: last.1.end })
            };
            self.styled("key order", all(from), all(to));
        }
    }

    /// One key of a mapping, with its value on either side.
    pub(super) fn under(&mut self, key: &str, a: Option<Spot<'_>>, b: Option<Spot<'_>>) {
        let length = self.schema.len();
        let outer = self.enter(key, a.or(b).map(|spot| spot.node));
        self.path.push(Step::Key(key.to_owned()));
        self.see(a, b);
        match (a, b) {
            (Some(a), Some(b)) if crd::is_schema(&self.schema) => crd::schema(self, a.node, b.node),
            (Some(a), Some(b)) => self.both(a, b),
            (a, b) => self.lone(a, b),
        }
        self.path.pop();
        match outer {
            Some(outer) => self.schema = outer,
            None => self.schema.truncate(length),
        }
    }

    /// Extends the schema path by a key; gives the old one when it was replaced.
    fn enter(&mut self, key: &str, node: Option<&Node>) -> Option<String> {
        let template = |node: &Node| {
            let spec = node.get("spec");
            spec.and_then(|spec| spec.get("containers")).is_some_and(|list| matches!(list.data, Data::List(_)))
        };
        let new = match (self.schema.as_str(), key) {
            (root, "metadata") if root.ends_with(':') => "metadata",
            ("Pod:", "spec") | ("template", "spec") => "pod",
            (schema, "template") if schema.contains(':') && node.is_some_and(template) => "template",
            _ => {
                if !self.schema.ends_with(':') {
                    self.schema.push('.');
                }
                self.schema.push_str(key);
                return None;
            }
        };
        Some(std::mem::replace(&mut self.schema, new.to_owned()))
    }

    fn lists(&mut self, a: Spot<'_>, b: Spot<'_>) {
        let (from, to) = (a.node.as_list(), b.node.as_list());
        let rule = self.world.lists.get(&self.schema).cloned().or_else(|| merge_keys::table(&self.schema));
        let rule = rule.unwrap_or_else(|| merge_keys::guess(from, to));
        let containers =
            matches!(self.schema.as_str(), "pod.containers" | "pod.initContainers" | "pod.ephemeralContainers");
        let outer = containers.then(|| std::mem::replace(&mut self.schema, "container".to_owned()));
        lists::compare(self, a, b, &rule, outer.as_deref());
        if let Some(outer) = outer {
            self.schema = outer;
        }
    }

    fn scalars(&mut self, a: Spot<'_>, b: Spot<'_>) {
        match scalar::same(&self.schema, a.node, b.node, self.world) {
            Same::Yes => (),
            Same::Style(kind) => self.styled(kind, Some(a.span), Some(b.span)),
            Same::Reference => self.differ_as(a, b, Kind::Reference),
            Same::No => {
                if !embedded::compare(self, a, b) {
                    self.differ(a, b);
                }
            }
        }
    }

    /// A value that stands on one side only.
    pub(super) fn lone(&mut self, a: Option<Spot<'_>>, b: Option<Spot<'_>>) {
        let Some(spot) = a.or(b) else { return };
        let mut schema = std::mem::take(&mut self.schema);
        let silent = defaults::silent(spot.node, &mut schema);
        self.schema = schema;
        if let Some(kind) = silent {
            return self.styled(kind, a.map(|spot| spot.span), b.map(|spot| spot.span));
        }
        if let Data::Map(entries) = &spot.node.data
            && self.opens()
        {
            for (key, value) in entries {
                let entry = Some(Spot::entry(key, value));
                let name = key.resolved_key().unwrap_or_default();
                if a.is_some() { self.under(&name, entry, None) } else { self.under(&name, None, entry) }
            }
            return;
        }
        self.push(a, b, Kind::Value, "");
    }

    /// Whether a mapping that came or went is told entry by entry, because each has its own weight.
    fn opens(&self) -> bool {
        let last = self.schema.rsplit(['.', ':']).next().unwrap_or_default();
        matches!(
            last,
            "securityContext"
                | "resources"
                | "limits"
                | "requests"
                | "labels"
                | "annotations"
                | "nodeSelector"
                | "data"
                | "stringData"
                | "binaryData"
                | "capabilities"
        ) && self.texts == 0
    }

    pub(super) fn differ(&mut self, a: Spot<'_>, b: Spot<'_>) {
        self.differ_as(a, b, Kind::Value);
    }

    fn differ_as(&mut self, a: Spot<'_>, b: Spot<'_>, kind: Kind) {
        self.push(Some(a), Some(b), kind, "");
    }

    /// Notes a difference at the current path.
    pub(super) fn push(&mut self, a: Option<Spot<'_>>, b: Option<Spot<'_>>, kind: Kind, tag: &'static str) {
        self.out.push(Raw {
            path: Path(self.path.clone()),
            schema: self.schema.clone(),
            inside: None,
            before: a.map(|spot| value(spot.node)),
            after: b.map(|spot| value(spot.node)),
            from: a.map(|spot| spot.span),
            to: b.map(|spot| spot.span),
            kind,
            tag,
            inner: (None, None),
        });
    }

    /// Notes that places were looked at.
    pub(super) fn see(&mut self, a: Option<Spot<'_>>, b: Option<Spot<'_>>) {
        if self.texts == 0 {
            self.seen.0.extend(a.map(|spot| spot.head()));
            self.seen.1.extend(b.map(|spot| spot.head()));
        }
    }

    /// Notes that whole values were looked at.
    pub(super) fn see_whole(&mut self, a: Option<Spot<'_>>, b: Option<Spot<'_>>) {
        self.seen.0.extend(a.map(|spot| spot.span));
        self.seen.1.extend(b.map(|spot| spot.span));
    }

    pub(super) fn styled(&mut self, kind: &'static str, from: Option<Span>, to: Option<Span>) {
        self.style.push(Style { kind, from, to });
    }
}

/// A container that stands in another list than before: its name, the list and the container, before and after.
type Moved<'n> = (String, &'static str, &'n Node, &'static str, &'n Node);

fn moved<'n>(from: &'n [(Node, Node)], to: &'n [(Node, Node)]) -> Vec<Moved<'n>> {
    fn named<'n>(entries: &'n [(Node, Node)], list: &str) -> BTreeMap<String, &'n Node> {
        let items = entries.iter().find(|(key, _)| key.text() == Some(list)).map(|(_, items)| items.as_list());
        let pair = |item: &'n Node| Some((item.get("name")?.scalar_text()?, item));
        items.unwrap_or_default().iter().filter_map(pair).collect()
    }
    let (app, init) = ("containers", "initContainers");
    let mut found = Vec::new();
    for (was, is) in [(app, init), (init, app)] {
        let (before, after) = (named(from, was), named(to, is));
        let (stays, stood) = (named(to, was), named(from, is));
        for (name, a) in before {
            if let Some(b) = after.get(&name)
                && !stays.contains_key(&name)
                && !stood.contains_key(&name)
            {
                found.push((name, was, a, is, *b));
            }
        }
    }
    found
}

/// A value as JSON; a text as it is.
fn value(node: &Node) -> Value {
    match &node.data {
        Data::Float(_) | Data::Int(_) if node.written.as_deref().is_some_and(|text| text.contains('.')) => {
            node.to_json()
        }
        Data::Text(text) => Value::String(text.clone()),
        Data::Bool(_) | Data::Null | Data::Map(_) | Data::List(_) | Data::Int(_) | Data::Float(_) => node.to_json(),
    }
}

/// Whether two values are the same, order of keys aside; a cheap test before a walk.
pub(super) fn canonical(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.data {
        Data::Map(entries) => {
            let mut all: BTreeMap<String, &Node> = BTreeMap::new();
            for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
                all.insert(key.resolved_key().unwrap_or_default(), value);
            }
            out.push('{');
            for (key, value) in all {
                out.push_str(&key);
                out.push(':');
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Data::List(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Data::Text(text) => out.push_str(&Value::String(text.clone()).to_string()),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => out.push_str(&plain(node)),
    }
}
