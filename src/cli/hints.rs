//! Wrong command lines, told in one line with a way out.
use super::args::Cli;
use crate::model::{Diagnostic, closest, codes};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

/// The error for a RANGE that is no range but close to a subcommand of `drift`; `rest` is what stands behind it.
pub(super) fn not_a_range(range: &str, rest: &[String]) -> Option<Box<Diagnostic>> {
    let near = closest(range, ["explain", "accept", "revoke"]).filter(|_| !range.contains(".."))?;
    let rest = if rest.is_empty() { "ID".to_owned() } else { rest.join(" ") };
    let error = Diagnostic::error(&codes::PL0106, format!("'{range}' is neither a range nor a subcommand of drift"));
    Some(Box::new(error.hint(format!("did you mean `pilab drift {near} {rest}`?"))))
}

/// What is wrong with a command line, in a line; the whole usage would push it off the screen.
pub(super) fn usage(error: &clap::Error, arguments: &[String]) -> Diagnostic {
    if let Some(mut at) = arguments.iter().position(|word| word == "drift") {
        at += 1;
        let range = arguments.get(at).filter(|word| !word.starts_with('-'));
        if let Some(error) = range.and_then(|word| not_a_range(word, arguments.get(at + 1..).unwrap_or(&[]))) {
            return *error;
        }
    }
    let (name, command) = meant(arguments);
    let said = |kind: ContextKind| texts(error.get(kind));
    let first = |kind: ContextKind| said(kind).into_iter().next().unwrap_or_default();
    let wrong = |message: String| Diagnostic::error(&codes::PL0114, message);
    let help = format!("{name} --help");
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = first(ContextKind::InvalidSubcommand);
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let error = wrong(format!("{name} has no command '{word}'"));
            suggest(error, &word, &known, said(ContextKind::SuggestedSubcommand), help)
        }
        ErrorKind::UnknownArgument => {
            let word = first(ContextKind::InvalidArg);
            if !word.starts_with('-') {
                return wrong(format!("'{word}' is one word too many for {name}")).hint(help);
            }
            let known: Vec<String> =
                command.get_arguments().filter_map(|arg| arg.get_long()).map(|long| format!("--{long}")).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let error = wrong(format!("{name} has no flag '{word}'"));
            suggest(error, &word, &known, said(ContextKind::SuggestedArg), help)
        }
        ErrorKind::InvalidValue => value(error, help),
        ErrorKind::MissingRequiredArgument => {
            // A group of flags is shown as `<--until <DATE>|--forever>`.
            let plain = |text: String| match text.strip_prefix("<--").and_then(|text| text.strip_suffix('>')) {
                Some(group) => format!("--{group}").replace("|--", " or --"),
                None => text,
            };
            let missing = said(ContextKind::InvalidArg).into_iter().map(plain).collect::<Vec<_>>().join(" and ");
            let example = super::help::examples(&command).into_iter().next();
            let error = wrong(format!("{name} needs {missing}"));
            if let Some(example) = example { error.hint(example) } else { error.hint(help) }
        }
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg).join(" and ");
            wrong(format!("{} and {other} do not go together", first(ContextKind::InvalidArg))).hint(help)
        }
        _ => wrong(shortened(error)).hint(help),
    }
}

/// A value that a flag does not take, or none at all.
fn value(error: &clap::Error, help: String) -> Diagnostic {
    let first = |kind: ContextKind| texts(error.get(kind)).into_iter().next().unwrap_or_default();
    let (word, flag) = (first(ContextKind::InvalidValue), first(ContextKind::InvalidArg));
    let known = texts(error.get(ContextKind::ValidValue));
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let message =
        if word.is_empty() { format!("{flag} needs a value") } else { format!("{flag} does not take '{word}'") };
    let error = Diagnostic::error(&codes::PL0114, message).did_you_mean(&word, names.iter().copied());
    if names.is_empty() { error.hint(help) } else { error.hint(format!("values: {}", names.join(", "))) }
}

/// Adds the nearest known name, else what clap suggests, else where to read on.
fn suggest(error: Diagnostic, word: &str, known: &[&str], suggested: Vec<String>, help: String) -> Diagnostic {
    let near = closest(word, known.iter().copied()).map(str::to_owned).or_else(|| suggested.into_iter().next());
    match near {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error.hint(help),
    }
}

fn texts(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(list)) => list.clone(),
        _ => Vec::new(),
    }
}

/// What clap says, without usage and tips.
fn shortened(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.starts_with("Usage:")).map(str::trim);
    let lines = lines
        .filter(|line| !line.is_empty() && !line.starts_with("For more information") && !line.starts_with("tip: "));
    lines.map(|line| line.strip_prefix("error: ").unwrap_or(line)).collect::<Vec<_>>().join(" ")
}

/// The command that was meant, as far as its words are known, and its name.
fn meant(arguments: &[String]) -> (String, Command) {
    let mut command = Cli::command();
    command.build();
    let mut words = vec!["pilab".to_owned()];
    for word in arguments.iter().skip(1) {
        if let Some(next) = command.find_subcommand(word) {
            words.push(word.clone());
            command = next.clone();
        }
    }
    (words.join(" "), command)
}
