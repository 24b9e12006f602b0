//! What a run knows of the world: folder, variables, settings, clock, user. Each is read here, once, and passed on.
use super::args::Globals;
use crate::model::{Diagnostic, Result, codes};
use crate::ops::{Context, Progress};
use crate::settings::{Inputs, Layer, Resolved, resolve};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

const LARGEST_FILE: u64 = 1 << 20;
const PROJECT_FILES: [&str; 3] = ["pilab.yaml", ".pilab.yaml", "project.yaml"];

/// The world of this run.
pub(super) struct World {
    /// Absolute folder to start from.
    pub(super) dir: PathBuf,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) resolved: Resolved,
    pub(super) now: Timestamp,
    pub(super) globals: Globals,
}

/// The variables of the process; those that are not Unicode cannot be meant for pilab.
pub(super) fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

impl World {
    /// Reads everything but the settings.
    pub(super) fn bare(globals: &Globals, environment: BTreeMap<String, String>) -> Result<World> {
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        let dir = globals.dir.as_ref().map_or_else(|| here.clone(), |dir| here.join(dir));
        if globals.dir.is_some() && !dir.is_dir() {
            let message = format!("there is no folder {}, which -C names", dir.display());
            return Err(Box::new(Diagnostic::error(&codes::PL0114, message)));
        }
        let now = now(&environment)?;
        Ok(World { dir, environment, resolved: Resolved::default(), now, globals: globals.clone() })
    }

    /// Reads the settings too.
    pub(super) fn with_settings(mut self, offline: bool) -> Result<World> {
        let layers = self.layers()?;
        let mut flags = Vec::new();
        if let Some(when) = self.globals.color {
            flags.push(("output.color", when.word().to_owned(), "--color"));
        }
        if let Some(width) = self.globals.width {
            flags.push(("output.width", width.to_string(), "--width"));
        }
        if self.globals.ascii {
            flags.push(("output.ascii", "true".to_owned(), "--ascii"));
        }
        if offline {
            flags.push(("offline", "true".to_owned(), "--offline"));
        }
        let (environment, dir) = (self.environment.clone(), self.dir.clone());
        self.resolved = resolve(&Inputs { flags: &flags, layers: &layers, environment, dir })?;
        if self.resolved.settings.cache.is_none() {
            self.resolved.settings.cache = self.xdg("XDG_CACHE_HOME", ".cache").map(|folder| folder.join("pilab"));
        }
        Ok(self)
    }

    /// What use cases need.
    pub(super) fn context<'a>(&self, at: Option<&str>, progress: &'a dyn Progress) -> Context<'a> {
        Context {
            dir: self.dir.clone(),
            settings: self.resolved.settings.clone(),
            now: self.now,
            at: at.map(str::to_owned),
            user: user(&self.environment),
            environment: self.environment.clone(),
            executable: std::env::current_exe().ok(),
            progress,
        }
    }

    /// A path of the command line.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.dir.join(path)
    }

    /// The settings file that the repository brings along, if there is one.
    pub(super) fn repository_file(&self) -> Option<PathBuf> {
        let folder = |folder: &Path| Some(folder.join(".pilab.toml")).filter(|file| file.is_file());
        let root = self.dir.ancestors().find(|folder| is_root(folder));
        // Outside of any repository only the folder itself counts: a stranger may write into one above it.
        let root = root.unwrap_or(&self.dir);
        self.dir.ancestors().take_while(|at| at.starts_with(root)).find_map(folder)
    }

    /// The file that remembers what was trusted: one digest per line.
    pub(super) fn trust_file(&self) -> Option<PathBuf> {
        Some(self.xdg("XDG_STATE_HOME", ".local/state")?.join("pilab/trusted"))
    }

    fn layers(&self) -> Result<Vec<Layer>> {
        let mut layers = Vec::new();
        if let Some(path) = self.repository_file() {
            let text = read(&path)?;
            let trusted = self.trusts(&path, &text);
            layers.push(Layer { path, text, trusted });
        }
        let own = match &self.globals.config {
            Some(file) => Some(self.path(file)),
            None => self.xdg("XDG_CONFIG_HOME", ".config").map(|folder| folder.join("pilab/config.toml")),
        };
        let asked = self.globals.config.is_some();
        for (path, must_exist) in
            own.map(|path| (path, asked)).into_iter().chain([("/etc/pilab/config.toml".into(), false)])
        {
            if must_exist || path.is_file() {
                layers.push(Layer { text: read(&path)?, path, trusted: true });
            }
        }
        Ok(layers)
    }

    fn trusts(&self, path: &Path, text: &str) -> bool {
        let known = self.trust_file().and_then(|file| read(&file).ok()).unwrap_or_default();
        let digest = digest(path, text);
        known.lines().any(|line| line == digest)
    }

    /// An absolute XDG folder; a relative one is ignored, as its specification asks.
    fn xdg(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        let absolute = |name: &str| self.environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        absolute(variable).or_else(|| Some(absolute("HOME")?.join(below_home)))
    }
}

/// What is remembered of a trusted file: its place and content, so that a change of either asks again.
pub(super) fn digest(path: &Path, text: &str) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let hash = Sha256::new().chain_update(path.as_os_str().as_encoded_bytes()).chain_update([0]).chain_update(text);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text file of at most 1 MiB.
pub(super) fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_string(&mut text));
    match read {
        Ok(_) if text.len() as u64 <= LARGEST_FILE => Ok(text),
        Ok(_) => Err(unreadable(path, "it has more than 1 MiB")),
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

fn unreadable(path: &Path, why: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0021, format!("{} cannot be read: {why}", path.display())))
}

/// Whether a repository begins here: a project of pilab, or a Git work tree.
fn is_root(folder: &Path) -> bool {
    let project = |name: &str| read(&folder.join(name)).is_ok_and(|text| text.contains("pilab.dev/"));
    folder.join(".git").exists() || PROJECT_FILES.iter().any(|name| project(name))
}

/// `PILAB_NOW`, so that a report can be made again, else the clock.
fn now(environment: &BTreeMap<String, String>) -> Result<Timestamp> {
    match environment.get("PILAB_NOW").filter(|text| !text.is_empty()) {
        Some(text) => text.parse().map_err(|_| {
            let message = format!("PILAB_NOW is '{text}', which is no moment");
            Box::new(Diagnostic::error(&codes::PL0025, message).hint("PILAB_NOW=2026-11-25T12:00:00Z"))
        }),
        None => Ok(clock()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
fn clock() -> Timestamp {
    Timestamp::now()
}

/// Who is asking, as far as variables tell.
fn user(environment: &BTreeMap<String, String>) -> String {
    let value = |name: &str| environment.get(name).filter(|value| !value.is_empty()).map(String::as_str);
    match (value("GIT_AUTHOR_NAME"), value("GIT_AUTHOR_EMAIL")) {
        (Some(name), Some(mail)) => format!("{name} <{mail}>"),
        (Some(name), None) => name.to_owned(),
        _ => ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(value).unwrap_or("unknown").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Globals, World, digest, now, user};
    use std::collections::BTreeMap;
    use std::fs;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_moment_and_the_user_come_from_variables_first() {
        assert_eq!(now(&env(&[("PILAB_NOW", "2026-11-25T12:00:00Z")])).unwrap().to_string(), "2026-11-25T12:00:00Z");
        assert_eq!(now(&env(&[("PILAB_NOW", "soon")])).unwrap_err().code.id, "PL0025");
        assert_eq!(user(&env(&[("GIT_AUTHOR_NAME", "Mia"), ("GIT_AUTHOR_EMAIL", "m@x")])), "Mia <m@x>");
        assert_eq!(user(&env(&[("LOGNAME", "mia")])), "mia");
    }

    #[test]
    fn the_repositorys_file_is_looked_for_up_to_its_root_and_trusted_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let (root, deep) = (folder.path().join("r"), folder.path().join("r/a/b"));
        fs::create_dir_all(&deep).unwrap();
        fs::write(folder.path().join(".pilab.toml"), "project = 'stranger'").unwrap();
        let globals = Globals { dir: Some(deep.clone()), ..Globals::default() };
        let state = folder.path().join("state");
        let variables = env(&[("XDG_STATE_HOME", state.to_str().unwrap())]);
        let world = || World::bare(&globals, variables.clone()).unwrap();
        assert_eq!(world().repository_file(), None, "no root: nothing above the folder counts");
        fs::write(root.join("project.yaml"), "apiVersion: pilab.dev/v1").unwrap();
        assert_eq!(world().repository_file(), None, "the root has none, and above it nothing counts");
        let text = "[output]\npager = 'x'\n";
        fs::write(root.join(".pilab.toml"), text).unwrap();
        let before = world().with_settings(false).unwrap();
        assert_eq!((before.resolved.output.pager, before.resolved.warnings.len()), (None, 1));
        fs::create_dir_all(state.join("pilab")).unwrap();
        fs::write(state.join("pilab/trusted"), digest(&root.join(".pilab.toml"), text) + "\n").unwrap();
        let after = world().with_settings(false).unwrap();
        assert_eq!((after.resolved.output.pager.as_deref(), after.resolved.warnings.len()), (Some("x"), 0));
    }
}
