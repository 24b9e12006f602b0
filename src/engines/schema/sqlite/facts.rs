//! What SQLite tells of a database: the rows of `sqlite_schema` and of its pragmas.
use serde::{Deserialize, Serialize};

/// A row of `sqlite_schema`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// `table`, `index`, `view`, `trigger`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The table that it belongs to.
    pub table: String,
    /// The statement that makes it; empty for the indexes behind constraints.
    pub sql: String,
}

/// What the pragmas tell of a table or a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Rows of `table_xinfo`.
    pub columns: Vec<ColumnFact>,
    /// Rows of `index_list` with those of `index_xinfo`.
    pub indexes: Vec<IndexFact>,
    /// Rows of `foreign_key_list`, one for each column.
    pub foreign_keys: Vec<ForeignFact>,
    /// Whether it is a table that a virtual table keeps its data in.
    pub shadow: bool,
}

/// A row of `table_xinfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFact {
    /// Its name.
    pub name: String,
    /// Its type as it was written.
    pub data_type: String,
    /// `NOT NULL`.
    pub not_null: bool,
    /// Its default as it was written.
    pub default: Option<String>,
    /// Position in the primary key, from 1; 0 when it is not in it.
    pub primary: i64,
    /// 0 plain, 1 hidden, 2 generated when read, 3 generated and kept.
    pub hidden: i64,
}

/// A row of `index_list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexFact {
    /// Its name.
    pub name: String,
    /// `UNIQUE`.
    pub unique: bool,
    /// `c` for `CREATE INDEX`, `u` for a unique constraint, `pk` for the primary key.
    pub origin: String,
    /// Its keys in order: column (`None` for an expression), descending, collation.
    pub keys: Vec<(Option<String>, bool, String)>,
}

/// A row of `foreign_key_list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignFact {
    /// Which key; the last that was written has 0.
    pub id: i64,
    /// The table there.
    pub table: String,
    /// The column here.
    pub from: String,
    /// The column there; `None` for the primary key.
    pub to: Option<String>,
    /// Action.
    pub on_update: String,
    /// Action.
    pub on_delete: String,
}
