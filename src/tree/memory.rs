//! A tree in memory: what tests use and what loaders fill.
use super::{Entry, EntryKind, Tree, TreeError};
use std::collections::{BTreeMap, BTreeSet};

/// Files in memory, by path.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct MemTree(BTreeMap<String, Vec<u8>>);

impl MemTree {
    /// Puts a file at a path, in place of what was there.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), content.into());
    }

    /// A tree of these files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> MemTree {
        MemTree(files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect())
    }

    /// Paths and contents, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

impl Tree for MemTree {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        match self.0.get(path) {
            Some(content) if content.len() as u64 > limit => {
                Err(TreeError::TooLarge { size: content.len() as u64, limit })
            }
            other => Ok(other.cloned()),
        }
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut names = BTreeSet::new();
        for file in self.0.keys().filter_map(|file| file.strip_prefix(&prefix)) {
            names.insert(match file.split_once('/') {
                Some((folder, _)) => Entry { name: folder.to_owned(), kind: EntryKind::Folder, readable: true },
                None => Entry { name: file.to_owned(), kind: EntryKind::File, readable: true },
            });
        }
        if names.is_empty() && !path.is_empty() { Ok(None) } else { Ok(Some(names.into_iter().collect())) }
    }

    fn identity(&self) -> Option<String> {
        None
    }
}
