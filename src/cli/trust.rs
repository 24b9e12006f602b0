//! `pilab trust`: remembers the digest of this repository's settings, in the user's own state folder.
use super::context::{World, digest, read};
use super::outputs::{save, unwritten};
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use clap::Args;

/// Arguments of `trust`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab trust            its keys that run programs count from now on\n",
    "  pilab trust -n         say which file it would be\n",
    "  pilab trust --revoke",
))]
pub(super) struct TrustArgs {
    /// Trust it no longer
    #[arg(long)]
    revoke: bool,
    /// Write nothing, print the same
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) fn run(args: &TrustArgs, world: &World, ui: &Ui) -> Result<u8> {
    let Some(file) = world.repository_file() else {
        return Err(Box::new(Diagnostic::error(&codes::PL0112, "there is no .pilab.toml here to trust")));
    };
    let Some(memory) = world.trust_file() else {
        return Err(Box::new(Diagnostic::error(
            &codes::PL0402,
            "neither HOME nor XDG_STATE_HOME says where to remember it",
        )));
    };
    let known = if memory.exists() { read(&memory)? } else { String::new() };
    let digest = digest(&file, &read(&file)?);
    let mut lines: Vec<&str> = known.lines().filter(|line| *line != digest).collect();
    if !args.revoke {
        lines.push(&digest);
    }
    if !args.dry_run {
        let folder = memory.parent().unwrap_or(&world.dir);
        let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
        let written = std::fs::create_dir_all(folder).and_then(|()| save(&memory, text.as_bytes()));
        written.map_err(|error| unwritten(&memory, &error))?;
    }
    let verb = if args.revoke { "no longer trusted" } else { "trusted as it stands" };
    ui.note(&format!("{} is {verb}{}\n", file.display(), if args.dry_run { " (dry run)" } else { "" }));
    Ok(0)
}
