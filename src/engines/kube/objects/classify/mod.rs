//! What kind of change each difference is, and what applying it does.
mod image;
mod immutable;
mod network;
mod other;
mod rbac;
mod workload;

use super::compare::{Judged, Sides};
use super::document::{self, Object};
use super::noise::{Hidden, Verdict, in_template, restarts};
use super::rename::Why;
use super::walk::{Kind, Raw};
use super::world::Context;
use super::{Change, Class, Effect, NoiseKind, Path, Place, Step, What, secret};
use crate::engines::yaml::{Node, Span};
use serde_json::Value;

/// What was found out about a difference.
#[derive(Debug, Clone)]
struct Finding {
    class: Class,
    effect: Effect,
    detail: String,
}

impl Default for Finding {
    fn default() -> Finding {
        Finding { class: Class::OtherField, effect: Effect::None, detail: String::new() }
    }
}

impl Finding {
    fn of(class: Class) -> Finding {
        Finding { class, ..Finding::default() }
    }

    fn with(class: Class, detail: impl Into<String>) -> Finding {
        Finding { class, detail: detail.into(), ..Finding::default() }
    }
}

/// A difference with its objects.
struct Seen<'s> {
    raw: &'s Raw,
    a: &'s Object<'s>,
    b: &'s Object<'s>,
}

impl Seen<'_> {
    /// The schema path below the kind: `spec.replicas` of `Deployment:spec.replicas`.
    fn field(&self) -> &str {
        self.raw.schema.split_once(':').map_or(self.raw.schema.as_str(), |(_, field)| field)
    }

    /// The schema path below its first part.
    fn rest(&self, first: &str) -> &str {
        self.raw.schema.strip_prefix(first).unwrap_or_default().trim_start_matches('.')
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Turns fields and objects that stand alone into changes.
pub(super) fn finish(side: &Sides<'_>, context: &Context, verdict: &mut Verdict) {
    renames(side, verdict);
    for (pair, raw) in std::mem::take(&mut verdict.fields) {
        let Some(found) = side.pairing.pairs.get(pair) else { continue };
        let (Some(a), Some(b)) = (side.left.get(found.from), side.right.get(found.to)) else { continue };
        match classify(&Seen { raw: &raw, a, b }, context) {
            Some(finding) => {
                let change = field(a, b, &raw, finding);
                verdict.changes.push(Judged { change, raw: Some(raw), pair: Some(pair) });
            }
            // All rules of a role together allow the same as before.
            None => verdict.hidden.push(Hidden { kind: NoiseKind::Style, subject: "rules".to_owned(), pair, raw }),
        }
    }
    for object in side.pairing.gone.iter().filter_map(|at| side.left.get(*at)) {
        let finding = other::removed(object, named(side, object));
        verdict.changes.push(Judged { change: whole(object, What::Removed, finding), raw: None, pair: None });
    }
    for object in side.pairing.new.iter().filter_map(|at| side.right.get(*at)) {
        let finding = rbac::added(object).unwrap_or_else(|| Finding::of(Class::Added));
        verdict.changes.push(Judged { change: whole(object, What::Added, finding), raw: None, pair: None });
    }
}

/// Whether a manifest after names an object as a whole word.
fn named(side: &Sides<'_>, object: &Object<'_>) -> bool {
    let name = object.id.name.as_str();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !name.is_empty()
        && side.to.manifests.iter().any(|manifest| {
            manifest.text.match_indices(name).any(|(at, _)| {
                let (head, tail) = (manifest.text.get(..at), manifest.text.get(at + name.len()..));
                let line = head.and_then(|head| head.rsplit('\n').next()).unwrap_or_default().trim_start();
                let refers = ["name:", "- name:", "secretName:", "serviceAccountName:", "configMap:", "- secretRef"];
                refers.iter().any(|start| line.trim_end().ends_with(start) || line.starts_with(start))
                    && !head.and_then(|head| head.chars().next_back()).is_some_and(word)
                    && !tail.and_then(|tail| tail.chars().next()).is_some_and(word)
            })
        })
}

/// Changes of names: one for the whole release, one for each object that has another name for itself.
fn renames(side: &Sides<'_>, verdict: &mut Verdict) {
    let mut told = false;
    for (at, pair) in side.pairing.pairs.iter().enumerate() {
        let (Some(a), Some(b)) = (side.left.get(pair.from), side.right.get(pair.to)) else { continue };
        let count = side.pairing.pairs.iter().filter(|pair| pair.why == Why::Release).count();
        let (detail, moved) = match pair.why {
            Why::Same | Why::Hash | Why::Generated => continue,
            Why::Release if told => continue,
            Why::Release => (release(side, count), false),
            Why::Alike => (String::new(), a.id.name == b.id.name),
        };
        told |= pair.why == Why::Release;
        let class = match (moved, immutable::stateful(&b.id) || pair.why == Why::Release) {
            (true, _) => Class::NamespaceChanged,
            (false, true) => Class::StatefulRenamed,
            (false, false) => Class::Renamed,
        };
        let key = if moved { "namespace" } else { "name" };
        let spans = [a, b].map(|object| entry(object.node, key));
        let raw = Raw {
            path: Path(vec![Step::Key("metadata".to_owned()), Step::Key(key.to_owned())]),
            schema: format!("metadata.{key}"),
            inside: None,
            before: Some(Value::from(if moved { a.id.namespace.as_str() } else { a.id.name.as_str() })),
            after: Some(Value::from(if moved { b.id.namespace.as_str() } else { b.id.name.as_str() })),
            from: spans[0],
            to: spans[1],
            kind: Kind::Value,
            tag: "",
            inner: (None, None),
        };
        let mut change = field(a, b, &raw, Finding { class, effect: Effect::Recreate, detail });
        change.what = What::Renamed { from: a.id.clone() };
        verdict.changes.push(Judged { change, raw: Some(raw), pair: Some(at) });
    }
}

fn release(side: &Sides<'_>, count: usize) -> String {
    let (old, new) = side.pairing.release.clone().unwrap_or_default();
    format!("{count} objects begin with {new} instead of {old}")
}

/// Where a key of the metadata stands.
fn entry(node: &Node, key: &str) -> Option<Span> {
    let (name, value) = node.get("metadata")?.entry(key)?;
    Some(Span { start: name.span.start, end: value.span.end })
}

/// What a difference is; nothing when it is none after all.
fn classify(seen: &Seen<'_>, context: &Context) -> Option<Finding> {
    let kind = seen.b.id.kind.as_str();
    let hook = immutable::hook(seen.b.node);
    if let Some(class) = immutable::class(seen).filter(|_| !hook) {
        let effect = if matches!(class, Class::PvcGrown) { Effect::None } else { Effect::RejectedByApi };
        return Some(Finding { class, effect, detail: String::new() });
    }
    let schema = seen.raw.schema.as_str();
    let template = in_template(seen.raw);
    let mut finding = match schema.split(['.', ':']).next().unwrap_or_default() {
        "container" => workload::container(seen),
        "pod" => workload::pod(seen),
        "template" if schema.starts_with("template.metadata.annotations") => Finding::of(Class::PodAnnotation),
        "template" if schema.starts_with("template.metadata") => Finding::of(Class::PodLabel),
        "metadata" if !template => other::metadata(seen),
        _ if schema.ends_with(":apiVersion") => Finding::of(Class::ApiVersion),
        "Role" | "ClusterRole" => rbac::role(seen)?,
        _ if seen.b.builtin() => other::builtin(seen, context),
        _ => other::custom(seen),
    };
    if seen.raw.kind == Kind::Order && matches!(finding.class, Class::OtherField | Class::CustomField) {
        finding.class = Class::ListOrder;
    }
    if finding.effect == Effect::None && hook && matches!(kind, "Job" | "Pod") {
        finding.effect = Effect::Recreate;
    }
    if finding.effect == Effect::None && seen.b.builtin() && restarts(kind, seen.raw) {
        finding.effect = Effect::Restart;
    }
    Some(finding)
}

fn field(a: &Object<'_>, b: &Object<'_>, raw: &Raw, finding: Finding) -> Change {
    let detail = match (&raw.inside, raw.tag) {
        (Some(_), "text") if finding.detail.is_empty() => hunks(text(raw.before.as_ref()), text(raw.after.as_ref())),
        _ => finding.detail,
    };
    Change {
        object: b.id.clone(),
        api: (Some(a.api.to_owned()), Some(b.api.to_owned())),
        what: What::Field,
        path: raw.path.clone(),
        inside: raw.inside.clone(),
        before: raw.before.clone(),
        after: raw.after.clone(),
        secret: secret::raw(&b.id.kind, raw),
        class: finding.class,
        effect: finding.effect,
        detail,
        from: raw.from.map(|span| within(place(a, span), a, raw.inner.0)),
        to: raw.to.map(|span| within(place(b, span), b, raw.inner.1)),
    }
}

/// How many lines of a text came and went.
fn hunks(before: &str, after: &str) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let (gone, new) = super::accounting::shown(&left, &right);
    format!("{} lines removed, {} added", gone.len(), new.len())
}

fn whole(object: &Object<'_>, what: What, finding: Finding) -> Change {
    let removed = what == What::Removed;
    let place = Some(place(object, object.node.span));
    let (value, api) = (object.node.to_json(), Some(object.api.to_owned()));
    let secret = object.id.kind == "Secret" || secret::value("", &value);
    let value = Some(value);
    Change {
        object: object.id.clone(),
        api: if removed { (api, None) } else { (None, api) },
        what,
        path: Path::default(),
        inside: None,
        before: if removed { value.clone() } else { None },
        after: if removed { None } else { value },
        secret,
        class: finding.class,
        effect: finding.effect,
        detail: finding.detail,
        from: if removed { place.clone() } else { None },
        to: if removed { None } else { place },
    }
}

/// Where bytes of an object stand.
fn place(object: &Object<'_>, span: Span) -> Place {
    let text = object.manifest.text.get(span.start..span.end).unwrap_or_default();
    let line = document::line(object.manifest, span.start);
    let more = text.trim_end().matches('\n').count();
    let last = line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    Place { manifest: object.index, source: object.manifest.source.clone(), span, line, last }
}

/// The place of a line inside a text that is written as a block; any other text is one place.
fn within(mut place: Place, object: &Object<'_>, line: Option<usize>) -> Place {
    let text = object.manifest.text.get(place.span.start..place.span.end).unwrap_or_default();
    let block =
        text.lines().next().is_some_and(|first| first.trim_end().ends_with(['|', '-', '+']) && first.contains(": |"));
    if let Some(line) = line.filter(|_| block) {
        place.line = place.line.saturating_add(u32::try_from(line + 1).unwrap_or(u32::MAX)).min(place.last);
        place.last = place.line;
    }
    place
}
