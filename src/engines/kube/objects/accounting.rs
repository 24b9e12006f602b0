//! The account of lines: every line that a line diff shows belongs to a change or to noise.
use super::compare::Sides;
use super::noise::Verdict;
use super::{Comparison, Options};

/// Writes changes, noise and the account into the comparison.
pub(super) fn finish(side: &Sides<'_>, verdict: Verdict, options: &Options, out: &mut Comparison) {
    let _ = (side, options);
    for (_, style) in &verdict.style {
        *out.lines.style.entry(style.kind).or_default() += 1;
    }
    out.changes = verdict.changes.into_iter().map(|judged| judged.change).collect();
    out.changes.sort_by(|a, b| (&a.object, &a.path, &a.inside).cmp(&(&b.object, &b.path, &b.inside)));
}
