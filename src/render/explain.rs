//! `pilab drift explain ID` as text: what, where, why so bad, and the ways out.
use super::Style;
use super::diagnostic::{marked, source};
use super::drift::{arrow, severity};
use super::page::{Label, Line, Page};
use super::words;
use crate::model::{Finding, State};
use crate::ops::{Excerpt, Explanation};

/// Everything about one finding.
pub fn explanation_text(explanation: &Explanation, style: &Style) -> String {
    let finding = &explanation.finding;
    let mut page = Page::new(style);
    head(&mut page, finding, style);
    for (index, excerpt) in explanation.excerpts.iter().enumerate() {
        page.blank();
        evidence(&mut page, excerpt, if index == 0 { "Evidence" } else { "" });
    }
    section(&mut page, "Details", finding.details.iter().flat_map(|detail| detail.lines()));
    if !finding.tickets.is_empty() {
        section(&mut page, "Tickets", std::iter::once(finding.tickets.join(" ").as_str()));
    }
    page.blank();
    page.wrap(title("Severity").plain(arithmetic(finding)), 12);
    if let Some(reason) = reason(finding) {
        page.blank();
        page.wrap(title("State").plain(reason), 12);
    }
    resolve(&mut page, explanation);
    for (index, (id, text)) in explanation.related.iter().enumerate() {
        if index == 0 {
            page.blank();
        }
        let lead = title(if index == 0 { "Related" } else { "" });
        page.wrap(lead.put(Label::Id, id).plain("  ").plain(text), 12);
    }
    page.blank();
    page.command(title("Docs"), &format!("pilab explain {}", explanation.rule.id));
    page.finish()
}

fn title(word: &str) -> Line {
    Line::new().put(Label::Heading, word).column(12)
}

fn section<'a>(page: &mut Page<'_>, word: &str, lines: impl Iterator<Item = &'a str>) {
    for (index, text) in lines.enumerate() {
        if index == 0 {
            page.blank();
        }
        page.wrap(title(if index == 0 { word } else { "" }).plain(text), 12);
    }
}

fn head(page: &mut Page<'_>, finding: &Finding, style: &Style) {
    let mut facts = format!("rule {}", finding.rule);
    if let Some(age) = finding.since.as_ref().map(|since| since.get(..10).unwrap_or(since)) {
        facts += &format!(", since {age}");
    }
    let line = Line::new()
        .put(Label::Id, &finding.id)
        .plain("  ")
        .put(Label::Severity(finding.severity), severity(finding.severity))
        .plain("  ")
        .put(Label::Heading, format!("{}, {}", finding.module, finding.pair.shown(arrow(style))));
    let at = page.width().min(100).saturating_sub(super::clean::width(&facts));
    if line.width() + 2 <= at {
        page.line(line.column(at).put(Label::Dim, facts));
    } else {
        page.wrap(line.plain("  ").put(Label::Dim, facts), 2);
    }
    page.blank();
    page.wrap(Line::new().plain(format!("{}.", finding.title.trim_end_matches('.'))), 0);
    let sides = [(&finding.pair.from, &finding.from), (&finding.pair.to, &finding.to)];
    page.wrap(Line::indent(2).plain(&finding.key), 4);
    let names = sides.map(|(name, _)| page.short(name, page.width() / 3));
    let column = 6 + names.iter().map(|name| super::clean::width(name)).max().unwrap_or(0);
    for (name, (_, shown)) in names.iter().zip(sides) {
        if let Some(shown) = shown {
            page.wrap(Line::indent(4).put(Label::Dim, name).column(column).plain(&shown.text), column);
        }
    }
}

fn evidence(page: &mut Page<'_>, excerpt: &Excerpt, word: &str) {
    let place = &excerpt.evidence.place;
    page.wrap(
        title(word).plain(words::place(&excerpt.evidence)).put(Label::Dim, format!("  {}", excerpt.evidence.side)),
        12,
    );
    let last = excerpt.first_line.saturating_add(excerpt.lines.len());
    let gutter = last.max(place.line).to_string().len() + 1;
    for (index, text) in excerpt.lines.iter().enumerate() {
        let number = excerpt.first_line.saturating_add(index);
        if number == place.line {
            // The excerpt is masked; the text of the place is what the caret was measured on, and masked as well.
            let shown = crate::model::Place { text: text.clone(), ..place.clone() };
            marked(page, &shown, gutter, "", Label::Warn);
        } else {
            let room = page.width().saturating_sub(gutter + 3);
            let text = super::page::cut(&source(text), room, page.dots());
            page.line(Line::new().put(Label::Dim, format!("{number:>gutter$} |")).plain(" ").plain(text));
        }
    }
}

/// Tenths as people write them: `8.0`, `-0.5`.
pub(super) fn points(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// The sum behind a severity, with every part.
pub(super) fn arithmetic(finding: &Finding) -> String {
    let score = &finding.score;
    let mut parts: i32 = score.base;
    let mut text = format!("{} rule {}", points(score.base), finding.rule);
    for part in &score.modifiers {
        parts = parts.saturating_add(part.tenths);
        let plus = if part.tenths >= 0 { "+" } else { "" };
        text += &format!(" {plus}{} {}", points(part.tenths), part.name);
        if !part.reason.is_empty() && part.reason != part.name {
            text += &format!(" ({})", part.reason);
        }
    }
    if let Some((fixed, why)) = &score.set {
        return format!("{fixed}, fixed by a policy: {why}; without it {} = {text}", points(parts.clamp(0, 100)));
    }
    format!("{} {} = {text}", finding.severity, points(parts.clamp(0, 100)))
}

/// Why a finding counts or does not.
pub(super) fn reason(finding: &Finding) -> Option<String> {
    let word = finding.state.word();
    let because = finding.because.as_ref().map(|because| format!(": {because}"));
    let until = finding.until.as_ref().map(|until| format!(", until {until}"));
    match (finding.state, &because) {
        (State::Drift | State::Change, None) => None,
        _ => Some(format!("{word}{}{}", because.unwrap_or_default(), until.unwrap_or_default())),
    }
}

fn resolve(page: &mut Page<'_>, explanation: &Explanation) {
    for (index, (sentence, command)) in explanation.ways_out.iter().enumerate() {
        if index == 0 {
            page.blank();
        }
        let lead = title(if index == 0 { "Resolve" } else { "" }).plain(format!("{}. {sentence}", index + 1));
        let one = lead.clone().column(48).put(Label::Command, command);
        if command.is_empty() || one.width() > page.width() {
            page.wrap(lead, 15);
            if !command.is_empty() {
                page.command(Line::indent(15), command);
            }
        } else {
            page.line(one);
        }
    }
}
