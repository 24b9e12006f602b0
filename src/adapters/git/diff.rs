//! Differences between two trees under the paths of a module, by comparing object ids first. No rename detection.
use super::links::shown;
use super::open::{damaged, missing};
use super::paths::PathSet;
use crate::model::{Diagnostic, FileStatus, Result, codes};
use gix::ObjectId;
use gix::objs::tree::{EntryKind, EntryMode};
use gix::objs::{Find, TreeRefIter};
use std::collections::BTreeMap;

/// How deep folders are followed.
const DEPTH: usize = 256;

/// What a tree has at a path: mode and object.
pub(super) type Item = (EntryMode, ObjectId);

/// A file that differs.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) old: Option<Item>,
    pub(super) new: Option<Item>,
}

impl Changed {
    pub(super) fn status(&self) -> FileStatus {
        match (&self.old, &self.new) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Removed,
            _ => FileStatus::Modified,
        }
    }
}

/// Reads trees of one repository, and remembers what stands at the paths that are asked again and again.
pub(super) struct Differ<'repo> {
    repo: &'repo gix::Repository,
    buffers: Vec<Vec<u8>>,
    known: BTreeMap<(ObjectId, String), Option<Item>>,
}

impl<'repo> Differ<'repo> {
    pub(super) fn new(repo: &'repo gix::Repository) -> Differ<'repo> {
        Differ { repo, buffers: Vec::new(), known: BTreeMap::new() }
    }

    /// What `tree` has at `path`.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn at(&mut self, tree: ObjectId, path: &str) -> Result<Option<Item>> {
        if path.is_empty() {
            return Ok(Some((EntryKind::Tree.into(), tree)));
        }
        let mut folder = tree;
        let mut rest = path;
        loop {
            let (name, below) = rest.split_once('/').map_or((rest, None), |(name, below)| (name, Some(below)));
            let item = self.entry(folder, name)?;
            match (item, below) {
                (item, None) => return Ok(item),
                (Some((mode, id)), Some(below)) if mode.is_tree() => (folder, rest) = (id, below),
                _ => return Ok(None),
            }
        }
    }

    fn entry(&mut self, folder: ObjectId, name: &str) -> Result<Option<Item>> {
        if let Some(item) = self.known.get(&(folder, name.to_owned())) {
            return Ok(*item);
        }
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let found = entries(self.repo, folder, &mut buffer).and_then(|iter| {
            for entry in iter {
                let entry = entry.map_err(|error| damaged(&folder, "tree", error))?;
                if entry.filename == name.as_bytes() {
                    return Ok(Some((entry.mode, entry.oid.to_owned())));
                }
            }
            Ok(None)
        });
        self.buffers.push(buffer);
        let found = found?;
        if self.known.len() > 200_000 {
            self.known.clear();
        }
        self.known.insert((folder, name.to_owned()), found);
        Ok(found)
    }

    /// Whether the files of the set differ between two trees. `None` is the empty tree.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn differs(&mut self, old: Option<ObjectId>, new: ObjectId, paths: &PathSet) -> Result<bool> {
        for root in paths.roots() {
            if self.side(old, root)? != self.side(Some(new), root)? {
                if paths.is_plain() {
                    return Ok(true);
                }
                return Ok(!self.changes(old, Some(new), paths)?.is_empty());
            }
        }
        Ok(false)
    }

    fn side(&mut self, tree: Option<ObjectId>, path: &str) -> Result<Option<Item>> {
        let item = tree.map_or(Ok(None), |tree| self.at(tree, path))?;
        Ok(item.filter(|(mode, id)| !(mode.is_tree() && id.is_empty_tree())))
    }

    /// The files of the set that differ, sorted by path.
    ///
    /// # Errors
    /// PL0204.
    pub(super) fn changes(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        paths: &PathSet,
    ) -> Result<Vec<Changed>> {
        let mut found = Vec::new();
        for root in paths.roots() {
            let (old, new) = (self.side(old, root)?, self.side(new, root)?);
            self.compare(root, (old, new), paths, &mut found, 0)?;
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    fn compare(
        &mut self,
        path: &str,
        (old, new): (Option<Item>, Option<Item>),
        paths: &PathSet,
        found: &mut Vec<Changed>,
        depth: usize,
    ) -> Result<()> {
        if old == new {
            return Ok(());
        }
        if depth > DEPTH {
            return Err(Box::new(Diagnostic::error(
                &codes::PL0003,
                format!("folders are nested deeper than {DEPTH}: {path}"),
            )));
        }
        let is_tree = |item: &Option<Item>| item.is_some_and(|(mode, _)| mode.is_tree());
        let (old_file, new_file) = (old.filter(|(mode, _)| !mode.is_tree()), new.filter(|(mode, _)| !mode.is_tree()));
        if (old_file.is_some() || new_file.is_some()) && paths.contains(path) {
            found.push(Changed { path: path.to_owned(), old: old_file, new: new_file });
        }
        if (is_tree(&old) || is_tree(&new)) && paths.may_contain(path) {
            let mut both: BTreeMap<Vec<u8>, (Option<Item>, Option<Item>)> = BTreeMap::new();
            self.names(old, |name, item| both.entry(name).or_default().0 = Some(item))?;
            self.names(new, |name, item| both.entry(name).or_default().1 = Some(item))?;
            for (name, sides) in both {
                if sides.0 != sides.1 {
                    let name = shown(&name).0;
                    let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                    self.compare(&path, sides, paths, found, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn names(&mut self, item: Option<Item>, mut each: impl FnMut(Vec<u8>, Item)) -> Result<()> {
        let Some((_, id)) = item.filter(|(mode, _)| mode.is_tree()) else { return Ok(()) };
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let result = entries(self.repo, id, &mut buffer).and_then(|iter| {
            for entry in iter {
                let entry = entry.map_err(|error| damaged(&id, "tree", error))?;
                each(entry.filename.to_vec(), (entry.mode, entry.oid.to_owned()));
            }
            Ok(())
        });
        self.buffers.push(buffer);
        result
    }
}

fn entries<'a>(repo: &gix::Repository, id: ObjectId, buffer: &'a mut Vec<u8>) -> Result<TreeRefIter<'a>> {
    if id.is_empty_tree() {
        return Ok(TreeRefIter::from_bytes(&[], repo.object_hash()));
    }
    let data = repo.objects.try_find(&id, buffer).map_err(|error| damaged(&id, "tree", error))?;
    let data = data.ok_or_else(|| missing(&id, "tree"))?;
    data.try_into_tree_iter().ok_or_else(|| damaged(&id, "tree", "it is another object"))
}
