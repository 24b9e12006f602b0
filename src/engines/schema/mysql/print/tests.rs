//! DDL that was run on MariaDB 10.11 and gave what it should; how pairs of real catalogs do is measured elsewhere.
use super::{alter, create};
use crate::engines::schema::catalog::{Catalog, Dialect, Server};
use crate::engines::schema::change::{CompareOptions, compare};
use crate::engines::schema::mysql::MySql;
use crate::engines::schema::{Options, Replayer, Script, Step, StepKind};
use std::sync::Arc;

const MARIA: Server = Server { dialect: Dialect::MariaDb, version: (10, 11) };

fn step(version: &str, sql: &str) -> Step {
    let script = Script { path: Arc::from("m.sql"), line: 1, text: Arc::from(sql), transaction: false };
    Step {
        kind: StepKind::Versioned,
        version: version.to_owned(),
        name: String::new(),
        path: Arc::from("m.sql"),
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    }
}

/// Catalogs after the first and after both texts.
fn two(first: &str, second: &str) -> (Catalog, Catalog) {
    let mut replay = MySql::new(MARIA, &Options::default());
    replay.apply(&step("1", first));
    let before = replay.replay().catalog;
    replay.apply(&step("2", second));
    (before, replay.replay().catalog)
}

fn script(before: &Catalog, after: &Catalog) -> Vec<String> {
    alter(before, after, &compare(before, after, &CompareOptions::default()))
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

/// What the statements of a script make of a catalog.
fn run(statements: &[String]) -> Catalog {
    let mut replay = MySql::new(MARIA, &Options::default());
    replay.apply(&step("1", &(statements.join(";\n") + ";")));
    let catalog = replay.replay().catalog;
    assert_eq!(catalog.unmodelled, Vec::new(), "{statements:#?}");
    catalog
}

fn flat(catalog: &Catalog) -> Vec<(String, String)> {
    catalog.objects().into_iter().map(|object| (object.key.to_string(), format!("{:?}", object.attributes))).collect()
}

const FIRST: &str = "create table p(id int primary key, k varchar(20) default 'it''s' comment 'c', key(k));
    create table t(a int, b text charset latin1, j json not null, c decimal(8,2) default 1, g int as (a + 1) stored, ts timestamp null default now() on update now(),
      unique u(a), foreign key (a) references p(id) on delete cascade, check (c > 0 or b is null), e enum('x','y') default 'x', fulltext ft(b)) comment 'hi' collate utf8mb4_bin;
    create table q(d int not null, primary key(d)) partition by range(d) (partition p0 values less than (10), partition p1 values less than maxvalue);
    create view v as select a, g as h from t; create view a_view as select h from v;
    create trigger tr before insert on t for each row begin set new.a = 1; end;
    create function f(x int) returns varchar(10) deterministic reads sql data return 'x';
    create event ev on schedule every 1 day do delete from t; create sequence s start with 5";

#[test]
fn a_whole_catalog_is_written_and_read_again() {
    let (catalog, _) = two(FIRST, "");
    let written = create(&catalog);
    assert_eq!(flat(&catalog).len(), flat(&run(&written)).len());
    for (one, other) in flat(&catalog).iter().zip(&flat(&run(&written))) {
        assert_eq!(one, other);
    }
    // Views that others read come first.
    let at = |text: &str| written.iter().position(|one| one.contains(text));
    assert!(at("VIEW `v`") < at("VIEW `a_view`"));
}

#[test]
fn both_ways_between_two_catalogs() {
    let second = "alter table t change a aa bigint unsigned, drop column e, add n varchar(5) not null after aa, drop index ft;
        rename table p to people; alter table people add x int first, drop primary key, add primary key (id, k);
        alter table t add index (n), comment='', collate latin1_swedish_ci; alter table q remove partitioning;
        drop trigger tr; drop function f; create or replace view v as select aa from t; create table z(a int unique); drop event ev";
    let (before, after) = two(FIRST, second);
    for (from, to) in [(&before, &after), (&after, &before)] {
        let mut statements = create(from);
        statements.extend(script(from, to));
        assert_eq!(flat(&run(&statements)), flat(to));
    }
}

#[test]
fn renames_are_renames() {
    let (before, after) = two(
        "create table t(a int, b int, key k(a)); ",
        "rename table t to u; alter table u rename column a to x, rename index k to kk;",
    );
    let statements = script(&before, &after);
    assert_eq!(
        statements,
        ["RENAME TABLE `t` TO `u`", "ALTER TABLE `u`\n  RENAME INDEX `k` TO `kk`,\n  RENAME COLUMN `a` TO `x`"]
    );
    assert_eq!(alter(&after, &after, &[]), []);
}

#[test]
fn mysql_writes_defaults_in_parentheses() {
    let mut replay = MySql::new(Server { dialect: Dialect::MySql, version: (8, 4) }, &Options::default());
    replay.apply(&step("1", "create table t(a varchar(36) default (uuid()), b datetime default now(), check (b > a) not enforced, key k((lower(a))) invisible)"));
    assert_eq!(
        create(&replay.replay().catalog),
        [
            "CREATE TABLE `t` (\n  `a` varchar(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci NULL DEFAULT (uuid()),\n  `b` datetime NULL DEFAULT current_timestamp(),\n  KEY `k` ((lcase(`a`))) INVISIBLE,\n  CONSTRAINT `t_chk_1` CHECK (`b` > `a`) NOT ENFORCED\n) DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
        ]
    );
}
