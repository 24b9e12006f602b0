//! Compares the files that are generated out of the program (completions, man pages, reference, example settings) with
//! the tree. `UPDATE=1` writes them, and takes away what is no longer generated.
use crate::support::{difference, files_below, update};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold generated files only.
const FOLDERS: &[(&str, &str)] = &[("man", "1")];

#[test]
fn generated_files_are_current() {
    let files: Vec<(String, String)> = files().into_iter().collect();
    let mut failures = Vec::new();
    for (path, content) in &files {
        let found = fs::read_to_string(path).unwrap_or_default();
        if found == *content {
            continue;
        }
        if update() {
            fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        } else {
            failures.push(format!("{path}\n{}", difference(content, &found)));
        }
    }
    let known: BTreeSet<PathBuf> = files.iter().map(|(path, _)| PathBuf::from(path)).collect();
    for stray in FOLDERS.iter().flat_map(|(dir, end)| files_below(Path::new(dir), end)) {
        if !known.contains(&stray) && update() {
            fs::remove_file(stray).unwrap();
        } else if !known.contains(&stray) {
            failures.push(format!("{} is generated no longer", stray.display()));
        }
    }
    assert!(failures.is_empty(), "\n{}\n(UPDATE=1 writes them)", failures.join("\n"));
}

/// Path and content of every generated file.
fn files() -> Vec<(String, String)> {
    pilab::cli::generated_files().into_iter().map(|(path, content)| (path.to_string(), content)).collect()
}
