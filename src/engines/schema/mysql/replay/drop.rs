//! `DROP` of everything but databases, and `CREATE INDEX`.
use super::alter;
use super::create::index_at;
use super::keys::{self, Request};
use super::state::State;
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Key, Kind, Name};
use crate::engines::schema::mysql::parse::{Alteration, index_statement};
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// `DROP TABLE`, `DROP VIEW`, `DROP SEQUENCE`, from the names on.
pub(super) fn relations(state: &mut State, cursor: &mut Cursor<'_, '_>, kind: Kind, temporary: bool) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    state.now.flags.conditional = optional;
    let (mut found, mut lost) = (false, None);
    loop {
        let name = cursor.qualified()?;
        let name = state.name(&name);
        state.about(&name);
        if kind == Kind::Table && state.session.temporary.remove(&name.name) {
            state.now.class = Class::Session;
            found = true;
        } else if !temporary {
            let there = match kind {
                Kind::View => state.put_view(&name, None).is_some(),
                Kind::Sequence => state.put_sequence(&name, None).is_some(),
                _ => state.put_table(&name, None).is_some(),
            };
            found |= there;
            if !there {
                lost = Some(name);
            }
        }
        if !cursor.symbol(",") {
            break;
        }
    }
    let _behaviour = cursor.one_of(&["RESTRICT", "CASCADE"]);
    state.now.flags.skipped = optional && !found;
    match lost {
        Some(name) if !optional => Err(format!("there is no {} `{name}`", kind.word())),
        _ => Ok(()),
    }
}

/// `DROP TRIGGER`.
pub(super) fn trigger(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    let name = cursor.qualified()?;
    state.now.flags.conditional = optional;
    let table = state
        .catalog
        .tables
        .iter()
        .find(|(_, table)| table.triggers.iter().any(|one| one.name == name.1))
        .map(|(table, _)| table.clone());
    let Some(table) = table else {
        state.now.flags.skipped = optional;
        return if optional { Ok(()) } else { Err(format!("there is no trigger `{}`", name.1)) };
    };
    state.about(&table);
    if let Some(table) = state.table_mut(&table) {
        table.triggers.retain(|one| one.name != name.1);
    }
    Ok(())
}

/// `DROP PROCEDURE`, `DROP FUNCTION`.
pub(super) fn routine(state: &mut State, cursor: &mut Cursor<'_, '_>, kind: &str) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    state.now.flags.conditional = optional;
    let name = cursor.qualified()?;
    let name = state.name(&name);
    let found = state
        .catalog
        .routines
        .keys()
        .find(|(one, which)| which == kind && one.schema == name.schema && super::names::same(&one.name, &name.name))
        .cloned();
    match found {
        Some(key) => drop(state.put_routine(&key, None)),
        None if optional => state.now.flags.skipped = true,
        None => return Err(format!("there is no routine `{name}`")),
    }
    Ok(())
}

/// `DROP EVENT`.
pub(super) fn event(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    state.now.flags.conditional = optional;
    let name = cursor.qualified()?;
    let name: Name = state.name(&name);
    if state.put_other(&Key::top(Kind::Event, &name), None).is_none() {
        state.now.flags.skipped = optional;
        return if optional { Ok(()) } else { Err(format!("there is no event `{name}`")) };
    }
    Ok(())
}

fn online(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    while cursor.one_of(&["ALGORITHM", "LOCK", "WAIT", "NOWAIT"]).is_some() {
        cursor.equals();
        if let Some(how) = cursor.take() {
            state.now.flags.online |=
                ["NONE", "INPLACE", "INSTANT", "NOCOPY"].iter().any(|word| how.text.eq_ignore_ascii_case(word));
        }
    }
    cursor.end()
}

/// `DROP INDEX … ON …`.
pub(super) fn index(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    let index = cursor.name()?;
    cursor.need("ON")?;
    let table = cursor.qualified()?;
    let table = state.name(&table);
    state.about(&table);
    online(state, cursor)?;
    alter::table(state, &table, &[Alteration::DropIndex(index, optional)])
}

/// `CREATE [kind] INDEX`, from the kind on.
pub(super) fn create_index(state: &mut State, cursor: &mut Cursor<'_, '_>, replace: bool) -> Outcome<()> {
    let (definition, table) = index_statement(cursor)?;
    let name = state.name(&table);
    state.about(&name);
    online(state, cursor)?;
    if state.session.temporary.contains(&name.name) {
        state.now.class = Class::Session;
        return Ok(());
    }
    let server = state.catalog.server;
    let Some(table) = state.table_mut(&name) else { return Err(format!("there is no table `{name}`")) };
    if let Some(at) = definition.name.as_deref().and_then(|index| index_at(table, index)) {
        if definition.if_not_exists {
            (state.now.flags.conditional, state.now.flags.skipped) = (true, true);
            return Ok(());
        }
        if replace {
            table.indexes.remove(at);
        }
    }
    let conditional = definition.if_not_exists;
    keys::add(table, vec![Request::Index(definition)], server)?;
    state.now.flags.conditional = conditional;
    Ok(())
}
