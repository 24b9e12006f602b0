//! Texts that would never end, fill the memory or the stack.
use super::tests::replay;

#[test]
fn nothing_nests_deeper_than_a_stack_holds() {
    let many = |one: &str| one.repeat(2_500);
    for expression in [
        format!("ARRAY{}1", many("[")),
        format!("{}1", many("CASE WHEN (true) THEN ")),
        format!("1{}", many("+(1)")),
        format!("true{}", ("NOT ".repeat(300) + "(").repeat(400)),
        format!("1{}", many(" UNION SELECT 1, 2")),
    ] {
        let text = format!(
            "CREATE VIEW v AS SELECT {expression};\nDO $$ BEGIN PERFORM {expression}; END $$;\nCREATE TABLE t ();"
        );
        let replay = replay(&text);
        assert_eq!((replay.catalog.tables.len(), replay.catalog.views.len()), (1, 0), "{expression:.40}");
    }
}

#[test]
fn no_table_descends_from_itself() {
    let replay = replay(
        "CREATE TABLE a (x int);\nCREATE TABLE b () INHERITS (a);\nALTER TABLE a INHERIT b;\nALTER TABLE a INHERIT a;\n\
         CREATE TABLE p (x int) PARTITION BY LIST (x);\nCREATE TABLE q PARTITION OF p DEFAULT PARTITION BY LIST (x);\n\
         ALTER TABLE q ATTACH PARTITION p DEFAULT;\nDROP TABLE a, p CASCADE;",
    );
    let reasons: Vec<_> = replay.catalog.unmodelled.iter().map(|one| (one.place.line, one.reason.as_str())).collect();
    assert_eq!(reasons, [3, 4, 7].map(|line| (line, "circular inheritance not allowed")));
    assert!(replay.catalog.tables.is_empty());
}

#[test]
fn blocks_end_and_values_stay_small() {
    let mut text = String::from(
        "DO $$ DECLARE s text := 'xy'; BEGIN FOR i IN 1..200 LOOP s := s || s; END LOOP; EXECUTE s; END $$;\n\
         DO $$ BEGIN FOR i IN 1..1000000000 LOOP CREATE TABLE IF NOT EXISTS a (); END LOOP; END $$;\n\
         CREATE FUNCTION f0() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE IF NOT EXISTS x (); END $$;\n",
    );
    for nth in 1..8 {
        let calls = format!("PERFORM f{}(); ", nth - 1).repeat(20);
        text += &format!(
            "CREATE FUNCTION f{nth}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE IF NOT EXISTS x (); {calls} END $$;\n"
        );
    }
    let replay = replay(&(text + "SELECT f7();\nCREATE TABLE t ();"));
    assert_eq!(replay.catalog.unmodelled.len(), 3, "{:?}", replay.catalog.unmodelled);
    assert_eq!(replay.catalog.tables.len(), 1);
}

#[test]
fn savepoints_do_not_fill_the_memory() {
    let tables: String = (0..200).map(|nth| format!("CREATE TABLE t{nth} ();\n")).collect();
    let replay = replay(&format!("{tables}BEGIN;\n{}COMMIT; -- no ROLLBACK", "SAVEPOINT a;\n".repeat(600)));
    assert_eq!(replay.catalog.tables.len(), 200);
    assert!(replay.catalog.unmodelled.iter().all(|one| one.reason.starts_with("too many savepoints")));
    assert!(!replay.catalog.unmodelled.is_empty());
}

#[test]
fn what_needs_what_may_be_a_long_chain() {
    let many = 1_500;
    let views: String = (1..many).map(|nth| format!("CREATE VIEW v{nth} AS SELECT a FROM v{};\n", nth - 1)).collect();
    let domains: String = (1..many).map(|nth| format!("CREATE DOMAIN d{nth} AS d{};\n", nth - 1)).collect();
    let replay = replay(&format!(
        "CREATE TABLE v0 (a int);\n{views}DROP TABLE v0 CASCADE;\nCREATE DOMAIN d0 AS int;\n{domains}DROP DOMAIN d0 CASCADE;"
    ));
    assert!(replay.catalog.tables.is_empty() && replay.catalog.views.is_empty() && replay.catalog.types.is_empty());
}

#[test]
fn columns_are_not_doubled_without_end() {
    let doubled: String = (1..40).map(|nth| format!(", w{nth} AS (SELECT * FROM w{0} x, w{0} y)", nth - 1)).collect();
    let replay = replay(&format!("CREATE VIEW v AS WITH w0 AS (SELECT 1 AS a){doubled} SELECT 1 AS a FROM w39;"));
    assert_eq!(replay.catalog.views.len(), 1);
}

#[test]
fn what_a_routine_calls_is_followed_however_far() {
    let mut text = String::from(
        "CREATE FUNCTION f0() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE IF NOT EXISTS x (); END $$;\n",
    );
    for nth in 1..12 {
        let calls = format!("PERFORM f{}(); ", nth - 1).repeat(10);
        text += &format!("CREATE FUNCTION f{nth}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {calls} END $$;\n");
    }
    let replay = replay(&(text + "SELECT f11();"));
    assert_eq!(replay.catalog.unmodelled.len(), 1, "{:?}", replay.catalog.unmodelled);
}
