//! Wrong command lines, told in one line with a way out.
use super::args::Cli;
use crate::model::{Diagnostic, closest, codes};
use clap::CommandFactory;

/// The error for a RANGE that is no range but close to a subcommand of `drift`; `rest` is what stands behind it.
pub(super) fn not_a_range(range: &str, rest: &[String]) -> Option<Box<Diagnostic>> {
    let near = closest(range, ["explain", "accept", "revoke"]).filter(|_| !range.contains(".."))?;
    let rest = if rest.is_empty() { "ID".to_owned() } else { rest.join(" ") };
    let error = Diagnostic::error(&codes::PL0106, format!("'{range}' is neither a range nor a subcommand of drift"));
    Some(Box::new(error.hint(format!("did you mean `pilab drift {near} {rest}`?"))))
}

/// What clap says, cut down to the complaint; the whole usage would push it off the screen.
pub(super) fn usage(error: &clap::Error, arguments: &[String]) -> Diagnostic {
    if let Some(mut at) = arguments.iter().position(|word| word == "drift") {
        at += 1;
        let range = arguments.get(at).filter(|word| !word.starts_with('-'));
        if let Some(error) = range.and_then(|word| not_a_range(word, arguments.get(at + 1..).unwrap_or(&[]))) {
            return *error;
        }
    }
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.starts_with("Usage:")).map(str::trim);
    let (mut message, mut tips) = (String::new(), Vec::new());
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")) {
        if let Some(tip) = line.strip_prefix("tip: ") {
            tips.push(tip.to_owned());
        } else {
            let line = line.strip_prefix("error: ").unwrap_or(line);
            message.push_str(if message.is_empty() { "" } else { " " });
            message.push_str(line);
        }
    }
    let mut diagnostic = Diagnostic::error(&codes::PL0114, message);
    for tip in tips {
        diagnostic = diagnostic.hint(tip);
    }
    diagnostic.hint(format!("{} --help", command_of(arguments)))
}

/// The words of the command that was meant, as far as they are known.
fn command_of(arguments: &[String]) -> String {
    let mut command = Cli::command();
    let mut words = vec!["pilab".to_owned()];
    for word in arguments.iter().skip(1) {
        if let Some(next) = command.find_subcommand(word) {
            words.push(word.clone());
            command = next.clone();
        }
    }
    words.join(" ")
}
