//! Sequences of MariaDB.
use super::state::State;
use crate::engines::schema::catalog::{DataType, Sequence};
use crate::engines::schema::mysql::text::{Cursor, Outcome};
use std::collections::BTreeMap;

const LARGEST: &str = "9223372036854775806";

/// `CREATE SEQUENCE`, from the name on.
pub(super) fn create(state: &mut State, cursor: &mut Cursor<'_, '_>, replace: bool) -> Outcome<()> {
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    let written = cursor.qualified()?;
    let name = state.name(&written);
    state.now.flags.conditional = optional;
    if state.catalog.sequences.contains_key(&name) {
        if optional {
            state.now.flags.skipped = true;
            return Ok(());
        }
        if !replace {
            return Err(format!("there is a sequence `{name}` already"));
        }
        state.put_sequence(&name, None);
    }
    let mut sequence = Sequence { data_type: DataType::plain("bigint"), ..Sequence::default() };
    options(cursor, &mut sequence)?;
    state.put_sequence(&name, Some(sequence));
    Ok(())
}

/// `ALTER SEQUENCE`, from the name on.
pub(super) fn alter(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    let written = cursor.qualified()?;
    let name = state.name(&written);
    let Some(mut sequence) = state.catalog.sequences.get(&name).cloned() else {
        return if optional { Ok(()) } else { Err(format!("there is no sequence `{name}`")) };
    };
    options(cursor, &mut sequence)?;
    state.put_sequence(&name, Some(sequence));
    Ok(())
}

fn number(cursor: &mut Cursor<'_, '_>) -> Outcome<String> {
    let _filler = cursor.equals() || cursor.word("WITH") || cursor.word("BY");
    let sign = if cursor.symbol("-") { "-" } else { "" };
    Ok(format!("{sign}{}", cursor.number()?))
}

fn options(cursor: &mut Cursor<'_, '_>, sequence: &mut Sequence) -> Outcome<()> {
    let mut set: BTreeMap<String, String> = std::mem::take(&mut sequence.options);
    loop {
        if cursor.word("AS") {
            sequence.data_type = crate::engines::schema::mysql::parse::data_type(cursor, Default::default())?.data_type;
        } else if cursor.word("START") {
            set.insert("start".to_owned(), number(cursor)?);
        } else if cursor.word("INCREMENT") {
            set.insert("increment".to_owned(), number(cursor)?);
        } else if cursor.word("MINVALUE") {
            set.insert("minvalue".to_owned(), number(cursor)?);
        } else if cursor.word("MAXVALUE") {
            set.insert("maxvalue".to_owned(), number(cursor)?);
        } else if cursor.word("CACHE") {
            set.insert("cache".to_owned(), number(cursor)?);
        } else if cursor.word("CYCLE") {
            set.insert("cycle".to_owned(), "yes".to_owned());
        } else if cursor.word("NOCYCLE") || cursor.words(&["NO", "CYCLE"]) {
            set.remove("cycle");
        } else if cursor.word("NOMINVALUE") || cursor.words(&["NO", "MINVALUE"]) {
            set.remove("minvalue");
        } else if cursor.word("NOMAXVALUE") || cursor.words(&["NO", "MAXVALUE"]) {
            set.remove("maxvalue");
        } else if cursor.word("NOCACHE") {
            set.insert("cache".to_owned(), "0".to_owned());
        } else if cursor.word("RESTART") {
            let _value = number(cursor);
        } else if cursor.word("ENGINE") {
            cursor.equals();
            cursor.name()?;
        } else {
            break;
        }
    }
    for (name, default) in
        [("start", "1"), ("increment", "1"), ("minvalue", "1"), ("maxvalue", LARGEST), ("cache", "1000")]
    {
        if set.get(name).is_some_and(|value| value == default) {
            set.remove(name);
        }
    }
    sequence.options = set;
    cursor.end()
}
