//! Procedures and functions.
use super::state::State;
use crate::engines::schema::catalog::{DataType, Expression, Meta, Name, Routine, RoutineKind, Touches};
use crate::engines::schema::mysql::normal::body;
use crate::engines::schema::mysql::parse::data_type;
use crate::engines::schema::mysql::text::{Cursor, Outcome};
use std::collections::BTreeMap;

/// The key of a routine while the replay goes on.
pub(super) fn key(name: Name, kind: &str) -> (Name, String) {
    (name, if kind == "procedure" { "procedure".to_owned() } else { String::new() })
}

/// Everything from the name on.
pub(super) fn create(state: &mut State, cursor: &mut Cursor<'_, '_>, kind: &str, replace: bool) -> Outcome<()> {
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    let written = cursor.qualified()?;
    let name = state.name(&written);
    state.now.flags.conditional = optional;
    if kind == "function" && (cursor.sees(0, "RETURNS") || cursor.sees(0, "SONAME")) {
        state.unmodelled("a function out of a library", Touches::Nothing);
        return Ok(());
    }
    let key = key(name, kind);
    let there = state
        .catalog
        .routines
        .keys()
        .find(|one| one.1 == key.1 && one.0.schema == key.0.schema && super::names::same(&one.0.name, &key.0.name))
        .cloned();
    let mut meta = Meta::default();
    if let Some(old) = there {
        if optional {
            state.now.flags.skipped = true;
            return Ok(());
        }
        if !replace {
            return Err(format!("there is a routine `{}` already", key.0));
        }
        meta = state.put_routine(&old, None).map(|old| Meta { comment: None, ..old.meta }).unwrap_or_default();
    }
    let server = state.catalog.server;
    let mut routine = Routine { meta, language: "sql".to_owned(), ..Routine::default() };
    routine.kind = if kind == "procedure" { RoutineKind::Procedure } else { RoutineKind::Function };
    let mut group = cursor.group()?;
    let mut arguments = Vec::new();
    while !group.done() {
        let mode = group.one_of(&["INOUT", "OUT", "IN"]).filter(|mode| *mode != "IN");
        let name = group.name()?;
        let data_type = typed(&mut group, server)?;
        arguments.push(argument(mode, &name, &data_type));
        routine.signature.push(data_type);
        if !group.symbol(",") {
            group.end()?;
        }
    }
    routine.arguments = arguments.join(", ");
    if cursor.word("RETURNS") || cursor.word("RETURN") {
        routine.returns = typed(cursor, server)?.to_string();
    }
    characteristics(cursor, &mut routine.options, &mut routine.meta)?;
    let text = cursor.source_rest().to_owned();
    routine.body = Expression { normal: body(&text), text };
    state.put_routine(&key, Some(routine));
    Ok(())
}

/// One argument as text.
pub(in crate::engines::schema::mysql) fn argument(mode: Option<&str>, name: &str, data_type: &DataType) -> String {
    match mode {
        Some(mode) => format!("{} {name} {data_type}", mode.to_ascii_uppercase()),
        None => format!("{name} {data_type}"),
    }
}

/// A type with what may follow it in a routine.
fn typed(cursor: &mut Cursor<'_, '_>, server: crate::engines::schema::catalog::Server) -> Outcome<DataType> {
    let kind = data_type(cursor, server)?;
    if cursor.word("COLLATE") {
        cursor.name_or_text()?;
    }
    if cursor.word("DEFAULT") {
        return Err("defaults of parameters are not modelled".to_owned());
    }
    Ok(kind.data_type)
}

/// `DETERMINISTIC`, `SQL SECURITY …` and their like.
fn characteristics(
    cursor: &mut Cursor<'_, '_>,
    options: &mut BTreeMap<String, String>,
    meta: &mut Meta,
) -> Outcome<()> {
    let mut set = |name: &str, value: &str| drop(options.insert(name.to_owned(), value.to_owned()));
    loop {
        if cursor.words(&["NOT", "DETERMINISTIC"])
            || cursor.words(&["CONTAINS", "SQL"])
            || cursor.words(&["LANGUAGE", "SQL"])
            || cursor.words(&["SQL", "SECURITY", "DEFINER"])
        {
        } else if cursor.word("DETERMINISTIC") {
            set("deterministic", "yes");
        } else if cursor.words(&["NO", "SQL"]) {
            set("sql data access", "no sql");
        } else if cursor.words(&["READS", "SQL", "DATA"]) {
            set("sql data access", "reads sql data");
        } else if cursor.words(&["MODIFIES", "SQL", "DATA"]) {
            set("sql data access", "modifies sql data");
        } else if cursor.words(&["SQL", "SECURITY", "INVOKER"]) {
            set("security", "invoker");
        } else if cursor.word("COMMENT") {
            meta.comment = Some(cursor.text()?).filter(|text| !text.is_empty());
        } else {
            return Ok(());
        }
    }
}

/// `ALTER PROCEDURE`, `ALTER FUNCTION`: characteristics only.
pub(super) fn alter(state: &mut State, cursor: &mut Cursor<'_, '_>, kind: &str) -> Outcome<()> {
    let written = cursor.qualified()?;
    let key = key(state.name(&written), kind);
    let Some(mut routine) = state.catalog.routines.get(&key).cloned() else {
        return Err(format!("there is no routine `{}`", key.0));
    };
    for word in ["SECURITY", "SQL"] {
        let says = cursor.tokens.iter().any(|token| token.text.eq_ignore_ascii_case(word));
        if says && word == "SECURITY" {
            routine.options.remove("security");
        }
    }
    characteristics(cursor, &mut routine.options, &mut routine.meta)?;
    cursor.end()?;
    state.put_routine(&key, Some(routine));
    Ok(())
}
