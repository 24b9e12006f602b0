//! How long the main job takes: start, status, drift, notes; and Git itself for the same walk.
//! `cargo bench --features full`; what came out is in `docs/performance.md`.
#![allow(clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

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

fn status(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    support::config_repository(dir.path(), 50, 8);
    let config = dir.path().join("config");
    criterion.bench_function("status, 50 modules x 6 environments", |bencher| {
        bencher.iter(|| run(PILAB, &config, &["status"], &[0]));
    });
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

fn walk(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let code = dir.path().join("code.git");
    support::code_repository(&code, 20, 5000, &[0, 1, 2, 3, 4]);
    run("git", &code, &["gc", "--quiet"], &[0]);
    let mut group = criterion.benchmark_group("4000 commits");
    group.bench_function("git log --name-only", |bencher| {
        bencher.iter(|| run("git", &code, &["log", "--name-only", "v1.0.0..v1.4.0"], &[0]));
    });
    group.bench_function("pilab notes", |bencher| {
        bencher.iter(|| run(PILAB, &code, &["notes", "v1.0.0..v1.4.0"], &[0]));
    });
    group.finish();
}

criterion_group! {
    name = main_job;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(8));
    targets = start, status, demo, walk
}
criterion_main!(main_job);
