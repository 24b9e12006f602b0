//! Templates by name, and which definition wins.
use super::ast::{Parsed, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Templates that can call one another. Cheap to copy: the parsed texts are shared, and so is the table until it is written to.
#[derive(Debug, Clone, Default)]
pub struct Set {
    name: Arc<str>,
    base: Arc<BTreeMap<Arc<str>, Entry>>,
    /// What was added to a copy, before what it is a copy of.
    extra: Option<Arc<BTreeMap<Arc<str>, Entry>>>,
}

/// A template and the text it is in.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) parsed: Arc<Parsed>,
    index: usize,
}

impl Entry {
    pub(super) fn new(parsed: Arc<Parsed>, index: usize) -> Entry {
        Entry { parsed, index }
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.parsed.trees[self.index]
    }
}

impl Set {
    /// An empty set.
    pub fn new() -> Set {
        Set::default()
    }

    /// An empty set whose root has this name; only errors about templates that are not there show it.
    pub fn named(name: &str) -> Set {
        Set { name: Arc::from(name), ..Set::default() }
    }

    /// Adds the templates of a text. A definition replaces an older one of the same name, unless it is blank.
    pub fn add(&mut self, parsed: &Arc<Parsed>) {
        for (index, tree) in parsed.trees.iter().enumerate() {
            if self.get(&tree.name).is_some() && tree.root.is_blank(&parsed.text) {
                continue;
            }
            let table = self.extra.as_mut().unwrap_or(&mut self.base);
            Arc::make_mut(table).insert(Arc::clone(&tree.name), Entry::new(Arc::clone(parsed), index));
        }
    }

    /// Adds those templates of a text whose names are free, or taken by blank ones.
    pub fn add_under(&mut self, parsed: &Arc<Parsed>) {
        for (index, tree) in parsed.trees.iter().enumerate() {
            if self.get(&tree.name).is_some_and(|entry| !entry.tree().root.is_blank(&entry.parsed.text)) {
                continue;
            }
            let table = self.extra.as_mut().unwrap_or(&mut self.base);
            Arc::make_mut(table).insert(Arc::clone(&tree.name), Entry::new(Arc::clone(parsed), index));
        }
    }

    /// Whether there is a template of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let extra = self.extra.iter().flat_map(|table| table.keys());
        let hidden = |name: &Arc<str>| self.extra.as_ref().is_some_and(|table| table.contains_key(name));
        extra.chain(self.base.keys().filter(move |name| !hidden(name))).map(|name| &**name)
    }

    /// The name of the root.
    pub(super) fn root(&self) -> &str {
        &self.name
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.extra.as_ref().and_then(|table| table.get(name)).or_else(|| self.base.get(name))
    }

    /// A copy to which little will be added.
    pub(super) fn layer(&self) -> Set {
        let extra = self.extra.clone().unwrap_or_default();
        Set { name: Arc::clone(&self.name), base: Arc::clone(&self.base), extra: Some(extra) }
    }
}
