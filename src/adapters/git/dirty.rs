//! Whether the files of a work tree are those of HEAD: by the index where it vouches for a file, else by content.
//! No filter and no program runs, and nothing is written.
use super::diff::{Changed, Differ, Item};
use super::links::lfs_pointer;
use super::object_tree::blob;
use super::open::{Repository, damaged, object_id};
use super::paths::PathSet;
use super::work_tree::WorkTree;
use crate::model::{Diagnostic, Result, codes};
use crate::tree::{Tree, TreeError, walk};
use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Stage, Stat};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// Files larger than this are compared by size alone.
const COMPARED: u64 = 64 * 1024 * 1024;

impl Repository {
    /// Whether something below `folder` (in the work tree, or relative to it) differs from HEAD: a tracked file changed or
    /// gone, or a YAML file that is not tracked. False in a bare repository.
    ///
    /// As for Git, a file is unchanged when the index has the object of HEAD for it and the file system says of the file
    /// what the index remembers. Any other is read: line ends that Git converts (`core.autocrlf`, attributes), and a large
    /// file (LFS) in place of its pointer, are no difference.
    ///
    /// # Errors
    /// PL0204 when objects of HEAD are not here, PL0021 when files cannot be read.
    pub fn is_dirty(&self, folder: &Path) -> Result<bool> {
        let Some(work_dir) = self.work_dir() else { return Ok(false) };
        let relative = relative(work_dir, folder)?;
        let tracked = match self.head()? {
            Some(head) => self.with(|repo| files(repo, object_id(&head.commit)?, &relative))?,
            None => Vec::new(),
        };
        let changed = self.with(|repo| -> Result<bool> {
            let compare = Compare::new(repo, work_dir);
            for file in &tracked {
                if !compare.is_same(file)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })?;
        Ok(changed || has_more_yaml(work_dir, &relative, &tracked)?)
    }
}

/// The files of a commit below a folder.
fn files(repo: &gix::Repository, commit: gix::ObjectId, folder: &str) -> Result<Vec<Changed>> {
    let found = repo.find_commit(commit).map_err(|error| damaged(&commit, "commit", error))?;
    let tree = found.tree_id().map_err(|error| damaged(&commit, "commit", error))?.detach();
    Differ::new(repo).changes(None, Some(tree), &PathSet::literal([folder]))
}

/// Whether the disk has a YAML file that is not tracked.
fn has_more_yaml(work_dir: &Path, folder: &str, tracked: &[Changed]) -> Result<bool> {
    let disk = WorkTree::new(work_dir);
    if matches!(disk.list(folder), Ok(None)) {
        return Ok(false);
    }
    let tracked: BTreeSet<&str> = tracked.iter().map(|file| file.path.as_str()).collect();
    let files = walk(&disk, folder).map_err(|error| unreadable(folder, &error))?;
    let yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
    Ok(files.iter().any(|path| yaml(path) && !tracked.contains(path.as_str())))
}

/// Compares files of one work tree with what HEAD has.
struct Compare<'a> {
    repo: &'a gix::Repository,
    work_dir: &'a Path,
    /// `None` when there is none or it cannot be read: then every file is read.
    index: Option<gix::index::File>,
    modes: bool,
    converts: bool,
}

impl<'a> Compare<'a> {
    fn new(repo: &'a gix::Repository, work_dir: &'a Path) -> Compare<'a> {
        let own = repo.config_snapshot();
        Compare {
            repo,
            work_dir,
            index: repo.open_index().ok(),
            modes: cfg!(unix) && own.boolean("core.filemode") != Some(false),
            converts: converts(repo, work_dir),
        }
    }

    fn is_same(&self, file: &Changed) -> Result<bool> {
        let Some((mode, id)) = file.new else { return Ok(true) };
        // A submodule is another repository.
        if mode.is_commit() || self.index_vouches(&file.path, (mode, id)) {
            return Ok(true);
        }
        let path = self.work_dir.join(&file.path);
        let Ok(meta) = path.symlink_metadata() else { return Ok(false) };
        if mode.is_link() {
            let wanted = self.blob(&file.path, id)?;
            let target = std::fs::read_link(&path).ok();
            return Ok(target.is_some_and(|target| target.as_os_str().as_encoded_bytes() == wanted));
        }
        if !meta.is_file() || (self.modes && is_executable(&meta) != mode.is_executable()) {
            return Ok(false);
        }
        self.has_content(&path, &file.path, meta.len(), id)
    }

    /// Whether the index has this object for the path, and the file is as it was when the index was written.
    fn index_vouches(&self, path: &str, (mode, id): Item) -> bool {
        let Some(index) = &self.index else { return false };
        let Some(entry) = index.entry_by_path_and_stage(BStr::new(path), Stage::Unconflicted) else {
            return index.is_sparse() && in_sparse_folder(index, path);
        };
        if entry.id != id || entry.mode.to_tree_entry_mode().map(|mode| mode.kind()) != Some(mode.kind()) {
            return false;
        }
        if entry.flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID) {
            return true;
        }
        let meta = gix::index::fs::Metadata::from_path_no_follow(&self.work_dir.join(path)).ok();
        let stat = meta.and_then(|meta| Stat::from_fs(&meta).ok());
        let options = gix::index::entry::stat::Options::default();
        stat.is_some_and(|now| entry.stat.matches(&now, options) && !entry.stat.is_racy(index.timestamp(), options))
    }

    fn has_content(&self, file: &Path, path: &str, length: u64, id: gix::ObjectId) -> Result<bool> {
        let size = self.repo.find_header(id).map_err(|error| damaged(&id, "blob", error))?.size();
        // A pointer to a large file is short, and line ends make a file longer or shorter.
        if size.max(length) > COMPARED || (size != length && !self.converts && size > 1024) {
            return Ok(size == length);
        }
        let (wanted, Ok(content)) = (self.blob(path, id)?, std::fs::read(file)) else { return Ok(false) };
        Ok(content == wanted
            || (self.converts && content.replace("\r\n", "\n") == wanted)
            || lfs_pointer(&wanted).is_some_and(|(hash, size)| size == length && hash == hex(&content)))
    }

    fn blob(&self, path: &str, id: gix::ObjectId) -> Result<Vec<u8>> {
        blob(self.repo, id, COMPARED).map_err(|error| unreadable(path, &error))
    }
}

/// Whether Git may give files other line ends than their objects have.
fn converts(repo: &gix::Repository, work_dir: &Path) -> bool {
    let user = || gix::config::File::from_globals().ok()?.string("core.autocrlf").map(|value| value.to_string());
    let own = repo.config_snapshot().string("core.autocrlf").map(|value| value.to_string());
    own.or_else(user).is_some_and(|value| !matches!(value.as_str(), "false" | "no" | "off" | "0"))
        || work_dir.join(".gitattributes").exists()
        || repo.common_dir().join("info/attributes").exists()
}

/// Whether a folder above the path is left out of the work tree as a whole.
fn in_sparse_folder(index: &gix::index::File, path: &str) -> bool {
    path.match_indices('/').any(|(at, _)| {
        let folder = path.get(..=at).unwrap_or_default();
        index.entry_by_path_and_stage(BStr::new(folder), Stage::Unconflicted).is_some()
    })
}

fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(unix)]
fn is_executable(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_meta: &std::fs::Metadata) -> bool {
    false
}

/// `folder` as a path in the work tree, `/` between parts.
fn relative(work_dir: &Path, folder: &Path) -> Result<String> {
    let outside =
        || Box::new(Diagnostic::error(&codes::PL0021, format!("{} is not in the work tree", folder.display())));
    let root = work_dir.canonicalize().map_err(|_| outside())?;
    let full = root.join(folder).canonicalize().map_err(|_| outside())?;
    let below = full.strip_prefix(&root).map_err(|_| outside())?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Ok(parts.ok_or_else(outside)?.join("/"))
}

fn unreadable(path: &str, error: &TreeError) -> Box<Diagnostic> {
    let code = if *error == TreeError::Missing { &codes::PL0204 } else { &codes::PL0021 };
    Box::new(Diagnostic::error(code, format!("{path}: {error}")))
}
