//! Texts with a grammar of their own: regular expressions, globs, templates, conditions, dates and durations.
use super::document::{Document, Read};
use super::file::File;
use super::names::{at, scalars};
use crate::engines::yaml::Node;
use crate::model::{Code, Diagnostic, closest, codes};
use crate::tree::{MemTree, glob};
use minijinja::Environment;
use std::collections::{BTreeMap, BTreeSet};

/// Longer templates and conditions are refused, bytes.
const LONGEST: usize = 2000;
/// What templates of refs and files see.
const TEMPLATE_WORDS: &[&str] = &["version", "module", "env", "project", "instance"];
/// What conditions of policies see.
const CONDITION_WORDS: &[&str] = &["finding", "module", "env", "from", "to", "project"];

/// What is wrong with a text, and a way out.
type Verdict = Option<(String, Option<String>)>;

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grammar {
    Regex,
    Glob,
    Template,
    /// A template of anything but a path.
    Words,
    RefTemplate,
    Condition,
    Date,
    Duration,
}

use Grammar::{Condition, Date, Duration, Glob, RefTemplate, Regex, Template, Words};

/// Where such texts stand: kind, path to a mapping or list of mappings, key, grammar.
const TEXTS: &[(&str, &[&str], &str, Grammar)] = &[
    ("Project", &["spec", "versions"], "tagPattern", Regex),
    ("Project", &["spec", "tickets"], "pattern", Regex),
    ("Project", &["spec", "defaults", "module"], "refTemplate", RefTemplate),
    ("Project", &["spec", "defaults", "module", "codeRefs"], "patterns", Regex),
    ("Project", &["spec", "defaults", "module", "env"], "files", Template),
    ("Project", &["spec", "defaults", "module", "env"], "dotenv", Template),
    ("Project", &["spec", "defaults", "module", "env"], "path", Template),
    ("Project", &["spec", "defaults", "module", "env"], "service", Template),
    ("Module", &["spec", "versions"], "tagPattern", Regex),
    ("Module", &["spec", "codeRefs"], "patterns", Regex),
    ("Module", &["spec"], "path", Glob),
    ("Module", &["spec"], "paths", Glob),
    ("Module", &["spec"], "refTemplate", RefTemplate),
    ("Module", &["spec", "images"], "tagTemplate", Template),
    ("Module", &["spec", "env"], "files", Template),
    ("Module", &["spec", "env"], "dotenv", Template),
    ("Module", &["spec", "env"], "path", Template),
    ("Module", &["spec", "env"], "service", Template),
    ("Module", &["spec", "chart"], "path", Template),
    ("Module", &["spec", "chart"], "release", Template),
    ("Module", &["spec", "chart"], "namespace", Template),
    ("Module", &["spec", "chart"], "values", Template),
    ("Module", &["spec", "chart", "values"], "file", Template),
    ("Module", &["spec", "chart"], "set", Words),
    ("Module", &["spec"], "manifests", Template),
    ("Module", &["spec", "chart"], "rendered", Template),
    ("Module", &["spec", "kustomize"], "path", Template),
    ("Module", &["spec", "terraform"], "path", Template),
    ("Module", &["spec", "terraform"], "varFiles", Template),
    ("Module", &["spec", "schema"], "files", Glob),
    ("Environment", &["spec", "cluster", "argocd"], "app", Template),
    ("Environment", &["spec"], "maxLag", Duration),
    ("Environment", &["spec", "freeze"], "from", Date),
    ("Environment", &["spec", "freeze"], "to", Date),
    ("Environment", &["spec", "freeze"], "duration", Duration),
    ("Deployment", &[], "deployedAt", Date),
    ("Snapshot", &["spec"], "at", Date),
    ("Baseline", &["spec", "accepted"], "until", Date),
    ("Policy", &["spec", "rules"], "when", Condition),
    ("Policy", &["spec", "rules"], "expires", Date),
    ("Policy", &["spec", "ignore"], "expires", Date),
    ("Policy", &["spec", "expected"], "mustDiffer", Glob),
    ("Policy", &["spec", "expected"], "mayDiffer", Glob),
    ("Policy", &["spec", "expected"], "mustEqual", Glob),
    ("Policy", &["spec", "gates", "promote"], "maxAgeOfReport", Duration),
    ("Source", &["spec"], "match", Regex),
    ("Source", &["spec"], "imageTag", Regex),
];

/// Problems of such texts in all documents.
pub(super) fn check(read: &Read) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut judged = BTreeMap::new();
    for document in &read.documents {
        if let Some(file) = read.files.get(document.file) {
            one_document(file, document, &mut judged, &mut problems);
        }
    }
    problems
}

fn one_document<'a>(
    file: &File,
    document: &'a Document,
    judged: &mut BTreeMap<(Grammar, &'a str), Judged>,
    problems: &mut Vec<Diagnostic>,
) {
    for (_, path, key, grammar) in TEXTS.iter().filter(|(kind, ..)| *kind == document.kind) {
        let Some(place) = at(&document.node, path) else { continue };
        let single = std::slice::from_ref(place);
        let holders = if place.as_list().is_empty() { single } else { place.as_list() };
        let found = holders.iter().flat_map(|holder| scalars(holder, &[key]));
        // Of a mapping with free keys the values are such texts.
        let each = |node: &'a Node| match node.as_map() {
            [] => vec![node],
            entries => entries.iter().map(|(_, value)| value).collect(),
        };
        for node in found.flat_map(each) {
            let Some(text) = node.scalar_str().filter(|text| !text.is_empty()) else { continue };
            let verdict = judged.entry((*grammar, text)).or_insert_with(|| judge(*grammar, text));
            if let Some((code, message, hint)) = verdict {
                let problem = Diagnostic::error(code, message.clone()).at(file.place(node.span));
                problems.push(match hint {
                    Some(hint) => problem.hint(hint.clone()),
                    None => problem,
                });
            }
        }
    }
}

/// A verdict with its code.
type Judged = Option<(&'static Code, String, Option<String>)>;

fn judge(grammar: Grammar, text: &str) -> Judged {
    // The template parser goes down one level of the stack for each `not` or bracket.
    if matches!(grammar, Template | Words | RefTemplate | Condition) && text.len() > LONGEST {
        return Some((&codes::PL0019, format!("the text is longer than {LONGEST} bytes"), None));
    }
    let with = |code: &'static Code, verdict: Verdict| verdict.map(|(message, hint)| (code, message, hint));
    match grammar {
        Regex => with(&codes::PL0020, regex(text)),
        Glob => with(&codes::PL0020, pattern(text.trim_start_matches('!'))),
        Template => with(&codes::PL0019, template(text)).or_else(|| with(&codes::PL0020, pattern(&filled(text)))),
        Words => with(&codes::PL0019, template(text)),
        RefTemplate => with(&codes::PL0019, template(text).or_else(|| ref_template(text))),
        Condition => with(&codes::PL0019, condition(text)),
        Date => with(&codes::PL0025, date(text)),
        Duration => with(&codes::PL0025, duration(text)),
    }
}

fn regex(text: &str) -> Verdict {
    let error = regex::Regex::new(text).err()?;
    let why = match error {
        regex::Error::Syntax(report) => {
            report.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it does not parse").to_owned()
        }
        other => other.to_string(),
    };
    let look = text.contains("(?=") || text.contains("(?!") || text.contains("(?<=") || text.contains("(?<!");
    let hint =
        look.then(|| "look-around does not exist here; name a group, (?P<key>…), and match around it".to_owned());
    Some((format!("the regular expression cannot be used: {why}"), hint))
}

fn pattern(text: &str) -> Verdict {
    let text = text.strip_suffix('?').unwrap_or(text);
    glob(&MemTree::default(), text).err().map(|error| (format!("the glob cannot be used: {error}"), None))
}

/// The template with a word in place of each expression, to look at the glob around them.
fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        out.push('x');
        rest = after.split_once("}}").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

fn template(text: &str) -> Verdict {
    let environment = Environment::new();
    match environment.template_from_str(text) {
        Err(error) => Some((format!("the template does not parse: {}", reason(&error)), None)),
        Ok(template) => unknown(template.undeclared_variables(false).into_iter().collect(), TEMPLATE_WORDS, "template"),
    }
}

fn ref_template(text: &str) -> Verdict {
    if text.contains("version") && text.contains("{{") {
        return None;
    }
    let fixed = ["${version}", "{version}", "$version", "%s"].iter().find(|form| text.contains(**form));
    let hint = fixed.map(|form| format!("write \"{}\"", text.replacen(form, "{{ version }}", 1)));
    Some((
        format!("the template '{text}' does not use version, so every version would be the same ref"),
        Some(hint.unwrap_or_else(|| "write \"{{ version }}\" where the version stands".to_owned())),
    ))
}

fn condition(text: &str) -> Verdict {
    let environment = Environment::new();
    let expression = match environment.compile_expression(text) {
        Ok(expression) => expression,
        Err(error) => {
            let words = [("&&", "and"), ("||", "or")];
            let hint = words.iter().find(|(wrong, _)| text.contains(wrong));
            let hint = hint.map(|(wrong, right)| format!("write '{right}' instead of '{wrong}'"));
            return Some((format!("the condition does not parse: {}", reason(&error)), hint));
        }
    };
    for (method, test) in [("endswith", "endingwith"), ("startswith", "startingwith")] {
        if text.contains(&format!(".{method}(")) {
            let message = format!("the method '{method}' does not exist here");
            return Some((message, Some(format!("write: … is {test}('…')"))));
        }
    }
    unknown(expression.undeclared_variables(false).into_iter().collect(), CONDITION_WORDS, "condition")
}

fn unknown(used: BTreeSet<String>, known: &[&str], what: &str) -> Verdict {
    let name = used.into_iter().find(|name| !known.contains(&name.as_str()))?;
    let hint = match closest(&name, known.iter().copied()).or((name == "environment").then_some("env")) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("a {what} sees: {}", known.join(" ")),
    };
    Some((format!("the {what} names '{name}', which does not exist there"), Some(hint)))
}

fn reason(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

fn date(text: &str) -> Verdict {
    let hint = "write 2026-11-25 or 2026-11-25T12:00:00Z".to_owned();
    read_date(text).is_none().then(|| (format!("'{text}' is no date"), Some(hint)))
}

/// The last moment that a date or time names: a date lasts until its end in UTC.
pub(super) fn read_date(text: &str) -> Option<jiff::Timestamp> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time);
    }
    if text.len() != 10 {
        return None;
    }
    let next = text.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
    next.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn duration(text: &str) -> Verdict {
    let good = text.starts_with('P') && text.parse::<jiff::Span>().is_ok_and(|span| span.is_positive());
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text.get(number.len()..).unwrap_or("").trim();
    let hint = match unit.chars().next() {
        Some('d') if !number.is_empty() => format!("write P{number}D"),
        Some('h') if !number.is_empty() => format!("write PT{number}H"),
        Some('w') if !number.is_empty() => format!("write P{number}W"),
        Some('m') if !number.is_empty() && !unit.starts_with("mo") => format!("write PT{number}M"),
        _ => "write P30D for 30 days, PT1H for an hour".to_owned(),
    };
    (!good).then(|| (format!("'{text}' is no duration"), Some(hint)))
}
