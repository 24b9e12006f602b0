//! SQLite files, opened to be read only.
use super::{Book, Seen, failed};
use crate::engines::schema::sqlite;
use crate::model::Result;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long a lock of somebody else is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads a file.
pub(super) fn look(path: &Path, books: Option<&str>) -> Result<Seen> {
    let wrong = |error: rusqlite::Error| failed(format!("{} cannot be read: {error}", path.display()));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    connection.busy_timeout(PATIENCE).map_err(wrong)?;
    // One state for all queries, also while somebody writes.
    connection.execute_batch("PRAGMA query_only = on; BEGIN").map_err(wrong)?;
    let catalog =
        sqlite::inspect(&connection).map_err(|why| failed(format!("{} cannot be read: {why}", path.display())))?;
    let books = books.and_then(|query| read_books(&connection, query).ok());
    let server: String = connection.query_row("SELECT sqlite_version()", [], |row| row.get(0)).map_err(wrong)?;
    Ok(Seen { server, catalog, books, may_write: false })
}

/// The rows of the books; an error when the tool has none here.
fn read_books(connection: &Connection, query: &str) -> rusqlite::Result<Vec<Book>> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| {
        let success: Option<String> = row.get(2)?;
        Ok(Book {
            version: row.get(0)?,
            checksum: row.get(1)?,
            success: super::is_yes(success.as_deref()),
            at: row.get(3)?,
        })
    })?;
    rows.collect()
}
