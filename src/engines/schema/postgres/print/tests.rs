//! DDL as it was accepted by PostgreSQL 15 and 18, and scripts replayed by our own replayer.
use super::{alter, create};
use crate::engines::schema::catalog::{Catalog, Dialect, Kind, Server};
use crate::engines::schema::change::{CompareOptions, compare};
use crate::engines::schema::postgres::Postgres;
use crate::engines::schema::{Options, Replayer, Script, Step, StepKind};
use std::sync::Arc;

fn replay(files: &[&str]) -> Catalog {
    let server = Server { dialect: Dialect::Postgres, ..Server::default() };
    let mut replayer = Postgres::new(server, &Options::default());
    for (at, text) in files.iter().enumerate() {
        let path: Arc<str> = Arc::from(format!("{at}.sql"));
        let up = vec![Script { path: path.clone(), line: 1, text: Arc::from(*text), transaction: false }];
        let (version, name) = (at.to_string(), String::new());
        replayer.apply(&Step { kind: StepKind::Versioned, version, name, path, up, down: vec![], checksum: None });
    }
    let catalog = replayer.replay().catalog;
    assert!(catalog.unmodelled.is_empty(), "{:?}", catalog.unmodelled);
    catalog
}

fn flat(catalog: &Catalog) -> Vec<String> {
    let objects = catalog.objects().into_iter().filter(|object| object.key.kind != Kind::Grant);
    objects.map(|object| format!("{} {} {:?}", object.key.kind.word(), object.key, object.attributes)).collect()
}

fn script(before: &str, change: &str) -> Vec<String> {
    let (a, b) = (replay(&[before]), replay(&[before, change]));
    let changes = compare(&a, &b, &CompareOptions::default());
    alter(&a, &b, &changes).into_iter().map(|(_, sql)| sql).collect()
}

/// A first state, a change, and the DDL that makes it.
const EXACT: &[(&str, &str, &[&str])] = &[
    (
        "create table t(a int, b varchar(10))",
        "alter table t alter a type bigint; alter table t alter b set not null; alter table t add c text default 'x'",
        &[
            "ALTER TABLE public.t ALTER COLUMN a TYPE bigint USING a::bigint",
            "ALTER TABLE public.t ALTER COLUMN b SET NOT NULL",
            "ALTER TABLE public.t ADD COLUMN c text DEFAULT 'x'",
        ],
    ),
    (
        "create table t(a timestamp)",
        "alter table t drop a; alter table t add a boolean",
        &["ALTER TABLE public.t ALTER COLUMN a TYPE boolean USING a::text::boolean"],
    ),
    (
        "create type e as enum('a', 'c')",
        "alter type e add value 'b' after 'a'",
        &["ALTER TYPE public.e ADD VALUE 'b' AFTER 'a'"],
    ),
    (
        "create table a(x int); create table b(y int)",
        "alter table a rename to t; alter table b rename to a; alter table t rename to b",
        &[
            "ALTER TABLE public.a RENAME TO a__old",
            "ALTER TABLE public.b RENAME TO a",
            "ALTER TABLE public.a__old RENAME TO b",
        ],
    ),
    (
        "create table a(x int, y text)",
        "alter table a rename x to t; alter table a rename y to x; alter table a rename t to y",
        &[
            "ALTER TABLE public.a RENAME COLUMN x TO x__old",
            "ALTER TABLE public.a RENAME COLUMN y TO x",
            "ALTER TABLE public.a RENAME COLUMN x__old TO y",
        ],
    ),
    (
        "create table p(a int) partition by list (a); create table q partition of p for values in (1)",
        "alter table p add b text",
        &["ALTER TABLE public.p ADD COLUMN b text"],
    ),
];

#[test]
fn writes_exactly() {
    for (before, change, expected) in EXACT {
        assert_eq!(&script(before, change), expected, "{change}");
    }
}

/// States and changes whose DDL makes the same catalog again when it is replayed.
const ROUND: &[(&str, &str)] = &[
    (
        "create table t(a int primary key, b text)",
        "alter table t add c int references t; create index i on t(b) where c > 1",
    ),
    (
        "create table a(id int primary key); create table b(a int references a(id))",
        "alter table a rename to c; alter table b rename a to c_id",
    ),
    (
        "create type e as enum('a', 'b'); create table t(x e default 'a')",
        "alter type e add value 'c'; alter table t alter x drop default",
    ),
    (
        "create domain d as text check (value <> ''); create table t(x d)",
        "alter domain d set not null; create sequence s increment 3; create table u(a int default nextval('s'))",
    ),
    (
        "create table t(a int); create function f() returns trigger language plpgsql as $$begin return new; end$$",
        "create trigger r before update of a on t for each row execute function f(); alter table t enable row level security; \
         create policy p on t using (a > 1)",
    ),
    ("create schema s; create table s.t(a int, check (a > 0))", "drop table s.t; drop schema s; create table t(a int)"),
    ("create table t(a int)", "comment on table t is 'it''s'; comment on column t.a is 'one'"),
];

#[test]
fn what_is_written_makes_the_catalog() {
    for (before, change) in ROUND {
        let (a, b) = (replay(&[before]), replay(&[before, change]));
        let written = create(&b).join(";\n");
        assert_eq!(flat(&replay(&[&written])), flat(&b), "{written}");
        let (there, back) = (script(before, change).join(";\n"), alter(&b, &a, &[]));
        assert_eq!(flat(&replay(&[before, &there])), flat(&b), "{there}");
        let back: Vec<String> = back.into_iter().map(|(_, sql)| sql).collect();
        assert_eq!(flat(&replay(&[before, change, &back.join(";\n")])), flat(&a), "{back:?}");
    }
}
