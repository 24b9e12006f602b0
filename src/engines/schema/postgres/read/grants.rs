//! Privileges of a record.
use super::name;
use super::row::{Row, rows};
use crate::engines::schema::catalog::{Catalog, Grant, Key, Kind, Meta, Name, Other};
use crate::engines::schema::postgres::normal::signature_of;
use serde_json::Value;

/// Privileges on objects, and default privileges.
pub(super) fn read(record: &Value, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "grants")? {
        let on = row.text("kind")?;
        let mut object = match row.maybe("schema")? {
            Some(_) if on == "schema" => Name::new("", row.text("name")?),
            Some(_) => name(&row)?,
            None => Name::new("", row.text("name")?),
        };
        if matches!(on, "function" | "procedure") {
            object.name = signature_of(&object.name);
        }
        let grantee = row.text("grantee")?;
        let privileges = row.list("privileges")?;
        if privileges == usual(&row, on, &object, grantee, catalog.server.version.0)? {
            continue;
        }
        let grant = Grant { meta: Meta::default(), on: on.to_owned(), grantee: grantee.to_owned(), privileges };
        catalog.grants.insert(Grant::key(on, &object, row.maybe("part")?, grantee), grant);
    }
    for row in rows(record, "default_privileges")? {
        default_privileges(&row, catalog)?;
    }
    Ok(())
}

/// What a grantee has without any statement.
fn usual(row: &Row<'_>, on: &str, object: &Name, grantee: &str, version: u16) -> Result<Vec<String>, String> {
    let words: &[&str] = match (on, object.name.as_str(), grantee) {
        ("schema", "public", "public") if version >= 15 => &["USAGE"],
        ("schema", "public", "public") => &["CREATE", "USAGE"],
        ("schema", "public", "pg_database_owner") => &["CREATE", "USAGE"],
        _ => return row.list("defaults"),
    };
    Ok(words.iter().map(|word| (*word).to_owned()).collect())
}

fn default_privileges(row: &Row<'_>, catalog: &mut Catalog) -> Result<(), String> {
    let privileges = row.list("privileges")?;
    if row.flag("self")? || privileges == row.list("defaults")? {
        return Ok(());
    }
    let on = match row.text("kind")? {
        "r" => "tables",
        "S" => "sequences",
        "f" => "functions",
        "T" => "types",
        "L" => "large objects",
        _ => "schemas",
    };
    // A migration that names no role means the role that runs it: the one that looks, or the owner of the database.
    let role = if row.flag("current")? || row.flag("owner")? { "" } else { row.text("role")? };
    let grantee = row.text("grantee")?;
    let place = Name::new(row.maybe("schema")?.unwrap_or_default(), format!("{on} to {grantee}"));
    let mut key = Key::top(Kind::DefaultPrivileges, &place);
    if !role.is_empty() {
        key.name = format!("{role}: {}", key.name);
    }
    let mut other = Other::default();
    other.attributes.insert("privileges".to_owned(), privileges.join(", "));
    catalog.others.insert(key, other);
    Ok(())
}
