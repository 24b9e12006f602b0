//! Any files as a kustomization: built within limits, the same each time, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::kustomize::{Limits, build};
use pilab::tree::MemTree;

// Files, each after a line `=== PATH`.
fuzz_target!(|text: &str| {
    let mut tree = MemTree::default();
    for file in format!("\n{text}").split("\n=== ").skip(1) {
        let (path, content) = file.split_once('\n').unwrap_or((file, ""));
        tree.insert(path, content);
    }
    let limits = Limits { depth: 10, builds: 100, objects: 500, bytes: 1 << 20 };
    for root in ["", "overlay"] {
        assert_eq!(build(&tree, root, limits), build(&tree, root, limits));
    }
});
