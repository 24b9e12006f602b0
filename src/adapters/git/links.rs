//! Walking a path part by part, following symbolic links inside the tree and never out of it.
use crate::tree::TreeError;

/// How many links are followed on the way to one file.
const LINKS: usize = 40;
/// How many parts a path may grow to.
const PARTS: usize = 4096;

/// What stands at one part of a path. `S` names a folder or file of the tree that is walked.
pub(super) enum Step<S> {
    /// A folder.
    Folder(S),
    /// A file.
    File(S),
    /// A link and where it points.
    Link(Vec<u8>),
    /// Another repository.
    Submodule,
}

/// What stands under a name in a folder, or why that cannot be said.
pub(super) type Found<S> = Result<Option<Step<S>>, TreeError>;

/// What `path` leads to, links followed; `None` when nothing is there.
///
/// # Errors
/// `BadLink` for a way out of the tree or in a circle, `Submodule`, `NotUtf8`, and whatever `step` says.
pub(super) fn resolve<S: Clone>(root: S, path: &str, step: &mut dyn FnMut(&S, &str) -> Found<S>) -> Found<S> {
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err(TreeError::BadLink);
    }
    let mut todo: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
    let mut folders = Vec::new();
    let mut links = 0;
    while let Some(part) = todo.pop() {
        match part.as_str() {
            "" | "." => continue,
            ".." => {
                folders.pop().ok_or(TreeError::BadLink)?;
                continue;
            }
            _ => (),
        }
        match step(folders.last().unwrap_or(&root), &part)? {
            None => return Ok(None),
            Some(Step::Folder(folder)) => folders.push(folder),
            Some(Step::File(file)) => {
                let last = todo.iter().all(|part| part.is_empty() || part == ".");
                return Ok(last.then_some(Step::File(file)));
            }
            Some(Step::Submodule) => return Err(TreeError::Submodule),
            Some(Step::Link(target)) => {
                let target = String::from_utf8(target).map_err(|_| TreeError::NotUtf8)?;
                links += 1;
                if links > LINKS || target.starts_with('/') || target.is_empty() {
                    return Err(TreeError::BadLink);
                }
                todo.extend(target.split('/').rev().map(str::to_owned));
                if todo.len() > PARTS {
                    return Err(TreeError::BadLink);
                }
            }
        }
    }
    Ok(Some(Step::Folder(folders.pop().unwrap_or(root))))
}

/// The size in a Git LFS pointer; `None` when the content is none.
pub(super) fn lfs_size(content: &[u8]) -> Option<u64> {
    lfs_field(content, "size ").and_then(|size| size.parse().ok())
}

/// Hash (SHA-256) and size that a Git LFS pointer leads to; `None` when the content is none.
pub(super) fn lfs_pointer(content: &[u8]) -> Option<(&str, u64)> {
    Some((lfs_field(content, "oid sha256:")?, lfs_size(content)?))
}

fn lfs_field<'a>(content: &'a [u8], key: &str) -> Option<&'a str> {
    if content.len() > 1024 || !content.starts_with(b"version https://git-lfs") {
        return None;
    }
    let text = std::str::from_utf8(content).ok()?;
    text.lines().find_map(|line| line.strip_prefix(key)).map(str::trim)
}

/// A name for people: bytes that are no UTF-8, and `/` inside a name, are written as `\xNN`. Whether it was readable.
pub(super) fn shown(name: &[u8]) -> (String, bool) {
    let mut text = String::new();
    let mut readable = !name.is_empty() && name != b"." && name != b"..";
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '/' || c == '\0' {
                readable = false;
                text.push_str(&format!("\\x{:02x}", u32::from(c)));
            } else {
                text.push(c);
            }
        }
        for byte in chunk.invalid() {
            readable = false;
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    (text, readable)
}
