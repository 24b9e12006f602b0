//! What a statement is: its first words, its class, the objects that it names.
use super::cursor::Cursor;
use super::token::{Token, tokens};
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Key, Kind, Name};

/// A renaming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rename {
    /// Table: earlier and later name.
    Table(String, String),
    /// Column: table, earlier and later name.
    Column(String, String, String),
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// First words, upper case.
    pub(super) verb: String,
    pub(super) class: Class,
    /// The object that it makes, changes or drops; `table` is empty where the statement does not say it.
    pub(super) target: Option<Key>,
    /// `IF EXISTS`, `IF NOT EXISTS`.
    pub(super) conditional: bool,
    /// Made in the session's own schema.
    pub(super) temporary: bool,
    pub(super) rename: Option<Rename>,
    /// `INSERT … VALUES`: rows that stand in the statement.
    pub(super) literal_rows: bool,
}

/// Tokens that decide; long statements are lists of values.
const ENOUGH: usize = 400;

/// Looks at the beginning of a statement.
pub(super) fn head(text: &str) -> Head {
    let tokens: Vec<Token<'_>> = super::token::Tokens::new(text).take(ENOUGH).collect();
    let mut cursor = Cursor::new(text, &tokens);
    let first = cursor.peek().map(|one| one.text.to_ascii_uppercase()).unwrap_or_default();
    let mut head = Head {
        verb: first.clone(),
        class: Class::Unmodelled,
        target: None,
        conditional: false,
        temporary: false,
        rename: None,
        literal_rows: false,
    };
    match first.as_str() {
        "CREATE" => create(&mut head, &mut cursor),
        "DROP" => drop(&mut head, &mut cursor),
        "ALTER" => alter(&mut head, &mut cursor),
        "INSERT" | "REPLACE" | "UPDATE" | "DELETE" => {
            head.class = Class::Data;
            head.literal_rows = matches!(first.as_str(), "INSERT" | "REPLACE") && literal_rows(&tokens);
        }
        "WITH" => head.class = with(&tokens),
        "SELECT" | "VALUES" | "EXPLAIN" => head.class = Class::Query,
        "PRAGMA" => {
            head.class = Class::Session;
            cursor.next();
            if let Some((name, _)) = cursor.qualified() {
                head.verb = format!("PRAGMA {}", name.to_ascii_lowercase());
            }
        }
        "ANALYZE" | "VACUUM" | "REINDEX" => head.class = Class::Session,
        "BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => head.class = Class::Transaction,
        _ => {}
    }
    head
}

fn create(head: &mut Head, cursor: &mut Cursor<'_, '_>) {
    cursor.next();
    head.temporary = cursor.take(&["TEMP"]) || cursor.take(&["TEMPORARY"]);
    let _ = cursor.take(&["UNIQUE"]) || cursor.take(&["VIRTUAL"]);
    let kind = object(head, "CREATE", cursor);
    head.conditional = cursor.take(&["IF", "NOT", "EXISTS"]);
    let Some((kind, (name, temporary))) = kind.zip(cursor.qualified()) else { return };
    head.temporary |= temporary;
    let mut table = String::new();
    if kind == Kind::Index {
        cursor.take(&["ON"]);
        table = cursor.name().unwrap_or_default();
    } else if kind == Kind::Trigger {
        while let Some(token) = cursor.next() {
            if token.is("ON") {
                table = cursor.name().unwrap_or_default();
                break;
            }
        }
    }
    head.target = Some(key(kind, table, name));
}

fn drop(head: &mut Head, cursor: &mut Cursor<'_, '_>) {
    cursor.next();
    let kind = object(head, "DROP", cursor);
    head.conditional = cursor.take(&["IF", "EXISTS"]);
    let Some((kind, (name, temporary))) = kind.zip(cursor.qualified()) else { return };
    head.temporary = temporary;
    head.target = Some(key(kind, String::new(), name));
}

fn alter(head: &mut Head, cursor: &mut Cursor<'_, '_>) {
    cursor.next();
    if object(head, "ALTER", cursor) != Some(Kind::Table) {
        return;
    }
    let Some((table, temporary)) = cursor.qualified() else { return };
    head.temporary = temporary;
    head.target = Some(key(Kind::Table, String::new(), table.clone()));
    if cursor.take(&["RENAME", "TO"]) {
        head.rename = cursor.name().map(|to| Rename::Table(table, to));
    } else if cursor.take(&["RENAME"]) {
        cursor.take(&["COLUMN"]);
        let from = cursor.name();
        cursor.take(&["TO"]);
        head.rename = from.zip(cursor.name()).map(|(from, to)| Rename::Column(table, from, to));
    }
}

/// The kind of object, which completes the verb.
fn object(head: &mut Head, verb: &str, cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let word = cursor.next()?.text.to_ascii_uppercase();
    head.verb = format!("{verb} {word}");
    let kind = match word.as_str() {
        "TABLE" => Kind::Table,
        "INDEX" => Kind::Index,
        "VIEW" => Kind::View,
        "TRIGGER" => Kind::Trigger,
        _ => return None,
    };
    head.class = Class::Structure;
    Some(kind)
}

fn key(kind: Kind, table: String, name: String) -> Key {
    match kind {
        Kind::Table | Kind::View => Key::top(kind, &Name::new("", name)),
        _ => Key::part(kind, &Name::new("", table), name),
    }
}

/// Whether `VALUES` stands before any `SELECT`.
fn literal_rows(tokens: &[Token<'_>]) -> bool {
    tokens
        .iter()
        .find(|one| ["VALUES", "SELECT", "WITH"].iter().any(|word| one.is(word)))
        .is_some_and(|one| one.is("VALUES"))
}

/// What the statement behind `WITH` is.
fn with(tokens: &[Token<'_>]) -> Class {
    let mut depth = 0_i64;
    for token in tokens {
        if token.symbol("(") {
            depth += 1;
        } else if token.symbol(")") {
            depth -= 1;
        } else if depth == 0 && ["INSERT", "REPLACE", "UPDATE", "DELETE"].iter().any(|word| token.is(word)) {
            return Class::Data;
        }
    }
    Class::Query
}

/// Names that stand where tables stand: behind `FROM`, `JOIN`, `INTO`, `UPDATE`.
pub(super) fn tables(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut found: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !["FROM", "JOIN", "INTO", "UPDATE"].iter().any(|word| token.is(word)) {
            continue;
        }
        let mut rest = tokens.get(at + 1..).unwrap_or(&[]);
        if let [or, _, behind @ ..] = rest
            && or.is("OR")
        {
            rest = behind;
        }
        if let [schema, dot, name, ..] = rest
            && dot.symbol(".")
            && schema.names()
        {
            found.push(name.plain().into_owned());
        } else if let Some(name) = rest.first().filter(|one| one.names()) {
            found.push(name.plain().into_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        for (text, verb, class, target) in [
            ("create unique index if not exists main.i on t(a)", "CREATE INDEX", Class::Structure, "t.i"),
            (
                "CREATE TEMP TRIGGER x AFTER UPDATE OF a ON [t t] BEGIN SELECT 1; END",
                "CREATE TRIGGER",
                Class::Structure,
                "t t.x",
            ),
            ("create virtual table f using fts5(a)", "CREATE TABLE", Class::Structure, "f"),
            ("drop view if exists v", "DROP VIEW", Class::Structure, "v"),
            ("with a as (select 1) insert into t select * from a", "WITH", Class::Data, ""),
            ("with a as (delete) select 1", "WITH", Class::Query, ""),
            ("pragma main.foreign_keys = on", "PRAGMA foreign_keys", Class::Session, ""),
            ("comment on table x is 'y'", "COMMENT", Class::Unmodelled, ""),
            ("create schema x", "CREATE SCHEMA", Class::Unmodelled, ""),
        ] {
            let found = head(text);
            assert_eq!((found.verb.as_str(), found.class), (verb, class), "{text}");
            assert_eq!(found.target.map(|key| key.to_string()).unwrap_or_default(), target, "{text}");
        }
        assert_eq!(
            head("alter table a rename b to \"c d\"").rename,
            Some(Rename::Column("a".into(), "b".into(), "c d".into()))
        );
        assert_eq!(head("alter table a rename to b").rename, Some(Rename::Table("a".into(), "b".into())));
        assert!(head("insert into a values (1)").literal_rows && !head("insert into a select 1").literal_rows);
        assert_eq!(
            tables("insert or ignore into a select * from main.b join \"c\" on (select 1 from d)"),
            ["a", "b", "c", "d"]
        );
    }
}
