//! The command line as written: the tree of commands and the flags that several of them share.
use super::{
    auth, chart, complete, completions, config, db, demo, drift, explain, help, lint, man, notes, render, repo, schema,
    status, trust, version,
};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Know what runs where, what differs, what changed, and whether you may promote
#[derive(Debug, Parser)]
#[command(name = "pilab", version, disable_help_subcommand = true, max_term_width = 100)]
#[command(
    after_help = "Start with pilab demo --tour, read on with pilab COMMAND --help.\nTopics of pilab help: options, ranges, formats, environment, exit-codes"
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Flags of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Globals {
    /// Act as if started in this folder
    #[arg(short = 'C', global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(super) dir: Option<PathBuf>,
    /// Read this file of settings in place of the user's
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// When to write colours
    #[arg(long, global = true, value_name = "WHEN")]
    pub(super) color: Option<When>,
    /// Draw with ASCII only
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Columns of text
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=10000))]
    pub(super) width: Option<u16>,
    /// Say less: no progress and next commands; twice: no warnings
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) quiet: u8,
}

/// When to write colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    pub(super) fn word(self) -> &'static str {
        match self {
            When::Auto => "auto",
            When::Always => "always",
            When::Never => "never",
        }
    }
}

/// Where results go.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct OutputArgs {
    /// Format of the result and the file it goes to; may be repeated (pilab help formats)
    #[arg(short, long = "output", value_name = "FORMAT[=FILE]", add = ArgValueCompleter::new(complete::format))]
    pub(super) output: Vec<String>,
    /// Short for `-o json`
    #[arg(long)]
    pub(super) json: bool,
}

/// The past state to answer for.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct AtArg {
    /// Answer for this past state of the config repository: a revision or a date
    #[arg(long, value_name = "REV|DATE", add = ArgValueCompleter::new(complete::at))]
    pub(super) at: Option<String>,
}

/// How much is told.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct VerboseArg {
    /// Tell more
    #[arg(short, long, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

/// Whether long texts are shown through a pager.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct PagerArg {
    /// Never start a pager
    #[arg(long)]
    pub(super) no_pager: bool,
}

/// A severity on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Band {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl From<Band> for crate::model::Severity {
    fn from(band: Band) -> Self {
        match band {
            Band::Info => Self::Info,
            Band::Low => Self::Low,
            Band::Medium => Self::Medium,
            Band::High => Self::High,
            Band::Critical => Self::Critical,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show which version is where, and what stands out
    Status(status::StatusArgs),
    /// Find what differs between environments or refs
    Drift(Box<drift::DriftArgs>),
    /// Print the Kubernetes objects that a module renders to
    Render(render::RenderArgs),
    /// Show database schemas, and what differs between them
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Db(db::DbArgs),
    /// Write release notes for a range
    Notes(notes::NotesArgs),
    /// Explain a rule or an error code
    Explain(explain::ExplainArgs),
    /// Check the config repository
    Lint(lint::LintArgs),
    /// Print the JSON Schema of documents and reports
    Schema(schema::SchemaArgs),
    /// List and fetch charts that the modules' charts need
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Chart(chart::ChartArgs),
    /// List and fetch the modules' repositories
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Repo(repo::RepoArgs),
    /// Write a demo to look at: a shop with real Git history
    Demo(demo::DemoArgs),
    /// Keep tokens for hosts
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Auth(auth::AuthArgs),
    /// Show the settings
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Config(config::ConfigArgs),
    /// Trust this repository's .pilab.toml as it stands
    Trust(trust::TrustArgs),
    /// Print a script for completion by a shell
    Completions(completions::CompletionsArgs),
    /// Print a man page
    Man(man::ManArgs),
    /// Explain a topic or a command
    Help(help::HelpArgs),
    /// Print the version
    Version(version::VersionArgs),
}

impl Command {
    /// What the command says about drawing: `-v` and `--no-pager`.
    pub(super) fn drawing(&self) -> (u8, bool) {
        match self {
            Command::Status(args) => (args.verbose.verbose, false),
            Command::Drift(args) => args.drawing(),
            Command::Explain(args) => (0, args.pager.no_pager),
            Command::Help(args) => (0, args.pager.no_pager),
            _ => (0, false),
        }
    }

    /// Whether the answer depends on the settings, so that broken ones are an error and not a warning.
    pub(super) fn needs_settings(&self) -> bool {
        !matches!(
            self,
            Command::Explain(_) | Command::Completions(_) | Command::Man(_) | Command::Help(_) | Command::Version(_)
        )
    }
}
