//! Findings in lists: as a block of a few lines, as one line, as a row of a table.
use super::Style;
use super::clean::{clean, width};
use super::page::{Label, Line, Page, Table, cut};
use super::words;
use crate::model::{DriftReport, Finding, PairReport, Severity, Shown, State};

/// Lists end here on wide terminals: rules far from their titles cannot be followed by the eye.
const EDGE: usize = 100;

/// What `pending` says by itself.
const NEXT: &str = "the next promotion brings it";

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

/// What differs, where the title does not name it and it says something: `commits` and a hash say nothing.
pub(super) fn subject(finding: &Finding) -> Option<&str> {
    let key = key(finding);
    let named = finding.title.to_lowercase().contains(&key.to_lowercase());
    let valued = finding.from.is_some() || finding.to.is_some();
    (valued && !named).then_some(key)
}

/// The key for people. That the promotion brings it is said beside it.
pub(super) fn key(finding: &Finding) -> &str {
    finding.key.strip_prefix("pending/").unwrap_or(&finding.key)
}

/// One finding as a block. `module` is named in front of the title where no heading does.
pub(super) fn block(page: &mut Page<'_>, report: &DriftReport, finding: &Finding, indent: usize, style: &Style) {
    let body = indent + 6;
    let front = Line::indent(indent).append(badge(finding)).column(body).put(Label::Id, &finding.id).plain("  ");
    let hang = if page.width() < 60 { body } else { front.width() };
    let module = if indent == 0 { format!("{}: ", finding.module) } else { String::new() };
    let text = front.plain(format!("{}{module}{}", state(finding), finding.title));
    let edge = page.width().min(EDGE);
    page.beside(text, hang, Line::new().put(Label::Dim, finding.rule), edge);
    let place = words::main_evidence(finding).map(words::place);
    let aside: Vec<String> = age(report, finding).into_iter().chain(tickets(finding)).collect();
    let told = told(page, finding, body, if place.is_none() { &aside } else { &[] });
    let facts: Vec<String> = match (place, told) {
        (Some(place), _) => std::iter::once(place).chain(aside).collect(),
        (None, true) => Vec::new(),
        (None, false) => aside,
    };
    if !facts.is_empty() {
        page.wrap(Line::indent(body).put(Label::Dim, facts.join("   ")), body + 2);
    }
    reasons(page, finding, body, style);
}

/// `for 3 d`.
fn age(report: &DriftReport, finding: &Finding) -> Option<String> {
    let age = words::age(finding.since.as_ref()?, &report.now)?;
    Some(if age == "now" { "just now".to_owned() } else { format!("for {age}") })
}

fn tickets(finding: &Finding) -> Option<String> {
    (!finding.tickets.is_empty()).then(|| finding.tickets.join(" "))
}

/// The line that says what is the case: both values, else the first detail. `aside` goes to its end where it fits,
/// and then the answer is yes.
fn told(page: &mut Page<'_>, finding: &Finding, indent: usize, aside: &[String]) -> bool {
    let sides: Vec<(&str, &str)> = [(&finding.pair.from, &finding.from), (&finding.pair.to, &finding.to)]
        .into_iter()
        .filter_map(|(name, shown)| Some((name.as_str(), shown.as_ref()?.text.as_str())))
        .collect();
    let lead = match sides.as_slice() {
        [] => finding.details.first().and_then(|detail| detail.lines().next()).unwrap_or_default(),
        _ => subject(finding).unwrap_or_default(),
    };
    let mut line = Line::indent(indent).plain(lead);
    for (name, text) in &sides {
        let gap = if line.width() > indent { "   " } else { "" };
        line = line.plain(gap).put(Label::Dim, name).plain(" ").plain(text);
    }
    if line.width() == indent {
        return false;
    }
    let full = aside.iter().fold(line.clone(), |line, fact| line.plain("   ").put(Label::Dim, fact));
    if full.width() <= page.width() {
        page.line(full);
        return true;
    }
    if line.width() <= page.width() || sides.is_empty() {
        page.wrap(line, indent + 2);
        return false;
    }
    stacked(page, &sides, lead, indent);
    false
}

/// Both values one below the other, where they do not fit on one line.
fn stacked(page: &mut Page<'_>, sides: &[(&str, &str)], lead: &str, indent: usize) {
    let deeper = if lead.is_empty() { indent } else { indent + 2 };
    if !lead.is_empty() {
        page.line(Line::indent(indent).plain(lead));
    }
    let third = page.width() / 3;
    let names: Vec<String> = sides.iter().map(|(name, _)| page.short(name, third)).collect();
    let column = deeper + 2 + names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (name, (_, text)) in names.iter().zip(sides) {
        page.line(Line::indent(deeper).put(Label::Dim, name).column(column).plain(text));
    }
}

/// Why it does not count; with `-v` everything else that is known.
fn reasons(page: &mut Page<'_>, finding: &Finding, indent: usize, style: &Style) {
    if let Some(because) = finding.because.as_ref().filter(|because| *because != NEXT) {
        let until = finding.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        let lead = if finding.state == State::Accepted { "because " } else { "" };
        page.wrap(Line::indent(indent).plain(format!("{lead}{because}{until}")), indent + 2);
    }
    if style.verbose == 0 {
        return;
    }
    let main = words::main_evidence(finding);
    for evidence in finding.evidence.iter().filter(|evidence| Some(*evidence) != main) {
        page.wrap(Line::indent(indent).put(Label::Dim, words::place(evidence)), indent + 2);
    }
    let shown = usize::from(finding.from.is_none() && finding.to.is_none());
    finding.details.iter().skip(shown).for_each(|detail| page.prose(detail, indent));
}

/// One line for each finding, in columns; the title stands last, where a narrow page cuts it.
pub(super) fn lines(page: &mut Page<'_>, shown: &[&Finding], style: &Style) {
    let pair = |finding: &Finding| clean(&format!("{}{}{}", finding.pair.from, arrow(style), finding.pair.to));
    let cell = |page: &Page<'_>, text: &str, share: usize| page.short(text, page.width() / share);
    let widest = |column: &dyn Fn(&Finding) -> String| shown.iter().map(|f| width(&column(f))).max().unwrap_or(0) + 2;
    let (ids, rules) = (widest(&|f| f.id.clone()), widest(&|f| f.rule.to_owned()));
    let (modules, pairs) = (widest(&|f| cell(page, &f.module, 5)), widest(&|f| cell(page, &pair(f), 4)));
    for finding in shown {
        let (module, pair) = (cell(page, &finding.module, 5), cell(page, &pair(finding), 4));
        let mut line = badge(finding).column(6).put(Label::Id, &finding.id).column(6 + ids);
        line = line.put(Label::Dim, finding.rule).column(6 + ids + rules).plain(module);
        line = line.column(6 + ids + rules + modules).plain(pair).column(6 + ids + rules + modules + pairs);
        let room = page.width().saturating_sub(line.width());
        let title = cut(&clean(&format!("{}{}", state(finding), finding.title)), room, page.dots());
        page.line(line.plain(title));
    }
}

/// The findings of one pair as a table, if the page is wide enough for every word of it.
pub(super) fn table(page: &mut Page<'_>, report: &DriftReport, pair: &PairReport, shown: &[&Finding]) -> bool {
    let (from, to) = (pair.pair.from.to_uppercase(), pair.pair.to.to_uppercase());
    let names = ["SEV", "ID", "MODULE", "WHAT", &from, &to, "SINCE", "RULE", "TICKETS"];
    let mut table = Table::new(&names.map(|name| (name, false)));
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let value =
        |side: &Option<Shown>| (Label::Plain, dash(side.as_ref().map(|shown| shown.text.clone()).unwrap_or_default()));
    for finding in shown {
        let key = subject(finding).filter(|key| *key != "version").map(|key| format!("{key}: ")).unwrap_or_default();
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
    let fits = table.total() <= page.width();
    if fits {
        table.print(page);
    }
    fits
}
