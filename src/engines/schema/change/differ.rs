//! Which attributes of one object differ, when renames are taken into account.
use super::names::{Renames, Scope};
use crate::engines::schema::catalog::{Kind, Object};
use std::collections::BTreeSet;

/// An attribute with its earlier and later value.
pub(super) type Attribute = (String, Option<String>, Option<String>);

/// Attributes that differ, by name.
pub(super) fn attributes(old: &Object, new: &Object, renames: &Renames) -> Vec<Attribute> {
    if old.attributes == new.attributes {
        return Vec::new();
    }
    let names: BTreeSet<&String> = old.attributes.keys().chain(new.attributes.keys()).collect();
    let mut differ = Vec::new();
    for name in names {
        let (before, after) = (old.attributes.get(name), new.attributes.get(name));
        if !same(old, name, before.map(String::as_str), after.map(String::as_str), renames) {
            differ.push((name.clone(), before.cloned(), after.cloned()));
        }
    }
    column_names(old.key.kind, differ, renames)
}

/// Columns of a view that only follow a rename are called by their names, so that they are other attributes: those that go and come together.
fn column_names(kind: Kind, differ: Vec<Attribute>, renames: &Renames) -> Vec<Attribute> {
    if renames.is_empty() || !matches!(kind, Kind::View | Kind::MaterializedView) {
        return differ;
    }
    let partner = |one: &Attribute| {
        differ.iter().any(|other| {
            one.1.is_some() != other.1.is_some()
                && (one.1 == other.2 && one.2 == other.1)
                && (renames.explain(Scope::Any, &one.0, &other.0) || renames.explain(Scope::Any, &other.0, &one.0))
        })
    };
    differ.iter().filter(|one| !one.0.starts_with("column ") || !partner(one)).cloned().collect()
}

fn same(object: &Object, name: &str, before: Option<&str>, after: Option<&str>, renames: &Renames) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        // A version that no migration names is any version.
        return before == after || (object.key.kind == Kind::Extension && name == "version");
    };
    if before == after || (before == "?" || after == "?") && (name == "type" || name.starts_with("column ")) {
        return true;
    }
    // The server does not follow renames into these.
    let verbatim = match object.key.kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => {
            name == "body" && !before.starts_with("BEGIN ATOMIC") && !before.starts_with("RETURN")
        }
        _ => name == "comment" || name == "labels",
    };
    if verbatim || renames.is_empty() {
        return false;
    }
    let table = object.key.table_name().map(|table| table.to_string());
    let scope = match (object.key.kind, name) {
        (Kind::Constraint, "references") => object.attributes.get("table").map(|table| Scope::Table(table)),
        (Kind::Column | Kind::Constraint | Kind::Index | Kind::Table, _) => table.as_deref().map(Scope::Table),
        (Kind::Sequence, "owned by") => before.rsplit_once('.').map(|(table, _)| Scope::Table(table)),
        _ => None,
    };
    renames.explain(scope.unwrap_or(Scope::Any), before, after)
}
