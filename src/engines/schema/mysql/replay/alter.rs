//! `ALTER TABLE`: all actions of a statement at once, in the order in which the server takes them.
use super::columns;
use super::create::{add_foreign, follow, implied, index_at, options};
use super::keys::{self, Request};
use super::names::{self, same};
use super::state::State;
use super::{convert, removal, rename};
use crate::engines::schema::catalog::{ConstraintKind, Dialect, Kind, Name, Table, Touches};
use crate::engines::schema::mysql::parse::{Alteration, ColumnDef, Element, ForeignDef, Position};
use crate::engines::schema::mysql::text::Outcome;
use std::collections::BTreeMap;

/// Applies the actions.
pub(super) fn table(state: &mut State, name: &Name, actions: &[Alteration]) -> Outcome<()> {
    let Some(before) = state.catalog.tables.get(name) else { return Err(format!("there is no table `{name}`")) };
    let mut table = before.clone();
    removal::drops(state, name, &mut table, actions)?;
    let renames = changes(state, &mut table, actions)?;
    rename::columns(state, name, &mut table, &renames);
    retyped(state, name, &mut table, actions)?;
    let target = new_name(state, actions);
    whole(state, &mut table, actions)?;
    placed(state, &mut table, actions)?;
    added(state, name, &mut table, actions)?;
    visible(&mut table, actions)?;
    state.put_table(name, Some(table));
    for action in actions {
        match action {
            Alteration::Partitions(verb, text) => partitions(state, name, verb, text),
            Alteration::Nothing(online) => state.now.flags.online |= *online,
            _ => {}
        }
    }
    match target {
        Some(target) => rename::tables(state, &[(name.clone(), target)]),
        None => Ok(()),
    }
}

fn new_name(state: &mut State, actions: &[Alteration]) -> Option<Name> {
    actions.iter().rev().find_map(|action| match action {
        Alteration::RenameTable(database, name) => Some(state.name(&(database.clone(), name.clone()))),
        _ => None,
    })
}

/// The words that the server would say.
pub(super) fn missing(what: &str, name: &str) -> String {
    format!("there is no {what} `{name}`")
}

/// `CHANGE` and `RENAME COLUMN`: new names by old ones.
fn changes(state: &mut State, table: &mut Table, actions: &[Alteration]) -> Outcome<BTreeMap<String, String>> {
    let mut renames = BTreeMap::new();
    for action in actions {
        let (old, new, optional) = match action {
            Alteration::RenameColumn(old, new, optional) => (old, new, *optional),
            Alteration::Change(old, definition, optional) => (old, &definition.name, *optional),
            Alteration::RenameIndex(old, new, optional) => {
                match index_at(table, old).and_then(|at| table.indexes.get_mut(at)) {
                    Some(index) => index.name.clone_from(new),
                    None if *optional => {}
                    None => return Err(missing("index", old)),
                }
                continue;
            }
            _ => continue,
        };
        match names::column(table, old) {
            Some(column) if column.name != *new => drop(renames.insert(column.name.clone(), new.clone())),
            Some(_) => {}
            None if optional => state.now.flags.skipped = true,
            None => return Err(missing("column", old)),
        }
    }
    Ok(renames)
}

/// `CHANGE` and `MODIFY`: columns as they are defined now.
fn retyped(state: &mut State, name: &Name, table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    let server = state.catalog.server;
    let base = table.options.get("collation").cloned().unwrap_or_default();
    for action in actions {
        let Alteration::Change(_, definition, _) = action else { continue };
        let Some(at) = names::column_at(table, &definition.name) else { continue };
        let first = !table
            .columns
            .iter()
            .enumerate()
            .any(|(place, column)| place != at && column.data_type.name == "timestamp");
        let mut column = columns::make(state, definition, &base, first);
        let primary = table.primary_key().is_some_and(|one| match &one.kind {
            ConstraintKind::PrimaryKey(index) => index.keys.iter().any(|key| same(&key.expression.text, &column.name)),
            _ => false,
        });
        column.not_null |= primary;
        if let Some(old) = table.columns.get_mut(at) {
            column.meta.id = old.meta.id;
            column.meta.places = std::mem::take(&mut old.meta.places);
            *old = column;
        }
        keys::retype(table, &definition.name, server);
        if server.dialect == Dialect::MariaDb {
            let lost: Vec<bool> =
                table.constraints.iter().map(|one| super::create::of_column(table, one, &definition.name)).collect();
            let mut lost = lost.into_iter();
            table.constraints.retain(|_| !lost.next().unwrap_or(false));
        }
        columns::checks(table, &name.name, definition, server);
    }
    Ok(())
}

/// The column that an action defines anew.
fn changed_name(action: &Alteration) -> Option<&str> {
    match action {
        Alteration::Change(_, definition, _) => Some(&definition.name),
        _ => None,
    }
}

/// What concerns the whole table.
fn whole(state: &mut State, table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    for action in actions {
        match action {
            Alteration::Options(some) => {
                options(state, table, some, false);
                if some.engine.is_some() {
                    // Another engine has another limit.
                    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
                    names.iter().for_each(|name| keys::retype(table, name, state.catalog.server));
                }
            }
            Alteration::Convert(charset, collation) => {
                let explicit = |action: &'_ Alteration| match action {
                    Alteration::Change(_, one, _) => {
                        one.kind.binary || one.kind.charset.is_some() || one.kind.collation.is_some()
                    }
                    _ => false,
                };
                let fixed: Vec<&str> =
                    actions.iter().filter(|action| explicit(action)).filter_map(changed_name).collect();
                convert::table(state, table, charset.as_deref(), collation.as_deref(), &fixed);
            }

            Alteration::Partition(clause) => table.partitioning.by = Some(clause.clone()),
            Alteration::RemovePartitioning => table.partitioning.by = None,
            Alteration::Versioning(true) => {
                drop(table.options.insert("system versioning".to_owned(), "yes".to_owned()))
            }
            Alteration::Versioning(false) => drop(table.options.remove("system versioning")),
            Alteration::Default(name, default) => {
                let Some(at) = names::column_at(table, name) else { return Err(missing("column", name)) };
                let Some(column) = table.columns.get_mut(at) else { continue };
                column.default = default.as_ref().and_then(|default| columns::default_of(default, &column.data_type));
            }
            _ => {}
        }
    }
    Ok(())
}

fn put(table: &mut Table, column: crate::engines::schema::catalog::Column, position: &Position) -> Outcome<()> {
    let at = match position {
        Position::Stay => table.columns.len(),
        Position::First => 0,
        Position::After(other) => names::column_at(table, other).ok_or_else(|| missing("column", other))? + 1,
    };
    table.columns.insert(at, column);
    Ok(())
}

/// New columns, and old ones that move.
fn placed(state: &mut State, table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    let base = table.options.get("collation").cloned().unwrap_or_default();
    for action in actions {
        match action {
            Alteration::Add(Element::Column(definition), optional) => {
                if names::column(table, &definition.name).is_some() {
                    state.now.flags.conditional |= optional;
                    if !optional {
                        return Err(format!("there is a column `{}` already", definition.name));
                    }
                    state.now.flags.skipped |= actions.len() == 1;
                    continue;
                }
                state.now.flags.conditional |= optional;
                let first = !table.columns.iter().any(|column| column.data_type.name == "timestamp");
                let column = columns::make(state, definition, &base, first);
                let volatile = |text: &str| ["uuid", "rand(", "nextval("].iter().any(|word| text.contains(word));
                state.now.flags.volatile_default |= column.default.as_ref().is_some_and(|one| volatile(&one.normal));
                put(table, column, &definition.position)?;
            }
            Alteration::Change(_, definition, _) if !matches!(definition.position, Position::Stay) => {
                let Some(at) = names::column_at(table, &definition.name) else { continue };
                let column = table.columns.remove(at);
                put(table, column, &definition.position)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a column was added by this statement, not found there by `IF NOT EXISTS`.
fn is_new(table: &Table, definition: &ColumnDef) -> bool {
    names::column(table, &definition.name).is_some_and(|column| column.meta.id.0 == 0)
}

/// Indexes, foreign keys and checks.
fn added(state: &mut State, name: &Name, table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    let server = state.catalog.server;
    let (mut requests, mut foreign): (Vec<Request>, Vec<ForeignDef>) = (Vec::new(), Vec::new());
    for action in actions {
        match action {
            Alteration::Add(Element::Column(definition), _) if is_new(table, definition) => {
                columns::extras(definition, server, &mut requests, &mut foreign);
            }
            Alteration::Change(_, definition, _) if names::column(table, &definition.name).is_some() => {
                columns::extras(definition, server, &mut requests, &mut foreign);
            }
            Alteration::Add(Element::Index(index), optional) => {
                // The server looks at the table as it was before the statement.
                let before = state.catalog.tables.get(name);
                let there =
                    index.name.as_deref().is_some_and(|one| before.is_some_and(|table| index_at(table, one).is_some()));
                if !(*optional && there) {
                    requests.push(Request::Index(index.clone()));
                } else {
                    state.now.flags.skipped |= actions.len() == 1;
                }
            }
            Alteration::Add(Element::Foreign(definition), optional) => {
                let written = definition.name.as_deref().or(definition.index.as_deref());
                if *optional
                    && written.is_some_and(|one| {
                        table.constraints.iter().any(|constraint| names::is_foreign(constraint, one))
                    })
                {
                    state.now.flags.skipped |= actions.len() == 1;
                    continue;
                }
                requests.push(implied(definition));
                foreign.push(definition.clone());
            }
            Alteration::Add(Element::Period(text), _) if !text.to_ascii_uppercase().contains("SYSTEM_TIME") => {
                return Err("`PERIOD FOR` is not modelled".to_owned());
            }
            _ => {}
        }
    }
    keys::add(table, requests, server)?;
    add_foreign(state, name, table, foreign)?;
    for action in actions {
        match action {
            Alteration::Add(Element::Column(definition), _) if is_new(table, definition) => {
                columns::checks(table, &name.name, definition, server)
            }
            Alteration::Add(Element::Check(check), optional) => {
                let there = check
                    .name
                    .as_deref()
                    .is_some_and(|one| table.constraints.iter().any(|constraint| names::is_check(constraint, one)));
                match (there, optional) {
                    (true, true) => {}
                    (true, false) => {
                        return Err(format!(
                            "there is a check `{}` already",
                            check.name.as_deref().unwrap_or_default()
                        ));
                    }
                    _ => columns::add_check(table, &name.name, check.clone(), server),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is seen and what is enforced.
fn visible(table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    fn set(options: &mut BTreeMap<String, String>, visible: bool) {
        match visible {
            true => drop(options.remove("invisible")),
            false => drop(options.insert("invisible".to_owned(), "yes".to_owned())),
        }
    }
    for action in actions {
        match action {
            Alteration::IndexVisible(name, visible, optional) => {
                match index_at(table, name).and_then(|at| table.indexes.get_mut(at)) {
                    Some(index) => set(&mut index.options, *visible),
                    None if *optional => {}
                    None => return Err(missing("index", name)),
                }
            }
            Alteration::ColumnVisible(name, visible) => {
                match names::column_at(table, name).and_then(|at| table.columns.get_mut(at)) {
                    Some(column) => set(&mut column.options, *visible),
                    None => return Err(missing("column", name)),
                }
            }
            Alteration::Enforce(name, enforced) => {
                match table.constraints.iter_mut().find(|one| names::is_check(one, name)) {
                    Some(check) => check.not_enforced = !enforced,
                    None => return Err(missing("check", name)),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Partitions that come and go one by one.
fn partitions(state: &mut State, name: &Name, verb: &str, text: &str) {
    if matches!(verb, "ANALYZE" | "CHECK" | "OPTIMIZE" | "REBUILD" | "REPAIR" | "TRUNCATE" | "EXCHANGE") {
        state.now.class = crate::engines::schema::Class::Data;
        return;
    }
    let server = state.catalog.server;
    let by = state.catalog.tables.get(name).and_then(|table| table.partitioning.by.clone());
    let changed = by
        .ok_or_else(|| "the table has no partitions".to_owned())
        .and_then(|by| crate::engines::schema::mysql::parse::maintain(&by.normal, verb, text, server));
    match changed {
        Ok(normal) => {
            if let Some(table) = state.table_mut(name) {
                table.partitioning.by = Some(crate::engines::schema::catalog::Expression::plain(normal));
            }
        }
        Err(reason) => {
            let key = crate::engines::schema::catalog::Key::top(Kind::Table, name);
            state.unmodelled(format!("`{verb} PARTITION`: {reason}"), Touches::Objects(vec![key]));
        }
    }
}

/// Moves what the server named after a table.
pub(super) fn renamed(table: &mut Table, old: &Name, new: &Name) {
    follow(table, &old.name, &new.name);
}
