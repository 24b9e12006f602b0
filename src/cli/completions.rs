//! `pilab completions SHELL`.
use super::args::Cli;
use super::ui::Ui;
use crate::model::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab completions zsh > ~/.zfunc/_pilab   commands and flags only",
    "\n\nWith environments, modules, refs and findings too, and recommended:\n",
    "  bash   source <(COMPLETE=bash pilab)        in ~/.bashrc\n",
    "  zsh    source <(COMPLETE=zsh pilab)         in ~/.zshrc\n",
    "  fish   COMPLETE=fish pilab | source         in ~/.config/fish/config.fish",
))]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, ui: &Ui) -> Result<u8> {
    ui.out(&script(args.shell))?;
    Ok(0)
}

/// The script for a shell; it knows commands and flags, and no names of a project.
pub(super) fn script(shell: Shell) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "pilab", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
