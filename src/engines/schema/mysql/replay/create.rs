//! `CREATE TABLE`, and what its elements have in common with `ALTER TABLE … ADD`.
use super::columns;
use super::keys::{self, Request};
use super::names::{column_check, foreign_name, made_up, same};
use super::state::State;
use crate::engines::schema::catalog::{Constraint, ConstraintKind, Dialect, Index, Kind, Meta, Name, Table, Touches};
use crate::engines::schema::mysql::parse::{Created, Element, ForeignDef, Options};
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// Engines that keep foreign keys.
pub(super) fn keeps_foreign_keys(table: &Table) -> bool {
    table.options.get("engine").is_none_or(|engine| matches!(engine.as_str(), "ndbcluster" | "ndb"))
}

/// Applies `CREATE TABLE`.
pub(super) fn table(state: &mut State, created: Created, cursor: Cursor<'_, '_>) -> Outcome<()> {
    let name = state.name(&created.name);
    state.about(&name);
    if created.temporary {
        state.now.class = crate::engines::schema::Class::Session;
        state.session.temporary.insert(name.name);
        return Ok(());
    }
    state.now.flags.conditional = created.if_not_exists;
    if state.catalog.tables.contains_key(&name) || state.catalog.views.contains_key(&name) {
        if created.if_not_exists {
            state.now.flags.skipped = true;
            return Ok(());
        }
        if !created.replace {
            return Err(format!("there is a table `{name}` already"));
        }
        state.put_table(&name, None);
    }
    if let Some(original) = &created.like {
        let original = state.name(original);
        let table = like(state, &original)?;
        state.put_table(&name, Some(table));
        return Ok(());
    }
    let mut table = Table::default();
    let database = state
        .session
        .collations
        .get(&name.schema)
        .or_else(|| state.session.collations.get(""))
        .cloned()
        .unwrap_or_default();
    table.options.insert("collation".to_owned(), database);
    let engine = created.options.engine.clone().or_else(|| Some(state.session.engine.clone()));
    options(state, &mut table, &Options { engine, ..created.options.clone() }, true);
    if let Some(at) = created.query {
        from_query(state, &name, &mut table, Cursor { at, ..cursor }, &created.elements);
    }
    elements(state, &name, &mut table, &created.elements)?;
    table.partitioning.by = created.partition;
    state.put_table(&name, Some(table));
    Ok(())
}

/// Columns that `AS SELECT` brings, those that are defined too first.
fn from_query(state: &mut State, name: &Name, table: &mut Table, cursor: Cursor<'_, '_>, elements: &[Element]) {
    let mut unknown = false;
    match super::view::output(state, cursor) {
        Some(found) => {
            for (column, origin) in found {
                let defined = elements
                    .iter()
                    .any(|one| matches!(one, Element::Column(definition) if same(&definition.name, &column)));
                if defined || super::names::column(table, &column).is_some() {
                    continue;
                }
                let mut made = origin.unwrap_or_default();
                unknown |= made.data_type.name.is_empty();
                if made.data_type.name.is_empty() {
                    made.data_type.name = "?".to_owned();
                }
                made.name = column;
                made.auto_increment = false;
                made.generated = None;
                made.meta.id = Default::default();
                made.meta.places.clear();
                table.columns.push(made);
            }
        }
        None => unknown = true,
    }
    if unknown {
        let key = crate::engines::schema::catalog::Key::top(Kind::Table, name);
        state.unmodelled("the types of what the query gives are not known", Touches::Objects(vec![key]));
    }
}

/// `CREATE TABLE … LIKE`: everything but foreign keys and triggers.
fn like(state: &State, original: &Name) -> Outcome<Table> {
    let Some(original) = state.catalog.tables.get(original) else {
        return Err(format!("there is no table `{original}`"));
    };
    let mut table = original.clone();
    table.constraints.retain(|one| !matches!(one.kind, ConstraintKind::ForeignKey(_)));
    table.triggers.clear();
    let fresh = |meta: &mut Meta| *meta = Meta { comment: meta.comment.take(), ..Meta::default() };
    fresh(&mut table.meta);
    table.columns.iter_mut().for_each(|one| fresh(&mut one.meta));
    table.constraints.iter_mut().for_each(|one| fresh(&mut one.meta));
    table.indexes.iter_mut().for_each(|one| fresh(&mut one.meta));
    Ok(table)
}

/// Sets options; those that are the default are left out.
pub(super) fn options(state: &State, table: &mut Table, options: &Options, new: bool) {
    let charsets = state.charsets();
    if let Some(engine) = &options.engine {
        match engine.to_ascii_lowercase().as_str() {
            "innodb" => drop(table.options.remove("engine")),
            other => drop(table.options.insert("engine".to_owned(), other.to_owned())),
        }
    }
    let collation = match (&options.collation, &options.charset) {
        (Some(collation), _) if !collation.eq_ignore_ascii_case("default") => Some(charsets.canonical(collation)),
        (_, Some(charset)) if charset.eq_ignore_ascii_case("default") => state.session.collations.get("").cloned(),
        (_, Some(charset)) => Some(charsets.collation(charset)),
        _ => None,
    };
    if let Some(collation) = collation {
        table.options.insert("collation".to_owned(), collation);
    }
    if let Some(comment) = &options.comment {
        table.meta.comment = Some(comment.clone()).filter(|comment| !comment.is_empty());
    }
    if options.versioned {
        table.options.insert("system versioning".to_owned(), "yes".to_owned());
    }
    for (name, value) in &options.others {
        match value.is_empty() {
            true if new => {}
            true => drop(table.options.remove(name)),
            false => drop(table.options.insert(name.clone(), value.clone())),
        }
    }
}

/// Adds the elements of a new table.
fn elements(state: &mut State, name: &Name, table: &mut Table, elements: &[Element]) -> Outcome<()> {
    let server = state.catalog.server;
    let base = table.options.get("collation").cloned().unwrap_or_default();
    let (mut requests, mut foreign, mut front) = (Vec::new(), Vec::new(), 0);
    for element in elements {
        match element {
            Element::Column(definition) => {
                let first = !table.columns.iter().any(|column| column.data_type.name == "timestamp");
                let column = columns::make(state, definition, &base, first);
                if super::names::column(table, &column.name).is_some() {
                    return Err(format!("there is a column `{}` already", column.name));
                }
                table.columns.insert(front, column);
                front += 1;
                columns::extras(definition, server, &mut requests, &mut foreign);
            }
            Element::Index(index) => requests.push(Request::Index(index.clone())),
            Element::Foreign(definition) => {
                requests.push(implied(definition));
                foreign.push(definition.clone());
            }
            Element::Check(_) => {}
            Element::Period(text) if text.to_ascii_uppercase().contains("SYSTEM_TIME") => {}
            Element::Period(_) => return Err("`PERIOD FOR` is not modelled".to_owned()),
        }
    }
    keys::add(table, requests, server)?;
    add_foreign(state, name, table, foreign)?;
    for element in elements {
        match element {
            Element::Column(definition) => columns::checks(table, &name.name, definition, server),
            Element::Check(check) => columns::add_check(table, &name.name, check.clone(), server),
            _ => {}
        }
    }
    Ok(())
}

/// The index that a foreign key brings.
pub(super) fn implied(definition: &ForeignDef) -> Request {
    Request::Implied(definition.columns.clone(), definition.name.clone().or_else(|| definition.index.clone()))
}

/// Adds foreign keys under their names.
pub(super) fn add_foreign(state: &mut State, name: &Name, table: &mut Table, foreign: Vec<ForeignDef>) -> Outcome<()> {
    if !keeps_foreign_keys(table) {
        return Ok(());
    }
    for definition in foreign {
        let own = definition.table.0.is_none() && definition.table.1 == name.name;
        let mut key = columns::foreign_key(state, table, &definition)?;
        if own {
            key.table = name.clone();
            for reference in &mut key.references {
                if let Some(column) = super::names::column(table, reference) {
                    reference.clone_from(&column.name);
                }
            }
        }
        // MySQL 8 names no constraint by its index any more.
        let by_index = state.catalog.server.dialect == Dialect::MariaDb || state.catalog.server.version < (8, 0);
        let written = definition.name.clone().or_else(|| definition.index.clone().filter(|_| by_index));
        let unnamed = written.is_none();
        let full = written.unwrap_or_else(|| foreign_name(table, &name.name));
        if table.constraints.iter().any(|one| super::names::is_foreign(one, &full)) {
            return Err(format!("there is a foreign key `{full}` already"));
        }
        table.constraints.push(Constraint {
            name: full,
            kind: ConstraintKind::ForeignKey(key),
            unnamed,
            ..Constraint::default()
        });
    }
    Ok(())
}

/// Names that the server made of the table's follow it.
pub(super) fn follow(table: &mut Table, old: &str, new: &str) {
    for constraint in &mut table.constraints {
        for (before, after) in made_up(old).iter().zip(made_up(new)) {
            let number = constraint.name.strip_prefix(before.as_str()).filter(|rest| rest.parse::<u32>().is_ok());
            if let Some(number) = number {
                constraint.name = format!("{after}{number}");
                break;
            }
        }
    }
}

/// The index of this name.
pub(super) fn index_at(table: &Table, name: &str) -> Option<usize> {
    table.indexes.iter().position(|index: &Index| same(&index.name, name))
}

/// Whether a constraint belongs to a column's definition.
pub(super) fn of_column(table: &Table, constraint: &Constraint, column: &str) -> bool {
    column_check(table, constraint) && same(&constraint.name, column)
}
