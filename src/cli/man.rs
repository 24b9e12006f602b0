//! `pilab man`: the pages, made from the tree of commands.
use super::args::Cli;
use super::help::EXIT_CODES;
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use clap::{Args, Command, CommandFactory};

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Read it with: pilab man drift | man -l -")]
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
    let version = env!("CARGO_PKG_VERSION");
    let shown = command.clone().name(name.to_owned()).display_name(name.to_owned()).version(version);
    let mut bytes = Vec::new();
    let man =
        clap_mangen::Man::new(shown).title(name.to_uppercase()).manual("pilab").source(format!("pilab {version}"));
    // Writing to memory does not fail.
    let _ = man.render(&mut bytes);
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    text.push_str(".SH \"EXIT CODES\"\n.nf\n");
    text.push_str(&EXIT_CODES.replace('\\', "\\\\").replace('-', "\\-"));
    text.push_str(".fi\n");
    pages.push((name.to_owned(), text));
    for inner in command.get_subcommands() {
        collect(inner, &format!("{name}-{}", inner.get_name()), pages);
    }
}
