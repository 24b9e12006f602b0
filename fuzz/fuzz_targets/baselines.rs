//! Any baseline file: what is accepted is read back, the rest stays, and revoking takes away one entry.
#![no_main]
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pilab::catalog::baselines::{accept, read, revoke};
use pilab::model::config::Accepted;
use pilab::model::{Mode, Pair};

#[derive(Arbitrary, Debug)]
struct Input {
    file: String,
    from: String,
    to: String,
    texts: [String; 4],
    twice: bool,
}

fn entries(text: &str) -> Vec<Accepted> {
    let baselines = read(text, "b.yaml").expect("what was written is read");
    baselines.into_iter().flat_map(|baseline| baseline.spec.accepted).collect()
}

fuzz_target!(|input: Input| {
    let [fingerprint, reason, by, until] = input.texts;
    let entry = Accepted { fingerprint: format!("v1:{fingerprint}"), reason, by, until: Some(until), ticket: None };
    let pair = Pair { from: input.from, to: input.to, mode: Mode::Promote };
    let fresh = accept(None, "b.yaml", &pair, &entry).expect("a new file can be written");
    assert_eq!(entries(&fresh), [entry.clone()]);
    assert_eq!(revoke(&fresh, "b.yaml", &entry.fingerprint).expect("it is there"), None);

    let old = if input.twice { fresh } else { input.file };
    let Ok(before) = read(&old, "b.yaml") else { return };
    let before: Vec<Accepted> = before.into_iter().flat_map(|baseline| baseline.spec.accepted).collect();
    let Ok(longer) = accept(Some(&old), "b.yaml", &pair, &entry) else { return };
    let mut after = entries(&longer);
    assert_eq!(after.len(), before.len() + 1, "{old:?} {longer:?}");
    let at = after.iter().rposition(|one| *one == entry).expect("the new entry is there");
    after.remove(at);
    assert_eq!(after, before, "{old:?} {longer:?}");
});
