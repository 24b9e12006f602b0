//! `pilab config list` and `pilab config get`.
use super::args::OutputArgs;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use crate::render;
use clap::{Args, Subcommand};
use serde_json::json;

/// Arguments of `config`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab config list --show-origin   all settings, and who set them\n",
    "  pilab config get output.color     one of them",
))]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// List all settings
    #[command(after_help = "Examples:\n  pilab config list\n  pilab config list --show-origin")]
    List {
        /// Show who set each of them
        #[arg(long)]
        show_origin: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Print the value of one setting
    #[command(after_help = "Examples:\n  pilab config get output.color")]
    Get {
        /// Name of the setting
        #[arg(value_name = "KEY")]
        key: String,
    },
}

pub(super) fn run(args: &ConfigArgs, world: &World, ui: &Ui) -> Result<u8> {
    let values = &world.resolved.values;
    match &args.command {
        ConfigCommand::List { show_origin, output } => {
            let formats = [Format::Text, Format::Json];
            let targets = outputs::targets(&output.output, output.json, &formats, &world.dir)?;
            outputs::write(ui, &targets, |format| match format {
                Format::Json => render::json(&as_json(world)),
                _ => Ok(values.iter().map(|value| line(value, *show_origin)).collect()),
            })?;
        }
        ConfigCommand::Get { key } => match values.iter().find(|value| value.name == *key) {
            Some(value) => ui.out(&format!("{}\n", value.value))?,
            None => {
                let error = Diagnostic::error(&codes::PL0115, format!("there is no setting '{key}'"));
                let known = values.iter().map(|value| value.name.as_str());
                return Err(Box::new(error.did_you_mean(key, known).hint("pilab config list")));
            }
        },
    }
    Ok(0)
}

fn line(setting: &crate::settings::Setting, origin: bool) -> String {
    let text = format!("{} = {}", setting.name, setting.value.replace(char::is_control, " "));
    if origin { format!("{text}  ({})\n", setting.origin) } else { text + "\n" }
}

fn as_json(world: &World) -> serde_json::Value {
    let one = |value: &crate::settings::Setting| json!({ "name": value.name, "value": value.value, "origin": value.origin.to_string() });
    json!({ "schema": "pilab.config/v1", "settings": world.resolved.values.iter().map(one).collect::<Vec<_>>() })
}
