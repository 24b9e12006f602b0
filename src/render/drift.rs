//! `pilab drift` as text: findings, the sum, what was not checked, what to do next.
use super::item::{self, arrow};
use super::page::{Label, Line, Page};
use super::words::{self, Sum, count};
use super::{DriftView, Style};
use crate::model::{Diagnostic, DriftReport, Finding, PairReport, Severity};

/// How many warnings about the config repository are printed below a list.
const WARNINGS: usize = 5;

/// The answer of `pilab drift`.
pub fn drift_text(report: &DriftReport, view: &DriftView, style: &Style) -> String {
    let mut page = Page::new(style);
    let single = report.pairs.len() == 1;
    let min = if single { view.min } else { view.min.or(report.fail_on) };
    let shown: Vec<&Finding> = report.findings().filter(|finding| words::listed(finding, view, min)).collect();
    if view.oneline {
        oneline(&mut page, report, &shown, style);
        return page.finish();
    }
    if let [pair] = report.pairs.as_slice() {
        heading(&mut page, report, pair, style);
        let wide = style.width >= 120 && style.verbose == 0 && !shown.is_empty();
        if !(wide && item::table(&mut page, report, pair, &shown)) {
            by_module(&mut page, report, &shown, style);
        }
    } else {
        summary(&mut page, report, style);
        by_pair(&mut page, report, &shown, style);
    }
    sums(&mut page, report, view, min);
    verdict(&mut page, report, view);
    page.finish()
}

fn oneline(page: &mut Page<'_>, report: &DriftReport, shown: &[&Finding], style: &Style) {
    item::lines(page, shown, style);
    for group in words::groups(report.pairs.iter().flat_map(|pair| &pair.not_checked)) {
        let front = Line::new().put(Label::Warn, "?").column(6).put(Label::Dim, group.why.code.id).plain("  ");
        let room = page.width().saturating_sub(front.width());
        let text = super::clean::clean(&format!("not checked: {}", group.sentence()));
        page.line(front.plain(super::page::cut(&text, room, page.dots())));
    }
}

fn heading(page: &mut Page<'_>, report: &DriftReport, pair: &PairReport, style: &Style) {
    let title = Line::new().put(Label::Heading, pair.pair.shown(arrow(style))).plain("   ");
    page.wrap(title.put(Label::Dim, facts(report)), 2);
    page.blank();
}

/// `shop main@9f3c1b2, 5 modules`.
fn facts(report: &DriftReport) -> String {
    let mut facts = words::source(&report.project, report.at.as_deref(), report.commit.as_deref());
    facts += &format!(", {}", count(report.modules, "module", "modules"));
    if report.uncommitted {
        facts += ", with changes that are not committed";
    }
    facts
}

fn by_module(page: &mut Page<'_>, report: &DriftReport, shown: &[&Finding], style: &Style) {
    let mut modules: Vec<&str> = Vec::new();
    for finding in shown {
        if !modules.contains(&finding.module.as_str()) {
            modules.push(&finding.module);
        }
    }
    for module in modules {
        page.blank();
        page.line(Line::new().put(Label::Heading, module));
        for finding in shown.iter().filter(|finding| finding.module == module) {
            item::block(page, report, finding, 2, style);
        }
    }
}

/// The findings of several pairs below a heading for each.
fn by_pair(page: &mut Page<'_>, report: &DriftReport, shown: &[&Finding], style: &Style) {
    for pair in &report.pairs {
        let mut own = shown.iter().filter(|finding| finding.pair == pair.pair).peekable();
        if own.peek().is_none() {
            continue;
        }
        page.blank();
        page.line(Line::new().put(Label::Heading, pair.pair.shown(arrow(style))));
        own.for_each(|finding| item::block(page, report, finding, 0, style));
    }
}

fn summary(page: &mut Page<'_>, report: &DriftReport, style: &Style) {
    let sums: Vec<(String, Sum)> =
        report.pairs.iter().map(|pair| (pair.pair.shown(arrow(style)), Sum::of(std::slice::from_ref(pair)))).collect();
    let limit = page.width() * 2 / 5;
    let names: Vec<String> = sums.iter().map(|(name, _)| page.short(name, limit)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| super::clean::width(text)).max().unwrap_or(0);
    let states: Vec<String> =
        sums.iter().map(|(_, sum)| if sum.drift() == 0 { sum.nothing() } else { sum.bands() }).collect();
    let (first, second) = (widest(&names) + 3, widest(&states) + 3);
    for ((name, text), (_, sum)) in names.iter().zip(&states).zip(&sums) {
        let label = match sum.open.keys().next_back() {
            Some(worst) => Label::Severity(*worst),
            None if text.starts_with("no ") && !text.contains(',') => Label::Good,
            None => Label::Warn,
        };
        let line = Line::new().plain(name).column(first).put(label, text);
        let line = match sum.waiting() {
            others if others.is_empty() => line,
            others => line.column(first + second).plain(others.join(", ")),
        };
        page.wrap(line, 2);
    }
    if report.pairs.is_empty() {
        page.wrap(Line::new().put(Label::Warn, "There is no pair of environments to compare."), 2);
    }
    page.blank();
}

fn sums(page: &mut Page<'_>, report: &DriftReport, view: &DriftView, min: Option<Severity>) {
    page.blank();
    if !report.pairs.is_empty() {
        page.parts(&Sum::of(&report.pairs).parts());
    }
    let hidden = report.findings().filter(|f| words::listed(f, view, None) && !words::listed(f, view, min)).count();
    if let Some(min) = min.filter(|_| hidden > 0) {
        let verb = if hidden == 1 { "is" } else { "are" };
        page.wrap(Line::new().put(Label::Dim, format!("{hidden} below {min} {verb} not listed")), 2);
    }
    for group in words::groups(report.pairs.iter().flat_map(|pair| &pair.not_checked)) {
        not_checked(page, format!("{} not checked:", group.number), &group);
    }
    warnings(page, &report.diagnostics);
}

/// A reason why something was not checked, with its first way out.
pub(super) fn not_checked(page: &mut Page<'_>, lead: String, group: &words::Group<'_>) {
    let line = Line::new().put(Label::Warn, lead).plain(" ").plain(group.sentence()).plain("  ");
    page.wrap(line.put(Label::Dim, group.why.code.id), 2);
    if let Some(hint) = group.why.hints.first() {
        page.wrap(Line::indent(2).put(Label::Dim, "hint: ").plain(hint), 8);
    }
}

/// Warnings about the config repository, each with its place.
pub(super) fn warnings(page: &mut Page<'_>, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics.iter().take(WARNINGS) {
        let head = format!("{}[{}]:", super::diagnostic::level(diagnostic.level), diagnostic.code.id);
        let line = Line::new().put(Label::Warn, head).plain(" ").plain(&diagnostic.message);
        let place = diagnostic.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
        let Some(place) = place.map(|place| Line::new().put(Label::Dim, place)) else {
            page.wrap(line, 2);
            continue;
        };
        let full = line.clone().plain("  ").append(place.clone());
        if full.width() <= page.width() {
            page.line(full);
        } else {
            page.wrap(line, 2);
            page.wrap(Line::indent(2).append(place), 2);
        }
    }
    if let Some(more) = diagnostics.len().checked_sub(WARNINGS).filter(|more| *more > 0) {
        page.command(Line::new().plain(format!("{}: ", count(more, "more warning", "more warnings"))), "pilab lint");
    }
}

/// The range of the report as it stands on the command line, with a blank before it.
fn range(report: &DriftReport) -> String {
    match report.pairs.as_slice() {
        [pair] => format!(" {}..{}", pair.pair.from, pair.pair.to),
        _ => String::new(),
    }
}

/// What decided the exit code and the ways out of it; else where to go on.
fn verdict(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    match (report.exit.code, report.fail_on) {
        (3, _) => failed(page, report, view),
        (5, Some(limit)) => incomplete(page, report, limit),
        (5, None) => {
            page.blank();
            let text = format!("Exit code 5, because {}; 0 with --allow-incomplete.", unmade(report));
            page.wrap(Line::new().put(Label::Warn, text), 2);
            next(page, report, view);
        }
        _ => next(page, report, view),
    }
}

/// `1 comparison could not be made`.
fn unmade(report: &DriftReport) -> String {
    let number: usize = report.pairs.iter().map(|pair| pair.not_checked.len()).sum();
    format!("{} could not be made", count(number, "comparison", "comparisons"))
}

fn failed(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    let reached = words::reached(report, view);
    let limit = report.fail_on.unwrap_or(Severity::Info);
    page.blank();
    let text = format!("{} at or above {limit}. Exit code 3.", count(reached.len(), "finding", "findings"));
    page.wrap(Line::new().put(Label::Bad, "FAIL").plain("  ").plain(text), 6);
    let Some(first) = reached.first() else { return };
    page.command(Line::indent(6).plain("Understand:  "), &format!("pilab drift explain {}{}", first.id, given(report)));
    if first.pair.mode != crate::model::Mode::Refs {
        let until = words::date_after(&report.now, 30).unwrap_or_else(|| "DATE".to_owned());
        let accept = format!("pilab drift accept {} --reason \"...\" --until {until}", first.id);
        page.command(Line::indent(6).plain("Accept it:   "), &accept);
    }
}

/// ` --range A..B`, which findings between two refs need to be found again.
fn given(report: &DriftReport) -> String {
    match report.pairs.as_slice() {
        [pair] if pair.pair.mode == crate::model::Mode::Refs => {
            format!(" --range {}..{}", pair.pair.from, pair.pair.to)
        }
        _ => String::new(),
    }
}

fn incomplete(page: &mut Page<'_>, report: &DriftReport, limit: Severity) {
    page.blank();
    let text = format!("Nothing reached {limit}, but {}. Exit code 5.", unmade(report));
    page.wrap(Line::new().put(Label::Warn, "INCOMPLETE").plain("  ").plain(text), 6);
    let first = report.pairs.iter().flat_map(|pair| &pair.not_checked).next();
    if let Some(entry) = first {
        page.command(Line::indent(6).plain("Understand:  "), &format!("pilab explain {}", entry.why.code.id));
    }
    let allow = format!("pilab drift{} --fail-on {limit} --allow-incomplete", range(report));
    page.command(Line::indent(6).plain("Allow it:    "), &allow);
}

fn next(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    if !view.next {
        return;
    }
    let mut commands: Vec<(String, &str)> = Vec::new();
    if let Some(first) = report.findings().find(|finding| finding.counts(false)) {
        commands.push((format!("pilab drift explain {}{}", first.id, given(report)), "the first one in full"));
    }
    if report.exit.code == 5
        && let Some(entry) = report.pairs.iter().flat_map(|pair| &pair.not_checked).next()
    {
        commands.push((format!("pilab explain {}", entry.why.code.id), "why it was not checked"));
    }
    if Sum::of(&report.pairs).pending > 0 && !view.pending {
        commands.push((format!("pilab drift{} --pending", range(report)), "to list what is only waiting"));
    }
    page.next(&commands);
}
