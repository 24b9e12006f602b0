//! What turns one catalog into another.
use super::parts::{self, quoted};
use super::rename::{self, Renames};
use super::{programs, table};
use crate::engines::schema::catalog::{Catalog, Constraint, ConstraintKind, Dialect, Key, Kind, Name, Server, Table};
use crate::engines::schema::change::Change;
use crate::engines::schema::mysql::normal::quote;
use std::collections::{BTreeMap, BTreeSet};

type Script = Vec<(Option<Key>, String)>;

/// The script that turns `before` into `after` on a server, each statement with the object that it is for (the table, when it is for several
/// of its parts). Renames are taken from `changes`; everything else is told from the catalogs. No statement ends with a semicolon.
pub fn alter(before: &Catalog, after: &Catalog, changes: &[Change]) -> Vec<(Option<Key>, String)> {
    let mut renames = rename::find(before, after, changes);
    let (old, renaming) = rename::apply(before, &mut renames);
    let server = after.server;
    let altered: BTreeMap<&Name, Vec<(Key, String)>> = after
        .tables
        .iter()
        .filter_map(|(name, table)| Some((name, clauses(name, old.tables.get(name)?, table, &renames, server))))
        .collect();
    let foreign = foreign_keys(&old, after, &altered);
    let mut script: Script = Vec::new();
    programs_gone(before, &old, after, &mut script);
    for (name, constraint) in &foreign.gone {
        // Nothing is renamed yet.
        let (table, own) = before_names(name, constraint, before, &renames);
        script.push((
            Some(Key::part(Kind::Constraint, name, &*constraint.name)),
            format!("ALTER TABLE {} DROP FOREIGN KEY {}", parts::name(&table), quoted(&own)),
        ));
    }
    for name in old.tables.keys().filter(|name| !after.tables.contains_key(*name)) {
        script.push((Some(Key::top(Kind::Table, name)), format!("DROP TABLE {}", parts::name(name))));
    }
    script.extend(renaming);
    for (name, sequence) in after
        .sequences
        .iter()
        .filter(|(name, one)| old.sequences.get(*name).is_none_or(|old| old.options != one.options))
    {
        if old.sequences.contains_key(name) {
            script.push((Some(Key::top(Kind::Sequence, name)), format!("DROP SEQUENCE {}", parts::name(name))));
        }
        script.push((Some(Key::top(Kind::Sequence, name)), programs::sequence(name, sequence)));
    }
    for (name, one) in after.tables.iter().filter(|(name, _)| !old.tables.contains_key(*name)) {
        script.push((Some(Key::top(Kind::Table, name)), table::create(name, one, server)));
    }
    for (name, clauses) in altered {
        statement(name, clauses, &mut script);
        partitions(name, old.tables.get(name), after.tables.get(name), &mut script);
    }
    for (name, constraint) in &foreign.new {
        if let Some(text) = parts::foreign_key(constraint) {
            script.push((
                Some(Key::part(Kind::Constraint, name, &*constraint.name)),
                format!("ALTER TABLE {} ADD {text}", parts::name(name)),
            ));
        }
    }
    for name in old.sequences.keys().filter(|name| !after.sequences.contains_key(*name)) {
        script.push((Some(Key::top(Kind::Sequence, name)), format!("DROP SEQUENCE {}", parts::name(name))));
    }
    programs_new(&old, after, &mut script);
    script
}

/// The table and the name that a foreign key has before anything is renamed.
fn before_names(name: &Name, constraint: &Constraint, before: &Catalog, renames: &Renames) -> (Name, String) {
    let Some((old, new)) = renames.tables.iter().find(|(_, new)| new == name) else {
        return (name.clone(), constraint.name.clone());
    };
    let made =
        constraint.name.strip_prefix(&format!("{}_ibfk_", new.name)).map(|rest| format!("{}_ibfk_{rest}", old.name));
    let there = made.filter(|made| {
        before.tables.get(old).is_some_and(|table| table.constraints.iter().any(|one| one.name == *made))
    });
    (old.clone(), there.unwrap_or_else(|| constraint.name.clone()))
}

/// One `ALTER TABLE` of all clauses.
fn statement(name: &Name, clauses: Vec<(Key, String)>, script: &mut Script) {
    let key = match clauses.as_slice() {
        [] => return,
        [(key, _)] => key.clone(),
        _ => Key::top(Kind::Table, name),
    };
    let text: Vec<String> = clauses.into_iter().map(|(_, text)| text).collect();
    let gap = if text.len() > 1 { "\n  " } else { " " };
    script.push((Some(key), format!("ALTER TABLE {}{gap}{}", parts::name(name), text.join(",\n  "))));
}

fn partitions(name: &Name, old: Option<&Table>, new: Option<&Table>, script: &mut Script) {
    let of = |table: Option<&Table>| table.and_then(|table| table.partitioning.by.as_ref()).map(|by| by.normal.clone());
    let (old, new) = (of(old), of(new));
    if old != new {
        let clause = new.map_or_else(|| "REMOVE PARTITIONING".to_owned(), |by| table::partitions(&by));
        script.push((Some(Key::top(Kind::Table, name)), format!("ALTER TABLE {} {clause}", parts::name(name))));
    }
}

/// Everything of a table but foreign keys, triggers and partitions.
fn clauses(name: &Name, old: &Table, new: &Table, renames: &Renames, server: Server) -> Vec<(Key, String)> {
    let mut all = Vec::new();
    let check = |table: &Table, one: &Constraint| parts::check(table, one, server);
    for constraint in &old.constraints {
        let Some(text) = check(old, constraint) else { continue };
        if !new.constraints.iter().any(|one| one.name == constraint.name && check(new, one).as_deref() == Some(&text)) {
            let word = if server.dialect == Dialect::MariaDb { "CONSTRAINT" } else { "CHECK" };
            all.push((
                Key::part(Kind::Constraint, name, &*constraint.name),
                format!("DROP {word} {}", quoted(&constraint.name)),
            ));
        }
    }
    let (old_primary, new_primary) = (parts::primary(old, server), parts::primary(new, server));
    let primary = Key::part(Kind::Constraint, name, "PRIMARY");
    if old_primary.is_some() && old_primary != new_primary {
        all.push((primary.clone(), "DROP PRIMARY KEY".to_owned()));
    }
    for (from, to) in renames.indexes.get(name).into_iter().flatten() {
        all.push((Key::part(Kind::Index, name, &**to), format!("RENAME INDEX {} TO {}", quoted(from), quoted(to))));
    }
    let same_index = |one: &crate::engines::schema::catalog::Index, list: &[crate::engines::schema::catalog::Index]| {
        list.iter().any(|other| {
            other.name == one.name
                && other.method == one.method
                && parts::index(other, false, server) == parts::index(one, false, server)
        })
    };
    for index in old.indexes.iter().filter(|index| !same_index(index, &new.indexes)) {
        all.push((Key::part(Kind::Index, name, &*index.name), format!("DROP INDEX {}", quoted(&index.name))));
    }
    for column in old.columns.iter().filter(|column| new.column(&column.name).is_none()) {
        all.push((Key::part(Kind::Column, name, &*column.name), format!("DROP COLUMN {}", quoted(&column.name))));
    }
    columns(name, old, new, renames, server, &mut all);
    if let Some(text) = new_primary.filter(|_| parts::primary(old, server) != parts::primary(new, server)) {
        all.push((primary, format!("ADD {text}")));
    }
    for index in new.indexes.iter().filter(|index| !same_index(index, &old.indexes)) {
        all.push((Key::part(Kind::Index, name, &*index.name), format!("ADD {}", parts::index(index, false, server))));
    }
    for constraint in &new.constraints {
        let Some(text) = check(new, constraint) else { continue };
        if !old.constraints.iter().any(|one| one.name == constraint.name && check(old, one).as_deref() == Some(&text)) {
            all.push((Key::part(Kind::Constraint, name, &*constraint.name), format!("ADD {text}")));
        }
    }
    for option in table::options(new, &old.options, server) {
        all.push((Key::top(Kind::Table, name), option));
    }
    if old.meta.comment != new.meta.comment {
        all.push((
            Key::top(Kind::Table, name),
            format!("COMMENT={}", quote(new.meta.comment.as_deref().unwrap_or(""))),
        ));
    }
    all
}

/// New columns, and others that are defined anew.
fn columns(name: &Name, old: &Table, new: &Table, renames: &Renames, server: Server, all: &mut Vec<(Key, String)>) {
    let renamed = renames.columns.get(name);
    let mut last: Option<&str> = None;
    let count = new.columns.len();
    for (at, column) in new.columns.iter().enumerate() {
        let key = Key::part(Kind::Column, name, &*column.name);
        let text = parts::column(new, column, server);
        let from = renamed.and_then(|renamed| renamed.get(&column.name));
        match (old.column(&column.name), from) {
            (Some(before), Some(from)) => {
                let plain = parts::column(old, before, server) == text;
                all.push((
                    key,
                    if plain {
                        format!("RENAME COLUMN {} TO {}", quoted(from), quoted(&column.name))
                    } else {
                        format!("CHANGE COLUMN {} {text}", quoted(from))
                    },
                ));
            }
            (Some(before), None) if parts::column(old, before, server) != text => {
                all.push((key, format!("MODIFY COLUMN {text}")))
            }
            (Some(_), None) => {}
            (None, _) => {
                let place = match last {
                    _ if at + 1 == count => String::new(),
                    Some(last) => format!(" AFTER {}", quoted(last)),
                    None => " FIRST".to_owned(),
                };
                // The place stands behind the definition, and MariaDB's checks end definitions.
                all.push((key, format!("ADD COLUMN {text}{place}")));
            }
        }
        last = Some(&column.name);
    }
}

#[derive(Default)]
struct Foreign<'c> {
    gone: Vec<(&'c Name, &'c Constraint)>,
    new: Vec<(&'c Name, &'c Constraint)>,
}

/// Foreign keys to drop and to add: what differs, and what stands in the way of changes of columns and indexes.
fn foreign_keys<'c>(
    old: &'c Catalog,
    after: &'c Catalog,
    altered: &BTreeMap<&Name, Vec<(Key, String)>>,
) -> Foreign<'c> {
    let mut touched: BTreeSet<(&Name, String)> = BTreeSet::new();
    for (name, clauses) in altered {
        for (key, text) in clauses {
            match key.kind {
                Kind::Column if !text.starts_with("ADD") && !text.starts_with("RENAME") => {
                    touched.extend([(*name, key.name.clone())])
                }
                // Whatever an index that goes may have served.
                Kind::Index | Kind::Constraint if text.starts_with("DROP") && !text.starts_with("DROP C") => {
                    let Some(table) = old.tables.get(*name) else { continue };
                    let primary = table.primary_key().and_then(|one| match &one.kind {
                        ConstraintKind::PrimaryKey(index) if key.kind == Kind::Constraint => Some(index),
                        _ => None,
                    });
                    let index = primary.or_else(|| table.indexes.iter().find(|index| index.name == key.name));
                    touched.extend(
                        index.into_iter().flat_map(|index| &index.keys).map(|key| (*name, key.expression.text.clone())),
                    );
                }
                _ => {}
            }
        }
    }
    let hit = |name: &Name, constraint: &Constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => {
            key.columns.iter().any(|column| touched.contains(&(name, column.clone())))
                || key.references.iter().any(|column| touched.contains(&(&key.table, column.clone())))
        }
        _ => false,
    };
    let alike = |catalog: &Catalog, name: &Name, text: &str| {
        catalog
            .tables
            .get(name)
            .is_some_and(|table| table.constraints.iter().any(|one| parts::foreign_key(one).as_deref() == Some(text)))
    };
    let mut foreign = Foreign::default();
    for (name, table) in &old.tables {
        for constraint in &table.constraints {
            let Some(text) = parts::foreign_key(constraint) else { continue };
            if hit(name, constraint) || !alike(after, name, &text) {
                foreign.gone.push((name, constraint));
            }
        }
    }
    for (name, table) in &after.tables {
        for constraint in &table.constraints {
            let Some(text) = parts::foreign_key(constraint) else { continue };
            if hit(name, constraint) || !alike(old, name, &text) {
                foreign.new.push((name, constraint));
            }
        }
    }
    foreign
}

/// Views, routines, triggers and events that go or are made anew.
fn programs_gone(before: &Catalog, old: &Catalog, after: &Catalog, script: &mut Script) {
    for (key, event) in &before.others {
        if after
            .others
            .get(key)
            .is_none_or(|new| new.attributes != event.attributes || new.meta.comment != event.meta.comment)
        {
            script
                .push((Some(key.clone()), format!("DROP EVENT {}", parts::name(&Name::new(&*key.schema, &*key.name)))));
        }
    }
    for (name, table) in &old.tables {
        let kept = after.tables.get(name);
        for trigger in &table.triggers {
            if !kept.is_some_and(|kept| kept.triggers.iter().any(|one| same_trigger(one, trigger))) {
                script.push((
                    Some(Key::part(Kind::Trigger, name, &*trigger.name)),
                    format!("DROP TRIGGER {}", quoted(&trigger.name)),
                ));
            }
        }
    }
    for (name, view) in &before.views {
        if after.views.get(name).is_none_or(|new| programs::view(name, new) != programs::view(name, view)) {
            script.push((Some(Key::top(Kind::View, name)), format!("DROP VIEW {}", parts::name(name))));
        }
    }
    for ((name, kind), routine) in &before.routines {
        if after
            .routines
            .get(&(name.clone(), kind.clone()))
            .is_none_or(|new| programs::routine(name, new) != programs::routine(name, routine))
        {
            script.push(routine_drop(name, routine));
        }
    }
}

fn routine_drop(name: &Name, routine: &crate::engines::schema::catalog::Routine) -> (Option<Key>, String) {
    let (kind, word) = match routine.kind {
        crate::engines::schema::catalog::RoutineKind::Procedure => (Kind::Procedure, "PROCEDURE"),
        _ => (Kind::Function, "FUNCTION"),
    };
    let key = Key { kind, schema: name.schema.clone(), table: String::new(), name: format!("{}()", name.name) };
    (Some(key), format!("DROP {word} {}", parts::name(name)))
}

fn same_trigger(
    one: &crate::engines::schema::catalog::Trigger,
    other: &crate::engines::schema::catalog::Trigger,
) -> bool {
    one.name == other.name
        && one.timing == other.timing
        && one.events == other.events
        && one.action.normal == other.action.normal
        && one.options == other.options
}

fn programs_new(old: &Catalog, after: &Catalog, script: &mut Script) {
    for ((name, kind), routine) in &after.routines {
        let text = programs::routine(name, routine);
        if old.routines.get(&(name.clone(), kind.clone())).is_none_or(|old| programs::routine(name, old) != text) {
            script.push((routine_drop(name, routine).0, text));
        }
    }
    for (name, view) in programs::ordered_views(after) {
        let text = programs::view(name, view);
        if old.views.get(name).is_none_or(|old| programs::view(name, old) != text) {
            script.push((Some(Key::top(Kind::View, name)), text));
        }
    }
    for (name, table) in &after.tables {
        for trigger in &table.triggers {
            if !old.tables.get(name).is_some_and(|old| old.triggers.iter().any(|one| same_trigger(one, trigger))) {
                script.push((Some(Key::part(Kind::Trigger, name, &*trigger.name)), programs::trigger(name, trigger)));
            }
        }
    }
    for (key, event) in &after.others {
        if old
            .others
            .get(key)
            .is_none_or(|old| old.attributes != event.attributes || old.meta.comment != event.meta.comment)
        {
            script.extend(
                programs::event(&Name::new(&*key.schema, &*key.name), event).map(|text| (Some(key.clone()), text)),
            );
        }
    }
}
