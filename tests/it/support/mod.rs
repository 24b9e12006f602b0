//! What several integration tests use: finding files, running commands in a closed world, comparing what they print.
mod blocks;
mod shell;
mod world;

pub(crate) use blocks::{parse, render};
pub(crate) use shell::split;
pub(crate) use world::World;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// All files with this extension below a folder, sorted.
pub(crate) fn files_below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Whether the tests shall write down what they see.
pub(crate) fn update() -> bool {
    std::env::vars_os().any(|(name, value)| name == "UPDATE" && value == "1")
}

/// Runs `work` over all items, as many at a time as there are processors; answers in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((at, item)) = next_item(items, &next) {
                    let result = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn next_item<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    items.get(at).map(|item| (at, item))
}

/// The first lines in which two texts differ, to read in a terminal.
pub(crate) fn difference(wanted: &str, got: &str) -> String {
    similar::TextDiff::from_lines(wanted, got).unified_diff().context_radius(3).header("wanted", "got").to_string()
}
