//! Config repositories in folders that go away, for the tests of use cases.
use crate::ops::{Context, Quiet};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with files, and what use cases need to know of the world.
pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) at: Option<String>,
    /// Folder below the root to ask in.
    pub(super) folder: &'static str,
}

/// A project of two modules without repositories; prod has an older version of cart than dr, which mirrors it.
pub(super) const PROJECT: &str = "apiVersion: pilab.dev/v1\nkind: Project\nmetadata: { name: shop }\nspec:\n  promotion: { order: [staging, prod] }\n\
    ---\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: cart }\nspec: { kind: service }\n\
    ---\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: pay }\nspec: { kind: service }\n\
    ---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: staging }\nspec: { tier: staging }\n\
    ---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: prod }\nspec: { tier: prod }\n\
    ---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: dr }\nspec: { tier: dr, mirrors: prod }\n";

/// The document of a cell.
pub(super) fn cell(module: &str, environment: &str, version: &str) -> String {
    format!(
        "---\napiVersion: pilab.dev/v1\nkind: Deployment\nmodule: {module}\nenvironment: {environment}\nversion: \"{version}\"\n"
    )
}

impl World {
    pub(super) fn new(files: &[(&str, &str)]) -> World {
        let world = World { dir: tempfile::tempdir().unwrap(), at: None, folder: "" };
        std::fs::create_dir(world.path("")).unwrap();
        files.iter().for_each(|(path, text)| world.write(path, text));
        world
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join("w").join(below)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Commits everything on a day of November 2026; the first commit makes the repository.
    pub(super) fn commit(&self, day: u8) -> String {
        if !self.path(".git").exists() {
            git(&self.path(""), &["init", "-q", "-b", "main"], day);
        }
        git(&self.path(""), &["add", "-A"], day);
        git(&self.path(""), &["commit", "-q", "--allow-empty", "-m", "change"], day);
        git(&self.path(""), &["rev-parse", "HEAD"], day)
    }

    pub(super) fn context(&self) -> Context<'static> {
        Context {
            dir: self.path(self.folder),
            settings: Settings { cache: Some(self.dir.path().join("cache")), ..Settings::default() },
            now: "2026-11-25T12:00:00Z".parse().unwrap(),
            at: self.at.clone(),
            user: "Mia <mia@shop.example>".to_owned(),
            environment: BTreeMap::new(),
            executable: None,
            progress: &Quiet,
        }
    }
}

/// Runs git with a fixed name and day.
pub(super) fn git(dir: &Path, args: &[&str], day: u8) -> String {
    let date = format!("2026-11-{day:02}T10:00:00Z");
    let output = Command::new("git")
        .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "Mia"), ("GIT_AUTHOR_EMAIL", "mia@shop.example"), ("GIT_AUTHOR_DATE", &date)])
        .envs([("GIT_COMMITTER_NAME", "Mia"), ("GIT_COMMITTER_EMAIL", "mia@shop.example")])
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
