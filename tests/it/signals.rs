//! Ctrl-C, and who acts: what the world around the process does to it and knows of it.
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PROJECT: &str = "apiVersion: pilab.dev/v1
kind: Project
metadata: { name: shop }
spec:
  repos: { app: { url: \"https://127.0.0.1:PORT/app.git\" } }
  promotion: { order: [staging, prod] }
---
apiVersion: pilab.dev/v1
kind: Environment
metadata: { name: staging }
spec: { tier: staging }
---
apiVersion: pilab.dev/v1
kind: Environment
metadata: { name: prod }
spec: { tier: prod }
";

fn pilab(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilab"));
    command.args(words).current_dir(dir).env_clear().env("HOME", dir).env("PILAB_CACHE", dir.join("cache"));
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("PILAB_NOW", "2026-11-25T12:00:00Z");
    command.stdin(Stdio::null());
    command
}

/// Names in the cache that say that a clone is not finished.
fn unfinished(dir: &Path) -> Vec<String> {
    let found = Command::new("find").arg(dir.join("cache")).args(["-name", ".new-*"]).output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_fetch_at_once_and_the_next_one_clears_up() {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    let dir = tempfile::tempdir().unwrap();
    // A server that takes the call and never says a word.
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    fs::write(dir.path().join("pilab.yaml"), PROJECT.replace("PORT", &port)).unwrap();
    let mut fetch = pilab(dir.path(), &["repo", "fetch"]);
    let mut running = fetch.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let call = server.accept().unwrap();
    std::thread::sleep(Duration::from_millis(100));
    // As a terminal does it: the whole group gets the signal, Git as well.
    let group = format!("-{}", running.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    let status = running.wait().unwrap();
    // Shells call this 130.
    assert_eq!((status.signal(), status.code()), (Some(2), None));
    drop((call, server));
    assert_eq!(pilab(dir.path(), &["repo", "fetch"]).output().unwrap().status.code(), Some(1));
    assert_eq!(unfinished(dir.path()), Vec::<String>::new());
}

#[test]
fn acceptances_bear_the_name_that_git_knows() {
    let dir = tempfile::tempdir().unwrap();
    assert!(pilab(dir.path(), &["demo", "d"]).output().unwrap().status.success());
    let shop = dir.path().join("d/shop-config");
    fs::write(dir.path().join(".gitconfig"), "[user]\nname = Mia Example\nemail = mia@x.test\n").unwrap();
    let accept = |name: Option<&str>| {
        let listed = pilab(&shop, &["drift", "prod..dr", "--json"]).output().unwrap().stdout;
        let report: serde_json::Value = serde_json::from_slice(&listed).unwrap();
        let findings = report["pairs"][0]["findings"].as_array().unwrap();
        let open = findings.iter().find(|finding| finding["state"] == "drift").unwrap();
        let words = ["drift", "accept", open["id"].as_str().unwrap(), "--reason", "x", "--until", "2026-12-31"];
        let mut command = pilab(&shop, &words);
        command.env("HOME", dir.path()).env("USER", "login");
        name.map(|name| command.env("GIT_AUTHOR_NAME", name));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read_to_string(shop.join("baselines/prod-dr.yaml")).unwrap()
    };
    let first = accept(None);
    assert!(first.contains("Mia Example <mia@x.test>") && !first.contains("login"), "{first}");
    let second = accept(Some("Jo"));
    assert!(second.lines().any(|line| line.contains("by:") && line.contains("Jo")), "{second}");
}
