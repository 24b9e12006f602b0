//! Functions, procedures, aggregates and triggers.
use super::{DataType, Expression, Meta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a routine is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoutineKind {
    /// Function.
    #[default]
    Function,
    /// Procedure.
    Procedure,
    /// Aggregate.
    Aggregate,
}

/// A routine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    /// Identity, places, comment.
    pub meta: Meta,
    /// What it is.
    pub kind: RoutineKind,
    /// Parameters with modes, names, types and defaults in normal form, as one text: `a integer, OUT b text, c integer DEFAULT 1`.
    pub arguments: String,
    /// What it gives: `integer`, `SETOF app.users`, `TABLE(a integer)`, `trigger`; empty for procedures.
    pub returns: String,
    /// Types of the parameters that make its identity, in order.
    pub signature: Vec<DataType>,
    /// Language, lower case.
    pub language: String,
    /// Body. Its normal form has white space at the ends removed and line ends made equal, nothing else.
    pub body: Expression,
    /// A word and a value: `volatility`, `strict`, `security`, `parallel`, `leakproof`, `cost`, `rows`, `set search_path`, `sql data access`,
    /// `deterministic`, parts of an aggregate. Defaults are left out.
    pub options: BTreeMap<String, String>,
}

/// A trigger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Identity, places, comment.
    pub meta: Meta,
    /// Its name.
    pub name: String,
    /// `before`, `after`, `instead of`.
    pub timing: String,
    /// `insert`, `update`, `delete`, `truncate`, in this order.
    pub events: Vec<String>,
    /// Columns of `UPDATE OF`, in order.
    pub columns: Vec<String>,
    /// `FOR EACH ROW`.
    pub for_each_row: bool,
    /// `WHEN (…)`.
    pub condition: Option<Expression>,
    /// What runs: `app.touch('a')` in PostgreSQL, the body elsewhere.
    pub action: Expression,
    /// A word and a value: `constraint`, `deferrable`, `deferred`, `old table`, `new table`, `enabled` (`disabled`, `replica`, `always`), `order`.
    /// Defaults are left out.
    pub options: BTreeMap<String, String>,
}
