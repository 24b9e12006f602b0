//! Holds the sources to the table in `docs/architecture.md`, and to the size and the first line of every file.
use crate::source::{functions, masked, names, paths, without_tests};
use crate::support::files_below;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const TABLE: &str = "docs/architecture.md";
const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 70;

/// What a pure module may not name.
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "stdout",
    "stderr",
    "stdin",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "tokio::",
    "reqwest::",
    "git2::",
    "gix::",
    "keyring::",
    "tempfile::",
];

/// What a pure module may not name of the standard library, however the `use` is written.
const IMPURE_STD: &[&str] = &["fs", "env", "process", "net", "thread"];

/// Folders of floors: their modules have two names.
const FLOORS: &[&str] = &["engines", "adapters"];

struct Row {
    pure: bool,
    may: BTreeSet<String>,
}

/// A source file: path and text.
type Source = (String, String);

#[test]
fn sources_keep_to_the_table() {
    let sources = sources();
    assert!(sources.len() > 20, "the sources were not found");
    let complaints = check(&sources, &fs::read_to_string(TABLE).unwrap());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn sources() -> Vec<Source> {
    ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| files_below(Path::new(folder), "rs"))
        .map(|file| (file.display().to_string().replace('\\', "/"), fs::read_to_string(&file).unwrap()))
        .collect()
}

/// Everything that is wrong.
fn check(sources: &[Source], table: &str) -> Vec<String> {
    let rows = rows(table);
    let mut complaints = Vec::new();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in sources {
        let code = masked(text);
        complaints.extend(shape(file, text, &code));
        if let Some(path) = file.strip_prefix("src/")
            && !is_test(file)
        {
            complaints.extend(imports(file, path, &without_tests(&code), &rows, &mut used));
        }
    }
    complaints.extend(stale(&rows, &used));
    complaints.extend(cycle(&rows));
    complaints
}

fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

/// The first line, and the lengths.
fn shape(file: &str, text: &str, code: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if !text.starts_with("//! ") {
        complaints.push(format!("{file}: the first line must say what the file is (`//! …`)"));
    }
    let lines = text.lines().count();
    if lines > FILE_LINES {
        complaints.push(format!("{file}: {lines} lines, at most {FILE_LINES}"));
    }
    for (name, line, lines) in functions(code).into_iter().filter(|(_, _, lines)| *lines > FUNCTION_LINES) {
        complaints.push(format!("{file}:{line}: `{name}` has {lines} lines, at most {FUNCTION_LINES}"));
    }
    complaints
}

/// What one file imports and names, against the row of its module.
fn imports(
    file: &str,
    path: &str,
    code: &str,
    rows: &BTreeMap<String, Row>,
    used: &mut BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    let found: BTreeSet<String> = paths(code, "crate").iter().map(|path| module_of(path)).collect();
    let Some(module) = module_of_file(path) else {
        // These join the modules and hold nothing else.
        return found.iter().map(|import| format!("{file}: joins modules and may not import `{import}`")).collect();
    };
    let Some(row) = rows.get(&module) else {
        return vec![format!("{file}: no row for `{module}` in {TABLE}")];
    };
    for import in found.into_iter().filter(|import| *import != module) {
        if !row.may.contains(&import) {
            complaints.push(format!("{file}: `{module}` may not import `{import}`"));
        }
        used.entry(module.clone()).or_default().insert(import);
    }
    let is_root = path == format!("{module}/mod.rs") || path == format!("{module}.rs");
    for back_door in ["super::super", "pub use crate::"].iter().filter(|word| code.contains(**word)) {
        complaints.push(format!("{file}: `{back_door}` hides an import from the table"));
    }
    if is_root && names(code, "super::") {
        complaints.push(format!("{file}: `super::` leads out of `{module}`"));
    }
    if row.pure {
        complaints.extend(impure(file, &module, code));
    }
    complaints
}

fn impure(file: &str, module: &str, code: &str) -> Vec<String> {
    let std = paths(code, "std").into_iter().filter_map(|path| {
        let head = path.split("::").next().unwrap_or_default().to_owned();
        IMPURE_STD.contains(&head.as_str()).then(|| format!("std::{head}"))
    });
    let words = IMPURE.iter().filter(|word| names(code, word)).map(|word| (*word).to_owned());
    let all: BTreeSet<String> = std.chain(words).collect();
    all.iter().map(|word| format!("{file}: `{module}` is pure and may not use `{word}`")).collect()
}

/// `engines::yaml::Node` is of `engines/yaml`, `model::Kind` of `model`.
fn module_of(path: &str) -> String {
    let mut parts = path.split("::");
    let head = parts.next().unwrap_or_default();
    match parts.next() {
        Some(below) if FLOORS.contains(&head) => format!("{head}/{below}"),
        _ => head.to_owned(),
    }
}

/// The module of a file below `src/`; `None` for the files that only join modules.
fn module_of_file(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["lib.rs" | "main.rs"] => None,
        [floor, "mod.rs"] if FLOORS.contains(floor) => None,
        [floor, module, ..] if FLOORS.contains(floor) => Some(format!("{floor}/{}", module.trim_end_matches(".rs"))),
        [module, ..] => Some(module.trim_end_matches(".rs").to_owned()),
        [] => None,
    }
}

/// The rows of the table, by module.
fn rows(table: &str) -> BTreeMap<String, Row> {
    let body = table.lines().skip_while(|line| !line.starts_with("| module")).skip(2);
    body.take_while(|line| line.starts_with("| "))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let may = cells[2].split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect();
            (cells[0].to_owned(), Row { pure: cells[1] == "pure", may })
        })
        .collect()
}

/// Permissions that nobody uses, and rows that no file belongs to.
fn stale(rows: &BTreeMap<String, Row>, used: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let unused = |name: &String, may: &String| !used.get(name).is_some_and(|used| used.contains(may));
    rows.iter()
        .flat_map(|(name, row)| row.may.iter().filter(move |may| unused(name, may)).map(move |may| (name, may)))
        .map(|(name, may)| format!("{TABLE}: `{name}` no longer imports `{may}`"))
        .collect()
}

/// Takes away, again and again, every module that waits for no other; what stays is a cycle.
fn cycle(rows: &BTreeMap<String, Row>) -> Vec<String> {
    let mut left: BTreeMap<&String, &Row> = rows.iter().collect();
    loop {
        let free: Vec<&String> = left
            .iter()
            .filter(|(_, row)| !row.may.iter().any(|may| left.contains_key(may)))
            .map(|(name, _)| *name)
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|name, _| !free.contains(name));
    }
    if left.is_empty() { Vec::new() } else { vec![format!("{TABLE}: a cycle among {:?}", left.keys())] }
}

/// The tests of the test: planted mistakes.
#[cfg(test)]
mod planted {
    use super::check;

    const TABLE: &str = "text\n\n| module | pure | may import | is |\n| --- | --- | --- | --- |\n\
        | low | pure | | ground |\n| engines/fast | pure | low | engine |\n| top | | low, engines/fast | face |\n\n| a | b |\n";
    const GOOD: &[(&str, &str)] = &[
        ("src/lib.rs", "//! The map.\npub mod low;\n"),
        ("src/engines/mod.rs", "//! Engines.\npub mod fast;\n"),
        ("src/low/mod.rs", "//! Ground.\n// crate::top\nconst A: &str = \"std::fs crate::top\";\n"),
        ("src/engines/fast/mod.rs", "//! Engine.\nuse crate::low::A;\n"),
        ("src/top.rs", "//! Face.\nuse crate::{engines::{fast::{B, C}}, low::A};\nuse std::fs;\n"),
    ];

    /// The complaints about the good sources with this file added, or put in another's place.
    fn about(file: &str, text: &str) -> Vec<String> {
        let mut sources: Vec<_> = GOOD.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        sources.retain(|(name, _)| name != file);
        sources.push((file.to_owned(), text.to_owned()));
        check(&sources, TABLE)
    }

    #[test]
    fn the_good_sources_are_good() {
        assert_eq!(about("src/low/x.rs", "//! X.\nuse super::A;\n"), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_named() {
        let long = format!("//! X.\n{}", "\n".repeat(600));
        let long_function = format!("//! X.\nfn f(a: [u8; 2]) {{\n{}}}\n", "    a();\n".repeat(69));
        let cases: &[(&str, &str, &str)] = &[
            ("src/low/x.rs", "//! X.\nuse crate::top::T;\n", "src/low/x.rs: `low` may not import `top`"),
            ("src/low/x.rs", "//! X.\nuse crate::{\n    low::A,\n    engines::fast,\n};\n", "import `engines/fast`"),
            ("src/low/x.rs", "//! X.\nfn f() { crate::top::g() }\n", "`low` may not import `top`"),
            ("src/new/mod.rs", "//! X.\n", "src/new/mod.rs: no row for `new`"),
            ("src/engines/mod.rs", "//! X.\nuse crate::low::A;\n", "joins modules and may not import `low`"),
            (
                "src/top.rs",
                "//! X.\nuse crate::low::A;\n",
                "docs/architecture.md: `top` no longer imports `engines/fast`",
            ),
            ("src/low/x.rs", "//! X.\nuse std::fs;\n", "`low` is pure and may not use `std::fs`"),
            ("src/low/x.rs", "//! X.\nuse std::{fmt, fs::{self, File}};\n", "`low` is pure and may not use `std::fs`"),
            ("src/low/x.rs", "//! X.\nfn f() { println!(); }\n", "may not use `println!`"),
            ("src/low/x.rs", "//! X.\nfn f() { jiff::Timestamp::now(); }\n", "may not use `Timestamp::now`"),
            ("src/low/x.rs", "//! X.\nuse gix::Repository;\n", "may not use `gix::`"),
            ("src/low/x.rs", "//! X.\nuse super::super::top;\n", "`super::super` hides"),
            ("src/low/x.rs", "//! X.\npub use crate::low::A;\n", "`pub use crate::` hides"),
            ("src/low/mod.rs", "//! X.\nuse super::top;\n", "`super::` leads out of `low`"),
            ("src/low/x.rs", "// X.\n", "the first line must say"),
            ("tests/it/x.rs", "use x;\n", "tests/it/x.rs: the first line must say"),
            ("src/low/x.rs", &long, "601 lines, at most 600"),
            ("src/low/x.rs", &long_function, "src/low/x.rs:2: `f` has 71 lines, at most 70"),
        ];
        for (file, text, wanted) in cases {
            let complaints = about(file, text);
            assert_eq!(complaints.len(), 1, "{file}: {text}\n{complaints:?}");
            assert!(complaints[0].contains(wanted), "{complaints:?} does not say `{wanted}`");
        }
    }

    #[test]
    fn what_only_looks_like_a_mistake_is_none() {
        for text in [
            "//! X.\n/* use crate::top; /* nested */ println!() */\n",
            "//! X.\nconst A: &str = r#\"\" std::fs crate::top \"#;\nconst B: char = '\"';\n// crate::top \"\n",
            "//! X.\nfn f<'a>(a: &'a str) -> char { '{' }\n",
            "//! X.\n#[cfg(test)]\nmod tests {\n    use crate::top::T;\n    fn f() { println!(\"}\"); }\n}\n",
            "//! X.\n#[cfg(test)]\nmod tests;\nconst STD_FS: u8 = 1;\n",
            "//! X.\nfn f() { writeln!(a, \"\"); my_println!(); mystdout(); }\n",
        ] {
            assert_eq!(about("src/low/x.rs", text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(about("src/low/tests.rs", "//! X.\nuse crate::top::T;\n"), Vec::<String>::new());
    }

    #[test]
    fn code_behind_a_test_module_is_still_read() {
        let text = "//! X.\n#[cfg(test)]\nmod tests {}\nuse crate::top::T;\n";
        assert_eq!(about("src/low/x.rs", text).len(), 1);
    }

    #[test]
    fn a_cycle_is_named() {
        let table = TABLE.replace("| low | pure | |", "| low | pure | top |");
        let sources: Vec<_> = GOOD.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        let complaints = check(&sources, &table);
        assert!(complaints.iter().any(|complaint| complaint.contains("a cycle among")), "{complaints:?}");
    }
}
