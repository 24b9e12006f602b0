//! Database schemas as text: what a version has, and what differs.
use super::Style;
use super::markdown::{Markdown, escape};
use super::page::{Label, Line, Page};
use super::words::count;
use crate::model::{Migration, SchemaChange, SchemaDiff, SchemaDiffReport, SchemaObject, SchemaReport};
use crate::ops::DbRecorded;

/// Longer values are cut, characters.
const LONG: usize = 60;

/// `pilab db show` and `pilab db inspect`.
pub fn db_text(report: &SchemaReport, style: &Style) -> String {
    let mut page = Page::new(style);
    let name = report.module.as_deref().unwrap_or("database");
    let line =
        Line::new().put(Label::Heading, name).plain(format!("  {}  {} {}", report.at, report.dialect, report.server));
    page.wrap(line, 2);
    if let Some(layout) = &report.layout {
        let (steps, data) =
            (count(layout.steps, "migration", "migrations"), count(layout.data_statements, "statement", "statements"));
        let text = format!("{steps} ({}: {}), {data} of data", layout.name, layout.because);
        page.wrap(Line::new().put(Label::Dim, text), 2);
    }
    for object in &report.objects {
        let inside = matches!(
            object.kind.as_str(),
            "column" | "constraint" | "index" | "trigger" | "policy" | "view column" | "rule"
        );
        if !inside {
            page.blank();
        }
        let indent = if inside { 2 } else { 0 };
        page.wrap(self::object(object, indent), indent + 4);
    }
    if report.objects.is_empty() {
        page.blank();
        page.line(Line::new().plain("It is empty."));
    }
    doubts(&mut page, report.not_checked.iter().map(|why| (None, why)));
    page.finish()
}

fn object(object: &SchemaObject, indent: usize) -> Line {
    let bare = if indent == 0 { object.name.as_str() } else { object.name.rsplit('.').next().unwrap_or_default() };
    let mut line = Line::indent(indent).put(Label::Dim, format!("{} ", object.kind)).put(Label::Heading, bare);
    let values = object.attributes.iter().map(|(name, value)| match value.as_str() {
        "yes" => name.clone(),
        _ if matches!(name.as_str(), "type" | "kind") => value.clone(),
        value => format!("{name} {}", short(value)),
    });
    let joined = values.collect::<Vec<_>>().join(", ");
    if !joined.is_empty() {
        line = line.plain(format!("  {joined}"));
    }
    line
}

fn short(value: &str) -> String {
    let joined = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match joined.chars().count() > LONG {
        true => joined.chars().take(LONG).chain(['…']).collect(),
        false => joined,
    }
}

/// `-o sql`: the DDL.
pub fn db_sql(report: &SchemaReport) -> String {
    sql(&report.sql)
}

fn sql(statements: &[String]) -> String {
    let ended = |sql: &String| if sql.trim_end().ends_with(';') { format!("{sql}\n") } else { format!("{sql};\n") };
    statements.iter().map(ended).collect()
}

/// What is not known, at the end.
fn doubts<'a>(page: &mut Page<'_>, all: impl Iterator<Item = (Option<&'a str>, &'a crate::model::Diagnostic)>) {
    for (index, (module, why)) in all.enumerate() {
        if index == 0 {
            page.blank();
            page.line(Line::new().put(Label::Warn, "Not checked"));
        }
        let place = why.place.as_ref().map(|place| format!("{}:{}: ", place.file, place.line)).unwrap_or_default();
        let module = module.map(|module| format!("{module}: ")).unwrap_or_default();
        let line = Line::indent(2).put(Label::Id, why.code.id).plain(format!("  {module}{place}{}", why.message));
        page.wrap(line, 10);
    }
}

/// `pilab db diff`.
pub fn db_diff_text(report: &SchemaDiffReport, style: &Style) -> String {
    let mut page = Page::new(style);
    for (index, diff) in report.modules.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        self::diff(&mut page, diff);
    }
    doubts(&mut page, report.not_checked.iter().map(|doubt| (Some(doubt.module.as_str()), &doubt.why)));
    page.finish()
}

fn diff(page: &mut Page<'_>, diff: &SchemaDiff) {
    let arrow = if page.dots() == "..." { "->" } else { "→" };
    let head = Line::new().put(Label::Heading, &diff.module).plain(format!("  {} {arrow} {}", diff.from, diff.to));
    let compared = count(diff.compared, "object", "objects");
    page.wrap(head.put(Label::Dim, format!("  {}, {compared} compared", diff.dialect)), 2);
    if diff.changes.is_empty() {
        page.line(Line::indent(2).put(Label::Good, "No difference of structure."));
    }
    for change in &diff.changes {
        self::change(page, change, arrow);
    }
    if !diff.migrations.is_empty() {
        page.blank();
        page.line(Line::indent(2).put(Label::Heading, count(diff.migrations.len(), "migration", "migrations")));
        diff.migrations.iter().for_each(|one| migration(page, one));
    }
    for gone in &diff.gone {
        page.wrap(Line::indent(2).put(Label::Bad, "not in ").plain(format!("{}: {gone}", diff.to)), 4);
    }
}

fn change(page: &mut Page<'_>, change: &SchemaChange, arrow: &str) {
    let (sign, look) = match change.what {
        "created" => ("+", Label::Good),
        "dropped" => ("-", Label::Bad),
        "replaced" => ("!", Label::Bad),
        _ => ("~", Label::Warn),
    };
    let mut line = Line::indent(2).put(look, sign).plain(" ").put(Label::Dim, format!("{} ", change.kind));
    line = match &change.renamed_from {
        Some(before) => line.put(Label::Heading, before).plain(format!(" {arrow} {}", change.name)),
        None => line.put(Label::Heading, &change.name),
    };
    let values = change.attributes.iter().map(|one| {
        let side = |value: &Option<String>| value.as_deref().map_or("(none)".to_owned(), short);
        format!("{}: {} {arrow} {}", one.name, side(&one.was), side(&one.is))
    });
    let values: Vec<String> = values.collect();
    if let [one] = values.as_slice() {
        line = line.plain(format!("  {one}"));
    }
    page.wrap(line, 6);
    if values.len() > 1 {
        values.iter().for_each(|value| page.wrap(Line::indent(6).plain(value), 8));
    }
    let rated = Line::indent(6)
        .put(Label::Severity(change.severity), change.severity.word())
        .plain(" ")
        .put(Label::Id, change.rule);
    let first = change.places.first().map(|place| format!("  {}:{}", place.file, place.line)).unwrap_or_default();
    let unsure = if change.certainty == "exact" { String::new() } else { format!("  ({})", change.certainty) };
    page.wrap(rated.put(Label::Dim, first).plain(unsure), 8);
    for effect in &change.effects {
        if !effect.because.is_empty() {
            page.wrap(Line::indent(6).plain(&effect.because), 8);
        }
        if !effect.advice.is_empty() {
            page.wrap(Line::indent(6).put(Label::Dim, "safer: ").plain(&effect.advice), 8);
        }
    }
}

fn migration(page: &mut Page<'_>, one: &Migration) {
    page.wrap(Line::indent(4).plain(&one.file).put(Label::Dim, format!("  {}", facts(one))), 6);
    for statement in &one.statements {
        let does = if statement.does.is_empty() { statement.what.clone() } else { statement.does.join(", ") };
        page.wrap(Line::indent(6).put(Label::Dim, format!("{:>4} ", statement.line)).plain(does), 11);
    }
    for remark in &one.remarks {
        page.wrap(Line::indent(6).put(Label::Warn, "! ").plain(remark), 8);
    }
}

fn facts(one: &Migration) -> String {
    let undo = match one.reversible {
        "yes" => "can be undone",
        "data-lost" => "undoing it does not bring the data back",
        _ => "no way back",
    };
    let lock = match (one.lock.as_str(), one.work.as_str()) {
        ("all", "rewrite") => ", tables are written anew",
        ("all", "scan") => ", everybody waits while rows are read",
        ("writes", "build") => ", writers wait while an index is built",
        ("writes", "scan") => ", writers wait while rows are read",
        _ => "",
    };
    let transaction = if one.transaction { "in a transaction" } else { "without a transaction" };
    format!("{}, {transaction}, {undo}{lock}", one.kind)
}

/// `-o sql` of a difference: the DDL that makes the one side out of the other.
pub fn db_diff_sql(report: &SchemaDiffReport) -> String {
    let mut out = String::new();
    for diff in &report.modules {
        out.push_str(&format!("-- {}: {} to {}\n", one_line(&diff.module), one_line(&diff.from), one_line(&diff.to)));
        out.push_str(&sql(&diff.sql));
    }
    for doubt in &report.not_checked {
        out.push_str(&format!("-- not checked: {}: {}\n", one_line(&doubt.module), one_line(&doubt.why.message)));
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A difference as Markdown.
pub fn db_diff_md(report: &SchemaDiffReport) -> String {
    let mut md = Markdown::new();
    for diff in &report.modules {
        md.line(&format!("## {}: {} → {}", escape(&diff.module), escape(&diff.from), escape(&diff.to)));
        md.line("");
        if diff.changes.is_empty() {
            md.line("No difference of structure.");
        } else {
            md.line("| Change | Object | What | Severity |");
            md.line("| --- | --- | --- | --- |");
        }
        for change in &diff.changes {
            let values = change.attributes.iter().map(|one| {
                let side = |value: &Option<String>| value.as_deref().map_or("(none)".to_owned(), short);
                format!("{}: {} → {}", one.name, side(&one.was), side(&one.is))
            });
            let what = change
                .renamed_from
                .iter()
                .map(|before| format!("was {before}"))
                .chain(values)
                .collect::<Vec<_>>()
                .join("; ");
            let object = format!("{} {}", change.kind, change.name);
            md.line(&format!(
                "| {} | {} | {} | {} ({}) |",
                change.what,
                escape(&object),
                escape(&what),
                change.severity.word(),
                change.rule
            ));
        }
        md.line("");
        for one in &diff.migrations {
            md.line(&format!("- {}: {}", escape(&one.file), facts(one)));
        }
    }
    if !report.not_checked.is_empty() {
        md.line("");
        md.line("**Not checked**");
        md.line("");
        for doubt in &report.not_checked {
            md.line(&format!("- {} {}: {}", doubt.why.code.id, escape(&doubt.module), escape(&doubt.why.message)));
        }
    }
    md.finish()
}

/// `pilab db record`.
pub fn db_recorded_text(report: &DbRecorded, style: &Style) -> String {
    let mut page = Page::new(style);
    let objects = count(report.objects, "object", "objects");
    page.wrap(
        Line::new().plain(format!(
            "Recorded {objects} of {} in {}, server {}.",
            report.module, report.environment, report.server
        )),
        2,
    );
    page.wrap(Line::indent(2).put(Label::Dim, &report.file), 4);
    page.blank();
    page.line(Line::new().plain("Written, not committed."));
    if !report.named {
        let entry = format!("databases: [{{ module: {}, recorded: \"{}\" }}]", report.module, report.file);
        page.wrap(
            Line::new()
                .plain(format!("Drift reads it when environment {} says so: ", report.environment))
                .put(Label::Id, entry),
            2,
        );
    }
    page.finish()
}
