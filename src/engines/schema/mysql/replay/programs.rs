//! Triggers and events.
use super::names::same;
use super::state::State;
use crate::engines::schema::catalog::{Expression, Key, Kind, Other, Trigger};
use crate::engines::schema::mysql::normal::body;
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// `CREATE TRIGGER`, from the name on.
pub(super) fn trigger(state: &mut State, cursor: &mut Cursor<'_, '_>, replace: bool) -> Outcome<()> {
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    let (_, name) = cursor.qualified()?;
    let timing = cursor.one_of(&["BEFORE", "AFTER"]).ok_or_else(|| cursor.unexpected())?.to_ascii_lowercase();
    let event = cursor.one_of(&["INSERT", "UPDATE", "DELETE"]).ok_or_else(|| cursor.unexpected())?.to_ascii_lowercase();
    if cursor.sees(0, "OR") || cursor.sees(0, "OF") {
        return Err("triggers of several events or columns are not modelled".to_owned());
    }
    cursor.need("ON")?;
    let written = cursor.qualified()?;
    let table = state.name(&written);
    state.about(&table);
    if !cursor.words(&["FOR", "EACH", "ROW"]) {
        return Err(cursor.unexpected());
    }
    let order = match cursor.one_of(&["FOLLOWS", "PRECEDES"]) {
        Some(word) => Some((word == "FOLLOWS", cursor.name()?)),
        None => None,
    };
    let text = cursor.source_rest().to_owned();
    let action = Expression { normal: body(&text), text };
    state.now.flags.conditional = optional;
    let there = state
        .catalog
        .tables
        .iter()
        .find(|(_, table)| table.triggers.iter().any(|one| one.name == name))
        .map(|(table, _)| table.clone());
    let mut trigger = Trigger { name, timing, events: vec![event], for_each_row: true, action, ..Trigger::default() };
    if let Some(owner) = there {
        if optional {
            state.now.flags.skipped = true;
            return Ok(());
        }
        if !replace {
            return Err(format!("there is a trigger `{}` already", trigger.name));
        }
        if let Some(owner) = state.table_mut(&owner)
            && let Some(at) = owner.triggers.iter().position(|one| one.name == trigger.name)
        {
            trigger.meta = owner.triggers.remove(at).meta;
        }
    }
    let Some(table) = state.table_mut(&table) else { return Err(format!("there is no table `{table}`")) };
    let beside = order
        .and_then(|(after, other)| Some(table.triggers.iter().position(|one| one.name == other)? + usize::from(after)));
    let at = beside.unwrap_or(table.triggers.len());
    table.triggers.insert(at, trigger);
    Ok(())
}

/// What an event's clauses say.
fn clauses(cursor: &mut Cursor<'_, '_>, event: &mut Other) -> Outcome<()> {
    let mut set = |name: &str, value: String| drop(event.attributes.insert(name.to_owned(), value));
    if cursor.words(&["ON", "SCHEDULE"]) {
        if cursor.word("EVERY") {
            let from = cursor.at;
            while !cursor.done()
                && !cursor.sees_any(&["STARTS", "ENDS", "ON", "ENABLE", "DISABLE", "COMMENT", "DO", "RENAME"])
            {
                cursor.at += 1;
            }
            let every = cursor.source_from(from).to_ascii_lowercase();
            set(
                "schedule",
                format!("every {}", every.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "")),
            );
        } else {
            cursor.need("AT")?;
            set("schedule", "once".to_owned());
        }
        // Times are mostly relative to the moment of the statement.
        while !cursor.done() && !cursor.sees_any(&["ON", "ENABLE", "DISABLE", "COMMENT", "DO", "RENAME"]) {
            cursor.at += 1;
        }
    }
    if cursor.words(&["ON", "COMPLETION"]) {
        let preserve = !cursor.word("NOT");
        cursor.need("PRESERVE")?;
        if preserve {
            set("on completion", "preserve".to_owned());
        }
    }
    Ok(())
}

fn rest(
    state: &mut State,
    cursor: &mut Cursor<'_, '_>,
    event: &mut Other,
) -> Outcome<Option<(Option<String>, String)>> {
    let mut renamed = None;
    if cursor.words(&["RENAME", "TO"]) {
        renamed = Some(cursor.qualified()?);
    }
    if cursor.word("ENABLE") {
        event.attributes.remove("status");
    } else if cursor.word("DISABLE") {
        let replica = cursor.word("ON") && cursor.one_of(&["SLAVE", "REPLICA"]).is_some();
        event.attributes.insert("status".to_owned(), if replica { "replica" } else { "disabled" }.to_owned());
    }
    if cursor.word("COMMENT") {
        event.meta.comment = Some(cursor.text()?).filter(|text| !text.is_empty());
    }
    if cursor.word("DO") {
        event.attributes.insert("definition".to_owned(), body(cursor.source_rest()));
        cursor.at = cursor.tokens.len();
    }
    let _main = &state.session.main;
    cursor.end()?;
    Ok(renamed)
}

/// `CREATE EVENT`, from the name on.
pub(super) fn event(state: &mut State, cursor: &mut Cursor<'_, '_>, replace: bool) -> Outcome<()> {
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    let written = cursor.qualified()?;
    let key = Key::top(Kind::Event, &state.name(&written));
    state.now.flags.conditional = optional;
    if let Some(old) = state.catalog.others.get(&key) {
        if optional {
            state.now.flags.skipped = true;
            return Ok(());
        }
        if !replace {
            return Err(format!("there is an event `{}` already", old.attributes.len()));
        }
        state.put_other(&key, None);
    }
    let mut event = Other::default();
    clauses(cursor, &mut event)?;
    rest(state, cursor, &mut event)?;
    state.put_other(&key, Some(event));
    Ok(())
}

/// `ALTER EVENT`, from the name on.
pub(super) fn alter_event(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let written = cursor.qualified()?;
    let name = state.name(&written);
    let key = state
        .catalog
        .others
        .keys()
        .find(|key| key.kind == Kind::Event && key.schema == name.schema && same(&key.name, &name.name))
        .cloned();
    let Some(mut event) = key.as_ref().and_then(|key| state.catalog.others.get(key)).cloned() else {
        return Err(format!("there is no event `{name}`"));
    };
    clauses(cursor, &mut event)?;
    let renamed = rest(state, cursor, &mut event)?;
    let Some(key) = key else { return Ok(()) };
    match renamed {
        Some(written) => {
            state.put_other(&key, None);
            let key = Key::top(Kind::Event, &state.name(&written));
            state.put_other(&key, Some(event));
        }
        None => drop(state.put_other(&key, Some(event))),
    }
    Ok(())
}
