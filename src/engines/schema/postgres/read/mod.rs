//! A live database, as the queries of `introspection` saw it, turned into a catalog.
mod code;
mod grants;
mod keys;
mod others;
mod row;
mod tables;
#[cfg(test)]
mod tests;
mod types;

use super::normal;
use crate::engines::schema::catalog::{
    Catalog, Dialect, Expression, Extension, Key, Kind, Meta, Name, Other, Schema, Server,
};
use row::{Row, rows};
use serde_json::Value;

/// The catalog of a record: one JSON object with the rows of every query under its name.
pub fn read(record: &Value) -> Result<Catalog, String> {
    if !record.is_object() {
        return Err("the record is no JSON object".to_owned());
    }
    let mut catalog = Catalog { server: server(record)?, ..Catalog::default() };
    for row in rows(record, "schemas")? {
        let comment = row.owned("comment")?.filter(|text| text != "standard public schema");
        catalog.schemas.insert(row.text("name")?.to_owned(), Schema { meta: with_comment(comment) });
    }
    for row in rows(record, "extensions")? {
        let comment = row.owned("comment")?.filter(|text| row.maybe("own_comment").ok().flatten() != Some(text));
        let extension = Extension {
            meta: with_comment(comment),
            schema: row.text("schema")?.to_owned(),
            version: row.owned("version")?,
        };
        catalog.extensions.insert(row.text("name")?.to_owned(), extension);
    }
    types::read(record, &mut catalog)?;
    types::sequences(record, &mut catalog)?;
    tables::read(record, &mut catalog)?;
    keys::read(record, &mut catalog)?;
    code::read(record, &mut catalog)?;
    others::read(record, &mut catalog)?;
    grants::read(record, &mut catalog)?;
    normal::catalog(&mut catalog);
    Ok(catalog)
}

/// The version: `180004` is 18.4, `90624` was 9.6.24.
fn server(record: &Value) -> Result<Server, String> {
    let row = rows(record, "server")?.into_iter().next().ok_or("the record does not say which server it is of")?;
    let number = row.number("version")?.ok_or("the record does not say which version the server has")?;
    let part = |number: i64| u16::try_from(number).map_err(|_| "the version of the server makes no sense".to_owned());
    Ok(Server { dialect: Dialect::Postgres, version: (part(number / 10_000)?, part(number % 10_000)?) })
}

fn with_comment(comment: Option<String>) -> Meta {
    Meta { comment, ..Meta::default() }
}

fn meta(row: &Row<'_>) -> Result<Meta, String> {
    Ok(with_comment(row.owned("comment")?))
}

/// The name in the fields `schema` and `name`.
fn name(row: &Row<'_>) -> Result<Name, String> {
    Ok(Name::new(row.text("schema")?, row.text("name")?))
}

/// The name in the fields `schema` and `table`.
fn table_name(row: &Row<'_>) -> Result<Name, String> {
    Ok(Name::new(row.text("schema")?, row.text("table")?))
}

/// An expression as the server prints it. Its normal form comes last, when all columns and types are known.
fn expression(row: &Row<'_>, field: &str) -> Result<Option<Expression>, String> {
    Ok(row.maybe(field)?.map(|text| Expression::plain(text.trim())))
}

/// A comment on what has no place of its own in the catalog: an attribute of a type, a column of a view.
fn remark(catalog: &mut Catalog, owner: &Name, what: String, comment: Option<String>) {
    if comment.is_some() {
        let key = Key::part(Kind::Other, owner, what);
        catalog.others.insert(key, Other { meta: with_comment(comment), ..Other::default() });
    }
}
