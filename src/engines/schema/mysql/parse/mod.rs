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
pub(super) use column::{default_of, definition};
pub(super) use create::{Created, table};
pub(super) use key::{element, index_statement};
pub(super) use options::{Options, table_options};
pub(super) use partition::clause as partitions;
pub(super) use tree::{
    Alteration, CheckDef, ColumnDef, Default_, Element, ForeignDef, IndexDef, IndexKind, Position, TypeDef,
};
pub(super) use types::{data_type, of_text as type_of_text};
