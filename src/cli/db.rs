//! `pilab db show`, `diff`, `inspect` and `record`.
use super::args::{AtArg, OutputArgs};
use super::complete;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Result, SchemaDiffReport, SchemaReport};
use crate::{ops, render};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Arguments of `db`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab db show orders --env prod        the schema that prod's version makes\n",
    "  pilab db diff v1.2..v1.3               what the migrations between them do\n",
    "  pilab db diff --live prod              what prod's database has instead\n",
    "  pilab db inspect --dsn env://DB_URL    the schema that a database has\n",
))]
pub(super) struct DbArgs {
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Debug, Subcommand)]
enum DbCommand {
    /// Print the schema that the migrations of a version make
    #[command(after_help = concat!(
        "Examples:\n",
        "  pilab db show orders --env prod\n",
        "  pilab db show orders --ref v1.3 -o json\n",
        "  pilab db show orders --ref v1.3 -o sql > schema.sql",
    ))]
    Show {
        /// Module
        #[arg(value_name = "MODULE", add = ArgValueCompleter::new(complete::module))]
        module: String,
        /// Environment whose version is taken
        #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environment))]
        env: Option<String>,
        /// Version or ref, instead of the one that is in the environment
        #[arg(long = "ref", value_name = "REF", add = ArgValueCompleter::new(complete::reference))]
        reference: Option<String>,
        #[command(flatten)]
        at: AtArg,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show what differs between two versions, or between a version and its database
    #[command(after_help = concat!(
        "Examples:\n",
        "  pilab db diff v1.2..v1.3             migrations, what they change, locks\n",
        "  pilab db diff prod..staging          what staging has over prod\n",
        "  pilab db diff v1.2..v1.3 -o sql      DDL that makes the one out of the other\n",
        "  pilab db diff --live prod            reads the database of prod\n",
        "  pilab db diff --live prod --dump prod.sql --module orders",
    ))]
    Diff {
        /// A..B: environments, snapshots or refs; what makes B out of A
        #[arg(value_name = "RANGE", add = ArgValueCompleter::new(complete::range_or_ref))]
        range: Option<String>,
        /// Compare the database of this environment with what its versions should have made
        #[arg(long, value_name = "ENV", conflicts_with = "range", add = ArgValueCompleter::new(complete::environment))]
        live: Option<String>,
        /// Only this module; may be repeated
        #[arg(long = "module", value_name = "NAME", add = ArgValueCompleter::new(complete::module))]
        modules: Vec<String>,
        #[command(flatten)]
        source: SourceArgs,
        /// Exit with 0 when something could not be checked
        #[arg(long)]
        allow_incomplete: bool,
        #[command(flatten)]
        at: AtArg,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Print the schema that a database has; only reads
    #[command(after_help = concat!(
        "Examples:\n",
        "  pilab db inspect --dsn env://DATABASE_URL\n",
        "  pilab db inspect orders --env prod     at the address that prod names\n",
        "  pilab db inspect --sqlite app.db -o sql\n",
        "  pilab db inspect --dump prod.sql --dialect mysql",
    ))]
    Inspect {
        /// Module, with --env
        #[arg(value_name = "MODULE", requires = "env", add = ArgValueCompleter::new(complete::module))]
        module: Option<String>,
        /// Environment that names the address
        #[arg(long, value_name = "ENV", requires = "module", add = ArgValueCompleter::new(complete::environment))]
        env: Option<String>,
        #[command(flatten)]
        source: SourceArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Read a database and keep what it has in the config repository, for drift to compare
    #[command(after_help = concat!(
        "Examples:\n",
        "  pilab db record orders --env prod\n",
        "  pilab db record orders --env prod --dsn env://PROD_READER",
    ))]
    Record {
        /// Module
        #[arg(value_name = "MODULE", add = ArgValueCompleter::new(complete::module))]
        module: String,
        /// Environment
        #[arg(long, value_name = "ENV", add = ArgValueCompleter::new(complete::environment))]
        env: String,
        #[command(flatten)]
        source: SourceArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
}

/// Where a live schema is read from.
#[derive(Debug, Clone, Default, Args)]
struct SourceArgs {
    /// Where the address of the database is kept: env://NAME, keyring://service/name, file:///path
    #[arg(long, value_name = "REFERENCE")]
    dsn: Option<String>,
    /// A SQLite file
    #[arg(long, value_name = "FILE", conflicts_with = "dsn", value_hint = clap::ValueHint::FilePath)]
    sqlite: Option<PathBuf>,
    /// A dump in SQL, for those who must not connect
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dsn", "sqlite"], value_hint = clap::ValueHint::FilePath)]
    dump: Option<PathBuf>,
    /// Dialect of the dump: postgresql, mysql, mariadb, sqlite
    #[arg(long, value_name = "NAME", requires = "dump")]
    dialect: Option<String>,
}

impl SourceArgs {
    fn source(&self) -> ops::DbSource {
        ops::DbSource {
            dsn: self.dsn.clone(),
            sqlite: self.sqlite.clone(),
            dump: self.dump.clone(),
            dialect: self.dialect.clone(),
        }
    }
}

pub(super) fn run(args: &DbArgs, world: &World, ui: &Ui) -> Result<u8> {
    match &args.command {
        DbCommand::Show { module, env, reference, at, output } => {
            let request =
                ops::DbShow { module: module.clone(), environment: env.clone(), reference: reference.clone() };
            schema(world, ui, output, at, |context| request.run(context))
        }
        DbCommand::Inspect { module, env, source, output } => {
            let request = ops::DbInspect { module: module.clone(), environment: env.clone(), source: source.source() };
            schema(world, ui, output, &AtArg::default(), |context| request.run(context))
        }
        DbCommand::Diff { range, live, modules, source, allow_incomplete, at, output } => {
            let request = ops::DbDiff {
                range: range.clone(),
                live: live.clone(),
                modules: modules.clone(),
                source: source.source(),
            };
            let formats = [Format::Text, Format::Json, Format::Md, Format::Sql];
            let targets = outputs::targets(&output.output, output.json, &formats, &world.dir)?;
            let report: SchemaDiffReport = {
                let spinner = ui.spinner();
                request.run(&world.context(at.at.as_deref(), &spinner))?
            };
            report.warnings.iter().for_each(|warning| ui.complain(warning));
            outputs::write(ui, &targets, |format| match format {
                Format::Json => render::json(&report),
                Format::Sql => Ok(render::db_diff_sql(&report)),
                Format::Md => Ok(render::db_diff_md(&report)),
                _ => Ok(render::db_diff_text(&report, &ui.style)),
            })?;
            Ok(if report.not_checked.is_empty() || *allow_incomplete { 0 } else { 5 })
        }
        DbCommand::Record { module, env, source, output } => {
            let request = ops::DbRecord { module: module.clone(), environment: env.clone(), source: source.source() };
            let targets = outputs::targets(&output.output, output.json, &[Format::Text, Format::Json], &world.dir)?;
            let report = {
                let spinner = ui.spinner();
                request.run(&world.context(None, &spinner))?
            };
            report.warnings.iter().for_each(|warning| ui.complain(warning));
            outputs::write(ui, &targets, |format| match format {
                Format::Json => render::json(&report),
                _ => Ok(render::db_recorded_text(&report, &ui.style)),
            })?;
            Ok(0)
        }
    }
}

/// A schema, printed. What is not known of it makes the answer incomplete.
fn schema(
    world: &World,
    ui: &Ui,
    output: &OutputArgs,
    at: &AtArg,
    ask: impl FnOnce(&ops::Context<'_>) -> Result<SchemaReport>,
) -> Result<u8> {
    let formats = [Format::Text, Format::Json, Format::Sql];
    let targets = outputs::targets(&output.output, output.json, &formats, &world.dir)?;
    let report = {
        let spinner = ui.spinner();
        ask(&world.context(at.at.as_deref(), &spinner))?
    };
    report.warnings.iter().for_each(|warning| ui.complain(warning));
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&report),
        Format::Sql => Ok(render::db_sql(&report)),
        _ => Ok(render::db_text(&report, &ui.style)),
    })?;
    Ok(if report.not_checked.is_empty() { 0 } else { 5 })
}
