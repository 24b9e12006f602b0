//! The rules of tables, indexes, constraints, sequences and types, each with what PostgreSQL 18.4 has after the same statements.
use super::Postgres;
use crate::engines::schema::catalog::{Dialect, Key, Server, Touches};
use crate::engines::schema::{Class, Options, Replay, Replayer, Script, Step, StepKind, What};
use std::sync::Arc;

fn step(version: &str, sql: &str) -> Step {
    let script = Script { path: Arc::from("m.sql"), line: 1, text: Arc::from(sql), transaction: false };
    Step {
        kind: StepKind::Versioned,
        version: version.to_owned(),
        name: version.to_owned(),
        path: Arc::from("m.sql"),
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    }
}

fn replayed(options: &Options, sql: &str) -> Replay {
    let mut postgres = Postgres::new(Server { dialect: Dialect::Postgres, version: (18, 4) }, options);
    postgres.apply(&step("1", sql));
    postgres.replay()
}

pub(super) fn replay(sql: &str) -> Replay {
    replayed(&Options::default(), sql)
}

fn lines(replay: &Replay) -> Vec<String> {
    let object = |one: crate::engines::schema::catalog::Object| {
        let attributes: Vec<String> = one
            .attributes
            .iter()
            .filter(|(name, _)| *name != "version")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{} {}: {}", one.key.kind.word(), one.key, attributes.join("; ")).trim().to_owned()
    };
    replay.catalog.objects().into_iter().map(object).filter(|line| line != "schema public:").collect()
}

#[test]
fn rules_hold_as_on_the_server() {
    let text = include_str!("rules.txt");
    let mut wrong = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let mut all = block.lines();
        let (name, sql) = (all.next().unwrap_or_default(), all.next().unwrap_or_default());
        let expected: Vec<&str> = all.collect();
        let found = lines(&replay(sql));
        if found != expected {
            wrong.push(format!("{name}\n{}\n--- the server:\n{}", found.join("\n"), expected.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(text.split("\n\n").filter(|block| !block.trim().is_empty()).count(), 31);
}

#[test]
fn a_bad_statement_does_not_take_the_good_ones_with_it() {
    let replay = replay(
        "CREATE TABLE a (x int);\nCREATE TABLE b (x int,,);\n\\restrict abc\nCOPY a (x) FROM stdin;\n1\n'\n\\.\n\
         CREATE TABLE {{ name }} (x int);\nCREATE TABLE c (x text DEFAULT '(;', y text DEFAULT E'\\';', z text DEFAULT $q$;$q$);",
    );
    let tables: Vec<&str> = replay.catalog.tables.keys().map(|one| one.name.as_str()).collect();
    assert_eq!(tables, ["a", "c"]);
    let places: Vec<(u32, &str)> =
        replay.catalog.unmodelled.iter().map(|one| (one.place.line, one.verb.as_str())).collect();
    assert_eq!(places, [(2, "CREATE TABLE"), (8, "CREATE TABLE")]);
    let classes: Vec<(&str, Class)> = replay.log.iter().map(|one| (one.verb.as_str(), one.class)).collect();
    assert_eq!(
        classes,
        [
            ("CREATE TABLE", Class::Structure),
            ("CREATE TABLE", Class::Unmodelled),
            ("\\restrict", Class::Session),
            ("COPY", Class::Data),
            ("CREATE TABLE", Class::Unmodelled),
            ("CREATE TABLE", Class::Structure),
        ]
    );
}

#[test]
fn quotes_that_never_close_cost_one_statement() {
    let replay = replay("CREATE TABLE a (x int;\nCREATE TABLE b (x int);\nCREATE TABLE c (x int);");
    let tables: Vec<&str> = replay.catalog.tables.keys().map(|one| one.name.as_str()).collect();
    assert_eq!(tables, ["b", "c"]);
    assert_eq!(replay.catalog.unmodelled.len(), 1);
}

#[test]
fn a_refused_statement_says_why_as_the_server_does() {
    let replay = replay(
        "CREATE TABLE a (x int);\nCREATE TABLE a (y int);\nALTER TABLE a DROP COLUMN z;\nALTER TABLE b ADD COLUMN z int;",
    );
    let reasons: Vec<&str> = replay.catalog.unmodelled.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "relation \"a\" already exists",
            "column \"z\" of relation \"a\" does not exist",
            "relation \"b\" does not exist",
        ]
    );
    let touched = replay.catalog.unmodelled.iter().map(|one| match &one.touches {
        Touches::Objects(keys) => keys.iter().map(Key::to_string).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    });
    assert_eq!(touched.collect::<Vec<_>>(), ["public.a", "public.a", "public.b"]);
}

#[test]
fn acts_tell_what_was_made_changed_renamed_and_dropped() {
    let replay = replay(
        "CREATE TABLE a (x int);\nALTER TABLE a RENAME TO b;\nALTER TABLE b RENAME COLUMN x TO y, \n ALTER y TYPE bigint;\n\
         ALTER TABLE b RENAME COLUMN x TO y;\nALTER TABLE b ALTER y TYPE bigint, ADD UNIQUE (y);\nDROP TABLE b;",
    );
    let acts: Vec<String> = replay
        .log
        .iter()
        .flat_map(|one| &one.acts)
        .map(|act| match &act.what {
            What::Created => format!("+{}", act.key),
            What::Dropped => format!("-{}", act.key),
            What::Renamed(before) => format!("{before}>{}", act.key),
            What::Altered(names) => format!("{}~{}", act.key, names.join(",")),
        })
        .collect();
    assert_eq!(
        acts,
        [
            "+public.a",
            "+public.a.x",
            "public.a>public.b",
            "public.b.x>public.b.y",
            "+public.b.b_y_key",
            "public.b.y~type",
            "-public.b",
        ]
    );
}

#[test]
fn what_the_platform_makes_is_no_part_of_the_schema() {
    let prelude = "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY);";
    let script = Script { path: Arc::from("prelude"), line: 1, text: Arc::from(prelude), transaction: false };
    let options = Options {
        prelude: vec![script],
        assume: [("m.sql:2".to_owned(), "CREATE TABLE made (id int)".to_owned())].into(),
        ignore: vec!["history".to_owned()],
        ..Options::default()
    };
    let replay = replayed(
        &options,
        "CREATE TABLE t (u uuid REFERENCES auth.users);\nDO LANGUAGE plv8 'unknown';\nCREATE TABLE history (id int);",
    );
    let tables: Vec<String> = replay.catalog.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["public.made", "public.t"]);
    assert!(!replay.catalog.schemas.contains_key("auth"));
    assert!(replay.catalog.unmodelled.is_empty());
}

#[test]
fn deep_nesting_is_refused_and_does_no_harm() {
    let deep = format!("SELECT {}1{};\nCREATE TABLE t (a int);", "(".repeat(100_000), ")".repeat(100_000));
    let chain = format!("SELECT 1{};", " + 1".repeat(100_000));
    let replay = replay(&format!("{deep}\n{chain}"));
    assert_eq!(replay.catalog.tables.len(), 1);
    assert_eq!(replay.catalog.unmodelled.len(), 2);
}
