//! Which objects of the two sides belong together, also when names or namespaces changed.
use super::document::Object;
use super::identity::without_hash;
use super::lists::leaves;
use super::{Input, ObjectId, Options};
use std::collections::{BTreeMap, BTreeSet};

/// Why two objects with different names belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// They have the same name.
    Same,
    /// Their names differ by a digest at the end.
    Hash,
    /// Their names are made anew by every rendering.
    Generated,
    /// All names of the release begin differently.
    Release,
    /// They are alike.
    Alike,
}

/// Two objects that belong together, by index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) why: Why,
}

/// How the objects of the two sides belong together.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    pub(super) pairs: Vec<Pair>,
    pub(super) gone: Vec<usize>,
    pub(super) new: Vec<usize>,
    /// Beginning of all names of the release, before and after.
    pub(super) release: Option<(String, String)>,
    /// Second and further objects of one identity, for each side.
    pub(super) twice: (Vec<usize>, Vec<usize>),
}

/// An identity, with the namespace of the release as nothing.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key<'a>(id: &'a ObjectId, release: &str, name: &'a str) -> Key<'a> {
    let namespace = if id.namespace == release { "" } else { id.namespace.as_str() };
    (id.group.as_str(), id.kind.as_str(), namespace, name)
}

/// Pairs the objects. `generated` says which names are made anew by every rendering.
pub(super) fn pair(
    from: (&[Object<'_>], &Input<'_>),
    to: (&[Object<'_>], &Input<'_>),
    options: &Options,
    generated: &BTreeSet<ObjectId>,
) -> Pairing {
    let mut found = Pairing::default();
    let (left, right) = (from.0, to.0);
    found.gone = (0..left.len()).collect();
    found.new = (0..right.len()).collect();
    let exact = |object: &Object<'_>, release: &str| {
        let (a, b, c, d) = key(&object.id, release, &object.id.name);
        [a, b, c, d].join("\n")
    };
    let (ours, theirs) = (from.1.namespace, to.1.namespace);
    let spaced = |object: &Object<'_>| {
        [object.id.group.as_str(), &object.id.kind, &object.id.namespace, &object.id.name].join("\n")
    };
    step(&mut found, left, right, Why::Same, |object| Some(exact(object, ours)), |object| Some(exact(object, theirs)));
    step(&mut found, left, right, Why::Same, |object| Some(spaced(object)), |object| Some(spaced(object)));
    let hash = |object: &Object<'_>, release: &str| {
        let (a, b, c, d) = key(&object.id, release, without_hash(&object.id)?);
        Some([a, b, c, d].join("\n"))
    };
    step(&mut found, left, right, Why::Hash, |object| hash(object, ours), |object| hash(object, theirs));
    let by_source = |object: &Object<'_>| {
        generated.contains(&object.id).then(|| format!("{}\n{}", object.manifest.source, object.id.kind))
    };
    step(&mut found, left, right, Why::Generated, by_source, by_source);
    twice(&mut found, left, right);
    release(&mut found, left, right);
    alike(&mut found, left, right, options);
    found.pairs.sort_by_key(|pair| (pair.to, pair.from));
    found
}

/// Pairs what has the same key, in order of writing, among what is still alone.
fn step<'o>(
    found: &mut Pairing,
    left: &'o [Object<'o>],
    right: &'o [Object<'o>],
    why: Why,
    ours: impl Fn(&'o Object<'o>) -> Option<String>,
    theirs: impl Fn(&'o Object<'o>) -> Option<String>,
) {
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in found.new.iter().rev() {
        if let Some(key) = right.get(*at).and_then(&theirs) {
            waiting.entry(key).or_default().push(*at);
        }
    }
    let mut gone = Vec::new();
    let mut taken = BTreeSet::new();
    for at in std::mem::take(&mut found.gone) {
        let other = left.get(at).and_then(&ours).and_then(|key| waiting.get_mut(&key)).and_then(Vec::pop);
        match other {
            Some(other) => {
                taken.insert(other);
                found.pairs.push(Pair { from: at, to: other, why });
            }
            None => gone.push(at),
        }
    }
    found.gone = gone;
    found.new.retain(|at| !taken.contains(at));
}

/// Takes aside what stands on one side twice.
fn twice(found: &mut Pairing, left: &[Object<'_>], right: &[Object<'_>]) {
    fn split(alone: &mut Vec<usize>, objects: &[Object<'_>], twice: &mut Vec<usize>) {
        let mut known: BTreeSet<&ObjectId> = BTreeSet::new();
        let used: BTreeSet<usize> = alone.iter().copied().collect();
        for (at, object) in objects.iter().enumerate() {
            if !used.contains(&at) {
                known.insert(&object.id);
            }
        }
        alone.retain(|at| {
            let Some(object) = objects.get(*at) else { return false };
            let first = known.insert(&object.id) || object.id.name.ends_with('*');
            if !first {
                twice.push(*at);
            }
            first
        });
    }
    split(&mut found.gone, left, &mut found.twice.0);
    split(&mut found.new, right, &mut found.twice.1);
}

/// Finds the one change of beginning that explains most names, and pairs by it.
fn release(found: &mut Pairing, left: &[Object<'_>], right: &[Object<'_>]) {
    if found.gone.is_empty() || found.gone.len().saturating_mul(found.new.len()) > 250_000 {
        return;
    }
    let mut votes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for one in found.gone.iter().filter_map(|at| left.get(*at)) {
        let mine: BTreeSet<(&str, &str)> = found
            .new
            .iter()
            .filter_map(|at| right.get(*at))
            .filter(|two| two.id.kind == one.id.kind && two.id.group == one.id.group)
            .filter_map(|two| heads(&one.id.name, &two.id.name))
            .collect();
        for pair in mine {
            *votes.entry(pair).or_default() += 1;
        }
    }
    let best = votes.into_iter().max_by_key(|((old, _), count)| (*count, old.len()));
    let Some(((old, new), count)) = best else { return };
    if count < 2 || count * 2 < found.gone.len().max(found.new.len()) {
        return;
    }
    let (old, new) = (old.to_owned(), new.to_owned());
    let same = |object: &Object<'_>, name: &str| Some([&object.id.group, &object.id.kind, name].join("\n"));
    step(
        found,
        left,
        right,
        Why::Release,
        |object| same(object, &renamed(&object.id.name, &old, &new)?),
        |object| same(object, &object.id.name),
    );
    found.release = Some((old, new));
}

/// The name with another beginning, when it begins so.
fn renamed(name: &str, old: &str, new: &str) -> Option<String> {
    let rest = name.strip_prefix(old)?;
    (rest.is_empty() || rest.starts_with(['-', '.', ':'])).then(|| format!("{new}{rest}"))
}

/// What is left of two names after their longest common end at a boundary.
fn heads<'a>(one: &'a str, two: &'a str) -> Option<(&'a str, &'a str)> {
    let common = one.bytes().rev().zip(two.bytes().rev()).take_while(|(a, b)| a == b).count();
    let tail = one.get(one.len() - common..)?;
    let cut = tail.find(['-', '.', ':']).map_or(0, |at| common - at);
    let heads = (one.get(..one.len() - cut)?, two.get(..two.len() - cut)?);
    (!heads.0.is_empty() && !heads.1.is_empty() && heads.0 != heads.1).then_some(heads)
}

/// Pairs objects of one kind that share most of their leaves.
fn alike(found: &mut Pairing, left: &[Object<'_>], right: &[Object<'_>], options: &Options) {
    if found.gone.len().saturating_mul(found.new.len()) > 40_000 {
        return;
    }
    let set = |objects: &[Object<'_>], alone: &[usize]| -> BTreeMap<usize, BTreeSet<String>> {
        alone.iter().filter_map(|at| Some((*at, body(objects.get(*at)?)))).collect()
    };
    let (ours, theirs) = (set(left, &found.gone), set(right, &found.new));
    let mut scores = Vec::new();
    for (one, mine) in &ours {
        for (two, other) in &theirs {
            let (Some(a), Some(b)) = (left.get(*one), right.get(*two)) else { continue };
            if a.id.kind != b.id.kind || a.id.group != b.id.group || mine.len().max(other.len()) < 3 {
                continue;
            }
            let common = mine.intersection(other).count();
            let score = common * 100 / mine.len().max(other.len());
            if score >= usize::from(options.rename) {
                scores.push((score, a.id.name == b.id.name, *one, *two));
            }
        }
    }
    scores.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    for (_, _, one, two) in scores {
        if found.gone.contains(&one) && found.new.contains(&two) {
            found.gone.retain(|at| *at != one);
            found.new.retain(|at| *at != two);
            found.pairs.push(Pair { from: one, to: two, why: Why::Alike });
        }
    }
}

/// The leaves of an object without its name and namespace; the name inside other leaves counts as nothing.
fn body(object: &Object<'_>) -> BTreeSet<String> {
    let name = object.id.name.as_str();
    let own = |leaf: &String| !leaf.starts_with(".metadata.name=") && !leaf.starts_with(".metadata.namespace=");
    let plain = |leaf: String| if name.len() > 3 { leaf.replace(name, "\u{1}") } else { leaf };
    leaves(object.node).into_iter().filter(own).map(plain).collect()
}
