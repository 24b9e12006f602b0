//! Events to nodes: aliases replaced, merge keys applied, equal keys refused. Sizes were checked before.
use super::node::{Data, Node, Span};
use super::{Error, ErrorKind, Spanned, scalar};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Mappings with fewer keys are searched for equal keys one by one.
const FEW: usize = 12;

/// A collection that is open.
struct Open {
    start: Span,
    anchor: usize,
    tag: Option<String>,
    mapping: bool,
    /// Children, and whether each is a merge key.
    children: Vec<(Node, bool)>,
}

struct Builder<'a> {
    text: &'a str,
    anchors: BTreeMap<usize, Rc<Node>>,
    errors: &'a mut Vec<Error>,
    /// Of equal keys the last counts, and `<<` counts where it stands.
    helm: bool,
}

/// The node that these events of one document are.
pub(super) fn build(events: Vec<Spanned<'_>>, text: &str, helm: bool, errors: &mut Vec<Error>) -> Option<Node> {
    let mut builder = Builder { text, anchors: BTreeMap::new(), errors, helm };
    let mut open: Vec<Open> = Vec::new();
    for (event, span) in events {
        let (node, anchor, merge) = match event {
            Event::SequenceStart(style, anchor, tag) => {
                let indentless = style == StructureStyle::Block && open.last().is_some_and(|parent| parent.mapping);
                let span = if indentless { first_dash(text, span) } else { span };
                open.push(Open {
                    start: span,
                    anchor,
                    tag: own_tag(tag.as_ref()),
                    mapping: false,
                    children: Vec::new(),
                });
                continue;
            }
            Event::MappingStart(_, anchor, tag) => {
                open.push(Open {
                    start: span,
                    anchor,
                    tag: own_tag(tag.as_ref()),
                    mapping: true,
                    children: Vec::new(),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let closed = open.pop()?;
                let anchor = closed.anchor;
                (builder.collection(closed, span), anchor, false)
            }
            Event::Scalar(value, style, anchor, tag) => {
                let merge = is_merge(&value, style, tag.as_ref());
                let value = if builder.helm { as_it_ends(&value, style, span, text) } else { &value };
                (builder.scalar(value, style, tag.as_ref(), span), anchor, merge)
            }
            Event::Alias(id) => (builder.alias(id, span), 0, false),
            Event::UnresolvedAlias(name) => {
                let message = format!("there is no anchor '&{name}' above this alias");
                builder.errors.push(Error::new(ErrorKind::UnknownAnchor, message, span));
                (null(span), 0, false)
            }
            _ => continue,
        };
        if anchor != 0 {
            builder.anchors.insert(anchor, Rc::new(node.clone()));
        }
        match open.last_mut() {
            Some(parent) => parent.children.push((node, merge)),
            None => return Some(node),
        }
    }
    None
}

/// A block scalar without the line break that the parser adds where the text ends within its last line. libyaml adds none.
fn as_it_ends<'v>(value: &'v str, style: ScalarStyle, span: Span, text: &str) -> &'v str {
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let last = text.rsplit('\n').next().unwrap_or_default();
    match value.strip_suffix('\n') {
        Some(rest) if block && span.end >= text.len() && !last.trim().is_empty() => rest,
        _ => value,
    }
}

/// Where a block sequence that is the value of a key begins. For one that is not indented below its key the parser gives
/// the place of its first item, behind the dash.
fn first_dash(text: &str, span: Span) -> Span {
    let mut end = span.start;
    while let Some(before) = text.get(..end) {
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.get(start..).unwrap_or("");
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if line.get(spaces..).is_some_and(|rest| rest.starts_with('-')) {
            return Span { start: start + spaces, ..span };
        }
        if start == 0 || text.get(span.start..).is_some_and(|rest| rest.starts_with('-')) {
            break;
        }
        end = start - 1;
    }
    span
}

fn null(span: Span) -> Node {
    Node { span, tag: None, data: Data::Null, written: Some(String::new()) }
}

fn is_merge(value: &str, style: ScalarStyle, tag: Option<&Cow<'_, Tag>>) -> bool {
    value == "<<"
        && match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) => core_suffix(tag) == Some("merge"),
        }
}

/// What follows `!!` of a tag of the YAML repository.
fn core_suffix(tag: &Tag) -> Option<&str> {
    const CORE: &str = "tag:yaml.org,2002:";
    match tag.handle() {
        CORE => Some(tag.suffix()),
        // `!<tag:yaml.org,2002:int>` writes it out.
        "" => tag.suffix().strip_prefix(CORE),
        _ => None,
    }
}

/// A tag that is not resolved here, as written.
fn own_tag(tag: Option<&Cow<'_, Tag>>) -> Option<String> {
    let tag = tag?;
    match core_suffix(tag) {
        Some("str" | "int" | "float" | "bool" | "null" | "map" | "seq" | "merge" | "timestamp") => None,
        _ if tag.handle().is_empty() && tag.suffix() == "!" => None,
        _ if tag.suffix().is_empty() => None,
        _ => Some(tag.original()),
    }
}

impl Builder<'_> {
    fn alias(&mut self, id: usize, span: Span) -> Node {
        match self.anchors.get(&id) {
            Some(node) => Node { span, ..Node::clone(node) },
            None => null(span),
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&Cow<'_, Tag>>, span: Span) -> Node {
        let (data, kept) = match tag {
            None if style == ScalarStyle::Plain => (scalar::resolve(value), None),
            None => (Data::Text(value.to_owned()), None),
            Some(tag) => match core_suffix(tag) {
                Some("binary") => binary(value),
                Some(suffix) => match scalar::tagged(suffix, value) {
                    Ok(data) => (data, own_tag(Some(tag))),
                    Err(message) => {
                        self.errors.push(Error::new(ErrorKind::Syntax, message, span));
                        (Data::Text(value.to_owned()), None)
                    }
                },
                None => (Data::Text(value.to_owned()), own_tag(Some(tag))),
            },
        };
        // The parser gives `~` for a scalar that is not there at all.
        let written = if span.start == span.end { "" } else { value };
        let written = (!matches!(data, Data::Text(_))).then(|| written.to_owned());
        Node { span, tag: kept, data, written }
    }

    fn collection(&mut self, closed: Open, end: Span) -> Node {
        let Open { start, tag, mapping, children, .. } = closed;
        let flow = self.text.get(start.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
        // The end of a block collection is where the next thing begins; the end of its last child is what is meant.
        let last = children.last().map_or(start.end, |(node, _)| node.span.end);
        let span = Span { start: start.start, end: if flow { end.end } else { last.max(start.start) } };
        let data =
            if mapping { self.mapping(children) } else { Data::List(children.into_iter().map(|(n, _)| n).collect()) };
        Node { span, tag, data, written: None }
    }

    fn mapping(&mut self, children: Vec<(Node, bool)>) -> Data {
        if self.helm {
            return self.mapping_in_order(children);
        }
        let mut entries: Vec<(Node, Node)> = Vec::with_capacity(children.len() / 2);
        let mut merged: Option<(Span, Node)> = None;
        let mut keys = Keys::default();
        let mut children = children.into_iter();
        while let (Some((key, merge)), Some((value, _))) = (children.next(), children.next()) {
            if merge {
                match &merged {
                    Some((first, _)) => self.twice("<<", key.span, *first),
                    None => merged = Some((key.span, value)),
                }
                continue;
            }
            let Some(name) = key.scalar_str() else {
                self.errors.push(Error::new(
                    ErrorKind::Syntax,
                    "a key must be a scalar, not a list or mapping",
                    key.span,
                ));
                continue;
            };
            match keys.first(&entries, name) {
                Some(first) => self.twice(name, key.span, first),
                None => {
                    keys.insert(name, key.span, entries.len());
                    entries.push((key, value));
                }
            }
        }
        if let Some((_, value)) = merged {
            self.merge(&mut entries, value);
        }
        Data::Map(entries)
    }

    /// As go-yaml fills a map: one entry after the other, each over what is there.
    fn mapping_in_order(&mut self, children: Vec<(Node, bool)>) -> Data {
        let mut entries: Vec<(Node, Node)> = Vec::with_capacity(children.len() / 2);
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut children = children.into_iter();
        while let (Some((key, merge)), Some((value, _))) = (children.next(), children.next()) {
            let news = if merge {
                let mut merged = Vec::new();
                self.merge(&mut merged, value);
                merged
            } else {
                vec![(key, value)]
            };
            for (key, value) in news {
                let Some(name) = key.resolved_key() else {
                    let message = "a key must be a scalar, not a list or mapping";
                    self.errors.push(Error::new(ErrorKind::Syntax, message, key.span));
                    continue;
                };
                match places.get(&name).and_then(|place| entries.get_mut(*place)) {
                    Some(entry) => *entry = (key, value),
                    None => {
                        places.insert(name, entries.len());
                        entries.push((key, value));
                    }
                }
            }
        }
        Data::Map(entries)
    }

    fn twice(&mut self, name: &str, span: Span, first: Span) {
        let message = format!("the key '{name}' is written twice in this mapping");
        self.errors.push(Error { other: Some(first), ..Error::new(ErrorKind::DuplicateKey, message, span) });
    }

    /// Adds what the entries do not have yet; of several mappings the earlier wins.
    fn merge(&mut self, entries: &mut Vec<(Node, Node)>, value: Node) {
        let span = value.span;
        let sources = match value.data {
            Data::Map(_) => vec![value],
            Data::List(items) => items,
            _ => {
                self.errors.push(Error::new(ErrorKind::BadMerge, "'<<' takes a mapping or a list of mappings", span));
                return;
            }
        };
        let mut known: BTreeSet<String> = entries.iter().filter_map(|(key, _)| key.scalar_text()).collect();
        for source in sources {
            let Data::Map(more) = source.data else {
                let message = "'<<' takes a mapping or a list of mappings; this item is neither";
                self.errors.push(Error::new(ErrorKind::BadMerge, message, source.span));
                continue;
            };
            for (key, value) in more {
                if key.scalar_text().is_some_and(|name| known.insert(name)) {
                    entries.push((key, value));
                }
            }
        }
    }
}

/// The keys of a mapping so far; an index only once they are many.
#[derive(Default)]
struct Keys(BTreeMap<String, Span>);

impl Keys {
    fn first(&self, entries: &[(Node, Node)], name: &str) -> Option<Span> {
        if entries.len() <= FEW {
            return entries.iter().find(|(key, _)| key.scalar_str() == Some(name)).map(|(key, _)| key.span);
        }
        self.0.get(name).copied().or_else(|| {
            entries.iter().take(FEW).find(|(key, _)| key.scalar_str() == Some(name)).map(|(key, _)| key.span)
        })
    }

    fn insert(&mut self, name: &str, span: Span, position: usize) {
        if position >= FEW {
            self.0.insert(name.to_owned(), span);
        }
    }
}

/// The text behind base64; what is not UTF-8 stays encoded and keeps its tag.
fn binary(value: &str) -> (Data, Option<String>) {
    let compact: String = value.split_ascii_whitespace().collect();
    match STANDARD.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => (Data::Text(text), None),
        None => (Data::Text(value.to_owned()), Some("!!binary".to_owned())),
    }
}
