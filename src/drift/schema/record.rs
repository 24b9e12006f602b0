//! What a live database was seen to hold, as it is kept in the config repository: written by `pilab db record`.
use crate::engines::schema::catalog::Catalog;
use serde::{Deserialize, Serialize};

/// The value of `Record::schema`.
pub const RECORD: &str = "pilab.db-record/v1";

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Record {
    /// `pilab.db-record/v1`.
    pub schema: String,
    /// When it was read (RFC 3339).
    pub at: String,
    /// What the server says of its version.
    pub server: String,
    /// Whether the role may change the database; not kept.
    #[serde(skip)]
    pub may_write: bool,
    /// The books of the migration tool; `None` when it has none here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<AppliedRow>>,
    /// The structure.
    pub catalog: Catalog,
}

/// A row of the books of a migration tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AppliedRow {
    /// Version, as the tool writes it.
    pub version: String,
    /// Checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
    /// Whether it ended well.
    pub success: bool,
    /// When it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}
