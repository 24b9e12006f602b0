//! Schemas, extensions, sequences, privileges, and what is compared by its text.
use super::{DataType, Key, Kind, Meta, Name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Identity, places, comment.
    pub meta: Meta,
}

/// An extension.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Schema that it lies in.
    pub schema: String,
    /// Version, when a migration names one. It is not compared with a live one when no migration does.
    pub version: Option<String>,
}

/// A sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Identity, places, comment.
    pub meta: Meta,
    /// `bigint`, `integer`, `smallint`.
    pub data_type: DataType,
    /// Options that are not the default of the type: `start`, `increment`, `minvalue`, `maxvalue`, `cache`, `cycle`.
    pub options: BTreeMap<String, String>,
    /// Table and column that own it.
    pub owned_by: Option<(Name, String)>,
    /// `UNLOGGED`.
    pub unlogged: bool,
}

/// Privileges of a grantee on an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Places.
    pub meta: Meta,
    /// Kind of the object in lower case: `table`, `schema`, `function`, `sequence`, `column` …
    pub on: String,
    /// To whom; `public` for all.
    pub grantee: String,
    /// Privileges, upper case, sorted; `*` behind one that may be passed on.
    pub privileges: Vec<String>,
}

/// What is compared by its text alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Attribute and value, in normal form as far as there is one; `definition` holds the text.
    pub attributes: BTreeMap<String, String>,
}

impl Grant {
    /// The key of the privileges of a grantee on an object (routines with their signature, `total(integer)`), or on a column of it.
    pub fn key(on: &str, object: &Name, column: Option<&str>, grantee: &str) -> Key {
        let name = match column {
            Some(column) => format!("{on} {column} to {grantee}"),
            None => format!("{on} to {grantee}"),
        };
        Key::part(Kind::Grant, object, name)
    }
}
