//! PostgreSQL: migrations replayed on the grammar of `squawk-syntax`, live catalogs read, both in one normal form.
pub mod normal;
mod replay;

pub use replay::Postgres;
