//! Differences between two trees under the paths of a module, by comparing object ids first. No rename detection.
use super::links::shown;
use super::open::{damaged, missing};
use super::paths::PathSet;
use crate::model::{Diagnostic, FileStatus, Result, codes};
use gix::ObjectId;
use gix::objs::tree::{EntryKind, EntryMode};
use gix::objs::{Find, TreeRefIter};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How deep folders are followed.
const DEPTH: usize = 256;
/// Of how many folders is remembered what stands in them.
const KNOWN: usize = 20_000;

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
    known: BTreeMap<ObjectId, BTreeMap<String, Option<Item>>>,
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
        if let Some(item) = self.known.get(&folder).and_then(|names| names.get(name)) {
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
        if self.known.len() > KNOWN {
            self.known.clear();
        }
        self.known.entry(folder).or_default().insert(name.to_owned(), found);
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
        // Several paths are looked for from the folder that holds them all, so that no folder is read for each of them.
        let root = paths.top();
        let (old, new) = (self.side(old, &root)?, self.side(new, &root)?);
        self.compare(&root, (old, new), paths, &mut found, 0)?;
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
            for (name, old, new) in self.differing(old, new)? {
                let name = shown(&name).0;
                let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                self.compare(&path, (old, new), paths, found, depth + 1)?;
            }
        }
        Ok(())
    }

    /// The names in two folders under which something else stands. A name that is a file on one side and a folder on the
    /// other comes twice, since folders have another place in the order of a tree.
    fn differing(&mut self, old: Option<Item>, new: Option<Item>) -> Result<Vec<Difference>> {
        let folder = |item: Option<Item>| {
            item.filter(|(mode, _)| mode.is_tree()).map_or(ObjectId::empty_tree(self.repo.object_hash()), |(_, id)| id)
        };
        let (old_id, new_id) = (folder(old), folder(new));
        let (mut old_buffer, mut new_buffer) =
            (self.buffers.pop().unwrap_or_default(), self.buffers.pop().unwrap_or_default());
        let result = entries(self.repo, old_id, &mut old_buffer).and_then(|old| {
            let new = entries(self.repo, new_id, &mut new_buffer)?;
            merge(
                old.map(|entry| entry.map_err(|error| damaged(&old_id, "tree", error))),
                new.map(|entry| entry.map_err(|error| damaged(&new_id, "tree", error))),
            )
        });
        self.buffers.extend([old_buffer, new_buffer]);
        result
    }
}

type Entry<'a> = gix::objs::tree::EntryRef<'a>;

/// A name in two folders, and what stands under it.
type Difference = (Vec<u8>, Option<Item>, Option<Item>);

/// Walks two sorted lists of entries side by side.
fn merge<'a>(
    mut old: impl Iterator<Item = Result<Entry<'a>>>,
    mut new: impl Iterator<Item = Result<Entry<'a>>>,
) -> Result<Vec<Difference>> {
    let item = |entry: &Entry<'_>| Some((entry.mode, entry.oid.to_owned()));
    let mut found = Vec::new();
    let (mut left, mut right) = (old.next().transpose()?, new.next().transpose()?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(found),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        };
        let same = |left: &Entry<'_>, right: &Entry<'_>| (left.mode, left.oid) == (right.mode, right.oid);
        match (&left, &right) {
            (Some(left), Some(right)) if order.is_eq() && same(left, right) => (),
            (Some(left), Some(right)) if order.is_eq() => {
                found.push((left.filename.to_vec(), item(left), item(right)));
            }
            (Some(left), _) if order.is_lt() => found.push((left.filename.to_vec(), item(left), None)),
            (_, Some(right)) => found.push((right.filename.to_vec(), None, item(right))),
            _ => (),
        }
        if order.is_le() {
            left = old.next().transpose()?;
        }
        if order.is_ge() {
            right = new.next().transpose()?;
        }
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
