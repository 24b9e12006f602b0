//! `pilab chart list` and `pilab chart fetch`.
use super::args::OutputArgs;
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::Result;
use crate::{ops, render};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

/// Arguments of `chart`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab chart list    charts that others depend on, and whether they are here\n",
    "  pilab chart fetch   bring those that are not",
))]
pub(super) struct ChartArgs {
    #[command(subcommand)]
    command: ChartCommand,
}

#[derive(Debug, Subcommand)]
enum ChartCommand {
    /// List the charts that the modules' charts need from repositories
    #[command(after_help = "Examples:\n  pilab chart list\n  pilab chart list --json")]
    List {
        /// Only what these modules need
        #[arg(value_name = "MODULE", add = ArgValueCompleter::new(complete::module))]
        modules: Vec<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Fetch them into the cache, over https or from OCI registries
    #[command(
        after_help = "Examples:\n  pilab chart fetch            what all modules need\n  pilab chart fetch payments   what one needs"
    )]
    Fetch {
        /// Only what these modules need
        #[arg(value_name = "MODULE", add = ArgValueCompleter::new(complete::module))]
        modules: Vec<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
}

pub(super) fn run(args: &ChartArgs, world: &World, ui: &Ui) -> Result<u8> {
    let (ChartCommand::List { output, .. } | ChartCommand::Fetch { output, .. }) = &args.command;
    let targets = outputs::targets(&output.output, output.json, &[Format::Text, Format::Json], &world.dir)?;
    let charts = {
        let spinner = ui.spinner();
        let context = world.context(None, &spinner);
        match &args.command {
            ChartCommand::List { modules, .. } => ops::ChartList { modules: modules.clone() }.run(&context)?,
            ChartCommand::Fetch { modules, .. } => ops::ChartFetch { modules: modules.clone() }.run(&context)?,
        }
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&ops::ChartReport::from(charts.clone())),
        _ => Ok(render::charts_text(&charts, &ui.style)),
    })?;
    Ok(0)
}
