//! The history of files: complete, in order, the same with and without a cache; and whether a work tree is clean.
use crate::adapters::git::PathEvent;
use crate::adapters::git::testing::Repo;
use crate::model::CommitId;
use std::collections::BTreeMap;
use std::path::Path;

/// A history with side branches, a conflict, an `ours` merge, a removal and a clock that runs backwards.
fn tangled() -> (Repo, Vec<CommitId>) {
    let repo = Repo::new();
    let mut heads = Vec::new();
    let mut put = |path: &str, content: &str, message: &str| {
        repo.write(path, content);
        heads.push(repo.commit(message));
    };
    put("m/dev/a.yaml", "1", "a1");
    put("m/dev/b.yaml", "1", "b1");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.skew(5000);
    put("m/dev/a.yaml", "3", "a3 late on the side");
    repo.git(&["checkout", "-q", "main"]);
    repo.skew(-4900);
    put("m/dev/b.yaml", "2", "b2");
    repo.git(&["merge", "-q", "-s", "ours", "-m", "ours", "side"]);
    heads.push(CommitId(repo.git(&["rev-parse", "HEAD"])));
    repo.git(&["checkout", "-q", "side"]);
    repo.write("m/dev/c.yaml", "1");
    repo.commit("c1");
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "clean", "side"]);
    heads.push(CommitId(repo.git(&["rev-parse", "HEAD"])));
    repo.git(&["rm", "-q", "m/dev/b.yaml"]);
    heads.push(repo.commit("no b"));
    repo.write("other", "1");
    heads.push(repo.commit("elsewhere"));
    (repo, heads)
}

fn replay(events: &[PathEvent]) -> BTreeMap<String, String> {
    let mut state = BTreeMap::new();
    for event in events {
        match &event.blob {
            Some(blob) => state.insert(event.path.clone(), blob.clone()),
            None => state.remove(&event.path),
        };
    }
    state
}

#[test]
fn events_end_with_what_is_there_and_do_not_depend_on_the_cache() {
    let (repo, heads) = tangled();
    let opened = repo.open();
    let cache = repo.path().join(".git/pilab/events");
    for (at, head) in heads.iter().enumerate() {
        let plain = opened.path_events(head, "m", None).unwrap();
        let listed = repo.git(&["ls-tree", "-r", "--format=%(path) %(objectname)", &head.0, "m"]);
        let truth: BTreeMap<String, String> = listed
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .collect();
        assert_eq!(replay(&plain), truth, "{at}");
        assert_eq!(opened.path_events(head, "m", Some(&cache)).unwrap(), plain, "{at}");
        assert_eq!(opened.path_events(head, "m", Some(&cache)).unwrap(), plain, "{at}");
        let fresh = repo.path().join(format!(".git/pilab/{at}"));
        opened.path_events(head, "m", Some(&fresh)).unwrap();
        let last = heads.last().unwrap();
        assert_eq!(opened.path_events(last, "m", Some(&fresh)).unwrap(), opened.path_events(last, "m", None).unwrap());
    }
    let all = opened.path_events(heads.last().unwrap(), "m", Some(&cache)).unwrap();
    let b: Vec<bool> =
        all.iter().filter(|event| event.path == "m/dev/b.yaml").map(|event| event.blob.is_some()).collect();
    assert_eq!(b, [true, true, false]);
    assert_eq!(all[0].author.email, "ada@example.org");
    for broken in ["", "{", "{\"format\":1}\n", "null\nnull"] {
        std::fs::write(&cache, broken).unwrap();
        assert_eq!(opened.path_events(heads.last().unwrap(), "m", Some(&cache)).unwrap(), all);
    }
    // A cache of a commit that is no ancestor counts for nothing.
    opened.path_events(heads.last().unwrap(), "m", Some(&cache)).unwrap();
    assert_eq!(opened.path_events(&heads[0], "m", Some(&cache)).unwrap().len(), 1);
}

#[test]
fn the_commit_of_a_moment_is_found_along_first_parents() {
    let repo = Repo::new();
    let ids: Vec<CommitId> = (0..5).map(|_| repo.commit("c")).collect();
    let opened = repo.open();
    let at = |seconds: i64| opened.commit_at(&ids[4], 1_700_000_060 + seconds).unwrap();
    assert_eq!(at(-1), None);
    assert_eq!(at(0).as_ref(), Some(&ids[0]));
    assert_eq!(at(119).as_ref(), Some(&ids[1]));
    assert_eq!(at(9999).as_ref(), Some(&ids[4]));
}

#[test]
fn a_work_tree_is_dirty_by_content() {
    let repo = Repo::new();
    repo.write("config/a.yaml", "1");
    repo.write("other/b", "1");
    repo.commit("one");
    let opened = repo.open();
    let dirty = |folder: &str| opened.is_dirty(Path::new(folder)).unwrap();
    assert!(!dirty("") && !dirty("config"));
    repo.write("other/b", "2");
    assert!(dirty("") && !dirty("config") && opened.is_dirty(&repo.path().join("other")).unwrap());
    repo.write("other/b", "1");
    repo.write("config/note.txt", "not tracked, not YAML");
    assert!(!dirty(""));
    repo.write("config/new.yaml", "x");
    assert!(dirty("config") && !dirty("other"));
    std::fs::remove_file(repo.path().join("config/new.yaml")).unwrap();
    std::fs::remove_file(repo.path().join("config/a.yaml")).unwrap();
    assert!(dirty(""));
    assert_eq!(opened.is_dirty(Path::new("/")).unwrap_err().code.id, "PL0021");
}

#[test]
fn files_that_git_calls_unchanged_are_not_dirty() {
    let repo = Repo::new();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 4\n", sha256("big\n"));
    repo.write("lf.yaml", "a: 1\nb: 2\n");
    repo.write("big.bin", &pointer);
    repo.write("far/x.yaml", "x: 1\n");
    repo.commit("one");
    let opened = repo.open();
    let dirty = || opened.is_dirty(Path::new("")).unwrap();
    repo.write("lf.yaml", "a: 1\r\nb: 2\r\n");
    assert!(dirty());
    repo.git(&["config", "core.autocrlf", "true"]);
    let opened = repo.open();
    let dirty = || opened.is_dirty(Path::new("")).unwrap();
    assert!(!dirty());
    repo.write("big.bin", "big\n");
    assert!(!dirty());
    repo.write("big.bin", "bog\n");
    assert!(dirty());
    repo.write("big.bin", &pointer);
    // The index leaves a file out of the work tree, or vouches for whatever is there.
    repo.git(&["update-index", "--skip-worktree", "far/x.yaml"]);
    std::fs::remove_file(repo.path().join("far/x.yaml")).unwrap();
    assert!(!dirty());
    repo.git(&["update-index", "--no-skip-worktree", "far/x.yaml"]);
    assert!(dirty());
}

#[test]
fn an_index_that_vouches_keeps_files_unread() {
    let repo = Repo::new();
    repo.write("a.yaml", "1");
    repo.commit("one");
    let file = repo.path().join("a.yaml");
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    repo.git(&["update-index", "--refresh"]);
    let opened = repo.open();
    assert!(!opened.is_dirty(Path::new("")).unwrap());
    // The same size and time with another content: the time of change of the inode tells, as it tells Git.
    std::fs::write(&file, "2").unwrap();
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    let git = !repo.git(&["status", "--porcelain"]).is_empty();
    assert_eq!(opened.is_dirty(Path::new("")).unwrap(), git);
    std::fs::write(repo.path().join(".git/index"), "DIRC, but broken").unwrap();
    assert!(opened.is_dirty(Path::new("")).unwrap());
    std::fs::write(&file, "1").unwrap();
    assert!(!opened.is_dirty(Path::new("")).unwrap());
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
