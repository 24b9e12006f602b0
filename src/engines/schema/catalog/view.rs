//! Views.
use super::{DataType, Expression, Index, Meta, Trigger};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A view or a materialised view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Whether its rows are kept.
    pub materialized: bool,
    /// Names and types of its columns; type `?` when it cannot be known without a server.
    pub columns: Vec<(String, DataType)>,
    /// Its query.
    pub query: Expression,
    /// Whether the normal form of the query can be compared with that of another origin: false on what was written in migrations as soon as the
    /// server rewrites queries (PostgreSQL, MySQL) and the form could not be proved.
    pub comparable: bool,
    /// Indexes of a materialised view.
    pub indexes: Vec<Index>,
    /// Triggers (`INSTEAD OF`).
    pub triggers: Vec<Trigger>,
    /// A word and a value: `security_barrier`, `security_invoker`, `check option`, `algorithm`, `security`. Defaults are left out.
    pub options: BTreeMap<String, String>,
}
