//! Files of migrations, read as text whatever their encoding.
use super::{Problem, ProblemKind};
use crate::engines::schema::catalog::Place;
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest file that is read: dumps are large, 64 MiB.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// Files below a root, by their path from it.
pub(super) struct Files<'a> {
    tree: &'a dyn Tree,
    /// Folder that the paths below are relative to; empty for the root of the tree.
    pub(super) root: String,
    /// Paths from the root of `root`, sorted.
    pub(super) paths: Vec<String>,
    read: BTreeMap<String, Vec<u8>>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
}

/// A problem at a line of a file.
pub(super) fn problem(kind: ProblemKind, path: &str, line: u32, text: impl Into<String>) -> Problem {
    Problem { kind, place: Place { file: Arc::from(path), line }, text: text.into() }
}

impl<'a> Files<'a> {
    pub(super) fn new(tree: &'a dyn Tree, root: &str, paths: Vec<String>) -> Files<'a> {
        Files { tree, root: root.to_owned(), paths, read: BTreeMap::new(), problems: Vec::new() }
    }

    /// The path from the root of the tree.
    pub(super) fn full(&self, path: &str) -> String {
        if self.root.is_empty() { path.to_owned() } else { format!("{}/{path}", self.root) }
    }

    /// The bytes of a file; `None`, and a problem, when it cannot be had.
    pub(super) fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        if let Some(known) = self.read.get(path) {
            return Some(known.clone());
        }
        let full = self.full(path);
        let why = match self.tree.read(&full, LARGEST) {
            Ok(Some(bytes)) => {
                self.read.insert(path.to_owned(), bytes.clone());
                return Some(bytes);
            }
            Ok(None) => (ProblemKind::Missing, format!("{full} is not there")),
            Err(error) => (ProblemKind::Unreadable, format!("{full} was not read: {error}")),
        };
        self.problems.push(problem(why.0, &full, 1, why.1));
        None
    }

    /// The text of a file, its byte order mark taken away.
    pub(super) fn text(&mut self, path: &str) -> Option<Arc<str>> {
        self.bytes(path).map(|bytes| Arc::from(decoded(&bytes)))
    }

    /// The text of a file that need not be there.
    pub(super) fn optional(&self, path: &str) -> Option<String> {
        self.tree.read(&self.full(path), LARGEST).ok().flatten().map(|bytes| decoded(&bytes))
    }

    /// Whether there is such a file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }
}

/// UTF-8 with or without a mark, UTF-16 with one; other bytes are taken for Latin-1, which is what old comments are written in.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| order([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bare) {
                Ok(text) => text.to_owned(),
                Err(_) => bare.iter().map(|byte| char::from(*byte)).collect(),
            }
        }
    }
}

/// Name of a file without its folder.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Folder of a file, empty at the top.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
