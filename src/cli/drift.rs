//! `pilab drift`.
use super::args::{AtArg, Band, OutputArgs, VerboseArg};
use super::context::World;
use super::finding::{self, FindingCommand};
use super::outputs::{self, Format};
use super::ui::Ui;
use super::{complete, hints};
use crate::model::{Kind, Result, Severity};
use crate::ops;
use crate::render::{self, DriftView};
use clap::{Args, ValueEnum};
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Arguments of `drift`.
#[derive(Debug, Default, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab drift                            every pair of the promotion path\n",
    "  pilab drift staging..prod              what differs in prod from staging\n",
    "  pilab drift --fail-on high             for CI: exit code 3 at high or above\n",
    "  pilab drift v1.2..v1.3 --check code    what changed between two refs\n",
    "  pilab drift staging..prod --pending    what waits for the promotion too\n",
    "  pilab drift -o json=drift.json -o md   JSON into a file, Markdown here",
))]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct DriftArgs {
    #[command(subcommand)]
    command: Option<FindingCommand>,
    /// A..B: environments, snapshots or refs; B is looked at, A is what it should be like
    #[arg(value_name = "RANGE", add = ArgValueCompleter::new(complete::range_or_ref))]
    range: Option<String>,
    /// Like RANGE, environments only
    #[arg(long, value_name = "A..B", conflicts_with = "range", add = ArgValueCompleter::new(complete::range))]
    env: Option<String>,
    /// Exit with 3 when a finding is at or above this
    #[arg(long, value_name = "SEVERITY", default_value = "never")]
    fail_on: Limit,
    /// Show only findings at or above this
    #[arg(long, value_name = "SEVERITY")]
    min: Option<Band>,
    /// Only this module; may be repeated
    #[arg(long = "module", value_name = "NAME", add = ArgValueCompleter::new(complete::module))]
    modules: Vec<String>,
    /// Only these kinds of drift
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    check: Vec<Check>,
    /// List pending differences too, and count them
    #[arg(long)]
    pending: bool,
    /// List accepted differences too
    #[arg(long)]
    accepted: bool,
    /// List expected differences too
    #[arg(long)]
    expected: bool,
    /// Only findings that were not there then: a revision, a date or snap:NAME
    #[arg(long, value_name = "REV", add = ArgValueCompleter::new(complete::past))]
    new_since: Option<String>,
    /// A JSON report or Baseline whose findings count as accepted
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    baseline: Option<PathBuf>,
    /// Exit with 0 when something could not be checked
    #[arg(long)]
    allow_incomplete: bool,
    /// Show the values of secrets
    #[arg(long)]
    show_secrets: bool,
    /// One line for each finding
    #[arg(long)]
    oneline: bool,
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    verbose: VerboseArg,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Limit {
    #[default]
    Never,
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Check {
    Versions,
    Code,
    Env,
    Helm,
    Schema,
}

impl DriftArgs {
    pub(super) fn drawing(&self) -> (u8, bool) {
        self.command.as_ref().map_or((self.verbose.verbose, false), FindingCommand::drawing)
    }

    fn request(&self, world: &World) -> ops::Drift {
        ops::Drift {
            range: self.env.clone().or_else(|| self.range.clone()),
            environments_only: self.env.is_some(),
            modules: self.modules.clone(),
            kinds: self.check.iter().map(|check| check.kind()).collect(),
            fail_on: self.fail_on.severity(),
            pending: self.pending,
            allow_incomplete: self.allow_incomplete,
            new_since: self.new_since.clone(),
            baseline: self.baseline.as_ref().map(|file| world.path(file)),
            show_secrets: self.show_secrets,
        }
    }
}

impl Limit {
    fn severity(self) -> Option<Severity> {
        match self {
            Limit::Never => None,
            Limit::Info => Some(Severity::Info),
            Limit::Low => Some(Severity::Low),
            Limit::Medium => Some(Severity::Medium),
            Limit::High => Some(Severity::High),
            Limit::Critical => Some(Severity::Critical),
        }
    }
}

impl Check {
    fn kind(self) -> Kind {
        match self {
            Check::Versions => Kind::Versions,
            Check::Code => Kind::Code,
            Check::Env => Kind::Env,
            Check::Helm => Kind::Helm,
            Check::Schema => Kind::Schema,
        }
    }
}

pub(super) fn run(args: &DriftArgs, world: &World, ui: &Ui) -> Result<u8> {
    if let Some(command) = &args.command {
        return finding::run(command, world, ui);
    }
    if let Some(error) = args.range.as_deref().and_then(|range| hints::not_a_range(range, &[])) {
        return Err(error);
    }
    let formats = [Format::Text, Format::Json, Format::Md, Format::Diff];
    let targets = outputs::targets(&args.output.output, args.output.json, &formats, &world.dir)?;
    let (report, patches) = {
        let spinner = ui.spinner();
        let (request, context) = (args.request(world), world.context(args.at.at.as_deref(), &spinner));
        let report = request.run(&context)?;
        let wanted = targets.iter().any(|target| target.format == Format::Diff);
        (report, if wanted { request.patches(&context)? } else { Vec::new() })
    };
    let view = DriftView {
        min: args.min.map(Severity::from),
        pending: args.pending,
        accepted: args.accepted,
        expected: args.expected,
        oneline: args.oneline,
        next: ui.talks(),
    };
    outputs::write(ui, &targets, |format| match format {
        Format::Text => Ok(render::drift_text(&report, &view, &ui.style)),
        Format::Json => render::json(&report),
        Format::Md => Ok(render::drift_md(&report, &view)),
        Format::Diff | Format::Yaml | Format::Sql => Ok(render::patches_text(&patches, &ui.style)),
    })?;
    Ok(report.exit.code)
}
