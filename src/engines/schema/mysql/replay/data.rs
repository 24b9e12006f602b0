//! Statements that change data: which tables they are about.
use super::state::State;
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Key, Kind};
use crate::engines::schema::mysql::text::Cursor;

/// Words that may stand between the verb and the table.
const FILLERS: [&str; 12] = [
    "LOW_PRIORITY",
    "DELAYED",
    "HIGH_PRIORITY",
    "IGNORE",
    "INTO",
    "QUICK",
    "FROM",
    "TABLE",
    "ONLY",
    "LOCAL",
    "CONCURRENT",
    "EXTENDED",
];

/// Lists the tables of a data statement.
pub(super) fn list(state: &mut State, cursor: &mut Cursor<'_, '_>) {
    state.now.class = Class::Data;
    let verb = cursor.take().map_or(String::new(), |token| token.text.to_ascii_uppercase());
    if matches!(verb.as_str(), "LOAD" | "WITH") {
        let found = |cursor: &Cursor<'_, '_>| {
            let target = cursor.sees(0, "INTO") && cursor.sees(1, "TABLE");
            target || cursor.done() || cursor.sees_any(&["UPDATE", "DELETE"])
        };
        while !found(cursor) {
            cursor.at += 1;
        }
        cursor.at += 1;
    }
    while cursor.one_of(&FILLERS).is_some() {}
    table(state, cursor);
    // Other tables that are read or changed.
    while !cursor.done() {
        let named = cursor.one_of(&["FROM", "JOIN"]).is_some() || (verb == "UPDATE" && cursor.symbol(","));
        if named {
            table(state, cursor);
        } else if cursor.sees(0, "SET") && verb == "UPDATE" {
            cursor.at += 1;
            while !cursor.done() && !cursor.sees_any(&["FROM", "JOIN"]) {
                cursor.at += 1;
            }
        } else {
            cursor.at += 1;
        }
    }
}

fn table(state: &mut State, cursor: &mut Cursor<'_, '_>) {
    let mut ahead = *cursor;
    let Ok(written) = ahead.qualified() else { return };
    *cursor = ahead;
    let name = state.name(&written);
    if state.catalog.tables.contains_key(&name) {
        let key = Key::top(Kind::Table, &name);
        if !state.now.tables.contains(&key) {
            state.now.tables.push(key);
        }
    }
}
