//! Whole files against what PostgreSQL 18 made of them: `cases/*.sql`, and every object that the server had afterwards in `cases/*.txt`.
use super::Postgres;
use crate::engines::schema::catalog::{Kind, Object, Server};
use crate::engines::schema::{Options, Replayer, Script, Step, StepKind};
use std::collections::BTreeSet;
use std::sync::Arc;

fn replayed(sql: &str) -> BTreeSet<String> {
    let script = Script { path: Arc::from("a.sql"), line: 1, text: Arc::from(sql), transaction: false };
    let step = Step {
        kind: StepKind::Versioned,
        version: "1".to_owned(),
        name: "a".to_owned(),
        path: Arc::from("a.sql"),
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    };
    let mut replay = Postgres::new(Server::default(), &Options::default());
    replay.apply(&step);
    let catalog = replay.replay().catalog;
    assert!(catalog.unmodelled.is_empty(), "{:?}", catalog.unmodelled);
    let line = |object: &Object| {
        // Queries of views have their own tests, versions of extensions stand in no statement.
        let shown = |name: &str| name != "query" && !(object.key.kind == Kind::Extension && name == "version");
        let all: Vec<String> = object
            .attributes
            .iter()
            .filter(|(name, _)| shown(name))
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        format!("{} {} {}", object.key.kind.word(), object.key, all.join(" "))
    };
    catalog.objects().iter().map(line).collect()
}

fn check(sql: &str, server: &str) {
    let (replay, server) = (replayed(sql), server.lines().map(str::to_owned).collect::<BTreeSet<_>>());
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&replay, &server), only(&server, &replay), "replay against server");
}

#[test]
fn columns_of_views_have_the_names_and_types_that_the_server_gives_them() {
    check(include_str!("cases/types.sql"), include_str!("cases/types.txt"));
}

#[test]
fn views_routines_triggers_policies_privileges_and_the_rest_come_out_as_on_the_server() {
    check(include_str!("cases/objects.sql"), include_str!("cases/objects.txt"));
}

#[test]
fn blocks_of_code_do_what_they_do_on_the_server() {
    check(include_str!("cases/blocks.sql"), include_str!("cases/blocks.txt"));
}
