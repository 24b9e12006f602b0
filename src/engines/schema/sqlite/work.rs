//! What is to be done to every table: nothing, `ALTER TABLE`, or a rebuild.
use super::print;
use super::rename;
use super::token::tokens;
use crate::engines::schema::catalog::{Catalog, Column, Constraint, ConstraintKind, Key, Kind, Name, Table};
use crate::engines::schema::change::{Change, Difference};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be done to a table, by its later name (the earlier for one that is dropped).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Keep,
    Simple,
    Rebuild,
    Replace,
    Create,
    Drop,
}

/// Earlier names.
pub(super) struct Renames {
    /// Later to earlier.
    pub(super) tables: BTreeMap<String, String>,
    /// Later table and column to the earlier column.
    pub(super) columns: BTreeMap<(String, String), String>,
}

impl Renames {
    pub(super) fn new(changes: &[Change]) -> Renames {
        let mut renames = Renames { tables: BTreeMap::new(), columns: BTreeMap::new() };
        for change in changes {
            let Difference::Altered { renamed_from: Some((from, _)), .. } = &change.difference else { continue };
            match change.key.kind {
                Kind::Table if from.name != change.key.name => {
                    renames.tables.insert(change.key.name.clone(), from.name.clone());
                }
                Kind::Column if from.name != change.key.name => {
                    renames.columns.insert((change.key.table.clone(), change.key.name.clone()), from.name.clone());
                }
                _ => {}
            }
        }
        renames
    }
}

/// Attributes of a table and its parts but for triggers.
pub(super) fn flat(name: &Name, table: &Table) -> BTreeMap<(Kind, String), BTreeMap<String, String>> {
    let mut catalog = Catalog::default();
    let table = Table { triggers: Vec::new(), ..table.clone() };
    catalog.tables.insert(name.clone(), table);
    catalog.objects().into_iter().map(|one| ((one.key.kind, one.key.name), one.attributes)).collect()
}

/// Whether `ALTER TABLE ADD COLUMN` takes it.
pub(super) fn addable(column: &Column) -> bool {
    let constant = column.default.as_ref().is_none_or(print::literal);
    let stored = column.generated.as_ref().is_some_and(|one| one.stored);
    constant && !stored && (!column.not_null || column.default.is_some())
}

/// The new column with which a new constraint can come: a foreign key or check of it alone.
pub(super) fn with_column<'t>(
    name: &Name,
    part: &str,
    old: &Table,
    new: &'t Table,
) -> Option<(String, &'t Constraint)> {
    let constraint = new.constraints.iter().find(|one| {
        let mut alone = Table::default();
        alone.constraints.push((*one).clone());
        flat(name, &alone).contains_key(&(Kind::Constraint, part.to_owned()))
    })?;
    let added = |column: &str| new.column(column).is_some_and(addable) && old.column(column).is_none();
    let column = match &constraint.kind {
        ConstraintKind::ForeignKey(key) => match key.columns.as_slice() {
            [only] if added(only) && new.column(only).is_some_and(|one| one.default.is_none()) => only.clone(),
            _ => return None,
        },
        ConstraintKind::Check(condition) => {
            let words = words(&condition.text);
            new.columns.iter().find(|one| added(&one.name) && words.contains(&one.name.to_lowercase()))?.name.clone()
        }
        _ => return None,
    };
    Some((column, constraint))
}

/// Names and words in a text, lower case.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    tokens(text).iter().filter(|one| one.names()).map(|one| one.plain().to_lowercase()).collect()
}

pub(super) fn mentions(text: &str, names: &BTreeSet<String>) -> bool {
    tokens(text).iter().any(|one| one.names() && names.contains(&one.plain().to_lowercase()))
}

fn computed_from(column: &Column, name: &str) -> bool {
    column.generated.as_ref().is_some_and(|one| words(&one.expression.text).contains(&name.to_lowercase()))
}

/// Whether a constraint of the table speaks of the column.
fn in_constraint(table: &Table, name: &str) -> bool {
    table.constraints.iter().any(|one| match &one.kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            index.keys.iter().any(|key| key.expression.text.eq_ignore_ascii_case(name))
        }
        ConstraintKind::Check(condition) => words(&condition.text).contains(&name.to_lowercase()),
        ConstraintKind::ForeignKey(key) => key.columns.iter().any(|one| one.eq_ignore_ascii_case(name)),
        ConstraintKind::NotNull(_) => false,
    })
}

/// What is to be done to every table. It is seen on a copy on which everything is renamed.
pub(super) fn work(
    now: &Catalog,
    after: &Catalog,
    renames: &Renames,
    replaced: &BTreeSet<Key>,
) -> BTreeMap<String, Work> {
    let mut renamed = now.clone();
    let temporary: Vec<(String, String)> = renames.tables.iter().map(|(to, from)| (from.clone(), to.clone())).collect();
    for (nth, (from, _)) in temporary.iter().enumerate() {
        rename::table(&mut renamed, from, &format!("\0{nth}"));
    }
    for (nth, (_, to)) in temporary.iter().enumerate() {
        rename::table(&mut renamed, &format!("\0{nth}"), to);
    }
    for ((table, to), from) in &renames.columns {
        rename::column(&mut renamed, table, from, to);
    }
    let mut work = BTreeMap::new();
    for (name, table) in &after.tables {
        let another = replaced.contains(&Key::top(Kind::Table, name));
        let one = match renamed.tables.get(name) {
            Some(_) if another => Work::Replace,
            Some(old) if old.options.contains_key("module") || table.options.contains_key("module") => {
                if flat(name, old) == flat(name, table) { Work::Keep } else { Work::Replace }
            }
            Some(old) => compare(name, old, table, replaced),
            None => Work::Create,
        };
        work.insert(name.name.clone(), one);
    }
    for name in renamed.tables.keys().filter(|name| !after.tables.contains_key(name)) {
        work.insert(name.name.clone(), Work::Drop);
    }
    work
}

fn compare(name: &Name, old: &Table, new: &Table, replaced: &BTreeSet<Key>) -> Work {
    let (before, after) = (flat(name, old), flat(name, new));
    let mut work = Work::Keep;
    for (key @ (kind, part), attributes) in &after {
        let another = *kind == Kind::Column && replaced.contains(&Key::part(Kind::Column, name, part.as_str()));
        match (kind, before.get(key)) {
            (Kind::Index, _) => {}
            (_, Some(earlier)) if earlier == attributes && !another => {}
            (Kind::Column, None) if new.column(part).is_some_and(addable) => work = Work::Simple,
            (Kind::Constraint, None) if with_column(name, part, old, new).is_some() => work = Work::Simple,
            _ => return Work::Rebuild,
        }
    }
    for (key @ (kind, _), _) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        match kind {
            Kind::Index => {}
            Kind::Column
                if !in_constraint(old, &key.1) && old.columns.iter().all(|one| !computed_from(one, &key.1)) =>
            {
                work = Work::Simple
            }
            _ => return Work::Rebuild,
        }
    }
    work
}
