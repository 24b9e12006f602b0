//! What programs rely on: every JSON names its schema, formats go to several files in one run, and a reader that leaves
//! early changes no exit code.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

fn pilab(dir: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilab"));
    command.args(line.split(' ')).current_dir(dir).env_clear().env("HOME", dir);
    command.env("PILAB_NOW", "2026-11-25T12:00:00Z").stdin(Stdio::null());
    command
}

/// The demo's config repository, written once for all tests of this process that only read it. Runners that start a
/// process for each test run several of them at once, so each has a folder of its own.
pub(crate) fn demo() -> &'static Path {
    static SHOP: LazyLock<PathBuf> = LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-of-tests-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        assert!(pilab(&dir, "demo d").output().unwrap().status.success());
        dir.join("d/shop-config")
    });
    &SHOP
}

#[test]
fn every_json_names_its_schema() {
    let shop = demo();
    let report = pilab(shop, "drift staging..prod --json").output().unwrap().stdout;
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let id = report["pairs"][0]["findings"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(report["exit"], serde_json::json!({ "code": 5, "reason": "incomplete" }));
    for (line, schema) in [
        ("status --json", "pilab.status/v1"),
        ("drift --json", "pilab.drift/v1"),
        ("drift explain ID --json", "pilab.explanation/v1"),
        ("drift accept ID --reason x --forever -n --json", "pilab.acceptances/v1"),
        ("notes prod..staging --json", "pilab.notes/v1"),
        ("notes prod..staging --context", "pilab.notes/v1"),
        ("lint --json", "pilab.lint/v1"),
        ("repo list --json", "pilab.repositories/v1"),
        ("config list --json", "pilab.config/v1"),
        ("auth status --json", "pilab.hosts/v1"),
        ("version --json", "pilab.version/v1"),
    ] {
        let output = pilab(shop, &line.replace("ID", &id)).output().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(value["schema"], schema, "{line}");
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let camel = |key: &&str| key.chars().all(|c| c.is_ascii_alphanumeric());
        assert!(keys.iter().all(camel), "{line}: {keys:?}");
    }
}

#[test]
fn several_formats_in_one_run() {
    let shop = demo();
    let Output { status, stdout, .. } =
        pilab(shop, "drift staging..prod -o json=../d.json -o md=../d.md -o text --fail-on high").output().unwrap();
    let out = shop.parent().unwrap();
    assert_eq!(status.code(), Some(3));
    assert!(String::from_utf8(stdout).unwrap().contains("\nFAIL  "));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(out.join("d.json")).unwrap()).unwrap();
    assert_eq!((&report["exit"]["code"], &report["exit"]["reason"]), (&3.into(), &"findings".into()));
    assert!(fs::read_to_string(out.join("d.md")).unwrap().starts_with("## Drift: staging → prod\n"));
    let files = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!files.into_iter().any(|name| name.starts_with(".pilab-")), "no temporary file is left");
}

#[test]
fn a_reader_that_leaves_changes_no_exit_code() {
    let shop = demo();
    for line in [
        "status",
        "drift",
        "drift staging..prod --fail-on high",
        "drift --oneline",
        "drift --json",
        "notes prod..staging -q",
        "lint",
        "schema drift",
        "repo list",
        "explain --list",
        "explain ENV007",
        "help ranges",
    ] {
        let whole = pilab(shop, line).output().unwrap();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let left = pilab(shop, line).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((left.status.code(), &left.stderr), (whole.status.code(), &whole.stderr), "{line}");
        assert!(left.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&left.stderr));
    }
}
