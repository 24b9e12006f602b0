//! Commit-graphs: the repository's own, or one in pilab's cache for a repository that has none. Its format is Git's.
//!
//! Commits never change, so a graph in the cache can lack commits, and a walk reads those as objects; it cannot be wrong.
use super::graph::{Graph, UNKNOWN};
use super::kept;
use super::open::Repository;
use gix::commitgraph::GENERATION_NUMBER_MAX;
use std::path::Path;

/// How many commits a walk must have read as objects before a graph is worth writing.
const WORTH: usize = 1000;
/// No parent, in Git's format.
const NONE: u32 = 0x7000_0000;
/// The second parent stands in the list of edges; and the mark of the last of them.
const MANY: u32 = 0x8000_0000;
/// The largest commit time that the format holds.
const TIME: i64 = (1 << 34) - 1;

/// The graph to use in `repo`; of its own and the one in the cache the one that knows more.
pub(super) fn open(repo: &gix::Repository, file: Option<&Path>) -> Option<gix::commitgraph::Graph> {
    // Replacements change parents, which a graph does not know.
    if repo.objects.store_ref().replacements().next().is_some() {
        return None;
    }
    let own = repo.commit_graph_if_enabled().ok().flatten();
    let left = file.and_then(|file| gix::commitgraph::Graph::at(file, repo.object_hash(), Some(1 << 30)).ok());
    [own, left].into_iter().flatten().max_by_key(gix::commitgraph::Graph::num_commits)
}

impl Repository {
    /// Leaves a graph for the next walks when this one read many commits. A graph that cannot be written is no error.
    pub(super) fn keep_graph(&self, repo: &gix::Repository, graph: &mut Graph<'_>) {
        let plain = graph.shallow.is_empty() && repo.objects.store_ref().replacements().next().is_none();
        if graph.read < WORTH || !plain || graph.nodes.iter().any(|node| node.generation == UNKNOWN && !node.loaded) {
            return;
        }
        if let Some(file) = self.graph_file()
            && let Some(bytes) = complete(graph).and_then(|()| encode(repo, graph))
            && kept::replace(&file, &bytes)
        {
            self.forget_graph();
        }
    }
}

/// Loads what the graph that was used so far has more than the walk saw, and gives every commit its generation.
fn complete(graph: &mut Graph<'_>) -> Option<()> {
    if let Some(stored) = graph.stored.clone() {
        for id in stored.iter_ids() {
            let number = graph.number(id.to_owned());
            graph.load(number).ok()?;
        }
    }
    // A known commit of which the walk has not seen the parents would break the closure.
    let mut number = 0;
    while number < graph.nodes.len() {
        graph.load(number).ok()?;
        number += 1;
    }
    for number in graph.all().into_iter().rev() {
        let of = |number: usize| graph.nodes.get(number).map_or(0, |node| node.generation);
        let generation = graph.parents(number).map(of).max().unwrap_or(0).saturating_add(1);
        let node = graph.nodes.get_mut(number)?;
        if generation >= GENERATION_NUMBER_MAX || !(0..=TIME).contains(&node.time) {
            return None;
        }
        node.generation = generation;
    }
    Some(())
}

/// The graph in Git's file format, version 1.
fn encode(repo: &gix::Repository, graph: &Graph<'_>) -> Option<Vec<u8>> {
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    order.sort_by_key(|number| graph.nodes.get(*number).map(|node| node.id));
    let mut position = vec![0u32; order.len()];
    for (at, number) in order.iter().enumerate() {
        *position.get_mut(*number)? = u32::try_from(at).ok().filter(|at| *at < NONE)?;
    }
    let place = |number: usize| position.get(number).copied();
    let (mut fan, mut ids, mut data, mut edges) = ([0u32; 256], Vec::new(), Vec::new(), Vec::new());
    for number in &order {
        let node = graph.nodes.get(*number)?;
        fan.get_mut(usize::from(node.id.first_byte())..)?.iter_mut().for_each(|count| *count += 1);
        ids.extend_from_slice(node.id.as_slice());
        data.extend_from_slice(node.tree.as_slice());
        let parents: Vec<u32> = graph.parents(*number).map(place).collect::<Option<_>>()?;
        let second = match parents.get(1..).unwrap_or_default() {
            [] => NONE,
            [one] => *one,
            many => {
                let start = u32::try_from(edges.len() / 4).ok()? | MANY;
                for (at, parent) in many.iter().enumerate() {
                    let last = if at + 1 == many.len() { MANY } else { 0 };
                    edges.extend_from_slice(&(parent | last).to_be_bytes());
                }
                start
            }
        };
        let time = u64::try_from(node.time).ok()?;
        let (high, low) = (u32::try_from(time >> 32).ok()?, u32::try_from(time & 0xffff_ffff).ok()?);
        for word in [parents.first().copied().unwrap_or(NONE), second, (node.generation << 2) | high, low] {
            data.extend_from_slice(&word.to_be_bytes());
        }
    }
    let fan: Vec<u8> = fan.iter().flat_map(|count| count.to_be_bytes()).collect();
    join(repo.object_hash(), &[(*b"OIDF", fan), (*b"OIDL", ids), (*b"CDAT", data), (*b"EDGE", edges)])
}

/// Header, table of contents, the chunks that hold something, and the hash of all.
fn join(hash: gix::hash::Kind, chunks: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let chunks: Vec<_> = chunks.iter().filter(|(_, content)| !content.is_empty()).collect();
    let version = if hash == gix::hash::Kind::Sha1 { 1 } else { 2 };
    let mut file = b"CGPH".to_vec();
    file.extend_from_slice(&[1, version, u8::try_from(chunks.len()).ok()?, 0]);
    let mut offset = u64::try_from(8 + (chunks.len() + 1) * 12).ok()?;
    for (name, content) in &chunks {
        file.extend_from_slice(name);
        file.extend_from_slice(&offset.to_be_bytes());
        offset = offset.checked_add(u64::try_from(content.len()).ok()?)?;
    }
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&offset.to_be_bytes());
    chunks.iter().for_each(|(_, content)| file.extend_from_slice(content));
    let mut hasher = gix::hash::hasher(hash);
    hasher.update(&file);
    file.extend_from_slice(hasher.try_finalize().ok()?.as_slice());
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::{complete, encode};
    use crate::adapters::git::graph::Graph;
    use crate::adapters::git::open::object_id;
    use crate::adapters::git::testing::Repo;
    use crate::adapters::git::{OpenOptions, Repository, Want};

    /// A history with an octopus merge, two roots and equal times.
    fn octopus() -> Repo {
        let repo = Repo::new();
        repo.commit("root");
        for side in ["a", "b", "c"] {
            repo.git(&["checkout", "-q", "-b", side, "main"]);
            repo.write(side, side);
            repo.commit(side);
        }
        repo.git(&["checkout", "-q", "main"]);
        repo.git(&["merge", "-q", "-m", "octopus", "a", "b", "c"]);
        repo.git(&["checkout", "-q", "--orphan", "other"]);
        repo.commit("second root");
        repo.git(&["checkout", "-q", "main"]);
        repo.git(&["merge", "-q", "--allow-unrelated-histories", "-s", "ours", "-m", "join", "other"]);
        repo
    }

    #[test]
    fn the_graph_is_the_one_that_git_writes() {
        let repo = octopus();
        let opened = repo.open();
        let head = object_id(&opened.head().unwrap().unwrap().commit).unwrap();
        let ours = opened.with(|handle| {
            let mut graph = Graph::new(&opened, handle);
            graph.mark_all(head).unwrap();
            complete(&mut graph).unwrap();
            encode(handle, &graph).unwrap()
        });
        repo.git(&["-c", "commitGraph.generationVersion=1", "commit-graph", "write", "--reachable"]);
        let theirs = std::fs::read(repo.path().join(".git/objects/info/commit-graph")).unwrap();
        assert_eq!(ours, theirs);
        // And Git itself takes ours.
        std::fs::remove_file(repo.path().join(".git/objects/info/commit-graph")).unwrap();
        std::fs::write(repo.path().join(".git/objects/info/commit-graph"), ours).unwrap();
        repo.git(&["commit-graph", "verify"]);
    }

    #[test]
    fn a_long_walk_leaves_a_graph_and_a_broken_one_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let code = dir.path().join("code");
        let commits = crate::adapters::git::testing::line(1200);
        let ids = crate::adapters::git::write::write_repository(&code, true, &commits).unwrap();
        let options = OpenOptions { graphs: Some(dir.path().join("graphs")), ..OpenOptions::default() };
        let walk = |repository: &Repository| {
            let whole = [crate::adapters::git::PathSet::new(&[]).unwrap()];
            let mut found = repository.ranges(&ids[1190], &ids[1199], &whole, Want::default()).unwrap();
            found.pop().unwrap().unwrap()
        };
        let plain = walk(&Repository::open(&code, &OpenOptions::default()).unwrap());
        assert_eq!(plain.only_to.len(), 9);
        let file = Repository::open(&code, &options).unwrap().graph_file().unwrap();
        let mut written = Vec::new();
        for broken in [None, Some(Vec::new()), Some(b"CGPH".to_vec()), Some(vec![b'x'; 5000])] {
            if let Some(broken) = broken {
                std::fs::write(&file, broken).unwrap();
            }
            assert_eq!(walk(&Repository::open(&code, &options).unwrap()), plain);
            written = std::fs::read(&file).unwrap();
            assert!(written.starts_with(b"CGPH") && written.len() > 1200 * 56);
        }
        std::fs::write(&file, &written[..written.len() / 2]).unwrap();
        assert_eq!(walk(&Repository::open(&code, &options).unwrap()), plain);
        assert_eq!(std::fs::read(&file).unwrap(), written);
        // With the graph, a walk reads the commits of the range and no others.
        let opened = Repository::open(&code, &options).unwrap();
        opened.with(|handle| {
            let mut graph = Graph::new(&opened, handle);
            graph.mark(Some(object_id(&ids[1190]).unwrap()), object_id(&ids[1199]).unwrap()).unwrap();
            assert!(graph.read == 0 && graph.nodes.len() < 20, "{} {}", graph.read, graph.nodes.len());
        });
    }
}
