//! Kubernetes objects as text: a stream of YAML, and patches.
use super::Style;
use super::clean::clean;
use super::page::{Label, paint};
use crate::model::{Mode, ObjectPatch, RenderReport, State};
use similar::TextDiff;

/// The stream that `helm template` prints.
pub fn manifests_yaml(report: &RenderReport) -> String {
    let mut out = String::new();
    for manifest in &report.manifests {
        out.push_str("---\n");
        let named = manifest.text.lines().next().is_some_and(|line| line.starts_with("# Source: "));
        if !named {
            out.push_str(&format!("# Source: {}\n", manifest.source));
        }
        out.push_str(&manifest.text);
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// Unified diffs, each object under a line that says what it is about.
pub fn patches_text(patches: &[ObjectPatch], style: &Style) -> String {
    let mut out = String::new();
    for patch in patches {
        let what = match (patch.state, patch.pair.mode) {
            (State::Pending, _) => "the promotion brings it",
            (State::Change, _) => "change",
            (_, Mode::Mirror) => "must be equal",
            _ => "stays after the promotion",
        };
        let head = format!("diff {} {} ({what})", patch.module, patch.object);
        out.push_str(&paint(style, Label::Heading, &clean(&head)));
        out.push('\n');
        let side = |(label, text): &(String, String)| {
            if text.is_empty() { "/dev/null".to_owned() } else { format!("{} ({label})", patch.object) }
        };
        let diff = TextDiff::from_lines(&patch.before.1, &patch.after.1);
        let text = diff.unified_diff().context_radius(3).header(&side(&patch.before), &side(&patch.after)).to_string();
        for line in text.split_inclusive('\n') {
            let plain = clean(line.trim_end_matches('\n'));
            let shown = match line.as_bytes().first() {
                Some(b'+') => paint(style, Label::Good, &plain),
                Some(b'-') => paint(style, Label::Bad, &plain),
                Some(b'@') => paint(style, Label::Dim, &plain),
                _ => plain,
            };
            out.push_str(&shown);
            out.push('\n');
        }
    }
    out
}
