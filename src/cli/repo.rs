//! `pilab repo list` and `pilab repo fetch`.
use super::args::OutputArgs;
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::Result;
use crate::{ops, render};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

/// Arguments of `repo`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab repo list    where each repository is read from\n",
    "  pilab repo fetch   bring all into the cache",
))]
pub(super) struct RepoArgs {
    #[command(subcommand)]
    command: RepoCommand,
}

#[derive(Debug, Subcommand)]
enum RepoCommand {
    /// List the repositories and where they are read from
    #[command(after_help = "Examples:\n  pilab repo list\n  pilab repo list --json")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Fetch repositories into the cache
    #[command(
        after_help = "Examples:\n  pilab repo fetch            all repositories\n  pilab repo fetch payments   one of them"
    )]
    Fetch {
        /// Only these; without names all
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::repository))]
        names: Vec<String>,
        /// Refuse the network: only repositories at local paths are fetched
        #[arg(long)]
        offline: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
}

impl RepoArgs {
    pub(super) fn offline(&self) -> bool {
        matches!(self.command, RepoCommand::Fetch { offline: true, .. })
    }
}

pub(super) fn run(args: &RepoArgs, world: &World, ui: &Ui) -> Result<u8> {
    let (RepoCommand::List { output } | RepoCommand::Fetch { output, .. }) = &args.command;
    let targets = outputs::targets(&output.output, output.json, &[Format::Text, Format::Json], &world.dir)?;
    let repos = {
        let spinner = ui.spinner();
        let context = world.context(None, &spinner);
        match &args.command {
            RepoCommand::List { .. } => ops::RepoList.run(&context)?,
            RepoCommand::Fetch { names, .. } => ops::RepoFetch { names: names.clone() }.run(&context)?,
        }
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&ops::RepositoryReport::from(repos.clone())),
        _ => Ok(render::repos_text(&repos, &ui.style)),
    })?;
    Ok(0)
}
