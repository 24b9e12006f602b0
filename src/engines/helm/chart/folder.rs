//! The files of a chart that lies in a tree as a folder.
use super::ignore::Rules;
use super::{Budget, Buffered, too_many, unreadable};
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::tree::{Entry, EntryKind, Tree, TreeError};

/// How deep folders are followed; also what ends circles of links.
const DEPTH: usize = 64;

/// What was read.
pub(super) struct Read {
    pub(super) files: Vec<Buffered>,
    /// Files that only `.Files` would give and that are not here, and why.
    pub(super) unread: Vec<(String, String)>,
}

/// All files of the folder that `.helmignore` does not leave out.
pub(super) fn read(tree: &dyn Tree, folder: &str, budget: &mut Budget) -> Result<Read, Error> {
    let place = join(folder, ".helmignore");
    let text = tree.read(&place, budget.limits.file).map_err(|error| unreadable(".helmignore", &error))?;
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let rules = Rules::with_defaults(text.as_deref());
    let rules = rules.map_err(|text| Error::new(ErrorKind::Chart, text).at(".helmignore"))?;
    let mut walk = Walk { tree, folder, rules, budget, read: Read { files: Vec::new(), unread: Vec::new() } };
    walk.folder("", 0)?;
    Ok(walk.read)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

struct Walk<'a> {
    tree: &'a dyn Tree,
    folder: &'a str,
    rules: Rules,
    budget: &'a mut Budget,
    read: Read,
}

impl Walk<'_> {
    fn folder(&mut self, path: &str, depth: usize) -> Result<(), Error> {
        if depth > DEPTH {
            let text = format!("folders of the chart lie more than {DEPTH} deep, or links lead in a circle");
            return Err(Error::new(ErrorKind::Limit, text).at(path));
        }
        let place = if path.is_empty() { self.folder.to_owned() } else { join(self.folder, path) };
        let entries = self.tree.list(&place).map_err(|error| unreadable(path, &error))?;
        for entry in entries.into_iter().flatten() {
            self.entry(&entry, join(path, &entry.name), depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, path: String, depth: usize) -> Result<(), Error> {
        let place = join(self.folder, &path);
        let is_folder = match entry.kind {
            EntryKind::File => false,
            EntryKind::Folder | EntryKind::Submodule => true,
            EntryKind::Link => match self.tree.list(&place) {
                Ok(listed) => listed.is_some(),
                Err(error) => {
                    if self.rules.ignores(&path, false) {
                        return Ok(());
                    }
                    let text = format!("error evaluating symlink {path}: {error}");
                    return Err(Error::new(ErrorKind::Chart, text).at(path));
                }
            },
        };
        if self.rules.ignores(&path, is_folder) {
            return Ok(());
        }
        if !entry.readable {
            return self.cannot(path, &TreeError::NotUtf8);
        }
        match entry.kind {
            EntryKind::Submodule => self.cannot(path, &TreeError::Submodule),
            _ if is_folder => self.folder(&path, depth + 1),
            _ => self.file(&place, path),
        }
    }

    fn file(&mut self, place: &str, path: String) -> Result<(), Error> {
        let limit = match self.budget.compat {
            Compat::Helm3 => self.budget.limits.total,
            Compat::Helm4 => self.budget.limits.file,
        };
        if self.budget.files == 0 {
            return Err(too_many(&self.budget.limits));
        }
        let bytes = match self.tree.read(place, limit.min(self.budget.bytes.saturating_add(1))) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return self.cannot(path, &TreeError::BadLink),
            Err(TreeError::TooLarge { size, .. }) if size > limit => {
                let name = path.rsplit('/').next().unwrap_or(&path);
                let text = format!("chart file \"{name}\" is larger than the maximum file size {limit}");
                return Err(Error::new(ErrorKind::Limit, text).at(path));
            }
            Err(TreeError::TooLarge { .. }) => return Err(super::too_large(&self.budget.limits)),
            Err(error) => return self.cannot(path, &error),
        };
        self.budget.take(bytes.len() as u64)?;
        let data = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        self.read.files.push(Buffered { name: path, data: data.into() });
        Ok(())
    }

    /// A file that is there and cannot be had. Only where `.Files` alone would see it, the chart is of use without it.
    fn cannot(&mut self, path: String, error: &TreeError) -> Result<(), Error> {
        let needed = ["templates/", "charts/", "crds/"].iter().any(|folder| path.starts_with(folder))
            || (!path.contains('/') && [".yaml", ".json", ".lock"].iter().any(|end| path.ends_with(end)))
            || matches!(path.as_str(), "templates" | "charts" | "crds");
        if needed {
            return Err(unreadable(&path, error));
        }
        self.read.unread.push((path, error.to_string()));
        Ok(())
    }
}
