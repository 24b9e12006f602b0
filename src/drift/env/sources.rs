//! The files of one source: patterns rendered and looked up, texts read, failures as diagnostics.
use crate::model::codes::{PL0019, PL0204, PL0210, PL0211, PL0212, PL0213, PL0216, PL0302};
use crate::model::{Diagnostic, Place};
use crate::tree::{READ_LIMIT, Tree, TreeError};
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

/// The place without its text.
pub(super) fn hidden(place: Place) -> Place {
    Place { text: "***".to_owned(), column: 1, width: 3, ..place }
}

fn tree_error(path: &str, error: &TreeError) -> Diagnostic {
    let code = match error {
        TreeError::TooLarge { .. } => &PL0210,
        TreeError::BadLink => &PL0211,
        TreeError::LfsPointer { .. } => &PL0212,
        TreeError::Submodule => &PL0213,
        TreeError::Missing => &PL0204,
        TreeError::NotUtf8 => &PL0216,
        TreeError::Other(_) => &PL0302,
    };
    Diagnostic::error(code, format!("{path} was not read: {error}"))
}

/// Renders a template such as `deploy/{{ env.name }}.env`; an unknown name is an error.
pub(super) fn render(template: &str, context: &minijinja::Value) -> crate::model::Result<String> {
    if !template.contains('{') {
        return Ok(template.to_owned());
    }
    let mut engine = minijinja::Environment::new();
    engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    engine.set_fuel(Some(10_000));
    engine.render_str(template, context).map_err(|error| {
        Box::new(Diagnostic::error(&PL0019, format!("the pattern `{template}` cannot be filled: {error}")))
    })
}
