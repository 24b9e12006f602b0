//! Database schemas as text: what a version has, and what differs.
use super::Style;
use super::markdown::{Markdown, escape};
use super::page::{Label, Line, Page};
use super::words::count;
use crate::model::{
    AttributeChange, Migration, SchemaChange, SchemaDiff, SchemaDiffReport, SchemaObject, SchemaReport,
};
use crate::ops::DbRecorded;

/// Longer values are cut, characters.
const LONG: usize = 60;
/// What a live database is called as a side of a difference.
const LIVE: &str = "live";

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
        let data = if layout.data_statements == 0 { String::new() } else { format!(", {data} of data") };
        let text = format!("{steps} ({}: {}){data}", layout.name, layout.because);
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
    let name = if indent == 0 { object.name.as_str() } else { object.name.rsplit('.').next().unwrap_or_default() };
    let mut line = Line::indent(indent).put(Label::Dim, format!("{} ", object.kind));
    let named = nameless(&object.kind, name, object.attributes.get("kind").map(String::as_str)).is_none();
    if named {
        line = line.put(Label::Heading, name);
    }
    let text =
        described(&object.kind, |name| object.attributes.get(name).map(String::as_str), object.attributes.keys());
    if !text.is_empty() {
        let gap = if named { "  " } else { "" };
        line = line.plain(format!("{gap}{text}"));
    }
    line
}

/// The table of a constraint without a name, where the server gives none: what it is called by says what it is.
fn nameless<'a>(kind: &str, name: &'a str, of: Option<&str>) -> Option<&'a str> {
    let called = kind == "constraint" && of.is_some_and(|of| name.contains(&format!(" {of}")));
    called.then(|| name.split('.').next().unwrap_or_default())
}

/// What an object is, in the order in which people say it: `foreign key (a) to b (id), on delete CASCADE`.
fn described<'a>(
    kind: &str,
    value: impl Fn(&str) -> Option<&'a str>,
    names: impl Iterator<Item = &'a String>,
) -> String {
    let mut head: Vec<String> = Vec::new();
    let mut told: Vec<&str> = vec!["type", "kind"];
    let list = |name: &str| value(name).map(|keys| format!("({keys})")).unwrap_or_default();
    head.extend(value("type").map(short));
    match (kind, value("kind")) {
        ("constraint", Some("foreign key")) => {
            let to = value("table").unwrap_or_default();
            head.push(format!("foreign key {} to {to} {}", list("columns"), list("references")));
            told.extend(["columns", "table", "references"]);
        }
        ("constraint", Some("check")) => {
            head.push(format!("check {}", value("condition").map(short).unwrap_or_default()));
            told.push("condition");
        }
        ("constraint", Some(word)) => {
            head.push(format!("{word} {}", list("keys")));
            told.push("keys");
        }
        ("index", _) => {
            let unique = if value("unique").is_some() { "unique " } else { "" };
            head.push(format!("{unique}{}", list("keys")));
            told.extend(["keys", "unique"]);
        }
        (_, other) => head.extend(other.map(short)),
    }
    if value("method") == Some("btree") {
        told.push("method");
    }
    let rest = names.filter(|name| !told.contains(&name.as_str())).filter_map(|name| {
        Some(match value(name)? {
            "yes" => name.clone(),
            value => format!("{name} {}", short(value)),
        })
    });
    head.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
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
        for hint in &why.hints {
            page.wrap(Line::indent(10).put(Label::Dim, "hint: ").plain(hint), 10);
        }
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
        let live = if diff.to == LIVE { " that did not run" } else { "" };
        let many = count(diff.migrations.len(), "migration", "migrations");
        page.line(Line::indent(2).put(Label::Heading, format!("{many}{live}")));
        diff.migrations.iter().for_each(|one| migration(page, one));
    }
    for gone in &diff.gone {
        page.wrap(Line::indent(2).put(Label::Bad, "not in ").plain(format!("{}: {gone}", diff.to)), 4);
    }
    for line in &diff.books {
        page.wrap(Line::indent(2).put(Label::Bad, "! ").plain(line), 4);
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
        Some(before) => line.put(Label::Heading, bare(before)).plain(format!(" {arrow} {}", bare(&change.name))),
        None => {
            let of = change.attributes.iter().find(|one| one.name == "kind");
            let of = of.and_then(|one| one.is.as_deref().or(one.was.as_deref()));
            match nameless(&change.kind, bare(&change.name), of) {
                Some(table) => line.plain("of ").put(Label::Heading, table),
                None => line.put(Label::Heading, bare(&change.name)),
            }
        }
    };
    let values: Vec<String> = values(change, arrow);
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

/// The name without the schema that every database has.
fn bare(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

/// What differs, one text each; what comes or goes is one text.
fn values(change: &SchemaChange, arrow: &str) -> Vec<String> {
    if matches!(change.what, "created" | "dropped") {
        let value = |name: &str| {
            let one = change.attributes.iter().find(|one| one.name == name)?;
            one.is.as_deref().or(one.was.as_deref())
        };
        let text = described(&change.kind, value, change.attributes.iter().map(|one| &one.name));
        return if text.is_empty() { Vec::new() } else { vec![text] };
    }
    let value = |one: &AttributeChange| {
        // What is on or off has one value only.
        let other = if [&one.was, &one.is].contains(&&Some("yes".to_owned())) { "no" } else { "(none)" };
        let side = |value: &Option<String>| value.as_deref().map_or(other.to_owned(), short);
        format!("{}: {} {arrow} {}", one.name, side(&one.was), side(&one.is))
    };
    change.attributes.iter().map(value).collect()
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
        // Nobody makes a database what it was changed to by hand.
        let (from, to) = if diff.to == LIVE { (&diff.to, &diff.from) } else { (&diff.from, &diff.to) };
        out.push_str(&format!("-- {}: {} to {}\n", one_line(&diff.module), one_line(from), one_line(to)));
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
            let what = change
                .renamed_from
                .iter()
                .map(|before| format!("was {}", bare(before)))
                .chain(values(change, "→"))
                .collect::<Vec<_>>()
                .join("; ");
            let object = format!("{} {}", change.kind, bare(&change.name));
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
    for (diff, line) in report.modules.iter().flat_map(|diff| diff.books.iter().map(move |line| (diff, line))) {
        md.line(&format!("- {}: {}", escape(&diff.module), escape(line)));
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
