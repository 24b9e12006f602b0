//! Scripts, applied in SQLite: the structure is the later one, and the rows are still there.
use super::*;
use crate::engines::schema::change::{Certainty, Evidence};
use crate::engines::schema::sqlite::{create, inspect};
use rusqlite::Connection;

fn catalog(sql: &str) -> Catalog {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(sql).unwrap();
    inspect(&connection).unwrap()
}

fn flat(catalog: &Catalog) -> Vec<(Key, BTreeMap<String, String>)> {
    catalog.objects().into_iter().map(|one| (one.key, one.attributes)).collect()
}

fn renamed(kind: Kind, table: &str, from: &str, to: &str) -> Change {
    let key = |name: &str| Key { kind, schema: String::new(), table: table.to_owned(), name: name.to_owned() };
    let evidence = Evidence::Alike { reason: String::new(), score: 100 };
    Change {
        key: key(to),
        difference: Difference::Altered { renamed_from: Some((key(from), evidence)), attributes: Vec::new() },
        places: Vec::new(),
        certainty: Certainty::Exact,
        effects: Vec::new(),
    }
}

/// Applies the script to a database with rows; what the query gives afterwards.
fn apply(before: &str, after: &str, changes: &[Change], query: &str) -> (Vec<String>, String) {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(before).unwrap();
    let later = catalog(after);
    let script: Vec<String> =
        alter(&inspect(&connection).unwrap(), &later, changes).into_iter().map(|(_, text)| text).collect();
    for text in &script {
        connection.execute_batch(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    assert_eq!(flat(&inspect(&connection).unwrap()), flat(&later), "{script:#?}");
    (script, connection.query_row(query, [], |row| row.get(0)).unwrap())
}

#[test]
fn everything_is_printed_as_it_was() {
    let before = catalog(
        "CREATE TABLE o (a TEXT, b INTEGER PRIMARY KEY AUTOINCREMENT, UNIQUE (a));
         CREATE TABLE d (id INTEGER PRIMARY KEY DESC, \"odd \"\"name\" \"my-type\"(3), [c d] DOUBLE PRECISION DEFAULT (1 + 1));
         CREATE TABLE t (id TEXT NOT NULL, n NUMERIC(10, 2) NOT NULL ON CONFLICT IGNORE DEFAULT -1.5 COLLATE NOCASE CONSTRAINT u UNIQUE ON CONFLICT REPLACE,
             g TEXT GENERATED ALWAYS AS (lower(id)) STORED, v AS (n * 2), at TEXT DEFAULT CURRENT_TIMESTAMP, s TEXT DEFAULT \"dq\", f INT DEFAULT true,
             o_id INTEGER CONSTRAINT fk REFERENCES o ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
             CONSTRAINT pk PRIMARY KEY (id COLLATE RTRIM DESC, n), CONSTRAINT chk CHECK (t.n > 0 AND (s <> '' OR f)), CHECK (length(id) > 1),
             FOREIGN KEY (s) REFERENCES o (a) ON UPDATE SET NULL) WITHOUT ROWID;
         CREATE TABLE st (a ANY, b INT) STRICT;
         CREATE VIRTUAL TABLE f USING fts5(x, y UNINDEXED, tokenize = 'porter ascii');
         CREATE UNIQUE INDEX i ON t (lower(s) DESC, at COLLATE NOCASE) WHERE f IS NOT NULL;
         CREATE VIEW w (p, q) AS SELECT id, n FROM t -- why
             WHERE f;
         CREATE VIEW z AS SELECT p FROM w;
         CREATE TRIGGER tr AFTER UPDATE OF s, f ON t FOR EACH ROW WHEN new.f > 1 BEGIN UPDATE o SET a = new.s; SELECT 1; END;
         CREATE TRIGGER tv INSTEAD OF INSERT ON w BEGIN SELECT 1; END;",
    );
    assert_eq!(
        before.objects().len(),
        39,
        "{:#?}",
        before.objects().iter().map(|one| one.key.to_string()).collect::<Vec<_>>()
    );
    let again = catalog(&create(&before).iter().map(|text| format!("{text};\n")).collect::<String>());
    assert_eq!(flat(&again), flat(&before));
    assert_eq!(again, before);
}

#[test]
fn what_alter_table_can_do_is_done_by_it() {
    let before = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT); CREATE INDEX i ON t (c); INSERT INTO t VALUES (1, 'x', 'y');";
    let after = "CREATE TABLE u (a INTEGER PRIMARY KEY, d TEXT, e INTEGER NOT NULL DEFAULT 5, f INTEGER REFERENCES u (a)); CREATE INDEX j ON u (d);";
    let changes = [renamed(Kind::Table, "", "t", "u"), renamed(Kind::Column, "u", "b", "d")];
    let (script, value) = apply(before, after, &changes, "SELECT d || e FROM u");
    assert_eq!(
        script,
        [
            "ALTER TABLE \"t\" RENAME TO \"u\"",
            "ALTER TABLE \"u\" RENAME COLUMN \"b\" TO \"d\"",
            "DROP INDEX \"i\"",
            "ALTER TABLE \"u\" DROP COLUMN \"c\"",
            "ALTER TABLE \"u\" ADD COLUMN \"e\" integer NOT NULL DEFAULT 5",
            "ALTER TABLE \"u\" ADD COLUMN \"f\" integer REFERENCES \"u\" (\"a\")",
            "CREATE INDEX \"j\" ON \"u\" (\"d\")",
        ]
    );
    assert_eq!(value, "x5");
}

#[test]
fn the_rest_is_done_by_a_rebuild() {
    let before =
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT, UNIQUE (c));
        CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT b FROM v;
        CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES (1, NULL, 'y');";
    let after = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'none', c INTEGER, p INTEGER, FOREIGN KEY (p) REFERENCES p (id), CHECK (t.b <> ''));
        CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT b FROM v;
        CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;";
    let (script, value) = apply(before, after, &[], "SELECT b || c FROM t");
    assert_eq!(value, "noney");
    assert_eq!(script.iter().filter(|one| one.starts_with("INSERT")).count(), 1);
    assert_eq!(script.iter().filter(|one| one.starts_with("DROP VIEW")).count(), 2);
}

#[test]
fn names_may_be_swapped() {
    let before = "CREATE TABLE a (x TEXT, y TEXT); CREATE TABLE b (z TEXT); INSERT INTO a VALUES ('1', '2');";
    let after = "CREATE TABLE b (x TEXT, y TEXT); CREATE TABLE a (z TEXT);";
    let changes = [renamed(Kind::Table, "", "a", "b"), renamed(Kind::Table, "", "b", "a")];
    assert_eq!(apply(before, after, &changes, "SELECT x FROM b").1, "1");
}

#[test]
fn nothing_to_do() {
    let one = catalog("CREATE TABLE a (x TEXT CHECK (x > 1)); CREATE VIEW v AS SELECT 1 FROM a;");
    assert_eq!(alter(&one, &one, &[]), []);
}
