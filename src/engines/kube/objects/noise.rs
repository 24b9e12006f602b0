//! What of the differences is noise, by inference: versions of charts, digests, generated values, names that follow.
use super::compare::{Difference, Judged, Sides, place};
use super::document::Object;
use super::rename::Why;
use super::scalar::replaced;
use super::walk::{Kind, Raw, Style};
use super::{NoiseKind, ObjectId, Step};
use crate::engines::yaml::{Node, Span};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A difference without meaning, of one object.
pub(super) struct Hidden {
    pub(super) kind: NoiseKind,
    pub(super) subject: String,
    pub(super) pair: usize,
    pub(super) raw: Raw,
}

/// All that differs, sorted by meaning.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) changes: Vec<Judged>,
    /// Differences of fields that are not classified yet.
    pub(super) fields: Vec<(usize, Raw)>,
    pub(super) hidden: Vec<Hidden>,
    pub(super) style: Vec<(usize, Style)>,
    pub(super) seen: BTreeMap<usize, (Vec<Span>, Vec<Span>)>,
}

/// Sorts the differences.
pub(super) fn judge(
    side: &Sides<'_>,
    found: Vec<Difference>,
    generated: &[BTreeMap<ObjectId, BTreeSet<String>>; 2],
) -> Verdict {
    let names = super::world::names(side);
    let mut verdict = Verdict::default();
    for difference in found {
        let pair = difference.pair;
        verdict.style.extend(difference.style.into_iter().map(|style| (pair, style)));
        verdict.seen.insert(pair, difference.seen);
        let Some(known) = side.pairing.pairs.get(pair) else { continue };
        let (Some(a), Some(b)) = (side.left.get(known.from), side.right.get(known.to)) else { continue };
        let fields = [generated[0].get(&a.id), generated[1].get(&b.id)];
        for raw in difference.raws {
            // A namespace that an object would have anyway.
            let release = [side.from.namespace, side.to.namespace];
            let written = raw.before.as_ref().or(raw.after.as_ref()).and_then(Value::as_str);
            if raw.path.to_string() == "metadata.namespace"
                && (raw.before.is_none() || raw.after.is_none())
                && written.is_some_and(|written| release.contains(&written))
            {
                verdict.style.push((pair, Style { kind: "default", from: raw.from, to: raw.to }));
                continue;
            }
            // The name of a renamed object is told by the change of the whole object.
            if known.why == Why::Alike
                && matches!(raw.path.to_string().as_str(), "metadata.name" | "metadata.namespace")
            {
                continue;
            }
            let noise = if made_anew(&raw, &fields) {
                Some((NoiseKind::Generated, raw.path.names().next_back().unwrap_or_default().to_owned()))
            } else if raw.kind == Kind::Reference || known.why != Why::Same && raw.path.to_string() == "metadata.name" {
                Some(reference(&raw, side, &names))
            } else {
                infer(&raw, a, b)
            };
            match noise {
                Some((kind, subject)) => verdict.hidden.push(Hidden { kind, subject, pair, raw }),
                None => verdict.fields.push((pair, raw)),
            }
        }
    }
    verdict
}

/// Whether every rendering makes the value anew.
fn made_anew(raw: &Raw, fields: &[Option<&BTreeSet<String>>; 2]) -> bool {
    if raw.before.is_none() || raw.after.is_none() {
        return false;
    }
    let here = place(raw);
    let below = |known: &String| {
        here == *known || here.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with(['.', '[', ' ']))
    };
    fields.iter().flatten().any(|known| known.contains(&here) || known.iter().any(below))
}

fn reference(raw: &Raw, side: &Sides<'_>, names: &[(String, String)]) -> (NoiseKind, String) {
    let (one, two) = (text(raw.before.as_ref()), text(raw.after.as_ref()));
    let found = names.iter().find(|(old, new)| replaced(one, old, new).as_deref() == Some(two));
    let (old, new) = found.map_or((one, two), |(old, new)| (old.as_str(), new.as_str()));
    let subject = format!("{old} -> {new}");
    if (old, new) == (side.from.namespace, side.to.namespace) {
        return (NoiseKind::Namespace, subject);
    }
    if side.pairing.release.as_ref().is_some_and(|(first, second)| (first.as_str(), second.as_str()) == (old, new)) {
        return (NoiseKind::ReleaseName, subject);
    }
    (NoiseKind::Reference, subject)
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// Noise that the place and the values alone give away.
fn infer(raw: &Raw, a: &Object<'_>, b: &Object<'_>) -> Option<(NoiseKind, String)> {
    if raw.kind == Kind::Documentation {
        return Some((NoiseKind::Documentation, "descriptions".to_owned()));
    }
    if raw.inside.is_some() {
        return None;
    }
    let [.., Step::Key(holder), Step::Key(key)] = raw.path.0.as_slice() else { return None };
    let definition = b.id.kind == "CustomResourceDefinition";
    let claims = raw.path.names().any(|name| name == "volumeClaimTemplates");
    let (one, two) = (text(raw.before.as_ref()), text(raw.after.as_ref()));
    match holder.as_str() {
        "labels" if !claims && chart_label(key, one, two, a, b) => Some((NoiseKind::ChartVersion, key.clone())),
        "annotations" if checksum(key, one, two) => Some((NoiseKind::Checksum, key.clone())),
        "annotations" if definition && key.ends_with("version") => Some((NoiseKind::Documentation, key.clone())),
        "annotations" | "labels" if instant(one) && instant(two) => Some((NoiseKind::Timestamp, key.clone())),
        _ => None,
    }
}

/// Whether a label tells nothing but the version of the chart or of the application.
fn chart_label(key: &str, one: &str, two: &str, a: &Object<'_>, b: &Object<'_>) -> bool {
    if one.is_empty() || two.is_empty() {
        return false;
    }
    match key {
        "helm.sh/chart" | "chart" | "app.kubernetes.io/chart" => chart(one).is_some() && chart(one) == chart(two),
        "app.kubernetes.io/version" => true,
        "heritage" | "app.kubernetes.io/managed-by" => matches!((one, two), ("Tiller" | "Helm", "Tiller" | "Helm")),
        _ => {
            let label = |object: &Object<'_>, key: &str| {
                object.at(&["metadata", "labels", key]).and_then(Node::scalar_text).unwrap_or_default()
            };
            let bare = |text: &str| text.trim_start_matches('v').to_owned();
            let version = "app.kubernetes.io/version";
            let app = (bare(one), bare(two)) == (bare(&label(a, version)), bare(&label(b, version)));
            let of = |object: &Object<'_>| {
                let value = label(object, "helm.sh/chart");
                chart(&value).and_then(|name| value.get(name.len() + 1..)).map(bare).unwrap_or_default()
            };
            (app || (bare(one), bare(two)) == (of(a), of(b))) && key.to_ascii_lowercase().contains("version")
        }
    }
}

/// The name in `name-1.2.3`.
fn chart(text: &str) -> Option<&str> {
    let digit = |at: &usize| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('v').unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.')
    };
    let at = text.match_indices('-').map(|(at, _)| at).find(digit)?;
    text.get(..at)
}

/// Whether an annotation holds a digest over something else.
fn checksum(key: &str, one: &str, two: &str) -> bool {
    let digest = |text: &str| {
        let text = text.strip_prefix("sha256:").unwrap_or(text);
        matches!(text.len(), 32 | 40 | 56 | 64 | 63 | 128) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    key.starts_with("checksum/")
        || key.starts_with("checksum-")
        || digest(one) && digest(two)
        || (key.contains("checksum") || key.ends_with("-hash")) && (digest(one) || digest(two))
}

/// Whether a text is a time.
fn instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    let unix = matches!(bytes.len(), 10 | 13) && bytes.iter().all(u8::is_ascii_digit) && text.starts_with('1');
    unix || text.len() >= 19 && text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a difference stands in the pod template of something that runs.
pub(super) fn restarts(kind: &str, raw: &Raw) -> bool {
    let runs = !matches!(kind, "Job" | "CronJob" | "CustomResourceDefinition" | "PodTemplate");
    let inside =
        raw.schema.starts_with("pod") || raw.schema.starts_with("container") || raw.schema.starts_with("template");
    runs && (inside || in_template(raw)) && kind != "Pod"
}

/// Whether a difference stands in a pod template.
pub(super) fn in_template(raw: &Raw) -> bool {
    raw.path
        .0
        .windows(2)
        .any(|pair| matches!(pair, [Step::Key(spec), Step::Key(one)] if spec == "spec" && one == "template"))
}
