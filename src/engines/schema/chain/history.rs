//! Two states of a chain: what came, what went, what was edited.
use super::{Chain, Layout};
use crate::engines::schema::{Script, Step, StepKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A step with another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Its index in the earlier chain.
    pub before: usize,
    /// Its index in the later chain.
    pub after: usize,
    /// Whether only comments or white space differ.
    pub cosmetic: bool,
}

/// What lies between two states of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The later begins with the whole earlier one, unchanged.
    pub prefix: bool,
    /// Steps that are new, or repeatable ones that changed: indices in the later chain.
    pub added: Vec<usize>,
    /// Steps that are gone: indices in the earlier chain.
    pub removed: Vec<usize>,
    /// Steps with another text.
    pub edited: Vec<Edit>,
    /// New steps that sort before the newest of the earlier chain: indices in the later chain.
    pub out_of_order: Vec<usize>,
    /// The step of the later chain that stands for those that are gone.
    pub squashed: Option<usize>,
    /// Steps whose file has another name, and nothing else: index before, index after.
    pub renamed: Vec<(usize, usize)>,
}

/// Compares two states of a chain.
pub fn compare(before: &Chain, after: &Chain) -> History {
    let mut history = History::default();
    let mut old: BTreeMap<(StepKindKey, &str), Vec<(usize, &Step)>> = BTreeMap::new();
    for (index, step) in before.steps.iter().enumerate() {
        old.entry(identity(step)).or_default().push((index, step));
    }
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for (index, step) in after.steps.iter().enumerate() {
        let Some((at, known)) = old.get_mut(&identity(step)).and_then(|steps| take(steps, step)) else {
            history.added.push(index);
            continue;
        };
        kept.insert(at);
        if known.up != step.up && !same(&known.up, &step.up) {
            if step.kind == StepKind::Repeatable {
                history.added.push(index);
                continue;
            }
            let cosmetic = bare(&known.up) == bare(&step.up);
            history.edited.push(Edit { before: at, after: index, cosmetic });
        }
        if file_name(known) != file_name(step) {
            history.renamed.push((at, index));
        }
    }
    history.removed = (0..before.steps.len()).filter(|index| !kept.contains(index)).collect();
    order(after, &kept, before, &mut history);
    squash(before, after, &mut history);
    let unchanged = history.removed.is_empty()
        && history.edited.iter().all(|edit| edit.cosmetic)
        && history.out_of_order.is_empty();
    history.prefix = unchanged
        && after.steps.len() >= before.steps.len()
        && history.added.iter().all(|index| *index >= before.steps.len());
    history
}

/// Takes the step that another one was: of several that share a version by mistake, the one with its text, or else the first.
fn take<'a>(steps: &mut Vec<(usize, &'a Step)>, step: &Step) -> Option<(usize, &'a Step)> {
    let at = steps.iter().position(|(_, one)| same(&one.up, &step.up)).unwrap_or(0);
    (at < steps.len()).then(|| steps.remove(at))
}

type StepKindKey = u8;

fn identity(step: &Step) -> (StepKindKey, &str) {
    match step.kind {
        // Flyway's have no version, Liquibase's have one.
        StepKind::Repeatable if step.version.is_empty() => (1, &step.name),
        StepKind::Repeatable => (1, &step.version),
        StepKind::Schema => (2, &step.version),
        // It stands for the chain up to its version, and is no other text of the step that had it.
        StepKind::Baseline => (3, &step.version),
        _ => (0, &step.version),
    }
}

fn file_name(step: &Step) -> &str {
    super::files::name_of(&step.path)
}

/// The same text, wherever its file lies.
fn same(a: &[Script], b: &[Script]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text)
}

/// The words of scripts without comments and white space.
fn bare(scripts: &[Script]) -> String {
    let mut out = String::new();
    for script in scripts {
        for line in script.text.lines() {
            let code = line.split("--").next().unwrap_or_default();
            code.split_whitespace().for_each(|word| out.push_str(word));
        }
    }
    without_blocks(&out)
}

/// A text without `/* … */`; those that a server reads as code (`/*!`) stay.
fn without_blocks(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("/*") {
        let tail = rest.get(at..).unwrap_or_default();
        let end = tail.find("*/").map(|end| end + 2).filter(|_| !tail.starts_with("/*!") && !tail.starts_with("/*M!"));
        out.push_str(rest.get(..at).unwrap_or_default());
        match end {
            Some(end) => rest = tail.get(end..).unwrap_or_default(),
            None => {
                out.push_str("/*");
                rest = tail.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// New steps that the earlier chain has already passed.
fn order(after: &Chain, kept: &BTreeSet<usize>, before: &Chain, history: &mut History) {
    if matches!(after.layout, Layout::Schema | Layout::Rails) || kept.is_empty() {
        return;
    }
    let old: BTreeSet<(StepKindKey, &str)> = before.steps.iter().map(identity).collect();
    let newest = after.steps.iter().rposition(|step| step.kind == StepKind::Versioned && old.contains(&identity(step)));
    let Some(newest) = newest else { return };
    let early = |index: &&usize| {
        **index < newest && after.steps.get(**index).is_some_and(|step| step.kind == StepKind::Versioned)
    };
    history.out_of_order = history.added.iter().filter(early).copied().collect();
}

/// Many went and one stands for them: a baseline, or the first step of a chain of which nothing older is left.
fn squash(before: &Chain, after: &Chain, history: &mut History) {
    let baseline = after.steps.iter().position(|step| step.kind == StepKind::Baseline);
    if baseline.is_some() && !history.removed.is_empty() {
        history.squashed = baseline;
        return;
    }
    let first_new = history.added.first().copied();
    // The beginning of the chain went, and what is new stands where it was.
    let beginning = history.removed.len() >= 2 && history.removed.iter().enumerate().all(|(at, index)| at == *index);
    let all_old_gone = beginning && first_new == Some(0);
    if all_old_gone && after.steps.len() < before.steps.len() {
        history.squashed = first_new;
    }
}
