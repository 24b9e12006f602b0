//! The command line as a whole: what is offered, what is refused, how it reads.
use super::args::Cli;
use super::{exit_code, generated_files, guarded, hints};
use crate::model::Class;
use clap::{Command, CommandFactory, Parser};

fn walk(command: &mut Command, check: &mut dyn FnMut(&mut Command)) {
    check(command);
    command.get_subcommands_mut().for_each(|inner| walk(inner, check));
}

#[test]
fn the_tree_is_sound_and_every_help_fits_80_columns() {
    Cli::command().debug_assert();
    let mut root = Cli::command().term_width(80);
    root.build();
    let mut seen = 0;
    walk(&mut root, &mut |command| {
        seen += 1;
        for help in [command.render_help().to_string(), command.render_long_help().to_string()] {
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
        }
        assert!(command.get_about().is_some(), "{} says nothing of itself", command.get_name());
    });
    assert!(seen >= 24, "{seen}");
    for (name, _, text) in super::help::topics() {
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{name}");
    }
}

#[test]
fn wrong_lines_are_told_in_one_line_with_a_way_out() {
    for (line, message, hint) in [
        ("pilab drift --color", "--color <WHEN> needs a value", "values: auto, always, never"),
        ("pilab drfit", "pilab has no command 'drfit'", "did you mean 'drift'?"),
        ("pilab xyzzy", "pilab has no command 'xyzzy'", "pilab --help"),
        ("pilab drift --fail-on hihg", "--fail-on <SEVERITY> does not take 'hihg'", "did you mean 'high'?"),
        ("pilab drift explian 12ab", "'explian' is neither a range nor", "did you mean `pilab drift explain 12ab`?"),
        (
            "pilab drift acept 1 --reason x",
            "'acept' is neither a range nor",
            "did you mean `pilab drift accept 1 --reason x`?",
        ),
        (
            "pilab drift accept 1 --until 2026-12-01",
            "pilab drift accept needs --reason <TEXT>",
            "pilab drift accept 3f9c2ab --reason \"until the move\" --until 2026-12-31",
        ),
        (
            "pilab drift accept 1 --reason x",
            "pilab drift accept needs --until <DATE> or --forever",
            "pilab drift accept 3f9c2ab --reason \"until the move\" --until 2026-12-31",
        ),
        ("pilab status --show-secrets", "pilab status has no flag '--show-secrets'", "pilab status --help"),
        ("pilab lint --no-pager", "pilab lint has no flag '--no-pager'", "pilab lint --help"),
        ("pilab notes a..b c..d", "'c..d' is one word too many for pilab notes", "pilab notes --help"),
        ("pilab notes --context --json", "--context and --json do not go together", "pilab notes --help"),
    ] {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let error = Cli::try_parse_from(&words).unwrap_err();
        let shown = hints::usage(&error, &words);
        assert!(shown.message.contains(message) && !shown.message.contains('\n'), "{line}: {}", shown.message);
        assert!(shown.hints.iter().any(|given| given == hint), "{line}: {:?}", shown.hints);
        assert!(!shown.message.contains("For more information"), "{}", shown.message);
        assert_eq!(exit_code(shown.code.class), 2);
    }
    assert!(hints::not_a_range("explian", &[]).is_some());
    assert!(hints::not_a_range("staging..prod", &[]).is_none() && hints::not_a_range("staging", &[]).is_none());
}

#[test]
fn the_first_help_fits_on_a_screen_and_has_every_command() {
    let help = super::help::grouped(Cli::command()).term_width(80).render_help().to_string();
    let lines: Vec<&str> = help.lines().collect();
    assert!(lines.len() < 24 && lines.iter().all(|line| line.chars().count() <= 80), "{help}");
    for inner in Cli::command().get_subcommands() {
        let name = inner.get_name();
        let words = |line: &&str| line.split([' ', ',']).any(|word| word == name);
        assert!(lines.iter().any(words), "{name}: {help}");
    }
}

#[test]
fn every_command_has_examples_that_are_read() {
    let mut root = Cli::command();
    root.build();
    let mut seen = 0;
    walk(&mut root, &mut |command| {
        let examples = super::help::examples(command);
        assert!(!examples.is_empty() || command.get_name() == "pilab", "{} has no example", command.get_name());
        for example in examples.iter().filter(|line| line.starts_with("pilab ")) {
            let line = example.split(['|', '<', '>']).next().unwrap_or_default();
            let mut quoted = false;
            let line: String = line
                .chars()
                .map(|c| {
                    quoted ^= c == '"';
                    if quoted && c == ' ' { '_' } else { c }
                })
                .collect();
            let read = Cli::try_parse_from(line.split_whitespace());
            assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
            seen += 1;
        }
    });
    assert!(seen > 40, "{seen}");
}

#[test]
fn good_lines_are_read() {
    for line in [
        "pilab",
        "pilab drift staging..prod --check code,env --fail-on high -o json=a -o md",
        "pilab -C x drift explain 12ab",
        "pilab drift explain 12ab -C x --color never",
        "pilab drift accept 1 2 --reason r --forever -n",
        "pilab notes v1..v2 --template t.j2 --left-out",
        "pilab status dev qa -v --at 2026-01-01",
        "pilab repo fetch --offline shop",
        "pilab auth login github.com --with-token --store file",
        "pilab help exit-codes",
        "pilab demo --tour",
    ] {
        assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
    }
}

#[test]
fn classes_have_their_exit_codes_and_a_panic_has_its_own() {
    let codes = [Class::Failure, Class::Usage, Class::Permission, Class::Incomplete].map(exit_code);
    assert_eq!(codes, [1, 2, 4, 5]);
    let code = guarded(|| [0_u8; 0].iter().max().copied().unwrap());
    assert_eq!(code, 101);
}

#[test]
fn generated_files_are_many_sorted_and_the_same_twice() {
    let files = generated_files();
    assert!(files.is_sorted() && files.len() > 30, "{}", files.len());
    assert_eq!(files, generated_files());
    for name in ["completions/_pilab", "man/pilab.1", "man/pilab-drift-explain.1", "docs/reference/codes.md"] {
        assert!(files.iter().any(|(path, text)| path == name && text.len() > 100), "{name}");
    }
}
