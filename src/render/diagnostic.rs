//! Diagnostics as text: code, message, the line with a caret, notes and ways out; and the list of `pilab lint`.
use super::Style;
use super::clean::{clean, width};
use super::page::{Label, Line, Page};
use super::words::count;
use crate::model::{Diagnostic, Level, Place};
use crate::ops::LintReport;

/// The word of a level.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn level_label(level: Level) -> Label {
    match level {
        Level::Warning => Label::Warn,
        Level::Error => Label::Bad,
    }
}

/// One diagnostic.
pub fn diagnostic_text(diagnostic: &Diagnostic, style: &Style) -> String {
    let mut page = Page::new(style);
    write(&mut page, diagnostic);
    page.finish()
}

fn write(page: &mut Page<'_>, diagnostic: &Diagnostic) {
    let head = format!("{}[{}]:", level(diagnostic.level), diagnostic.code.id);
    page.wrap(Line::new().put(level_label(diagnostic.level), head).plain(" ").plain(&diagnostic.message), 2);
    let gutter = diagnostic.place.as_ref().map_or(1, |place| place.line.to_string().len());
    if let Some(place) = &diagnostic.place {
        let spot = format!("{}:{}:{}", place.file, place.line, place.column);
        page.line(Line::indent(gutter).put(Label::Dim, "--> ").plain(spot));
        if !place.text.is_empty() {
            page.line(Line::indent(gutter + 1).put(Label::Dim, "|"));
            marked(page, place, gutter, diagnostic.label.as_deref().unwrap_or(""), level_label(diagnostic.level));
        } else if let Some(label) = &diagnostic.label {
            page.wrap(Line::indent(gutter + 1).put(Label::Dim, "= ").plain(label), gutter + 3);
        }
    }
    for note in &diagnostic.notes {
        for (index, text) in note.lines().enumerate() {
            let lead = if index == 0 { "= note: " } else { "        " };
            page.wrap(Line::indent(gutter + 1).put(Label::Dim, lead).plain(text), gutter + 9);
        }
    }
    for hint in &diagnostic.hints {
        page.wrap(Line::indent(2).put(Label::Good, "hint:").plain(" ").plain(hint), 8);
    }
}

/// A source line with its number, and carets below it. Tabs become four blanks; a line that is too long is cut around
/// the carets.
pub(super) fn marked(page: &mut Page<'_>, place: &Place, gutter: usize, label: &str, look: Label) {
    let room = page.width().saturating_sub(gutter + 3).max(4);
    let start = place.column.saturating_sub(1);
    let before: String = place.text.chars().take(start).collect();
    let inside: String = place.text.chars().skip(start).take(place.width.max(1)).collect();
    let after: String = place.text.chars().skip(start.saturating_add(place.width.max(1))).collect();
    let (before, inside, after) = (source(&before), source(&inside), source(&after));
    let dots = page.dots();
    let mut lead = before;
    // What stands before the carets keeps at most half of the room, so that the carets are always seen.
    if width(&lead) + width(&inside) + width(&after) > room && width(&lead) > room / 2 {
        let keep: Vec<char> = lead
            .chars()
            .rev()
            .scan(0, |used, c| {
                *used += width(c.encode_utf8(&mut [0; 4]));
                (*used + width(dots) <= room / 2).then_some(c)
            })
            .collect();
        lead = format!("{dots}{}", keep.into_iter().rev().collect::<String>());
    }
    let offset = width(&lead);
    let rest = super::page::cut(&format!("{inside}{after}"), room.saturating_sub(offset), dots);
    let number = format!("{:>gutter$} |", place.line);
    page.line(Line::new().put(Label::Dim, number).plain(" ").plain(lead).plain(rest));
    let carets = width(&inside).clamp(1, room.saturating_sub(offset).max(1));
    let mark =
        Line::indent(gutter + 1).put(Label::Dim, "|").plain(" ".repeat(offset + 1)).put(look, "^".repeat(carets));
    if label.is_empty() {
        page.line(mark);
    } else if mark.width() + 1 + width(&clean(label)) <= page.width() {
        page.line(mark.plain(" ").put(look, label));
    } else {
        page.line(mark);
        page.wrap(Line::indent(gutter + 1).put(Label::Dim, "|").plain(" ").put(look, label), gutter + 3);
    }
}

/// A piece of a source line as it is shown.
pub(super) fn source(text: &str) -> String {
    clean(&text.replace('\t', "    "))
}

/// `3 errors and 1 warning in 12 documents of 9 files`.
fn lint_sum(report: &LintReport) -> String {
    let errors = report.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count();
    let warnings = report.diagnostics.len() - errors;
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(count(errors, "error", "errors"));
    }
    if warnings > 0 {
        parts.push(count(warnings, "warning", "warnings"));
    }
    let found = if parts.is_empty() { "nothing to complain about".to_owned() } else { parts.join(" and ") };
    let (documents, files) = (count(report.documents, "document", "documents"), count(report.files, "file", "files"));
    format!("{found} in {documents} of {files}")
}

/// The answer of `pilab lint`.
pub fn lint_text(report: &LintReport, style: &Style) -> String {
    let mut page = Page::new(style);
    for diagnostic in &report.diagnostics {
        page.blank();
        write(&mut page, diagnostic);
    }
    page.blank();
    let label = report.diagnostics.iter().map(|diagnostic| diagnostic.level).max().map_or(Label::Good, level_label);
    page.wrap(Line::new().put(label, lint_sum(report)), 2);
    page.finish()
}

/// The answer of `pilab lint` as Markdown.
pub fn lint_md(report: &LintReport) -> String {
    let mut out = super::markdown::Markdown::new();
    out.line("## Configuration");
    out.line("");
    out.line(&super::markdown::escape(&lint_sum(report)));
    let rows = report.diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
        let hint = diagnostic.hints.first().cloned().unwrap_or_default();
        vec![
            level(diagnostic.level).to_owned(),
            diagnostic.code.id.to_owned(),
            place.unwrap_or_default(),
            diagnostic.message.clone(),
            hint,
        ]
    });
    out.table(&["Level", "Code", "Where", "What", "Hint"], rows);
    out.finish()
}
