//! Questions about one line of ancestors: who descends from whom, and where a branch was at a moment.
use super::graph::{Graph, UNKNOWN, shallow};
use super::open::{Repository, object_id};
use crate::model::{CommitId, Result};
use std::collections::{BTreeSet, BinaryHeap};

impl Repository {
    /// Whether `a` is `b` or an ancestor of it.
    ///
    /// # Errors
    /// PL0201 when the clone ends before that is certain, PL0204.
    pub fn is_ancestor(&self, a: &CommitId, b: &CommitId) -> Result<bool> {
        let (a, b) = (object_id(a)?, object_id(b)?);
        self.with(|repo| {
            let mut graph = Graph::new(self, repo);
            let (wanted, start) = (graph.number(a), graph.number(b));
            graph.load(wanted)?;
            graph.load(start)?;
            let lowest = graph.nodes.get(wanted).map_or(UNKNOWN, |node| node.generation);
            let place = |graph: &Graph<'_>, number: usize| {
                graph.nodes.get(number).map_or((UNKNOWN, 0, number), |node| (node.generation, node.time, number))
            };
            let (mut todo, mut seen) = (BinaryHeap::from([place(&graph, start)]), BTreeSet::from([start]));
            let mut edge = false;
            while let Some((generation, _, number)) = todo.pop() {
                if number == wanted {
                    return Ok(true);
                }
                // An ancestor has a lower generation than its descendants.
                if generation != UNKNOWN && lowest != UNKNOWN && generation <= lowest {
                    continue;
                }
                edge |= graph.is_edge(number);
                let parents: Vec<usize> = graph.parents(number).filter(|parent| seen.insert(*parent)).collect();
                for parent in parents {
                    graph.load(parent)?;
                    todo.push(place(&graph, parent));
                }
            }
            if edge { Err(shallow(graph.nodes.len())) } else { Ok(false) }
        })
    }

    /// The newest commit along the first parents of `head` whose commit time is at or before `seconds`.
    ///
    /// # Errors
    /// PL0201 when the clone ends before one is found, PL0204.
    pub fn commit_at(&self, head: &CommitId, seconds: i64) -> Result<Option<CommitId>> {
        let head = object_id(head)?;
        self.with(|repo| {
            let mut graph = Graph::new(self, repo);
            let (mut at, mut seen) = (Some(graph.number(head)), BTreeSet::new());
            while let Some(number) = at.filter(|number| seen.insert(*number)) {
                graph.load(number)?;
                let Some(node) = graph.nodes.get(number) else { break };
                if node.time <= seconds {
                    return Ok(Some(CommitId(node.id.to_string())));
                }
                if graph.is_edge(number) {
                    return Err(shallow(graph.nodes.len()));
                }
                at = graph.parents(number).next();
            }
            Ok(None)
        })
    }
}
