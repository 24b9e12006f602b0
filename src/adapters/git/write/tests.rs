//! Written repositories, asked by the real Git.
use super::{Commit, Tag, write_repository};
use crate::model::Person;
use std::path::Path;
use std::process::Command;

fn git(dir: &Path, args: &[&str]) -> String {
    let out = Command::new("git")
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "git {args:?}: {text}");
    text.trim_end().to_owned()
}

fn commit(message: &str, parents: &[usize], files: &[(&str, Option<&str>)]) -> Commit {
    Commit {
        message: message.to_owned(),
        author: Person { name: "Mia Sørensen".to_owned(), email: "mia@shop.example".to_owned() },
        time: 1_790_000_000,
        parents: parents.to_vec(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), text.map(str::to_owned))).collect(),
        branches: Vec::new(),
        tags: Vec::new(),
    }
}

fn sample() -> Vec<Commit> {
    let mut commits = vec![
        commit("feat: begin", &[], &[("a.txt", Some("1\n")), ("dir/b.txt", Some("2\n")), ("dir.txt", Some("0\n"))]),
        commit("fix: on a branch", &[0], &[("dir/c/d.txt", Some("3\n"))]),
        commit("chore: on main", &[0], &[("a.txt", Some("4\n")), ("dir/b.txt", None)]),
        commit("Merge branch 'work'\n\nIt picks {commit 1}.", &[2, 1], &[("dir/c/d.txt", Some("3\n"))]),
    ];
    commits[1].branches.push("work".to_owned());
    commits[3].branches.push("main".to_owned());
    commits[0].tags.push(Tag { name: "v1.0.0".to_owned(), message: Some("First release".to_owned()) });
    commits[2].tags.push(Tag { name: "light".to_owned(), message: None });
    commits
}

#[test]
fn git_finds_nothing_to_complain_of() {
    for bare in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let ids = write_repository(dir.path(), bare, &sample()).unwrap();
        assert_eq!(git(dir.path(), &["fsck", "--strict", "--full"]), "");
        assert_eq!(
            git(dir.path(), &["rev-parse", "HEAD", "main", "work", "v1.0.0^{}"]).lines().collect::<Vec<_>>(),
            [&ids[3].0, &ids[3].0, &ids[1].0, &ids[0].0]
        );
        assert_eq!(git(dir.path(), &["cat-file", "-t", "v1.0.0"]), "tag");
        assert_eq!(git(dir.path(), &["cat-file", "-t", "light"]), "commit");
        assert_eq!(git(dir.path(), &["ls-tree", "-r", "--name-only", "HEAD"]), "a.txt\ndir.txt\ndir/c/d.txt");
        assert_eq!(git(dir.path(), &["log", "-1", "--format=%b %an %ae %at %ct"]).replace(&ids[1].0, "ID"), {
            "It picks ID.\n Mia Sørensen mia@shop.example 1790000000 1790000000"
        });
        if !bare {
            assert_eq!(git(dir.path(), &["status", "--porcelain"]), "");
            assert_eq!(git(dir.path(), &["ls-files", "--stage"]).lines().count(), 3);
            assert_eq!(std::fs::read_to_string(dir.path().join("a.txt")).unwrap(), "4\n");
        }
    }
}

#[test]
fn the_same_values_give_the_ids_that_git_gives() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ids = write_repository(one.path(), true, &sample()).unwrap();
    assert_eq!(write_repository(two.path(), false, &sample()).unwrap(), ids);
    let raw = git(one.path(), &["cat-file", "commit", "HEAD"]);
    let file = two.path().join("raw");
    std::fs::write(&file, format!("{raw}\n")).unwrap();
    assert_eq!(git(two.path(), &["hash-object", "-t", "commit", "raw"]), ids[3].0);
}

#[test]
fn what_is_there_is_not_touched_and_contradictions_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine"), "x").unwrap();
    assert_eq!(write_repository(dir.path(), false, &sample()).unwrap_err().code.id, "PL0113");
    assert_eq!(write_repository(&dir.path().join("mine"), true, &sample()).unwrap_err().code.id, "PL0113");
    for (index, bad) in [
        commit("x", &[3], &[]),
        commit("{commit 9}", &[], &[]),
        commit("{commit x}", &[], &[]),
        commit("{commit 1", &[], &[]),
        commit("x", &[], &[("../out", Some("x"))]),
        commit("x", &[], &[(".git/config", Some("x"))]),
    ]
    .into_iter()
    .enumerate()
    {
        let target = dir.path().join(format!("bad{index}"));
        assert_eq!(write_repository(&target, true, &[bad]).unwrap_err().code.id, "PL0402", "case {index}");
    }
    assert!(!dir.path().join("out").exists());
}
