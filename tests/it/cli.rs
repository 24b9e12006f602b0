//! The binary as a process: streams, exit codes, closed pipes. What commands answer is tested below them.
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The binary with an environment of its own, started in `dir`.
fn pilab(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilab"));
    command.args(words).current_dir(dir).env_clear().env("HOME", dir).stdin(Stdio::null());
    command
}

fn run(dir: &Path, words: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = pilab(dir, words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn results_go_to_stdout_and_everything_else_to_stderr() {
    let dir = tempfile::tempdir().unwrap();
    for (words, code, out, err) in [
        (&["--version"][..], 0, "pilab 0.1.0\n", ""),
        (&["config", "get", "output.color"], 0, "auto\n", ""),
        (&["help", "exit-codes"], 0, "What the exit code says", ""),
        (&["drift", "--help"], 0, "Find what differs", ""),
        (&["man", "drift", "accept"], 0, ".ie ", ""),
        (&[], 2, "", "Know what runs where"),
        (&["drfit"], 2, "", "error[PL0114]"),
        (&["status", "-o", "xml"], 2, "", "error[PL0403]"),
        (&["status", "-o", "json", "-o", "md"], 2, "", "error[PL0112]"),
        (&["explain", "PL9999"], 2, "", "error[PL0109]"),
        (&["config", "get", "output.colour"], 2, "", "error[PL0115]"),
        (&["-C", "missing", "status"], 2, "", "error[PL0114]"),
    ] {
        let (got, stdout, stderr) = run(dir.path(), words);
        assert_eq!(got, code, "{words:?}: {stderr}");
        for (text, wanted) in [(&stdout, out), (&stderr, err)] {
            assert!(text.starts_with(wanted) && wanted.is_empty() == text.is_empty(), "{words:?}: {text}");
        }
        assert!(stderr.lines().count() < 40 && !stdout.contains('\x1b') && !stderr.contains('\x1b'), "{words:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let lines: [&[&str]; 6] = [
        &["man"],
        &["drift", "--help"],
        &["help", "environment"],
        &["completions", "zsh"],
        &["config", "list"],
        &["-V"],
    ];
    for words in lines {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = pilab(dir.path(), words).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{words:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let output = pilab(dir.path(), &["man"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("PL0402"));
}

#[test]
fn settings_of_a_repository_are_trusted_only_when_the_user_says_so() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("pilab.yaml"), "apiVersion: pilab.dev/v1\n").unwrap();
    fs::write(dir.path().join(".pilab.toml"), "[output]\npager = 'touch owned'\n").unwrap();
    let pager = |dir: &Path| run(dir, &["config", "get", "output.pager"]);
    let (code, out, err) = pager(dir.path());
    assert_eq!((code, out.as_str()), (0, "less -FRX\n"));
    assert!(err.contains("PL0502"), "{err}");
    assert_eq!(run(dir.path(), &["trust", "-n"]).0, 0);
    assert!(pager(dir.path()).2.contains("PL0502"), "a dry run changes nothing");
    assert_eq!(run(dir.path(), &["trust"]).0, 0);
    assert_eq!(pager(dir.path()), (0, "touch owned\n".to_owned(), String::new()));
    fs::write(dir.path().join(".pilab.toml"), "[output]\npager = 'touch other'\n").unwrap();
    assert!(pager(dir.path()).2.contains("PL0502"), "another content asks again");
}

#[test]
fn broken_settings_stop_what_depends_on_them_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".pilab.toml"), "ofline = true\n").unwrap();
    let (code, out, err) = run(dir.path(), &["config", "list"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("PL0501") && err.contains("did you mean 'offline'?"), "{err}");
    let (code, out, err) = run(dir.path(), &["version"]);
    assert_eq!((code, out.as_str()), (0, "pilab 0.1.0\n"));
    assert!(err.contains("PL0501"), "{err}");
}

#[test]
fn a_shell_gets_candidates_and_a_registration() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let gone = pilab(dir.path(), &[]).env("COMPLETE", "bash").stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((gone.status.code(), gone.stderr.len()), (Some(0), 0));
    let output = pilab(dir.path(), &[]).env("COMPLETE", "bash").output().unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("_clap_complete_pilab"));
    let asked =
        pilab(dir.path(), &["--", "pilab", "dr"]).env("COMPLETE", "zsh").env("_CLAP_COMPLETE_INDEX", "1").output();
    assert!(String::from_utf8_lossy(&asked.unwrap().stdout).starts_with("drift:"));
    let unknown = pilab(dir.path(), &[]).env("COMPLETE", "tcsh").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

/// What the binary prints on a terminal of its own, if the machine has the program that makes one.
#[cfg(target_os = "linux")]
fn on_a_terminal(words: &str, variables: &[(&str, &str)]) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_pilab"));
    let mut command = Command::new("script");
    command.args(["-qefc", &line, "/dev/null"]).current_dir(dir.path()).stdin(Stdio::null());
    command.envs([("HOME", dir.path().to_str().unwrap()), ("TERM", "xterm-256color"), ("PAGER", "cat")]);
    for name in ["NO_COLOR", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn colours_are_for_terminals_that_want_them() {
    type Case = (&'static str, &'static [(&'static str, &'static str)], bool);
    let cases: &[Case] = &[
        ("explain VER005", &[], true),
        ("explain VER005", &[("NO_COLOR", "1")], false),
        ("explain VER005", &[("NO_COLOR", "")], true),
        ("explain VER005", &[("TERM", "dumb")], false),
        ("--color never explain VER005", &[], false),
        ("--color always explain VER005", &[("NO_COLOR", "1")], true),
        ("drfit", &[("NO_COLOR", "1")], false),
    ];
    for (words, variables, coloured) in cases {
        let Some(text) = on_a_terminal(words, variables) else { return };
        assert!(text.contains("VER005") || text.contains("PL0114"), "{words} {variables:?}: {text:?}");
        assert_eq!(text.contains('\x1b'), *coloured, "{words} {variables:?}: {text:?}");
    }
}

#[test]
fn the_demo_is_the_same_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let heads = |name: &str| {
        let (code, out, err) = run(dir.path(), &["demo", name]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        ["shop-config/.git", "payments.git", "storefront.git", "notifier.git"].map(|repository| {
            fs::read_to_string(dir.path().join(name).join(repository).join("refs/heads/main")).unwrap()
        })
    };
    assert_eq!(heads("one"), heads("two"));
}
