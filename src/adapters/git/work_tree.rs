//! Files of a folder on disk as a tree: nothing outside it, no `.git`, no special files.
use super::links::{Step, lfs_size, resolve, shown};
use crate::tree::{Entry, EntryKind, Tree, TreeError};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The files below a folder as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTree(PathBuf);

impl WorkTree {
    /// The files below `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> WorkTree {
        WorkTree(dir.into())
    }
}

impl Tree for WorkTree {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        let Some(Step::File(file)) = resolve(self.0.clone(), path, &mut |folder, name| step(folder, name))? else {
            return Ok(None);
        };
        let size = file.metadata().map_err(other)?.len();
        if size > limit {
            return Err(TreeError::TooLarge { size, limit });
        }
        let mut content = Vec::new();
        let opened = std::fs::File::open(&file).map_err(other)?;
        opened.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(other)?;
        if content.len() as u64 > limit {
            return Err(TreeError::TooLarge { size: content.len() as u64, limit });
        }
        match lfs_size(&content) {
            Some(size) => Err(TreeError::LfsPointer { size }),
            None => Ok(Some(content)),
        }
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        let Some(Step::Folder(folder)) = resolve(self.0.clone(), path, &mut |folder, name| step(folder, name))? else {
            return Ok(None);
        };
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(other)? {
            let entry = entry.map_err(other)?;
            let (name, readable) = shown(entry.file_name().as_encoded_bytes());
            let kind = entry.file_type().map_err(other)?;
            let kind = match kind {
                _ if name.eq_ignore_ascii_case(".git") => continue,
                kind if kind.is_symlink() => EntryKind::Link,
                kind if kind.is_dir() && is_repository(&entry.path()) => EntryKind::Submodule,
                kind if kind.is_dir() => EntryKind::Folder,
                // Pipes, sockets and devices too: reading them is refused, and not seeing them would be a silence.
                _ => EntryKind::File,
            };
            entries.push(Entry { name, kind, readable });
        }
        entries.sort();
        Ok(Some(entries))
    }

    fn identity(&self) -> Option<String> {
        None
    }
}

fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

fn step(folder: &Path, name: &str) -> Result<Option<Step<PathBuf>>, TreeError> {
    if name.eq_ignore_ascii_case(".git") || name.contains(['\0', std::path::MAIN_SEPARATOR]) {
        return Ok(None);
    }
    let path = folder.join(name);
    let meta = match path.symlink_metadata() {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(other(error)),
    };
    Ok(Some(if meta.is_symlink() {
        Step::Link(std::fs::read_link(&path).map_err(other)?.as_os_str().as_encoded_bytes().to_vec())
    } else if meta.is_dir() && is_repository(&path) {
        Step::Submodule
    } else if meta.is_dir() {
        Step::Folder(path)
    } else if meta.is_file() {
        Step::File(path)
    } else {
        return Err(TreeError::Other("it is not a regular file".to_owned()));
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "it is used as a function for map_err")]
fn other(error: std::io::Error) -> TreeError {
    TreeError::Other(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::WorkTree;
    use crate::tree::{EntryKind, Tree, TreeError};

    #[test]
    fn large_files_are_refused_by_their_size() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::File::create(dir.path().join("big")).unwrap().set_len(200 << 20).unwrap();
        let tree = WorkTree::new(dir.path());
        assert_eq!(tree.read("big", 8 << 20), Err(TreeError::TooLarge { size: 200 << 20, limit: 8 << 20 }));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside_and_git_is_hidden() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        std::fs::create_dir_all(at(".git")).unwrap();
        std::fs::create_dir_all(at("sub/.git")).unwrap();
        std::fs::write(at(".git/config"), "x").unwrap();
        std::fs::write(at("a/b/file"), "text").unwrap();
        for (target, name) in [
            ("a/b", "dir"),
            ("../x", "out"),
            ("/etc/passwd", "abs"),
            ("loop2", "loop1"),
            ("loop1", "loop2"),
            ("gone", "dangling"),
        ] {
            symlink(target, at(name)).unwrap();
        }
        let tree = WorkTree::new(dir.path());
        assert_eq!(tree.read("dir/file", 10), Ok(Some(b"text".to_vec())));
        for bad in ["out", "abs", "loop1", "../x", "a/../../x"] {
            assert_eq!(tree.read(bad, 10), Err(TreeError::BadLink), "{bad}");
        }
        assert_eq!(tree.read("dangling", 10), Ok(None));
        assert_eq!(tree.read(".git/config", 10), Ok(None));
        assert_eq!(tree.read("sub/x", 10), Err(TreeError::Submodule));
        assert_eq!(tree.read("a/b/file/x", 10), Ok(None));
        let root = tree.list("").unwrap().unwrap();
        assert!(root.iter().all(|entry| entry.name != ".git"));
        assert!(root.iter().any(|entry| entry.name == "sub" && entry.kind == EntryKind::Submodule));
    }
}
