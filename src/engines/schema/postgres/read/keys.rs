//! Indexes and constraints of a record.
use super::row::{Row, rows};
use super::{expression, meta, table_name};
use crate::engines::schema::catalog::{
    Action, Catalog, Constraint, ConstraintKind, Expression, ForeignKey, Index, IndexKey, Name,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Indexes that stand alone, and constraints with the index behind them.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    let mut behind = BTreeMap::new();
    for row in rows(record, "indexes")? {
        let owner = table_name(&row)?;
        let index = index(&row)?;
        if row.maybe("constraint")?.is_some() {
            behind.insert((owner.schema, index.name.clone()), index);
        } else if let Some(table) = catalog.tables.get_mut(&owner) {
            table.indexes.push(index);
        } else if let Some(view) = catalog.views.get_mut(&owner) {
            view.indexes.push(index);
        }
    }
    for row in rows(record, "constraints")? {
        let owner = table_name(&row)?;
        let constraint = constraint(&row, &owner, &mut behind)?;
        if let Some(table) = catalog.tables.get_mut(&owner) {
            table.constraints.push(constraint);
        }
    }
    Ok(())
}

fn index(row: &Row<'_>) -> Result<Index, String> {
    let mut options = BTreeMap::new();
    row.options("options", "", &mut options)?;
    if !row.flag("valid")? {
        options.insert("invalid".to_owned(), "yes".to_owned());
    }
    if row.flag("clustered")? {
        options.insert("clustered".to_owned(), "yes".to_owned());
    }
    if let Some(tablespace) = row.owned("tablespace")? {
        options.insert("tablespace".to_owned(), tablespace);
    }
    let definition = row.text("definition")?;
    let mut keys = Vec::new();
    for key in row.rows("keys")? {
        keys.push(index_key(&key, definition)?);
    }
    Ok(Index {
        meta: meta(row)?,
        name: row.text("name")?.to_owned(),
        unique: row.flag("unique")?,
        method: row.text("method")?.to_owned(),
        keys,
        include: row.list("include")?,
        predicate: expression(row, "predicate")?,
        nulls_not_distinct: row.flag("nulls_not_distinct")?,
        options,
        implied: row.flag("inherited")?,
    })
}

fn index_key(row: &Row<'_>, definition: &str) -> Result<IndexKey, String> {
    let column = row.maybe("column")?;
    let expression = match column {
        Some(column) => Expression::plain(column),
        None => Expression::plain(row.text("expression")?.trim()),
    };
    // The collation of an expression is told apart from the one that it has by itself only by the server's own text of the index.
    let collation = row.owned("collation")?.filter(|_| {
        let text = &expression.text;
        column.is_some()
            || definition.contains(&format!("{text} COLLATE "))
            || definition.contains(&format!("({text}) COLLATE "))
    });
    let parameters = row.list("parameters")?;
    let operator_class = match (row.maybe("operator_class")?, parameters.is_empty()) {
        (class, true) => class.map(|class| without_schema(class).to_owned()),
        (class, false) => {
            let class = class.map_or(row.text("own_class"), Ok)?;
            Some(format!("{}({})", without_schema(class), parameters.join(", ")))
        }
    };
    let bits = row.number("option")?.unwrap_or(0);
    Ok(IndexKey {
        expression,
        column: column.is_some(),
        collation,
        operator_class,
        descending: bits & 1 != 0,
        nulls_first: bits & 2 != 0,
        ..IndexKey::default()
    })
}

/// Operator classes of extensions go by their bare name: migrations find them through the search path.
fn without_schema(class: &str) -> &str {
    class.rsplit_once('.').map_or(class, |(_, class)| class)
}

fn constraint(
    row: &Row<'_>,
    owner: &Name,
    behind: &mut BTreeMap<(String, String), Index>,
) -> Result<Constraint, String> {
    let letter = row.text("kind")?;
    let kind = match letter {
        "p" | "u" | "x" => {
            let place = (owner.schema.clone(), row.maybe("index")?.unwrap_or_default().to_owned());
            let mut index = behind.remove(&place).ok_or_else(|| {
                format!("`indexes` has no row for the index behind the constraint {} of {owner}", place.1)
            })?;
            operators(row, &mut index)?;
            match letter {
                "p" => ConstraintKind::PrimaryKey(index),
                "u" => ConstraintKind::Unique(index),
                _ => ConstraintKind::Exclude(index),
            }
        }
        "f" => ConstraintKind::ForeignKey(foreign_key(row)?),
        "n" => ConstraintKind::NotNull(row.list("columns")?.into_iter().next().unwrap_or_default()),
        "c" => ConstraintKind::Check(expression(row, "expression")?.unwrap_or_default()),
        other => return Err(format!("constraints of the kind `{other}` are not known ({owner})")),
    };
    let enforced = row.flag("enforced")?;
    Ok(Constraint {
        meta: meta(row)?,
        name: row.text("name")?.to_owned(),
        kind,
        deferrable: row.flag("deferrable")?,
        deferred: row.flag("deferred")?,
        not_valid: enforced && !row.flag("validated")?,
        not_enforced: !enforced,
        no_inherit: row.flag("no_inherit")? && matches!(letter, "c" | "n"),
        unnamed: false,
        inherited: !row.flag("local")? && row.number("inherited")?.unwrap_or(0) > 0,
    })
}

/// The operators of an exclusion constraint stand with its keys; a primary key or unique constraint has some only when it is `WITHOUT OVERLAPS`.
fn operators(row: &Row<'_>, index: &mut Index) -> Result<(), String> {
    let operators = row.list("operators")?;
    if row.flag("period")? {
        index.options.insert("without overlaps".to_owned(), "yes".to_owned());
    } else {
        for (key, operator) in index.keys.iter_mut().zip(operators) {
            key.operator = Some(operator);
        }
    }
    Ok(())
}

fn foreign_key(row: &Row<'_>) -> Result<ForeignKey, String> {
    let action = |field: &str| -> Result<Action, String> {
        Ok(match row.maybe(field)? {
            Some("r") => Action::Restrict,
            Some("c") => Action::Cascade,
            Some("n") => Action::SetNull,
            Some("d") => Action::SetDefault,
            _ => Action::NoAction,
        })
    };
    Ok(ForeignKey {
        columns: row.list("columns")?,
        table: Name::new(row.text("foreign_schema")?, row.text("foreign_table")?),
        references: row.list("foreign_columns")?,
        on_delete: action("on_delete")?,
        on_delete_columns: row.list("on_delete_columns")?,
        on_update: action("on_update")?,
        match_full: row.maybe("match")? == Some("f"),
        period: row.flag("period")?,
    })
}
