//! Commands that read run no program and have no door to the network.
use crate::scenarios::Stage;
use crate::source::{masked, names, paths, without_tests};
use crate::support::{World, files_below};
use std::fs;
use std::path::Path;

/// Commands that only read.
const READING: &[&[&str]] = &[
    &["status", "-v"],
    &["status", "--at", "2026-10-21", "-o", "json"],
    &["drift", "--pending", "--expected"],
    &["drift", "staging..prod", "-o", "json"],
    &["drift", "v1.0.0..v1.1.0"],
    &["drift", "staging..prod", "--new-since", "HEAD"],
    &["drift", "explain", "ca0150a"],
    &["notes", "prod..staging"],
    &["notes", "v1.0.0..v1.1.0", "--context"],
    &["lint"],
    &["explain", "VER005"],
    &["repo", "list"],
    &["chart", "list"],
    &["schema", "module"],
];

/// Files that start programs, and which.
const PROGRAMS: &[(&str, &str)] = &[("src/adapters/git/cache.rs", "git, to fetch"), ("src/cli/ui.rs", "the pager")];

#[test]
fn reading_starts_no_program() {
    let mut world = World::new("config");
    Stage::new(&mut world).set_up(
        "-- world three --\n-- cell app 1.1.0 dev staging --\n-- cell app 1.0.0 prod --\n-- date 2026-10-20T08:00:00Z --\n\
         -- commit Record what runs --\n-- world app --\n",
    );
    for words in READING {
        let run = |path: Option<&str>| {
            let mut command = world.command(env!("CARGO_BIN_EXE_pilab"));
            path.map(|path| command.env("PATH", path));
            let output = command.args(*words).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
        };
        let with = run(None);
        assert!(matches!(with.0, Some(0 | 5)) && !with.1.is_empty(), "{words:?}: {with:?}");
        assert_eq!(run(Some("/nonexistent")), with, "{words:?}");
    }
}

#[test]
fn programs_are_started_in_known_places_and_nothing_opens_a_socket() {
    for file in files_below(Path::new("src"), "rs") {
        let name = file.display().to_string().replace('\\', "/");
        if name.ends_with("tests.rs") || name.ends_with("testing.rs") || name.contains("/tests/") {
            continue;
        }
        let code = without_tests(&masked(&fs::read_to_string(&file).unwrap()));
        let imports = paths(&code, "std");
        let starts = imports.iter().any(|path| path.starts_with("process::Command") || path == "process");
        let known = PROGRAMS.iter().any(|(known, _)| *known == name);
        assert!(!starts || known, "{name} starts a program");
        // Charts are brought by a verb of their own, through one door.
        let door = name.starts_with("src/adapters/charts/");
        assert!(door || !names(&code, "ureq"), "{name} asks the network");
        assert!(door || name == "src/ops/charts.rs" || !names(&code, "ChartCache"), "{name} could fetch charts");
        // Databases are asked by `pilab db` alone, through one door.
        let door = name.starts_with("src/adapters/database/");
        for driver in ["sqlx::", "tokio::"] {
            assert!(door || !code.contains(driver), "{name} asks a database");
        }
        let asks = code.contains("database::look");
        assert!(door || name == "src/ops/db.rs" || !asks, "{name} could ask a database");
        for socket in ["std::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"] {
            assert!(!names(&code, socket), "{name} names {socket}");
        }
    }
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    for client in ["reqwest", "hyper", "curl", "async-std", "network-client", "http-client"] {
        assert!(!manifest.contains(client), "Cargo.toml brings {client}: reading must stay offline");
    }
}
