//! Types and sequences of a record.
use super::row::{Row, rows};
use super::{expression, meta, name, remark};
use crate::engines::schema::catalog::{Catalog, DataType, Name, Sequence, UserType, UserTypeKind};
use crate::engines::schema::postgres::normal::data_type;
use serde_json::Value;
use std::collections::BTreeMap;

/// Enums, domains, composite types, ranges, base types.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "types")? {
        let called = name(&row)?;
        let kind = match row.text("kind")? {
            "e" => UserTypeKind::Enum(row.list("labels")?),
            "d" => domain(&row, &called, catalog)?,
            "c" => composite(&row, &called, catalog)?,
            "r" => range(&row)?,
            "b" => {
                let pairs = row.row("base_type")?.map(|one| one.pairs()).transpose()?.unwrap_or_default();
                UserTypeKind::Other(
                    pairs.iter().map(|(word, value)| format!("{word} = {value}")).collect::<Vec<_>>().join(", "),
                )
            }
            _ => UserTypeKind::Other("shell".to_owned()),
        };
        catalog.types.insert(called, UserType { meta: meta(&row)?, kind });
    }
    Ok(())
}

fn domain(row: &Row<'_>, called: &Name, catalog: &mut Catalog) -> Result<UserTypeKind, String> {
    let mut checks = Vec::new();
    for check in row.rows("checks")? {
        let named = check.text("name")?;
        if let Some(condition) = expression(&check, "expression")? {
            checks.push((named.to_owned(), condition));
        }
        remark(catalog, called, format!("constraint {named}"), check.owned("comment")?);
    }
    checks.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(UserTypeKind::Domain {
        base: data_type(row.text("base")?),
        not_null: row.flag("not_null")?,
        default: expression(row, "default")?,
        collation: row.owned("collation")?,
        checks,
    })
}

fn composite(row: &Row<'_>, called: &Name, catalog: &mut Catalog) -> Result<UserTypeKind, String> {
    let mut attributes = Vec::new();
    for attribute in row.rows("attributes")? {
        let named = attribute.text("name")?;
        attributes.push((named.to_owned(), data_type(attribute.text("type")?)));
        remark(catalog, called, format!("column {named}"), attribute.owned("comment")?);
    }
    Ok(UserTypeKind::Composite(attributes))
}

fn range(row: &Row<'_>) -> Result<UserTypeKind, String> {
    let mut subtype = DataType::plain("?");
    let mut options = Vec::new();
    for (word, value) in row.row("range")?.map(|one| one.pairs()).transpose()?.unwrap_or_default() {
        match word.as_str() {
            "subtype" => subtype = data_type(&value),
            _ => options.push((word, value)),
        }
    }
    Ok(UserTypeKind::Range { subtype, options })
}

/// Sequences that are not those of identity columns.
pub(super) fn sequences(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "sequences")? {
        let kind = data_type(row.text("type")?);
        let mut owned_by = None;
        if let Some(owner) = row.row("owned_by")? {
            owned_by = Some((super::table_name(&owner)?, owner.text("column")?.to_owned()));
        }
        let sequence = Sequence {
            meta: meta(&row)?,
            options: sequence_options(&row, &kind)?,
            data_type: kind,
            owned_by,
            unlogged: row.flag("unlogged")?,
        };
        catalog.sequences.insert(name(&row)?, sequence);
    }
    Ok(())
}

/// Options that are not the default of a sequence of this type and direction.
pub(super) fn sequence_options(row: &Row<'_>, kind: &DataType) -> Result<BTreeMap<String, String>, String> {
    let (lowest, highest) = match kind.name.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let increment = row.number("increment")?.unwrap_or(1);
    let up = increment > 0;
    let least = row.number("min")?.unwrap_or(1);
    let most = row.number("max")?.unwrap_or(highest);
    let all = [
        ("increment", increment, 1),
        ("minvalue", least, if up { 1 } else { lowest }),
        ("maxvalue", most, if up { highest } else { -1 }),
        ("start", row.number("start")?.unwrap_or(1), if up { least } else { most }),
        ("cache", row.number("cache")?.unwrap_or(1), 1),
    ];
    let mut options: BTreeMap<String, String> = all
        .into_iter()
        .filter(|(_, value, default)| value != default)
        .map(|(word, value, _)| (word.to_owned(), value.to_string()))
        .collect();
    if row.flag("cycle")? {
        options.insert("cycle".to_owned(), "yes".to_owned());
    }
    Ok(options)
}
