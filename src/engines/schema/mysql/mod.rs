//! MySQL and MariaDB: migrations replayed by an own small parser, live catalogs read, both in one normal form.
mod introspect;
mod normal;
mod parse;
pub mod print;
mod read;
mod replay;
mod text;

pub use introspect::introspection;
pub use read::{read, variables};
pub use replay::MySql;
