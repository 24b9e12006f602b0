//! `pilab help`: topics, and the help of commands.
use super::args::{Cli, PagerArg};
use super::complete;
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use crate::settings::KEYS;
use clap::{Args, Command, CommandFactory};
use clap_complete::ArgValueCompleter;

/// Arguments of `help`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab help ranges         a topic\n",
    "  pilab help drift accept   a command",
))]
pub(super) struct HelpArgs {
    /// A topic (options, ranges, formats, environment, exit-codes) or a command
    #[arg(value_name = "TOPIC", add = ArgValueCompleter::new(complete::topic))]
    topic: Vec<String>,
    #[command(flatten)]
    pub(super) pager: PagerArg,
}

/// The codes, one a line.
pub(super) const EXIT_CODES: &str = "\
0    Done; no finding at or above --fail-on
1    pilab failed: broken configuration, a repository that cannot be read
2    Wrong use of the command line
3    Findings at or above --fail-on; errors found by `pilab lint`
4    Authentication or permission is needed
5    Incomplete: something was not checked, and nothing reached 3;
     --allow-incomplete makes it 0
101  A bug in pilab
130  Interrupted (Ctrl-C); 143 terminated
";

const RANGES: &str = "\
A..B names two environments, two snapshots or two Git refs. B is what is looked
at, A is what it should be like.

  pilab drift staging..prod      what differs in prod from staging
  pilab drift --env dev..qa      environments only
  pilab drift v1.2.0..v1.3.0     everything that changed between two refs
  pilab drift                    all pairs of the promotion path
  pilab notes v1.2.0..v1.3.0     release notes

A name is looked for as an environment, a snapshot, then a tag, branch or
commit. env:NAME, snap:NAME and ref:NAME say which, where a name has two
meanings (PL0105).
--at REV or --at DATE answers for a past state of the config repository.
";

const FORMATS: &str = "\
-o FORMAT[=FILE] may be repeated; one format may go to stdout, `=-` is stdout.

  text   for people; may change from version to version
  json   for programs; has a \"schema\", changes only by additions
  md     Markdown for comments and pages

When all formats go to files, the command's first format is printed too.
Files are written whole or not at all. `pilab schema NAME` prints JSON Schemas.

  pilab drift staging..prod -o json=drift.json -o md=drift.md
";

/// A topic: name, title, text.
pub(super) fn topics() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("environment", "Variables that pilab reads", environment()),
        ("exit-codes", "What the exit code says", EXIT_CODES.to_owned()),
        ("formats", "Formats and files of results", FORMATS.to_owned()),
        ("options", "Flags of every command", options()),
        ("ranges", "What A..B means", RANGES.to_owned()),
    ]
}

fn environment() -> String {
    let mut text = String::new();
    for (name, help) in [
        ("PILAB_NOW", "The present moment (RFC 3339), so that a report can be made again"),
        ("PILAB_ASCII", "1 draws with ASCII only"),
        ("PILAB_PAGER, PAGER", "Program for long texts; empty or cat: none"),
        ("NO_COLOR", "Not empty: no colours"),
        ("CLICOLOR_FORCE, FORCE_COLOR", "Not empty and not 0: colours everywhere"),
        ("CLICOLOR", "0: no colours"),
        ("COLUMNS", "Columns of text"),
        ("COMPLETE", "A shell: print its script for dynamic completion"),
        ("XDG_CONFIG_HOME", "The user's settings are in pilab/config.toml there"),
        ("XDG_CACHE_HOME", "Clones and indexes are in pilab/ there"),
        ("XDG_STATE_HOME", "What `pilab trust` remembers is in pilab/ there"),
        ("GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL", "Who accepts findings; else user.name and user.email of Git"),
    ] {
        text.push_str(&format!("{name}\n    {help}\n"));
    }
    for key in KEYS {
        let variable = key.variable().replace("_NAME", "_<NAME>");
        text.push_str(&format!("{variable}\n    {} (setting {})\n", key.help, key.name));
    }
    text
}

pub(super) fn run(args: &HelpArgs, ui: &Ui) -> Result<u8> {
    ui.page(&text(&args.topic, ui)?)?;
    Ok(0)
}

fn text(words: &[String], ui: &Ui) -> Result<String> {
    if let [word] = words
        && let Some((_, title, text)) = topics().into_iter().find(|(name, ..)| name == word)
    {
        return Ok(format!("{title}\n\n{text}"));
    }
    let mut root = grouped(Cli::command()).term_width(ui.style.width.min(100));
    root.build();
    let mut command: &mut Command = &mut root;
    let names: Vec<&str> = topics().into_iter().map(|(name, ..)| name).collect();
    for word in words {
        let known: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            let known = known.iter().map(String::as_str).chain(topics().into_iter().map(|(name, ..)| name));
            let error = Diagnostic::error(&codes::PL0114, format!("there is no topic and no command '{word}'"));
            Box::new(error.did_you_mean(word, known).hint(format!("topics: {}", names.join(", "))))
        })?;
    }
    let help = command.render_help();
    Ok(if ui.style.color { help.ansi().to_string() } else { help.to_string() })
}

/// What the commands are for; each stands in one group.
const GROUPS: &[(&str, &[&str])] = &[
    ("Look", &["status", "drift", "render", "db", "explain"]),
    ("Release", &["notes"]),
    ("Set up", &["demo", "lint", "schema", "repo", "chart", "auth", "config", "trust"]),
    ("More", &["help", "completions", "man", "version"]),
];

/// The command with a help that groups its commands and fits on a screen of 80 x 24.
pub(super) fn grouped(command: Command) -> Command {
    let bold = |text: &str, width: usize| format!("\u{1b}[1m{text:<width$}\u{1b}[0m");
    let mut text = String::from("{about}\n\n{usage-heading} {usage}\n\n");
    for (title, names) in GROUPS {
        if *title == "More" {
            text += &format!("{}{}\n", bold(title, 9), names.join(", "));
            continue;
        }
        for (at, name) in names.iter().enumerate() {
            let about = command.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
            let title = if at == 0 { title } else { "" };
            text += &format!("{}{}{}\n", bold(title, 9), bold(name, 13), about.unwrap_or_default());
        }
    }
    // The help behind it brings its own blank line.
    text.truncate(text.trim_end().len());
    text += "{after-help}";
    command.help_template(text)
}

/// The flags of every command.
fn options() -> String {
    let globals = <super::args::Globals as Args>::augment_args(Command::new("pilab").disable_help_flag(true));
    let text = globals.term_width(80).help_template("{options}").render_help().to_string();
    format!("These go before or behind any command.\n\n{}\n", text.trim_end())
}

/// The example lines in the help of a command, without what they are for.
pub(super) fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    lines.filter_map(|line| line.split("   ").next()).map(|line| line.trim().to_owned()).collect()
}
