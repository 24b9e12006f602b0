//! `pilab status` as text: the matrix, a legend of the signs in it, what they add up to.
use super::Style;
use super::clean::{clean, middle, width};
use super::page::{Label, Line, Page};
use super::words::{self, ago, count};
use crate::model::{Cell, CellSign, MatrixReport, Severity};

/// The answer of `pilab status`.
pub fn status_text(report: &MatrixReport, style: &Style) -> String {
    let mut page = Page::new(style);
    heading(&mut page, report, style);
    matrix(&mut page, report, style);
    legend(&mut page, report, style);
    sums(&mut page, report);
    page.finish()
}

fn heading(page: &mut Page<'_>, report: &MatrixReport, style: &Style) {
    let mut line = Line::new().put(Label::Heading, &report.project);
    let source = words::source("", report.at.as_deref(), report.commit.as_deref());
    if !source.trim().is_empty() {
        line = line.plain("  ").put(Label::Dim, source.trim());
    }
    if let (true, Some(subject)) = (style.verbose > 0, &report.commit_subject) {
        let age = report.commit_time.as_ref().and_then(|time| words::age(time, &report.now)).map(|age| ago(&age));
        let by: Vec<String> = report.commit_author.clone().into_iter().chain(age).collect();
        line = line.plain(format!(" \"{subject}\""));
        if !by.is_empty() {
            line = line.plain(format!(" ({})", by.join(", ")));
        }
    }
    let modules = count(report.rows.len(), "module", "modules");
    let environments = count(report.environments.len(), "environment", "environments");
    let newest = report.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.deployed_at.as_deref());
    let newest = newest.filter(|at| words::age(at, &report.now).is_some()).max_by_key(|at| words::moment(at));
    let mut facts = format!(", {modules}, {environments}");
    if let Some(age) = newest.and_then(|at| words::age(at, &report.now)) {
        facts += &format!(", recorded {}", ago(&age));
    }
    if report.uncommitted {
        facts += ", with changes that are not committed";
    }
    page.wrap(line.put(Label::Dim, facts), 2);
    page.blank();
}

/// The glyph of a sign, and what it means.
fn glyph(sign: &CellSign, ascii: bool) -> (String, Label, &'static str) {
    match sign {
        CellSign::Drift { count, worst } => {
            (format!("{}{count}", if ascii { "!" } else { "≠" }), Label::Severity(*worst), "drift")
        }
        CellSign::Pending => (if ascii { "^" } else { "▲" }.to_owned(), Label::Warn, "waiting for promotion"),
        CellSign::Behind => (if ascii { "v" } else { "▼" }.to_owned(), Label::Warn, "behind"),
        CellSign::NotChecked => ("?".to_owned(), Label::Warn, "not checked"),
    }
}

/// Whether a cell shows the question mark.
pub(super) fn unknown(cell: &Cell) -> bool {
    cell.signs.contains(&CellSign::NotChecked) || (cell.version.is_none() && !cell.not_deployed)
}

/// What a version keeps at least when a matrix is made narrower.
const SHORTEST: usize = 12;

/// A cell: version, then signs. A version longer than `max` loses its middle.
fn cell_line(cell: &Cell, max: usize, style: &Style) -> Line {
    let mut signs = Line::new();
    for sign in &cell.signs {
        if *sign != CellSign::NotChecked {
            let (text, label, _) = glyph(sign, style.ascii);
            signs = signs.plain(" ").put(label, text);
        }
    }
    if unknown(cell) && cell.version.is_some() {
        signs = signs.plain(" ").put(Label::Warn, "?");
    }
    let dots = if style.ascii { "..." } else { "…" };
    let front = match &cell.version {
        Some(version) => Line::new().plain(middle(&clean(version), max, dots)),
        None if unknown(cell) => Line::new().put(Label::Warn, "?"),
        None => Line::new().put(Label::Dim, if style.ascii { "-" } else { "–" }),
    };
    front.append(signs)
}

/// One column: its header and a line for each module.
struct Column {
    header: String,
    cells: Vec<Line>,
    width: usize,
}

impl Column {
    fn new(header: String, cells: Vec<Line>) -> Column {
        let width = cells.iter().map(Line::width).chain([width(&header)]).max().unwrap_or(0);
        Column { header, cells, width }
    }
}

fn columns(report: &MatrixReport, max: usize, style: &Style) -> Vec<Column> {
    let dots = if style.ascii { "..." } else { "…" };
    let environment = |(at, name): (usize, &String)| {
        let lines: Vec<Line> = report
            .rows
            .iter()
            .map(|row| row.cells.get(at).map(|cell| cell_line(cell, max, style)).unwrap_or_default())
            .collect();
        let widest = lines.iter().map(Line::width).max().unwrap_or(0);
        let aged = lines.into_iter().zip(&report.rows).map(|(line, row)| {
            let at = row.cells.get(at).and_then(|cell| cell.deployed_at.as_ref());
            match at.and_then(|at| words::age(at, &report.now)).filter(|_| style.verbose > 0) {
                Some(age) => line.column(widest + 2).put(Label::Dim, age.replace(' ', "")),
                None => line,
            }
        });
        Column::new(middle(&clean(&name.to_uppercase()), max, dots), aged.collect())
    };
    report.environments.iter().enumerate().map(environment).collect()
}

fn matrix(page: &mut Page<'_>, report: &MatrixReport, style: &Style) {
    if report.rows.is_empty() || report.environments.is_empty() {
        page.line(Line::new().put(Label::Warn, "There is nothing to show: no module or no environment."));
        return;
    }
    let third = page.width() / 3;
    let names = report.rows.iter().map(|row| Line::new().put(Label::Heading, page.short(&row.module, third)));
    let names = Column::new("MODULE".to_owned(), names.collect());
    let mut fixed = vec![names];
    if style.verbose > 0 && page.width() >= 80 && report.rows.iter().any(|row| row.owner.is_some()) {
        let owner = |row: &crate::model::MatrixRow| page.short(row.owner.as_deref().unwrap_or("-"), 16);
        fixed.push(Column::new(
            "OWNER".to_owned(),
            report.rows.iter().map(|row| Line::new().plain(owner(row))).collect(),
        ));
    }
    let taken: usize = fixed.iter().map(|column| column.width + 3).sum();
    let room = page.width().saturating_sub(taken);
    let all = fitting(report, room, style);
    let mut start = 0;
    while start < all.len() {
        let mut used = 0;
        let fits = all.get(start..).unwrap_or_default().iter().take_while(|column| {
            used += column.width + 2;
            used <= room + 2
        });
        let end = start + fits.count().max(1);
        page.blank();
        block(page, &fixed, all.get(start..end).unwrap_or_default());
        start = end;
    }
}

/// The columns with versions as long as the room allows. Where even short ones do not fit side by side, further
/// blocks do, and long versions are shown; only one that is wider than the page gives way.
fn fitting(report: &MatrixReport, room: usize, style: &Style) -> Vec<Column> {
    let lengths = report.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.version.as_ref());
    let longest = lengths.map(|version| width(&clean(version))).max().unwrap_or(0);
    let fits = |all: &[Column]| all.iter().map(|column| column.width + 2).sum::<usize>() <= room + 2;
    let widest = room.saturating_sub(if style.verbose > 0 { 16 } else { 8 }).clamp(5, 40);
    let whole = columns(report, longest.min(widest), style);
    if style.verbose > 0 || fits(&whole) {
        return whole;
    }
    (SHORTEST..longest).rev().map(|max| columns(report, max, style)).find(|all| fits(all)).unwrap_or(whole)
}

fn block(page: &mut Page<'_>, fixed: &[Column], shown: &[Column]) {
    let rows = fixed.first().map_or(0, |column| column.cells.len());
    let print = |page: &mut Page<'_>, pick: &dyn Fn(&Column) -> Line| {
        let mut line = Line::new();
        let mut at = 0;
        for (gap, column) in fixed.iter().map(|column| (3, column)).chain(shown.iter().map(|column| (2, column))) {
            if at > 0 {
                line = line.column(at);
            }
            line = line.append(pick(column));
            at += column.width + gap;
        }
        page.line(line);
    };
    print(page, &|column| Line::new().put(Label::Dim, &column.header));
    for row in 0..rows {
        print(page, &|column| column.cells.get(row).cloned().unwrap_or_default());
    }
}

fn legend(page: &mut Page<'_>, report: &MatrixReport, style: &Style) {
    let cells = || report.rows.iter().flat_map(|row| &row.cells);
    let has = |wanted: fn(&CellSign) -> bool| cells().any(|cell| cell.signs.iter().any(wanted));
    let mut parts: Vec<(String, &str)> = Vec::new();
    if has(|sign| matches!(sign, CellSign::Drift { .. })) {
        parts.push((if style.ascii { "!n" } else { "≠n" }.to_owned(), "drift"));
    }
    for (shown, sign) in [
        (has(|sign| *sign == CellSign::Pending), CellSign::Pending),
        (has(|sign| *sign == CellSign::Behind), CellSign::Behind),
    ] {
        let (text, _, meaning) = glyph(&sign, style.ascii);
        if shown {
            parts.push((text, meaning));
        }
    }
    if cells().any(|cell| cell.version.is_none() && !unknown(cell)) {
        parts.push((if style.ascii { "-" } else { "–" }.to_owned(), "not deployed"));
    }
    if cells().any(unknown) {
        parts.push(("?".to_owned(), "not checked"));
    }
    if parts.is_empty() {
        return;
    }
    page.blank();
    let mut line = Line::new();
    for (sign, meaning) in &parts {
        let part = format!("{sign} {meaning}");
        if line.width() + 3 + width(&part) > page.width() {
            page.line(std::mem::take(&mut line));
        }
        let gap = if line.width() > 0 { "   " } else { "" };
        line = line.plain(gap).put(Label::Dim, part);
    }
    page.line(line);
}

/// What the signs add up to: a sentence for each environment with drift, for what waits, for what is behind.
pub(super) fn sentences(report: &MatrixReport) -> Vec<String> {
    let mut out = Vec::new();
    for (at, environment) in report.environments.iter().enumerate() {
        let mut total = 0_usize;
        let mut most = Severity::Info;
        let signs = report.rows.iter().filter_map(|row| row.cells.get(at)).flat_map(|cell| &cell.signs);
        for sign in signs {
            if let CellSign::Drift { count, worst } = sign {
                total = total.saturating_add(*count);
                most = most.max(*worst);
            }
        }
        match total {
            0 => {}
            1 => out.push(format!("{environment} has 1 drift finding, which is {most}.")),
            _ => out.push(format!("{environment} has {total} drift findings, the worst is {most}.")),
        }
    }
    let with = |sign: CellSign| {
        report.rows.iter().flat_map(move |row| {
            let sign = sign.clone();
            row.cells.iter().filter(move |cell| cell.signs.contains(&sign)).map(move |cell| (&row.module, cell))
        })
    };
    let waiting: Vec<_> = with(CellSign::Pending).collect();
    let dated =
        waiting.iter().filter_map(|(name, cell)| Some((words::moment(cell.deployed_at.as_ref()?)?, *name, *cell)));
    let oldest = dated.min_by_key(|(at, name, _)| (*at, *name)).and_then(|(_, name, cell)| {
        Some(format!(", the oldest is {name} ({})", words::age(cell.deployed_at.as_ref()?, &report.now)?))
    });
    match waiting.len() {
        0 => {}
        1 => out.push(format!("1 promotion is waiting{}.", oldest.unwrap_or_default())),
        more => out.push(format!("{more} promotions are waiting{}.", oldest.unwrap_or_default())),
    }
    for (module, cell) in with(CellSign::Behind) {
        out.push(format!("{module} in {} is behind what it mirrors.", cell.environment));
    }
    out
}

fn sums(page: &mut Page<'_>, report: &MatrixReport) {
    page.blank();
    let sentences = sentences(report);
    for sentence in &sentences {
        page.wrap(Line::new().plain(sentence), 2);
    }
    let silent = report.rows.iter().flat_map(|row| &row.cells).filter(|cell| unknown(cell)).count();
    let groups = words::groups(report.not_checked.iter());
    let verb = if silent == 1 { "was" } else { "were" };
    let cells = format!("{} {verb} not checked", count(silent, "cell", "cells"));
    match groups.as_slice() {
        [only] if silent > 0 => super::drift::not_checked(page, format!("{cells}:"), only),
        _ if silent > 0 => page.wrap(Line::new().put(Label::Warn, format!("{cells}.")), 2),
        _ => {}
    }
    if groups.len() > 1 || silent == 0 {
        groups.iter().for_each(|group| super::drift::not_checked(page, "Not checked:".to_owned(), group));
    }
    super::drift::warnings(page, &report.diagnostics);
    if sentences.is_empty() && silent == 0 && report.not_checked.is_empty() && !report.rows.is_empty() {
        page.line(Line::new().put(Label::Good, "No drift, and nothing waits for promotion."));
    }
    page.next(&next(report));
}

/// The pair into the environment with the worst drift, then what waits.
fn next(report: &MatrixReport) -> Vec<(String, &'static str)> {
    let drift = |cell: &Cell| {
        cell.signs.iter().find_map(|sign| match sign {
            CellSign::Drift { count, worst } => Some((*worst, *count)),
            _ => None,
        })
    };
    let mut worst: Option<(Severity, usize, usize)> = None;
    for at in 0..report.environments.len() {
        let found: Vec<_> = report.rows.iter().filter_map(|row| drift(row.cells.get(at)?)).collect();
        let Some(severity) = found.iter().map(|(severity, _)| *severity).max() else { continue };
        let number = found.iter().map(|(_, number)| number).sum();
        if worst.is_none_or(|(most, sum, _)| (severity, number) > (most, sum)) {
            worst = Some((severity, number, at));
        }
    }
    let mut commands = Vec::new();
    if let Some((.., at)) = worst {
        let pair = report.pairs.iter().find(|pair| report.environments.get(at) == Some(&pair.to));
        let range = pair.map(|pair| format!(" {}..{}", pair.from, pair.to)).unwrap_or_default();
        commands.push((format!("pilab drift{range}"), "to see what differs"));
    }
    let mut signs = report.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.signs);
    if signs.any(|sign| *sign == CellSign::Pending) {
        commands.push(("pilab drift --pending".to_owned(), "to list what is waiting"));
    }
    commands
}
