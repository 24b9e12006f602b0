//! The command line.
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}

/// Path and content of every file that is generated out of the program.
pub fn generated_files() -> Vec<(String, String)> {
    Vec::new()
}
