//! What renaming does to a catalog, as SQLite does it by itself.
use super::normal;
use super::token::{Kind as TokenKind, tokens};
use crate::engines::schema::catalog::{Catalog, ConstraintKind, Expression, Index, Name};

/// A table gets another name: foreign keys follow. Views and triggers are left as they are.
pub(super) fn table(catalog: &mut Catalog, from: &str, to: &str) {
    if let Some(table) = catalog.tables.remove(&Name::new("", from)) {
        catalog.tables.insert(Name::new("", to), table);
    }
    for constraint in catalog.tables.values_mut().flat_map(|table| &mut table.constraints) {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
            && key.table.name.eq_ignore_ascii_case(from)
        {
            key.table.name = to.to_owned();
        }
    }
}

/// A column gets another name: constraints, indexes and the foreign keys that point to it follow.
pub(super) fn column(catalog: &mut Catalog, table: &str, from: &str, to: &str) {
    for constraint in catalog.tables.values_mut().flat_map(|table| &mut table.constraints) {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
            && key.table.name.eq_ignore_ascii_case(table)
        {
            names(&mut key.references, from, to);
        }
    }
    let Some(table) = catalog.tables.get_mut(&Name::new("", table)) else { return };
    for column in &mut table.columns {
        if column.name.eq_ignore_ascii_case(from) {
            column.name = to.to_owned();
        }
        if let Some(generated) = &mut column.generated {
            expression(&mut generated.expression, from, to);
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey(one) | ConstraintKind::Unique(one) | ConstraintKind::Exclude(one) => {
                index(one, from, to)
            }
            ConstraintKind::Check(condition) => expression(condition, from, to),
            ConstraintKind::ForeignKey(key) => names(&mut key.columns, from, to),
            ConstraintKind::NotNull(_) => {}
        }
    }
    table.indexes.iter_mut().for_each(|one| index(one, from, to));
}

fn names(names: &mut [String], from: &str, to: &str) {
    names.iter_mut().filter(|name| name.eq_ignore_ascii_case(from)).for_each(|name| to.clone_into(name));
}

fn index(index: &mut Index, from: &str, to: &str) {
    for key in &mut index.keys {
        match key.column {
            true if key.expression.text.eq_ignore_ascii_case(from) => key.expression = Expression::plain(to),
            true => {}
            false => expression(&mut key.expression, from, to),
        }
    }
    if let Some(predicate) = &mut index.predicate {
        expression(predicate, from, to);
    }
}

fn expression(value: &mut Expression, from: &str, to: &str) {
    let mut text = String::new();
    let mut at = 0;
    for token in tokens(&value.text) {
        if matches!(token.kind, TokenKind::Word | TokenKind::Quoted) && token.plain().eq_ignore_ascii_case(from) {
            text.push_str(value.text.get(at..token.start).unwrap_or(""));
            text.push_str(&super::print::quote(to));
            at = token.end();
        }
    }
    if at > 0 {
        text.push_str(value.text.get(at..).unwrap_or(""));
        *value = normal::expression(&text, None);
    }
}
