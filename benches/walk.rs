//! Walks a repository of your own once, for measuring time and memory on large histories:
//! `cargo run --release --features full --example walk -- ranges REPO A B [GRAPHS]` or `… events REPO FOLDER [CACHE]`.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use pilab::adapters::git::{OpenOptions, PathSet, Repository, Want};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ranges", repo, from, to, graphs @ ..] => ranges(repo, from, to, graphs.first().map(PathBuf::from)),
        ["events", repo, folder, cache @ ..] => events(repo, folder, cache.first().map(Path::new)),
        _ => Err("ranges REPO A B [GRAPHS] | events REPO FOLDER [CACHE]".to_owned()),
    }
}

fn open(repo: &str, graphs: Option<PathBuf>) -> Result<Repository, String> {
    Repository::open(Path::new(repo), &OpenOptions { graphs, any_owner: true }).map_err(|why| why.message)
}

fn ranges(repo: &str, from: &str, to: &str, graphs: Option<PathBuf>) -> Result<(), String> {
    let begin = Instant::now();
    let repository = open(repo, graphs)?;
    let (from, to) =
        (repository.resolve(from).map_err(|why| why.message)?, repository.resolve(to).map_err(|why| why.message)?);
    let whole = [PathSet::new(&[]).map_err(|why| why.message)?];
    for want in [
        Want::default(),
        Want { files: true, ..Want::default() },
        Want { files: true, patch_ids: true, ..Want::default() },
    ] {
        let found = repository.ranges(&from, &to, &whole, want).map_err(|why| why.message)?;
        for range in found {
            let range = range.map_err(|why| why.message)?;
            let (left, right) = (range.only_from.len(), range.only_to.len());
            println!("{:?} {want:?}: {left} + {right} commits, {} files", begin.elapsed(), range.files.len());
        }
    }
    Ok(())
}

fn events(repo: &str, folder: &str, cache: Option<&Path>) -> Result<(), String> {
    let repository = open(repo, cache.map(|cache| cache.with_extension("graphs")))?;
    let head = repository.head().map_err(|why| why.message)?.ok_or("no commit")?.commit;
    for _ in 0..2 {
        let begin = Instant::now();
        let found = repository.path_events(&head, folder, cache).map_err(|why| why.message)?;
        println!("{:?}: {} events", begin.elapsed(), found.len());
    }
    Ok(())
}
