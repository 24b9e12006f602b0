//! Routines, triggers and policies of a record.
use super::row::{Row, rows};
use super::tables::has_relation;
use super::{expression, meta, name, table_name};
use crate::engines::schema::catalog::{Catalog, DataType, Expression, Name, Policy, Routine, RoutineKind, Trigger};
use crate::engines::schema::postgres::normal::{self, Parameter, data_type, quote};
use serde_json::Value;
use std::collections::BTreeMap;

/// Routines, triggers, policies.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "routines")? {
        let routine = routine(&row)?;
        let key = (name(&row)?, normal::signature(&routine.signature));
        catalog.routines.insert(key, routine);
    }
    for row in rows(record, "triggers")? {
        let owner = table_name(&row)?;
        if !has_relation(catalog, &owner) {
            continue;
        }
        let trigger = trigger(&row)?;
        if let Some(table) = catalog.tables.get_mut(&owner) {
            table.triggers.push(trigger);
        } else if let Some(view) = catalog.views.get_mut(&owner) {
            view.triggers.push(trigger);
        }
    }
    for row in rows(record, "policies")? {
        if let Some(table) = catalog.tables.get_mut(&table_name(&row)?) {
            table.policies.push(policy(&row)?);
        }
    }
    Ok(())
}

fn routine(row: &Row<'_>) -> Result<Routine, String> {
    let kind = match row.text("kind")? {
        "p" => RoutineKind::Procedure,
        "a" => RoutineKind::Aggregate,
        _ => RoutineKind::Function,
    };
    let mut parameters = Vec::new();
    let mut fields = Vec::new();
    for one in row.rows("arguments")? {
        let parameter = Parameter {
            mode: match one.text("mode")? {
                "o" => "OUT",
                "b" => "INOUT",
                "v" => "VARIADIC",
                "t" => "TABLE",
                _ => "",
            }
            .to_owned(),
            name: one.text("name")?.to_owned(),
            data_type: data_type(one.text("type")?),
            default: one.owned("default")?,
        };
        match parameter.mode.as_str() {
            "TABLE" => fields.push((parameter.name, parameter.data_type)),
            _ => parameters.push(parameter),
        }
    }
    let aggregate = kind == RoutineKind::Aggregate;
    Ok(Routine {
        meta: meta(row)?,
        kind,
        arguments: arguments(row, &parameters)?,
        returns: returns(row, kind, &fields)?,
        signature: row.list("signature")?.iter().map(|one| data_type(one)).collect(),
        language: if aggregate { String::new() } else { row.text("language")?.to_owned() },
        body: if aggregate { Expression::default() } else { body(row)? },
        options: routine_options(row, aggregate)?,
    })
}

/// Parameters as one text; those that an ordered-set aggregate sorts by stand behind `ORDER BY`.
fn arguments(row: &Row<'_>, parameters: &[Parameter]) -> Result<String, String> {
    if let Some(aggregate) = row.row("aggregate")?
        && aggregate.maybe("kind")? != Some("n")
    {
        let direct = usize::try_from(aggregate.number("direct")?.unwrap_or(0)).unwrap_or(0);
        if let Some((direct, sorted)) = parameters.split_at_checked(direct) {
            let text = format!("{} ORDER BY {}", normal::parameters(direct), normal::parameters(sorted));
            return Ok(text.trim().to_owned());
        }
    }
    Ok(normal::parameters(parameters))
}

fn returns(row: &Row<'_>, kind: RoutineKind, fields: &[(String, DataType)]) -> Result<String, String> {
    if kind == RoutineKind::Procedure {
        return Ok(String::new());
    }
    if !fields.is_empty() {
        let fields: Vec<String> = fields.iter().map(|(name, kind)| format!("{} {kind}", quote(name))).collect();
        return Ok(format!("TABLE({})", fields.join(", ")));
    }
    let kind = data_type(row.text("return_type")?).to_string();
    Ok(if row.flag("returns_set")? { format!("SETOF {kind}") } else { kind })
}

/// The body. One in standard SQL stands behind the header of the definition, at the beginning of a line.
fn body(row: &Row<'_>) -> Result<Expression, String> {
    if let Some(definition) = row.maybe("definition")? {
        let start = ["\nBEGIN ATOMIC", "\nRETURN "].iter().filter_map(|word| definition.find(word)).min();
        return Ok(Expression::plain(definition.get(start.unwrap_or(0)..).unwrap_or_default().trim()));
    }
    let source = row.text("source")?;
    Ok(match row.maybe("library")? {
        Some(library) => Expression::plain(format!("{library}, {source}")),
        None => Expression::plain(source),
    })
}

fn routine_options(row: &Row<'_>, aggregate: bool) -> Result<BTreeMap<String, String>, String> {
    let mut options = BTreeMap::new();
    let mut word = |word: &str, value: Option<String>| {
        if let Some(value) = value {
            options.insert(word.to_owned(), value);
        }
    };
    let yes = |on: bool| on.then(|| "yes".to_owned());
    word(
        "parallel",
        match row.maybe("parallel")? {
            Some("s") => Some("safe".to_owned()),
            Some("r") => Some("restricted".to_owned()),
            _ => None,
        },
    );
    if aggregate {
        if let Some(parts) = row.row("aggregate")? {
            aggregate_parts(&parts, &mut options)?;
        }
        return Ok(options);
    }
    word(
        "volatility",
        match row.maybe("volatility")? {
            Some("i") => Some("immutable".to_owned()),
            Some("s") => Some("stable".to_owned()),
            _ => None,
        },
    );
    word("strict", yes(row.flag("strict")?));
    word("security", row.flag("security_definer")?.then(|| "definer".to_owned()));
    word("leakproof", yes(row.flag("leakproof")?));
    word("window", yes(row.text("kind")? == "w"));
    let usual = if matches!(row.text("language")?, "c" | "internal") { "1" } else { "100" };
    word("cost", row.figure("cost")?.filter(|cost| cost != usual));
    word("rows", row.figure("rows")?.filter(|rows| rows != "0" && rows != "1000"));
    word("support", row.owned("support")?);
    let transforms = row.list("transforms")?;
    word("transform", (!transforms.is_empty()).then(|| transforms.join(", ")));
    for setting in row.list("config")? {
        let (setting, value) = setting.split_once('=').unwrap_or((&setting, ""));
        word(&format!("set {setting}"), Some(value.to_owned()));
    }
    Ok(options)
}

/// The parts of an aggregate that are not the default.
fn aggregate_parts(parts: &Row<'_>, options: &mut BTreeMap<String, String>) -> Result<(), String> {
    let ordered = parts.maybe("kind")? != Some("n");
    let usual = if ordered { "w" } else { "r" };
    for (word, value) in parts.pairs()? {
        let left_out = match word.as_str() {
            "direct" | "kind" => true,
            "sspace" | "msspace" => value == "0",
            "finalfunc_extra" | "mfinalfunc_extra" => value == "no",
            "finalfunc_modify" | "mfinalfunc_modify" => value == usual,
            _ => false,
        };
        let value = match (word.as_str(), value.as_str()) {
            ("finalfunc_modify" | "mfinalfunc_modify", "r") => "read_only".to_owned(),
            ("finalfunc_modify" | "mfinalfunc_modify", "s") => "shareable".to_owned(),
            ("finalfunc_modify" | "mfinalfunc_modify", "w") => "read_write".to_owned(),
            ("stype" | "mstype", _) => data_type(&value).to_string(),
            _ => value,
        };
        if !left_out {
            options.insert(word, value);
        }
    }
    if parts.maybe("kind")? == Some("h") {
        options.insert("hypothetical".to_owned(), "yes".to_owned());
    }
    Ok(())
}

fn trigger(row: &Row<'_>) -> Result<Trigger, String> {
    let bits = row.number("bits")?.unwrap_or(0);
    let has = |bit: i64| bits & bit != 0;
    let events = [(4, "insert"), (16, "update"), (8, "delete"), (32, "truncate")];
    let parts = normal::trigger(row.text("definition")?);
    let function = Name::new(row.text("function_schema")?, row.text("function")?);
    let mut options = BTreeMap::new();
    let mut word = |word: &str, value: Option<String>| {
        if let Some(value) = value {
            options.insert(word.to_owned(), value);
        }
    };
    let yes = |on: bool| on.then(|| "yes".to_owned());
    word("constraint", yes(row.flag("constraint")?));
    word("deferrable", yes(row.flag("deferrable")?));
    word("deferred", yes(row.flag("deferred")?));
    word("old table", row.owned("old_table")?);
    word("new table", row.owned("new_table")?);
    if let (Some(schema), Some(table)) = (row.maybe("from_schema")?, row.maybe("from_table")?) {
        word("from", Some(Name::new(schema, table).to_string()));
    }
    word("enabled", enabled(row)?);
    Ok(Trigger {
        meta: meta(row)?,
        name: row.text("name")?.to_owned(),
        timing: if has(64) {
            "instead of"
        } else if has(2) {
            "before"
        } else {
            "after"
        }
        .to_owned(),
        events: events.into_iter().filter(|(bit, _)| has(*bit)).map(|(_, word)| word.to_owned()).collect(),
        columns: row.list("columns")?,
        for_each_row: has(1),
        condition: parts.condition.map(Expression::plain),
        action: Expression::plain(normal::trigger_action(&function, &parts.arguments)),
        options,
    })
}

/// The word for a trigger or rule that is not simply on.
pub(super) fn enabled(row: &Row<'_>) -> Result<Option<String>, String> {
    Ok(match row.maybe("enabled")? {
        Some("D") => Some("disabled".to_owned()),
        Some("R") => Some("replica".to_owned()),
        Some("A") => Some("always".to_owned()),
        _ => None,
    })
}

fn policy(row: &Row<'_>) -> Result<Policy, String> {
    let mut roles = row.list("roles")?;
    roles.sort();
    Ok(Policy {
        meta: meta(row)?,
        name: row.text("name")?.to_owned(),
        command: match row.text("command")? {
            "r" => "select",
            "a" => "insert",
            "w" => "update",
            "d" => "delete",
            _ => "all",
        }
        .to_owned(),
        permissive: row.flag("permissive")?,
        roles,
        using: expression(row, "using")?,
        check: expression(row, "check")?,
    })
}
