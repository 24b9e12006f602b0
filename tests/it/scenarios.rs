//! Plays every file in `tests/scenarios/`: builds its repositories, runs its commands, compares all they print.
//! The language of the files is described in `tests/scenarios/README.md`. `UPDATE=1` writes down what was printed.
use crate::support::{World, difference, files_below, in_parallel, parse, render, split, update};
use std::fs;
use std::path::{Path, PathBuf};

/// Commits that the commands make come after all that were set up.
const COMMANDS_BEGIN: i64 = 1_795_000_000;

#[test]
fn scenarios() {
    let mut files = files_below(Path::new("tests/scenarios"), "txt");
    if let Some((_, only)) = std::env::vars().find(|(name, _)| name == "SCENARIO") {
        files.retain(|file| file.to_string_lossy().contains(&only));
    }
    let played = in_parallel(&files, |file| {
        let text = fs::read_to_string(file).unwrap();
        std::panic::catch_unwind(|| play(&text)).map(|got| (text, got)).map_err(|_| "it could not be set up".to_owned())
    });
    let mut failures = Vec::new();
    for (file, result) in files.iter().zip(played) {
        match result {
            Ok((text, got)) if text != got && update() => fs::write(file, got).unwrap(),
            Ok((text, got)) if text != got => {
                failures.push(format!("{}\n{}", file.display(), difference(&text, &got)));
            }
            Ok(_) => (),
            Err(error) => failures.push(format!("{}: {error}", file.display())),
        }
    }
    assert!(failures.is_empty(), "\n{}\n(UPDATE=1 writes down what was printed)", failures.join("\n"));
}

#[test]
fn no_file_is_forgotten_or_empty() {
    let everything = ["txt", "md"].iter().flat_map(|end| files_below(Path::new("tests/scenarios"), end)).count();
    assert_eq!(everything, all_files(Path::new("tests/scenarios")), "only .txt and .md files belong here");
    for file in files_below(Path::new("tests/scenarios"), "txt") {
        let text = fs::read_to_string(&file).unwrap();
        let (head, blocks) = parse(script(&text).0);
        assert!(!head.trim().is_empty(), "{}: the first lines say what it shows", file.display());
        assert!(!blocks.is_empty(), "{}: no command", file.display());
    }
}

fn all_files(dir: &Path) -> usize {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { all_files(&path) } else { 1 })
        .sum()
}

/// The commands, and the sections behind them.
fn script(text: &str) -> (&str, &str) {
    match text.find("\n-- ") {
        Some(at) => text.split_at(at + 1),
        None => (text, ""),
    }
}

/// The scenario as it should read.
fn play(text: &str) -> String {
    let (commands, sections) = script(text);
    let mut world = World::new("config");
    Stage::new(&mut world).set_up(sections);
    world.clock = COMMANDS_BEGIN;
    let (head, mut blocks) = parse(commands);
    for block in &mut blocks {
        block.output = world.run(&block.command);
    }
    let gap = if sections.is_empty() { "" } else { "\n" };
    format!("{}{gap}{sections}", render(&head, &blocks))
}

/// Builds what the sections describe.
pub(crate) struct Stage<'a> {
    world: &'a mut World,
    repository: PathBuf,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(world: &'a mut World) -> Stage<'a> {
        Stage { repository: world.path("config"), world }
    }

    pub(crate) fn set_up(&mut self, sections: &str) {
        let mut current: Option<(&str, String)> = None;
        for line in sections.split_inclusive('\n') {
            if let Some(title) = line.strip_prefix("-- ").and_then(|rest| rest.trim_end().strip_suffix(" --")) {
                if let Some((title, body)) = current.take() {
                    self.section(title, &body);
                }
                current = Some((title, String::new()));
            } else if let Some((_, body)) = &mut current {
                body.push_str(line.strip_prefix('\\').filter(|line| line.starts_with("-- ")).unwrap_or(line));
            }
        }
        if let Some((title, body)) = current {
            self.section(title, &body);
        }
    }

    fn section(&mut self, title: &str, body: &str) {
        let (word, rest) = title.split_once(' ').unwrap_or((title, ""));
        match (word, rest.trim()) {
            (path, "") => self.write(path, body.as_bytes()),
            ("repo", name) => self.repository = self.world.path(name),
            ("commit", subject) => self.commit(subject, body),
            ("tag", name) => self.git(&["tag", name]),
            ("release", name) => self.git(&["tag", "--annotate", "--message", name, name]),
            ("branch", name) => self.branch(name),
            ("merge", name) => self.git(&["merge", "--quiet", "--no-ff", "--no-edit", name]),
            ("pick", name) => self.git(&["cherry-pick", "-x", name]),
            ("revert", name) => self.git(&["revert", "--no-edit", name]),
            ("delete", path) => fs::remove_file(self.repository.join(path)).unwrap(),
            ("hex", path) => self.write(path, &bytes(body)),
            ("zeros", words) => self.zeros(words),
            ("program", path) => self.program(path, body),
            ("cell", words) => self.cells(words),
            ("world", name) => {
                self.set_up(&fs::read_to_string(format!("tests/worlds/{name}.txt")).expect("a file of tests/worlds/"));
            }
            ("git", line) => {
                let words = split(&self.world.show(line)).unwrap();
                self.git(&words.iter().map(String::as_str).collect::<Vec<_>>());
            }
            ("link", words) => self.link(words),
            ("date", date) => self.world.clock = date.parse::<jiff::Timestamp>().unwrap().as_second(),
            ("author", person) => {
                let (name, mail) = person.trim_end_matches('>').split_once(" <").expect("-- author NAME <MAIL> --");
                self.world.author = (name.to_owned(), mail.to_owned());
            }
            _ => panic!("`-- {title} --` is no section"),
        }
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.repository.join(unescaped(path));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// A file of zeros; it takes no room.
    fn zeros(&self, words: &str) {
        let (path, size) = words.split_once(' ').expect("-- zeros PATH BYTES --");
        self.write(path, b"");
        let file = fs::OpenOptions::new().write(true).open(self.repository.join(path)).unwrap();
        file.set_len(size.parse().unwrap()).unwrap();
    }

    fn program(&self, path: &str, body: &str) {
        self.write(path, self.world.show(body).as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(self.repository.join(path), fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn cells(&self, words: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        let [module, version, environments @ ..] = words.as_slice() else { panic!("-- cell MODULE VERSION ENV… --") };
        for env in environments {
            let head = "apiVersion: pilab.dev/v1\nkind: Deployment\n";
            let cell =
                format!("{head}module: {module}\nenvironment: {env}\nversion: \"{version}\"\nsource: recorded\n");
            self.write(&format!("manifest/{env}/{module}.yaml"), cell.as_bytes());
        }
    }

    fn link(&self, words: &str) {
        let (path, target) = words.split_once(" -> ").expect("-- link PATH -> TARGET --");
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, self.repository.join(path)).unwrap();
        #[cfg(not(unix))]
        panic!("no link {path} to {target} here");
    }

    fn commit(&mut self, subject: &str, body: &str) {
        if !self.repository.join(".git").exists() {
            fs::create_dir_all(&self.repository).unwrap();
            self.git(&["init", "--quiet"]);
        }
        self.git(&["add", "--all"]);
        let message = format!("{subject}\n\n{body}");
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message.trim_end()]);
    }

    fn branch(&mut self, name: &str) {
        let reference = format!("refs/heads/{name}");
        let mut command = self.world.command("git");
        command.args(["rev-parse", "--verify", "--quiet", &reference]).current_dir(&self.repository);
        let is_there = command.output().unwrap().status.success();
        let create = if is_there { "--no-guess" } else { "--create" };
        self.git(&["switch", "--quiet", create, name]);
    }

    fn git(&mut self, args: &[&str]) {
        let repository = self.repository.clone();
        self.world.git(&repository, args);
    }
}

/// A path in which `%ff` stands for that byte.
fn unescaped(path: &str) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let mut parts = path.split('%');
        let mut name = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (hex, rest) = part.split_at(2);
            name.extend(bytes(hex));
            name.extend(rest.as_bytes());
        }
        std::ffi::OsString::from_vec(name).into()
    }
    #[cfg(not(unix))]
    PathBuf::from(path)
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

#[test]
fn sections_build_repositories_with_history() {
    let sections = "-- a.txt --\none\n-- repo shop --\n-- date 2026-02-03T04:05:06Z --\n-- author Jo B <jo@x.example> --\n\
        -- src/a --\n1\n-- commit feat: begin --\nWhy.\n-- release v1 --\n-- branch fix --\n-- b --\n\\-- x --\n\
        -- commit fix: b --\n-- branch main --\n-- delete src/a --\n-- hex c --\nff 00\n-- commit drop a --\n\
        -- pick fix --\n-- tag v2 --\n-- revert HEAD --\n-- branch work --\n-- d --\n-- commit d --\n-- branch main --\n\
        -- merge work --\n";
    let mut world = World::new("config");
    Stage::new(&mut world).set_up(sections);
    assert_eq!(fs::read_to_string(world.path("config/a.txt")).unwrap(), "one\n");
    assert!(!world.path("config/.git").exists());
    let shop = world.path("shop");
    let log = world.git(&shop, &["log", "--first-parent", "--reverse", "--format=%an %cI %s"]);
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines[0], "Jo B 2026-02-03T04:07:06Z feat: begin");
    assert_eq!(lines.len(), 5, "{log}");
    assert!(lines[4].ends_with("Merge branch 'work'"), "{log}");
    assert!(world.git(&shop, &["log", "-1", "--format=%b", "v2"]).contains("(cherry picked from commit "));
    assert_eq!(world.git(&shop, &["show", "v2:b"]), "-- x --\n");
    assert_eq!(fs::read(shop.join("c")).unwrap(), [0xff, 0]);
    assert_eq!(world.git(&shop, &["status", "--porcelain"]), "");
    assert_eq!(world.git(&shop, &["cat-file", "-t", "v1"]), "tag\n");
}

#[test]
fn a_scenario_says_everything_that_was_printed() {
    let text = "What git says.\n\n$ git status --short\nwrong\n\n// And an error.\n$ cat none\n\n-- file --\nx\n-- commit one --\n-- file --\ny\n";
    let got = play(text);
    assert!(
        got.starts_with(
            "What git says.\n\n$ git status --short\n M file\n\n// And an error.\n$ cat none\n2| scenario: cat: "
        ),
        "{got}"
    );
    assert!(got.ends_with("[exit 2]\n\n-- file --\nx\n-- commit one --\n-- file --\ny\n"), "{got}");
    assert_eq!(play(&got), got);
}
