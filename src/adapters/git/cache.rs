//! Bare clones of the modules' repositories on this machine, and the only place that runs the `git` program.
use super::askpass::{ASKPASS_HOST, ASKPASS_TOKEN};
use super::open::{OpenOptions, Repository};
use super::remote::{Remote, masked_url, masked_urls};
use crate::model::{Diagnostic, Result, Secret, codes};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

/// File in a clone whose time of change is the time of the last fetch.
const STAMP: &str = "pilab-fetched";
/// How many of the last lines of Git are kept for a message.
const LINES: usize = 40;
/// How much of an answer of Git is read.
const ANSWER: u64 = 64 * 1024;
/// Variables that would point Git at another repository than ours.
const FOREIGN: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
];

/// The clones of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

/// How to fetch.
#[derive(Debug, Clone, Default)]
pub struct FetchOptions {
    /// The `git` program; `git` of the PATH when absent.
    pub git: Option<PathBuf>,
    /// The program that answers Git's questions with `answer_askpass`: pilab itself. Used only together with a token.
    pub askpass: Option<PathBuf>,
    /// The token for the host of the URL. Git asks for it only after its own helpers gave nothing.
    pub token: Option<Secret>,
}

/// What a fetch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where the clone is.
    pub path: PathBuf,
    /// Whether it was not there before.
    pub created: bool,
}

impl Cache {
    /// The clones below `root`.
    pub fn new(root: PathBuf) -> Cache {
        Cache { root }
    }

    /// Where the clone of a URL is, or would be.
    pub fn path(&self, url: &str) -> PathBuf {
        let (host, name) = match Remote::of(url) {
            Ok(remote) => remote.folder(url),
            Err(_) => ("refused".to_owned(), "refused.git".to_owned()),
        };
        self.root.join("repos").join(host).join(name)
    }

    /// The clone of a URL; `None` when it was not fetched.
    ///
    /// # Errors
    /// PL0209 for an address that is not allowed, and those of `Repository::open`.
    pub fn open(&self, url: &str) -> Result<Option<Repository>> {
        Remote::of(url)?;
        let path = self.path(url);
        if path.is_dir() { Repository::open(&path, &OpenOptions::default()).map(Some) } else { Ok(None) }
    }

    /// When the clone was last fetched, seconds since 1970 UTC.
    pub fn fetched_at(&self, url: &str) -> Option<i64> {
        let changed = self.path(url).join(STAMP).metadata().ok()?.modified().ok()?;
        i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
    }

    /// Brings all branches and tags of a URL: clones it when it is not there, else fetches into the clone.
    /// A new clone is made beside its place and moved there when it is complete.
    ///
    /// # Errors
    /// PL0207 when Git fails, PL0208 when it wants to know who asks, PL0209 for an address that is not allowed,
    /// PL0218 without a `git` program, PL0402 when the cache cannot be written.
    pub fn fetch(&self, url: &str, options: &FetchOptions, progress: &dyn Fn(&str)) -> Result<Fetched> {
        let remote = Remote::of(url)?;
        let path = self.path(url);
        let path = std::path::absolute(&path).unwrap_or(path);
        let parent = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
        let lock_file = path.with_extension("lock");
        let lock = File::create(&lock_file).map_err(|error| unwritable(&lock_file, &error))?;
        if lock.try_lock().is_err() {
            progress("waiting for another fetch of this repository");
            lock.lock().map_err(|error| unwritable(&lock_file, &error))?;
        }
        // Git would read a relative path from the folder of the clone.
        let address = match std::path::absolute(url) {
            Ok(full) if remote.local && !url.contains("://") => full.to_string_lossy().into_owned(),
            _ => url.to_owned(),
        };
        let job = Job { remote: &remote, url: &address, parent, options, progress };
        let created = !path.is_dir();
        if created {
            let temporary = tempfile::Builder::new().prefix(".new-").tempdir_in(parent);
            let temporary = temporary.map_err(|error| unwritable(parent, &error))?;
            let clone = temporary.path().join("clone.git");
            job.clone_into(&clone)?;
            std::fs::rename(&clone, &path).map_err(|error| unwritable(&path, &error))?;
        } else {
            job.fetch_into(&path)?;
        }
        let stamp = path.join(STAMP);
        std::fs::write(&stamp, b"The time of this file is the time of the last fetch.\n")
            .map_err(|error| unwritable(&stamp, &error))?;
        Ok(Fetched { path, created })
    }
}

struct Job<'a> {
    remote: &'a Remote,
    url: &'a str,
    /// Where Git runs: not where the user is, which may be a repository with a configuration of its own.
    parent: &'a Path,
    options: &'a FetchOptions,
    progress: &'a dyn Fn(&str),
}

impl Job<'_> {
    fn clone_into(&self, folder: &Path) -> Result<()> {
        let folder_text = folder.as_os_str();
        let args = ["clone", "--bare", "--no-local", "--template=", "--no-recurse-submodules", "--progress", "--"];
        self.run(args.iter().map(OsStr::new).chain([OsStr::new(self.url), folder_text]))?;
        // The address may hold credentials; ours never stands in a file.
        self.in_clone(folder, &["config", "--remove-section", "remote.origin"])?;
        self.write_graph(folder)
    }

    fn fetch_into(&self, folder: &Path) -> Result<()> {
        self.in_clone(
            folder,
            &[
                "fetch",
                "--prune",
                "--tags",
                "--force",
                "--no-recurse-submodules",
                "--no-write-fetch-head",
                "--progress",
                "--",
                self.url,
                "+refs/heads/*:refs/heads/*",
                "+refs/tags/*:refs/tags/*",
            ],
        )?;
        self.follow_head(folder)?;
        self.write_graph(folder)
    }

    /// Sets HEAD to the branch that it is on the other side, which may have been renamed since the clone was made.
    fn follow_head(&self, folder: &Path) -> Result<()> {
        let list = ["ls-remote", "--symref", "--", self.url, "HEAD"].map(OsStr::new);
        let listed = self.ask([OsStr::new("--git-dir"), folder.as_os_str()].into_iter().chain(list))?;
        let branch = listed.lines().find_map(|line| line.strip_prefix("ref: ")?.strip_suffix("\tHEAD"));
        match branch.filter(|branch| branch.starts_with("refs/heads/")) {
            Some(branch) => self.in_clone(folder, &["symbolic-ref", "HEAD", branch]),
            None => Ok(()),
        }
    }

    /// Makes later walks short. An empty repository has nothing to write, and a clone without a graph is right too.
    fn write_graph(&self, folder: &Path) -> Result<()> {
        match self.in_clone(folder, &["commit-graph", "write", "--reachable", "--no-progress"]) {
            Err(error) if error.code == &codes::PL0218 => Err(error),
            _ => Ok(()),
        }
    }

    fn in_clone(&self, folder: &Path, args: &[&str]) -> Result<()> {
        self.run([OsStr::new("--git-dir"), folder.as_os_str()].into_iter().chain(args.iter().map(OsStr::new)))
    }

    fn run<'s>(&self, args: impl Iterator<Item = &'s OsStr>) -> Result<()> {
        self.start(args, Stdio::null())
    }

    /// The beginning of what Git answers.
    fn ask<'s>(&self, args: impl Iterator<Item = &'s OsStr>) -> Result<String> {
        let unwritable = |error| unwritable(&std::env::temp_dir(), &error);
        let mut answer = tempfile::tempfile().map_err(unwritable)?;
        self.start(args, Stdio::from(answer.try_clone().map_err(unwritable)?))?;
        let mut bytes = Vec::new();
        answer.rewind().and_then(|()| answer.take(ANSWER).read_to_end(&mut bytes)).map_err(unwritable)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn start<'s>(&self, args: impl Iterator<Item = &'s OsStr>, stdout: Stdio) -> Result<()> {
        let program = self.options.git.as_deref().unwrap_or(Path::new("git"));
        let mut command = Command::new(program);
        for setting in [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "protocol.ext.allow=never",
            "gc.autoDetach=false",
            "maintenance.autoDetach=false",
        ] {
            command.args(["-c", setting]);
        }
        command.args(args).current_dir(self.parent).stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
        for name in FOREIGN.into_iter().chain([ASKPASS_TOKEN, ASKPASS_HOST]) {
            command.env_remove(name);
        }
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", "https:ssh:file")
            .env("GIT_NO_LAZY_FETCH", "1");
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        if let (true, Some(token), Some(askpass)) = (self.remote.https, &self.options.token, &self.options.askpass) {
            command.env("GIT_ASKPASS", askpass).env(ASKPASS_TOKEN, token.expose()).env(ASKPASS_HOST, &self.remote.host);
        }
        let mut child = command.spawn().map_err(|error| no_git(program, &error))?;
        let said = child.stderr.take().map(|stream| self.listen(stream)).unwrap_or_default();
        let status = child.wait().map_err(|error| no_git(program, &error))?;
        if status.success() { Ok(()) } else { Err(self.failure(&said)) }
    }

    /// Passes on what Git says, and keeps the end of it.
    fn listen(&self, stream: impl Read) -> Vec<String> {
        let mut said = Vec::new();
        let mut line = Vec::new();
        for byte in std::io::BufReader::new(stream).bytes().map_while(std::result::Result::ok) {
            if byte != b'\n' && byte != b'\r' {
                if line.len() < 4096 {
                    line.push(byte);
                }
                continue;
            }
            let text = masked_urls(String::from_utf8_lossy(&line).trim());
            line.clear();
            if text.is_empty() {
                continue;
            }
            (self.progress)(&text);
            if byte == b'\n' {
                said.push(text);
                if said.len() > LINES {
                    said.remove(0);
                }
            }
        }
        said.extend((!line.is_empty()).then(|| masked_urls(String::from_utf8_lossy(&line).trim())));
        said
    }

    fn failure(&self, said: &[String]) -> Box<Diagnostic> {
        let all = said.join("\n");
        let says = |parts: &[&str]| parts.iter().any(|part| all.contains(part));
        let url = masked_url(self.url);
        let host = &self.remote.host;
        let error = if says(&[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "terminal prompts disabled",
            "Permission denied (",
            "returned error: 401",
            "returned error: 403",
            "Invalid username",
        ]) {
            Diagnostic::error(&codes::PL0208, format!("{host} does not let us read {url}"))
                .hint(format!("pilab auth login {host}"))
        } else if says(&["dubious ownership"]) {
            Diagnostic::error(&codes::PL0206, format!("{url} belongs to another user"))
                .hint(format!("git config --global --add safe.directory {url}"))
        } else if all.contains("transport '") && all.contains("not allowed") {
            Diagnostic::error(&codes::PL0209, format!("Git does not use the transport of {url}"))
        } else {
            Diagnostic::error(&codes::PL0207, format!("git could not fetch {url}"))
        };
        let told =
            said.iter().filter(|line| line.contains("fatal:") || line.contains("error:") || line.contains("ERROR:"));
        Box::new(told.take(5).fold(error, |error, line| error.note(format!("git: {line}"))))
    }
}

fn no_git(program: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0218, format!("{} cannot be run: {error}", program.display()))
            .hint("install git, or name a local clone under [repos] in .pilab.toml"),
    )
}

fn unwritable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0402, format!("{} cannot be written: {error}", path.display())))
}
