//! Any files as the migrations of any tool: found, opened and compared, the same each time, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::schema::chain::{Applied, Chain, applied, compare, discover, guess_dialect, open};
use pilab::tree::MemTree;

// Files, each after a line `=== PATH`. The second tree lacks the first file.
fuzz_target!(|text: &str| {
    let whole = format!("\n{text}");
    let files: Vec<(&str, &str)> =
        whole.split("\n=== ").skip(1).map(|file| file.split_once('\n').unwrap_or((file, ""))).collect();
    let (all, fewer) = (tree(&files), tree(files.get(1..).unwrap_or_default()));
    let (before, after) = (discover(&fewer, None), discover(&all, None));
    assert_eq!(after, discover(&all, None));
    for chain in &after {
        let _ = guess_dialect(chain);
        books(chain);
        let same = compare(chain, chain);
        assert!(same.prefix && same.added.is_empty() && same.removed.is_empty() && same.edited.is_empty(), "{same:?}");
        for old in before.iter().filter(|old| old.layout == chain.layout) {
            let _ = (compare(old, chain), compare(chain, old));
        }
    }
    for (path, _) in &files {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for path in [*path, folder] {
            if let Ok(chain) = open(&all, &[path.to_owned()], None, None) {
                books(&chain);
            }
        }
    }
});

fn tree(files: &[(&str, &str)]) -> MemTree {
    let mut tree = MemTree::default();
    for (path, content) in files {
        tree.insert(*path, *content);
    }
    tree
}

/// Books in which every second step ran, some with another checksum, some in vain.
fn books(chain: &Chain) {
    let ran = chain.steps.iter().step_by(2).enumerate().map(|(nth, step)| Applied {
        version: step.version.clone(),
        checksum: if nth.is_multiple_of(3) { Some("x".to_owned()) } else { step.checksum.clone() },
        success: !nth.is_multiple_of(4),
        at: None,
    });
    let _ = applied(chain, &ran.collect::<Vec<_>>());
}
