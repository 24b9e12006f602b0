//! YAML with places: documents to nodes that know where they stand, resolved as Kubernetes tools resolve them.
mod build;
mod edit;
mod node;
mod quote;
mod scalar;
mod size;

pub use edit::{EditError, append_item, remove_item};
pub use node::{Data, Node, Span};
pub use quote::quote;

use granit_parser::{Event, Parser};

/// Bounds against hostile texts; for all documents of a text together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text, and bytes of all scalars after aliases were replaced.
    pub bytes: usize,
    /// Nodes after aliases were replaced.
    pub nodes: usize,
    /// Nesting after aliases were replaced.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 8 * 1024 * 1024, nodes: 2_000_000, depth: 128 }
    }
}

/// Nesting that is never exceeded, whatever the limits say: nodes are walked and dropped by recursion.
const MAX_DEPTH: usize = 250;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// It does not parse.
    Syntax,
    /// A key stands twice in a mapping.
    DuplicateKey,
    /// A limit was exceeded.
    Limit,
    /// `<<` with something that is no mapping.
    BadMerge,
    /// An alias without anchor.
    UnknownAnchor,
}

/// A complaint with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A second place that belongs to it: where a key stood first.
    pub other: Option<Span>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>, span: Span) -> Error {
        Error { kind, message: message.into(), span, other: None }
    }
}

/// An event of the parser and its bytes.
type Spanned<'a> = (Event<'a>, Span);

/// All documents of a text and all that is wrong with it. After a syntax error, the documents before it are given.
/// A document in which keys, merges or aliases are wrong is given as far as it goes: the first of two equal keys counts,
/// and an alias without anchor is null.
pub fn parse(text: &str, limits: &Limits) -> (Vec<Node>, Vec<Error>) {
    read(text, limits, false, false)
}

/// The first document of a text as Helm reads it: of equal keys the last counts, and `<<` overwrites what stands before it.
pub fn parse_as_helm(text: &str, limits: &Limits) -> (Vec<Node>, Vec<Error>) {
    let (mut spaced, mut spaces) = (std::borrow::Cow::Borrowed(text), Vec::new());
    // libyaml takes `|#comment` and `"text"#comment`; the parser wants a space, so it gets one.
    loop {
        let (mut nodes, mut errors) = read(&spaced, limits, true, true);
        let glued = errors.iter().find(|error| error.kind == ErrorKind::Syntax && error.message.starts_with(GLUED));
        let place = glued.and_then(|error| spaced.get(error.span.start..)?.find('#').map(|at| error.span.start + at));
        match place {
            Some(place) if place <= limits.bytes && spaces.len() < GLUED_COMMENTS => {
                spaced.to_mut().insert(place, ' ');
                spaces.push(place);
            }
            _ => {
                spaces.iter().rev().for_each(|&space| {
                    nodes.iter_mut().for_each(|node| node.without(space));
                    errors.iter_mut().for_each(|error| {
                        error.span = error.span.without(space);
                        error.other = error.other.map(|other| other.without(space));
                    });
                });
                return (nodes, errors);
            }
        }
    }
}

/// How many comments without a space before them are forgiven.
const GLUED_COMMENTS: usize = 50;

/// What the parser says of such a comment.
const GLUED: &str = "comments must be separated from other tokens by whitespace";

/// All documents, each read as Helm reads one.
pub fn parse_all_as_helm(text: &str, limits: &Limits) -> (Vec<Node>, Vec<Error>) {
    read(text, limits, true, false)
}

fn read(text: &str, limits: &Limits, helm: bool, first: bool) -> (Vec<Node>, Vec<Error>) {
    if text.len() > limits.bytes {
        let message = format!("the text has {} bytes, and at most {} are read", text.len(), limits.bytes);
        return (Vec::new(), vec![Error::new(ErrorKind::Limit, message, Span::default())]);
    }
    let mut limits = Limits { depth: limits.depth.min(MAX_DEPTH), ..*limits };
    let mut parser = Parser::new_from_str_with_options(text, options());
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let mut events: Vec<Spanned<'_>> = Vec::new();
    while let Some(next) = parser.next_event() {
        match next {
            Err(error) => {
                errors.push(syntax(&error, text));
                break;
            }
            Ok((Event::DocumentStart(..), _)) => events.clear(),
            Ok((Event::DocumentEnd, _)) => {
                documents.extend(document(&mut events, text, &mut limits, helm, &mut errors));
                if first {
                    break;
                }
            }
            Ok((Event::StreamStart | Event::StreamEnd, _)) => (),
            Ok((event, span)) => {
                events.push((event, bytes(&span, text)));
                if events.len() > limits.nodes.saturating_mul(2) {
                    let message = format!("the document has more than {} nodes", limits.nodes);
                    errors.push(Error::new(ErrorKind::Limit, message, bytes(&span, text)));
                    break;
                }
            }
        }
    }
    errors.sort_by_key(|error| error.span);
    (documents, errors)
}

fn options() -> granit_parser::Options {
    granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// The events of one document as a node, unless they would expand beyond the limits.
fn document(
    events: &mut Vec<Spanned<'_>>,
    text: &str,
    limits: &mut Limits,
    helm: bool,
    errors: &mut Vec<Error>,
) -> Option<Node> {
    let events = std::mem::take(events);
    match size::check(&events, limits) {
        Ok(left) => *limits = left,
        Err(error) => {
            errors.push(error);
            return None;
        }
    }
    build::build(events, text, helm, errors)
}

fn bytes(span: &granit_parser::Span, text: &str) -> Span {
    let at = |marker: &granit_parser::Marker| marker.byte_offset().unwrap_or(text.len()).min(text.len());
    let start = at(&span.start);
    Span { start, end: at(&span.end).max(start) }
}

fn syntax(error: &granit_parser::ScanError, text: &str) -> Error {
    let start = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let info = error.info();
    let deep = matches!(error.kind(), granit_parser::ErrorKind::RecursionLimitExceeded);
    let kind = if deep { ErrorKind::Limit } else { ErrorKind::Syntax };
    Error::new(kind, info, Span { start, end: start + width })
}

#[cfg(test)]
mod helm;
#[cfg(test)]
mod tests;
