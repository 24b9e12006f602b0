//! Live databases, only looked at: the structure, and the books of the migration tool. Sessions are read-only with time limits, and the address,
//! which holds a password, is printed nowhere.
#[cfg(feature = "livedb")]
mod mysql;
#[cfg(feature = "livedb")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use crate::engines::schema::catalog::{Catalog, Dialect};
use crate::model::codes::{PL0325, PL0326, PL0329};
use crate::model::{Diagnostic, Result, Secret};
use std::path::Path;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the server says of its version.
    pub server: String,
    /// The structure.
    pub catalog: Catalog,
    /// Rows of the books: version, checksum, whether it ended well, when; `None` when there are none.
    pub books: Option<Vec<Book>>,
    /// Whether the role may change the database.
    pub may_write: bool,
}

/// A row of the books of a migration tool, all as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Version.
    pub version: String,
    /// Checksum.
    pub checksum: Option<String>,
    /// Whether it ended well.
    pub success: bool,
    /// When it ran.
    pub at: Option<String>,
}

/// The dialect that an address speaks of: `postgresql://`, `mysql://`, `mariadb://`, `sqlite:`.
///
/// # Errors
/// PL0329 for another form; the address is not repeated.
pub fn dialect(address: &Secret) -> Result<Dialect> {
    let scheme = address.expose().split_once(':').map_or("", |(scheme, _)| scheme);
    let known = Dialect::from_word(scheme);
    known.ok_or_else(|| {
        Box::new(
            Diagnostic::error(&PL0329, "the reference holds no address of a database")
                .hint("postgresql://user:password@host/database, mysql://…, mariadb://…, sqlite:/path"),
        )
    })
}

/// Reads the database at an address; `books` is the query for the books of the migration tool.
///
/// # Errors
/// PL0324 when this build cannot, PL0325 when the server does not answer as it should, PL0326 when it refuses.
pub fn look(address: &Secret, books: Option<&str>) -> Result<Seen> {
    match dialect(address)? {
        Dialect::Sqlite => {
            let path = address.expose().split_once(':').map_or("", |(_, path)| path);
            let path = path.strip_prefix("//").filter(|rest| rest.starts_with('/')).unwrap_or(path);
            look_into(Path::new(path), books)
        }
        dialect => server(dialect, address, books),
    }
}

#[cfg(feature = "livedb")]
fn server(dialect: Dialect, address: &Secret, books: Option<&str>) -> Result<Seen> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed(format!("the runtime does not start: {error}")))?;
    runtime.block_on(async {
        match dialect {
            Dialect::Postgres => postgres::look(address, books).await,
            _ => mysql::look(dialect, address, books).await,
        }
    })
}

#[cfg(not(feature = "livedb"))]
fn server(_dialect: Dialect, _address: &Secret, _books: Option<&str>) -> Result<Seen> {
    Err(Box::new(Diagnostic::error(
        &crate::model::codes::PL0324,
        "this build cannot connect to databases (feature livedb)",
    )))
}

/// Reads a SQLite file.
///
/// # Errors
/// PL0324 when this build cannot, PL0325 when it is no database.
#[cfg(feature = "sqlite")]
pub fn look_into(path: &Path, books: Option<&str>) -> Result<Seen> {
    sqlite::look(path, books)
}

/// Reads a SQLite file.
///
/// # Errors
/// PL0324: this build cannot.
#[cfg(not(feature = "sqlite"))]
pub fn look_into(_path: &Path, _books: Option<&str>) -> Result<Seen> {
    Err(Box::new(Diagnostic::error(&crate::model::codes::PL0324, "this build is without SQLite (feature sqlite)")))
}

/// The server did not answer as it should.
#[cfg_attr(
    not(any(feature = "livedb", feature = "sqlite")),
    allow(dead_code, reason = "without drivers nothing fails")
)]
fn failed(why: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&PL0325, why.into()))
}

/// The server refused.
#[cfg_attr(not(feature = "livedb"), allow(dead_code, reason = "without drivers nobody refuses"))]
fn refused(why: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&PL0326, why.into()))
}

/// Whether a column of the books says yes; a tool without such a column has only those that ended well.
#[cfg_attr(
    not(any(feature = "livedb", feature = "sqlite")),
    allow(dead_code, reason = "without drivers there are no rows")
)]
fn is_yes(text: Option<&str>) -> bool {
    text.is_none_or(|text| {
        matches!(text.to_ascii_lowercase().as_str(), "t" | "true" | "1" | "y" | "yes" | "ok" | "executed" | "\u{1}")
    })
}
