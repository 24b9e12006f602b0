//! `pilab man`: the pages, made from the tree of commands.
use super::args::Cli;
use super::help::EXIT_CODES;
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use clap::{Arg, Args, Command, CommandFactory};
use clap_mangen::Man;

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab man drift | man -l -                        read it\n",
    "  pilab man drift explain > pilab-drift-explain.1",
))]
pub(super) struct ManArgs {
    /// The command: `drift`, `drift explain`; without it the page of pilab
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

pub(super) fn run(args: &ManArgs, ui: &Ui) -> Result<u8> {
    let name = format!("pilab-{}", args.command.join("-"));
    let pages = pages();
    let page = pages.iter().find(|(page, _)| *page == name.trim_end_matches('-'));
    match page {
        Some((_, text)) => ui.out(text)?,
        None => {
            let words = args.command.join(" ");
            let error = Diagnostic::error(&codes::PL0114, format!("there is no command '{words}'"));
            let known: Vec<String> =
                pages.iter().map(|(page, _)| page.replace("pilab-", "").replace('-', " ")).collect();
            return Err(Box::new(error.did_you_mean(&words, known.iter().map(String::as_str)).hint("pilab --help")));
        }
    }
    Ok(0)
}

/// Every page: name (`pilab-drift-explain`) and text.
pub(super) fn pages() -> Vec<(String, String)> {
    let mut root = Cli::command();
    root.build();
    let mut pages = Vec::new();
    collect(&root, "pilab", &mut pages);
    pages
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, String)>) {
    pages.push((name.to_owned(), page(command, name)));
    for inner in command.get_subcommands() {
        collect(inner, &format!("{name}-{}", inner.get_name()), pages);
    }
}

fn page(command: &Command, name: &str) -> String {
    let usage = command.clone().render_usage().to_string();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let shown = command.clone().name(name.to_owned()).display_name(name.to_owned()).mut_args(listed);
    let commands = shown.has_subcommands();
    let man = Man::new(shown).title(name.to_uppercase());
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let _ = man.render_name_section(&mut bytes);
    let usage = usage.trim().strip_prefix("Usage:").unwrap_or(&usage).trim();
    let usage: Vec<&str> = usage.lines().map(str::trim).collect();
    verbatim(&mut bytes, "SYNOPSIS", &usage.join("\n"));
    let _ = man.render_description_section(&mut bytes);
    let _ = man.render_options_section(&mut bytes);
    if commands {
        let _ = man.render_subcommands_section(&mut bytes);
    }
    if let Some(examples) = examples.strip_prefix("Examples:\n") {
        verbatim(&mut bytes, "EXAMPLES", examples);
    }
    verbatim(&mut bytes, "EXIT STATUS", EXIT_CODES);
    let body = String::from_utf8_lossy(&bytes);
    let title = format!(".TH {} 1 \"\" \"pilab {}\" pilab\n", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    // An apostrophe is the string Aq in what clap_mangen writes; where groff is at work it is the plain one.
    format!(".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n{title}{body}")
}

/// An argument whose values stand in its sentence; as a list they fill the page.
fn listed(arg: Arg) -> Arg {
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if values.is_empty() || !arg.get_action().takes_values() {
        return arg;
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    arg.help(format!("{help}: {}", values.join(", "))).hide_possible_values(true)
}

/// A section whose lines stay as they are.
fn verbatim(out: &mut Vec<u8>, title: &str, text: &str) {
    let quoted = |line: &str| {
        let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
        if line.starts_with('.') { format!("\\&{line}") } else { line }
    };
    let lines: String = text.trim_end().lines().map(|line| quoted(line) + "\n").collect();
    out.extend_from_slice(format!(".SH \"{title}\"\n.nf\n{lines}.fi\n").as_bytes());
}
