//! `pilab lint`.
use super::args::{AtArg, OutputArgs};
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Level, Result};
use crate::{ops, render};
use clap::Args;

const FORMATS: [Format; 3] = [Format::Text, Format::Json, Format::Md];

/// Arguments of `lint`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab lint             exit code 3 when there are errors\n",
    "  pilab lint --at main   the last commit, not the work tree\n",
    "  pilab lint -o json",
))]
pub(super) struct LintArgs {
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &LintArgs, world: &World, ui: &Ui) -> Result<u8> {
    let targets = outputs::targets(&args.output.output, args.output.json, &FORMATS, &world.dir)?;
    let report = {
        let spinner = ui.spinner();
        ops::Lint.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&report),
        Format::Md => Ok(render::lint_md(&report)),
        _ => Ok(render::lint_text(&report, &ui.style)),
    })?;
    Ok(if report.diagnostics.iter().any(|found| found.level == Level::Error) { 3 } else { 0 })
}
