//! `pilab drift explain ID` as text: what, where, why so bad, and the ways out.
use super::Style;
use super::diagnostic::{marked, source};
use super::item::{arrow, severity, subject};
use super::page::{Label, Line, Page};
use super::words;
use crate::model::{Finding, Kind, State};
use crate::ops::{Excerpt, Explanation};

/// How many findings of the same module are named.
const RELATED: usize = 5;

/// Everything about one finding.
pub fn explanation_text(explanation: &Explanation, style: &Style) -> String {
    let finding = &explanation.finding;
    let mut page = Page::new(style);
    head(&mut page, explanation, style);
    for (index, excerpt) in explanation.excerpts.iter().enumerate() {
        page.blank();
        evidence(&mut page, excerpt, finding, if index == 0 { "Evidence" } else { "" });
    }
    let word = if finding.kind == Kind::Code { "Cause" } else { "Details" };
    section(&mut page, word, finding.details.iter().flat_map(|detail| detail.lines()));
    if !finding.tickets.is_empty() {
        section(&mut page, "Tickets", std::iter::once(finding.tickets.join(" ").as_str()));
    }
    if let Some(reason) = reason(finding) {
        page.blank();
        page.wrap(title("State").plain(reason), 12);
    }
    page.blank();
    score(&mut page, finding);
    resolve(&mut page, explanation);
    related(&mut page, explanation);
    page.blank();
    page.command(title("Docs"), &format!("pilab explain {}", explanation.rule.id));
    page.finish()
}

fn related(page: &mut Page<'_>, explanation: &Explanation) {
    let all = &explanation.related;
    page.blank();
    let widest = all.iter().map(|(id, _)| super::clean::width(&super::clean::clean(id))).max().unwrap_or(0);
    for (index, (id, text)) in all.iter().take(RELATED).enumerate() {
        let lead = title(if index == 0 { "Related" } else { "" });
        page.wrap(lead.put(Label::Id, id).column(14 + widest).plain(text), 14 + widest);
    }
    if let Some(more) = all.len().checked_sub(RELATED).filter(|more| *more > 0) {
        let pair = &explanation.finding.pair;
        let command = format!("pilab drift {}..{} --module {}", pair.from, pair.to, explanation.finding.module);
        page.command(title("").plain(format!("and {more} more: ")), &command);
    }
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

fn head(page: &mut Page<'_>, explanation: &Explanation, style: &Style) {
    let finding = &explanation.finding;
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
    let meaning = explanation.rule.help.lines().next().unwrap_or_default();
    page.wrap(Line::new().put(Label::Dim, meaning.replace('`', "")), 0);
    sides(page, finding);
}

/// Both values, one below the other.
fn sides(page: &mut Page<'_>, finding: &Finding) {
    let sides = [(&finding.pair.from, &finding.from), (&finding.pair.to, &finding.to)];
    if finding.from.is_none() && finding.to.is_none() {
        return;
    }
    page.blank();
    let indent = match subject(finding) {
        Some(key) => {
            page.wrap(Line::indent(2).plain(key), 4);
            4
        }
        None => 2,
    };
    let names = sides.map(|(name, _)| page.short(name, page.width() / 3));
    let column = indent + 2 + names.iter().map(|name| super::clean::width(name)).max().unwrap_or(0);
    for (name, (_, shown)) in names.iter().zip(sides) {
        if let Some(shown) = shown {
            page.wrap(Line::indent(indent).put(Label::Dim, name).column(column).plain(&shown.text), column);
        }
    }
}

fn evidence(page: &mut Page<'_>, excerpt: &Excerpt, finding: &Finding, word: &str) {
    let place = &excerpt.evidence.place;
    page.wrap(title(word).plain(words::place(&excerpt.evidence)), 12);
    let label = beside(&excerpt.evidence.side, finding);
    let last = excerpt.first_line.saturating_add(excerpt.lines.len());
    let gutter = last.max(place.line).to_string().len() + 1;
    for (index, text) in excerpt.lines.iter().enumerate() {
        let number = excerpt.first_line.saturating_add(index);
        if number == place.line {
            // The excerpt is masked; the text of the place is what the caret was measured on, and masked as well.
            let shown = crate::model::Place { text: text.clone(), ..place.clone() };
            marked(page, &shown, gutter, &label, Label::Warn);
        } else {
            let room = page.width().saturating_sub(gutter + 3);
            let text = super::page::cut(&source(text), room, page.dots());
            page.line(Line::new().put(Label::Dim, format!("{number:>gutter$} |")).plain(" ").plain(text));
        }
    }
}

/// What stands beside the caret: whose line it is, and what the other side has.
fn beside(side: &str, finding: &Finding) -> String {
    let other = match (side == finding.pair.to, side == finding.pair.from) {
        (true, false) => Some((&finding.pair.from, &finding.from)),
        (false, true) => Some((&finding.pair.to, &finding.to)),
        _ => None,
    };
    match other.and_then(|(name, shown)| Some((name, shown.as_ref()?))) {
        Some((name, shown)) if shown.present => format!("{side}; {name} has {}", shown.text),
        Some((name, shown)) => format!("{side}; {name} {}", shown.text),
        None => side.to_owned(),
    }
}

/// Tenths as people write them: `8.0`, `-0.5`.
pub(super) fn points(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// The sum in one line where it fits, the reason of each part below it.
fn score(page: &mut Page<'_>, finding: &Finding) {
    page.wrap(title("Severity").plain(arithmetic(finding)), 12);
    for part in finding.score.modifiers.iter().filter(|part| !part.reason.is_empty() && part.reason != part.name) {
        page.wrap(title("").put(Label::Dim, format!("{}: {}", part.name, part.reason)), 14);
    }
}

/// The sum behind a severity, with every part.
pub(super) fn arithmetic(finding: &Finding) -> String {
    let score = &finding.score;
    let mut sum: i32 = score.base;
    let mut text = format!("{} ({})", points(score.base), finding.rule);
    for part in &score.modifiers {
        sum = sum.saturating_add(part.tenths);
        let sign = if part.tenths >= 0 { "+" } else { "-" };
        text += &format!(" {sign} {} {}", points(part.tenths.saturating_abs()), part.name);
    }
    if let Some((fixed, why)) = &score.set {
        return format!("{fixed}, fixed by a policy: {why}; without it {} = {text}", points(sum.clamp(0, 100)));
    }
    format!("{} {} = {text}", finding.severity, points(sum.clamp(0, 100)))
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
        page.wrap(lead, 15);
        if !command.is_empty() {
            page.command(Line::indent(15), command);
        }
    }
}
