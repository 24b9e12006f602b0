//! DDL taken apart: what a statement says, before anything is done with it.
mod alter;
mod column;
mod create;
mod key;
mod options;
mod partition;
mod tree;
mod types;

pub(super) use alter::actions;
pub(super) use create::{Created, table};
pub(super) use key::index_statement;
pub(super) use options::{Options, default_is_empty, table_options};
pub(super) use partition::maintain;
pub(super) use tree::{
    Alteration, CheckDef, ColumnDef, Default_, Element, ForeignDef, IndexDef, IndexKind, Position, TypeDef,
};
pub(super) use types::{data_type, of_text as type_of_text};
