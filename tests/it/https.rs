//! Fetching over https from a server that asks who is there, with nothing replaced: the binary, git, TLS, the token.
use crate::support::World;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A Git server that wants the token `t0ken`, stopped when it is dropped.
struct Server {
    child: Child,
    /// Its port, then what it was asked.
    log: PathBuf,
}

impl Server {
    fn start(world: &World) -> Server {
        let (log, support) = (world.path("log"), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support"));
        let mut command = Command::new("python3");
        command.arg(support.join("https_git.py")).args([&world.path("srv"), &support.join("localhost.pem")]);
        command.arg("t0ken").stdin(Stdio::null()).stdout(File::create(&log).unwrap());
        Server { child: command.spawn().expect("python3 is needed for this test"), log }
    }

    fn port(&mut self) -> u16 {
        for _ in 0..600 {
            let text = fs::read_to_string(&self.log).unwrap();
            if let Some((port, _)) = text.split_once('\n') {
                return port.parse().unwrap();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the server stopped");
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not begin");
    }

    /// What it was asked since the last time: the name that was given (or -), and the answer.
    fn asked(&self, seen: &mut usize) -> Vec<String> {
        let text = fs::read_to_string(&self.log).unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        let new = lines.iter().skip(*seen).map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect();
        *seen = lines.len();
        new
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn a_token_opens_an_https_repository_and_nothing_else_does() {
    let mut world = World::new("config");
    let (code, head) = (world.path("srv/code"), "apiVersion: pilab.dev/v1\nkind:");
    fs::create_dir_all(&code).unwrap();
    world.git(&code, &["init", "-q", "-b", "main", "."]);
    world.git(&code, &["commit", "-q", "--allow-empty", "-m", "one"]);
    world.git(&code, &["tag", "v1"]);
    let mut server = Server::start(&world);
    let port = server.port();
    let project = format!(
        "{head} Project\nmetadata: {{ name: shop }}\nspec:\n  \
         repos: {{ code: {{ url: \"https://127.0.0.1:{port}/code/.git\" }} }}\n"
    );
    fs::write(world.dir.join("project.yaml"), project).unwrap();
    let fetch = |token: Option<&str>| -> (Option<i32>, String) {
        let mut command = world.command(env!("CARGO_BIN_EXE_pilab"));
        command
            .args(["repo", "fetch"])
            .env("GIT_SSL_CAINFO", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/localhost.pem"));
        if let Some(token) = token {
            command.env(format!("PILAB_TOKEN_127_0_0_1_{port}"), token);
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
    };
    let mut seen = 0;
    for (token, asked) in [(None, &["- 401"][..]), (Some("wr0ng"), &["- 401", "- 401"])] {
        let (code, said) = fetch(token);
        assert!(code == Some(4) && said.contains("PL0208"), "{code:?} {said}");
        assert!(!said.contains("wr0ng"), "{said}");
        assert_eq!(server.asked(&mut seen), asked);
    }
    for round in ["clones", "fetches"] {
        let (code, said) = fetch(Some("t0ken"));
        assert!(code == Some(0) && !said.contains("t0ken"), "{round}: {code:?} {said}");
        let asked = server.asked(&mut seen);
        assert!(asked.iter().any(|line| line == "x-access-token 200"), "{round}: {asked:?}");
    }
    let kept = files_below(&world.path("home"));
    let clone = kept.iter().find(|file| file.ends_with("pilab-fetched")).unwrap().parent().unwrap().to_owned();
    assert_eq!(world.git(&clone, &["tag"]).trim(), "v1");
    for file in kept {
        assert!(!String::from_utf8_lossy(&fs::read(&file).unwrap()).contains("t0ken"), "{}", file.display());
    }
}
