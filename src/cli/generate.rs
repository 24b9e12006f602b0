//! Files made from the program itself: completions, man pages, the example of settings, the reference.
use super::args::Cli;
use super::help::EXIT_CODES;
use super::{completions, man};
use crate::model::{Class, codes};
use crate::ops;
use crate::settings::{KEYS, example};
use clap::{Command, CommandFactory};
use clap_complete::Shell;

const MARK: &str = "<!-- Generated from the program; UPDATE=1 of the test suite writes it anew. -->\n\n";

/// Every generated file: path in the project and content. `tests/it/generated.rs` holds the files to it.
pub fn generated_files() -> Vec<(String, String)> {
    let mut files = vec![
        (".pilab.example.toml".to_owned(), example()),
        ("docs/reference/commands.md".to_owned(), commands()),
        ("docs/reference/settings.md".to_owned(), settings()),
        ("docs/reference/exit-codes.md".to_owned(), format!("# Exit codes\n\n{MARK}```text\n{EXIT_CODES}```\n")),
        ("docs/reference/rules.md".to_owned(), rules()),
        ("docs/reference/codes.md".to_owned(), error_codes()),
    ];
    for (name, shell) in [
        ("pilab.bash", Shell::Bash),
        ("_pilab", Shell::Zsh),
        ("pilab.fish", Shell::Fish),
        ("pilab.elv", Shell::Elvish),
        ("_pilab.ps1", Shell::PowerShell),
    ] {
        files.push((format!("completions/{name}"), completions::script(shell)));
    }
    files.extend(man::pages().into_iter().map(|(name, text)| (format!("man/{name}.1"), text)));
    files.sort();
    files
}

fn commands() -> String {
    let mut root = Cli::command().term_width(80);
    root.build();
    let mut text = format!("# Commands\n\n{MARK}");
    describe(&mut root, "pilab", &mut text);
    text.trim_end().to_owned() + "\n"
}

fn describe(command: &mut Command, name: &str, text: &mut String) {
    let help = command.render_help().to_string();
    let lines: String = help.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    text.push_str(&format!("## {name}\n\n```text\n{lines}```\n\n"));
    for inner in command.get_subcommands_mut() {
        let name = format!("{name} {}", inner.get_name());
        describe(inner, &name, text);
    }
}

fn settings() -> String {
    let mut text = format!("# Settings\n\n{MARK}| key | default | variable | is |\n| --- | --- | --- | --- |\n");
    for key in KEYS {
        let trust = if key.needs_trust { " (needs `pilab trust` in a repository's file)" } else { "" };
        let variable = key.variable();
        text.push_str(&format!("| `{}` | {} | `{variable}` | {}{trust} |\n", key.name, key.default, key.help));
    }
    text
}

fn rules() -> String {
    let mut text = format!("# Rules\n\n{MARK}");
    for rule in ops::rules() {
        let base = f64::from(rule.base) / 10.0;
        text.push_str(&format!(
            "## {}: {}\n\nBase score {base:.1}, kind {}.\n\n{}\n\n",
            rule.id, rule.title, rule.kind, rule.help
        ));
    }
    text.trim_end().to_owned() + "\n"
}

fn error_codes() -> String {
    let mut text = format!("# Error codes\n\n{MARK}");
    for code in codes::CODES {
        let exit = super::exit_code(code.class);
        let class = match code.class {
            Class::Failure => "failure",
            Class::Usage => "wrong use",
            Class::Permission => "permission",
            Class::Incomplete => "incomplete",
        };
        text.push_str(&format!("## {}: {}\n\nExit code {exit} ({class}).\n\n{}\n\n", code.id, code.title, code.help));
    }
    text.trim_end().to_owned() + "\n"
}
