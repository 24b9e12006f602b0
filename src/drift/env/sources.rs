//! The files of one source: patterns rendered and looked up, texts read, failures as diagnostics.
use crate::drift::texts::{hidden, tree_error};
use crate::model::codes::PL0302;
use crate::model::{Diagnostic, Place};
use crate::tree::{READ_LIMIT, Tree};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Reads texts of a tree once, and keeps what went wrong.
pub(super) struct Reader<'a> {
    tree: &'a dyn Tree,
    texts: RefCell<BTreeMap<String, String>>,
    pub(super) failures: RefCell<Vec<Diagnostic>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a dyn Tree) -> Reader<'a> {
        Reader { tree, texts: RefCell::default(), failures: RefCell::default() }
    }

    pub(super) fn fail(&self, diagnostic: Diagnostic) {
        let mut failures = self.failures.borrow_mut();
        if !failures.contains(&diagnostic) {
            failures.push(diagnostic);
        }
    }

    /// The text of a file; an error (already kept) when it cannot be read.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>, String> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Ok(Some(text.clone()));
        }
        match self.tree.read(path, READ_LIMIT) {
            Ok(None) => Ok(None),
            Ok(Some(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => {
                    self.texts.borrow_mut().insert(path.to_owned(), text.clone());
                    Ok(Some(text))
                }
                Err(_) => {
                    self.fail(Diagnostic::error(&PL0302, format!("{path} is not text in UTF-8")));
                    Err(String::new())
                }
            },
            Err(error) => {
                self.fail(tree_error(path, &error));
                Err(String::new())
            }
        }
    }

    /// Files that fit a pattern, sorted.
    pub(super) fn glob(&self, pattern: &str) -> Option<Vec<String>> {
        crate::tree::glob(self.tree, pattern).map_err(|error| self.fail(tree_error(pattern, &error))).ok()
    }

    /// The place of a byte range in a file that was read.
    pub(super) fn place(&self, file: &str, start: usize, end: usize) -> Place {
        Place::of(file, self.texts.borrow().get(file).map_or("", String::as_str), start, end)
    }

    /// Keeps a parse error. Its line is not shown: where a text does not parse, nobody knows which part is a secret.
    pub(super) fn broken(&self, file: &str, span: Option<(usize, usize)>, message: &str) {
        let mut diagnostic = Diagnostic::error(&PL0302, format!("{file}: {message}"));
        if let Some((start, end)) = span {
            diagnostic = diagnostic.at(hidden(self.place(file, start, end)));
        }
        self.fail(diagnostic);
    }
}
