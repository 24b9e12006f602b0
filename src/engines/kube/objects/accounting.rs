//! The account of lines: every line that a line diff shows belongs to a change or to noise.
use super::common::common;
use super::compare::Sides;
use super::document::{self, Object};
use super::noise::{Verdict, restarts};
use super::secret::mask;
use super::{Comparison, Noise, NoiseKind, ObjectId, Options, Side, Unexplained};
use crate::engines::yaml::{self, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Who a line belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Nobody,
    Seen,
    Style(&'static str),
    Noise(usize),
    Change,
}

/// What noises have in common.
type Group = (NoiseKind, String, String, String, Vec<ObjectId>);

/// Writes changes, noise and the account into the comparison.
pub(super) fn finish(side: &Sides<'_>, mut verdict: Verdict, options: &Options, out: &mut Comparison) {
    for (_, style) in &verdict.style {
        *out.lines.style.entry(style.kind).or_default() += 1;
    }
    let causes = causes(side, &mut verdict);
    let (noise, groups) = noises(side, &verdict, &causes);
    out.noise = noise;
    if options.account {
        let mut lines = Lines { out, hidden: BTreeMap::new() };
        for pair in verdict.seen.keys() {
            lines.account(side, *pair, &verdict, &groups);
        }
        let hidden = lines.hidden;
        for ((kind, subject), (objects, count)) in hidden {
            let example = objects.first().cloned().unwrap_or_default();
            let values = Default::default();
            let (objects, restarts, causes) = (objects.len(), 0, Vec::new());
            let path = super::Path::default();
            let total = out.lines.style.get(subject).copied().unwrap_or(count);
            let subject = subject.to_owned();
            let lines = count;
            out.noise.push(Noise {
                kind,
                subject,
                objects,
                count: total,
                restarts,
                example,
                path,
                values,
                causes,
                lines,
            });
        }
    }
    out.changes = verdict.changes.into_iter().map(|judged| judged.change).collect();
    out.changes.sort_by(|a, b| (&a.object, &a.path, &a.inside).cmp(&(&b.object, &b.path, &b.inside)));
}

/// For each digest, the ConfigMaps and Secrets that differ and that its object names; a digest without any becomes one
/// without visible cause.
fn causes(side: &Sides<'_>, verdict: &mut Verdict) -> Vec<Vec<ObjectId>> {
    let mut touched: BTreeSet<&ObjectId> = BTreeSet::new();
    let holds = |object: &Object<'_>| matches!(object.id.kind.as_str(), "ConfigMap" | "Secret");
    for pair in &side.pairing.pairs {
        let (Some(a), Some(b)) = (side.left.get(pair.from), side.right.get(pair.to)) else { continue };
        if holds(b) && a.written() != b.written() {
            touched.insert(&b.id);
        }
    }
    touched.extend(
        side.pairing.new.iter().filter_map(|at| side.right.get(*at)).filter(|object| holds(object)).map(|o| &o.id),
    );
    touched.extend(
        side.pairing.gone.iter().filter_map(|at| side.left.get(*at)).filter(|object| holds(object)).map(|o| &o.id),
    );
    let mut all = Vec::new();
    for hidden in &mut verdict.hidden {
        let object = side.pairing.pairs.get(hidden.pair).and_then(|pair| side.right.get(pair.to));
        let (NoiseKind::Checksum, Some(object)) = (hidden.kind, object) else {
            all.push(Vec::new());
            continue;
        };
        let word = hidden.subject.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let here: Vec<&ObjectId> =
            touched.iter().copied().filter(|id| id.namespace == object.id.namespace && **id != object.id).collect();
        let kind = match word.as_str() {
            word if word.contains("secret") => "Secret",
            word if word.contains("config") || word == "cm" => "ConfigMap",
            _ => "",
        };
        let named = |id: &&&ObjectId| object.manifest.text.contains(id.name.as_str());
        let fits = |id: &&&ObjectId| id.kind == kind || word.len() > 3 && id.name.contains(&word);
        let both: Vec<ObjectId> = here.iter().filter(named).filter(fits).map(|id| (*id).clone()).collect();
        let some: Vec<ObjectId> = here.iter().filter(named).map(|id| (*id).clone()).collect();
        // Without being named, only the one that it can be counts.
        let only: Vec<ObjectId> = here.iter().filter(fits).map(|id| (*id).clone()).collect();
        let found = match (both.is_empty(), some.is_empty()) {
            (false, _) => both,
            (true, false) => some,
            (true, true) if only.len() == 1 => only,
            (true, true) => Vec::new(),
        };
        if found.is_empty() {
            hidden.kind = NoiseKind::ChecksumAlone;
        }
        all.push(found);
    }
    all
}

/// The noises, and for each hidden difference the index of its noise.
fn noises(side: &Sides<'_>, verdict: &Verdict, causes: &[Vec<ObjectId>]) -> (Vec<Noise>, Vec<usize>) {
    let mut index: BTreeMap<Group, usize> = BTreeMap::new();
    let (mut all, mut groups): (Vec<Noise>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut objects: BTreeMap<usize, (BTreeSet<ObjectId>, BTreeSet<ObjectId>)> = BTreeMap::new();
    for (hidden, causes) in verdict.hidden.iter().zip(causes) {
        let object = side.pairing.pairs.get(hidden.pair).and_then(|pair| side.right.get(pair.to));
        let id = object.map(|object| object.id.clone()).unwrap_or_default();
        let shown = |value: Option<&serde_json::Value>| mask(&id.kind, &hidden.raw, value);
        let values = (shown(hidden.raw.before.as_ref()), shown(hidden.raw.after.as_ref()));
        let same = matches!(hidden.kind, NoiseKind::ChartVersion);
        let (one, two) = if same { values.clone() } else { Default::default() };
        let group = (hidden.kind, hidden.subject.clone(), one, two, causes.clone());
        let at = *index.entry(group).or_insert_with(|| {
            all.push(Noise {
                kind: hidden.kind,
                subject: hidden.subject.clone(),
                objects: 0,
                count: 0,
                restarts: 0,
                example: id.clone(),
                path: hidden.raw.path.clone(),
                values,
                causes: causes.clone(),
                lines: 0,
            });
            all.len() - 1
        });
        groups.push(at);
        let (seen, restarting) = objects.entry(at).or_default();
        if restarts(&id.kind, &hidden.raw) {
            restarting.insert(id.clone());
        }
        seen.insert(id);
        if let Some(noise) = all.get_mut(at) {
            noise.count += 1;
            (noise.objects, noise.restarts) = (seen.len(), restarting.len());
        }
    }
    (all, groups)
}

struct Lines<'o> {
    out: &'o mut Comparison,
    hidden: BTreeMap<(NoiseKind, &'static str), (Vec<ObjectId>, usize)>,
}

impl Lines<'_> {
    /// Accounts for the lines of one pair.
    fn account(&mut self, side: &Sides<'_>, pair: usize, verdict: &Verdict, groups: &[usize]) {
        let Some(known) = side.pairing.pairs.get(pair) else { return };
        let (Some(a), Some(b)) = (side.left.get(known.from), side.right.get(known.to)) else { return };
        let (left, right) = (Text::of(a), Text::of(b));
        let shown = shown(&left.lines, &right.lines);
        self.out.lines.shown += shown.0.len() + shown.1.len();
        self.out.lines.objects += usize::from(!(shown.0.is_empty() && shown.1.is_empty()));
        let owners = (paint(&left, pair, verdict, groups, Side::From), paint(&right, pair, verdict, groups, Side::To));
        for (which, object, text, other, lines, owners) in
            [(Side::From, a, &left, &right, shown.0, owners.0), (Side::To, b, &right, &left, shown.1, owners.1)]
        {
            let nobody = |at: &usize| owners.get(*at) == Some(&Owner::Nobody);
            let over = if lines.iter().any(nobody) { written_over(text, object) } else { BTreeSet::new() };
            let elsewhere: BTreeSet<&str> = other.lines.iter().map(|line| bare(line)).collect();
            for at in lines {
                let line = text.lines.get(at).copied().unwrap_or_default();
                let trimmed = line.trim();
                match owners.get(at).cloned().unwrap_or(Owner::Nobody) {
                    Owner::Change => self.out.lines.changes += 1,
                    Owner::Noise(noise) => {
                        self.out.lines.noise += 1;
                        if let Some(noise) = self.out.noise.get_mut(noise) {
                            noise.lines += 1;
                        }
                    }
                    Owner::Style(kind) => self.hide(NoiseKind::Style, kind, object),
                    _ if trimmed.is_empty() || trimmed.starts_with('#') || trimmed == "---" => {
                        self.hide(NoiseKind::Comment, "comments and empty lines", object);
                    }
                    // The walk looked at it and found the same on the other side.
                    Owner::Seen => self.hide(NoiseKind::Style, "layout", object),
                    Owner::Nobody if elsewhere.contains(bare(line)) || merges(trimmed) => {
                        self.hide(NoiseKind::Style, "layout", object);
                    }
                    Owner::Nobody if over.contains(&at) => self.hide(NoiseKind::Style, "written over", object),
                    Owner::Nobody => self.out.lines.unexplained.push(Unexplained {
                        side: which,
                        source: object.manifest.source.clone(),
                        line: document::line(object.manifest, text.start)
                            .saturating_add(u32::try_from(at).unwrap_or(u32::MAX)),
                        text: line.to_owned(),
                    }),
                }
            }
        }
    }

    fn hide(&mut self, kind: NoiseKind, subject: &'static str, object: &Object<'_>) {
        self.out.lines.noise += 1;
        let (objects, count) = self.hidden.entry((kind, subject)).or_default();
        *count += 1;
        if objects.last() != Some(&object.id) && !objects.contains(&object.id) {
            objects.push(object.id.clone());
        }
    }
}

/// Lines of keys that are written once more below, where the last one counts.
fn written_over(text: &Text<'_>, object: &Object<'_>) -> BTreeSet<usize> {
    let limits = yaml::Limits { bytes: object.manifest.text.len(), ..yaml::Limits::default() };
    let errors = yaml::parse(&object.manifest.text, &limits).1;
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let mut found = BTreeSet::new();
    for first in
        errors.iter().filter(|error| error.kind == yaml::ErrorKind::DuplicateKey).filter_map(|error| error.other)
    {
        let start = text.line(first.start);
        let width = text.lines.get(start).map_or(0, |line| indent(line));
        found.insert(start);
        // A list may stand no further in than its key.
        let below = |line: &&&str| {
            let plain = line.len() - line.trim_start().len();
            line.trim().is_empty() || plain > width || plain == width && line.trim_start().starts_with("- ")
        };
        let more = text.lines.iter().skip(start + 1).take_while(below).count();
        found.extend(start + 1..=start + more);
    }
    found
}

/// Whether a line merges a mapping in, which was compared where it ended up.
fn merges(line: &str) -> bool {
    line.trim_start_matches("!!merge ").starts_with("<<:")
}

/// A line without what only lays it out.
fn bare(line: &str) -> &str {
    line.trim().trim_start_matches("- ").trim()
}

/// The lines of an object.
struct Text<'o> {
    lines: Vec<&'o str>,
    start: usize,
    starts: Vec<usize>,
}

impl<'o> Text<'o> {
    fn of(object: &Object<'o>) -> Text<'o> {
        let text: &'o str = &object.manifest.text;
        let span = object.node.span;
        // The whole manifest when it holds this object alone, so that comments around it count.
        let whole = text
            .get(..span.start)
            .is_none_or(|head| head.lines().all(|line| line.trim().is_empty() || line.starts_with(['#', '-'])))
            && document::count(text) <= 1;
        let start =
            if whole { 0 } else { text.get(..span.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1) };
        let end = if whole { text.len() } else { span.end };
        let (mut lines, mut starts, mut at) = (Vec::new(), Vec::new(), start);
        for line in text.get(start..end).unwrap_or_default().split_inclusive('\n') {
            starts.push(at);
            at += line.len();
            lines.push(line.trim_end_matches(['\n', '\r']));
        }
        Text { lines, start, starts }
    }

    /// The line of a byte.
    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }
}

/// Owners of all lines of one side.
fn paint(text: &Text<'_>, pair: usize, verdict: &Verdict, groups: &[usize], side: Side) -> Vec<Owner> {
    let mut owners = vec![Owner::Nobody; text.lines.len()];
    let mut paint = |span: Option<Span>, owner: &Owner| {
        let Some(span) = span else { return };
        let (first, mut last) = (text.line(span.start), text.line(span.end.saturating_sub(1).max(span.start)));
        while last > first && text.lines.get(last).is_none_or(|line| line.trim().is_empty()) {
            last -= 1;
        }
        for slot in owners.iter_mut().take(last + 1).skip(first) {
            if *slot < *owner {
                *slot = owner.clone();
            }
        }
    };
    let of = |from: Option<Span>, to: Option<Span>| if side == Side::From { from } else { to };
    if let Some((left, right)) = verdict.seen.get(&pair) {
        let spans = if side == Side::From { left } else { right };
        spans.iter().for_each(|span| paint(Some(*span), &Owner::Seen));
    }
    for (_, style) in verdict.style.iter().filter(|(at, _)| *at == pair) {
        paint(of(style.from, style.to), &Owner::Style(style.kind));
    }
    for (hidden, noise) in verdict.hidden.iter().zip(groups).filter(|(hidden, _)| hidden.pair == pair) {
        paint(of(hidden.raw.from, hidden.raw.to), &Owner::Noise(*noise));
    }
    for judged in verdict.changes.iter().filter(|judged| judged.pair == Some(pair)) {
        let raw = judged.raw.as_ref();
        paint(raw.and_then(|raw| of(raw.from, raw.to)), &Owner::Change);
    }
    // A dash or the head of a block on a line of its own belongs to what follows.
    for at in (0..owners.len()).rev() {
        let head =
            |line: &&str| !line.trim().is_empty() && line.trim().bytes().all(|byte| b"-|>+ 0123456789".contains(&byte));
        if owners.get(at) == Some(&Owner::Nobody)
            && text.lines.get(at).is_some_and(head)
            && let Some(next) = owners.get(at + 1).cloned()
            && let Some(slot) = owners.get_mut(at)
        {
            *slot = next;
        }
    }
    owners
}

/// Indexes of the lines that a line diff shows, on both sides.
pub(super) fn shown(left: &[&str], right: &[&str]) -> (Vec<usize>, Vec<usize>) {
    let kept = align(left, right);
    let (ours, theirs): (BTreeSet<usize>, BTreeSet<usize>) = kept.into_iter().unzip();
    let rest = |lines: &[&str], kept: &BTreeSet<usize>| (0..lines.len()).filter(|at| !kept.contains(at)).collect();
    (rest(left, &ours), rest(right, &theirs))
}

/// Lines that stay: unique lines of both sides are anchors, and between them the longest common run is taken.
fn align(left: &[&str], right: &[&str]) -> Vec<(usize, usize)> {
    let once = |lines: &[&str]| {
        let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            found.entry((*line).to_owned()).and_modify(|slot| *slot = None).or_insert(Some(at));
        }
        found
    };
    let (ours, theirs) = (once(left), once(right));
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    for (line, at) in &ours {
        if let (Some(one), Some(Some(two))) = (at, theirs.get(line)) {
            anchors.push((*one, *two));
        }
    }
    anchors.sort_unstable();
    let mut anchors = rising(&anchors);
    anchors.push((left.len(), right.len()));
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    for (one, two) in anchors {
        let text = |lines: &[&str], from: usize, to: usize| -> Vec<String> {
            lines.get(from..to).unwrap_or_default().iter().map(|line| (*line).to_owned()).collect()
        };
        let between = common(&text(left, i, one), &text(right, j, two));
        pairs.extend(between.into_iter().map(|(a, b)| (a + i, b + j)));
        if one < left.len() {
            pairs.push((one, two));
        }
        (i, j) = (one + 1, two + 1);
    }
    pairs
}

/// The longest part in which the second numbers rise too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    let second = |at: usize| pairs.get(at).map_or(0, |pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let place = tails.partition_point(|tail| second(*tail) < pair.1);
        before.push(place.checked_sub(1).and_then(|place| tails.get(place).copied()));
        match tails.get_mut(place) {
            Some(slot) => *slot = at,
            None => tails.push(at),
        }
    }
    let (mut out, mut next) = (Vec::new(), tails.last().copied());
    while let Some(at) = next {
        out.extend(pairs.get(at).copied());
        next = before.get(at).copied().flatten();
    }
    out.reverse();
    out
}
