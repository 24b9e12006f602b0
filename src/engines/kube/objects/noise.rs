//! What of the differences is noise, by inference: versions of charts, digests, generated values, names that follow.
use super::compare::{Difference, Judged, Sides};
use super::walk::{Raw, Style};
use super::{NoiseKind, ObjectId};
use crate::engines::yaml::Span;
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
    let _ = (side, generated);
    let mut verdict = Verdict::default();
    for difference in found {
        verdict.style.extend(difference.style.into_iter().map(|style| (difference.pair, style)));
        verdict.seen.insert(difference.pair, difference.seen);
        verdict.fields.extend(difference.raws.into_iter().map(|raw| (difference.pair, raw)));
    }
    verdict
}
