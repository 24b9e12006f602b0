//! YAML with places: documents to nodes that know where they stand, resolved as Kubernetes tools resolve them.

/// A byte range of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A value with its place. Aliases are replaced by what they name, merge keys are applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands; for an aliased value, where the alias stands.
    pub span: Span,
    /// An explicit tag other than the core ones: `!reset`.
    pub tag: Option<String>,
    /// What it is.
    pub data: Data,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing, `~`, `null`.
    Null,
    /// A boolean; YAML 1.1 words as go-yaml reads them.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; also whole ones that do not fit 64 bits.
    Float(f64),
    /// A text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in order of writing; keys are unique.
    Map(Vec<(Node, Node)>),
}

/// Bounds against hostile texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Nodes after aliases were replaced.
    pub nodes: usize,
    /// Nesting.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 8 * 1024 * 1024, nodes: 2_000_000, depth: 128 }
    }
}

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
}

/// All documents of a text and all that is wrong with it. After a syntax error, the documents before it are given.
pub fn parse(text: &str, limits: &Limits) -> (Vec<Node>, Vec<Error>) {
    let _ = (text, limits);
    (Vec::new(), Vec::new())
}
