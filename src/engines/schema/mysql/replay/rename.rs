//! New names, carried into everything that mentions them.
use super::alter::renamed;
use super::names::same;
use super::state::State;
use crate::engines::schema::catalog::{Catalog, ConstraintKind, Expression, Index, Kind, Name, Table};
use crate::engines::schema::mysql::text::{Cursor, Outcome};
use std::collections::BTreeMap;

/// The new name, when there is one.
fn new(renames: &BTreeMap<String, String>, name: &str) -> Option<String> {
    renames.iter().find(|(old, _)| same(old, name)).map(|(_, new)| new.clone())
}

/// Renames columns of a table of a catalog, all at once.
pub(in crate::engines::schema::mysql) fn of_catalog(
    catalog: &mut Catalog,
    name: &Name,
    renames: &BTreeMap<String, String>,
) {
    let Some(mut table) = catalog.tables.remove(name) else { return };
    within(name, &mut table, renames);
    catalog.tables.insert(name.clone(), table);
    for (other, table) in &mut catalog.tables {
        if other != name {
            references(table, name, renames);
        }
    }
}

/// Renames a table of a catalog.
pub(in crate::engines::schema::mysql) fn in_catalog(catalog: &mut Catalog, old: &Name, new: &Name) {
    let Some(mut table) = catalog.tables.remove(old) else { return };
    renamed(&mut table, old, new);
    catalog.tables.insert(new.clone(), table);
    catalog.tables.values_mut().for_each(|table| point(table, old, new));
}

/// Renames columns of a table, all at once.
pub(super) fn columns(state: &mut State, name: &Name, table: &mut Table, renames: &BTreeMap<String, String>) {
    if renames.is_empty() {
        return;
    }
    within(name, table, renames);
    let others: Vec<Name> = state
        .catalog
        .tables
        .iter()
        .filter(|(other, one)| *other != name && refers(one, name))
        .map(|(other, _)| other.clone())
        .collect();
    for other in others {
        if let Some(table) = state.table_mut(&other) {
            references(table, name, renames);
        }
    }
}

/// Foreign keys of another table.
fn references(table: &mut Table, name: &Name, renames: &BTreeMap<String, String>) {
    for constraint in &mut table.constraints {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
            && key.table == *name
        {
            key.references.iter_mut().for_each(|one| *one = new(renames, one).unwrap_or_else(|| one.clone()));
        }
    }
}

/// Renames columns within their table.
fn within(name: &Name, table: &mut Table, renames: &BTreeMap<String, String>) {
    let list = |names: &mut Vec<String>| {
        for name in names {
            if let Some(new) = new(renames, name) {
                *name = new;
            }
        }
    };
    for constraint in &mut table.constraints {
        // The check of a column goes by the column's name.
        if constraint.unnamed
            && matches!(constraint.kind, ConstraintKind::Check(_))
            && table.columns.iter().any(|one| same(&one.name, &constraint.name))
            && let Some(new) = new(renames, &constraint.name)
        {
            constraint.name = new;
        }
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) => keys(index, renames),
            ConstraintKind::Check(condition) => expression(condition, renames),
            ConstraintKind::ForeignKey(key) => {
                list(&mut key.columns);
                if key.table == *name {
                    list(&mut key.references);
                }
            }
            _ => {}
        }
    }
    for column in &mut table.columns {
        if let Some(new) = new(renames, &column.name) {
            column.name = new;
        }
        if let Some(generated) = &mut column.generated {
            expression(&mut generated.expression, renames);
        }
        if let Some(default) = &mut column.default {
            expression(default, renames);
        }
    }
    table.indexes.iter_mut().for_each(|index| keys(index, renames));
    if let Some(by) = &mut table.partitioning.by {
        expression(by, renames);
    }
}

fn refers(table: &Table, name: &Name) -> bool {
    table.constraints.iter().any(|one| matches!(&one.kind, ConstraintKind::ForeignKey(key) if key.table == *name))
}

fn keys(index: &mut Index, renames: &BTreeMap<String, String>) {
    for key in &mut index.keys {
        match key.column {
            true => {
                if let Some(new) = new(renames, &key.expression.text) {
                    key.expression = Expression::plain(new);
                }
            }
            false => expression(&mut key.expression, renames),
        }
    }
}

/// Names in an expression's normal form stand in backticks, in lower case. All change at once: two may swap.
fn expression(one: &mut Expression, renames: &BTreeMap<String, String>) {
    let mut normal = one.normal.clone();
    for (number, old) in renames.keys().enumerate() {
        normal = normal.replace(&format!("`{}`", old.to_lowercase()), &format!("`\u{1}{number}`"));
    }
    for (number, new) in renames.values().enumerate() {
        normal = normal.replace(&format!("`\u{1}{number}`"), &format!("`{}`", new.to_lowercase()));
    }
    if normal != one.normal {
        *one = Expression::plain(normal);
    }
}

/// `RENAME TABLE`, from the first name on.
pub(super) fn statement(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let optional = cursor.words(&["IF", "EXISTS"]);
    state.now.flags.conditional = optional;
    loop {
        let old = cursor.qualified()?;
        let _wait = cursor.word("NOWAIT") || (cursor.word("WAIT") && cursor.take().is_some());
        cursor.need("TO")?;
        let new = cursor.qualified()?;
        let (old, new) = (state.name(&old), state.name(&new));
        state.about(&old);
        match tables(state, &[(old, new)]) {
            Err(_) if optional => state.now.flags.skipped = true,
            other => other?,
        }
        if !cursor.symbol(",") {
            return cursor.end();
        }
    }
}

/// Renames tables (or views), one after the other.
pub(super) fn tables(state: &mut State, pairs: &[(Name, Name)]) -> Outcome<()> {
    for (old, new) in pairs {
        if old == new {
            continue;
        }
        if state.catalog.tables.contains_key(new) || state.catalog.views.contains_key(new) {
            return Err(format!("there is a table `{new}` already"));
        }
        if let Some(view) = state.put_view(old, None) {
            state.put_view(new, Some(view));
            continue;
        }
        if let Some(sequence) = state.put_sequence(old, None) {
            state.put_sequence(new, Some(sequence));
            continue;
        }
        let Some(mut table) = state.put_table(old, None) else { return Err(format!("there is no table `{old}`")) };
        renamed(&mut table, old, new);
        point(&mut table, old, new);
        state.put_table(new, Some(table));
        let others: Vec<Name> =
            state.catalog.tables.iter().filter(|(_, one)| refers(one, old)).map(|(other, _)| other.clone()).collect();
        for other in others {
            if let Some(table) = state.table_mut(&other) {
                point(table, old, new);
            }
        }
        let key = crate::engines::schema::catalog::Key::top(Kind::Table, new);
        state.now.tables.push(key);
    }
    Ok(())
}

/// Foreign keys follow the table that they point to.
fn point(table: &mut Table, old: &Name, new: &Name) {
    for constraint in &mut table.constraints {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
            && key.table == *old
        {
            key.table = new.clone();
        }
    }
}
