//! The whole comparison: what to parse, which objects belong together, what differs, and what of it is noise.
use super::document::{self, Object, Parsed};
use super::rename::{self, Pairing, Why};
use super::walk::{Raw, Spot, Walk, World};
use super::{Change, Comparison, Input, Manifest, ObjectId, Options, Side};
use super::{accounting, classify, noise, world};
use std::collections::{BTreeMap, BTreeSet};

/// Compares two sides.
pub(super) fn compare(from: &Input<'_>, to: &Input<'_>, options: &Options) -> Comparison {
    let mut out = Comparison::default();
    let equal = equal_texts(from.manifests, to.manifests);
    let parsed = (
        document::parse(from.manifests, options, Side::From, &mut out.errors, |at, _| !equal.0.contains(&at)),
        document::parse(to.manifests, options, Side::To, &mut out.errors, |at, _| !equal.1.contains(&at)),
    );
    let untouched: usize =
        equal.0.iter().filter_map(|at| from.manifests.get(*at)).map(|manifest| document::count(&manifest.text)).sum();
    let left = document::objects(&parsed.0, from, Side::From, &mut out.errors);
    let right = document::objects(&parsed.1, to, Side::To, &mut out.errors);
    let generated = [generated(from, options), generated(to, options)];
    let names = generated.iter().flat_map(|found| found.names.iter().cloned()).collect();
    let pairing = rename::pair((&left, from), (&right, to), options, &names);
    out.objects_from = left.len() + untouched;
    out.objects_to = right.len() + untouched;
    out.compared = pairing.pairs.len() + untouched;
    let context = world::context(to, (&left, &right), &equal, options);
    let side = Sides { from, to, left: &left, right: &right, pairing: &pairing };
    let found = differences(&side, &context);
    let mut judged = noise::judge(&side, found, &generated.map(|found| found.fields));
    classify::finish(&side, &context, &mut judged);
    twice(&side, &mut out);
    let touched: BTreeSet<&ObjectId> = judged.changes.iter().map(|change| &change.change.object).collect();
    let unchanged = |pair: &&rename::Pair| right.get(pair.to).is_some_and(|object| !touched.contains(&object.id));
    out.equal = untouched + pairing.pairs.iter().filter(unchanged).count();
    accounting::finish(&side, judged, options, &mut out);
    out
}

/// Everything the later steps look at.
pub(super) struct Sides<'s> {
    pub(super) from: &'s Input<'s>,
    pub(super) to: &'s Input<'s>,
    pub(super) left: &'s [Object<'s>],
    pub(super) right: &'s [Object<'s>],
    pub(super) pairing: &'s Pairing,
}

/// The differences of one pair, by index into the pairs.
pub(super) struct Difference {
    pub(super) pair: usize,
    pub(super) raws: Vec<Raw>,
    pub(super) style: Vec<super::walk::Style>,
    pub(super) seen: (Vec<crate::engines::yaml::Span>, Vec<crate::engines::yaml::Span>),
}

/// Indexes of manifests whose text stands on both sides.
fn equal_texts(from: &[Manifest], to: &[Manifest]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let mut waiting: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (at, manifest) in to.iter().enumerate().rev() {
        waiting.entry((manifest.text.len(), &manifest.text)).or_default().push(at);
    }
    let mut found = (BTreeSet::new(), BTreeSet::new());
    for (at, manifest) in from.iter().enumerate() {
        let text: &str = &manifest.text;
        if let Some(other) = waiting.get_mut(&(text.len(), text)).and_then(Vec::pop) {
            found.0.insert(at);
            found.1.insert(other);
        }
    }
    found
}

/// What two renderings with different seeds give differently.
#[derive(Default)]
pub(super) struct Generated {
    pub(super) fields: BTreeMap<ObjectId, BTreeSet<String>>,
    pub(super) names: BTreeSet<ObjectId>,
}

fn generated(input: &Input<'_>, options: &Options) -> Generated {
    let Some(again) = input.again else { return Generated::default() };
    let other = Input { manifests: again, again: None, namespace: input.namespace };
    let equal = equal_texts(input.manifests, again);
    let mut problems = Vec::new();
    let parsed: (Vec<Parsed<'_>>, Vec<Parsed<'_>>) = (
        document::parse(input.manifests, options, Side::From, &mut problems, |at, _| !equal.0.contains(&at)),
        document::parse(again, options, Side::To, &mut problems, |at, _| !equal.1.contains(&at)),
    );
    let left = document::objects(&parsed.0, input, Side::From, &mut problems);
    let right = document::objects(&parsed.1, &other, Side::To, &mut problems);
    let pairing = rename::pair((&left, input), (&right, &other), options, &BTreeSet::new());
    let context = world::Context::default();
    let side = Sides { from: input, to: &other, left: &left, right: &right, pairing: &pairing };
    let mut found = Generated::default();
    for difference in differences(&side, &context) {
        let Some(object) = pairing.pairs.get(difference.pair).and_then(|pair| left.get(pair.from)) else { continue };
        let fields = found.fields.entry(object.id.clone()).or_default();
        fields.extend(difference.raws.iter().map(place));
    }
    let alone = pairing.gone.iter().copied();
    let alike = pairing.pairs.iter().filter(|pair| pair.why == Why::Alike).map(|pair| pair.from);
    found.names = alone.chain(alike).filter_map(|at| left.get(at)).map(|object| object.id.clone()).collect();
    found
}

/// The place of a difference as a text.
pub(super) fn place(raw: &Raw) -> String {
    match &raw.inside {
        Some(inside) => format!("{} > {}", raw.path, inside.path),
        None => raw.path.to_string(),
    }
}

fn differences(side: &Sides<'_>, context: &world::Context) -> Vec<Difference> {
    let names = world::names(side);
    let mut all = Vec::new();
    for (at, pair) in side.pairing.pairs.iter().enumerate() {
        let (Some(a), Some(b)) = (side.left.get(pair.from), side.right.get(pair.to)) else { continue };
        let world = World { names: names.clone(), lists: context.lists(b), ports: context.ports.clone() };
        let root = if b.builtin() { format!("{}:", b.id.kind) } else { format!("~{}:", b.id.kind) };
        let mut walk = Walk::new(&world, root);
        if let Some((one, two)) = world::encoded(a, b, &mut walk) {
            walk.both(Spot::item(&one), Spot::item(&two));
        } else {
            walk.both(Spot::item(a.node), Spot::item(b.node));
        }
        if !(walk.out.is_empty() && walk.style.is_empty() && a.manifest.text == b.manifest.text) {
            all.push(Difference { pair: at, raws: walk.out, style: walk.style, seen: walk.seen });
        }
    }
    all
}

fn twice(side: &Sides<'_>, out: &mut Comparison) {
    let both = [(&side.pairing.twice.0, side.left, Side::From), (&side.pairing.twice.1, side.right, Side::To)];
    for (indexes, objects, which) in both {
        for object in indexes.iter().filter_map(|at| objects.get(*at)) {
            out.errors.push(super::ParseProblem {
                side: which,
                source: object.manifest.source.clone(),
                line: document::line(object.manifest, object.node.span.start),
                message: format!("{} stands twice", object.id),
            });
        }
    }
}

/// A change with what the account of lines asks.
pub(super) struct Judged {
    pub(super) change: Change,
    pub(super) raw: Option<Raw>,
    /// Index of the pair, when it is one of a field.
    pub(super) pair: Option<usize>,
}
