//! Short answers as text: rules, codes, lists of them, repositories, acceptances, the demo.
use super::Style;
use super::explain;
use super::page::{Label, Line, Page};
use super::words::count;
use crate::model::{Class, Code, Rule};
use crate::ops::{Acceptance, ChartState, DemoReport, RepoState};

/// Charts that others need, and whether they are here.
pub fn charts_text(charts: &[ChartState], style: &Style) -> String {
    let mut page = Page::new(style);
    let name = |chart: &ChartState| format!("{} {}", chart.name, chart.version);
    let widest = charts.iter().map(|chart| name(chart).chars().count()).max().unwrap_or_default().min(40);
    for chart in charts {
        let look = if chart.state == "missing" { Label::Warn } else { Label::Good };
        let line =
            Line::new().put(Label::Heading, name(chart)).column(widest + 2).put(look, format!("{:<7}", chart.state));
        page.wrap(line.put(Label::Dim, format!("  {}", chart.repository)), 2);
    }
    if charts.is_empty() {
        page.line(Line::new().plain("No chart of a module needs another one from a repository."));
    }
    if charts.iter().any(|chart| chart.state == "missing") {
        page.next(&[("pilab chart fetch".to_owned(), "")]);
    }
    page.finish()
}

/// `pilab explain RULE`.
pub fn rule_text(rule: &Rule, style: &Style) -> String {
    let mut page = Page::new(style);
    page.wrap(Line::new().put(Label::Id, rule.id).plain("  ").put(Label::Heading, rule.title), 2);
    let severity = crate::model::Score::new(rule.base).severity();
    let line = Line::new().plain(format!("{} drift, starts as ", rule.kind));
    page.wrap(
        line.put(Label::Severity(severity), severity.word()).plain(format!(" ({})", explain::points(rule.base))),
        2,
    );
    page.blank();
    page.prose(rule.help, 0);
    page.finish()
}

/// `pilab explain CODE`.
pub fn code_text(code: &Code, style: &Style) -> String {
    let mut page = Page::new(style);
    page.wrap(Line::new().put(Label::Id, code.id).plain("  ").put(Label::Heading, code.title), 2);
    let class = match code.class {
        Class::Failure => "failure: exit code 1",
        Class::Usage => "wrong use: exit code 2",
        Class::Permission => "authentication or permission: exit code 4",
        Class::Incomplete => "could not look: exit code 5",
    };
    page.wrap(Line::new().put(Label::Dim, class), 2);
    page.blank();
    page.prose(code.help, 0);
    page.finish()
}

/// `pilab explain --list`: id and title, one a line.
pub fn index_text(entries: &[(&str, &str)], style: &Style) -> String {
    let mut page = Page::new(style);
    let widest = entries.iter().map(|(id, _)| super::clean::width(&super::clean::clean(id))).max().unwrap_or(0) + 2;
    for (id, title) in entries {
        page.wrap(Line::new().put(Label::Id, id).column(widest).plain(title), widest);
    }
    page.finish()
}

/// `pilab repo list` and `pilab repo fetch`.
pub fn repos_text(repos: &[RepoState], style: &Style) -> String {
    let mut page = Page::new(style);
    for repo in repos {
        let look = if repo.state == "missing" { Label::Warn } else { Label::Good };
        let mut line = Line::new().put(Label::Heading, &repo.name).plain("  ").put(look, repo.state);
        if repo.state != "missing" {
            line = line.plain(format!("  {}", count(repo.tags, "tag", "tags")));
        }
        if let Some(at) = &repo.fetched_at {
            line = line.put(Label::Dim, format!("  fetched {at}"));
        }
        page.wrap(line, 2);
        page.wrap(Line::indent(2).linked(&repo.url, &repo.url), 2);
        if let Some(path) = repo.path.as_ref().filter(|path| **path != repo.url) {
            page.wrap(Line::indent(2).put(Label::Dim, path), 2);
        }
        for warning in &repo.warnings {
            let line = Line::indent(2).put(Label::Warn, format!("warning[{}]:", warning.code.id));
            page.wrap(line.plain(" ").plain(&warning.message), 4);
            warning.hints.iter().for_each(|hint| page.wrap(Line::indent(4).plain(format!("hint: {hint}")), 10));
        }
    }
    if repos.is_empty() {
        page.line(Line::new().plain("No module names a repository."));
    }
    if repos.iter().any(|repo| repo.state == "missing") {
        page.next(&[("pilab repo fetch".to_owned(), "")]);
    }
    page.finish()
}

/// `pilab drift accept` and `pilab drift revoke`.
pub fn acceptances_text(acceptances: &[Acceptance], revoked: bool, dry_run: bool, style: &Style) -> String {
    let mut page = Page::new(style);
    let word = match (revoked, dry_run) {
        (false, false) => "Accepted",
        (true, false) => "Revoked",
        (false, true) => "Would accept",
        (true, true) => "Would revoke",
    };
    for acceptance in acceptances {
        let until = match &acceptance.until {
            Some(until) => format!(", until {until}"),
            None if revoked => String::new(),
            None => ", for ever".to_owned(),
        };
        let line = Line::new().plain(word).plain(" ").put(Label::Id, &acceptance.id);
        page.wrap(line.plain(format!("{until}: {}", acceptance.title)), 2);
        page.wrap(Line::indent(2).put(Label::Dim, &acceptance.file), 4);
    }
    if acceptances.is_empty() {
        page.line(Line::new().plain("Nothing to do."));
    } else {
        page.blank();
        let text = if dry_run { "Nothing was written." } else { "Written, not committed." };
        page.line(Line::new().plain(text));
    }
    page.finish()
}

/// `pilab demo`.
pub fn demo_text(report: &DemoReport, style: &Style) -> String {
    let mut page = Page::new(style);
    let repositories = count(report.repositories.len(), "module repository", "module repositories");
    let text = format!("Wrote a config repository and {repositories}, {}.", count(report.commits, "commit", "commits"));
    page.wrap(Line::new().plain(text), 2);
    page.blank();
    let config = report.config.to_string_lossy();
    page.wrap(Line::indent(2).plain(config.as_ref()), 4);
    for path in &report.repositories {
        page.wrap(Line::indent(2).put(Label::Dim, path.to_string_lossy()), 4);
    }
    let quoted = if config.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) {
        config.into_owned()
    } else {
        format!("'{}'", config.replace('\'', "'\\''"))
    };
    page.next(&[(format!("cd {quoted}"), ""), ("pilab status".to_owned(), "")]);
    page.finish()
}
