//! MySQL and MariaDB through sqlx: one read-only transaction with one snapshot, and time limits.
use super::{Book, Seen, failed, is_yes, refused};
use crate::engines::schema;
use crate::engines::schema::catalog::Dialect;
use crate::model::{Diagnostic, Result, Secret};
use serde_json::{Map, Value};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Row};
use std::str::FromStr;
use std::time::Duration;

/// How long a server may take to answer a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a database.
pub(super) async fn look(dialect: Dialect, address: &Secret, books: Option<&str>) -> Result<Seen> {
    let bad = || failed("the reference holds an address that cannot be read");
    let address = address.expose();
    let address = address.strip_prefix("mariadb:").map_or_else(|| address.to_owned(), |rest| format!("mysql:{rest}"));
    let options = MySqlConnectOptions::from_str(&address).map_err(|_| bad())?.disable_statement_logging();
    let connected = tokio::time::timeout(PATIENCE, MySqlConnection::connect_with(&options)).await;
    let mut connection =
        connected.map_err(|_| failed("the server did not answer within 10 seconds"))?.map_err(wrong)?;
    let server = text(&one(&mut connection, "SELECT version()").await?, 0).unwrap_or_default();
    let maria = server.contains("MariaDB");
    // Each server has its own limit, in its own unit, and an error for the other's.
    let limit = if maria { "SET SESSION max_statement_time = 15" } else { "SET SESSION max_execution_time = 15000" };
    for statement in [limit, "SET SESSION lock_wait_timeout = 1", "SET SESSION TRANSACTION READ ONLY"] {
        run(&mut connection, statement).await?;
    }
    run(&mut connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await?;
    let mut answers = Map::new();
    for (name, query) in schema::introspection(dialect) {
        let rows = sqlx::raw_sql(*query).fetch_all(&mut connection).await;
        let rows = match rows {
            Ok(rows) => rows,
            // What only some versions have.
            Err(_) if name.ends_with("_optional") => Vec::new(),
            Err(error) => return Err(wrong(error)),
        };
        answers.insert((*name).to_owned(), Value::Array(rows.iter().map(object).collect()));
    }
    let books = match books {
        Some(query) => read_books(&mut connection, query).await,
        None => None,
    };
    let grants = sqlx::raw_sql("SHOW GRANTS").fetch_all(&mut connection).await.map_err(wrong)?;
    let may_write = grants.iter().filter_map(|row| text(row, 0)).any(|grant| writes(&grant));
    run(&mut connection, "ROLLBACK").await?;
    // The answers are here; how the server takes the farewell changes nothing.
    let _ = connection.close().await;
    let dialect = if maria { Dialect::MariaDb } else { Dialect::MySql };
    let catalog = schema::read(dialect, &Value::Object(answers)).map_err(failed)?;
    Ok(Seen { server, catalog, books, may_write })
}

/// Whether a line of `SHOW GRANTS` lets the role change anything.
fn writes(grant: &str) -> bool {
    let privileges = grant.split(" ON ").next().unwrap_or_default();
    ["ALL PRIVILEGES", "INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "CREATE"]
        .iter()
        .any(|word| privileges.contains(word))
}

async fn run(connection: &mut MySqlConnection, sql: &'static str) -> Result<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ()).map_err(wrong)
}

async fn one(connection: &mut MySqlConnection, sql: &'static str) -> Result<MySqlRow> {
    sqlx::raw_sql(sql).fetch_one(connection).await.map_err(wrong)
}

/// A value as text, whatever its type: the text protocol brings all of them so.
fn text(row: &MySqlRow, at: usize) -> Option<String> {
    let bytes = row.try_get_unchecked::<Option<Vec<u8>>, _>(at).ok().flatten()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn object(row: &MySqlRow) -> Value {
    let columns = row.columns().iter().enumerate();
    Value::Object(
        columns
            .map(|(at, column)| (column.name().to_owned(), text(row, at).map_or(Value::Null, Value::String)))
            .collect(),
    )
}

/// The rows of the books; `None` when the tool has none here.
async fn read_books(connection: &mut MySqlConnection, query: &str) -> Option<Vec<Book>> {
    let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await.ok()?;
    let book = |row: &MySqlRow| Book {
        version: text(row, 0).unwrap_or_default(),
        checksum: text(row, 1),
        success: is_yes(text(row, 2).as_deref()),
        at: text(row, 3),
    };
    Some(rows.iter().map(book).collect())
}

/// What the server or the driver says. The driver's words for a wrong address may repeat it, so they are not passed on.
fn wrong(error: sqlx::Error) -> Box<Diagnostic> {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default().into_owned();
            let words = format!("the server says: {} ({code})", error.message());
            // 28000: the role or its password; 42000 with "denied" is a privilege.
            if code == "28000" || error.message().contains("denied") { refused(words) } else { failed(words) }
        }
        sqlx::Error::Io(error) => failed(format!("the server cannot be reached: {error}")),
        sqlx::Error::Tls(_) => {
            refused("the server's certificate is not accepted, or it has no TLS and the address asks for it")
        }
        sqlx::Error::Configuration(_) => failed("the reference holds an address that cannot be read"),
        other => failed(format!("the connection failed: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::writes;

    #[test]
    fn a_role_that_may_write_is_told_from_one_that_may_not() {
        assert!(writes("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"));
        assert!(writes("GRANT SELECT, INSERT ON `shop`.* TO `app`@`%`"));
        assert!(!writes("GRANT USAGE ON *.* TO `reader`@`%`"));
        assert!(!writes("GRANT SELECT, SHOW VIEW ON `update`.* TO `reader`@`%`"), "a database may be called so");
    }
}
