//! What kind of change each difference is, and what applying it does.
use super::compare::{Judged, Sides};
use super::document::{self, Object};
use super::noise::Verdict;
use super::walk::Raw;
use super::world::Context;
use super::{Change, Class, Effect, Path, Place, What};
use crate::engines::yaml::Span;

/// Turns fields and objects that stand alone into changes.
pub(super) fn finish(side: &Sides<'_>, context: &Context, verdict: &mut Verdict) {
    let _ = context;
    for (pair, raw) in std::mem::take(&mut verdict.fields) {
        let Some(found) = side.pairing.pairs.get(pair) else { continue };
        let (Some(a), Some(b)) = (side.left.get(found.from), side.right.get(found.to)) else { continue };
        let change = field(a, b, &raw);
        verdict.changes.push(Judged { change, raw: Some(raw), pair: Some(pair) });
    }
    for at in &side.pairing.gone {
        let Some(object) = side.left.get(*at) else { continue };
        verdict.changes.push(Judged { change: whole(object, What::Removed), raw: None, pair: None });
    }
    for at in &side.pairing.new {
        let Some(object) = side.right.get(*at) else { continue };
        verdict.changes.push(Judged { change: whole(object, What::Added), raw: None, pair: None });
    }
}

fn field(a: &Object<'_>, b: &Object<'_>, raw: &Raw) -> Change {
    Change {
        object: b.id.clone(),
        api: (Some(a.api.to_owned()), Some(b.api.to_owned())),
        what: What::Field,
        path: raw.path.clone(),
        inside: raw.inside.clone(),
        before: raw.before.clone(),
        after: raw.after.clone(),
        secret: false,
        class: Class::OtherField,
        effect: Effect::None,
        detail: String::new(),
        from: raw.from.map(|span| place(a, span)),
        to: raw.to.map(|span| place(b, span)),
    }
}

fn whole(object: &Object<'_>, what: What) -> Change {
    let removed = what == What::Removed;
    let place = Some(place(object, object.node.span));
    let (value, api) = (Some(object.node.to_json()), Some(object.api.to_owned()));
    Change {
        object: object.id.clone(),
        api: if removed { (api, None) } else { (None, api) },
        what,
        path: Path::default(),
        inside: None,
        before: if removed { value.clone() } else { None },
        after: if removed { None } else { value },
        secret: object.id.kind == "Secret",
        class: if removed { Class::OtherRemoved } else { Class::Added },
        effect: Effect::None,
        detail: String::new(),
        from: if removed { place.clone() } else { None },
        to: if removed { None } else { place },
    }
}

/// Where bytes of an object stand.
pub(super) fn place(object: &Object<'_>, span: Span) -> Place {
    let text = object.manifest.text.get(span.start..span.end).unwrap_or_default();
    let line = document::line(object.manifest, span.start);
    let more = text.trim_end().matches('\n').count();
    let last = line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    Place { manifest: object.index, source: object.manifest.source.clone(), span, line, last }
}
