//! Tables that are the same on both sides, found without laying them out: most are.
use crate::engines::schema::catalog::{
    Catalog, Column, Constraint, ConstraintKind, Index, Meta, Name, Policy, Table, Trigger,
};
use std::collections::BTreeSet;

/// Names of the tables that are the same on both sides in everything that could be compared. To miss one costs time, nothing else.
pub(super) fn tables<'a>(before: &'a Catalog, after: &Catalog) -> BTreeSet<&'a Name> {
    let same = |(name, old): &(&Name, &Table)| after.tables.get(name).is_some_and(|new| is_same(old, new));
    before.tables.iter().filter(same).map(|(name, _)| name).collect()
}

/// Whether a table has one identity on both sides.
pub(super) fn has_id(before: &Catalog, after: &Catalog, name: &Name) -> bool {
    let id = |catalog: &Catalog| catalog.tables.get(name).map(|table| table.meta.id).filter(|id| id.0 != 0);
    id(before).is_some() && id(before) == id(after)
}

/// Places do not count, and an identity only against another.
fn meta(old: &Meta, new: &Meta) -> bool {
    (old.id == new.id || old.id.0 == 0 || new.id.0 == 0) && old.comment == new.comment
}

fn all<T>(old: &[T], new: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
}

fn is_same(old: &Table, new: &Table) -> bool {
    meta(&old.meta, &new.meta)
        && old.unlogged == new.unlogged
        && old.row_security == new.row_security
        && old.force_row_security == new.force_row_security
        && old.partitioning == new.partitioning
        && old.inherits == new.inherits
        && old.options == new.options
        && all(&old.columns, &new.columns, column)
        && all(&old.constraints, &new.constraints, constraint)
        && all(&old.indexes, &new.indexes, index)
        && all(&old.triggers, &new.triggers, trigger)
        && all(&old.policies, &new.policies, policy)
}

fn column(old: &Column, new: &Column) -> bool {
    meta(&old.meta, &new.meta)
        && old.name == new.name
        && old.data_type == new.data_type
        && old.not_null == new.not_null
        && old.default == new.default
        && old.identity == new.identity
        && old.auto_increment == new.auto_increment
        && old.generated == new.generated
        && old.collation == new.collation
        && old.charset == new.charset
        && old.on_update == new.on_update
        && old.options == new.options
}

fn constraint(old: &Constraint, new: &Constraint) -> bool {
    let kind = match (&old.kind, &new.kind) {
        (ConstraintKind::PrimaryKey(old), ConstraintKind::PrimaryKey(new))
        | (ConstraintKind::Unique(old), ConstraintKind::Unique(new))
        | (ConstraintKind::Exclude(old), ConstraintKind::Exclude(new)) => index(old, new),
        (old, new) => old == new,
    };
    kind && meta(&old.meta, &new.meta)
        && old.name == new.name
        && old.deferrable == new.deferrable
        && old.deferred == new.deferred
        && old.not_valid == new.not_valid
        && old.not_enforced == new.not_enforced
        && old.no_inherit == new.no_inherit
        && old.inherited == new.inherited
}

fn index(old: &Index, new: &Index) -> bool {
    meta(&old.meta, &new.meta)
        && old.name == new.name
        && old.unique == new.unique
        && old.method == new.method
        && old.keys == new.keys
        && old.include == new.include
        && old.predicate == new.predicate
        && old.nulls_not_distinct == new.nulls_not_distinct
        && old.options == new.options
        && old.implied == new.implied
}

fn trigger(old: &Trigger, new: &Trigger) -> bool {
    meta(&old.meta, &new.meta)
        && old.name == new.name
        && old.timing == new.timing
        && old.events == new.events
        && old.columns == new.columns
        && old.for_each_row == new.for_each_row
        && old.condition == new.condition
        && old.action == new.action
        && old.options == new.options
}

fn policy(old: &Policy, new: &Policy) -> bool {
    meta(&old.meta, &new.meta)
        && old.name == new.name
        && old.command == new.command
        && old.permissive == new.permissive
        && old.roles == new.roles
        && old.using == new.using
        && old.check == new.check
}
