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
