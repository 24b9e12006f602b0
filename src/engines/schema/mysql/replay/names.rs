//! Names: equal without regard to case, and the ones that servers make up.
use crate::engines::schema::catalog::{Column, Constraint, ConstraintKind, Dialect, Index, Server, Table};

/// Whether two names of columns, indexes or constraints are one.
pub(super) fn same(left: &str, right: &str) -> bool {
    left == right || left.to_lowercase() == right.to_lowercase()
}

/// The column of this name.
pub(super) fn column<'t>(table: &'t Table, name: &str) -> Option<&'t Column> {
    table.columns.iter().find(|column| same(&column.name, name))
}

/// Where the column of this name is.
pub(super) fn column_at(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| same(&column.name, name))
}

/// Whether a constraint is this check.
pub(super) fn is_check(constraint: &Constraint, name: &str) -> bool {
    matches!(constraint.kind, ConstraintKind::Check(_)) && same(&constraint.name, name)
}

/// Whether a constraint is this foreign key.
pub(super) fn is_foreign(constraint: &Constraint, name: &str) -> bool {
    matches!(constraint.kind, ConstraintKind::ForeignKey(_)) && same(&constraint.name, name)
}

/// Whether it is the check of a column, which goes and comes with the column's definition (MariaDB).
pub(in crate::engines::schema::mysql) fn column_check(table: &Table, constraint: &Constraint) -> bool {
    constraint.unnamed
        && matches!(constraint.kind, ConstraintKind::Check(_))
        && table.columns.iter().any(|column| same(&column.name, &constraint.name))
}

/// A name for an index of these: the first column, with a number when it is taken.
pub(super) fn index_name(first: &str, taken: &[Index]) -> String {
    let free = |name: &str| !same(name, "PRIMARY") && !taken.iter().any(|index| same(&index.name, name));
    if free(first) {
        return first.to_owned();
    }
    (2..u32::MAX).map(|number| format!("{first}_{number}")).find(|name| free(name)).unwrap_or_default()
}

/// A name for a foreign key: one more than the highest.
pub(super) fn foreign_name(table: &Table, table_name: &str) -> String {
    format!("{table_name}_ibfk_{}", highest(table, &format!("{table_name}_ibfk_")) + 1)
}

fn highest(table: &Table, prefix: &str) -> u32 {
    let numbers = table.constraints.iter().filter_map(|one| one.name.strip_prefix(prefix)?.parse::<u32>().ok());
    numbers.max().unwrap_or(0)
}

/// A name for a check.
pub(super) fn check_name(table: &Table, table_name: &str, server: Server) -> String {
    if server.dialect == Dialect::MySql {
        return format!("{table_name}_chk_{}", highest(table, &format!("{table_name}_chk_")) + 1);
    }
    let free = |name: &String| !table.constraints.iter().any(|one| same(&one.name, name));
    (1..u32::MAX).map(|number| format!("CONSTRAINT_{number}")).find(free).unwrap_or_default()
}

/// The prefix that a made-up name of a table's constraints has.
pub(super) fn made_up(table_name: &str) -> [String; 2] {
    [format!("{table_name}_ibfk_"), format!("{table_name}_chk_")]
}
