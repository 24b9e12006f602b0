//! Files by path, wherever they are: a Git ref, a work tree, plain memory. Engines see nothing else of a repository.
mod glob;
mod memory;
mod path;
mod sub;

pub use glob::{glob, walk};
pub use memory::MemTree;
pub use path::join;
pub use sub::SubTree;

use std::fmt;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link. Reading it follows it, as long as it stays inside the tree.
    Link,
    /// Another repository (a gitlink); its content is not part of this tree.
    Submodule,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name, without the folder. Bytes that are not UTF-8 are written as `\xNN`, and `readable` is false.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Whether the name is UTF-8, so that a path can be made of it.
    pub readable: bool,
}

/// Why a path could not be read although something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeError {
    /// Larger than the caller takes: size and limit in bytes.
    TooLarge {
        /// Size of the file.
        size: u64,
        /// What the caller takes.
        limit: u64,
    },
    /// The object is named but not here (partial clone, damage).
    Missing,
    /// A link that leads out of the tree or in a circle.
    BadLink,
    /// The path is in another repository.
    Submodule,
    /// A Git LFS pointer; the size of the content behind it.
    LfsPointer {
        /// Size of the content, bytes.
        size: u64,
    },
    /// The name is not UTF-8.
    NotUtf8,
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeError::TooLarge { size, limit } => write!(f, "it has {size} bytes, and at most {limit} are read"),
            TreeError::Missing => f.write_str("the object is not in this clone"),
            TreeError::BadLink => f.write_str("the link leads out of the repository or in a circle"),
            TreeError::Submodule => f.write_str("it is in a submodule, another repository"),
            TreeError::LfsPointer { size } => write!(f, "it is a Git LFS pointer to {size} bytes that are not here"),
            TreeError::NotUtf8 => f.write_str("its name is not UTF-8"),
            TreeError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for TreeError {}

/// The largest file that is read when the caller says nothing else: 8 MiB.
pub const READ_LIMIT: u64 = 8 * 1024 * 1024;

/// A read-only set of files. Paths are relative, with `/` between parts, without `.` and `..`.
pub trait Tree: Send + Sync {
    /// The content of the file at `path`, links followed; `None` when nothing is there or it is a folder.
    ///
    /// # Errors
    /// When something is there and cannot be given: see `TreeError`. A Git LFS pointer is an error, never a content.
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError>;

    /// The names in the folder at `path` (empty for the root), sorted; `None` when there is no such folder.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError>;

    /// What tells this content from any other: the object id of the root tree. `None` when it can change under our hands.
    fn identity(&self) -> Option<String>;
}
