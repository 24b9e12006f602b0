//! `pilab explain CODE|RULE`.
use super::args::PagerArg;
use super::complete;
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use crate::{ops, render};
use clap::Args;
use clap_complete::ArgValueCompleter;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab explain ENV007   a rule\n",
    "  pilab explain PL0203   an error code\n",
    "  pilab explain --list   all of them",
))]
pub(super) struct ExplainArgs {
    /// Rule (ENV007) or error code (PL0104)
    #[arg(value_name = "CODE", required_unless_present = "list", add = ArgValueCompleter::new(complete::rule))]
    code: Option<String>,
    /// List all rules and codes
    #[arg(long, conflicts_with = "code")]
    list: bool,
    #[command(flatten)]
    pub(super) pager: PagerArg,
}

pub(super) fn run(args: &ExplainArgs, ui: &Ui) -> Result<u8> {
    let text = match &args.code {
        Some(id) => one(id, ui)?,
        None => render::index_text(&index(), &ui.style),
    };
    ui.page(&text)?;
    Ok(0)
}

fn one(id: &str, ui: &Ui) -> Result<String> {
    if let Some(rule) = ops::rules().into_iter().find(|rule| rule.id.eq_ignore_ascii_case(id)) {
        return Ok(render::rule_text(rule, &ui.style));
    }
    match codes::find(id) {
        Some(code) => Ok(render::code_text(code, &ui.style)),
        None => Err(Box::new(
            Diagnostic::error(&codes::PL0109, format!("there is no rule and no code '{id}'"))
                .did_you_mean(id, index().into_iter().map(|(id, _)| id))
                .hint("pilab explain --list"),
        )),
    }
}

/// Rules, then codes, each with its title.
fn index() -> Vec<(&'static str, &'static str)> {
    let rules = ops::rules().into_iter().map(|rule| (rule.id, rule.title));
    rules.chain(codes::CODES.iter().map(|code| (code.id, code.title))).collect()
}
