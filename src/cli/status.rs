//! `pilab status`.
use super::args::{AtArg, OutputArgs, VerboseArg};
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::Result;
use crate::{ops, render};
use clap::Args;
use clap_complete::ArgValueCompleter;

/// Arguments of `status`.
#[derive(Debug, Default, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab status                   the whole matrix\n",
    "  pilab status staging prod -v   two environments, with ages and owners\n",
    "  pilab status --at 2026-10-01   as it was on that day\n",
    "  pilab status -o md=status.md   text here, Markdown into a file",
))]
pub(super) struct StatusArgs {
    /// Only these environments
    #[arg(value_name = "ENV", add = ArgValueCompleter::new(complete::environment))]
    environments: Vec<String>,
    /// Only this module; may be repeated
    #[arg(long = "module", value_name = "NAME", add = ArgValueCompleter::new(complete::module))]
    modules: Vec<String>,
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    pub(super) verbose: VerboseArg,
}

pub(super) fn run(args: &StatusArgs, world: &World, ui: &Ui) -> Result<u8> {
    let formats = [Format::Text, Format::Json, Format::Md];
    let targets = outputs::targets(&args.output.output, args.output.json, &formats, &world.dir)?;
    let request = ops::Status { environments: args.environments.clone(), modules: args.modules.clone() };
    let report = {
        let spinner = ui.spinner();
        request.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Text => Ok(render::status_text(&report, &ui.style)),
        Format::Json => render::json(&report),
        _ => Ok(render::status_md(&report)),
    })?;
    Ok(0)
}
