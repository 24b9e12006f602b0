//! The tree of a commit: files read out of Git objects, with sizes known before anything is inflated.
use super::links::{Step, lfs_size, resolve, shown};
use super::open::{Repository, damaged, missing, object_id};
use crate::model::{CommitId, Diagnostic, Result, codes};
use crate::tree::{Entry, EntryKind, Tree, TreeError};
use gix::objs::tree::EntryKind as Mode;
use gix::objs::{Find, TreeRefIter};
use std::sync::Arc;

/// The longest target of a link that is read.
const LINK: u64 = 4096;

impl Repository {
    /// The files of a commit.
    ///
    /// # Errors
    /// PL0204 when the commit or its root tree is not here.
    pub fn tree(&self, commit: &CommitId) -> Result<Arc<dyn Tree>> {
        let id = object_id(commit)?;
        let root = self.with(|repo| {
            let commit = repo.try_find_object(id).map_err(|error| damaged(&id, "commit", error))?;
            let commit = commit.ok_or_else(|| missing(&id, "commit"))?;
            let commit = commit.try_into_commit().map_err(|error| damaged(&id, "commit", error))?;
            let root = commit.tree_id().map_err(|error| damaged(&id, "commit", error))?.detach();
            if root.is_empty_tree() || repo.has_object(root) { Ok(root) } else { Err(missing(&root, "tree")) }
        })?;
        Ok(Arc::new(ObjectTree { repo: self.clone(), root }))
    }

    /// The content of a blob.
    ///
    /// # Errors
    /// PL0204 when it is not here, PL0210 when it is larger than `limit`.
    pub fn read_blob(&self, id: &str, limit: u64) -> Result<Vec<u8>> {
        let id = object_id(&CommitId(id.to_owned()))?;
        self.with(|repo| blob(repo, id, limit)).map_err(|error| match error {
            TreeError::Missing => missing(&id, "blob"),
            TreeError::TooLarge { size, limit } => Box::new(Diagnostic::error(
                &codes::PL0210,
                format!("the blob {id} has {size} bytes, and at most {limit} are read"),
            )),
            other => damaged(&id, "blob", other),
        })
    }
}

struct ObjectTree {
    repo: Repository,
    root: gix::ObjectId,
}

impl Tree for ObjectTree {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        self.repo.with(|repo| {
            let Some(Step::File(id)) = resolve(self.root, path, &mut |folder, name| step(repo, *folder, name))? else {
                return Ok(None);
            };
            let size = header(repo, id)?;
            if size <= 1024 {
                let content = blob(repo, id, 1024)?;
                return match lfs_size(&content) {
                    Some(size) => Err(TreeError::LfsPointer { size }),
                    None if size > limit => Err(TreeError::TooLarge { size, limit }),
                    None => Ok(Some(content)),
                };
            }
            blob(repo, id, limit).map(Some)
        })
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        self.repo.with(|repo| {
            let Some(Step::Folder(id)) = resolve(self.root, path, &mut |folder, name| step(repo, *folder, name))?
            else {
                return Ok(None);
            };
            let mut buffer = Vec::new();
            let mut entries = Vec::new();
            for entry in folder(repo, id, &mut buffer)? {
                let entry = entry.map_err(|error| TreeError::Other(format!("the tree {id} is damaged: {error}")))?;
                let (name, readable) = shown(entry.filename);
                entries.push(Entry { name, kind: kind(entry.mode.kind()), readable });
            }
            entries.sort();
            Ok(Some(entries))
        })
    }

    fn identity(&self) -> Option<String> {
        Some(self.root.to_string())
    }
}

fn kind(mode: Mode) -> EntryKind {
    match mode {
        Mode::Tree => EntryKind::Folder,
        Mode::Blob | Mode::BlobExecutable => EntryKind::File,
        Mode::Link => EntryKind::Link,
        Mode::Commit => EntryKind::Submodule,
    }
}

fn folder<'a>(
    repo: &gix::Repository,
    id: gix::ObjectId,
    buffer: &'a mut Vec<u8>,
) -> Result<TreeRefIter<'a>, TreeError> {
    if id.is_empty_tree() {
        return Ok(TreeRefIter::from_bytes(&[], repo.object_hash()));
    }
    let data = repo.objects.try_find(&id, buffer).map_err(|error| TreeError::Other(error.to_string()))?;
    let data = data.ok_or(TreeError::Missing)?;
    data.try_into_tree_iter().ok_or_else(|| TreeError::Other(format!("{id} is not a tree")))
}

fn step(repo: &gix::Repository, id: gix::ObjectId, name: &str) -> Result<Option<Step<gix::ObjectId>>, TreeError> {
    let mut buffer = Vec::new();
    let mut unreadable = false;
    for entry in folder(repo, id, &mut buffer)? {
        let entry = entry.map_err(|error| TreeError::Other(format!("the tree {id} is damaged: {error}")))?;
        if entry.filename == name.as_bytes() {
            let found = entry.oid.to_owned();
            return Ok(Some(match entry.mode.kind() {
                Mode::Tree => Step::Folder(found),
                Mode::Blob | Mode::BlobExecutable => Step::File(found),
                Mode::Link => Step::Link(blob(repo, found, LINK)?),
                Mode::Commit => Step::Submodule,
            }));
        }
        unreadable |= name.contains("\\x") && shown(entry.filename).0 == name;
    }
    if unreadable { Err(TreeError::NotUtf8) } else { Ok(None) }
}

fn header(repo: &gix::Repository, id: gix::ObjectId) -> Result<u64, TreeError> {
    let header = repo.try_find_header(id).map_err(|error| TreeError::Other(error.to_string()))?;
    let header = header.ok_or(TreeError::Missing)?;
    match header.kind() {
        gix::objs::Kind::Blob => Ok(header.size()),
        other => Err(TreeError::Other(format!("{id} is a {other} and not a blob"))),
    }
}

/// A blob of at most `limit` bytes; the size is read from the header of the object.
pub(super) fn blob(repo: &gix::Repository, id: gix::ObjectId, limit: u64) -> Result<Vec<u8>, TreeError> {
    let size = header(repo, id)?;
    if size > limit {
        return Err(TreeError::TooLarge { size, limit });
    }
    let mut object = repo.find_object(id).map_err(|error| TreeError::Other(error.to_string()))?;
    Ok(std::mem::take(&mut object.data))
}
