//! What stands in a `.git` folder before it is opened: regular files of a size that can be read, no pipes, no devices.
use crate::model::{Diagnostic, Result, codes};
use std::io::Read;
use std::path::{Path, PathBuf};

const MIB: u64 = 1024 * 1024;
/// Files that are read whole, and the most that each may hold.
const FILES: [(&str, u64); 9] = [
    ("HEAD", MIB),
    ("commondir", MIB),
    ("config", 4 * MIB),
    ("config.worktree", 4 * MIB),
    ("packed-refs", 128 * MIB),
    ("shallow", 64 * MIB),
    ("info/grafts", 64 * MIB),
    ("objects/info/alternates", MIB),
    ("objects/info/commit-graphs/commit-graph-chain", MIB),
];
/// Folders whose files are opened without a further look.
const FOLDERS: [&str; 3] = ["objects/info", "objects/pack", "refs"];
/// How deep folders of refs are followed.
const DEPTH: usize = 32;

/// Refuses a repository that would hold up or flood whoever opens it.
///
/// # Errors
/// PL0205 with the file that is none.
pub(super) fn check(path: &Path) -> Result<()> {
    let git_dir = git_dir(path)?;
    one(path, &git_dir)?;
    let common = git_dir.join("commondir");
    if let Some(text) = small(&common) {
        one(path, &git_dir.join(text.trim_end()))?;
    }
    Ok(())
}

fn one(path: &Path, folder: &Path) -> Result<()> {
    for (name, most) in FILES {
        // Links are followed, as Git does; what is not there is nobody's harm.
        let Ok(meta) = folder.join(name).metadata() else { continue };
        if !meta.is_file() {
            return Err(refused(path, &format!("{name} is no regular file")));
        }
        if meta.len() > most {
            return Err(refused(path, &format!("{name} has {} bytes, and at most {most} are read", meta.len())));
        }
    }
    for name in FOLDERS {
        special(path, &folder.join(name), 0)?;
    }
    Ok(())
}

/// Refuses pipes, sockets and devices below a folder, also behind links.
fn special(path: &Path, folder: &Path, depth: usize) -> Result<()> {
    if depth > DEPTH {
        return Err(refused(path, &format!("folders are nested deeper than {DEPTH}: {}", folder.display())));
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let linked = kind.is_symlink().then(|| entry.path().metadata().ok()).flatten();
        if kind.is_dir() {
            special(path, &entry.path(), depth + 1)?;
        } else if !kind.is_file() && linked.is_none_or(|meta| !meta.is_file() && !meta.is_dir()) && !dangling(&entry) {
            return Err(refused(path, &format!("{} is no regular file", entry.path().display())));
        }
    }
    Ok(())
}

fn dangling(entry: &std::fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_symlink()) && entry.path().metadata().is_err()
}

/// The folder with the refs: `.git`, where a file `.git` points, or the path itself.
fn git_dir(path: &Path) -> Result<PathBuf> {
    let dot = path.join(".git");
    let Ok(meta) = dot.metadata() else { return Ok(path.to_owned()) };
    if meta.is_dir() {
        return Ok(dot);
    }
    let pointed = small(&dot).and_then(|text| text.strip_prefix("gitdir:").map(|to| path.join(to.trim())));
    pointed.ok_or_else(|| refused(path, ".git is neither a folder nor a file that points to one"))
}

/// The text of a small regular file.
fn small(file: &Path) -> Option<String> {
    let mut text = String::new();
    let opened = file.metadata().is_ok_and(|meta| meta.is_file()).then(|| std::fs::File::open(file))?.ok()?;
    opened.take(MIB).read_to_string(&mut text).ok()?;
    Some(text)
}

fn refused(path: &Path, why: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0205, format!("{} is not read as a Git repository: {why}", path.display())))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::check;
    use crate::adapters::git::{OpenOptions, Repository};
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    fn repository(dir: &Path) {
        for folder in ["refs/heads", "objects/info", "objects/pack", "info"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
        }
        fs::write(dir.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(dir.join("config"), "[core]\nrepositoryformatversion = 0\nbare = true\n").unwrap();
    }

    fn refused(change: impl FnOnce(&Path)) -> String {
        let dir = tempfile::tempdir().unwrap();
        repository(dir.path());
        assert!(check(dir.path()).is_ok() && Repository::open(dir.path(), &OpenOptions::default()).is_ok());
        change(dir.path());
        let error = Repository::open(dir.path(), &OpenOptions::default()).unwrap_err();
        assert_eq!(error.code.id, "PL0205");
        error.message
    }

    #[test]
    fn pipes_sockets_and_devices_are_refused_before_they_are_opened() {
        for name in ["HEAD", "config", "packed-refs", "shallow", "refs/heads/main", "objects/info/alternates"] {
            let socket = refused(|dir| {
                let _ = fs::remove_file(dir.join(name));
                std::os::unix::net::UnixListener::bind(dir.join(name)).unwrap();
            });
            assert!(socket.contains("no regular file"), "{name}: {socket}");
            let device = refused(|dir| {
                let _ = fs::remove_file(dir.join(name));
                symlink("/dev/zero", dir.join(name)).unwrap();
            });
            assert!(device.contains("no regular file"), "{name}: {device}");
        }
    }

    #[test]
    fn files_that_would_fill_memory_are_refused() {
        let large = refused(|dir| fs::File::create(dir.join("packed-refs")).unwrap().set_len(200 << 20).unwrap());
        assert!(large.contains("209715200 bytes"), "{large}");
    }

    #[test]
    fn the_folder_that_a_git_file_or_commondir_points_to_is_looked_at_too() {
        let dir = tempfile::tempdir().unwrap();
        let (work, common, own) = (dir.path().join("work"), dir.path().join("common"), dir.path().join("own"));
        repository(&common);
        fs::create_dir_all(&work).unwrap();
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(own.join("commondir"), "../common\n").unwrap();
        fs::write(work.join(".git"), "gitdir: ../own\n").unwrap();
        assert!(check(&work).is_ok());
        symlink("/dev/zero", common.join("packed-refs")).unwrap();
        assert_eq!(check(&work).unwrap_err().code.id, "PL0205");
        fs::remove_file(work.join(".git")).unwrap();
        symlink("/dev/zero", work.join(".git")).unwrap();
        assert_eq!(check(&work).unwrap_err().code.id, "PL0205");
    }
}
