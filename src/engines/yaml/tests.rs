//! What the reader promises: scalars, merges, limits, places, edits.
use super::{Data, ErrorKind, Limits, Node, append_item, parse, quote, remove_item};
use proptest::prelude::*;

fn one(text: &str) -> Node {
    let (mut documents, errors) = parse(text, &Limits::default());
    assert!(errors.is_empty(), "{text:?}: {errors:?}");
    documents.pop().unwrap()
}

fn json(text: &str) -> String {
    one(text).to_json().to_string()
}

fn kinds(text: &str) -> Vec<ErrorKind> {
    parse(text, &Limits::default()).1.into_iter().map(|error| error.kind).collect()
}

/// Right: what `sigs.k8s.io/yaml` (go-yaml v2) makes of it as JSON.
const SCALARS: &[(&str, &str)] = &[
    ("y", "true"),
    ("Y", "true"),
    ("yes", "true"),
    ("YES", "true"),
    ("on", "true"),
    ("On", "true"),
    ("True", "true"),
    ("n", "false"),
    ("No", "false"),
    ("off", "false"),
    ("OFF", "false"),
    ("FALSE", "false"),
    ("tRue", r#""tRue""#),
    ("yEs", r#""yEs""#),
    ("oN", r#""oN""#),
    ("~", "null"),
    ("null", "null"),
    ("Null", "null"),
    ("NULL", "null"),
    ("nULL", r#""nULL""#),
    ("", "null"),
    ("nil", r#""nil""#),
    ("none", r#""none""#),
    ("0", "0"),
    ("-0", "0"),
    ("+1", "1"),
    ("0777", "511"),
    ("0o17", "15"),
    ("0O17", "15"),
    ("0b1", "1"),
    ("0B11", "3"),
    ("-0b101", "-5"),
    ("0x1F", "31"),
    ("0X1f", "31"),
    ("-0x10", "-16"),
    ("1_000", "1000"),
    ("0x_1", "1"),
    ("1_", "1"),
    ("0888", "888"),
    ("08", "8"),
    ("0o8", r#""0o8""#),
    ("0x", r#""0x""#),
    ("0xZ", r#""0xZ""#),
    ("0b2", r#""0b2""#),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("18446744073709551615", "18446744073709551615"),
    ("1.10", "1.1"),
    ("3.0", "3"),
    ("1.", "1"),
    (".5", "0.5"),
    ("-.5", "-0.5"),
    ("+.5", "0.5"),
    ("1e3", "1000"),
    ("1E3", "1000"),
    ("1e+3", "1000"),
    ("1e-3", "0.001"),
    ("1e309", r#""1e309""#),
    ("1e", r#""1e""#),
    ("e1", r#""e1""#),
    (".e1", r#""." "#),
    ("1.2.3", r#""1.2.3""#),
    (".inf", r#"".inf""#),
    ("-.Inf", r#""-.Inf""#),
    (".NaN", r#"".NaN""#),
    ("inf", r#""inf""#),
    ("nan", r#""nan""#),
    ("2001-01-01", r#""2001-01-01""#),
    ("2001-12-14t21:59:43.10-05:00", r#""2001-12-14t21:59:43.10-05:00""#),
    ("1:30", r#""1:30""#),
    ("12:30:45", r#""12:30:45""#),
    ("190:20:30.15", r#""190:20:30.15""#),
    ("\"yes\"", r#""yes""#),
    ("'0777'", r#""0777""#),
    ("\"\"", r#""""#),
    ("!!str 1.10", r#""1.10""#),
    ("!!str yes", r#""yes""#),
    ("!!int \"3\"", "3"),
    ("!!int 0x10", "16"),
    ("!!float 3", "3"),
    ("!!bool \"yes\"", "true"),
    ("!!null \"\"", "null"),
    ("!!binary aGVsbG8=", r#""hello""#),
    ("!foo 1", r#""1""#),
    ("! 12", r#""12""#),
    ("!!timestamp 2001-01-01", r#""2001-01-01""#),
    ("a b", r#""a b""#),
    ("a#b", r#""a#b""#),
    ("a #b", r#""a""#),
    ("-1", "-1"),
    ("--1", r#""--1""#),
    ("+", r#""+""#),
    ("-x", r#""-x""#),
    (".", r#"".""#),
    ("..", r#""..""#),
    ("0.0", "0"),
    ("00", "0"),
    ("1,000", r#""1,000""#),
    ("١", r#""١""#),
    ("=", r#""=""#),
    ("<<x", r#""<<x""#),
];

#[test]
fn scalars_are_what_kubernetes_tools_make_of_them() {
    for (written, expected) in SCALARS {
        if *written == ".e1" {
            assert_eq!(json("k: .e1"), r#"{"k":".e1"}"#);
            continue;
        }
        assert_eq!(json(&format!("k: {written}\n")), format!("{{\"k\":{expected}}}"), "{written:?}");
    }
}

#[test]
fn the_written_form_of_a_scalar_is_kept_also_of_keys() {
    let node = one("version: 1.10\nmode: 0777\non: yes\nnothing: ~\nempty:\n1.50: a\n");
    for (key, written) in [("version", "1.10"), ("mode", "0777"), ("on", "yes"), ("nothing", "~"), ("empty", "")] {
        assert_eq!(node.get(key).and_then(Node::scalar_str), Some(written), "{key}");
    }
    assert_eq!(node.get("version").unwrap().text(), None);
    assert_eq!(node.get("1.50").and_then(Node::text), Some("a"));
    assert_eq!(node.entry("on").unwrap().0.resolved_key().as_deref(), Some("true"));
    assert!(node.get("true").is_none());
    assert_eq!(node.key_span("mode").map(|span| (span.start, span.end)), Some((14, 18)));
}

#[test]
fn merge_keys_are_applied() {
    for (text, expected) in [
        ("a: &a {x: 1, y2: 2}\nb: {<<: *a, x: 3}", r#"{"x":3,"y2":2}"#),
        ("a: &a {x: 1}\nb: {x: 3, <<: *a}", r#"{"x":3}"#),
        ("b: {<<: {x: 1}}", r#"{"x":1}"#),
        ("a: &a {x: 1}\nc: &c {x: 2, z: 3}\nb: {<<: [*a, *c]}", r#"{"x":1,"z":3}"#),
        ("a: &a {x: 1}\nc: &c {<<: *a, z: 3}\nd: &d {<<: *c, w: 4}\nb: {<<: *d}", r#"{"w":4,"z":3,"x":1}"#),
        ("a: &a {x: 1}\nb: {!!merge <<: *a}", r#"{"x":1}"#),
        ("a: &a {x: 1}\nb: {\"<<\": 2}", r#"{"<<":2}"#),
        ("a: &a {x: 1}\na2: &a {x: 2}\nb: *a", r#"{"x":2}"#),
        ("l: &l [{x: 1}, {z: 2}]\nb: {<<: *l}", r#"{"x":1,"z":2}"#),
    ] {
        assert_eq!(one(text).get("b").unwrap().to_json().to_string(), expected, "{text}");
    }
}

#[test]
fn mistakes_are_told_with_their_places() {
    use ErrorKind::{BadMerge, DuplicateKey, Limit, Syntax, UnknownAnchor};
    for (text, kind, at) in [
        ("a: 1\nb: 2\na: 3\n", DuplicateKey, 10),
        ("1: a\n\"1\": b\n", DuplicateKey, 5),
        ("a: {<<: {x: 1}, <<: {z: 1}}", DuplicateKey, 16),
        ("a: *nope\n", UnknownAnchor, 3),
        ("a: &a [*a]\n", UnknownAnchor, 7),
        ("<<: 3\n", BadMerge, 4),
        ("<<: [{a: 1}, 3]\n", BadMerge, 13),
        ("a: [1, 2\nb: 3\n", Syntax, 10),
        ("a: 'x\n", Syntax, 3),
        ("? [a]\n: b\n", Syntax, 2),
        ("a: !!int x\n", Syntax, 9),
    ] {
        let errors = parse(text, &Limits::default()).1;
        assert_eq!(errors.first().map(|e| (e.kind, e.span.start)), Some((kind, at)), "{text:?}: {errors:?}");
    }
    assert_eq!(parse("a: 1\na: 2\n", &Limits::default()).1[0].other.map(|span| span.start), Some(0));
    let small = Limits { bytes: 60, nodes: 6, depth: 3 };
    for text in ["a: [[[1]]]", "[1, 2, 3, 4, 5, 6, 7]", &"x".repeat(61), "a: &a [1,2]\nb: [*a, *a]"] {
        assert_eq!(parse(text, &small).1.first().map(|error| error.kind), Some(Limit), "{text}");
    }
    assert_eq!(kinds(&"[".repeat(20_000)), [Limit]);
}

#[test]
fn documents_before_a_syntax_error_are_given() {
    let (documents, errors) = parse("a: 1\n---\nb: 2\n---\nc: [", &Limits::default());
    assert_eq!((documents.len(), errors.len()), (2, 1));
    assert_eq!(parse("# only a comment\n", &Limits::default()), (vec![], vec![]));
    assert_eq!(json("\u{feff}a: 1\r\nb: |\r\n  x\r\n  z\r\n"), r#"{"a":1,"b":"x\nz\n"}"#);
}

#[test]
fn an_alias_bomb_costs_nothing() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let names = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{names}]\n"));
    }
    let (documents, errors) = parse(&bomb, &Limits::default());
    assert!(documents.is_empty());
    assert_eq!(errors[0].kind, ErrorKind::Limit);
    let many = "a: &a [x, x, x, x]\nb: [*a, *a]\n---\n".repeat(9);
    assert_eq!(parse(&many, &Limits { nodes: 30, ..Limits::default() }).1.len(), 8);
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(","));
    assert_eq!(kinds(&long), [ErrorKind::Limit]);
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..300 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(kinds(&chain), [ErrorKind::Limit]);
}

#[test]
fn places_are_those_of_the_text() {
    let text = "a: &x\n  - b: 1 # c\n  - 'd'\nf: *x\ng: |\n  h\n";
    let node = one(text);
    let at = |node: &Node| &text[node.span.start..node.span.end];
    let list = node.get("a").unwrap();
    assert_eq!(at(list), "- b: 1 # c\n  - 'd'");
    assert_eq!(at(&list.as_list()[1]), "'d'");
    assert_eq!(at(node.get("f").unwrap()), "*x");
    assert_eq!(at(list.as_list()[0].get("b").unwrap()), "1");
    assert_eq!(one("a: !reset null").get("a").unwrap().tag.as_deref(), Some("!reset"));
    assert_eq!(one("a: !override [1]").get("a").unwrap().tag.as_deref(), Some("!override"));
    assert!(matches!(one("a: !!seq [1]").get("a").unwrap(), Node { tag: None, data: Data::List(_), .. }));
}

#[test]
fn lists_are_edited_and_nothing_else() {
    let find = |text: &str, key: &str| one(text).get(key).unwrap().clone();
    for (text, item, expected) in [
        ("l:\n  - a # x\n# end\nm: 1\n", "b", "l:\n  - a # x\n  - b\n# end\nm: 1\n"),
        ("l:\n- a", "k: v\nw: |\n  x\n", "l:\n- a\n- k: v\n  w: |\n    x\n"),
        ("l: [] # none\nm: 1\n", "b", "l:  # none\n  - b\nm: 1\n"),
        ("l:\n  - k: 1\n    v: |\n      text\n\nm: 1\n", "b", "l:\n  - k: 1\n    v: |\n      text\n\n  - b\nm: 1\n"),
        ("l:\r\n  - a\r\n", "b", "l:\r\n  - a\r\n  - b\r\n"),
        ("l:\n  -\n  - \nm: 1\n", "b", "l:\n  -\n  - \n  - b\nm: 1\n"),
    ] {
        assert_eq!(append_item(text, &find(text, "l"), item).as_deref(), Ok(expected), "{text:?}");
    }
    for (text, index, expected) in [
        ("l:\n  - a\n  # about b\n  - b\nm: 1\n", 0, "l:\n  # about b\n  - b\nm: 1\n"),
        ("l:\n  - a\n  - k: 1\n    v: 2 # x\n# end\n", 1, "l:\n  - a\n# end\n"),
        ("l:\n- a\nm: 1\n", 0, "l:\n  []\nm: 1\n"),
        ("l:\n  -\n    k: 1\n  - b", 0, "l:\n  - b"),
    ] {
        assert_eq!(remove_item(text, &find(text, "l"), index).as_deref(), Ok(expected), "{text:?}");
    }
    let text = "l: [a]\nm: {n: []}\n";
    assert!(append_item(text, &find(text, "l"), "b").is_err());
    assert!(append_item(text, find(text, "m").get("n").unwrap(), "b").is_err());
    assert!(remove_item(text, &find(text, "l"), 0).is_err());
    assert!(append_item("l:\n  - a\n", &find("l:\n  - a\n", "l"), "'b").is_err());
    let emptied = remove_item("l:\n  - a\n", &find("l:\n  - a\n", "l"), 0).unwrap();
    assert_eq!(append_item(&emptied, &find(&emptied, "l"), "c").as_deref(), Ok("l:\n    - c\n"));
}

#[test]
fn quoting_is_done_where_a_reader_could_err() {
    for (text, expected) in [
        ("plain text", "plain text"),
        ("yes", "\"yes\""),
        ("Y", "\"Y\""),
        ("1.10", "\"1.10\""),
        ("", "\"\""),
        ("a: b", "\"a: b\""),
        ("nULL", "\"nULL\""),
        (" a", "\" a\""),
        ("a\tb\n", "\"a\\tb\\n\""),
        ("\u{85}", "\"\\x85\""),
        ("2026-11-25", "\"2026-11-25\""),
        ("path/to.x", "path/to.x"),
    ] {
        assert_eq!(quote(text), expected);
    }
}

proptest! {
    #[test]
    fn what_is_quoted_is_read_back(text in any::<String>()) {
        for yaml in [format!("k: {}\n", quote(&text)), format!("[{}]", quote(&text)), format!("- {}", quote(&text))] {
            let node = one(&yaml);
            let found = node.get("k").or_else(|| node.as_list().first()).and_then(Node::text).map(str::to_owned);
            prop_assert_eq!(found.as_deref(), Some(text.as_str()));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[-a1:&*<{}\\[\\],#|>?!%@'\"\\\\ \n\r\t\u{feff}é~.0_x]{0,60}") {
        let (documents, _) = parse(&text, &Limits::default());
        for node in &documents {
            prop_assert!(node.span.start <= node.span.end && node.span.end <= text.len());
            let _ = node.to_json();
            for list in node.as_map().iter().map(|(_, value)| value).chain([node]) {
                let _ = (append_item(&text, list, "x"), remove_item(&text, list, 0));
            }
        }
    }
}
