//! A folder on disk as a tree, for programs that measure charts.
use pilab::tree::{Entry, EntryKind, Tree, TreeError};
use std::path::PathBuf;

/// Files on disk. Links are followed, wherever they lead.
pub(crate) struct Disk(pub(crate) PathBuf);

impl Tree for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        let path = self.0.join(path);
        match std::fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => Ok(None),
            Ok(meta) if meta.len() > limit => Err(TreeError::TooLarge { size: meta.len(), limit }),
            Ok(_) => std::fs::read(&path).map(Some).map_err(|error| TreeError::Other(error.to_string())),
            Err(_) if std::fs::symlink_metadata(&path).is_ok() => Err(TreeError::BadLink),
            Err(_) => Ok(None),
        }
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        let Ok(folder) = std::fs::read_dir(self.0.join(path)) else { return Ok(None) };
        let mut entries = Vec::new();
        for entry in folder.flatten() {
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_symlink() => EntryKind::Link,
                Ok(kind) if kind.is_dir() => EntryKind::Folder,
                _ => EntryKind::File,
            };
            let name = entry.file_name();
            entries.push(Entry { name: name.to_string_lossy().into_owned(), kind, readable: name.to_str().is_some() });
        }
        entries.sort();
        Ok(Some(entries))
    }

    fn identity(&self) -> Option<String> {
        None
    }
}
