//! The one door to the terminal: results to stdout, everything else to stderr, long texts through the pager.
use super::progress::Spinner;
use super::terminal::{self, Environment};
use crate::model::{Diagnostic, Level, Result, codes};
use crate::render::{self, Style};
use crate::settings::Output;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

/// What flags say about the terminal.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    pub(super) color: Option<String>,
    pub(super) quiet: u8,
    pub(super) verbose: u8,
    pub(super) no_pager: bool,
}

/// The terminal as this run sees it.
pub(super) struct Ui {
    /// How text for stdout is drawn.
    pub(super) style: Style,
    errors: Style,
    quiet: u8,
    pager: Option<Vec<String>>,
    height: usize,
    spinner: bool,
}

impl Ui {
    /// Decides how to draw.
    pub(super) fn new(wishes: &Wishes, output: &Output, environment: &Environment) -> Ui {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let size = terminal_size::terminal_size();
        let measured = size.map(|(columns, _)| usize::from(columns.0));
        let flag = wishes.color.as_deref();
        let style = |terminal: bool| {
            let color = terminal::color(flag, output.color.as_deref(), environment, terminal);
            Style {
                width: terminal::width(output.width, environment, terminal, measured),
                color,
                ascii: terminal::ascii(output.ascii, environment),
                links: color && terminal,
                verbose: wishes.verbose,
            }
        };
        Ui {
            style: style(out),
            errors: style(err),
            quiet: wishes.quiet,
            pager: terminal::pager(wishes.no_pager, output, environment).filter(|_| out),
            height: size.map_or(24, |(_, rows)| usize::from(rows.0)),
            spinner: err && wishes.quiet == 0 && environment.get("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// Writes a result to stdout. A reader that has gone away is no error.
    pub(super) fn out(&self, text: &str) -> Result<()> {
        plain(text)
    }

    /// Writes a long text, through the pager when stdout is a terminal that it does not fit on.
    pub(super) fn page(&self, text: &str) -> Result<()> {
        match &self.pager {
            Some(words) if text.lines().count() >= self.height => match through(words, text) {
                Ok(()) => Ok(()),
                Err(_) => self.out(text),
            },
            _ => self.out(text),
        }
    }

    /// Writes a message to stderr, unless `-q`.
    pub(super) fn note(&self, text: &str) {
        if self.quiet == 0 {
            error_text(text);
        }
    }

    /// Writes an error, or a warning unless `-qq`.
    pub(super) fn complain(&self, diagnostic: &Diagnostic) {
        if diagnostic.level == Level::Error || self.quiet < 2 {
            error_text(&render::diagnostic_text(diagnostic, &self.errors));
        }
    }

    /// Whether next commands and progress are wanted.
    pub(super) fn talks(&self) -> bool {
        self.quiet == 0
    }

    /// A spinner on stderr, if that is a terminal.
    pub(super) fn spinner(&self) -> Spinner {
        Spinner::new(self.spinner)
    }
}

/// Writes to stdout as it is.
pub(super) fn plain(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    quietly(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Writes to stderr as it is. When even that fails nobody is left to be told.
pub(super) fn error_text(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether a user sits in front of stdout.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A closed pipe means that the reader has seen enough; that is success.
fn quietly(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Box::new(Diagnostic::error(&codes::PL0402, format!("stdout cannot be written: {error}"))))
        }
        _ => Ok(()),
    }
}

fn through(words: &[String], text: &str) -> io::Result<()> {
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // The user may leave the pager before the end; what was not read is not missed.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::quietly;
    use std::io;

    #[test]
    fn a_closed_pipe_is_success_and_a_full_disk_is_not() {
        assert!(quietly(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert_eq!(quietly(Err(io::ErrorKind::StorageFull.into())).unwrap_err().code.id, "PL0402");
    }
}
