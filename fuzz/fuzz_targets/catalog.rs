//! Any documents as a config repository: diagnostics, never a panic, and no secret in them by chance.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::tree::MemTree;

fuzz_target!(|files: (&str, &str)| {
    let tree = MemTree::of([("pilab.yaml", files.0), ("modules/a.yaml", files.1)]);
    let _ = pilab::catalog::load(&tree);
});
