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
        ("pilab drift --color", "a value is required for '--color <WHEN>'", "pilab drift --help"),
        ("pilab drfit", "unrecognized subcommand 'drfit'", "a similar subcommand exists: 'drift'"),
        (
            "pilab drift --fail-on hihg",
            "invalid value 'hihg' for '--fail-on <SEVERITY>'",
            "a similar value exists: 'high'",
        ),
        ("pilab drift explian 12ab", "'explian' is neither a range nor", "did you mean `pilab drift explain 12ab`?"),
        (
            "pilab drift acept 1 --reason x",
            "'acept' is neither a range nor",
            "did you mean `pilab drift accept 1 --reason x`?",
        ),
        (
            "pilab drift accept 1 --until 2026-12-01",
            "the following required arguments were not provided",
            "pilab drift accept --help",
        ),
        (
            "pilab drift accept 1 --reason x",
            "the following required arguments were not provided: <--until",
            "pilab drift accept --help",
        ),
        ("pilab status --show-secrets", "unexpected argument '--show-secrets' found", "pilab status --help"),
        ("pilab lint --no-pager", "unexpected argument '--no-pager' found", "pilab lint --help"),
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
