//! Any text through the YAML engine: no panic, spans inside the text, and what was quoted is read back.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::yaml::{self, Node};

fuzz_target!(|text: &str| {
    let (nodes, errors) = yaml::parse(text, &yaml::Limits::default());
    for node in &nodes {
        let _ = node.to_json();
        inside(node, text);
    }
    assert!(errors.iter().all(|error| text.get(error.span.start..error.span.end).is_some()), "{errors:?}");
    edit(text, &nodes, errors.is_empty());
    let quoted = yaml::quote(text);
    let (back, errors) = yaml::parse(&quoted, &yaml::Limits::default());
    assert!(errors.is_empty(), "{quoted:?} {errors:?}");
    assert_eq!(back.first().and_then(Node::text), Some(text));
});

fn inside(node: &Node, text: &str) {
    assert!(text.get(node.span.start..node.span.end).is_some(), "{:?}", node.span);
    node.as_list().iter().for_each(|item| inside(item, text));
    for (key, value) in node.as_map() {
        inside(key, text);
        inside(value, text);
    }
}

/// An edit of the list `a` changes this list and nothing else, or is refused.
fn edit(text: &str, nodes: &[Node], sound: bool) {
    let Some(list) = nodes.first().and_then(|node| node.get("a")).filter(|_| sound) else { return };
    let whole: Vec<_> = list.as_list().iter().map(Node::to_json).collect();
    let mut wanted = nodes.iter().map(Node::to_json).collect::<Vec<_>>();
    if let Ok(longer) = yaml::append_item(text, list, "x: \"1\"\ny: z") {
        let mut items = whole.clone();
        items.push(serde_json::json!({"x": "1", "y": "z"}));
        wanted[0]["a"] = items.into();
        assert_eq!(read(&longer), wanted, "{longer:?}");
    }
    if let (false, Ok(shorter)) = (whole.is_empty(), yaml::remove_item(text, list, 0)) {
        let left = whole[1..].to_vec();
        let now = read(&shorter);
        wanted[0]["a"] = left.clone().into();
        let emptied = left.is_empty() && now.first().is_some_and(|node| node["a"].is_null());
        assert!(now == wanted || emptied, "{shorter:?}");
    }
}

fn read(text: &str) -> Vec<serde_json::Value> {
    let (nodes, errors) = yaml::parse(text, &yaml::Limits::default());
    assert!(errors.is_empty(), "{text:?} {errors:?}");
    nodes.iter().map(Node::to_json).collect()
}
