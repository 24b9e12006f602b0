//! `pilab schema`.
use super::complete;
use super::context::World;
use super::ui::Ui;
use crate::model::Result;
use crate::ops::{self, Completing, Quiet};
use crate::render;
use clap::Args;
use clap_complete::ArgValueCompleter;

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab schema          the names\n",
    "  pilab schema module   the documents of kind Module\n",
    "  pilab schema config   all documents, for an editor\n",
    "  pilab schema drift    the report of `pilab drift -o json`",
))]
pub(super) struct SchemaArgs {
    /// A kind of document, `config` for all kinds, or a report; without it the names are listed
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::schema))]
    name: Option<String>,
}

pub(super) fn run(args: &SchemaArgs, world: &World, ui: &Ui) -> Result<u8> {
    match &args.name {
        Some(name) => ui.out(&render::json(&ops::schema(name)?)?)?,
        None => {
            let names = ops::complete(Completing::Schema, &world.context(None, &Quiet));
            let lines: String = names.into_iter().map(|(name, _)| name + "\n").collect();
            ui.out(&lines)?;
        }
    }
    Ok(0)
}
