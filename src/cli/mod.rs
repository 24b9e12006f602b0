//! The command line: arguments to use cases, reports to the terminal, verdicts to exit codes.
mod args;
mod auth;
mod chart;
mod complete;
mod completions;
mod config;
mod context;
mod db;
mod demo;
mod drift;
mod explain;
mod finding;
mod generate;
mod help;
mod hints;
mod lint;
mod man;
mod notes;
mod outputs;
mod progress;
mod render;
mod repo;
mod schema;
mod status;
mod terminal;
mod trust;
mod ui;
mod version;

pub use generate::generated_files;

use crate::model::{Class, Diagnostic, Result, codes};
use crate::settings::Output;
use args::{Cli, Command, Globals};
use clap::{CommandFactory, FromArgMatches};
use context::World;
use std::ffi::OsString;
use std::panic;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use terminal::Environment;
use ui::{Ui, Wishes};

/// Runs the program.
pub fn main() -> ExitCode {
    ExitCode::from(guarded(|| {
        let asked = complete::answer().or_else(askpass);
        asked.unwrap_or_else(|| start(std::env::args_os().collect()))
    }))
}

/// Answers Git, which starts pilab as its `GIT_ASKPASS` with the question as the only argument during a fetch.
fn askpass() -> Option<u8> {
    let environment = context::environment();
    environment.get("PILAB_ASKPASS_TOKEN")?;
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let [_, prompt] = arguments.as_slice() else { return None };
    let answer = crate::ops::askpass(&prompt.to_string_lossy(), &environment);
    Some(u8::from(answer.is_none_or(|answer| ui::plain(&(answer + "\n")).is_err())))
}

/// Runs `work`; a panic becomes a short text and exit code 101.
fn guarded(work: impl FnOnce() -> u8 + panic::UnwindSafe) -> u8 {
    static STORY: Mutex<Option<String>> = Mutex::new(None);
    panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or("without a message");
        let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        *STORY.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{text}{place}"));
    }));
    let result = panic::catch_unwind(work);
    drop(panic::take_hook());
    result.unwrap_or_else(|_| {
        let story = STORY.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let bug = Diagnostic::error(&codes::PL0900, format!("a bug in pilab: {story}"))
            .note(format!("This is pilab {}. Nothing was left half written.", env!("CARGO_PKG_VERSION")))
            .hint("please report it with the command and this text");
        let environment = context::environment();
        Ui::new(&Wishes::default(), &Output::default(), &environment).complain(&bug);
        101
    })
}

/// The exit code of an error that stops a command.
fn exit_code(class: Class) -> u8 {
    match class {
        Class::Failure => 1,
        Class::Usage => 2,
        Class::Permission => 4,
        Class::Incomplete => 5,
    }
}

fn start(arguments: Vec<OsString>) -> u8 {
    let environment = context::environment();
    match parse(&arguments, &environment) {
        Ok(cli) => run(cli, environment),
        Err(error) => {
            let ui = Ui::new(&early(&arguments), &Output::default(), &environment);
            if error.use_stderr() && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
                ui.complain(&hints::usage(&error, &words));
                return 2;
            }
            let text = error.render();
            let text = if ui.style.color { text.ansi().to_string() } else { text.to_string() };
            if error.use_stderr() {
                ui::error_text(&text);
                return 2;
            }
            finish(&ui, ui.out(&text).map(|()| 0))
        }
    }
}

/// `--color` of a command line that could not be read.
fn early(arguments: &[OsString]) -> Wishes {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    let apart = words.windows(2).find_map(|pair| match pair {
        ["--color", when] => Some(*when),
        _ => None,
    });
    Wishes { color: joined.or(apart).map(str::to_owned), ..Wishes::default() }
}

fn parse(arguments: &[OsString], environment: &Environment) -> Result<Cli, clap::Error> {
    let measured = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    let width = terminal::width(None, environment, ui::stdout_is_terminal(), measured).min(100);
    let matches = help::grouped(Cli::command()).term_width(width).try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

/// Builds the world, picks the command, prints the error.
fn run(cli: Cli, environment: Environment) -> u8 {
    let wishes = |command: Option<&Command>| {
        let (verbose, no_pager) = command.map_or((0, false), Command::drawing);
        let color = cli.globals.color.map(|when| when.word().to_owned());
        Wishes { color, quiet: cli.globals.quiet, verbose, no_pager }
    };
    let needed = cli.command.as_ref().is_none_or(Command::needs_settings);
    let offline = matches!(&cli.command, Some(Command::Repo(args)) if args.offline());
    let plain = Ui::new(&wishes(cli.command.as_ref()), &drawn(&cli.globals), &environment);
    let world = match world(&cli.globals, &environment, offline) {
        Ok(world) => world,
        Err(error) if needed => return finish(&plain, Err(error)),
        Err(error) => {
            plain.complain(&Diagnostic { level: crate::model::Level::Warning, ..*error });
            let bare = Globals { dir: None, ..cli.globals.clone() };
            match World::bare(&bare, environment.into_iter().filter(|(name, _)| name != "PILAB_NOW").collect()) {
                Ok(world) => world,
                Err(error) => return finish(&plain, Err(error)),
            }
        }
    };
    let output = if world.resolved.values.is_empty() { drawn(&cli.globals) } else { world.resolved.output.clone() };
    let ui = Ui::new(&wishes(cli.command.as_ref()), &output, &world.environment);
    world.resolved.warnings.iter().for_each(|warning| ui.complain(warning));
    match &cli.command {
        Some(command) => finish(&ui, dispatch(command, &world, &ui)),
        None => without_command(&world, &ui),
    }
}

fn world(globals: &Globals, environment: &Environment, offline: bool) -> Result<World> {
    World::bare(globals, environment.clone())?.with_settings(offline)
}

/// What the flags alone say, where no settings can be had.
fn drawn(globals: &Globals) -> Output {
    Output { width: globals.width.map(usize::from), ascii: globals.ascii, ..Output::default() }
}

/// On a terminal inside a project the status; else the short help, and exit code 2.
fn without_command(world: &World, ui: &Ui) -> u8 {
    if ui::stdout_is_terminal() {
        match status::run(&status::StatusArgs::default(), world, ui) {
            Err(error) if error.code.id == codes::PL0023.id => {}
            result => return finish(ui, result),
        }
    }
    let help = help::grouped(Cli::command()).term_width(ui.style.width.min(100)).render_help();
    ui::error_text(&if ui.style.color && ui::stdout_is_terminal() {
        help.ansi().to_string()
    } else {
        help.to_string()
    });
    2
}

fn finish(ui: &Ui, result: Result<u8>) -> u8 {
    result.unwrap_or_else(|error| {
        ui.complain(&error);
        exit_code(error.code.class)
    })
}

fn dispatch(command: &Command, world: &World, ui: &Ui) -> Result<u8> {
    match command {
        Command::Status(args) => status::run(args, world, ui),
        Command::Drift(args) => drift::run(args, world, ui),
        Command::Render(args) => render::run(args, world, ui),
        Command::Db(args) => db::run(args, world, ui),
        Command::Notes(args) => notes::run(args, world, ui),
        Command::Explain(args) => explain::run(args, ui),
        Command::Lint(args) => lint::run(args, world, ui),
        Command::Schema(args) => schema::run(args, world, ui),
        Command::Chart(args) => chart::run(args, world, ui),
        Command::Repo(args) => repo::run(args, world, ui),
        Command::Demo(args) => demo::run(args, world, ui),
        Command::Auth(args) => auth::run(args, world, ui),
        Command::Config(args) => config::run(args, world, ui),
        Command::Trust(args) => trust::run(args, world, ui),
        Command::Completions(args) => completions::run(args, ui),
        Command::Man(args) => man::run(args, ui),
        Command::Help(args) => help::run(args, ui),
        Command::Version(args) => version::run(args, ui),
    }
}

/// Runs another command line in this process, in another folder, drawn like this one.
fn run_inside(words: &[String], dir: &Path, world: &World) -> Result<u8> {
    let arguments = std::iter::once("pilab").chain(words.iter().map(String::as_str));
    let cli = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| Box::new(hints::usage(&error, words)))?;
    // A file of settings was named from the folder of the outer command.
    let config = world.globals.config.as_ref().map(|file| world.path(file));
    let globals = Globals { dir: Some(dir.to_owned()), config, ..world.globals.clone() };
    Ok(run(Cli { globals, command: cli.command }, world.environment.clone()))
}

#[cfg(test)]
mod tests;
