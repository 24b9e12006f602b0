//! `pilab demo`: writes the repositories of the demo into an empty folder.
use super::DemoReport;
use crate::adapters::git::write::{Commit, Tag, write_repository};
use crate::demo::{DemoCommit, repositories};
use crate::model::codes::{PL0113, PL0402};
use crate::model::{Diagnostic, Result};
use std::fs;
use std::io;
use std::path::Path;

/// Writes the demo. What fails half-way leaves nothing behind.
///
/// # Errors
/// PL0113 when the folder has something in it, PL0402 when it cannot be written.
pub(super) fn write(dir: &Path) -> Result<DemoReport> {
    let repositories = repositories()?;
    let existed = prepare(dir)?;
    let written = write_all(dir, &repositories);
    if written.is_err() {
        // The folder was empty or not there, so all that stands in it now is ours.
        for repository in &repositories {
            let _ = fs::remove_dir_all(dir.join(repository.folder));
        }
        if !existed {
            let _ = fs::remove_dir(dir);
        }
    }
    written
}

/// Makes the folder; tells whether it was there.
fn prepare(dir: &Path) -> Result<bool> {
    match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(Box::new(
            Diagnostic::error(&PL0113, format!("{} has something in it", dir.display()))
                .hint("name a folder that does not exist: pilab demo ./another"),
        )),
        Ok(false) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map(|()| false).map_err(|error| failed(dir, &error))
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(Box::new(Diagnostic::error(&PL0113, format!("{} is a file", dir.display()))))
        }
        Err(error) => Err(failed(dir, &error)),
    }
}

fn failed(dir: &Path, error: &io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&PL0402, format!("{} cannot be written: {error}", dir.display())))
}

fn write_all(dir: &Path, all: &[crate::demo::DemoRepository]) -> Result<DemoReport> {
    let mut report = DemoReport { config: dir.to_path_buf(), repositories: Vec::new(), commits: 0 };
    for repository in all {
        let target = dir.join(repository.folder);
        let commits: Vec<Commit> = repository.commits.iter().map(commit).collect();
        write_repository(&target, !repository.work_tree, &commits)?;
        report.commits = report.commits.saturating_add(commits.len());
        if repository.work_tree {
            report.config = target;
        } else {
            report.repositories.push(target);
        }
    }
    Ok(report)
}

fn commit(commit: &DemoCommit) -> Commit {
    let tag = |(name, message): &(String, Option<String>)| Tag { name: name.clone(), message: message.clone() };
    Commit {
        message: commit.message.clone(),
        author: commit.author.clone(),
        time: commit.time,
        parents: commit.parents.clone(),
        files: commit.files.clone(),
        branches: commit.branches.clone(),
        tags: commit.tags.iter().map(tag).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use std::path::Path;
    use std::process::Command;

    fn git(dir: &Path, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(args).current_dir(dir).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        let out = command.output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "git {args:?}: {text}");
        text
    }

    #[test]
    fn the_demo_is_whole_and_the_same_every_time() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = write(&one.path().join("demo")).unwrap();
        let second = write(two.path()).unwrap();
        assert_eq!(first.repositories.len(), 3);
        let pairs = [&first.config].into_iter().chain(&first.repositories);
        for (a, b) in pairs.zip([&second.config].into_iter().chain(&second.repositories)) {
            assert_eq!(git(a, &["fsck", "--strict", "--full"]), "", "{}", a.display());
            assert_eq!(git(a, &["show-ref"]), git(b, &["show-ref"]));
        }
        for config in [&first.config, &second.config] {
            assert_eq!(git(config, &["status", "--porcelain"]), "");
        }
        let all = [&first.config].into_iter().chain(&first.repositories);
        let counted: usize =
            all.map(|dir| git(dir, &["rev-list", "--all", "--count"]).trim().parse::<usize>().unwrap()).sum();
        assert_eq!(counted, first.commits);
    }

    #[test]
    fn the_hotfix_is_only_on_its_branch_and_two_were_picked_back() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path()).unwrap();
        let payments = dir.path().join("payments.git");
        let cherry = git(&payments, &["cherry", "v1.5.0", "v1.4.1-hotfix.1"]);
        let signs: String = cherry.lines().filter_map(|line| line.chars().next()).collect();
        assert_eq!(signs, "-++", "picked as it was, picked with changes, only here");
        let picked = git(&payments, &["log", "--grep=cherry picked from", "--format=%b", "main"]);
        for id in picked.lines().filter_map(|line| line.split("commit ").nth(1)) {
            git(&payments, &["merge-base", "--is-ancestor", id.trim_end_matches(')'), "v1.4.1-hotfix.1"]);
        }
        assert_eq!(picked.matches("cherry picked").count(), 2);
    }

    #[test]
    fn a_folder_with_something_in_it_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("mine"), "x").unwrap();
        for target in [dir.path().to_path_buf(), dir.path().join("mine")] {
            assert_eq!(write(&target).unwrap_err().code.id, "PL0113");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
