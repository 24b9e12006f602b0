//! Lists side by side: elements are paired by keys, as sets or by order, and each pair is walked.
use super::Step;
use super::common::common;
use super::merge_keys::{self, Rule};
use super::scalar::replaced;
use super::walk::{Kind, Spot, Walk, canonical};
use crate::engines::yaml::{Data, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Two elements that belong together, or one alone, and what names them.
type Pair = (Option<usize>, Option<usize>, Option<String>);

/// Compares two lists that stand at the current path. `outer` is the schema path of the list itself, when the elements
/// have another one.
pub(super) fn compare(walk: &mut Walk<'_>, a: Spot<'_>, b: Spot<'_>, rule: &Rule, outer: Option<&str>) {
    let (from, to) = (a.node.as_list(), b.node.as_list());
    let keyed = match rule {
        Rule::Keyed { keys, .. } => keyed(from, to, keys, outer.unwrap_or(&walk.schema)),
        Rule::Set | Rule::Ordered => None,
    };
    let (pairs, order) = match (keyed, rule) {
        (Some(pairs), Rule::Keyed { ordered, .. }) => (pairs, *ordered && order_counts(&walk.schema, from, to)),
        (_, Rule::Ordered | Rule::Keyed { ordered: true, .. }) => (sequence(from, to), true),
        (_, Rule::Set | Rule::Keyed { .. }) => (set(from, to, &walk.schema, &walk.world.names), false),
    };
    for (left, right, label) in &pairs {
        let a = left.and_then(|at| from.get(at)).map(Spot::item);
        let b = right.and_then(|at| to.get(at)).map(Spot::item);
        if outer.is_some() && walk.moved.contains(label.as_deref().unwrap_or_default()) && (a.is_none() || b.is_none())
        {
            continue;
        }
        walk.path.push(Step::Item { from: *left, to: *right, label: label.clone() });
        walk.see(a, b);
        match (a, b) {
            (Some(a), Some(b)) => walk.both(a, b),
            (a, b) => walk.push(a, b, Kind::Value, ""),
        }
        walk.path.pop();
    }
    let mut both: Vec<(usize, usize)> =
        pairs.iter().filter_map(|(left, right, _)| Some(((*left)?, (*right)?))).collect();
    both.sort_unstable();
    if both.windows(2).any(|pair| matches!(pair, [(_, one), (_, two)] if one > two)) {
        if order {
            let inner = outer.map(|outer| std::mem::replace(&mut walk.schema, outer.to_owned()));
            walk.push(Some(a), Some(b), Kind::Order, "");
            if let Some(inner) = inner {
                walk.schema = inner;
            }
        } else {
            walk.styled("list order", Some(a.span), Some(b.span));
        }
    }
}

/// The order of variables has a meaning only when one is made of others.
fn order_counts(schema: &str, from: &[Node], to: &[Node]) -> bool {
    let refers = |item: &Node| item.get("value").and_then(Node::text).is_some_and(|text| text.contains("$("));
    schema != "container.env" || from.iter().any(refers) || to.iter().any(refers)
}

fn labels(items: &[Node], keys: &[(String, &'static str)]) -> Option<Vec<String>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for item in items {
        let label = merge_keys::label(item, keys)?;
        let times = seen.entry(label.clone()).or_default();
        *times += 1;
        all.push(if *times == 1 { label } else { format!("{label}#{times}") });
    }
    Some(all)
}

fn keyed(from: &[Node], to: &[Node], keys: &[(String, &'static str)], schema: &str) -> Option<Vec<Pair>> {
    let (left, right) = (labels(from, keys)?, labels(to, keys)?);
    let index: BTreeMap<&str, usize> = right.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let (mut gone, mut taken) = (Vec::new(), BTreeSet::new());
    for (at, label) in left.iter().enumerate() {
        match index.get(label.as_str()) {
            Some(other) => {
                taken.insert(*other);
                pairs.push((Some(at), Some(*other), Some(label.clone())));
            }
            None => gone.push(at),
        }
    }
    let mut new: Vec<usize> = (0..to.len()).filter(|at| !taken.contains(at)).collect();
    for at in gone {
        let other = second(from.get(at), &new, to, schema).or_else(|| only(&new, left.len() - taken.len(), schema));
        if let Some(other) = other {
            new.retain(|at| *at != other);
            taken.insert(other);
        }
        let label = other.and_then(|other| right.get(other)).or_else(|| left.get(at));
        pairs.push((Some(at), other, label.cloned()));
    }
    pairs.extend(new.into_iter().map(|at| (None, Some(at), right.get(at).cloned())));
    Some(pairs)
}

/// The one new element that an element without partner becomes, found by a second key.
fn second(item: Option<&Node>, new: &[usize], to: &[Node], schema: &str) -> Option<usize> {
    let key = match schema {
        "Service:spec.ports" | "container.ports" | "container.volumeMounts" => "name",
        "pod.containers" | "pod.initContainers" => "image",
        _ => return None,
    };
    let value = |node: &Node| {
        let text = node.get(key).and_then(Node::scalar_text)?;
        Some(if key == "image" {
            text.rsplit_once(':').map_or(text.clone(), |(name, _)| name.to_owned())
        } else {
            text
        })
    };
    let wanted = value(item?)?;
    let mut found = new.iter().filter(|at| to.get(**at).and_then(value).as_ref() == Some(&wanted));
    match (found.next(), found.next()) {
        (Some(one), None) => Some(*one),
        _ => None,
    }
}

/// The only new element, when only one lost its partner and the list is of a kind whose key is often what changes.
fn only(new: &[usize], gone: usize, schema: &str) -> Option<usize> {
    let kinds = ["Service:spec.ports", "Ingress:spec.rules", "Ingress:spec.rules.http.paths", "Ingress:spec.tls"];
    match new {
        [one] if gone == 1 && kinds.contains(&schema) => Some(*one),
        _ => None,
    }
}

fn named(node: &Node) -> Option<String> {
    node.scalar_text().filter(|text| !text.is_empty() && text.len() <= 60 && !text.contains('\n'))
}

/// Equal elements are paired, then those that have most in common.
fn set(from: &[Node], to: &[Node], schema: &str, names: &[(String, String)]) -> Vec<Pair> {
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in to.iter().enumerate().rev() {
        waiting.entry(canonical(item)).or_default().push(at);
    }
    let (mut pairs, mut left): (Vec<Pair>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, item) in from.iter().enumerate() {
        match waiting.get_mut(&canonical(item)).and_then(Vec::pop) {
            Some(other) => pairs.push((Some(at), Some(other), named(item))),
            None => left.push(at),
        }
    }
    let mut right: Vec<usize> = waiting.into_values().flatten().collect();
    right.sort_unstable();
    // A name that follows a rename stays the same element.
    left.retain(|at| {
        let one = from.get(*at).and_then(Node::text).unwrap_or_default();
        let follows = |new: &str| names.iter().any(|(old, name)| replaced(one, old, name).as_deref() == Some(new));
        let Some(place) = right.iter().position(|at| to.get(*at).and_then(Node::text).is_some_and(follows)) else {
            return true;
        };
        pairs.push((Some(*at), Some(right.remove(place)), None));
        false
    });
    let share = if schema.ends_with(":rules") { 0.3 } else { 0.5 };
    for (at, other) in similar(from, to, &left, &right, share) {
        left.retain(|left| *left != at);
        right.retain(|right| *right != other);
        pairs.push((Some(at), Some(other), None));
    }
    pairs.extend(left.into_iter().map(|at| (Some(at), None, from.get(at).and_then(named))));
    pairs.extend(right.into_iter().map(|at| (None, Some(at), to.get(at).and_then(named))));
    pairs
}

/// Pairs of mappings that share at least `share` of their leaves, best first.
fn similar(from: &[Node], to: &[Node], left: &[usize], right: &[usize], share: f64) -> Vec<(usize, usize)> {
    if left.len().saturating_mul(right.len()) > 10_000 {
        return Vec::new();
    }
    let leaves = |items: &[Node], at: usize| items.get(at).map(leaves).unwrap_or_default();
    let mut scores = Vec::new();
    for one in left {
        let mine = leaves(from, *one);
        for two in right {
            let theirs = leaves(to, *two);
            let common = mine.intersection(&theirs).count();
            let all = mine.len() + theirs.len() - common;
            #[expect(clippy::cast_precision_loss, reason = "counts of leaves are small")]
            let score = if all == 0 { 0.0 } else { common as f64 / all as f64 };
            if score >= share && common > 0 {
                scores.push((score, *one, *two));
            }
        }
    }
    scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut ones, mut twos, mut pairs) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (_, one, two) in scores {
        if !ones.contains(&one) && !twos.contains(&two) {
            ones.insert(one);
            twos.insert(two);
            pairs.push((one, two));
        }
    }
    pairs
}

/// The leaves of a value with their paths; indexes of lists left out.
pub(super) fn leaves(node: &Node) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    gather(node, &mut String::new(), &mut out);
    out
}

fn gather(node: &Node, path: &mut String, out: &mut BTreeSet<String>) {
    let length = path.len();
    match &node.data {
        Data::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                path.push('.');
                path.push_str(key.scalar_str().unwrap_or_default());
                gather(value, path, out);
                path.truncate(length);
            }
        }
        Data::List(items) if !items.is_empty() => items.iter().for_each(|item| gather(item, path, out)),
        _ => {
            out.insert(format!("{path}={}", canonical(node)));
        }
    }
}

/// Elements in order: the longest common run stays, and between its parts elements are paired by flag or by index.
fn sequence(from: &[Node], to: &[Node]) -> Vec<Pair> {
    let left: Vec<String> = from.iter().map(canonical).collect();
    let right: Vec<String> = to.iter().map(canonical).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut anchors = common(&left, &right);
    anchors.push((left.len(), right.len()));
    for (one, two) in anchors {
        gap(from, to, i..one, j..two, &mut pairs);
        if one < left.len() {
            pairs.push((Some(one), Some(two), None));
        }
        (i, j) = (one + 1, two + 1);
    }
    pairs
}

/// The flag that an argument sets: `--log-level` of `--log-level=debug`.
fn flag(node: Option<&Node>) -> Option<&str> {
    let text = node?.text()?;
    let (name, _) = text.split_once('=')?;
    name.starts_with('-').then_some(name)
}

fn gap(from: &[Node], to: &[Node], left: std::ops::Range<usize>, right: std::ops::Range<usize>, pairs: &mut Vec<Pair>) {
    let (mut left, mut right): (Vec<usize>, Vec<usize>) = (left.collect(), right.collect());
    let mut found = Vec::new();
    for one in &left {
        let Some(name) = flag(from.get(*one)) else { continue };
        if let Some(at) = right.iter().position(|two| flag(to.get(*two)) == Some(name)) {
            found.push((Some(*one), Some(right.remove(at)), Some(name.to_owned())));
        }
    }
    left.retain(|one| !found.iter().any(|(at, ..)| at == &Some(*one)));
    let plain = |node: Option<&Node>| flag(node).is_none();
    let equal = left.len() == right.len()
        && left.iter().all(|at| plain(from.get(*at)))
        && right.iter().all(|at| plain(to.get(*at)));
    if equal {
        found.extend(left.iter().zip(&right).map(|(one, two)| (Some(*one), Some(*two), None)));
    } else {
        found.extend(left.iter().map(|one| (Some(*one), None, from.get(*one).and_then(named))));
        found.extend(right.iter().map(|two| (None, Some(*two), to.get(*two).and_then(named))));
    }
    pairs.extend(found);
}
