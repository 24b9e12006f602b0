//! Any patterns over any paths: bounded, no panic, and the globs of trees find only what is there.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::adapters::git::PathSet;
use pilab::model::compare_versions;
use pilab::tree::{MemTree, glob, walk};

fuzz_target!(|input: (Vec<&str>, Vec<&str>)| {
    let (patterns, paths) = input;
    let patterns: Vec<String> = patterns.into_iter().take(16).map(str::to_owned).collect();
    if let Ok(set) = PathSet::new(&patterns) {
        for path in &paths {
            let _ = set.contains(path);
        }
    }
    let tree = MemTree::of(paths.iter().map(|path| (*path, "")));
    let all = walk(&tree, "");
    for pattern in &patterns {
        if let (Ok(found), Ok(all)) = (glob(&tree, pattern), &all) {
            assert!(found.iter().all(|path| all.contains(path)), "{pattern:?} {found:?}");
            assert!(found.is_sorted());
        }
    }
    for two in paths.windows(2) {
        let _ = (compare_versions(Default::default(), two[0], two[1]), pilab::model::closest(two[0], [two[1]]));
    }
});
