//! A folder of a tree as a tree of its own.
use super::{Entry, Tree, TreeError};
use std::sync::Arc;

/// The files below a folder of another tree, with the folder cut off their paths.
#[derive(Clone)]
pub struct SubTree {
    inner: Arc<dyn Tree>,
    folder: String,
}

impl SubTree {
    /// The folder `folder` of `inner`; an empty folder is the whole tree.
    pub fn new(inner: Arc<dyn Tree>, folder: &str) -> SubTree {
        SubTree { inner, folder: folder.trim_matches('/').to_owned() }
    }

    fn path(&self, path: &str) -> String {
        match (self.folder.is_empty(), path.is_empty()) {
            (true, _) => path.to_owned(),
            (false, true) => self.folder.clone(),
            (false, false) => format!("{}/{path}", self.folder),
        }
    }
}

impl Tree for SubTree {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        self.inner.read(&self.path(path), limit)
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        self.inner.list(&self.path(path))
    }

    fn identity(&self) -> Option<String> {
        self.inner.identity().map(|id| format!("{id}:{}", self.folder))
    }
}

#[cfg(test)]
mod tests {
    use super::SubTree;
    use crate::tree::{MemTree, Tree};
    use std::sync::Arc;

    #[test]
    fn paths_are_relative_to_the_folder() {
        let whole: Arc<dyn Tree> = Arc::new(MemTree::of([("a/b/c.yaml", "x"), ("d", "y")]));
        let sub = SubTree::new(whole.clone(), "a/b/");
        assert_eq!(sub.read("c.yaml", 9).unwrap().unwrap(), b"x");
        assert_eq!(sub.list("").unwrap().unwrap()[0].name, "c.yaml");
        assert_eq!(sub.read("d", 9).unwrap(), None);
        assert_eq!(SubTree::new(whole, "").read("d", 9).unwrap().unwrap(), b"y");
    }
}
