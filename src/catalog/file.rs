//! A file of the config repository: its text, its documents, and places in it that show no secret.
use crate::engines::yaml::{Node, Span};
use crate::model::Place;
use regex::Regex;
use std::sync::LazyLock;

/// A line of which more is not shown.
const LONG: usize = 400;

/// A file that was read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    /// Byte offsets at which lines begin.
    lines: Vec<usize>,
    /// Values that must not be shown, sorted.
    masks: Vec<Span>,
}

impl File {
    pub(super) fn new(path: String, text: String) -> File {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        File { path, text, lines, masks: Vec::new() }
    }

    /// Hides these spans in everything that is shown of the file.
    pub(super) fn hide(&mut self, mut spans: Vec<Span>) {
        spans.sort();
        self.masks.append(&mut spans);
        self.masks.sort();
        self.masks.dedup();
    }

    /// Whether the value is hidden.
    pub(super) fn is_hidden(&self, node: &Node) -> bool {
        self.masks.binary_search(&node.span).is_ok()
    }

    /// A scalar for a message.
    pub(super) fn shown(&self, node: &Node) -> String {
        let text = node.scalar_str().unwrap_or("");
        if self.is_hidden(node) {
            return "***".to_owned();
        }
        match text.char_indices().nth(60) {
            Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
            None => text.to_owned(),
        }
    }

    /// The place of a span, secrets replaced by `***`.
    pub(super) fn place(&self, span: Span) -> Place {
        let index = self.lines.partition_point(|start| *start <= span.start).saturating_sub(1);
        let start = self.lines.get(index).copied().unwrap_or(0);
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| next.saturating_sub(1));
        let count = |from: usize, to: usize| self.text.get(from..to).map_or(0, |text| text.chars().count());
        let hidden = self.masks.binary_search(&span).is_ok();
        let width = if hidden { 3 } else { count(span.start, span.end.min(end)).max(1) };
        Place {
            file: self.path.clone(),
            line: index + 1,
            column: count(start, span.start) + 1,
            width,
            text: mask_text(&self.masked(start, end)),
        }
    }

    fn masked(&self, start: usize, end: usize) -> String {
        let mut out = String::new();
        let mut at = start;
        // Of a line of megabytes only the beginning is ever shown.
        let end = self.text.floor_char_boundary(end.min(start.saturating_add(8 * LONG)));
        let first = self.masks.partition_point(|mask| mask.end <= start);
        let here = self.masks.get(first..).unwrap_or_default();
        for mask in here.iter().take_while(|mask| mask.start < end) {
            if mask.start > at {
                out.push_str(self.text.get(at..mask.start).unwrap_or(""));
            }
            if mask.end > at {
                out.push_str("***");
                at = mask.end;
            }
        }
        out.push_str(self.text.get(at..end.max(at)).unwrap_or(""));
        let line = out.trim_end_matches('\r');
        line.char_indices().nth(LONG).map_or_else(|| line.to_owned(), |(at, _)| line.get(..at).unwrap_or("").to_owned())
    }
}

/// Credentials that are known by their form.
static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}",
        r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^\x00]*|AIza[0-9A-Za-z_-]{35}",
        r"|sk_live_[0-9A-Za-z]{16,}|sk-(?:ant-|proj-)[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}",
        r"|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}",
        r"|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
        r"|[a-z][a-z0-9+.-]*://[^/\s:@]*:[^$<{*%/\s@][^/\s@]*@",
    ))
    .ok()
});

/// A word that announces a secret, and what stands behind it.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)((?:passw(?:or)?d|secret|token|api_?key|private_?key)[A-Za-z0-9_]*["']?\s*[:=]\s*)(["']?[^"'\s{\[][^,}]*)"#).ok()
});

/// Whether the text holds a credential that is known by its form.
pub(super) fn is_credential(text: &str) -> bool {
    text.len() >= 8 && FORMS.as_ref().is_some_and(|forms| forms.is_match(text))
}

fn mask_text(line: &str) -> String {
    FORMS.as_ref().map_or_else(|| line.to_owned(), |forms| forms.replace_all(line, "***").into_owned())
}

/// A line of a file that could not be read as YAML: whatever may be a secret is hidden.
pub(super) fn mask_unread(line: &str) -> String {
    let line = mask_text(line);
    NAMED.as_ref().map_or_else(|| line.clone(), |named| named.replace_all(&line, "${1}***").into_owned())
}
