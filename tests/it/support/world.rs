//! A closed world for commands: an own folder, home, clock and Git identity; nothing of the machine but the PATH.
use super::blocks::written;
use super::split;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What `git` may be asked for in a scenario.
const GIT_VERBS: &[&str] = &[
    "add",
    "branch",
    "checkout",
    "cherry-pick",
    "clone",
    "commit",
    "config",
    "init",
    "log",
    "merge",
    "mv",
    "replace",
    "revert",
    "rm",
    "show",
    "status",
    "switch",
    "tag",
    "update-ref",
    "diff",
];

/// Where commands run.
pub(crate) struct World {
    root: tempfile::TempDir,
    /// The folder commands run in.
    pub(crate) dir: PathBuf,
    /// What `PILAB_NOW` says.
    pub(crate) now: &'static str,
    /// Seconds of the next commit; each one is a minute after the one before.
    pub(crate) clock: i64,
    /// Name and address of the next commit's author.
    pub(crate) author: (String, String),
    /// What stands before lines of stderr.
    pub(crate) mark: &'static str,
}

impl World {
    /// An empty world. Commands run in its folder `dir`.
    pub(crate) fn new(dir: &str) -> World {
        let root = tempfile::Builder::new().prefix("pilab-").tempdir().unwrap();
        let world = World {
            dir: root.path().join(dir),
            now: "2026-11-25T12:00:00Z",
            clock: 1_767_258_000, // 2026-01-01T09:00:00Z
            author: ("Ada Test".to_owned(), "ada@example.com".to_owned()),
            mark: "2| ",
            root,
        };
        fs::create_dir_all(&world.dir).unwrap();
        fs::create_dir_all(world.path("home")).unwrap();
        let config = "[user]\n\tname = Ada Test\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n\
                      [protocol \"file\"]\n\tallow = always\n[commit]\n\tgpgSign = false\n[gc]\n\tauto = 0\n";
        fs::write(world.path("home/.gitconfig"), config).unwrap();
        world
    }

    /// A path in the world.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// What the command line prints, as it stands in a file.
    pub(crate) fn run(&mut self, line: &str) -> String {
        let words = match split(&self.show(line)) {
            Ok(words) => words,
            Err(error) => return written("", &format!("scenario: {error}\n"), self.mark, 2),
        };
        let assigned = words.iter().take_while(|word| is_assignment(word)).count();
        let (assignments, words) = words.split_at(assigned);
        let Some((program, args)) = words.split_first() else {
            return written("", "scenario: no command\n", self.mark, 2);
        };
        match program.as_str() {
            "pilab" => self.program(env!("CARGO_BIN_EXE_pilab"), args, assignments),
            "git" => match args.iter().find(|word| GIT_VERBS.contains(&word.as_str())) {
                Some(_) => self.program("git", args, assignments),
                None => written("", "scenario: this verb of git is not for scenarios\n", self.mark, 2),
            },
            _ => match self.built_in(program, args) {
                Ok(text) => written(&self.hide(&text), "", self.mark, 0),
                Err(error) => written("", &format!("scenario: {}\n", self.hide(&error)), self.mark, 2),
            },
        }
    }

    fn program(&mut self, program: &str, args: &[String], assignments: &[String]) -> String {
        let mut command = self.command(program);
        command.args(args);
        command.envs(assignments.iter().filter_map(|assignment| assignment.split_once('=')));
        let Output { status, stdout, stderr } = command.output().unwrap();
        self.clock += 60;
        let text = |bytes: &[u8]| self.hide(&String::from_utf8_lossy(bytes));
        written(&text(&stdout), &text(&stderr), self.mark, status.code().unwrap_or(-1))
    }

    /// A program with the environment of this world and no other.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir).env_clear().stdin(std::process::Stdio::null());
        command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "SystemRoot"));
        for (name, below) in
            [("HOME", ""), ("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache"), ("XDG_DATA_HOME", ".data")]
        {
            command.env(name, self.path("home").join(below));
        }
        command.env("XDG_STATE_HOME", self.path("home").join(".state"));
        command.envs([("LC_ALL", "C.UTF-8"), ("TZ", "UTC"), ("TERM", "dumb"), ("COLUMNS", "80"), ("NO_COLOR", "1")]);
        command.envs([("PILAB_NOW", self.now), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_TERMINAL_PROMPT", "0")]);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), &self.author.0).env(format!("GIT_{role}_EMAIL"), &self.author.1);
            command.env(format!("GIT_{role}_DATE"), format!("@{} +0000", self.clock));
        }
        command
    }

    /// Runs git in `dir` and stops the test when it fails.
    pub(crate) fn git(&mut self, dir: &Path, args: &[&str]) -> String {
        let out = self.command("git").args(args).current_dir(dir).output().unwrap();
        self.clock += 60;
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Commands that need no program: `cd`, `cat`, `rm`, `cp`, `mv`, `mkdir`, `ls`.
    fn built_in(&mut self, name: &str, args: &[String]) -> Result<String, String> {
        let at = |index: usize| args.get(index).map(|arg| self.dir.join(arg)).ok_or(format!("{name} needs more words"));
        let said = |error: std::io::Error| format!("{name}: {error}");
        match name {
            "cd" => {
                self.dir = at(0)?.canonicalize().map_err(said)?;
                Ok(String::new())
            }
            "cat" => fs::read_to_string(at(0)?).map_err(said),
            "cp" => fs::copy(at(0)?, at(1)?).map(|_| String::new()).map_err(said),
            "mv" => fs::rename(at(0)?, at(1)?).map(|()| String::new()).map_err(said),
            "mkdir" => fs::create_dir_all(at(0)?).map(|()| String::new()).map_err(said),
            "rm" => {
                let path = at(0)?;
                let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                gone.map(|()| String::new()).map_err(said)
            }
            "ls" => {
                let dir = at(0).unwrap_or_else(|_| self.dir.clone());
                let names = fs::read_dir(dir).map_err(said)?.flatten().map(|entry| entry.file_name());
                let mut names: Vec<String> = names.map(|name| format!("{}\n", name.display())).collect();
                names.sort();
                Ok(names.concat())
            }
            _ => Err(format!("`{name}` is no command of scenarios: pilab, git, cd, cat, cp, mv, mkdir, rm, ls")),
        }
    }

    /// The text with the world's folder where it says `$TMP`.
    pub(crate) fn show(&self, text: &str) -> String {
        text.replace("$TMP", &self.root.path().canonicalize().unwrap_or_default().display().to_string())
    }

    /// The text with the world's folder as `$TMP`.
    fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let root = self.root.path();
        for path in [root.canonicalize().unwrap_or_default(), root.to_path_buf()] {
            if !path.as_os_str().is_empty() {
                text = text.replace(&path.display().to_string(), "$TMP");
            }
        }
        text
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

#[test]
fn a_world_is_closed_and_its_git_gives_the_same_ids() {
    let ids: Vec<String> = (0..2)
        .map(|_| {
            let mut world = World::new("config");
            assert_eq!(world.run("git init -q"), "");
            assert_eq!(world.run("git commit -q --allow-empty -m 'first one'"), "");
            world.run("git log --format='%H %an %cI %s %(refname)'")
        })
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].contains(" Ada Test 2026-01-01T09:01:00Z first one"), "{}", ids[0]);
}

#[test]
fn built_in_commands_work_and_others_are_refused() {
    let mut world = World::new("config");
    fs::write(world.path("config/a"), "$TMP is text\n").unwrap();
    assert_eq!(world.run("cp a b"), "");
    assert_eq!(world.run("ls"), "a\nb\n");
    assert_eq!(world.run("cat b"), "$TMP is text\n");
    assert_eq!(world.run("cd .."), "");
    assert_eq!(world.run("ls"), "config\nhome\n");
    assert!(world.run("curl x").starts_with("2| scenario: `curl` is no command"));
    assert!(world.run("git daemon").ends_with("[exit 2]\n"));
    assert_eq!(world.hide(&format!("at {}/x", world.path("y").display())), "at $TMP/y/x");
}
