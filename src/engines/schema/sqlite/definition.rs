//! What the text of a `CREATE TABLE` says beyond what SQLite's pragmas tell: names of constraints, checks, collations, generated columns.
use super::cursor::{Cursor, split};
use super::token::tokens;

/// A table as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) columns: Vec<ColumnText>,
    pub(super) primary: Option<KeyText>,
    pub(super) uniques: Vec<KeyText>,
    pub(super) checks: Vec<(String, String)>,
    pub(super) foreign: Vec<ForeignText>,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
    /// Module and arguments of a virtual table.
    pub(super) module: Option<(String, Vec<String>)>,
}

/// A column as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ColumnText {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    /// The default, and whether it stands without parentheses.
    pub(super) default: Option<(String, bool)>,
    pub(super) generated: Option<String>,
    /// `ON CONFLICT` of `NOT NULL`.
    pub(super) conflict: Option<String>,
}

/// A primary key or a unique constraint as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyText {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) conflict: Option<String>,
    pub(super) autoincrement: bool,
}

/// A foreign key as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ForeignText {
    pub(super) name: String,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
}

/// Reads the text that SQLite stores for a table.
pub(super) fn table(text: &str) -> Definition {
    let tokens = tokens(text);
    let mut cursor = Cursor::new(text, &tokens);
    let mut definition = Definition::default();
    cursor.take(&["CREATE"]);
    let _ = cursor.take(&["TEMP"]) || cursor.take(&["TEMPORARY"]);
    if cursor.take(&["VIRTUAL", "TABLE"]) {
        cursor.take(&["IF", "NOT", "EXISTS"]);
        cursor.qualified();
        cursor.take(&["USING"]);
        let module = cursor.name().unwrap_or_default().to_ascii_lowercase();
        let inner = cursor.parenthesised().unwrap_or(&[]);
        let arguments = split(inner).into_iter().map(|part| words(cursor.slice(part))).collect();
        definition.module = Some((module, arguments));
        return definition;
    }
    cursor.take(&["TABLE"]);
    cursor.take(&["IF", "NOT", "EXISTS"]);
    cursor.qualified();
    let Some(body) = cursor.parenthesised() else { return definition };
    for part in split(body) {
        let mut item = Cursor::new(text, part);
        let constraint = item.peek().is_some_and(|first| {
            ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| first.is(word))
        });
        match constraint {
            true => definition.constraints(&mut item, None),
            false => definition.column(&mut item),
        }
    }
    for option in split(cursor.rest_tokens()) {
        definition.strict |= option.first().is_some_and(|word| word.is("STRICT"));
        definition.without_rowid |= option.first().is_some_and(|word| word.is("WITHOUT"));
    }
    definition
}

/// White space folded.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const COLUMN_WORDS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
    "DEFERRABLE",
    "ON",
];

impl Definition {
    fn column(&mut self, item: &mut Cursor<'_, '_>) {
        let Some(name) = item.name() else { return };
        self.columns.push(ColumnText { name: name.clone(), ..ColumnText::default() });
        // The type: everything up to the first word of a constraint.
        while let Some(token) = item.peek() {
            if COLUMN_WORDS.iter().any(|word| token.is(word)) {
                break;
            }
            if item.parenthesised().is_none() {
                item.at += 1;
            }
        }
        self.constraints(item, Some(&name));
    }

    /// Constraints in a row: those of a column, or those of the table (commas between which are optional).
    fn constraints(&mut self, item: &mut Cursor<'_, '_>, column: Option<&str>) {
        let mut name = String::new();
        while item.peek().is_some() {
            if item.take(&["CONSTRAINT"]) {
                name = item.name().unwrap_or_default();
                continue;
            }
            let named = std::mem::take(&mut name);
            if item.take(&["PRIMARY", "KEY"]) {
                let mut key = key(item, column, named);
                key.autoincrement |= item.take(&["AUTOINCREMENT"]);
                self.primary = Some(key);
            } else if item.take(&["UNIQUE"]) {
                let key = key(item, column, named);
                self.uniques.push(key);
            } else if item.take(&["CHECK"]) {
                let inner = item.parenthesised().unwrap_or(&[]);
                self.checks.push((named, item.slice(inner).to_owned()));
                conflict(item);
            } else if item.take(&["FOREIGN", "KEY"]) {
                item.parenthesised();
                self.foreign.push(ForeignText { name: named, ..ForeignText::default() });
                if item.take(&["REFERENCES"]) {
                    references(item);
                }
            } else if item.take(&["REFERENCES"]) {
                self.foreign.push(ForeignText { name: named, ..ForeignText::default() });
                references(item);
            } else if item.take(&["NOT", "DEFERRABLE"]) {
                initially(item);
            } else if item.take(&["DEFERRABLE"]) {
                let deferred = initially(item);
                if let Some(last) = self.foreign.last_mut() {
                    (last.deferrable, last.deferred) = (true, deferred);
                }
            } else if !self.attribute(item) {
                item.at += 1;
            }
        }
    }

    /// What only columns have.
    fn attribute(&mut self, item: &mut Cursor<'_, '_>) -> bool {
        let Some(column) = self.columns.last_mut() else { return false };
        if item.take(&["NOT", "NULL"]) {
            column.conflict = conflict(item);
        } else if item.take(&["NULL"]) {
            conflict(item);
        } else if item.take(&["COLLATE"]) {
            column.collation = item.name().map(|name| name.to_ascii_uppercase()).filter(|name| name != "BINARY");
        } else if item.take(&["DEFAULT"]) {
            column.default = match item.parenthesised() {
                Some(inner) => Some((item.slice(inner).to_owned(), false)),
                None => {
                    let start = item.at;
                    if item.peek().is_some_and(|one| one.symbol("-") || one.symbol("+")) {
                        item.at += 1;
                    }
                    item.next();
                    item.tokens.get(start..item.at).map(|value| (item.slice(value).to_owned(), true))
                }
            };
        } else if item.take(&["GENERATED", "ALWAYS", "AS"]) || item.take(&["AS"]) {
            let inner = item.parenthesised().unwrap_or(&[]);
            column.generated = Some(item.slice(inner).to_owned());
        } else {
            return false;
        }
        true
    }
}

fn key(item: &mut Cursor<'_, '_>, column: Option<&str>, name: String) -> KeyText {
    let mut key = KeyText { name, ..KeyText::default() };
    match column {
        Some(column) => {
            key.columns.push(column.to_owned());
            let _ = item.take(&["ASC"]) || item.take(&["DESC"]);
        }
        None => {
            for part in split(item.parenthesised().unwrap_or(&[])) {
                key.columns.extend(part.first().map(|name| name.plain().into_owned()));
                key.autoincrement |= part.last().is_some_and(|last| last.is("AUTOINCREMENT"));
            }
        }
    }
    key.conflict = conflict(item);
    key
}

/// `ON CONFLICT …`; the default is left out.
fn conflict(item: &mut Cursor<'_, '_>) -> Option<String> {
    if !item.take(&["ON", "CONFLICT"]) {
        return None;
    }
    item.next().map(|word| word.text.to_ascii_lowercase()).filter(|word| word != "abort")
}

/// Passes over what follows `REFERENCES` up to `DEFERRABLE`.
fn references(item: &mut Cursor<'_, '_>) {
    item.name();
    item.parenthesised();
    loop {
        if item.take(&["ON", "DELETE"]) || item.take(&["ON", "UPDATE"]) || item.take(&["ON", "INSERT"]) {
            if !(item.take(&["SET", "NULL"]) || item.take(&["SET", "DEFAULT"]) || item.take(&["NO", "ACTION"])) {
                item.next();
            }
        } else if item.take(&["MATCH"]) {
            item.next();
        } else {
            return;
        }
    }
}

/// `INITIALLY DEFERRED`.
fn initially(item: &mut Cursor<'_, '_>) -> bool {
    let deferred = item.take(&["INITIALLY", "DEFERRED"]);
    if !deferred {
        item.take(&["INITIALLY", "IMMEDIATE"]);
    }
    deferred
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_pragmas_do_not_tell() {
        let found = table(
            "CREATE TABLE main.[a b] ( -- note, with (comma\n id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT REPLACE AUTOINCREMENT,\n\
             `n` varchar(10, 2) NOT NULL ON CONFLICT IGNORE DEFAULT ('x, y') COLLATE nocase CONSTRAINT u UNIQUE,\n\
             \"g\" GENERATED ALWAYS AS (id + (1)) STORED, d DEFAULT -5 CHECK (d > 0) CONSTRAINT r REFERENCES o(x) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,\n\
             CONSTRAINT c CHECK (id > (1)) UNIQUE (n, d) ON CONFLICT FAIL, FOREIGN KEY (d) REFERENCES p MATCH FULL ON UPDATE CASCADE NOT DEFERRABLE) STRICT, WITHOUT ROWID",
        );
        let key = |name: &str, columns: &[&str], conflict: Option<&str>, autoincrement| KeyText {
            name: name.to_owned(),
            columns: columns.iter().map(|one| (*one).to_owned()).collect(),
            conflict: conflict.map(str::to_owned),
            autoincrement,
        };
        assert_eq!(found.primary, Some(key("pk", &["id"], Some("replace"), true)));
        assert_eq!(found.uniques, [key("u", &["n"], None, false), key("", &["n", "d"], Some("fail"), false)]);
        assert_eq!(found.checks, [(String::new(), "d > 0".to_owned()), ("c".to_owned(), "id > (1)".to_owned())]);
        assert_eq!(
            found.foreign,
            [ForeignText { name: "r".to_owned(), deferrable: true, deferred: true }, ForeignText::default(),]
        );
        assert!(found.strict && found.without_rowid);
        let columns: Vec<_> = found
            .columns
            .iter()
            .map(|one| (one.name.as_str(), one.default.clone(), one.generated.as_deref()))
            .collect();
        assert_eq!(
            columns,
            [
                ("id", None, None),
                ("n", Some(("'x, y'".to_owned(), false)), None),
                ("g", None, Some("id + (1)")),
                ("d", Some(("-5".to_owned(), true)), None),
            ]
        );
        assert_eq!(found.columns[1].collation.as_deref(), Some("NOCASE"));
        assert_eq!(found.columns[1].conflict.as_deref(), Some("ignore"));
    }

    #[test]
    fn virtual_tables() {
        let found = table("CREATE VIRTUAL TABLE IF NOT EXISTS f USING FTS5(a, b UNINDEXED,  tokenize = \"porter  x\")");
        let arguments = ["a", "b UNINDEXED", "tokenize = \"porter x\""].map(str::to_owned).to_vec();
        assert_eq!(found.module, Some(("fts5".to_owned(), arguments)));
    }

    #[test]
    fn odd_texts_end() {
        for text in [
            "",
            "CREATE TABLE",
            "CREATE TABLE a",
            "CREATE TABLE a (",
            "CREATE TABLE a ()))",
            "CREATE TABLE a (b PRIMARY KEY, CONSTRAINT",
            "(((",
            "CREATE TABLE a (b DEFAULT",
        ] {
            table(text);
        }
    }
}
