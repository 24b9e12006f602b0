//! `pilab render`.
use super::args::{AtArg, OutputArgs};
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::Result;
use crate::{ops, render};
use clap::Args;
use clap_complete::ArgValueCompleter;

/// Arguments of `render`.
#[derive(Debug, Default, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab render checkout --env prod               what runs in prod now\n",
    "  pilab render checkout --env prod --ref v1.3    what v1.3 would be there\n",
    "  pilab render checkout --ref v1.3 -o json       without an environment's values\n",
))]
pub(super) struct RenderArgs {
    /// Module
    #[arg(value_name = "MODULE", add = ArgValueCompleter::new(complete::module))]
    module: String,
    /// Environment whose values and version are taken
    #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environment))]
    env: Option<String>,
    /// Version or ref, instead of the one that is in the environment
    #[arg(long = "ref", value_name = "REF", add = ArgValueCompleter::new(complete::reference))]
    reference: Option<String>,
    /// Show the values of secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &RenderArgs, world: &World, ui: &Ui) -> Result<u8> {
    let formats = [Format::Yaml, Format::Json];
    let targets = outputs::targets(&args.output.output, args.output.json, &formats, &world.dir)?;
    let request = ops::Render {
        module: args.module.clone(),
        environment: args.env.clone(),
        reference: args.reference.clone(),
        show_secrets: args.show_secrets,
    };
    let report = {
        let spinner = ui.spinner();
        request.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&report),
        _ => Ok(render::manifests_yaml(&report)),
    })?;
    Ok(0)
}
