//! Any text through the YAML engine: no panic, and what was quoted is read back.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::yaml;

fuzz_target!(|text: &str| {
    let (nodes, _) = yaml::parse(text, &yaml::Limits::default());
    for node in &nodes {
        let _ = node.to_json();
    }
    let quoted = yaml::quote(text);
    let (back, errors) = yaml::parse(&quoted, &yaml::Limits::default());
    assert!(errors.is_empty(), "{quoted:?} {errors:?}");
    assert_eq!(back.first().and_then(yaml::Node::text), Some(text));
});
