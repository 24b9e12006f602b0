//! `pilab auth`: tokens for hosts. They come in by standard input, never by a flag, and are never shown.
use super::args::OutputArgs;
use super::context::World;
use super::outputs::{self, Format};
use super::ui::Ui;
use crate::model::{Diagnostic, Result, Secret, codes};
use crate::ops::{self, HostState, Quiet, TokenStore};
use crate::render;
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read;

const LONGEST_TOKEN: u64 = 16 << 10;

/// Arguments of `auth`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  pilab auth login github.com --with-token < token.txt\n",
    "  pilab auth status github.com                           where the token comes from\n",
    "  pilab auth logout github.com",
))]
pub(super) struct AuthArgs {
    #[command(subcommand)]
    command: AuthCommand,
}

#[derive(Debug, Subcommand)]
enum AuthCommand {
    /// Keep a token for a host
    #[command(
        after_help = "Examples:\n  pilab auth login github.com --with-token < token.txt\n  pilab auth login git.acme.test --with-token --store file < token.txt"
    )]
    Login {
        /// The host, as in the URLs of its repositories
        #[arg(value_name = "HOST")]
        host: String,
        /// Read the token from standard input
        #[arg(long, required = true)]
        with_token: bool,
        /// Where to keep it: the system's secret store, or a file that only you can read
        #[arg(long, value_name = "STORE", default_value = "keyring")]
        store: Store,
    },
    /// Forget the token of a host
    #[command(after_help = "Examples:\n  pilab auth logout github.com")]
    Logout {
        /// The host
        #[arg(value_name = "HOST")]
        host: String,
    },
    /// Show which hosts have a token, and where it comes from
    #[command(after_help = "Examples:\n  pilab auth status\n  pilab auth status github.com --json")]
    Status {
        /// The hosts; without any those of the project
        #[arg(value_name = "HOST")]
        hosts: Vec<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Store {
    Keyring,
    File,
}

pub(super) fn run(args: &AuthArgs, world: &World, ui: &Ui) -> Result<u8> {
    let context = world.context(None, &Quiet);
    match &args.command {
        AuthCommand::Login { host, store, .. } => {
            let store = if *store == Store::File { TokenStore::File } else { TokenStore::Keyring };
            let state = ops::AuthLogin { host: host.clone(), token: token(std::io::stdin())?, store }.run(&context)?;
            ui.note(&line(&state));
        }
        AuthCommand::Logout { host } => ui.note(&line(&ops::AuthLogout { host: host.clone() }.run(&context)?)),
        AuthCommand::Status { hosts, output } => {
            let formats = [Format::Text, Format::Json];
            let targets = outputs::targets(&output.output, output.json, &formats, &world.dir)?;
            let states = ops::AuthStatus { hosts: hosts.clone() }.run(&context)?;
            outputs::write(ui, &targets, |format| match format {
                Format::Json => render::json(&ops::HostReport::from(states.clone())),
                _ => Ok(states.iter().map(line).collect()),
            })?;
        }
    }
    Ok(0)
}

fn line(state: &HostState) -> String {
    format!("{}: {}\n", state.host, state.source.as_deref().unwrap_or("no token"))
}

fn token(input: impl Read) -> Result<Secret> {
    let mut text = String::new();
    let refuse = |why: &str| {
        let error = Diagnostic::error(&codes::PL0112, format!("no token was read from standard input: {why}"));
        Box::new(error.hint("pilab auth login HOST --with-token < token.txt"))
    };
    input.take(LONGEST_TOKEN).read_to_string(&mut text).map_err(|_| refuse("it is not text"))?;
    match text.trim() {
        "" => Err(refuse("it is empty")),
        token if token.contains(char::is_whitespace) => Err(refuse("it has blanks in it")),
        token => Ok(Secret::new(token)),
    }
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn tokens_come_whole_or_not_at_all() {
        assert_eq!(token(&b"ghp_x\n"[..]).unwrap().expose(), "ghp_x");
        for bad in [&b""[..], b" \n", b"a b", b"\xff"] {
            let error = token(bad).unwrap_err();
            assert_eq!(error.code.id, "PL0112");
        }
    }
}
