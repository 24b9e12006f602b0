//! Layouts, histories and books, one rule a test.
use super::{
    Applied, Chain, History, Layout, ProblemKind, applied, compare, discover, guess_dialect, history_query, open,
};
use crate::engines::schema::StepKind;
use crate::engines::schema::catalog::Dialect;
use crate::tree::MemTree;
use proptest::prelude::*;

fn chain(files: &[(&str, &str)]) -> Chain {
    let tree = MemTree::of(files.iter().copied());
    open(&tree, &["m".to_owned()], None, None).unwrap()
}

fn order(chain: &Chain) -> Vec<&str> {
    chain.steps.iter().map(|step| step.path.strip_prefix("m/").unwrap()).collect()
}

fn problems(chain: &Chain) -> Vec<ProblemKind> {
    chain.problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn flyway_goes_by_numbers_undo_is_the_way_back_and_repeatables_come_last() {
    let chain = chain(&[
        ("m/V10__c.sql", "C"),
        ("m/V2_1__b.sql", "B"),
        ("m/V2__a.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        ("m/U2__a.sql", "UNDO"),
        ("m/R__views.sql", "V"),
        ("m/V3__x.java", "class V3__x {}"),
        ("m/afterMigrate.sql", "callback"),
    ]);
    assert_eq!(chain.layout, Layout::Flyway);
    assert_eq!(order(&chain), ["V2__a.sql", "V2_1__b.sql", "V3__x.java", "V10__c.sql", "R__views.sql"]);
    assert_eq!(chain.steps[0].down[0].text.as_ref(), "UNDO");
    assert!(!chain.steps[0].up[0].transaction, "Flyway sees CONCURRENTLY");
    assert!(chain.steps[1].up[0].transaction);
    assert_eq!(chain.steps[2].kind, StepKind::Code);
    assert_eq!(problems(&chain), [ProblemKind::Code]);
    assert_eq!(chain.steps[4].kind, StepKind::Repeatable);
}

#[test]
fn a_baseline_of_flyway_replaces_what_is_before_it() {
    let chain = chain(&[("m/V1__a.sql", "A"), ("m/V2__b.sql", "B"), ("m/B2__base.sql", "AB"), ("m/V3__c.sql", "C")]);
    assert_eq!(order(&chain), ["B2__base.sql", "V3__c.sql"]);
}

#[test]
fn golang_migrate_counts_and_pairs() {
    let chain =
        chain(&[("m/10_b.up.sql", "B"), ("m/9_a.up.sql", "A"), ("m/9_a.down.sql", "down"), ("m/10_b.down.sql", "")]);
    assert_eq!((chain.layout, order(&chain)), (Layout::GolangMigrate, vec!["9_a.up.sql", "10_b.up.sql"]));
    assert_eq!(chain.steps[0].down[0].text.as_ref(), "down");
}

#[test]
fn pop_prefers_the_file_of_the_dialect() {
    let files = [
        ("m/1_a.up.sql", "all"),
        ("m/1_a.postgres.up.sql", "pg"),
        ("m/1_a.mysql.up.sql", "my"),
        ("m/2_b.postgres.autocommit.up.sql", "CREATE INDEX CONCURRENTLY"),
        ("m/2_b.mysql.up.sql", "my"),
    ];
    let tree = MemTree::of(files);
    let chain = open(&tree, &["m".to_owned()], None, Some(Dialect::Postgres)).unwrap();
    assert_eq!(
        (chain.layout, order(&chain)),
        (Layout::Pop, vec!["1_a.postgres.up.sql", "2_b.postgres.autocommit.up.sql"])
    );
    assert!(!chain.steps[1].up[0].transaction);
    let dialects: Vec<Option<Dialect>> = discover(&tree, None).iter().map(|chain| chain.dialect).collect();
    assert_eq!(dialects, [Some(Dialect::Postgres), Some(Dialect::MySql)]);
}

#[test]
fn goose_dbmate_and_plain_numbers_are_told_apart_by_their_marks() {
    let goose = chain(&[
        ("m/2_b.sql", "-- +goose Up\nB;"),
        ("m/1_a.sql", "-- +goose Up\nA;\n-- +goose Down\nD;"),
        ("m/3_c.go", "package m"),
    ]);
    assert_eq!((goose.layout, order(&goose)), (Layout::Goose, vec!["1_a.sql", "2_b.sql", "3_c.go"]));
    assert_eq!((goose.steps[0].up[0].line, goose.steps[0].down.len()), (2, 1));
    let dbmate = chain(&[
        ("m/20200101_a.sql", "-- migrate:up\nA;\n-- migrate:down\nD;"),
        ("m/20200102_b.sql", "-- migrate:up\nB;"),
    ]);
    assert_eq!(dbmate.layout, Layout::Dbmate);
    let plain = chain(&[("m/0002.sql", "B"), ("m/0001-init.sql", "A"), ("m/seed.sql", "x")]);
    assert_eq!((plain.layout, order(&plain)), (Layout::Numbered, vec!["0001-init.sql", "0002.sql"]));
    assert_eq!(problems(&plain), [ProblemKind::Stray]);
}

#[test]
fn sqlx_is_numbered_beside_a_cargo_toml() {
    let tree =
        MemTree::of([("Cargo.toml", ""), ("migrations/2_b.sql", "-- no-transaction\nB"), ("migrations/1_a.sql", "A")]);
    let chains = discover(&tree, None);
    assert_eq!((chains[0].layout, chains[0].root.as_str()), (Layout::Sqlx, "migrations"));
    assert!(!chains[0].steps[1].up[0].transaction && chains[0].steps[0].up[0].transaction);
    assert_eq!(chains[0].steps[0].checksum.as_deref().map(str::len), Some(96));
}

#[test]
fn diesel_takes_the_version_before_the_first_underscore_without_hyphens() {
    let chain = chain(&[
        ("m/2026-01-02-000000_b/up.sql", "B"),
        ("m/20250101_a/up.sql", "A"),
        ("m/20250101_a/down.sql", "D"),
        ("m/2026-01-02-000000_b/metadata.toml", "run_in_transaction = false"),
    ]);
    assert_eq!(
        (chain.layout, order(&chain)),
        (Layout::Diesel, vec!["20250101_a/up.sql", "2026-01-02-000000_b/up.sql"])
    );
    assert_eq!(chain.steps[1].version, "20260102000000");
    assert!(!chain.steps[1].up[0].transaction);
}

#[test]
fn prisma_and_drizzle_say_their_dialect() {
    let prisma = chain(&[
        ("m/1_init/migration.sql", "A"),
        ("m/10_b/migration.sql", "B"),
        ("m/migration_lock.toml", "provider = \"mysql\""),
    ]);
    assert_eq!((prisma.layout, prisma.dialect), (Layout::Prisma, Some(Dialect::MySql)));
    assert_eq!(order(&prisma), ["10_b/migration.sql", "1_init/migration.sql"], "by name");
    let journal = r#"{"dialect":"postgresql","entries":[{"idx":0,"when":7,"tag":"0001_b"},{"idx":1,"when":8,"tag":"0000_a"},{"idx":2,"when":9,"tag":"0002_gone"}]}"#;
    let drizzle = chain(&[
        ("m/meta/_journal.json", journal),
        ("m/0000_a.sql", "A;--> statement-breakpoint\nB;"),
        ("m/0001_b.sql", "C"),
        ("m/0009_z.sql", "Z"),
    ]);
    assert_eq!(
        (drizzle.layout, drizzle.dialect, order(&drizzle)),
        (Layout::Drizzle, Some(Dialect::Postgres), vec!["0001_b.sql", "0000_a.sql"])
    );
    assert_eq!(problems(&drizzle), [ProblemKind::Missing, ProblemKind::Stray]);
    assert_eq!(drizzle.steps[1].up.len(), 2);
    assert_eq!(drizzle.steps[0].version, "7");
}

#[test]
fn atlas_sums_are_compared_and_a_checkpoint_begins_anew() {
    let chain = chain(&[
        ("m/1_a.sql", "A"),
        ("m/2_b.sql", "-- atlas:checkpoint\n\nAB"),
        ("m/3_c.sql", "-- atlas:txmode none\n\nC"),
        ("m/atlas.sum", "h1:x=\n1_a.sql h1:y=\n2_b.sql h1:z=\n"),
    ]);
    assert_eq!((chain.layout, order(&chain)), (Layout::Atlas, vec!["2_b.sql", "3_c.sql"]));
    assert!(!chain.steps[1].up[0].transaction);
    assert_eq!(
        problems(&chain),
        [ProblemKind::Checksum, ProblemKind::Checksum],
        "the first is edited, the third not listed"
    );
}

#[test]
fn folders_of_versions_rails_supabase_and_whole_schemas() {
    let folders = chain(&[
        ("m/0.9/1__a.sql", "A"),
        ("m/0.10/00__b.sql", "B"),
        ("m/0.10/01__c.sql", "C"),
        ("m/LATEST.sql", "ABC"),
    ]);
    assert_eq!(
        (folders.layout, order(&folders)),
        (Layout::Folders, vec!["0.9/1__a.sql", "0.10/00__b.sql", "0.10/01__c.sql"])
    );
    let tree = MemTree::of([("m/0.9/1__a.sql", "A"), ("m/0.10/00__b.sql", "B"), ("m/LATEST.sql", "ABC")]);
    let twin: Vec<(Layout, String)> =
        discover(&tree, None).into_iter().map(|chain| (chain.layout, chain.root)).collect();
    assert_eq!(twin, [(Layout::Folders, "m".to_owned()), (Layout::Schema, "m/LATEST.sql".to_owned())]);
    let tree = MemTree::of([
        ("app/db/structure.sql", "-- PostgreSQL database dump\nCREATE TABLE a();"),
        ("supabase/migrations/20240101000000_a.sql", "A"),
        ("sql/init.sql", "CREATE TABLE a (id int);"),
        ("node_modules/x/migrations/1_a.sql", "no"),
    ]);
    let found: Vec<(Layout, String)> =
        discover(&tree, None).into_iter().map(|chain| (chain.layout, chain.root)).collect();
    let want = [
        (Layout::Rails, "app/db/structure.sql"),
        (Layout::Schema, "sql/init.sql"),
        (Layout::Supabase, "supabase/migrations"),
    ];
    assert_eq!(found, want.map(|(layout, root)| (layout, root.to_owned())));
}

#[test]
fn named_files_are_taken_in_their_order_and_absent_ones_passed_over() {
    let tree = MemTree::of([("b.sql", "B"), ("a.sql", "A")]);
    let chain = open(&tree, &["gone.sql".to_owned(), "b.sql".to_owned(), "a.sql".to_owned()], None, None).unwrap();
    assert_eq!(chain.steps.iter().map(|step| &*step.path).collect::<Vec<_>>(), ["b.sql", "a.sql"]);
    let none = open(&tree, &["gone.sql".to_owned()], None, None).unwrap_err();
    assert_eq!((none.kind, none.text.as_str()), (ProblemKind::Missing, "there is no file gone.sql"));
}

#[test]
fn files_for_another_server_are_left_out() {
    let tree = MemTree::of([("m/mysql.sql", "A"), ("m/postgresql.sql", "B"), ("m/derby-all.sql", "C")]);
    let chain = open(&tree, &["m".to_owned()], None, Some(Dialect::MariaDb)).unwrap();
    assert_eq!(order(&chain), ["mysql.sql"]);
    assert_eq!(open(&tree, &["m".to_owned()], None, None).unwrap().steps.len(), 3);
}

#[test]
fn two_steps_with_one_version_are_told() {
    let chain = chain(&[("m/1_a.sql", "A"), ("m/1_b.sql", "B"), ("m/2_c.sql", "C")]);
    assert_eq!(problems(&chain), [ProblemKind::Duplicate]);
    assert_eq!(chain.problems[0].text, "m/1_b.sql has the version 1, as m/1_a.sql has");
}

#[test]
fn what_lies_between_two_states_of_a_chain() {
    let old = chain(&[("m/1_a.sql", "A;"), ("m/2_b.sql", "B;"), ("m/4_d.sql", "D; -- x")]);
    let same = chain(&[("m/1_a.sql", "A;"), ("m/2_b.sql", "B;"), ("m/4_d.sql", "D;\n"), ("m/5_e.sql", "E;")]);
    let history = compare(&old, &same);
    assert!(history.prefix && history.edited[0].cosmetic, "{history:?}");
    assert_eq!(history.added, [3]);
    let other = chain(&[("m/1_a.sql", "A2;"), ("m/3_c.sql", "C;"), ("m/4_d.sql", "D; -- x")]);
    let history = compare(&old, &other);
    assert_eq!(
        (history.added, history.removed, history.out_of_order, history.prefix),
        (vec![1], vec![1], vec![1], false)
    );
    assert_eq!((history.edited[0].before, history.edited[0].after, history.edited[0].cosmetic), (0, 0, false));
    let squashed = chain(&[("m/3_all.sql", "ABD;"), ("m/9_e.sql", "E;")]);
    assert_eq!(compare(&old, &squashed).squashed, Some(0));
    assert_eq!(compare(&old, &old), History { prefix: true, ..History::default() });
    // Two steps that share a version are told apart by their texts.
    let twice = chain(&[("m/V1__a.sql", "SELECT 1;"), ("m/V1__b.sql", "SELECT 2;")]);
    assert_eq!((twice.steps.len(), compare(&twice, &twice)), (2, History { prefix: true, ..History::default() }));
}

#[test]
fn the_books_say_what_ran() {
    let chain = chain(&[("m/1_a.up.sql", "A"), ("m/2_b.up.sql", "B"), ("m/3_c.up.sql", "C")]);
    let row = |version: &str, success| Applied { version: version.to_owned(), success, ..Applied::default() };
    let state = applied(&chain, &[row("2", true)]);
    assert_eq!((state.pending, state.failed), (vec![2], vec![]), "golang-migrate keeps the last one only");
    assert_eq!(applied(&chain, &[row("7", false)]).missing, ["7"]);
    let chain = self::chain(&[("m/V1__a.sql", "A"), ("m/V2__b.sql", "B"), ("m/V3.0__c.sql", "C")]);
    let wrong = Applied { checksum: Some("1".to_owned()), ..row("1", true) };
    let state = applied(&chain, &[wrong, row("3", true), row("0.5", true)]);
    assert_eq!(
        (state.pending, state.missing, state.edited, state.out_of_order),
        (vec![1], vec!["0.5".to_owned()], vec![0], vec![1])
    );
    let log = "--liquibase formatted sql\n--changeset a:1\nA;\n--changeset a:2 runOnChange:true\nB;\n";
    let tree = MemTree::of([("db/changes.sql", log)]);
    let chain = open(&tree, &["db/changes.sql".to_owned()], None, Some(Dialect::Postgres)).unwrap();
    let state = applied(&chain, &[row("1::a::classpath:db/changes.sql", true)]);
    assert_eq!((chain.layout, state.pending, state.missing), (Layout::Liquibase, vec![1], vec![]));
    assert!(history_query(Layout::Schema, Dialect::Postgres).is_none());
    assert!(history_query(Layout::Flyway, Dialect::Sqlite).is_some());
}

#[test]
fn the_text_gives_the_dialect_away() {
    let of = |sql: &str| guess_dialect(&chain(&[("m/1_a.sql", sql), ("m/2_b.sql", "")]));
    assert_eq!(of("CREATE TABLE a (id BIGSERIAL PRIMARY KEY, at timestamptz);"), Some(Dialect::Postgres));
    assert_eq!(of("CREATE TABLE `a` (id int(11) AUTO_INCREMENT) ENGINE=InnoDB;"), Some(Dialect::MySql));
    assert_eq!(of("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);"), Some(Dialect::Sqlite));
    assert_eq!(of("CREATE TABLE a (id int);"), None);
    assert_eq!(of("-- AUTOINCREMENT in a comment\nCREATE TABLE a (id int);"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_tree_makes_it_fail(files in proptest::collection::vec(("[mV0-9]{1,3}(/[a-zV0-9_.-]{1,12}){0,2}(\\.up|\\.down)?\\.(sql|toml|sum|json|go)", "(-- \\+goose (Up|Down)|-- migrate:up|[A-Z;\\n ])*"), 0..12)) {
        let tree = MemTree::of(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        for chain in discover(&tree, None) {
            let _ = guess_dialect(&chain);
            prop_assert!(compare(&chain, &chain).edited.is_empty());
        }
        let _ = open(&tree, &["m".to_owned(), "*".to_owned()], None, None);
    }
}
