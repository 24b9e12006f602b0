//! What the actions of `ALTER TABLE` take away, which happens before anything is added.
use super::alter::missing;
use super::create::index_at;
use super::names::{self, same};
use super::state::State;
use crate::engines::schema::catalog::{Constraint, ConstraintKind, Dialect, Name, Table};
use crate::engines::schema::mysql::parse::{Alteration, Element};
use crate::engines::schema::mysql::text::Outcome;

/// Takes away foreign keys, checks, indexes and columns.
pub(super) fn drops(state: &mut State, name: &Name, table: &mut Table, actions: &[Alteration]) -> Outcome<()> {
    let server = state.catalog.server;
    let mut columns = Vec::new();
    // MariaDB forgets to drop a foreign key by `DROP CONSTRAINT` when the statement adds another one.
    let adds = actions.iter().any(|action| matches!(action, Alteration::Add(Element::Foreign(_), _)));
    let forgets = server.dialect == Dialect::MariaDb && adds;
    for action in actions {
        let (done, optional, what, which) = match action {
            Alteration::DropForeign(which, optional) => {
                (remove(table, |one| names::is_foreign(one, which)), *optional, "foreign key", which)
            }
            Alteration::DropCheck(which, optional) => {
                (remove(table, |one| names::is_check(one, which)), *optional, "check", which)
            }
            Alteration::DropIndex(which, optional) => (drop_index(table, which), *optional, "index", which),
            Alteration::DropConstraint(which, optional) => {
                (drop_any(table, which, server.dialect, forgets), *optional, "constraint", which)
            }
            Alteration::DropColumn(which, optional) => {
                let there = names::column(table, which).is_some();
                if there {
                    columns.push(which.clone());
                }
                (there, *optional, "column", which)
            }
            Alteration::DropPrimary(optional) => (
                remove(table, |one| matches!(one.kind, ConstraintKind::PrimaryKey(_))),
                *optional,
                "primary key",
                &name.name,
            ),
            _ => continue,
        };
        if !done && !optional {
            return Err(missing(what, which));
        }
        state.now.flags.conditional |= optional;
        state.now.flags.skipped |= !done && actions.len() == 1;
    }
    drop_columns(table, &columns, server.dialect)
}

fn remove(table: &mut Table, which: impl Fn(&Constraint) -> bool) -> bool {
    let count = table.constraints.len();
    table.constraints.retain(|one| !which(one));
    table.constraints.len() < count
}

fn drop_index(table: &mut Table, name: &str) -> bool {
    if same(name, "PRIMARY") {
        return remove(table, |one| matches!(one.kind, ConstraintKind::PrimaryKey(_)));
    }
    index_at(table, name).map(|at| table.indexes.remove(at)).is_some()
}

/// `DROP CONSTRAINT`: a check, a unique index, a foreign key, the primary key.
fn drop_any(table: &mut Table, name: &str, dialect: Dialect, forgets: bool) -> bool {
    if same(name, "PRIMARY") {
        return drop_index(table, name);
    }
    let by_table = |table: &Table, one: &Constraint| {
        names::is_check(one, name) && !(dialect == Dialect::MariaDb && names::column_check(table, one))
    };
    let checks: Vec<bool> = table.constraints.iter().map(|one| by_table(table, one)).collect();
    if let Some(at) = checks.iter().position(|found| *found) {
        table.constraints.remove(at);
        return true;
    }
    match index_at(table, name) {
        Some(at) if table.indexes.get(at).is_some_and(|index| index.unique) => {
            table.indexes.remove(at);
            true
        }
        _ if forgets => table.constraints.iter().any(|one| names::is_foreign(one, name)),
        _ => remove(table, |one| names::is_foreign(one, name)),
    }
}

/// Columns go, and with them their part of indexes and checks.
fn drop_columns(table: &mut Table, dropped: &[String], dialect: Dialect) -> Outcome<()> {
    let gone = |name: &str| dropped.iter().any(|one| same(one, name));
    if dropped.is_empty() {
        return Ok(());
    }
    for constraint in &table.constraints {
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && let Some(column) = key.columns.iter().find(|column| gone(column))
        {
            return Err(format!("the foreign key `{}` needs the column `{column}`", constraint.name));
        }
    }
    for index in table.indexes.iter_mut() {
        let count = index.keys.len();
        index.keys.retain(|key| !key.column || !gone(&key.expression.text));
        if dialect == Dialect::MariaDb && index.unique && !index.keys.is_empty() && index.keys.len() < count {
            return Err(format!("the unique index `{}` needs a column that is dropped", index.name));
        }
    }
    table.indexes.retain(|index| !index.keys.is_empty());
    for constraint in &mut table.constraints {
        if let ConstraintKind::PrimaryKey(index) = &mut constraint.kind {
            index.keys.retain(|key| !gone(&key.expression.text));
        }
    }
    let names: Vec<String> = table.columns.iter().map(|column| column.name.to_lowercase()).collect();
    let mut kept = Vec::new();
    for constraint in std::mem::take(&mut table.constraints) {
        match &constraint.kind {
            ConstraintKind::PrimaryKey(index) if index.keys.is_empty() => continue,
            ConstraintKind::Check(_) if names::column_check(table, &constraint) && gone(&constraint.name) => continue,
            ConstraintKind::Check(condition) => {
                let used: Vec<&String> =
                    names.iter().filter(|name| condition.normal.contains(&format!("`{name}`"))).collect();
                let lost = used.iter().filter(|name| gone(name)).count();
                if lost > 0 && lost == used.len() {
                    continue;
                }
                if lost > 0 {
                    return Err(format!("the check `{}` needs a column that is dropped", constraint.name));
                }
            }
            _ => {}
        }
        kept.push(constraint);
    }
    table.constraints = kept;
    table.columns.retain(|column| !gone(&column.name));
    if table.columns.is_empty() {
        return Err("all columns would be dropped".to_owned());
    }
    Ok(())
}
