//! `pilab demo`: writes the demo, and shows the main commands on it.
use super::context::World;
use super::ui::Ui;
use crate::model::{Result, State};
use crate::ops::{self, Quiet};
use crate::render;
use clap::Args;
use std::path::{Path, PathBuf};

/// The pair that the tour explains.
const PAIR: &str = "staging..prod";
/// The release that the tour writes notes for; every repository of the demo has both tags.
const RELEASE: &str = "v1.2..v1.3";

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab demo --tour      write it, and run the main commands on it\n",
    "  pilab demo /tmp/shop   write it there",
))]
pub(super) struct DemoArgs {
    /// Folder to write; must not exist, or be empty
    #[arg(value_name = "DIR", default_value = "pilab-demo", value_hint = clap::ValueHint::DirPath)]
    // Its own name: `dir` is the global -C.
    folder: PathBuf,
    /// Run the main commands on it
    #[arg(long)]
    tour: bool,
}

pub(super) fn run(args: &DemoArgs, world: &World, ui: &Ui) -> Result<u8> {
    let report = {
        let spinner = ui.spinner();
        ops::Demo { dir: world.path(&args.folder) }.run(&world.context(None, &spinner))?
    };
    ui.out(&render::demo_text(&report, &ui.style))?;
    if args.tour {
        for words in tour(world, &report.config)? {
            ui.out(&format!("\n$ pilab {}\n", words.join(" ")))?;
            // What a stop of the tour answers is its own; findings are what it is there to show.
            super::run_inside(&words, &report.config, world)?;
        }
    }
    Ok(0)
}

/// The command lines of the tour.
fn tour(world: &World, config: &Path) -> Result<Vec<Vec<String>>> {
    let mut context = world.context(None, &Quiet);
    context.dir = config.to_owned();
    let report = ops::Drift { range: Some(PAIR.to_owned()), ..ops::Drift::default() }.run(&context)?;
    let first = report.findings().find(|finding| finding.state == State::Drift).map(|finding| finding.id.clone());
    let mut lines = vec![vec!["status".to_owned()], vec!["drift".to_owned(), PAIR.to_owned()]];
    lines.extend(first.map(|id| vec!["drift".to_owned(), "explain".to_owned(), id]));
    lines.push(["notes", RELEASE].map(str::to_owned).to_vec());
    Ok(lines)
}
