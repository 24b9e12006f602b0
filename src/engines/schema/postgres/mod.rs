//! PostgreSQL: migrations replayed on the grammar of `squawk-syntax`, live catalogs read, both in one normal form.
mod introspect;
pub mod normal;
pub mod print;
mod read;
mod replay;
mod source;

pub use introspect::introspection;
pub use read::read;
pub use replay::Postgres;
