//! `pilab drift` as text: findings, the sum, what was not checked, what to do next.
use super::page::{Label, Line, Page, Table};
use super::words::{self, Sum, count};
use super::{DriftView, Style};
use crate::model::{DriftReport, Finding, PairReport, Severity, State};

/// The answer of `pilab drift`.
pub fn drift_text(report: &DriftReport, view: &DriftView, style: &Style) -> String {
    let mut page = Page::new(style);
    let single = report.pairs.len() == 1;
    let min = if single { view.min } else { view.min.or(report.fail_on) };
    let shown: Vec<&Finding> = report.findings().filter(|finding| words::listed(finding, view, min)).collect();
    if view.oneline {
        shown.iter().for_each(|finding| oneline(&mut page, finding, style));
        for group in words::groups(report.pairs.iter().flat_map(|pair| &pair.not_checked)) {
            let front = Line::new().put(Label::Warn, "?").column(6).put(Label::Dim, group.why.code.id).plain("  ");
            page.line(front.plain(format!("not checked: {}: {}", group.modules, group.why.message)));
        }
    } else if let [pair] = report.pairs.as_slice() {
        heading(&mut page, report, pair, style);
        if style.width >= 120 && style.verbose == 0 {
            table(&mut page, report, pair, &shown);
        } else {
            by_module(&mut page, report, &shown, style);
        }
    } else {
        summary(&mut page, report, style);
        shown.iter().for_each(|finding| flat(&mut page, report, finding, style));
    }
    if !view.oneline {
        sums(&mut page, report, view, min);
        verdict(&mut page, report, view);
    }
    page.finish()
}

/// The word of a severity as it stands in lists.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRIT",
        Severity::High => "HIGH",
        Severity::Medium => "MED",
        Severity::Low => "LOW",
        Severity::Info => "INFO",
    }
}

fn badge(finding: &Finding) -> Line {
    Line::new().put(Label::Severity(finding.severity), severity(finding.severity))
}

/// `pending: `, for everything that does not count.
fn state(finding: &Finding) -> String {
    match finding.state {
        State::Drift | State::Change => String::new(),
        other => format!("{}: ", other.word()),
    }
}

pub(super) fn arrow(style: &Style) -> &'static str {
    if style.ascii { "->" } else { "→" }
}

fn heading(page: &mut Page<'_>, report: &DriftReport, pair: &PairReport, style: &Style) {
    let mut facts = words::source(&report.project, report.at.as_deref(), report.commit.as_deref());
    facts += &format!(", {}", count(report.modules, "module", "modules"));
    if report.uncommitted {
        facts += ", with changes that are not committed";
    }
    let title = Line::new().put(Label::Heading, pair.pair.shown(arrow(style))).plain("   ").put(Label::Dim, facts);
    page.wrap(title, 2);
    page.blank();
}

fn oneline(page: &mut Page<'_>, finding: &Finding, style: &Style) {
    let pair = format!("{}{}{}", finding.pair.from, arrow(style), finding.pair.to);
    let front = Line::new()
        .append(badge(finding))
        .column(6)
        .put(Label::Id, &finding.id)
        .plain("  ")
        .put(Label::Dim, finding.rule)
        .plain("  ");
    let text = format!("{}{}: {}  {pair}", state(finding), finding.module, finding.title);
    let room = page.width().saturating_sub(front.width());
    let text = page.short(&text, room);
    page.line(front.plain(text));
}

fn table(page: &mut Page<'_>, report: &DriftReport, pair: &PairReport, shown: &[&Finding]) {
    if shown.is_empty() {
        return;
    }
    let (from, to) = (pair.pair.from.to_uppercase(), pair.pair.to.to_uppercase());
    let mut table = Table::new(&[
        ("SEV", false),
        ("ID", false),
        ("MODULE", true),
        ("WHAT", true),
        (&from, true),
        (&to, true),
        ("SINCE", false),
        ("RULE", false),
        ("TICKETS", true),
    ]);
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    for finding in shown {
        let key = if finding.title.to_lowercase().contains(&finding.key.to_lowercase()) {
            String::new()
        } else {
            format!("{}: ", finding.key)
        };
        let value = |side: &Option<crate::model::Shown>| {
            (Label::Plain, dash(side.as_ref().map(|shown| shown.text.clone()).unwrap_or_default()))
        };
        let since = finding.since.as_ref().and_then(|since| words::age(since, &report.now)).unwrap_or_default();
        table.row(vec![
            (Label::Severity(finding.severity), severity(finding.severity).to_owned()),
            (Label::Id, finding.id.clone()),
            (Label::Plain, finding.module.clone()),
            (Label::Plain, format!("{}{key}{}", state(finding), finding.title)),
            value(&finding.from),
            value(&finding.to),
            (Label::Dim, dash(since)),
            (Label::Dim, finding.rule.to_owned()),
            (Label::Plain, dash(finding.tickets.join(" "))),
        ]);
    }
    table.print(page);
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
            let front = Line::indent(2).append(badge(finding)).column(8).put(Label::Id, &finding.id).plain("  ");
            let edge = page.width().min(100);
            let text = front.plain(state(finding)).plain(&finding.title);
            let rule_at = edge.saturating_sub(finding.rule.len());
            if text.width() + 2 <= rule_at {
                page.line(text.column(rule_at).put(Label::Dim, finding.rule));
            } else {
                page.wrap(text.plain("  ").put(Label::Dim, finding.rule), 8);
            }
            let key = finding.key.clone();
            values(page, finding, &key, 8);
            facts(page, report, finding, 8, style);
        }
    }
}

/// What differs with both values, on one line where they fit.
fn values(page: &mut Page<'_>, finding: &Finding, lead: &str, indent: usize) {
    let sides: Vec<(&str, &str)> = [(&finding.pair.from, &finding.from), (&finding.pair.to, &finding.to)]
        .into_iter()
        .filter_map(|(name, shown)| Some((name.as_str(), shown.as_ref()?.text.as_str())))
        .collect();
    let mut line = Line::indent(indent).plain(lead);
    for (name, text) in &sides {
        if line.width() > indent {
            line = line.plain("   ");
        }
        line = line.put(Label::Dim, name).plain(" ").plain(text);
    }
    if line.width() <= page.width() {
        if line.width() > indent {
            page.line(line);
        }
        return;
    }
    let deeper = if lead.is_empty() { indent } else { indent + 2 };
    if !lead.is_empty() {
        page.line(Line::indent(indent).plain(lead));
    }
    let third = page.width() / 3;
    let names: Vec<String> = sides.iter().map(|(name, _)| page.short(name, third)).collect();
    let column = deeper + 2 + names.iter().map(|name| super::clean::width(name)).max().unwrap_or(0);
    for (name, (_, text)) in names.iter().zip(&sides) {
        page.line(Line::indent(deeper).put(Label::Dim, name).column(column).plain(text));
    }
}

/// Where it stands, since when, tickets; the reason of what does not count; with `-v` everything else.
fn facts(page: &mut Page<'_>, report: &DriftReport, finding: &Finding, indent: usize, style: &Style) {
    let since = finding.since.as_ref().and_then(|since| words::age(since, &report.now));
    let parts: Vec<String> = words::main_evidence(finding)
        .map(words::place)
        .into_iter()
        .chain(since)
        .chain((!finding.tickets.is_empty()).then(|| finding.tickets.join(" ")))
        .collect();
    if !parts.is_empty() {
        page.wrap(Line::indent(indent).put(Label::Dim, parts.join("   ")), indent + 2);
    }
    if let Some(because) = &finding.because {
        let until = finding.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        page.wrap(Line::indent(indent).plain(format!("because {because}{until}")), indent + 2);
    }
    if style.verbose > 0 {
        let main = words::main_evidence(finding);
        for evidence in finding.evidence.iter().filter(|evidence| Some(*evidence) != main) {
            page.wrap(Line::indent(indent).put(Label::Dim, words::place(evidence)), indent + 2);
        }
        finding.details.iter().for_each(|detail| page.prose(detail, indent));
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
        let line = match sum.others() {
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

fn flat(page: &mut Page<'_>, report: &DriftReport, finding: &Finding, style: &Style) {
    let front = badge(finding).column(6).put(Label::Id, &finding.id).plain("  ");
    page.wrap(front.plain(format!("{}{}: {}", state(finding), finding.module, finding.title)), 6);
    facts(page, report, finding, 6, style);
    if finding.from.is_some() || finding.to.is_some() {
        values(page, finding, "", 6);
    } else {
        page.wrap(Line::indent(6).put(Label::Dim, finding.pair.shown(arrow(style))), 8);
    }
}

fn sums(page: &mut Page<'_>, report: &DriftReport, view: &DriftView, min: Option<Severity>) {
    let sum = Sum::of(&report.pairs);
    page.blank();
    if report.pairs.len() == 1 {
        page.wrap(Line::new().plain(sum.line()), 2);
    }
    let hidden = report.findings().filter(|f| words::listed(f, view, None) && !words::listed(f, view, min)).count();
    if let Some(min) = min.filter(|_| hidden > 0) {
        let verb = if hidden == 1 { "is" } else { "are" };
        page.wrap(Line::new().put(Label::Dim, format!("{hidden} below {min} {verb} not listed")), 2);
    }
    not_checked(page, words::groups(report.pairs.iter().flat_map(|pair| &pair.not_checked)));
    for diagnostic in &report.diagnostics {
        warning(page, diagnostic);
    }
}

/// One line for each reason, with the first way out.
pub(super) fn not_checked(page: &mut Page<'_>, groups: Vec<words::Group<'_>>) {
    for group in groups {
        let line = Line::new()
            .put(Label::Warn, format!("{} not checked:", group.number))
            .plain(format!(" {}: {}  ", group.modules, group.why.message))
            .put(Label::Dim, group.why.code.id);
        page.wrap(line, 2);
        if let Some(hint) = group.why.hints.first() {
            page.wrap(Line::indent(2).put(Label::Dim, "hint: ").plain(hint), 4);
        }
    }
}

/// A warning about the config repository, in one line.
pub(super) fn warning(page: &mut Page<'_>, diagnostic: &crate::model::Diagnostic) {
    let place = diagnostic.place.as_ref().map(|place| format!("  {}:{}", place.file, place.line)).unwrap_or_default();
    let line = Line::new()
        .put(Label::Warn, format!("{}[{}]:", super::diagnostic::level(diagnostic.level), diagnostic.code.id))
        .plain(format!(" {}", diagnostic.message))
        .put(Label::Dim, place);
    page.wrap(line, 2);
}

/// What decided the exit code and the ways out of it; else where to go on.
fn verdict(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    match report.exit.code {
        3 => failed(page, report, view),
        5 => incomplete(page, report),
        _ if view.next => next(page, report, view),
        _ => {}
    }
}

fn failed(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    let reached = words::reached(report, view);
    let limit = report.fail_on.unwrap_or(Severity::Info);
    page.blank();
    let text = format!("{} at or above {limit}. Exit code 3.", count(reached.len(), "finding", "findings"));
    page.wrap(Line::new().put(Label::Bad, "FAIL").plain("  ").plain(text), 6);
    if let Some(first) = reached.first() {
        let until = words::date_after(&report.now, 30).unwrap_or_else(|| "DATE".to_owned());
        let accept = format!("pilab drift accept {} --reason \"...\" --until {until}", first.id);
        page.command(Line::indent(6).plain("Accept it:   "), &accept);
        page.command(Line::indent(6).plain("Understand:  "), &format!("pilab drift explain {}", first.id));
    }
}

fn incomplete(page: &mut Page<'_>, report: &DriftReport) {
    let number: usize = report.pairs.iter().map(|pair| pair.not_checked.len()).sum();
    page.blank();
    let verb = if number == 1 { "was" } else { "were" };
    let text = format!("{} {verb} not made. Exit code 5.", count(number, "comparison", "comparisons"));
    page.wrap(Line::new().put(Label::Warn, "INCOMPLETE").plain("  ").plain(text), 6);
    let first = report.pairs.iter().flat_map(|pair| &pair.not_checked).next();
    if let Some(entry) = first {
        page.command(Line::indent(6).plain("Understand:  "), &format!("pilab explain {}", entry.why.code.id));
    }
    page.command(Line::indent(6).plain("Allow it:    "), "pilab drift --allow-incomplete");
}

fn next(page: &mut Page<'_>, report: &DriftReport, view: &DriftView) {
    let mut commands: Vec<(String, &str)> = Vec::new();
    if let Some(first) = report.findings().find(|finding| finding.counts(false)) {
        commands.push((format!("pilab drift explain {}", first.id), ""));
    }
    if Sum::of(&report.pairs).pending > 0 && !view.pending {
        let range = match report.pairs.as_slice() {
            [pair] => format!(" {}..{}", pair.pair.from, pair.pair.to),
            _ => String::new(),
        };
        commands.push((format!("pilab drift{range} --pending"), "to list what is only waiting"));
    }
    page.next(&commands);
}
