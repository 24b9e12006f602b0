//! Small repositories for tests, made by git itself with fixed names and dates.
use super::{OpenOptions, Repository};
use crate::model::CommitId;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository in a folder that goes away with it.
pub(super) struct Repo {
    pub(super) dir: tempfile::TempDir,
    time: std::cell::Cell<i64>,
}

impl Repo {
    pub(super) fn new() -> Repo {
        Repo::with(&["init", "-q", "-b", "main", "."])
    }

    pub(super) fn with(init: &[&str]) -> Repo {
        let repo = Repo { dir: tempfile::tempdir().unwrap(), time: std::cell::Cell::new(1_700_000_000) };
        repo.git(init);
        repo
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    pub(super) fn open(&self) -> Repository {
        Repository::open(self.dir.path(), &OpenOptions::default()).unwrap()
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        git_in(self.dir.path(), args, self.time.get())
    }

    pub(super) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.dir.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }

    /// Commits everything, a minute later than the commit before.
    pub(super) fn commit(&self, message: &str) -> CommitId {
        self.time.set(self.time.get() + 60);
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        CommitId(self.git(&["rev-parse", "HEAD"]))
    }

    pub(super) fn skew(&self, seconds: i64) {
        self.time.set(self.time.get() + seconds);
    }
}

pub(super) fn git_in(dir: &Path, args: &[&str], time: i64) -> String {
    let date = format!("{time} +0000");
    let output = Command::new("git")
        .args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main", "-c", "gc.auto=0"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "Ada@Example.org")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@example.org")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// A line of commits, each with a file of its own.
pub(super) fn line(count: usize) -> Vec<super::write::Commit> {
    let commit = |at: usize| super::write::Commit {
        message: format!("feat: change {at}"),
        author: crate::model::Person { name: "Ada".to_owned(), email: "ada@example.org".to_owned() },
        time: 1_700_000_000 + i64::try_from(at).unwrap() * 60,
        parents: at.checked_sub(1).into_iter().collect(),
        files: vec![(format!("m{}/f{}", at % 5, at % 31), Some(format!("{at}\n")))],
        branches: if at + 1 == count { vec!["main".to_owned()] } else { Vec::new() },
        tags: Vec::new(),
    };
    (0..count).map(commit).collect()
}
