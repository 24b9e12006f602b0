//! Labelled text: what is written says what it is, a theme says how that looks, and no line is wider than the page.
use super::Style;
use super::clean::{clean, head, middle, width};
use crate::model::Severity;
use anstyle::AnsiColor;
use std::fmt::Write as _;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Nothing special.
    Plain,
    /// A heading.
    Heading,
    /// The word of a severity.
    Severity(Severity),
    /// An id.
    Id,
    /// Less important: places, ages, rules.
    Dim,
    /// All is well.
    Good,
    /// A failure.
    Bad,
    /// Something is missing or waits.
    Warn,
    /// A command that can be copied.
    Command,
}

/// The theme: labels to the 16 colours that the user's terminal defines.
fn theme(label: Label) -> anstyle::Style {
    let plain = anstyle::Style::new();
    let colour = |colour: AnsiColor| plain.fg_color(Some(colour.into()));
    match label {
        Label::Plain => plain,
        Label::Heading => plain.bold(),
        Label::Severity(Severity::Critical) => colour(AnsiColor::Magenta).bold(),
        Label::Severity(Severity::High) | Label::Bad => colour(AnsiColor::Red).bold(),
        Label::Severity(Severity::Medium) | Label::Warn => colour(AnsiColor::Yellow),
        Label::Severity(Severity::Low) | Label::Id | Label::Command => colour(AnsiColor::Cyan),
        Label::Severity(Severity::Info) | Label::Dim => plain.dimmed(),
        Label::Good => colour(AnsiColor::Green),
    }
}

/// A text in the colour of its label, however long it is.
pub(super) fn paint(style: &Style, label: Label, text: &str) -> String {
    let look = if style.color { theme(label) } else { anstyle::Style::new() };
    format!("{look}{text}{look:#}")
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    text: String,
    label: Label,
    link: Option<String>,
}

/// One line, or a text that becomes several when it does not fit. Whatever goes in is made harmless.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    spans: Vec<Span>,
}

impl Line {
    /// An empty line.
    pub(super) fn new() -> Line {
        Line::default()
    }

    /// A line that begins with blanks.
    pub(super) fn indent(columns: usize) -> Line {
        Line::new().plain(" ".repeat(columns))
    }

    /// Adds a labelled text.
    pub(super) fn put(mut self, label: Label, text: impl AsRef<str>) -> Line {
        let text = clean(text.as_ref());
        if !text.is_empty() {
            self.spans.push(Span { text, label, link: None });
        }
        self
    }

    /// Adds a text without a label.
    pub(super) fn plain(self, text: impl AsRef<str>) -> Line {
        self.put(Label::Plain, text)
    }

    /// Adds a text that leads to an address where the terminal can follow links.
    pub(super) fn linked(mut self, text: impl AsRef<str>, url: &str) -> Line {
        let web = url.starts_with("https://") && url.chars().all(|c| c.is_ascii_graphic());
        let link = web.then(|| url.to_owned());
        self.spans.push(Span { text: clean(text.as_ref()), label: Label::Plain, link });
        self
    }

    /// Fills up with blanks to a column; two blanks at least where something stands there already.
    pub(super) fn column(self, column: usize) -> Line {
        let used = self.width();
        let fill = if used == 0 { column } else { column.saturating_sub(used).max(2) };
        self.plain(" ".repeat(fill))
    }

    /// Adds all of another line.
    pub(super) fn append(mut self, other: Line) -> Line {
        self.spans.extend(other.spans);
        self
    }

    /// How many columns it takes.
    pub(super) fn width(&self) -> usize {
        self.spans.iter().map(|span| width(&span.text)).sum()
    }

    /// Whether there is nothing but blanks in it.
    fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }

    /// Without the blanks at its end.
    fn trim_end(mut self) -> Line {
        while let Some(span) = self.spans.last_mut() {
            span.text.truncate(span.text.trim_end_matches(' ').len());
            if !span.text.is_empty() {
                break;
            }
            self.spans.pop();
        }
        self
    }

    /// Cuts it to the page: a piece that reaches over the edge loses its middle, those behind it go.
    fn fit(mut self, max: usize, dots: &str) -> Line {
        let mut used = 0;
        for span in &mut self.spans {
            let room = max.saturating_sub(used);
            if width(&span.text) > room {
                span.text = middle(&span.text, room, dots);
            }
            used += width(&span.text);
        }
        self
    }

    fn write(&self, out: &mut String, style: &Style) {
        let text: String = self.spans.iter().map(|span| span.text.as_str()).collect();
        let mut left = text.trim_end().len();
        for span in &self.spans {
            let visible = span.text.get(..left.min(span.text.len())).unwrap_or(&span.text);
            left = left.saturating_sub(span.text.len());
            if visible.is_empty() {
                continue;
            }
            let look = if style.color { theme(span.label) } else { anstyle::Style::new() };
            let link = span.link.as_deref().filter(|_| style.color && style.links);
            // OSC 8 is the one escape sequence that `anstyle` has no word for.
            if let Some(url) = link {
                let _ = write!(out, "\u{1b}]8;;{url}\u{1b}\\");
            }
            let _ = write!(out, "{look}{visible}{look:#}");
            if link.is_some() {
                out.push_str("\u{1b}]8;;\u{1b}\\");
            }
        }
        out.push('\n');
    }
}

/// The lines of an output, kept inside the width of the style.
pub(super) struct Page<'a> {
    style: &'a Style,
    lines: Vec<Line>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(style: &'a Style) -> Page<'a> {
        Page { style, lines: Vec::new() }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.style.width.max(1)
    }

    /// The sign for "left out".
    pub(super) fn dots(&self) -> &'static str {
        if self.style.ascii { "..." } else { "…" }
    }

    /// The text with its middle left out when it is wider than `max`.
    pub(super) fn short(&self, text: &str, max: usize) -> String {
        middle(&clean(text), max, self.dots())
    }

    /// An empty line, never two in a row and never the first.
    pub(super) fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.spans.is_empty()) {
            self.lines.push(Line::new());
        }
    }

    /// One line, cut when it does not fit.
    pub(super) fn line(&mut self, line: Line) {
        let (max, dots) = (self.width(), self.dots());
        self.lines.push(line.fit(max, dots));
    }

    /// A text that goes on in further lines, indented by `hang`, broken between words only.
    pub(super) fn wrap(&mut self, line: Line, hang: usize) {
        let max = self.width();
        self.flow(line, hang, max, "");
    }

    /// A text broken at `max`, which is smaller than the page when something stands at its right.
    pub(super) fn flow(&mut self, line: Line, hang: usize, max: usize, more: &str) {
        if line.width() <= max {
            return self.line(line);
        }
        let hang = if hang + 16 > max { max.min(16) / 4 } else { hang };
        let room = max.saturating_sub(width(more)).max(1);
        let mut current = Line::new();
        for word in words(&line) {
            let trimmed = word.text.trim_end_matches(' ');
            // A break that gives the word no more room is none.
            let gains = current.width() > hang && !current.is_blank();
            if gains && !trimmed.is_empty() && current.width() + width(trimmed) > room {
                let full = std::mem::take(&mut current).trim_end().plain(more);
                self.line(full);
                current = Line::indent(hang);
            }
            let left = max.saturating_sub(current.width());
            let text = if width(trimmed) > left { middle(trimmed, left, self.dots()) } else { word.text };
            match current.spans.last_mut() {
                Some(last) if last.label == word.label && last.link == word.link => last.text.push_str(&text),
                _ => current.spans.push(Span { text, ..word }),
            }
        }
        self.line(current.trim_end());
    }

    /// A text with something at the right edge of its last line; on a narrow page that follows the text.
    pub(super) fn beside(&mut self, line: Line, hang: usize, right: Line, edge: usize) {
        let room = edge.saturating_sub(right.width() + 2);
        if room < 48 {
            return self.wrap(line.plain("  ").append(right), hang);
        }
        self.flow(line, hang, room, "");
        if let Some(last) = self.lines.pop() {
            self.lines.push(last.column(room + 2).append(right));
        }
    }

    /// A command with a text in front of it. Where it must be broken, it can still be copied.
    pub(super) fn command(&mut self, lead: Line, command: &str) {
        let hang = lead.width() + 2;
        let max = self.width();
        self.flow(lead.put(Label::Command, command), hang, max, " \\");
    }

    /// Parts with commas between them, broken between parts and not inside of one where that is possible.
    pub(super) fn parts(&mut self, parts: &[String]) {
        let mut line = Line::new();
        for (at, part) in parts.iter().enumerate() {
            let text = if at + 1 < parts.len() { format!("{part},") } else { part.clone() };
            if line.width() > 2 && line.width() + 1 + width(&clean(&text)) > self.width() {
                self.wrap(std::mem::replace(&mut line, Line::indent(1)), 2);
            }
            line = line.plain(if at > 0 { " " } else { "" }).plain(text);
        }
        self.wrap(line, 2);
    }

    /// Prose of several paragraphs or lines, indented.
    pub(super) fn prose(&mut self, text: &str, indent: usize) {
        for line in text.lines() {
            if line.trim().is_empty() {
                self.blank();
            } else {
                self.wrap(Line::indent(indent).plain(line), indent);
            }
        }
    }

    /// At most two commands to go on with: command and what it is for.
    pub(super) fn next(&mut self, commands: &[(String, &str)]) {
        if !commands.is_empty() {
            self.blank();
        }
        let longest = commands.iter().map(|(command, _)| width(&clean(command))).max().unwrap_or(0);
        for (index, (command, purpose)) in commands.iter().take(2).enumerate() {
            let lead = if index == 0 { Line::new().put(Label::Heading, "Next:").plain("  ") } else { Line::indent(7) };
            let full = lead.clone().put(Label::Command, command).column(7 + longest + 2).put(Label::Dim, *purpose);
            if full.width() <= self.width() {
                self.line(full);
            } else {
                self.command(lead, command);
            }
        }
    }

    /// The finished text.
    pub(super) fn finish(mut self) -> String {
        while self.lines.last().is_some_and(|line| line.spans.is_empty()) {
            self.lines.pop();
        }
        let mut out = String::new();
        for line in &self.lines {
            line.write(&mut out, self.style);
        }
        out
    }
}

/// The words of a line, each with the blanks behind it; pieces of different labels without a blank between them are
/// words of their own, which is why marks such as commas belong to the piece before.
fn words(line: &Line) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for span in &line.spans {
        let mut rest = span.text.as_str();
        while !rest.is_empty() {
            let body = rest.len() - rest.trim_start_matches(' ').len();
            let end = rest.get(body..).and_then(|tail| tail.find(' ')).map_or(rest.len(), |at| body + at);
            let blanks = rest.get(end..).map_or(0, |tail| tail.len() - tail.trim_start_matches(' ').len());
            let (word, tail) = rest.split_at(end + blanks);
            out.push(Span { text: word.to_owned(), label: span.label, link: span.link.clone() });
            rest = tail;
        }
    }
    out
}

/// Columns of a table with one header line. Columns that may shrink lose the middle of their texts when the page is
/// too narrow; the others never do.
pub(super) struct Table {
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<(Label, String)>>,
}

impl Table {
    /// A table with these headers, each with whether the column may shrink.
    pub(super) fn new(columns: &[(&str, bool)]) -> Table {
        Table { columns: columns.iter().map(|(name, shrinks)| (clean(name), *shrinks)).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: Vec<(Label, String)>) {
        self.rows.push(cells.into_iter().map(|(label, text)| (label, clean(&text))).collect());
    }

    /// How many columns it takes when nothing shrinks.
    pub(super) fn total(&self) -> usize {
        self.widths(usize::MAX).iter().sum::<usize>() + self.columns.len().saturating_sub(1) * 2
    }

    /// The width of every column for a page.
    fn widths(&self, page: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(name, _)| width(name)).collect();
        for row in &self.rows {
            for (at, (_, text)) in widths.iter_mut().zip(row) {
                *at = (*at).max(width(text));
            }
        }
        let gaps = widths.len().saturating_sub(1) * 2;
        loop {
            let total = widths.iter().sum::<usize>() + gaps;
            let Some(over) = total.checked_sub(page).filter(|over| *over > 0) else { return widths };
            let widest = |smaller_than: usize| {
                (0..widths.len())
                    .filter(|at| self.columns.get(*at).is_some_and(|column| column.1))
                    .filter_map(|at| widths.get(at).copied())
                    .filter(|w| *w < smaller_than)
                    .max()
            };
            let Some(top) = widest(usize::MAX).filter(|top| *top > 8) else { return widths };
            let second = widest(top).unwrap_or(8).max(8);
            // All columns of the greatest width shrink together, so that none is starved.
            let equals = (0..widths.len())
                .filter(|at| self.columns.get(*at).is_some_and(|column| column.1) && widths.get(*at) == Some(&top))
                .count()
                .max(1);
            let target = top.saturating_sub(over.div_ceil(equals)).max(second);
            for (at, column) in widths.iter_mut().zip(&self.columns) {
                if column.1 && *at == top {
                    *at = target.min(top - 1);
                }
            }
        }
    }

    /// Writes it, the header first.
    pub(super) fn print(&self, page: &mut Page<'_>) {
        let widths = self.widths(page.width());
        let header: Vec<_> = self.columns.iter().map(|(name, _)| (Label::Dim, name.clone())).collect();
        for row in std::iter::once(&header).chain(&self.rows) {
            let mut line = Line::new();
            let mut column = 0;
            for ((label, text), (at, (_, shrinks))) in row.iter().zip(widths.iter().zip(&self.columns)) {
                if column > 0 {
                    line = line.column(column);
                }
                line = line.put(*label, if *shrinks { page.short(text, *at) } else { text.clone() });
                column += at + 2;
            }
            page.line(line);
        }
    }
}

/// The beginning of a text that fits, for places where the end says less.
pub(super) fn cut(text: &str, max: usize, dots: &str) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    format!("{}{dots}", head(text, max.saturating_sub(width(dots))))
}

#[cfg(test)]
mod tests {
    use super::{Label, Line, Page, Table};
    use crate::model::Severity;
    use crate::render::Style;

    fn style(width: usize, color: bool) -> Style {
        Style { width, color, ascii: false, links: true, verbose: 0 }
    }

    #[test]
    fn prose_breaks_between_words_and_long_words_lose_their_middle() {
        let style = style(24, false);
        let mut page = Page::new(&style);
        page.wrap(Line::indent(2).plain("one two three four 1.5.0-rc.12+build.20261123.x"), 4);
        assert_eq!(page.finish(), "  one two three four\n    1.5.0-rc.1…0261123.x\n");
    }

    #[test]
    fn broken_commands_can_still_be_copied() {
        let style = style(30, false);
        let mut page = Page::new(&style);
        page.command(Line::new().plain("Next:  "), "pilab drift accept 3f9c2ab --reason \"x\"");
        assert_eq!(page.finish(), "Next:  pilab drift accept \\\n         3f9c2ab --reason \\\n         \"x\"\n");
    }

    #[test]
    fn colour_and_links_only_when_asked() {
        let line = || Line::new().put(Label::Severity(Severity::High), "HIGH").plain("  ").linked("a", "https://e.x/a");
        let (plain, colour) = (style(40, false), style(40, true));
        let mut page = Page::new(&plain);
        page.line(line());
        assert_eq!(page.finish(), "HIGH  a\n");
        let mut page = Page::new(&colour);
        page.line(line().linked("b", "https://e.x/\u{1b}]"));
        assert_eq!(
            page.finish(),
            "\u{1b}[1m\u{1b}[31mHIGH\u{1b}[0m  \u{1b}]8;;https://e.x/a\u{1b}\\a\u{1b}]8;;\u{1b}\\b\n"
        );
    }

    #[test]
    fn only_columns_that_may_shrink_do() {
        let style = style(40, false);
        let mut page = Page::new(&style);
        let mut table = Table::new(&[("ID", false), ("WHAT", true), ("VALUE", true)]);
        let cell = |text: &str| (Label::Plain, text.to_owned());
        table.row(vec![cell("3f9c2ab"), cell("a very long text that does not fit"), cell("short")]);
        table.row(vec![cell("1"), cell("x"), cell("y")]);
        table.print(&mut page);
        let text = page.finish();
        assert_eq!(
            text,
            "ID       WHAT                      VALUE\n3f9c2ab  a very long …oes not fit  short\n1        x                         y\n"
        );
    }
}
