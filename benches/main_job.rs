//! How long the main job takes: start, status, drift, notes, walks of the history; and Git itself for the same walk.
//! `cargo bench --features full`; what came out is in `docs/performance.md`.
#![allow(clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use pilab::adapters::git::{OpenOptions, PathSet, Repository, Want};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::Shape;

/// A program with nothing of the user's settings and a cache of its own.
fn program(name: &str, dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let home = dir.join("../.home");
    command.env("HOME", &home).env("XDG_CACHE_HOME", home.join("cache")).env("XDG_CONFIG_HOME", home.join("config"));
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("NO_COLOR", "1").env("PILAB_NOW", "2026-11-23T06:00:00Z");
    command
}

/// Runs it; a wrong exit code stops the measuring, since then something else was measured.
fn run(name: &str, dir: &Path, args: &[&str], codes: &[i32]) {
    let status = program(name, dir, args).status().expect("the program starts");
    assert!(status.code().is_some_and(|code| codes.contains(&code)), "{name} {args:?}: {status}");
}

const PILAB: &str = env!("CARGO_BIN_EXE_pilab");

fn start(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    criterion.bench_function("--help", |bencher| bencher.iter(|| run(PILAB, dir.path(), &["--help"], &[0])));
}

/// 50 modules in 6 environments out of 10 repositories; 16 modules in 5 environments out of 4.
fn large(criterion: &mut Criterion) {
    for (name, args, shape) in [
        (
            "status, 50 modules x 6 environments",
            ["status"],
            Shape { modules: 50, environments: 6, repositories: 10, commits: 300, deployments: 6 },
        ),
        (
            "drift, 16 modules x 5 environments",
            ["drift"],
            Shape { modules: 16, environments: 5, repositories: 4, commits: 500, deployments: 6 },
        ),
    ] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        support::config_repository(dir.path(), shape);
        for repository in 0..shape.repositories {
            run("git", &dir.path().join(format!("code{repository}.git")), &["gc", "--quiet"], &[0]);
        }
        let config = dir.path().join("config");
        criterion.bench_function(name, |bencher| bencher.iter(|| run(PILAB, &config, &args, &[0, 3, 5])));
    }
}

fn demo(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    criterion.bench_function("demo", |bencher| {
        bencher.iter(|| {
            let target = tempfile::tempdir_in(dir.path()).expect("a temporary folder");
            run(PILAB, target.path(), &["demo", "demo"], &[0]);
        });
    });
    run(PILAB, dir.path(), &["demo", "demo"], &[0]);
    let config = dir.path().join("demo/shop-config");
    criterion.bench_function("drift, all pairs of the demo", |bencher| {
        bencher.iter(|| run(PILAB, &config, &["drift"], &[0, 3, 5]));
    });
}

/// Ranges of a long history: the whole, and its last commits.
fn walk(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let code = dir.path().join("code.git");
    support::code_repository(&code, 20, 5000, &[0, 1, 2, 3, 4]);
    run("git", &code, &["gc", "--quiet"], &[0]);
    let options = OpenOptions { graphs: Some(dir.path().join("graphs")), ..OpenOptions::default() };
    let (whole, last) = ("v1.0.0..v1.4.0", "main~20..main");
    let git = Repository::open(&code, &options).expect("the repository opens");
    let commit = |name: &str| git.resolve(name).expect("the ref is there");
    let before = git.ranges(&commit("v1.3.0"), &commit("main"), &[], Want::default());
    assert!(before.is_ok());
    let mut group = criterion.benchmark_group("walk");
    for (name, args) in [
        ("4000 commits, git rev-list", vec!["rev-list", whole]),
        ("4000 commits, git log --name-only", vec!["log", "--name-only", whole]),
        ("20 commits, git log --name-only", vec!["log", "--name-only", last]),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| run("git", &code, &args, &[0])));
    }
    group.bench_function("4000 commits, pilab notes", |bencher| {
        bencher.iter(|| run(PILAB, &code, &["notes", whole], &[0]));
    });
    let all = [PathSet::new(&[]).expect("the whole repository")];
    let modules: Vec<PathSet> =
        (0..20).map(|module| PathSet::new(&[format!("m/m{module}")]).expect("a folder")).collect();
    let files = Want { files: true, patch_ids: true, ..Want::default() };
    for (name, from, paths, want) in [
        ("4000 commits, ids", "v1.0.0", &all[..], Want::default()),
        ("4000 commits, files", "v1.0.0", &all[..], files),
        ("4000 commits, files of 20 modules", "v1.0.0", &modules[..], files),
    ] {
        let (from, to) = (commit(from), commit("v1.4.0"));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let opened = Repository::open(&code, &options).expect("the repository opens");
                opened.ranges(&from, &to, paths, want).expect("the range is there")
            });
        });
    }
    group.finish();
}

/// The history of all cells: for the first time, after one more deployment, and when nothing is new.
fn events(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let shape = Shape { modules: 50, environments: 6, repositories: 0, commits: 0, deployments: 10 };
    support::config_repository(dir.path(), shape);
    let config = dir.path().join("config");
    run("git", &config, &["gc", "--quiet"], &[0]);
    let open = || Repository::open(&config, &OpenOptions::default()).expect("the repository opens");
    let head = open().head().expect("HEAD is there").expect("there is a commit").commit;
    let before = open().commit(&head).expect("the commit is there").parents.remove(0);
    let (kept, earlier, work) = (dir.path().join("kept"), dir.path().join("earlier"), dir.path().join("work"));
    let ask =
        |commit, cache: Option<&Path>| open().path_events(commit, "manifest", cache).expect("the events are there");
    ask(&head, Some(&kept));
    ask(&before, Some(&earlier));
    let mut group = criterion.benchmark_group("events of 3000 deployments");
    let log = ["log", "--raw", "--no-abbrev", "--format=%H %ct %an", "--", "manifest"];
    group.bench_function("git log --raw", |bencher| bencher.iter(|| run("git", &config, &log, &[0])));
    group.bench_function("first time", |bencher| bencher.iter(|| ask(&head, None)));
    group.bench_function("one more", |bencher| {
        bencher.iter(|| {
            std::fs::copy(&earlier, &work).expect("the cache is copied");
            ask(&head, Some(&work))
        });
    });
    group.bench_function("nothing new", |bencher| bencher.iter(|| ask(&head, Some(&kept))));
    group.finish();
}

criterion_group! {
    name = main_job;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = start, large, demo, walk, events
}
criterion_main!(main_job);
