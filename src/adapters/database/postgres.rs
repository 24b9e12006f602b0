//! PostgreSQL through sqlx: one read-only transaction with one snapshot, and time limits.
use super::{Book, Seen, failed, is_yes, refused};
use crate::engines::schema;
use crate::engines::schema::catalog::Dialect;
use crate::model::{Diagnostic, Result, Secret};
use serde_json::{Map, Value};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::str::FromStr;
use std::time::Duration;

/// How long a server may take to answer a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// What makes the session harmless: nothing is written, nobody waits for us, nothing runs for long. Names come out with their schemas.
const HARMLESS: [&str; 4] = [
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET statement_timeout = '15s'",
    "SET lock_timeout = '1s'",
    "SET idle_in_transaction_session_timeout = '60s'",
];

/// Reads a database.
pub(super) async fn look(address: &Secret, books: Option<&str>) -> Result<Seen> {
    let options = PgConnectOptions::from_str(address.expose())
        .map_err(|_| failed("the reference holds an address that cannot be read"))?;
    let options = options.application_name("pilab").disable_statement_logging();
    let connected = tokio::time::timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let mut connection =
        connected.map_err(|_| failed("the server did not answer within 10 seconds"))?.map_err(wrong)?;
    for statement in HARMLESS {
        run(&mut connection, statement).await?;
    }
    let books = match books {
        Some(query) => read_books(&mut connection, query).await,
        None => None,
    };
    run(&mut connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    run(&mut connection, "SET LOCAL search_path = ''").await?;
    let mut answers = Map::new();
    for (name, query) in schema::introspection(Dialect::Postgres) {
        let query = query.trim().trim_end_matches(';');
        let wrapped = format!(
            "SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(answer)), '[]')::text FROM ({query}\n) answer"
        );
        let row = one(&mut connection, wrapped).await?;
        let text: String = row.try_get(0).map_err(wrong)?;
        let rows: Value = serde_json::from_str(&text)
            .map_err(|error| failed(format!("the answer about {name} is no JSON: {error}")))?;
        answers.insert((*name).to_owned(), rows);
    }
    let server: String = one(&mut connection, "SHOW server_version".to_owned()).await?.try_get(0).map_err(wrong)?;
    let writes: bool = one(&mut connection, MAY_WRITE.to_owned()).await?.try_get(0).map_err(wrong)?;
    run(&mut connection, "ROLLBACK").await?;
    // The answers are here; how the server takes the farewell changes nothing.
    let _ = connection.close().await;
    let catalog = schema::read(Dialect::Postgres, &Value::Object(answers)).map_err(failed)?;
    Ok(Seen { server, catalog, books, may_write: writes })
}

/// Whether the role may change rows of a table or is above all rights.
const MAY_WRITE: &str = "SELECT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) OR EXISTS (\
    SELECT FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace \
    WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema') \
    AND pg_catalog.has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))";

async fn run(connection: &mut PgConnection, sql: &'static str) -> Result<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ()).map_err(wrong)
}

async fn one(connection: &mut PgConnection, sql: String) -> Result<PgRow> {
    // The text is our own: nothing of a repository or a user is in it.
    sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(connection).await.map_err(wrong)
}

/// The rows of the books; `None` when the tool has none here.
async fn read_books(connection: &mut PgConnection, query: &str) -> Option<Vec<Book>> {
    let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await.ok()?;
    let text = |row: &PgRow, at: usize| row.try_get::<Option<String>, _>(at).ok().flatten();
    let book = |row: &PgRow| Book {
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
            // Class 28: the role or its password; 42501: a privilege is missing; 3D000 is a database that is not there.
            if code.starts_with("28") || code == "42501" { refused(words) } else { failed(words) }
        }
        sqlx::Error::Io(error) => failed(format!("the server cannot be reached: {error}")),
        sqlx::Error::Tls(_) => {
            refused("the server's certificate is not accepted, or it has no TLS and the address asks for it")
        }
        sqlx::Error::Configuration(_) => failed("the reference holds an address that cannot be read"),
        other => failed(format!("the connection failed: {other}")),
    }
}
