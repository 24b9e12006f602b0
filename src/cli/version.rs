//! `pilab version`.
use super::ui::Ui;
use crate::model::Result;
use crate::render;
use clap::Args;
use serde_json::json;

/// Arguments of `version`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab version --json   for a report of a bug",
))]
pub(super) struct VersionArgs {
    /// Print it as JSON, with what this binary was built with
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &VersionArgs, ui: &Ui) -> Result<u8> {
    let version = env!("CARGO_PKG_VERSION");
    if args.json {
        let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
        let value = json!({
            "schema": "pilab.version/v1",
            "version": version,
            "system": system,
            "keyring": cfg!(feature = "keyring"),
        });
        ui.out(&render::json(&value)?)?;
    } else {
        ui.out(&format!("pilab {version}\n"))?;
    }
    Ok(0)
}
