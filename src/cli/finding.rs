//! `pilab drift explain`, `accept` and `revoke`.
use super::args::{AtArg, OutputArgs, PagerArg};
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::Result;
use crate::{ops, render};
use clap::{ArgGroup, Args, Subcommand};
use clap_complete::ArgValueCompleter;

/// What can be done with findings.
#[derive(Debug, Subcommand)]
pub(super) enum FindingCommand {
    /// Show evidence, cause, severity and ways out of a finding
    Explain(FindingExplain),
    /// Accept findings with a reason, until a date
    Accept(FindingAccept),
    /// Take acceptances back
    Revoke(FindingRevoke),
}

/// Arguments of `drift explain`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab drift explain 3f9c2ab\n",
    "  pilab drift explain 3f9c --range qa..prod   a pair that is not on the promotion path",
))]
pub(super) struct FindingExplain {
    /// Id of the finding, or its beginning
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::finding))]
    id: String,
    /// The range it was found in; without it all pairs of the promotion path
    #[arg(long, value_name = "A..B", add = ArgValueCompleter::new(complete::range_or_ref))]
    range: Option<String>,
    /// Show the values of secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    pager: PagerArg,
}

/// Arguments of `drift accept`.
#[derive(Debug, Args)]
#[command(override_usage = "pilab drift accept --reason <TEXT> --until <DATE> [OPTIONS] <ID>...\n       \
                            pilab drift accept --reason <TEXT> --forever [OPTIONS] <ID>...")]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab drift accept 3f9c2ab --reason \"until the move\" --until 2026-12-31\n",
    "  pilab drift accept 3f9c2ab --reason \"as agreed\" --forever --ticket OPS-12",
))]
#[command(group = ArgGroup::new("end").required(true).args(["until", "forever"]))]
pub(super) struct FindingAccept {
    /// Ids of findings, or their beginnings
    #[arg(value_name = "ID", required = true, add = ArgValueCompleter::new(complete::finding))]
    ids: Vec<String>,
    /// Why it may stay
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which it is accepted: 2026-12-31
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Accept it without an end
    #[arg(long)]
    forever: bool,
    /// Ticket that is about it
    #[arg(long, value_name = "KEY")]
    ticket: Option<String>,
    /// Write nothing, print the same
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Arguments of `drift revoke`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab drift revoke 3f9c2ab\n",
    "  pilab drift revoke 3f9c2ab -n   see what would be taken away",
))]
pub(super) struct FindingRevoke {
    /// Ids of findings, or their beginnings
    #[arg(value_name = "ID", required = true, add = ArgValueCompleter::new(complete::finding))]
    ids: Vec<String>,
    /// Write nothing, print the same
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    output: OutputArgs,
}

impl FindingCommand {
    pub(super) fn drawing(&self) -> (u8, bool) {
        match self {
            FindingCommand::Explain(args) => (0, args.pager.no_pager),
            _ => (0, false),
        }
    }
}

pub(super) fn run(command: &FindingCommand, world: &World, ui: &Ui) -> Result<u8> {
    match command {
        FindingCommand::Explain(args) => explain(args, world, ui),
        FindingCommand::Accept(args) => {
            let request = ops::Accept {
                ids: args.ids.clone(),
                reason: args.reason.clone(),
                until: args.until.clone(),
                ticket: args.ticket.clone(),
                dry_run: args.dry_run,
            };
            changed(world, ui, &args.output, (false, args.dry_run), |context| request.run(context))
        }
        FindingCommand::Revoke(args) => {
            let request = ops::Revoke { ids: args.ids.clone(), dry_run: args.dry_run };
            changed(world, ui, &args.output, (true, args.dry_run), |context| request.run(context))
        }
    }
}

fn explain(args: &FindingExplain, world: &World, ui: &Ui) -> Result<u8> {
    let formats = [Format::Text, Format::Json, Format::Md];
    let targets = outputs::targets(&args.output.output, args.output.json, &formats, &world.dir)?;
    let request = ops::Explain { id: args.id.clone(), range: args.range.clone(), show_secrets: args.show_secrets };
    let explanation = {
        let spinner = ui.spinner();
        request.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    if let [only] = targets.as_slice()
        && only.format == Format::Text
        && only.file.is_none()
    {
        ui.page(&render::explanation_text(&explanation, &ui.style))?;
        return Ok(0);
    }
    outputs::write(ui, &targets, |format| match format {
        Format::Text => Ok(render::explanation_text(&explanation, &ui.style)),
        Format::Json => render::json(&explanation),
        _ => Ok(render::explanation_md(&explanation)),
    })?;
    Ok(0)
}

fn changed(
    world: &World,
    ui: &Ui,
    output: &OutputArgs,
    (revoked, dry_run): (bool, bool),
    request: impl Fn(&ops::Context<'_>) -> Result<Vec<ops::Acceptance>>,
) -> Result<u8> {
    let targets = outputs::targets(&output.output, output.json, &[Format::Text, Format::Json], &world.dir)?;
    let list = {
        let spinner = ui.spinner();
        request(&world.context(None, &spinner))?
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&ops::AcceptanceReport::from(list.clone())),
        _ => Ok(render::acceptances_text(&list, revoked, dry_run, &ui.style)),
    })?;
    Ok(0)
}
