//! Names, trees and commits: every odd thing a repository can hold.
use crate::adapters::git::testing::{Repo, git_in};
use crate::adapters::git::{OpenOptions, PathSet, Repository, Want};
use crate::model::CommitId;
use crate::tree::{EntryKind, TreeError, walk};
use std::path::Path;

fn code<T>(result: crate::model::Result<T>) -> &'static str {
    result.err().unwrap().code.id
}

#[test]
fn names_mean_tags_before_branches_before_ids() {
    let repo = Repo::new();
    repo.write("f", "1");
    let one = repo.commit("one");
    repo.git(&["tag", "-a", "-m", "annotated", "v1.0.0"]);
    repo.git(&["tag", "-a", "-m", "nested", "nested", "v1.0.0"]);
    repo.git(&["tag", "both"]);
    repo.write("f", "2");
    let two = repo.commit("two");
    repo.git(&["branch", "both"]);
    repo.git(&["tag", "blob", &repo.git(&["rev-parse", "HEAD:f"])]);
    repo.git(&["update-ref", "refs/remotes/origin/far", &one.0]);
    repo.git(&["tag", "v1.2.0"]);
    let opened = repo.open();
    for (name, commit) in [
        ("v1.0.0", &one),
        ("nested", &one),
        ("both", &one),
        ("main", &two),
        ("far", &one),
        ("HEAD", &two),
        (&two.0, &two),
        (&two.0[..7], &two),
        ("refs/heads/both", &two),
        ("origin/far", &one),
    ] {
        assert_eq!(&opened.resolve(name).unwrap(), commit, "{name}");
    }
    let tags: Vec<String> = opened.tags().unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(tags, ["both", "nested", "v1.0.0", "v1.2.0"]);
    assert_eq!(opened.branches().unwrap().len(), 2);
    let unknown = opened.resolve("v1.1.0").unwrap_err();
    assert_eq!(unknown.code.id, "PL0111");
    assert!(unknown.hints.iter().any(|hint| hint == "nearest tags: v1.0.0 v1.2.0"), "{:?}", unknown.hints);
    for bad in ["--all", "a..b", "main~2", "main~x", "", "\u{1b}[31m", "0000000000000000000000000000000000000000"] {
        assert_eq!(code(opened.resolve(bad)), "PL0111", "{bad}");
    }
    assert_eq!(opened.head().unwrap().unwrap().branch.as_deref(), Some("main"));
    repo.git(&["checkout", "-q", "--detach"]);
    assert_eq!(repo.open().head().unwrap().unwrap().branch, None);
    assert_eq!(Repo::new().open().head().unwrap(), None);
}

#[cfg(unix)]
#[test]
fn a_tree_gives_files_and_names_what_it_cannot_give() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let repo = Repo::new();
    repo.write("a/file", "text");
    repo.write("big", vec![b'x'; 3000]);
    repo.write("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n");
    let odd = repo.path().join(std::ffi::OsStr::from_bytes(b"n\xe4me"));
    std::fs::write(odd, "x").unwrap();
    for (target, name) in
        [("a", "dir"), ("../../etc", "out"), ("/etc/passwd", "abs"), ("l2", "l1"), ("l1", "l2"), ("gone", "gone-link")]
    {
        symlink(target, repo.path().join(name)).unwrap();
    }
    let sub = repo.git(&["hash-object", "-t", "tree", "/dev/null"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{sub},sub")]);
    repo.git(&["add", "-A", "--", "a", "big", "lfs", ":(glob)n*", "dir", "out", "abs", "l1", "l2", "gone-link"]);
    repo.git(&["commit", "-q", "-m", "odd"]);
    let opened = repo.open();
    let tree = opened.tree(&opened.resolve("HEAD").unwrap()).unwrap();
    assert_eq!(tree.identity(), Some(repo.git(&["rev-parse", "HEAD^{tree}"])));
    assert_eq!(tree.read("a/file", 10), Ok(Some(b"text".to_vec())));
    assert_eq!(tree.read("dir/file", 10), Ok(Some(b"text".to_vec())));
    assert_eq!(tree.read("big", 2999), Err(TreeError::TooLarge { size: 3000, limit: 2999 }));
    assert_eq!(tree.read("a/file", 3), Err(TreeError::TooLarge { size: 4, limit: 3 }));
    assert_eq!(tree.read("lfs", 1000), Err(TreeError::LfsPointer { size: 12345 }));
    for bad in ["out", "abs", "l1", "out/passwd", "../x"] {
        assert_eq!(tree.read(bad, 10), Err(TreeError::BadLink), "{bad}");
    }
    assert_eq!(tree.read("sub/x", 10), Err(TreeError::Submodule));
    assert_eq!(tree.read("n\\xe4me", 10), Err(TreeError::NotUtf8));
    for none in ["gone-link", "a", "a/file/x", "nothing"] {
        assert_eq!(tree.read(none, 10), Ok(None), "{none}");
    }
    let root = tree.list("").unwrap().unwrap();
    assert!(root.iter().any(|entry| entry.name == "n\\xe4me" && !entry.readable));
    assert!(root.iter().any(|entry| entry.name == "sub" && entry.kind == EntryKind::Submodule));
    assert!(root.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(tree.list("a/file"), Ok(None));
    assert_eq!(walk(tree.as_ref(), "a").unwrap(), ["a/file"]);
    assert_eq!(code(opened.tree(&CommitId("0".repeat(40)))), "PL0204");
}

#[test]
fn commits_are_decoded_and_people_are_mapped() {
    let repo = Repo::new();
    repo.write(".mailmap", "Ada Lovelace <ada@new.org> <ada@example.org>\nBob B <bob@new.org> <BOB@old.org>\n");
    repo.commit("subject\nin two lines\n\nbody\n\nCo-authored-by: bob <bob@old.org>\nco-authored-by: Ada <ada@example.org>\n\nmore");
    let latin = repo.path().join("message");
    std::fs::write(&latin, b"\xfcber\n").unwrap();
    repo.git(&["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "message"]);
    let opened = repo.open();
    let commit = |name: &str| opened.commit(&CommitId(repo.git(&["rev-parse", name]))).unwrap();
    let first = commit("HEAD~1");
    assert_eq!(first.subject, "subject in two lines");
    assert!(first.body.starts_with("body\n") && first.body.ends_with("more"));
    assert_eq!((first.author.name.as_str(), first.author.email.as_str()), ("Ada Lovelace", "ada@new.org"));
    assert_eq!(first.co_authors.len(), 1);
    assert_eq!((first.co_authors[0].name.as_str(), first.co_authors[0].email.as_str()), ("Bob B", "bob@new.org"));
    assert_eq!((first.time, first.author_time), (1_700_000_060, 1_700_000_060));
    assert_eq!(commit("HEAD").subject, "über");
}

#[test]
fn sha256_repositories_and_work_trees_of_git_are_read() {
    let repo = Repo::with(&["init", "-q", "-b", "main", "--object-format=sha256", "."]);
    repo.write("f", "1");
    let one = repo.commit("one");
    assert_eq!(one.0.len(), 64);
    let opened = repo.open();
    assert_eq!(opened.resolve(&one.0[..8]).unwrap(), one);
    assert_eq!(opened.tree(&one).unwrap().read("f", 9), Ok(Some(b"1".to_vec())));
    let linked = tempfile::tempdir().unwrap();
    let folder = linked.path().join("w");
    repo.git(&["worktree", "add", "-q", "--detach", folder.to_str().unwrap()]);
    let found = Repository::discover(&folder, &OpenOptions::default()).unwrap().unwrap();
    assert_eq!(found.head().unwrap().unwrap().commit, one);
    assert_eq!(found.work_dir().unwrap().canonicalize().unwrap(), folder.canonicalize().unwrap());
}

#[test]
fn what_is_no_repository_or_cannot_be_read_is_said() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(code(Repository::open(empty.path(), &OpenOptions::default())), "PL0205");
    assert_eq!(code(Repository::open(Path::new("/nowhere"), &OpenOptions::default())), "PL0205");
    assert!(Repository::discover(empty.path(), &OpenOptions::default()).unwrap().is_none());
    let repo = Repo::with(&["init", "-q", "--ref-format=reftable", "."]);
    assert_eq!(code(Repository::open(&repo.path(), &OpenOptions::default())), "PL0217");
    let repo = Repo::new();
    repo.write("f", "1");
    let one = repo.commit("one");
    std::fs::write(repo.path().join(".git/info/grafts"), format!("{one}\n")).unwrap();
    assert_eq!(repo.open().warnings()[0].code.id, "PL0219");
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_refused() {
    let repo = Repo::new();
    // Only root can give a folder away; elsewhere the rule is tested on its own.
    if std::os::unix::fs::chown(repo.path().join(".git"), Some(54321), None).is_ok() {
        assert_eq!(code(Repository::open(&repo.path(), &OpenOptions::default())), "PL0206");
        assert!(Repository::open(&repo.path(), &OpenOptions { any_owner: true, ..OpenOptions::default() }).is_ok());
    }
}

#[test]
fn replaced_commits_are_honoured() {
    let repo = Repo::new();
    repo.write("f", "1");
    let one = repo.commit("one");
    repo.write("f", "2");
    repo.commit("two");
    let three = repo.commit("three");
    repo.git(&["replace", "--graft", &three.0, &one.0]);
    assert_eq!(repo.open().commit(&three).unwrap().parents, [one]);
}

#[test]
fn missing_blobs_of_a_partial_clone_are_named() {
    let repo = Repo::new();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.write("f", "1");
    let one = repo.commit("one");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git_in(clone.path(), &["clone", "-q", "--bare", "--filter=blob:none", &url, "c.git"], 1_700_000_000);
    let opened = Repository::open(&clone.path().join("c.git"), &OpenOptions::default()).unwrap();
    assert_eq!(opened.tree(&one).unwrap().read("f", 9), Err(TreeError::Missing));
    assert!(opened.warnings().iter().any(|warning| warning.code.id == "PL0204"));
    assert_eq!(code(opened.read_blob(&repo.git(&["rev-parse", "HEAD:f"]), 9)), "PL0204");
    assert_eq!(repo.open().read_blob(&repo.git(&["rev-parse", "HEAD:f"]), 9).unwrap(), b"1");
}

#[test]
fn a_range_without_its_trees_is_refused_for_the_module() {
    let repo = Repo::new();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.write("f", "1");
    let one = repo.commit("one");
    repo.write("f", "2");
    let two = repo.commit("two");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git_in(clone.path(), &["clone", "-q", "--bare", "--filter=tree:0", &url, "c.git"], 1_700_000_000);
    let opened = Repository::open(&clone.path().join("c.git"), &OpenOptions::default()).unwrap();
    let ranges = opened.ranges(&one, &two, &[PathSet::new(&[]).unwrap()], Want::default()).unwrap();
    assert_eq!(ranges.into_iter().map(code).collect::<Vec<_>>(), ["PL0204"]);
}
