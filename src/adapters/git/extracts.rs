//! Short texts out of many blobs, read once and kept: a blob never changes, so neither does what is read out of it.
use super::kept;
use super::object_tree::blob;
use super::open::{Repository, object_id};
use crate::model::CommitId;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Finds one short text in the content of a blob.
pub struct Extractor<'a> {
    /// Name and version of what it does; another one makes what was kept worthless.
    pub title: &'a str,
    /// The largest blob it gets.
    pub limit: u64,
    /// What it does.
    pub read: &'a (dyn Fn(&[u8]) -> Option<String> + Sync),
}

impl Repository {
    /// What the extractor finds in each blob. With `cache`, only blobs that are not in that file are read. Blobs that
    /// are not here or too large are not in the answer.
    pub fn extracts(
        &self,
        blobs: &BTreeSet<&str>,
        extractor: &Extractor<'_>,
        cache: Option<&Path>,
    ) -> BTreeMap<String, Option<String>> {
        let title = format!("pilab-extracts-{}", extractor.title);
        let mut known = cache.and_then(|file| parse(&kept::load(file, &title)?)).unwrap_or_default();
        let fresh: Vec<&str> = blobs.iter().filter(|id| !known.contains_key(**id)).copied().collect();
        let read: Vec<(String, Option<String>)> = fresh
            .par_chunks(64)
            .flat_map_iter(|ids| {
                self.with(|repo| ids.iter().filter_map(|id| extract(repo, id, extractor)).collect::<Vec<_>>())
            })
            .collect();
        let grown = !read.is_empty();
        known.extend(read);
        if let Some(file) = cache.filter(|_| grown)
            && let Some(text) = text(&known)
        {
            kept::save(file, &title, &text);
        }
        known
    }
}

fn extract(repo: &gix::Repository, id: &str, extractor: &Extractor<'_>) -> Option<(String, Option<String>)> {
    let object = object_id(&CommitId(id.to_owned())).ok()?;
    let content = blob(repo, object, extractor.limit).ok()?;
    Some((id.to_owned(), (extractor.read)(&content)))
}

fn parse(text: &str) -> Option<BTreeMap<String, Option<String>>> {
    let line = |line: &str| {
        let (id, found) = line.split_once(' ')?;
        Some((id.to_owned(), serde_json::from_str(found).ok()?))
    };
    text.lines().map(line).collect()
}

fn text(known: &BTreeMap<String, Option<String>>) -> Option<String> {
    known.iter().map(|(id, found)| Some(format!("{id} {}\n", serde_json::to_string(found).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::Extractor;
    use crate::adapters::git::testing::Repo;
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_blob_is_read_once() {
        let repo = Repo::new();
        let texts = ["v: 1\n", "v: \"2\"\n", "nothing", "a very long text"];
        let ids: Vec<String> = texts
            .iter()
            .map(|text| {
                repo.write("f", text);
                repo.git(&["hash-object", "-w", "f"])
            })
            .collect();
        let none = "0".repeat(40);
        let reads = AtomicUsize::new(0);
        let read = |content: &[u8]| {
            reads.fetch_add(1, Ordering::Relaxed);
            String::from_utf8_lossy(content).strip_prefix("v: ").map(str::to_owned)
        };
        let opened = repo.open();
        let file = repo.path().join(".git/pilab/extracts");
        let all: BTreeSet<&str> = ids.iter().map(String::as_str).chain([none.as_str(), "no id"]).collect();
        let two: BTreeSet<&str> = ids.iter().take(2).map(String::as_str).collect();
        for (title, blobs, count) in [("a", &two, 2), ("a", &two, 0), ("a", &all, 1), ("a", &all, 0), ("b", &two, 2)] {
            let found = opened.extracts(blobs, &Extractor { title, limit: 12, read: &read }, Some(&file));
            assert_eq!(reads.swap(0, Ordering::Relaxed), count, "{title}");
            assert_eq!(found[&ids[0]].as_deref(), Some("1\n"));
            assert_eq!(found[&ids[1]].as_deref(), Some("\"2\"\n"));
            assert_eq!(found.contains_key(&ids[2]), blobs.len() > 2);
            assert!(!found.contains_key(&none) && !found.contains_key(&ids[3]));
        }
    }
}
