//! `pilab notes`.
use super::args::{AtArg, OutputArgs};
use super::complete;
use super::context::{World, read};
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Diagnostic, ReleaseNotes, Result, codes};
use crate::{ops, render};
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};

/// Arguments of `notes`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab notes v1.2..v1.3                                       in any Git repository\n",
    "  pilab notes prod..staging                                    what the next promotion brings\n",
    "  pilab notes prod..staging --module payments -o md=NOTES.md\n",
    "  pilab notes v1.2..v1.3 --template notes.j2",
))]
pub(super) struct NotesArgs {
    /// A..B: refs or environments; ..B from the first commit on; without it the newest release tag to HEAD
    #[arg(value_name = "RANGE", add = ArgValueCompleter::new(complete::range_or_ref))]
    range: Option<String>,
    /// Only this module; may be repeated
    #[arg(long = "module", value_name = "NAME", add = ArgValueCompleter::new(complete::module))]
    modules: Vec<String>,
    /// What writes the Markdown: `markdown` or `changelog`, which are built in, or a minijinja template in a file
    #[arg(long, value_name = "NAME|FILE", value_hint = clap::ValueHint::FilePath)]
    template: Option<PathBuf>,
    /// Print the value that templates see, as JSON
    #[arg(long, conflicts_with_all = ["template", "output", "json"])]
    context: bool,
    /// List the commits that are not in the notes, with reasons, on stderr
    #[arg(long)]
    left_out: bool,
    /// Exit with 0 when something could not be looked at
    #[arg(long)]
    allow_incomplete: bool,
    #[command(flatten)]
    at: AtArg,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &NotesArgs, world: &World, ui: &Ui) -> Result<u8> {
    let json = args.output.json || args.context;
    let targets = outputs::targets(&args.output.output, json, &[Format::Md, Format::Json], &world.dir)?;
    if args.template.is_some() && targets.iter().all(|target| target.format == Format::Json) {
        return Err(Box::new(Diagnostic::error(
            &codes::PL0112,
            "--template writes Markdown, and only JSON is asked for",
        )));
    }
    let template = args.template.as_deref().map(|file| named(file, world)).transpose()?;
    let request = ops::Notes { range: args.range.clone(), modules: args.modules.clone() };
    let notes = {
        let spinner = ui.spinner();
        request.run(&world.context(args.at.at.as_deref(), &spinner))?
    };
    let template = template.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    outputs::write(ui, &targets, |format| match format {
        Format::Json => render::json(&notes),
        _ => render::notes::markdown(&notes, template),
    })?;
    notes.not_checked.iter().for_each(|why| ui.complain(why));
    if args.left_out {
        super::ui::error_text(&left_out(&notes));
    }
    ui.note(&(render::notes::summary(&notes) + "\n"));
    Ok(if notes.not_checked.is_empty() || args.allow_incomplete { 0 } else { 5 })
}

/// The built-in template of that name, or the file. A file with such a name is meant by `./changelog`.
fn named(file: &Path, world: &World) -> Result<(String, String)> {
    if let Some((name, text)) = file.to_str().and_then(render::notes::built_in) {
        return Ok((name.to_owned(), text.to_owned()));
    }
    let file = world.path(file);
    Ok((file.display().to_string(), read(&file)?))
}

/// One line per commit. Control characters of subjects are not sent to the terminal.
fn left_out(notes: &ReleaseNotes) -> String {
    let line = |out: &crate::model::LeftOut| {
        format!("{}  {}  ({})", out.commit.short(), out.subject, out.reason).replace(char::is_control, " ") + "\n"
    };
    notes.left_out.iter().map(line).collect()
}
