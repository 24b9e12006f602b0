//! A changeset as a step: its conditions, its changes as SQL, its way back.
use super::changes;
use super::element::Element;
use super::names::Names;
use super::reader::{Context, Reader, meant};
use crate::engines::schema::chain::ProblemKind;
use crate::engines::schema::{Script, Step, StepKind};
use regex::Regex;
use std::sync::Arc;

/// Elements of a changeset that are no changes.
const OTHER: [&str; 6] = ["comment", "rollback", "preConditions", "validCheckSum", "modifySql", "labels"];

/// What the conditions of a changeset say.
#[derive(PartialEq)]
enum Verdict {
    Run,
    /// It is written down as done.
    Marked,
    Passed,
}

impl Reader<'_> {
    pub(super) fn change_set(&mut self, set: &Element, context: &Context) {
        self.contexts |= ["context", "contexts", "contextFilter"].iter().any(|name| set.said(name).is_some());
        if !self.meant(set.said("dbms")) || set.is("ignore") {
            return;
        }
        let (id, author) = (set.said("id").unwrap_or_default(), set.said("author").unwrap_or_default());
        let file = set.said("logicalFilePath").unwrap_or(&context.logical);
        let again = set.is("runOnChange") || set.is("runAlways");
        let mut step = Step {
            kind: if again { StepKind::Repeatable } else { StepKind::Versioned },
            version: format!("{id}::{author}::{file}"),
            name: set.text_of("comment").unwrap_or_default().trim().to_owned(),
            path: Arc::from(context.path.as_str()),
            up: Vec::new(),
            down: Vec::new(),
            checksum: None,
        };
        match self.verdict(set, context) {
            Verdict::Passed => return,
            Verdict::Marked => return self.steps.push(step),
            Verdict::Run => {}
        }
        let quoted = set.said("objectQuotingStrategy").map_or(context.all_quoted, |word| word == "QUOTE_ALL_OBJECTS");
        let names = Names { dialect: self.dialect, all: quoted };
        let transaction = !set.said("runInTransaction").is_some_and(|word| word.eq_ignore_ascii_case("false"));
        let changes: Vec<&Element> =
            set.children.iter().filter(|child| !OTHER.contains(&child.name.as_str())).collect();
        for change in &changes {
            match self.scripts(change, context, names, transaction) {
                Ok(scripts) => step.up.extend(scripts),
                Err((kind, why)) => {
                    self.problem(kind, &context.path, change.line, format!("{why} (changeset {id} of {author})"));
                }
            }
            self.facts.change(change);
        }
        self.modify(set, &mut step.up, context);
        step.down = self.way_back(set, &changes, context, names, transaction);
        self.steps.push(step);
    }

    /// The SQL of a change.
    fn scripts(
        &mut self,
        change: &Element,
        context: &Context,
        names: Names,
        transaction: bool,
    ) -> Result<Vec<Script>, (ProblemKind, String)> {
        let unresolved = |why: String| (ProblemKind::Unresolved, why);
        let own = |path: &str, line: u32, text: &str| Script {
            path: Arc::from(path),
            line,
            text: Arc::from(text),
            transaction,
        };
        match change.name.as_str() {
            "sql" | "sqlFile" | "createProcedure" => {
                if !self.meant(change.said("dbms")) {
                    return Ok(Vec::new());
                }
                let (path, line, text) = self.sql_of(change, context).map_err(unresolved)?;
                if self.unknown(&text) {
                    let text = "the SQL has a property that no changelog sets".to_owned();
                    self.problem(ProblemKind::Unresolved, &context.path, change.line, text);
                }
                self.facts.text(&text);
                let text = if strips(change, &text) { without_comments(&text) } else { text };
                Ok(pieces(change, &text)
                    .into_iter()
                    .map(|(at, piece)| own(&path, line.saturating_add(at), piece))
                    .collect())
            }
            "customChange" | "executeCommand" => Err((
                ProblemKind::Code,
                format!("{} is a program, which cannot be replayed", change.said("class").unwrap_or("the command")),
            )),
            "createView" if change.said("path").is_some() => {
                let (path, line, text) = self.sql_of(change, context).map_err(unresolved)?;
                let view = Element { text, ..change.clone() };
                let made = changes::sql(&view, names).map_err(unresolved)?.unwrap_or_default();
                Ok(made.iter().map(|sql| own(&path, line, sql)).collect())
            }
            _ => {
                let made = changes::sql(change, names).map_err(unresolved)?.unwrap_or_default();
                if made.iter().any(|sql| self.unknown(sql)) && !matches!(change.name.as_str(), "insert" | "update") {
                    return Err(unresolved(format!("{} has a property that no changelog sets", change.name)));
                }
                Ok(made.iter().map(|sql| own(&context.path, change.line, sql)).collect())
            }
        }
    }

    /// Whether a text still has `${name}` of which nothing is known.
    fn unknown(&self, text: &str) -> bool {
        text.split("${").skip(1).any(|tail| {
            tail.split_once('}').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name.len() < 80
                    && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))
            })
        })
    }

    /// The file, first line and text of SQL that a change has or names.
    fn sql_of(&mut self, change: &Element, context: &Context) -> Result<(String, u32, String), String> {
        let Some(named) = change.said("path") else {
            let text =
                ["sql", "procedureText", "procedureBody", "selectQuery"].iter().find_map(|name| change.text_of(name));
            return Ok((context.path.clone(), change.text_line, text.unwrap_or(&change.text).to_owned()));
        };
        let found = self.resolve(named, change.is("relativeToChangelogFile"), context);
        let found =
            found.filter(|found| self.paths.contains(&found.path)).ok_or_else(|| format!("{named} is not there"))?;
        let text = self.text(&found.path, &context.path, change.line).ok_or_else(|| format!("{named} was not read"))?;
        let text = self.expanded(&text, &context.logical).unwrap_or(text);
        Ok((found.path, 1, text))
    }

    /// `modifySql` changes what was made of the changes.
    fn modify(&mut self, set: &Element, scripts: &mut [Script], context: &Context) {
        let dialect = self.dialect;
        for one in set.all("modifySql").filter(|one| meant(dialect, one.said("dbms"))) {
            for way in &one.children {
                let value = way.attribute("value").unwrap_or_default();
                let (old, new) =
                    (way.attribute("replace").unwrap_or_default(), way.attribute("with").unwrap_or_default());
                let pattern = (way.name == "regExpReplace").then(|| Regex::new(old));
                if !matches!(way.name.as_str(), "append" | "prepend" | "replace") && !matches!(pattern, Some(Ok(_))) {
                    self.problem(
                        ProblemKind::Unresolved,
                        &context.path,
                        way.line,
                        format!("modifySql by {} is not known here", way.name),
                    );
                    continue;
                }
                for script in scripts.iter_mut() {
                    let text: &str = &script.text;
                    let text = match (way.name.as_str(), &pattern) {
                        ("append", _) => format!("{}{value}", text.trim_end().trim_end_matches(';')),
                        ("prepend", _) => format!("{value}{text}"),
                        (_, Some(Ok(pattern))) => pattern.replace_all(text, new).into_owned(),
                        _ if old.is_empty() => continue,
                        _ => text.replace(old, new),
                    };
                    script.text = Arc::from(text);
                }
            }
        }
    }

    fn way_back(
        &mut self,
        set: &Element,
        changes: &[&Element],
        context: &Context,
        names: Names,
        transaction: bool,
    ) -> Vec<Script> {
        let own = |line: u32, text: &str| Script {
            path: Arc::from(context.path.as_str()),
            line,
            text: Arc::from(text),
            transaction,
        };
        let mut back = Vec::new();
        let told: Vec<&Element> = set.all("rollback").collect();
        if let Some(text) = set.said("rollback") {
            back.push(own(set.text_line, text));
            return back;
        }
        if told.is_empty() {
            // Liquibase knows the way back of these by itself; of all changes or of none.
            for change in changes.iter().rev() {
                let made = changes::inverse(change)
                    .map(|all| all.iter().map(|one| changes::sql(one, names)).collect::<Result<Vec<_>, _>>());
                let Some(Ok(made)) = made else { return Vec::new() };
                back.extend(made.into_iter().flatten().flatten().map(|sql| own(change.line, &sql)));
            }
            return back;
        }
        for rollback in told {
            let text = rollback.text.trim();
            let nothing = text.is_empty() || matches!(text.to_ascii_lowercase().as_str(), "not required" | "empty");
            back.extend((!nothing).then(|| own(rollback.text_line, &rollback.text)));
            for change in &rollback.children {
                let before = self.problems.len();
                if let Ok(scripts) = self.scripts(change, context, names, transaction) {
                    back.extend(scripts);
                }
                self.problems.truncate(before);
            }
        }
        back
    }

    fn verdict(&mut self, set: &Element, context: &Context) -> Verdict {
        let mut verdict = Verdict::Run;
        for conditions in set.all("preConditions") {
            let fail = conditions.said("onFail").unwrap_or("HALT").to_ascii_uppercase();
            let lenient = match fail.as_str() {
                "MARK_RAN" => Verdict::Marked,
                "CONTINUE" => Verdict::Passed,
                _ => continue,
            };
            match self.all_hold(conditions) {
                Some(true) => {}
                Some(false) => verdict = lenient,
                None => {
                    let text = format!(
                        "whether changeset {} runs depends on the database; it is taken to run",
                        set.said("id").unwrap_or_default()
                    );
                    self.problem(ProblemKind::Unresolved, &context.path, conditions.line, text);
                }
            }
        }
        verdict
    }

    fn all_hold(&self, conditions: &Element) -> Option<bool> {
        let each: Vec<Option<bool>> = conditions.children.iter().map(|one| self.holds(one)).collect();
        if each.contains(&Some(false)) {
            return Some(false);
        }
        if each.contains(&None) { None } else { Some(true) }
    }

    fn holds(&self, condition: &Element) -> Option<bool> {
        match condition.name.as_str() {
            "and" => self.all_hold(condition),
            "or" => {
                let each: Vec<Option<bool>> = condition.children.iter().map(|one| self.holds(one)).collect();
                if each.contains(&Some(true)) {
                    return Some(true);
                }
                if each.contains(&None) { None } else { Some(false) }
            }
            "not" => self.all_hold(condition).map(|holds| !holds),
            "dbms" => Some(self.meant(condition.said("type"))),
            "changeLogPropertyDefined" if condition.said("value").is_none() => {
                Some(self.knows(condition.said("property")?))
            }
            "changeSetExecuted" => {
                let start = format!("{}::{}::", condition.said("id")?, condition.said("author")?);
                let file = condition.said("changeLogFile").unwrap_or_default();
                Some(self.steps.iter().any(|step| step.version.starts_with(&start) && step.version.ends_with(file)))
            }
            _ => self.facts.holds(condition),
        }
    }
}

/// Whether Liquibase takes comments out of a text; it matters where they are inside the body of a routine.
fn strips(change: &Element, text: &str) -> bool {
    change.is("stripComments") && (text.contains('$') || text.to_ascii_lowercase().contains("begin"))
}

/// A text without the comments outside of quotes. Bodies between dollar signs are no quotes to Liquibase.
fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['\'', '"', '-', '/']) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let first = rest.chars().next().unwrap_or_default();
        let end = match first {
            '-' if rest.starts_with("--") => {
                rest = rest.get(rest.find('\n').unwrap_or(rest.len())..).unwrap_or_default();
                continue;
            }
            '/' if rest.starts_with("/*") && !rest.starts_with("/*!") && !rest.starts_with("/*+") => {
                rest = rest.get(rest.find("*/").map_or(rest.len(), |end| end + 2)..).unwrap_or_default();
                continue;
            }
            '-' | '/' => 1,
            quote => rest.get(1..).and_then(|tail| tail.find(quote)).map_or(rest.len(), |end| end + 2),
        };
        out.push_str(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// A text cut where the changeset says so, with the lines at which the pieces begin, from 0. What the server can tell apart itself stays whole.
fn pieces<'a>(change: &Element, text: &'a str) -> Vec<(u32, &'a str)> {
    let whole = change.said("splitStatements").is_some_and(|word| word.eq_ignore_ascii_case("false"));
    let delimiter = change.attribute("endDelimiter").map(|one| one.replace("\\n", "\n").replace("\\s*", ""));
    let delimiter = delimiter.as_deref().map(str::trim).filter(|one| !one.is_empty() && *one != ";");
    let Some(delimiter) = delimiter.filter(|_| !whole) else {
        return if text.trim().is_empty() { Vec::new() } else { vec![(0, text)] };
    };
    let (mut found, mut from, mut at, mut begin) = (Vec::new(), 0_usize, 0_usize, 0_u32);
    let alone = delimiter == "/" || delimiter.chars().all(char::is_alphanumeric);
    let mut keep = |from: usize, to: usize, line: u32| {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.trim().is_empty()) {
            found.push((line, piece));
        }
    };
    for (number, line) in (0_u32..).zip(text.split_inclusive('\n')) {
        let bare = line.trim();
        if bare.eq_ignore_ascii_case(delimiter) {
            keep(from, at, begin);
            (from, begin) = (at + line.len(), number.saturating_add(1));
        } else if !alone && bare.ends_with(delimiter) {
            let end = at + line.rfind(delimiter).unwrap_or(line.len());
            keep(from, end, begin);
            (from, begin) = (at + line.len(), number.saturating_add(1));
        }
        at += line.len();
    }
    keep(from, text.len(), begin);
    found
}
