//! Reports as GitHub-flavoured Markdown: a summary first, long lists folded, never longer than a comment may be.
use super::DriftView;
use super::clean::clean;
use super::explain::{arithmetic, reason};
use super::item;
use super::status::{sentences, unknown};
use super::words::{self, Sum};
use crate::model::{CellSign, DriftReport, Finding, MatrixReport, Mode, State};
use crate::ops::Explanation;

/// A comment on GitHub holds 65,536 characters.
const LIMIT: usize = 65_000;
/// Kept free for what must stand at the end: closing tags, and how much was left out.
const RESERVE: usize = 400;
/// The longest text of one table cell, before escaping.
const CELL: usize = 200;

/// A text from a repository as plain text of Markdown: nothing in it is markup, a mention or HTML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // The empty character keeps the name from being notified.
            '@' if !out.ends_with(|before: char| before.is_ascii_alphanumeric()) => out.push_str("@&#8203;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Markdown that is being written, within its limit.
pub(super) struct Markdown {
    text: String,
    used: usize,
    left_out: usize,
}

impl Markdown {
    /// Nothing yet.
    pub(super) fn new() -> Markdown {
        Markdown { text: String::new(), used: 0, left_out: 0 }
    }

    /// Adds a line that is Markdown already; whether it had room.
    pub(super) fn line(&mut self, line: &str) -> bool {
        if line.is_empty() && (self.text.is_empty() || self.text.ends_with("\n\n")) {
            return true;
        }
        let length = line.chars().count() + 1;
        if self.left_out > 0 || self.used + length > LIMIT - RESERVE {
            self.left_out += usize::from(!line.is_empty());
            return false;
        }
        self.force(line);
        true
    }

    /// Adds a line out of the reserve.
    fn force(&mut self, line: &str) {
        self.used += line.chars().count() + 1;
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds a table, if it has rows. The cells are texts and become escaped here.
    pub(super) fn table(&mut self, header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return;
        }
        let header: Vec<String> = header.iter().map(|name| escape(&short(name))).collect();
        let bar = vec!["---"; header.len()].join(" | ");
        self.line("");
        self.line(&format!("| {} |", header.join(" | ")));
        self.line(&format!("| {bar} |"));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(&short(cell))).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        self.line("");
    }

    /// A folded part.
    fn details(&mut self, summary: &str, body: impl FnOnce(&mut Markdown)) {
        self.line("");
        if self.line(&format!("<details><summary>{}</summary>", escape(summary))) {
            body(self);
            if !self.text.ends_with("\n\n") {
                self.force("");
            }
            self.force("</details>");
        } else {
            body(self);
        }
    }

    /// The finished text.
    pub(super) fn finish(mut self) -> String {
        if self.left_out > 0 {
            let lines = words::count(self.left_out, "line is", "lines are");
            self.force("");
            self.force(&format!("*{lines} left out: a comment holds no more. The JSON report has all.*"));
        }
        while self.text.ends_with("\n\n") {
            self.text.pop();
        }
        self.text
    }
}

fn short(text: &str) -> String {
    super::clean::middle(&clean(text), CELL, "…")
}

fn finding_rows<'a>(
    findings: impl Iterator<Item = &'a Finding> + 'a,
    pairs: bool,
    now: &'a str,
) -> impl Iterator<Item = Vec<String>> + 'a {
    findings.map(move |finding| {
        let value = |side: &Option<crate::model::Shown>| side.as_ref().map(|s| s.text.clone()).unwrap_or_default();
        let mut row = vec![finding.severity.to_string(), finding.id.clone()];
        if pairs {
            row.push(finding.pair.shown("→"));
        }
        row.extend([
            finding.module.clone(),
            format!("{} ({})", finding.title, item::key(finding)),
            value(&finding.from),
            value(&finding.to),
            words::main_evidence(finding).map(words::place).unwrap_or_default(),
            finding.since.as_ref().and_then(|since| words::age(since, now)).unwrap_or_default(),
            finding.rule.to_owned(),
            finding.tickets.join(" "),
            finding.because.clone().unwrap_or_default(),
        ]);
        row
    })
}

fn finding_header(pairs: bool) -> Vec<&'static str> {
    let mut header = vec!["Severity", "Id"];
    if pairs {
        header.push("Pair");
    }
    header.extend(["Module", "What", "From", "To", "Where", "Since", "Rule", "Tickets", "Because"]);
    header
}

/// The answer of `pilab drift` as Markdown.
pub fn drift_md(report: &DriftReport, view: &DriftView) -> String {
    let mut out = Markdown::new();
    let single = report.pairs.len() == 1;
    let title = match report.pairs.as_slice() {
        [pair] => pair.pair.shown("→"),
        _ => report.project.clone(),
    };
    let refs = !report.pairs.is_empty() && report.pairs.iter().all(|pair| pair.pair.mode == Mode::Refs);
    let word = if refs { "Changes" } else { "Drift" };
    out.line(&format!("## {word}: {}", escape(&short(&title))));
    out.line("");
    out.line(&format!("**{}**", escape(&Sum::of(&report.pairs).line())));
    out.line("");
    let source = words::source(&report.project, report.at.as_deref(), report.commit.as_deref());
    out.line(&escape(&short(&source)));
    if !single {
        let rows =
            report.pairs.iter().map(|pair| vec![pair.pair.shown("→"), Sum::of(std::slice::from_ref(pair)).line()]);
        out.table(&["Pair", "Result"], rows);
    }
    if report.exit.code == 3 {
        let limit = report.fail_on.map_or_else(String::new, |limit| format!(" at or above {limit}"));
        out.line("");
        let number = words::count(words::reached(report, view).len(), "finding", "findings");
        out.line(&format!("**FAIL** {number}{limit}. Exit code 3."));
    } else if report.exit.code == 5 {
        out.line("");
        out.line("**INCOMPLETE** Something was not checked. Exit code 5.");
    }
    let min = if single { view.min } else { view.min.or(report.fail_on) };
    let listed = || report.findings().filter(move |finding| words::listed(finding, view, min));
    let header = finding_header(!single);
    let open = listed().filter(|finding| matches!(finding.state, State::Drift | State::Change));
    out.table(&header, finding_rows(open, !single, &report.now));
    for state in [State::Pending, State::Accepted, State::Expected] {
        let found = || listed().filter(move |finding| finding.state == state);
        let number = found().count();
        if number > 0 {
            out.details(&format!("{number} {}", state.word()), |out| {
                out.table(&header, finding_rows(found(), !single, &report.now));
            });
        }
    }
    unchecked(&mut out, words::groups(report.pairs.iter().flat_map(|pair| &pair.not_checked)));
    out.finish()
}

fn unchecked(out: &mut Markdown, groups: Vec<words::Group<'_>>) {
    let number: usize = groups.iter().map(|group| group.number).sum();
    if number == 0 {
        return;
    }
    out.details(&format!("{number} not checked"), |out| {
        let rows = groups.iter().map(|group| {
            let hint = group.why.hints.first().cloned().unwrap_or_default();
            vec![group.modules.clone(), group.why.message.clone(), group.why.code.id.to_owned(), hint]
        });
        out.table(&["Modules", "Why", "Code", "Hint"], rows);
    });
}

/// The answer of `pilab status` as Markdown.
pub fn status_md(report: &MatrixReport) -> String {
    let mut out = Markdown::new();
    out.line(&format!("## Status: {}", escape(&short(&report.project))));
    out.line("");
    for sentence in sentences(report) {
        out.line(&format!("- {}", escape(&short(&sentence))));
    }
    let mut header = vec!["Module"];
    header.extend(report.environments.iter().map(String::as_str));
    let rows = report.rows.iter().map(|row| {
        let mut cells = vec![row.module.clone()];
        cells.extend(row.cells.iter().take(report.environments.len()).map(|cell| {
            let mut text = cell.version.clone().unwrap_or_else(|| if unknown(cell) { "?" } else { "–" }.to_owned());
            for sign in &cell.signs {
                match sign {
                    CellSign::Drift { count, .. } => text += &format!(" ≠{count}"),
                    CellSign::Pending => text += " ▲",
                    CellSign::Behind => text += " ▼",
                    CellSign::NotChecked => {}
                }
            }
            if unknown(cell) && cell.version.is_some() { text + " ?" } else { text }
        }));
        cells
    });
    out.table(&header, rows);
    out.line("≠n drift, ▲ waiting for promotion, ▼ behind, – not deployed, ? not checked");
    unchecked(&mut out, words::groups(report.not_checked.iter()));
    out.finish()
}

/// Everything about one finding as Markdown.
pub fn explanation_md(explanation: &Explanation) -> String {
    let finding = &explanation.finding;
    let mut out = Markdown::new();
    out.line(&format!("## {} {}", escape(&short(&finding.id)), escape(&short(&finding.title))));
    out.line("");
    let facts = format!("{}, {}, {}, rule {}", finding.severity, finding.module, finding.pair.shown("→"), finding.rule);
    out.line(&format!("**{}**", escape(&short(&facts))));
    let sides = [(&finding.pair.from, &finding.from), (&finding.pair.to, &finding.to)];
    let rows = sides.into_iter().filter_map(|(name, shown)| {
        Some(vec![name.clone(), item::key(finding).to_owned(), shown.as_ref()?.text.clone()])
    });
    out.table(&["Side", "Key", "Value"], rows);
    for excerpt in &explanation.excerpts {
        out.line("");
        out.line(&escape(&short(&words::place(&excerpt.evidence))));
        out.line("");
        for (index, text) in excerpt.lines.iter().enumerate() {
            let number = excerpt.first_line.saturating_add(index);
            // Four blanks make a code block that no text can end.
            out.line(&format!("    {number} {}", short(text)));
        }
    }
    out.line("");
    for detail in finding.details.iter().flat_map(|detail| detail.lines()) {
        out.line(&format!("- {}", escape(&short(detail))));
    }
    out.line("");
    out.line(&format!("Severity: {}", escape(&arithmetic(finding))));
    let reasoned = finding.score.modifiers.iter().filter(|part| !part.reason.is_empty() && part.reason != part.name);
    let reasons: Vec<String> = reasoned.map(|part| format!("{}: {}", part.name, part.reason)).collect();
    if !reasons.is_empty() {
        out.line("");
    }
    for reason in reasons {
        out.line(&format!("- {}", escape(&short(&reason))));
    }
    if let Some(reason) = reason(finding) {
        out.line("");
        out.line(&format!("State: {}", escape(&reason)));
    }
    out.table(&["Way out", "Command"], explanation.ways_out.iter().map(|(a, b)| vec![a.clone(), b.clone()]));
    out.table(&["Related", "What"], explanation.related.iter().map(|(a, b)| vec![a.clone(), b.clone()]));
    out.finish()
}
