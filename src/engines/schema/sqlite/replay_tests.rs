//! Replays: what statements do, and who stays who.
use super::*;

fn step(version: &str, text: &str) -> Step {
    let path: Arc<str> = Arc::from(format!("{version}.sql"));
    let script = Script { path: Arc::clone(&path), line: 1, text: Arc::from(text), transaction: true };
    Step {
        kind: StepKind::Versioned,
        version: version.to_owned(),
        name: String::new(),
        path,
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    }
}

fn replay(texts: &[&str]) -> Replay {
    let mut sqlite = Sqlite::new(&Options::default()).unwrap();
    for (nth, text) in texts.iter().enumerate() {
        sqlite.apply(&step(&(nth + 1).to_string(), text));
    }
    sqlite.replay()
}

/// Key to identity.
fn ids(replay: &Replay) -> BTreeMap<String, u64> {
    replay.catalog.objects().into_iter().map(|one| (format!("{} {}", one.key.kind.word(), one.key), one.id.0)).collect()
}

fn acts(replay: &Replay) -> Vec<String> {
    replay
        .log
        .iter()
        .flat_map(|one| {
            one.acts.iter().map(|act| format!("{}:{} {} {:?}", one.place.file, one.place.line, act.key, act.what))
        })
        .collect()
}

const OLD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);\nCREATE INDEX t_a ON t (a);";

#[test]
fn renames_keep_identity() {
    let before = ids(&replay(&[OLD]));
    let later = replay(&[OLD, "ALTER TABLE t RENAME TO u;\nALTER TABLE u RENAME COLUMN a TO c;"]);
    let after = ids(&later);
    assert_eq!(before["table t"], after["table u"]);
    assert_eq!(before["column t.a"], after["column u.c"]);
    assert_eq!(before["index t.t_a"], after["index u.t_a"]);
    let lines = acts(&later);
    assert!(lines.iter().any(|one| one.starts_with("2.sql:1 u Renamed")), "{lines:?}");
    assert!(lines.iter().any(|one| one.starts_with("2.sql:2 u.c Renamed")), "{lines:?}");
    assert!(lines.iter().any(|one| one == "2.sql:2 u.t_a Altered([\"keys\"])"), "{lines:?}");
    assert_eq!(later.catalog.unmodelled, []);
}

#[test]
fn rebuilt_tables_stay_themselves() {
    for (how, rebuild) in [
        (
            "new",
            "PRAGMA foreign_keys=off;\nCREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c TEXT, d TEXT);\nINSERT INTO new_t (id, a, c) SELECT id, coalesce(a, ''), b FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;\nCREATE INDEX t_a ON t (a);",
        ),
        (
            "old",
            "ALTER TABLE t RENAME TO old_t;\nCREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c TEXT, d TEXT);\nINSERT INTO t (id, a, c) SELECT id, coalesce(a, ''), b FROM old_t;\nDROP TABLE old_t;\nCREATE INDEX t_a ON t (a);",
        ),
        (
            "backup",
            "CREATE TEMPORARY TABLE backup (id, a, b);\nINSERT INTO backup SELECT id, a, b FROM t;\nDROP TABLE t;\nCREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c TEXT, d TEXT);\nINSERT INTO t (id, a, c) SELECT id, coalesce(a, ''), b FROM backup;\nDROP TABLE backup;\nCREATE INDEX t_a ON t (a);",
        ),
        (
            "select",
            "CREATE TABLE backup AS SELECT * FROM t;\nDROP TABLE t;\nCREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c TEXT, d TEXT);\nINSERT INTO t (id, a, c) SELECT id, coalesce(a, ''), b FROM backup;\nDROP TABLE backup;\nCREATE INDEX t_a ON t (a);",
        ),
    ] {
        let before = ids(&replay(&[OLD]));
        let later = replay(&[OLD, rebuild]);
        let after = ids(&later);
        for (old, new) in [
            ("table t", "table t"),
            ("column t.id", "column t.id"),
            ("column t.a", "column t.a"),
            ("column t.b", "column t.c"),
            ("index t.t_a", "index t.t_a"),
        ] {
            assert_eq!(before[old], after[new], "{how}: {old}");
        }
        assert!(!before.values().any(|id| *id == after["column t.d"]), "{how}");
        assert_eq!(later.catalog.unmodelled, [], "{how}");
        let mut lines: Vec<String> = acts(&later)
            .into_iter()
            .filter(|one| one.starts_with("2.sql"))
            .map(|one| one.split_once(' ').unwrap().1.to_owned())
            .filter(|one| !one.starts_with("backup"))
            .collect();
        lines.sort();
        assert_eq!(
            lines,
            [
                "t.a Altered([\"not null\"])",
                "t.c Renamed(Key { kind: Column, schema: \"\", table: \"t\", name: \"b\" })",
                "t.d Created",
            ],
            "{how}"
        );
    }
}

#[test]
fn dropped_and_made_anew_is_another_table() {
    let before = ids(&replay(&[OLD]));
    let after = ids(&replay(&[OLD, "DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);"]));
    assert_ne!(before["table t"], after["table t"]);
    assert_ne!(before["column t.a"], after["column t.a"]);
}

#[test]
fn a_column_that_is_not_copied_is_lost() {
    let before = ids(&replay(&[OLD]));
    let after = ids(&replay(&[
        OLD,
        "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO n (id, a) SELECT id, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
    ]));
    assert_eq!(before["column t.a"], after["column t.a"]);
    assert_ne!(before["column t.b"], after["column t.b"]);
}

#[test]
fn errors_are_told_and_the_rest_goes_on() {
    let later = replay(&[
        "CREATE TABLE a (b);\n\nALTER TABLE missing ADD x;\nINSERT INTO a VALUES (uuid());\nCREATE TABLE c (d);\nSELEC 1;\nATTACH 'x' AS y;",
    ]);
    let told: Vec<(u32, &str, &str, &Touches)> = later
        .catalog
        .unmodelled
        .iter()
        .map(|one| (one.place.line, one.verb.as_str(), one.reason.as_str(), &one.touches))
        .collect();
    let rest = "; the tool runs this file in one transaction, of which nothing would be applied";
    let nothing = Touches::Objects(vec![Key::top(Kind::Table, &Name::new("", "missing"))]);
    let reasons = [
        "no such table: missing",
        "no such function: uuid",
        "near \"SELEC\": syntax error",
        "other databases are not attached",
    ]
    .map(|one| format!("{one}{rest}"));
    assert_eq!(
        told,
        [
            (3, "ALTER TABLE", reasons[0].as_str(), &nothing),
            (4, "INSERT", reasons[1].as_str(), &Touches::Nothing),
            (6, "SELEC", reasons[2].as_str(), &Touches::Anything),
            (7, "ATTACH", reasons[3].as_str(), &Touches::Anything),
        ]
    );
    assert_eq!(later.catalog.tables.keys().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn what_is_taken_back_is_not_there() {
    let later = replay(&[
        "BEGIN; CREATE TABLE a (b); SAVEPOINT s; CREATE TABLE c (d); ROLLBACK TO s; COMMIT; BEGIN; DROP TABLE a; ROLLBACK;",
    ]);
    assert_eq!(later.catalog.tables.keys().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(later.catalog.unmodelled, []);
}

#[test]
fn dumps_make_virtual_tables() {
    let text = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nPRAGMA writable_schema=ON;\nINSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','f','f',0,'CREATE VIRTUAL TABLE f USING fts5(a, b)');\nCREATE TABLE IF NOT EXISTS 'f_data'(id INTEGER PRIMARY KEY, block BLOB);\nINSERT INTO f_data VALUES(1,X'00');\nCREATE TABLE t (a);\nINSERT INTO t VALUES(1);\nINSERT INTO t VALUES(2);\nINSERT INTO f VALUES(1,2);\nPRAGMA writable_schema=OFF;\nCOMMIT;";
    let mut sqlite = Sqlite::new(&Options::default()).unwrap();
    let mut dump = step("1", text);
    dump.kind = StepKind::Schema;
    sqlite.apply(&dump);
    let later = sqlite.replay();
    let names: Vec<&str> = later.catalog.tables.keys().map(|name| name.name.as_str()).collect();
    assert_eq!((names, later.catalog.unmodelled.len()), (vec!["f", "t"], 0));
    assert_eq!(later.log.iter().filter(|one| one.class == Class::Data).count(), 3);
    let table = &later.catalog.tables[&Name::new("", "f")];
    assert_eq!(table.columns.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(table.options["module"], "fts5");
}

#[test]
fn tables_of_the_tool_and_the_prelude_are_left_out() {
    let mut options = Options { ignore: vec!["Schema_Migrations".to_owned()], ..Options::default() };
    options.prelude = step("0", "CREATE TABLE users (id INTEGER PRIMARY KEY)").up;
    options.assume.insert("1.sql:3".to_owned(), "CREATE TABLE assumed (a)".to_owned());
    let mut sqlite = Sqlite::new(&options).unwrap();
    sqlite.apply(&step("1", "CREATE TABLE a (u REFERENCES users);\nINSERT INTO schema_migrations VALUES (1);\nSELECT nonsense();\nCREATE TABLE schema_migrations (v);"));
    let later = sqlite.replay();
    assert_eq!(later.catalog.unmodelled, []);
    assert_eq!(later.catalog.tables.keys().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["a", "assumed"]);
}

#[test]
fn steps_tell_their_statements() {
    let later = replay(&[
        "CREATE TABLE a (b);\nCREATE TABLE IF NOT EXISTS a (c);\nUPDATE a SET b = 1;\nPRAGMA user_version = 3;\nSELECT 1;\nBEGIN;\nEND;",
    ]);
    let told: Vec<(u32, Class, &str)> =
        later.log.iter().map(|one| (one.place.line, one.class, one.verb.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, Class::Structure, "CREATE TABLE"),
            (2, Class::Structure, "CREATE TABLE"),
            (3, Class::Data, "UPDATE"),
            (4, Class::Session, "PRAGMA user_version"),
            (5, Class::Query, "SELECT"),
            (6, Class::Transaction, "BEGIN"),
            (7, Class::Transaction, "END"),
        ]
    );
    assert!(later.log[1].flags.skipped && later.log[1].flags.conditional);
    assert_eq!(later.log[2].tables, [Key::top(Kind::Table, &Name::new("", "a"))]);
}

#[test]
fn rebuilt_columns_stay_themselves() {
    for rebuild in [
        "ALTER TABLE t ADD COLUMN n INTEGER;\nUPDATE t SET n = a;\nALTER TABLE t DROP COLUMN a;\nALTER TABLE t RENAME COLUMN n TO a;",
        "ALTER TABLE t ADD COLUMN n INTEGER;\nUPDATE t SET n = a;\nALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD COLUMN a INTEGER;\nUPDATE t SET a = n;\nALTER TABLE t DROP COLUMN n;",
    ] {
        let first = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);";
        let before = ids(&replay(&[first]));
        let later = replay(&[first, rebuild]);
        assert_eq!(before["column t.a"], ids(&later)["column t.a"]);
        let lines = acts(&later);
        assert!(lines.iter().any(|one| one.ends_with("t.a Altered([\"type\"])")), "{lines:?}");
        assert!(
            !lines.iter().any(|one| one.starts_with("2.sql") && one.contains("t.a ") && !one.contains("Altered")),
            "{lines:?}"
        );
    }
}

#[test]
fn a_copy_that_fails_is_a_copy_all_the_same() {
    let before = ids(&replay(&[OLD]));
    let later = replay(&[
        OLD,
        "CREATE TABLE n (a TEXT, x); INSERT INTO n (a, x) SELECT t.a, missing.x FROM t JOIN missing; DROP TABLE t; ALTER TABLE n RENAME TO t;",
    ]);
    assert_eq!(before["column t.a"], ids(&later)["column t.a"]);
    assert_eq!(later.catalog.unmodelled.len(), 1);
}

#[test]
fn writing_into_the_structure_itself_is_told() {
    let later = replay(&[
        "CREATE TABLE a (b);\nPRAGMA writable_schema = ON;\nUPDATE sqlite_master SET sql = 'CREATE TABLE a (c)' WHERE name = 'a';",
    ]);
    let told: Vec<(u32, &Touches)> =
        later.catalog.unmodelled.iter().map(|one| (one.place.line, &one.touches)).collect();
    assert_eq!(told, [(3, &Touches::Anything)]);
}
