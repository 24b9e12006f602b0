//! Which files belong to a module: folders, files and globs, with exclusions; made for asking trees, not lists of files.
use crate::model::{Diagnostic, Result, codes};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeSet;

/// The paths of a module in its repository.
#[derive(Debug, Clone, Default)]
pub struct PathSet {
    included: Vec<Pattern>,
    excluded: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    /// The part before the first wildcard, without slashes at its ends.
    fixed: String,
    /// The whole pattern, when it has wildcards.
    glob: Option<GlobMatcher>,
}

impl PathSet {
    /// The set of these patterns: `src/cart` (a file or a folder with all below), `src/postgres*`, `**/*.proto`, `!docs`.
    /// A wildcard that fits a folder takes all below it. No pattern, or only exclusions, begin with the whole repository.
    ///
    /// # Errors
    /// PL0020 for a pattern that does not parse, or leads out of the repository.
    pub fn new(patterns: &[String]) -> Result<PathSet> {
        let mut set = PathSet::default();
        for text in patterns {
            match text.trim().strip_prefix('!') {
                Some(excluded) => set.excluded.push(Pattern::new(excluded)?),
                None => set.included.push(Pattern::new(text.trim())?),
            }
        }
        if set.included.is_empty() {
            set.included.push(Pattern { fixed: String::new(), glob: None });
        }
        Ok(set)
    }

    /// These files, and everything below these folders, whatever characters their names have.
    pub(super) fn literal<'a>(paths: impl IntoIterator<Item = &'a str>) -> PathSet {
        let fixed = |path: &str| Pattern { fixed: path.trim_matches('/').to_owned(), glob: None };
        PathSet { included: paths.into_iter().map(fixed).collect(), excluded: Vec::new() }
    }

    /// All that is in one of the sets, and perhaps more: what is excluded from one may be in another.
    pub(super) fn union(sets: &[PathSet]) -> PathSet {
        PathSet { included: sets.iter().flat_map(|set| set.included.clone()).collect(), excluded: Vec::new() }
    }

    /// Whether a file belongs to the set.
    pub fn contains(&self, path: &str) -> bool {
        self.included.iter().any(|pattern| pattern.fits(path))
            && !self.excluded.iter().any(|pattern| pattern.fits(path))
    }

    /// Whether it is the whole repository.
    pub(super) fn is_whole(&self) -> bool {
        self.excluded.is_empty()
            && self.included.iter().any(|pattern| pattern.fixed.is_empty() && pattern.glob.is_none())
    }

    /// Whether a folder can hold a file of the set.
    pub(super) fn may_contain(&self, folder: &str) -> bool {
        self.included.iter().any(|pattern| within(folder, &pattern.fixed) || within(&pattern.fixed, folder))
            && !self.excluded.iter().any(|pattern| pattern.glob.is_none() && within(folder, &pattern.fixed))
    }

    /// The fixed beginnings of the patterns, none below another.
    pub(super) fn roots(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.included.iter().map(|pattern| pattern.fixed.as_str()).collect();
        all.iter().filter(|root| !all.iter().any(|other| other != *root && within(root, other))).copied().collect()
    }

    /// The folder (or the one file) below which all of the set is.
    pub(super) fn top(&self) -> String {
        let roots = self.roots();
        let Some((first, rest)) = roots.split_first() else { return String::new() };
        let mut top: Vec<&str> = first.split('/').collect();
        for root in rest {
            let same = top.iter().zip(root.split('/')).take_while(|(a, b)| **a == *b).count();
            top.truncate(same);
        }
        top.join("/")
    }

    /// Whether a difference below `roots` is always one of the set.
    pub(super) fn is_plain(&self) -> bool {
        self.excluded.is_empty() && self.included.iter().all(|pattern| pattern.glob.is_none())
    }
}

impl Pattern {
    fn new(text: &str) -> Result<Pattern> {
        let bad =
            |why: &str| Box::new(Diagnostic::error(&codes::PL0020, format!("the path '{text}' cannot be used: {why}")));
        let clean = text.trim_start_matches("./").trim_matches('/');
        if clean.split('/').any(|part| part == "..") {
            return Err(bad("it leads out of the repository"));
        }
        let clean = if clean == "." { "" } else { clean };
        let wild = |part: &&str| part.contains(['*', '?', '[', '{']);
        if !clean.split('/').any(|part| wild(&part)) {
            return Ok(Pattern { fixed: clean.to_owned(), glob: None });
        }
        let fixed: Vec<&str> = clean.split('/').take_while(|part| !wild(part)).collect();
        let glob = GlobBuilder::new(clean).literal_separator(true).build().map_err(|error| bad(&error.to_string()))?;
        Ok(Pattern { fixed: fixed.join("/"), glob: Some(glob.compile_matcher()) })
    }

    /// Whether the path, or a folder that it is in, is what the pattern says.
    fn fits(&self, path: &str) -> bool {
        match &self.glob {
            None => within(path, &self.fixed),
            Some(_) if !within(path, &self.fixed) => false,
            Some(glob) => {
                glob.is_match(path)
                    || path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|folder| glob.is_match(folder)))
            }
        }
    }
}

/// Whether `path` is `folder` or below it.
fn within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::PathSet;

    fn set(patterns: &[&str]) -> PathSet {
        PathSet::new(&patterns.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn folders_files_globs_and_exclusions() {
        for (patterns, inside, outside) in [
            (&["src/cart"][..], "src/cart/a/b", "src/cartoon/a"),
            (&["./src/cart/"], "src/cart", "src"),
            (&["src/postgres*"], "src/postgresql/init.sql", "src/redis/x"),
            (&["**/*.proto"], "pb/demo.proto", "pb/demo.go"),
            (&["src", "!src/docs"], "src/x", "src/docs/y"),
            (&["!**/*.md"], "src/x", "src/README.md"),
            (&["src/*/Dockerfile"], "src/a/Dockerfile", "src/a/b/Dockerfile"),
            (&["a/x", "b"], "b/1", "a/y"),
        ] {
            assert!(set(patterns).contains(inside), "{patterns:?} {inside}");
            assert!(!set(patterns).contains(outside), "{patterns:?} {outside}");
        }
        assert!(set(&[]).contains("anything") && set(&["."]).contains("x"));
        assert_eq!(set(&["src", "src/cart", "pb/*.proto"]).roots(), ["pb", "src"]);
        for (patterns, top) in [
            (&["src/cart", "src/cartoon"][..], "src"),
            (&["src/cart"], "src/cart"),
            (&["a/b/c", "a/b"], "a/b"),
            (&["a", "b"], ""),
            (&["**/x"], ""),
            (&[], ""),
        ] {
            assert_eq!(set(patterns).top(), top, "{patterns:?}");
        }
        let odd = PathSet::literal(["m[1]/*"]);
        assert!(odd.contains("m[1]/*/x") && !odd.contains("m1/a/x"));
        let both = PathSet::union(&[set(&["a", "!a/b"]), set(&["c/*.d"])]);
        assert!(both.contains("a/b") && both.contains("c/x.d") && !both.contains("c/x"));
        for bad in ["a/[", "../x", "a/../../b"] {
            assert_eq!(PathSet::new(&[bad.to_owned()]).unwrap_err().code.id, "PL0020");
        }
    }
}
