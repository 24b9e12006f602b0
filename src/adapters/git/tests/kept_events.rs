//! The cache of events: whatever it was left with, and by whomever, the answer is the one without it.
use crate::adapters::git::write::{Commit, write_repository};
use crate::adapters::git::{OpenOptions, Repository};
use crate::model::{CommitId, Person};

/// A small generator, so that every run tests the same histories.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

/// Commits in a random graph with wrong clocks, that write, rewrite and remove a few files.
fn random(seed: u64, count: usize) -> Vec<Commit> {
    let mut random = Random(seed);
    let mut commits: Vec<Commit> = Vec::new();
    for at in 0..count {
        let mut parents = Vec::new();
        for _ in 0..=random.below(3) {
            if at > 0 && random.below(30) > 0 {
                parents.push(at - 1 - random.below(at.min(5)));
            }
        }
        parents.sort_unstable();
        parents.dedup();
        let path = format!("{}/f{}.yaml", ["m", "m/a", "other"][random.below(3)], random.below(4));
        let content = (random.below(5) > 0).then(|| format!("{}\n", random.below(3)));
        let mut files = vec![("m/always".to_owned(), Some("1".to_owned()))];
        files.push((path, content));
        let name = ["Ada", "Bob"][random.below(2)].to_owned();
        commits.push(Commit {
            message: format!("commit {at}"),
            author: Person { email: format!("{name}@example.org"), name },
            time: 1_700_000_000 + i64::try_from(at * 60 + random.below(3) * 500).unwrap(),
            parents,
            files,
            branches: if at + 1 == count { vec!["main".to_owned()] } else { Vec::new() },
            tags: Vec::new(),
        });
    }
    commits
}

fn written(seed: u64, count: usize) -> (tempfile::TempDir, Vec<CommitId>, Repository) {
    let dir = tempfile::tempdir().unwrap();
    let ids = write_repository(&dir.path().join("r"), true, &random(seed, count)).unwrap();
    let opened = Repository::open(&dir.path().join("r"), &OpenOptions::default()).unwrap();
    (dir, ids, opened)
}

#[test]
fn a_cache_of_any_commit_gives_the_answer_without_one() {
    for seed in 1..4 {
        let (dir, ids, opened) = written(seed, 50);
        let cache = dir.path().join("cache/events");
        for (at, earlier) in ids.iter().enumerate() {
            for later in [ids.last().unwrap(), &ids[(at + 7) % ids.len()]] {
                let _ = std::fs::remove_file(&cache);
                let first = opened.path_events(earlier, "m", None).unwrap();
                assert_eq!(opened.path_events(earlier, "m", Some(&cache)).unwrap(), first, "{seed} {at}");
                let plain = opened.path_events(later, "m", None).unwrap();
                assert_eq!(opened.path_events(later, "m", Some(&cache)).unwrap(), plain, "{seed} {at}");
                assert_eq!(opened.path_events(later, "m", Some(&cache)).unwrap(), plain, "{seed} {at}");
            }
        }
    }
}

#[test]
fn a_spoilt_or_foreign_cache_is_replaced() {
    let (dir, ids, opened) = written(9, 30);
    let (_other, other_ids, other) = written(10, 30);
    let (cache, head) = (dir.path().join("events"), &ids[29]);
    let plain = opened.path_events(head, "m", Some(&cache)).unwrap();
    assert!(plain.len() > 10);
    let good = std::fs::read(&cache).unwrap();
    other.path_events(&other_ids[29], "m", Some(&cache)).unwrap();
    let foreign = std::fs::read(&cache).unwrap();
    opened.path_events(head, "m/a", Some(&cache)).unwrap();
    let of_another_folder = std::fs::read(&cache).unwrap();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    for spoilt in [Vec::new(), good[..good.len() - 9].to_vec(), flipped, foreign, of_another_folder, vec![0xff; 99]] {
        std::fs::write(&cache, spoilt).unwrap();
        assert_eq!(opened.path_events(head, "m", Some(&cache)).unwrap(), plain);
        assert_eq!(std::fs::read(&cache).unwrap(), good);
    }
    // A place that cannot be written to.
    assert_eq!(opened.path_events(head, "m", Some(&cache.join("below/a/file"))).unwrap(), plain);
    assert_eq!(opened.path_events(head, "m", Some(dir.path())).unwrap(), plain);
}

#[test]
fn many_at_once_do_not_spoil_each_others_answers() {
    let (dir, ids, opened) = written(11, 40);
    let cache = dir.path().join("events");
    let answers: Vec<_> = ids.iter().map(|id| opened.path_events(id, "m", None).unwrap()).collect();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (cache, ids, answers, path) = (&cache, &ids, &answers, dir.path().join("r"));
            scope.spawn(move || {
                let own = Repository::open(&path, &OpenOptions::default()).unwrap();
                for round in 0..60 {
                    let at = (round * 7 + thread * 11) % ids.len();
                    assert_eq!(own.path_events(&ids[at], "m", Some(cache)).unwrap(), answers[at]);
                }
            });
        }
    });
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
