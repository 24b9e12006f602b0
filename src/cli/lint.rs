//! `pilab lint`.
use super::args::{AtArg, OutputArgs};
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Level, Result};
use crate::{ops, render};
use clap::Args;

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &LintArgs, world: &World, ui: &Ui) -> Result<u8> {
    let targets = outputs::targets(&args.output.output, args.output.json, &[Format::Text, Format::Json], &world.dir)?;
    let report = {
        let spinner = ui.spinner();
        ops::Lint.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&report),
        _ => Ok(render::lint_text(&report, &ui.style)),
    })?;
    Ok(if report.diagnostics.iter().any(|found| found.level == Level::Error) { 3 } else { 0 })
}
