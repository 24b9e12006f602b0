//! Exact sets of commits: random graphs with wrong clocks against brute force, shallow clones, and git's own lists.
use crate::adapters::git::testing::{Repo, git_in};
use crate::adapters::git::{OpenOptions, PathSet, Repository, Want};
use crate::model::{CodeRange, CommitId};
use std::collections::BTreeSet;

/// A small generator, so that every run tests the same graphs.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

fn all() -> PathSet {
    PathSet::new(&[]).unwrap()
}

fn ids(commits: &[crate::model::Commit]) -> BTreeSet<String> {
    commits.iter().map(|commit| commit.id.0.clone()).collect()
}

fn range(repo: &Repository, from: &CommitId, to: &CommitId, paths: &PathSet) -> crate::model::Result<CodeRange> {
    repo.ranges(from, to, std::slice::from_ref(paths), Want { files: true, ..Want::default() })?.remove(0)
}

/// A bare repository with `count` commits in a random graph with 30 % of the clocks wrong; parents by index.
fn random_graph(seed: u64, count: usize) -> (Repo, Vec<CommitId>, Vec<Vec<usize>>) {
    let mut random = Random(seed);
    let repo = Repo::with(&["init", "-q", "--bare", "."]);
    let mut stream = String::new();
    let mut parents: Vec<Vec<usize>> = Vec::new();
    for number in 0..count {
        let mut mine = BTreeSet::new();
        for _ in 0..=random.below(3) {
            if number > 0 && random.below(40) > 0 {
                mine.insert(number - 1 - random.below(number.min(6)));
            }
        }
        let skew = if random.below(10) < 3 { random.below(200_000) } else { 100_000 };
        let time = 1_700_000_000 + number * 60 + skew;
        stream.push_str(&format!(
            "commit refs/heads/c{number}\nmark :{}\ncommitter A <a@b> {time} +0000\ndata 1\nx\n",
            number + 1
        ));
        for (at, parent) in mine.iter().enumerate() {
            stream.push_str(&format!("{} :{}\n", if at == 0 { "from" } else { "merge" }, parent + 1));
        }
        stream.push_str(&format!("M 100644 inline f{number}\ndata 1\n{}\n", number % 10));
        parents.push(mine.into_iter().collect());
    }
    std::fs::write(repo.path().join("stream"), stream).unwrap();
    let input = std::fs::File::open(repo.path().join("stream")).unwrap();
    let done = std::process::Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(repo.path())
        .stdin(input)
        .status();
    assert!(done.unwrap().success());
    let heads = repo.git(&["for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads"]);
    let mut commits = vec![CommitId(String::new()); count];
    for line in heads.lines() {
        let (name, id) = line.split_once(' ').unwrap();
        commits[name[1..].parse::<usize>().unwrap()] = CommitId(id.to_owned());
    }
    (repo, commits, parents)
}

fn ancestors(parents: &[Vec<usize>], start: usize) -> BTreeSet<usize> {
    let (mut seen, mut todo) = (BTreeSet::from([start]), vec![start]);
    while let Some(number) = todo.pop() {
        todo.extend(parents[number].iter().copied().filter(|parent| seen.insert(*parent)));
    }
    seen
}

#[test]
fn random_graphs_with_wrong_clocks_have_exact_sets() {
    for seed in 0..8 {
        let (repo, commits, parents) = random_graph(seed, 40);
        for stored in [false, true] {
            if stored {
                repo.git(&["commit-graph", "write", "--reachable"]);
            }
            let opened = repo.open();
            let mut random = Random(seed + 100);
            for _ in 0..30 {
                let (a, b) = (random.below(40), random.below(40));
                let (left, right) = (ancestors(&parents, a), ancestors(&parents, b));
                let named = |set: BTreeSet<usize>| set.iter().map(|n| commits[*n].0.clone()).collect::<BTreeSet<_>>();
                let found = range(&opened, &commits[a], &commits[b], &all()).unwrap();
                assert_eq!(ids(&found.only_from), named(&left - &right), "seed {seed} {a}..{b}");
                assert_eq!(ids(&found.only_to), named(&right - &left), "seed {seed} {a}..{b}");
                let common = &left & &right;
                let best =
                    common.iter().filter(|c| !common.iter().any(|d| d != *c && ancestors(&parents, *d).contains(c)));
                let best: BTreeSet<String> = best.map(|n| commits[*n].0.clone()).collect();
                assert_eq!(found.merge_bases.iter().map(|id| id.0.clone()).collect::<BTreeSet<_>>(), best);
                assert_eq!(opened.is_ancestor(&commits[a], &commits[b]).unwrap(), right.contains(&a));
                for list in [&found.only_from, &found.only_to] {
                    for (at, commit) in list.iter().enumerate() {
                        assert!(
                            list[..at].iter().all(|newer| !commit.parents.contains(&newer.id)),
                            "a parent before its child"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_shallow_clone_gives_the_truth_or_refuses() {
    let (mut right, mut refused) = (0, 0);
    for seed in 0..4 {
        let (repo, commits, parents) = random_graph(seed, 24);
        for depth in 1..10 {
            let clone = tempfile::tempdir().unwrap();
            let url = format!("file://{}", repo.path().display());
            let depth = depth.to_string();
            let args = ["clone", "-q", "--bare", "--no-single-branch", "--depth", &depth, "-b", "c23", &url, "c.git"];
            git_in(clone.path(), &args, 1_700_000_000);
            let opened = Repository::open(&clone.path().join("c.git"), &OpenOptions::default()).unwrap();
            for (a, b) in [(23, 12), (12, 23), (20, 22), (5, 23), (22, 21), (18, 23), (23, 23)] {
                let (left, to) = (ancestors(&parents, a), ancestors(&parents, b));
                let named = |set: BTreeSet<usize>| set.iter().map(|n| commits[*n].0.clone()).collect::<BTreeSet<_>>();
                match range(&opened, &commits[a], &commits[b], &all()) {
                    Ok(found) => {
                        right += 1;
                        assert_eq!(ids(&found.only_from), named(&left - &to), "seed {seed} depth {depth} {a}..{b}");
                        assert_eq!(ids(&found.only_to), named(&to - &left), "seed {seed} depth {depth} {a}..{b}");
                    }
                    Err(error) => {
                        refused += 1;
                        assert_eq!(error.code.id, "PL0201", "{error}");
                    }
                }
            }
        }
    }
    assert!(right > 20 && refused > 20, "{right} right, {refused} refused");
}

#[test]
fn the_usual_recipe_of_ci_does_not_shorten_a_range() {
    let repo = Repo::new();
    for number in 0..30 {
        repo.write("f", number.to_string());
        repo.commit("c");
        if number == 9 || number == 29 {
            repo.git(&["tag", &format!("v{number}")]);
        }
    }
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git_in(clone.path(), &["clone", "-q", "--depth", "1", &url, "c"], 1_700_000_000);
    let folder = clone.path().join("c");
    let open = || Repository::open(&folder, &OpenOptions::default()).unwrap();
    assert_eq!(open().resolve("v9").unwrap_err().code.id, "PL0201");
    git_in(&folder, &["fetch", "-q", "--depth", "1", "origin", "tag", "v9"], 1_700_000_000);
    let (from, to) = (open().resolve("v9").unwrap(), open().head().unwrap().unwrap().commit);
    assert_eq!(range(&open(), &from, &to, &all()).unwrap_err().code.id, "PL0201");
    assert_eq!(open().path_events(&to, "", None).unwrap_err().code.id, "PL0201");
    assert_eq!(open().commit_at(&to, 0).unwrap_err().code.id, "PL0201");
    assert!(open().warnings().iter().any(|warning| warning.code.id == "PL0201"));
    git_in(&folder, &["fetch", "-q", "--depth", "25", "origin"], 1_700_000_000);
    assert_eq!(range(&open(), &from, &to, &all()).unwrap().only_to.len(), 20);
}

#[test]
fn paths_and_merges_are_those_of_full_history() {
    let repo = Repo::new();
    repo.write("a/x", "1");
    repo.write("b/y", "1");
    let base = repo.commit("base");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a/x", "2");
    repo.commit("side a");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("b/y", "2");
    repo.commit("main b");
    repo.git(&["merge", "-q", "--no-ff", "-m", "clean", "side"]);
    repo.write("b/z.md", "doc");
    repo.commit("doc");
    repo.git(&["checkout", "-q", "side"]);
    repo.write("a/x", "side");
    repo.commit("side again");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a/x", "main");
    repo.commit("main a");
    repo.git(&["merge", "-q", "-s", "ours", "--no-commit", "side"]);
    repo.write("a/x", "both");
    let head = repo.commit("conflict");
    let opened = repo.open();
    let subjects = |patterns: &[&str]| -> Vec<String> {
        let paths = PathSet::new(&patterns.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).unwrap();
        let found = range(&opened, &base, &head, &paths).unwrap();
        let mut names: Vec<String> = found.only_to.into_iter().map(|commit| commit.subject).collect();
        names.sort();
        names
    };
    // The clean merge chose one parent's files under `a` and is no work of its own there; the conflict is.
    assert_eq!(subjects(&["a"]), ["conflict", "main a", "side a", "side again"]);
    assert_eq!(subjects(&["b"]), ["doc", "main b"]);
    assert_eq!(subjects(&["b", "!**/*.md"]), ["main b"]);
    assert_eq!(subjects(&["**/*.md"]), ["doc"]);
    assert_eq!(subjects(&["nowhere"]), Vec::<String>::new());
    let span = format!("{base}..{head}");
    for path in ["a", "b"] {
        let git = repo.git(&["rev-list", "--full-history", "--no-merges", &span, "--", path]);
        let found = range(&opened, &base, &head, &PathSet::new(&[path.to_owned()]).unwrap()).unwrap();
        let mine: BTreeSet<String> = found.only_to.iter().filter(|c| !c.is_merge()).map(|c| c.id.0.clone()).collect();
        assert_eq!(mine, git.lines().map(str::to_owned).collect());
        let files = repo.git(&["diff", "--name-only", "--no-renames", &base.0, &head.0, "--", path]);
        assert_eq!(
            found.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
            files.lines().collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_picked_change_keeps_its_patch_id() {
    let repo = Repo::new();
    let text = |changed: &str, top: &str| format!("{top}\n{}\n{changed}\nend\n", "line\n".repeat(20));
    repo.write("f", text("old", "top"));
    repo.commit("base");
    repo.git(&["checkout", "-q", "-b", "release"]);
    repo.write("f", text("old", "other top"));
    repo.commit("release only");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("f", text("new", "top"));
    let fix = repo.commit("fix");
    repo.git(&["checkout", "-q", "release"]);
    repo.git(&["cherry-pick", &fix.0]);
    let opened = repo.open();
    let (from, to) = (opened.resolve("release").unwrap(), opened.resolve("main").unwrap());
    let want = Want { files: true, patch_ids: true, ..Want::default() };
    let found = opened.ranges(&from, &to, &[all()], want).unwrap().remove(0).unwrap();
    assert_eq!(found.only_to.len(), 1);
    let twin: Vec<&str> = found
        .only_from
        .iter()
        .filter(|commit| commit.patch_id == found.only_to[0].patch_id)
        .map(|commit| commit.subject.as_str())
        .collect();
    assert!(found.only_to[0].patch_id.is_some());
    assert_eq!(twin, ["fix"]);
    let one_sided = opened.ranges(&found.merge_bases[0], &to, &[all()], want).unwrap().remove(0).unwrap();
    assert!(one_sided.only_to.iter().all(|commit| commit.patch_id.is_none()));
}

#[test]
fn unrelated_histories_have_no_merge_base() {
    let repo = Repo::new();
    repo.write("a", "1");
    let one = repo.commit("one");
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.write("b", "1");
    let two = repo.commit("two");
    let found = range(&repo.open(), &one, &two, &all()).unwrap();
    assert!(found.merge_bases.is_empty() && found.only_from.len() == 1 && found.only_to.len() == 1);
}
