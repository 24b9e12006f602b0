//! Walking and globbing a tree without listing more of it than the pattern needs.
use super::{EntryKind, Tree, TreeError};
use globset::{GlobBuilder, GlobMatcher};

/// How deep folders are followed; deeper ones are an error, not a silence.
const DEPTH: usize = 64;

/// Paths of all files at or below `folder` (empty for the root), sorted. Links are listed, not followed; submodules are left out.
///
/// # Errors
/// When a folder cannot be read, or folders are deeper than 64.
pub fn walk(tree: &dyn Tree, folder: &str) -> Result<Vec<String>, TreeError> {
    let mut found = Vec::new();
    visit(tree, folder, 0, &mut |path, readable| {
        found.extend(readable.then(|| path.to_owned()));
        Ok(())
    })?;
    found.sort();
    Ok(found)
}

/// Like `walk`, and an error for a name that cannot be told: to pass over it would be to say that nothing is there.
fn all(tree: &dyn Tree, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, TreeError> {
    let mut found = Vec::new();
    visit(tree, folder, 0, &mut |path, readable| match wanted(path) {
        true if !readable => Err(TreeError::NotUtf8),
        true => {
            found.push(path.to_owned());
            Ok(())
        }
        false => Ok(()),
    })?;
    found.sort();
    Ok(found)
}

/// Paths of the files that fit `pattern`, sorted. `*` and `?` stay inside a name, `**` crosses folders,
/// `[ab]` and `{a,b}` choose. A pattern without any of them is a path: it gives the file, or all files below the folder.
///
/// # Errors
/// When the pattern does not parse, a folder cannot be read, or the name of a file that fits is not UTF-8.
pub fn glob(tree: &dyn Tree, pattern: &str) -> Result<Vec<String>, TreeError> {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    if !pattern.contains(['*', '?', '[', '{']) {
        return literal(tree, pattern);
    }
    let matcher = matcher(pattern)?;
    let fixed: Vec<&str> = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
    all(tree, &fixed.join("/"), &|path| matcher.is_match(path))
}

fn matcher(pattern: &str) -> Result<GlobMatcher, TreeError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| TreeError::Other(error.to_string()))
}

fn literal(tree: &dyn Tree, path: &str) -> Result<Vec<String>, TreeError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let entry = tree.list(folder)?.and_then(|entries| entries.into_iter().find(|entry| entry.name == name));
    match entry.map(|entry| entry.kind) {
        Some(EntryKind::File | EntryKind::Link) => Ok(vec![path.to_owned()]),
        Some(EntryKind::Folder) => all(tree, path, &|_| true),
        Some(EntryKind::Submodule) => Err(TreeError::Submodule),
        None if path.is_empty() => all(tree, "", &|_| true),
        None => Ok(Vec::new()),
    }
}

/// Calls `each` with the path of every file and link, and whether its name is UTF-8.
fn visit(
    tree: &dyn Tree,
    folder: &str,
    depth: usize,
    each: &mut dyn FnMut(&str, bool) -> Result<(), TreeError>,
) -> Result<(), TreeError> {
    if depth > DEPTH {
        return Err(TreeError::Other(format!("folders are nested deeper than {DEPTH}: {folder}")));
    }
    for entry in tree.list(folder)?.unwrap_or_default() {
        let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
        match entry.kind {
            EntryKind::Folder if entry.readable => visit(tree, &path, depth + 1, each)?,
            EntryKind::File | EntryKind::Link => each(&path, entry.readable)?,
            EntryKind::Folder | EntryKind::Submodule => (),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{glob, walk};
    use crate::tree::MemTree;

    #[test]
    fn patterns_cross_folders_only_when_told() {
        let tree = MemTree::of([("a/x.yaml", ""), ("a/b/y.yaml", ""), ("a/b/z.txt", ""), ("c.yaml", "")]);
        let of = |pattern: &str| glob(&tree, pattern).unwrap();
        assert_eq!(of("a/*.yaml"), ["a/x.yaml"]);
        assert_eq!(of("a/**/*.yaml"), ["a/b/y.yaml", "a/x.yaml"]);
        assert_eq!(of("a/b"), ["a/b/y.yaml", "a/b/z.txt"]);
        assert_eq!(of("{c,d}.yaml"), ["c.yaml"]);
        assert_eq!(of("./c.yaml"), ["c.yaml"]);
        assert!(of("nothing/*.yaml").is_empty());
        assert!(glob(&tree, "a/[").is_err());
        assert_eq!(walk(&tree, "a/b").unwrap().len(), 2);
    }
}
