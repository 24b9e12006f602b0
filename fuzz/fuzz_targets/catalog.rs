//! Any documents as a config repository: the same diagnostics each time, with places inside their files, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::tree::MemTree;

fuzz_target!(|files: (&str, &str, &str)| {
    let tree = MemTree::of([("pilab.yaml", files.0), ("modules/a.yaml", files.1), ("manifest/prod/a.yaml", files.2)]);
    let (catalog, problems) = pilab::catalog::load(&tree);
    assert_eq!(problems, pilab::catalog::load(&tree).1);
    let Some(catalog) = catalog else { return };
    let _ = catalog.pairs();
    let _ = catalog.expired("2026-11-25T12:00:00Z".parse().expect("a moment"));
    let (_, _) = pilab::drift::Policies::compile(&catalog);
    for module in catalog.modules.values() {
        let _ = pilab::drift::resolve_ref(&catalog, &module.value, "1.2.0");
        let _ = pilab::adapters::git::PathSet::new(&module.value.spec.paths);
    }
});
