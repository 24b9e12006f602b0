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
