//! Whether the files of a work tree are those of HEAD: compared by content, without index, filters or programs.
use super::object_tree::blob;
use super::open::Repository;
use super::work_tree::WorkTree;
use crate::model::{Diagnostic, Result, codes};
use crate::tree::{Tree, TreeError, walk};
use std::collections::BTreeSet;
use std::path::Path;

/// Files larger than this are compared by size alone.
const COMPARED: u64 = 64 * 1024 * 1024;

impl Repository {
    /// Whether something below `folder` (in the work tree, or relative to it) differs from HEAD: a tracked file changed or
    /// gone, or a YAML file that is not tracked. False in a bare repository.
    ///
    /// # Errors
    /// PL0204 when objects of HEAD are not here, PL0021 when files cannot be read.
    pub fn is_dirty(&self, folder: &Path) -> Result<bool> {
        let Some(work_dir) = self.work_dir() else { return Ok(false) };
        let relative = relative(work_dir, folder)?;
        let disk = WorkTree::new(work_dir);
        let mut tracked = BTreeSet::new();
        if let Some(head) = self.head()? {
            let tree = self.tree(&head.commit)?;
            for path in walk(tree.as_ref(), &relative).map_err(|error| unreadable(&relative, &error))? {
                if !self.is_same(&head.commit, work_dir, &path)? {
                    return Ok(true);
                }
                tracked.insert(path);
            }
        }
        let files = match disk.list(&relative) {
            Ok(None) => Vec::new(),
            // What cannot be walked is not what HEAD has: HEAD was.
            _ => match walk(&disk, &relative) {
                Ok(files) => files,
                Err(TreeError::Other(_)) => return Ok(true),
                Err(error) => return Err(unreadable(&relative, &error)),
            },
        };
        let yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
        Ok(files.iter().any(|path| yaml(path) && !tracked.contains(path)))
    }

    fn is_same(&self, head: &crate::model::CommitId, work_dir: &Path, path: &str) -> Result<bool> {
        let file = work_dir.join(path);
        let Ok(meta) = file.symlink_metadata() else { return Ok(false) };
        self.with(|repo| {
            let id = super::open::object_id(head)?;
            let commit = repo.find_commit(id).map_err(|error| super::open::damaged(&id, "commit", error))?;
            let tree = commit.tree().map_err(|error| super::open::damaged(&id, "tree", error))?;
            let entry = tree.lookup_entry_by_path(path).map_err(|error| super::open::damaged(&id, "tree", error))?;
            let Some(entry) = entry else { return Ok(false) };
            let read = |error: TreeError| unreadable(path, &error);
            if entry.mode().is_link() {
                let target = std::fs::read_link(&file).ok();
                let wanted = blob(repo, entry.object_id(), COMPARED).map_err(read)?;
                return Ok(target.is_some_and(|target| target.as_os_str().as_encoded_bytes() == wanted));
            }
            if !meta.is_file() || is_executable(&meta) != Some(entry.mode().is_executable()).filter(|_| cfg!(unix)) {
                return Ok(false);
            }
            let id = entry.object_id();
            let size = repo.find_header(id).map_err(|error| super::open::damaged(&id, "blob", error))?.size();
            if size != meta.len() || size > COMPARED {
                return Ok(size == meta.len());
            }
            let wanted = blob(repo, id, COMPARED).map_err(read)?;
            Ok(std::fs::read(&file).is_ok_and(|content| content == wanted))
        })
    }
}

#[cfg(unix)]
fn is_executable(meta: &std::fs::Metadata) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    Some(meta.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_meta: &std::fs::Metadata) -> Option<bool> {
    None
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
