//! Nothing that a template says may break the engine, or make it run or grow without end.
use super::world::{data, find, run, set};
use crate::engines::gotemplate::{Limits, Mark, MissingKey, Options, Stage, Value, Vm, parse};
use proptest::prelude::*;

const SMALL: Limits = Limits { steps: 20_000, bytes: 1 << 20, depth: 50 };

/// The stage and the message of what `main` fails with.
fn failure(texts: &[(&str, &str)], limits: Limits) -> (Stage, String) {
    match run(texts, MissingKey::Zero, &data(), limits) {
        Ok(out) => panic_free(out.len()),
        Err(error) => (error.stage, error.text),
    }
}

fn panic_free(length: usize) -> (Stage, String) {
    (Stage::Exec, format!("no error but {length} bytes"))
}

#[test]
fn deep_parentheses_are_refused_as_in_go() {
    let text = format!("{{{{{}1{}}}}}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(
        failure(&[("main", &text)], SMALL),
        (Stage::Parse, "template: main:1: max expression depth exceeded".to_owned())
    );
    let text = format!("{{{{{}1{}}}}}", "(".repeat(9_999), ")".repeat(9_999));
    let out = run(&[("main", &text)], MissingKey::Zero, &data(), Limits::default());
    assert_eq!(out.map(|out| out.to_vec()), Ok(b"1".to_vec()));
    let text = format!("{{{{{}.s{}}}}}", "(str ".repeat(9_000), " | num)".repeat(9_000));
    assert_eq!(failure(&[("main", &text)], Limits::default()).0, Stage::Exec);
}

#[test]
fn deep_blocks_are_refused() {
    let text = "{{if 1}}".repeat(100_000);
    let deep = "template: main:1: control structures are nested too deeply".to_owned();
    assert_eq!(failure(&[("main", &text)], SMALL), (Stage::Parse, deep.clone()));
    assert_eq!(failure(&[("main", &"{{block `a` 1}}".repeat(100_000))], SMALL), (Stage::Parse, deep.clone()));
    assert_eq!(
        failure(&[("main", &format!("{{{{if 0}}}}{}", "{{else if 0}}".repeat(20_000)))], SMALL),
        (Stage::Parse, deep)
    );
    let text = format!("{}x{}", "{{with 1}}".repeat(9_000), "{{end}}".repeat(9_000));
    let out = run(&[("main", &text)], MissingKey::Zero, &data(), Limits::default());
    assert_eq!(out.map(|out| out.to_vec()), Ok(b"x".to_vec()));
}

#[test]
fn templates_that_call_themselves_end() {
    let depth = "exceeded maximum template depth (50)";
    let (stage, text) = failure(&[("main", "{{define `a`}}{{template `a`}}{{end}}{{template `a`}}")], SMALL);
    assert_eq!(
        (stage, text),
        (Stage::Limit, format!("template: main:1:25: executing \"a\" at <{{{{template \"a\"}}}}>: {depth}"))
    );
    let (stage, text) = failure(&[("main", "{{include `main` .}}")], SMALL);
    assert_eq!(
        (stage, text),
        (Stage::Limit, format!("template: main:1:2: executing \"main\" at <{{{{include `main` .}}}}>: {depth}"))
    );
    let (stage, text) =
        failure(&[("main", "{{tpl .s .}}{{ tpl \"{{tpl .q .}}\" (put . `q` \"{{tpl .q .}}\")}}")], SMALL);
    assert_eq!((stage, text.ends_with(depth)), (Stage::Limit, true));
    let limits = Limits { depth: 2000, ..Limits::default() };
    let text = "{{define `a`}}{{if lt . 1500}}{{include `a` (num .)}}{{else}}end{{end}}{{end}}{{include `a` 0}}";
    assert_eq!(run(&[("main", text)], MissingKey::Zero, &data(), limits).map(|out| out.to_vec()), Ok(b"end".to_vec()));
}

#[test]
fn steps_and_bytes_are_bounded() {
    let steps = "the template takes more steps than allowed";
    let bytes = "the template makes more text than allowed";
    assert!(failure(&[("main", "{{range 1000000000000}}{{end}}")], SMALL).1.ends_with(steps));
    assert!(failure(&[("main", "{{range 10000000}}{{range 1000000}}x{{end}}{{end}}")], SMALL).1.ends_with(steps));
    assert!(
        failure(&[("main", "{{$x := `xxxxxxxxxxxxxxxx`}}{{range 100}}{{$x = print $x $x}}{{end}}")], SMALL)
            .1
            .ends_with(bytes)
    );
    assert_eq!(failure(&[("main", "{{range 1000}}{{$.s | printf `%10000s`}}{{end}}")], SMALL).0, Stage::Limit);
    let (stage, _) = failure(&[("main", "{{$x := .l}}{{range 100}}{{$x = list $x $x}}{{end}}{{$x}}")], SMALL);
    assert_eq!(stage, Stage::Limit);
    let (stage, _) = failure(&[("main", "{{$m := dict}}{{$_ := put $m `a` $m}}{{$m}}")], SMALL);
    assert_eq!(stage, Stage::Limit);
}

#[test]
fn the_trace_names_the_line_of_each_piece() {
    let part = ("part.yaml", "{{define `part`}}p1\np2{{end}}");
    let texts = [
        part,
        (
            "main",
            "a: 1\nb: {{ .s }}\n{{- range .ints }}\n- {{ . }}\n{{- end }}\n{{ template `part` }}{{ include `part` . }}\n",
        ),
    ];
    let Ok(set) = set(&texts) else {
        return assert_eq!(texts.len(), 0);
    };
    let options = Options { trace: true, ..Options::default() };
    let mut host = ();
    let mut vm = Vm::new(set, &mut host, &find, Limits::default(), options);
    let out = vm.execute("main", &data()).map(|out| out.lossy().into_owned());
    assert_eq!(out.as_deref(), Ok("a: 1\nb: hello\n- 1\n- 2\n- 3\np1\np2p1\np2\n"));
    let mark = |offset, file: &str, line, plain| Mark { offset, file: file.into(), line, plain };
    let trace = vm.take_trace();
    assert_eq!(
        trace[..4],
        [mark(0, "main", 1, true), mark(8, "main", 2, false), mark(13, "main", 3, true), mark(16, "main", 4, false)]
    );
    assert_eq!(trace[9..], [mark(26, "part.yaml", 1, true), mark(31, "main", 6, false), mark(36, "main", 6, true)]);
    assert_eq!(vm.file(), "");
}

#[test]
fn a_run_that_failed_leaves_the_machine_usable() {
    let Ok(set) = set(&[("main", "{{$x := 1}}{{.}}{{with .x}}{{fail `no`}}{{end}}")]) else {
        return assert_eq!(1, 0);
    };
    let mut host = ();
    let mut vm = Vm::new(set, &mut host, &find, Limits::default(), Options::default());
    let bad = Value::map([("x".into(), Value::int(1))]);
    assert_eq!(
        vm.execute("main", &bad).map_err(|error| (error.line, error.column, error.template)),
        Err((1, 29, "main".to_owned()))
    );
    assert_eq!(vm.execute("main", &Value::Nil).map(|out| out.to_vec()), Ok(b"<no value>".to_vec()));
}

/// Pieces that make sense often enough to get far.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "if ",
    "else ",
    "end",
    "range ",
    "with ",
    "define `a`",
    "template `a` ",
    "block `b` .",
    "break",
    "continue",
    "$x",
    "$y",
    " := ",
    " = ",
    ",",
    ".",
    ".s",
    ".l",
    ".m.a",
    "(",
    ")",
    "|",
    " ",
    "1",
    "-2",
    "0x1p3",
    "'a'",
    "\"s\"",
    "`r`",
    "nil",
    "true",
    "print ",
    "index ",
    "len ",
    "eq ",
    "and ",
    "or ",
    "slice ",
    "printf ",
    "include `a` .",
    "tpl .s .",
    "str ",
    "num ",
    "\n",
    "/*",
    "*/",
    "text",
    "é",
    "\u{0}",
    "{{if .t}}",
    "{{end}}",
    "{{range .l}}",
    "{{range $i, $e := .mixed}}",
    "{{.}}",
    "{{else}}",
    "{{$x := .l}}",
    "{{$x}}",
    "dict ",
    "list ",
    "put .m `k` ",
    "call ",
    "html ",
    "js ",
    "lt ",
    "none",
];

proptest! {
    #[test]
    fn no_bytes_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut text = text;
        let _ = parse("a", &text, &find);
        text.splice(0..0, *b"{{");
        let _ = parse("a", &text, &find);
    }

    #[test]
    fn no_tokens_panic(picks in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = picks.iter().map(|pick| PIECES[*pick]).collect();
        let _ = run(&[("main", &text)], MissingKey::Zero, &data(), SMALL);
        let inside = format!("{{{{ {} }}}}", text.replace("{{", "").replace("}}", ""));
        let _ = run(&[("main", &inside)], MissingKey::Zero, &data(), SMALL);
    }
}
