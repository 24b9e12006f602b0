//! Any settings files and variables: an answer or a coded error, and no untrusted layer sets what needs trust.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::settings::{Inputs, KEYS, Layer, Origin, find, resolve};
use std::collections::BTreeMap;

fuzz_target!(|input: (&str, &str, Vec<(usize, String)>)| {
    let layer = |path: &str, text: &str, trusted| Layer { path: path.into(), text: text.to_owned(), trusted };
    let layers = [layer("/r/.pilab.toml", input.0, false), layer("/home/mia/config.toml", input.1, true)];
    let variable = |at: usize| match at % (KEYS.len() + 3) {
        at if at < KEYS.len() => KEYS[at].variable(),
        at => ["PILAB_REPOS_SHOP", "PILAB_ASCII", "HOME"][at - KEYS.len()].to_owned(),
    };
    let environment: BTreeMap<String, String> = input.2.into_iter().map(|(at, value)| (variable(at), value)).collect();
    let resolved = resolve(&Inputs { flags: &[], layers: &layers, environment, dir: "/work".into() });
    let Ok(resolved) = resolved else { return };
    for value in &resolved.values {
        let untrusted = matches!(&value.origin, Origin::File(path, _) if path.starts_with("/r"));
        assert!(!untrusted || !find(&value.name).is_some_and(|key| key.needs_trust), "{value:?}");
    }
    assert!(resolved.settings.cache.is_none_or(|path| path.is_absolute()));
});
