//! SQLite itself, in memory, kept from everything but the statements of a schema.
use super::token::Tokens;
use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Batch, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps of SQLite's machine between two looks at the budget.
const STRIDE: u32 = 1000;
/// Such strides that one statement may take: some hundred milliseconds.
const STATEMENT: u64 = 20_000;
/// Such strides that everything together may take.
const TOTAL: u64 = 200_000;
/// Pages of 4 KiB that the database may have.
const PAGES: u32 = 16_384;

/// Pragmas that change how later statements act on the structure, or only look.
const PRAGMAS: &[&str] = &[
    "foreign_keys",
    "defer_foreign_keys",
    "legacy_alter_table",
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "foreign_key_check",
    "ignore_check_constraints",
    "recursive_triggers",
    "user_version",
    "application_id",
    "integrity_check",
    "quick_check",
    "schema_version",
    "max_page_count",
    "temp_store",
    "page_count",
    "hard_heap_limit",
];

/// A database in memory.
pub(super) struct Engine {
    pub(super) connection: Connection,
    /// Strides of the statement that runs, and of all.
    spent: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

impl Engine {
    pub(super) fn new() -> Result<Engine, String> {
        let engine = Engine {
            connection: Connection::open_in_memory().map_err(|error| words(&error))?,
            spent: Arc::new(AtomicU64::new(0)),
            total: Arc::new(AtomicU64::new(0)),
        };
        engine.confine().map_err(|error| words(&error))?;
        Ok(engine)
    }

    fn confine(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        for pragma in ["temp_store = 2", "hard_heap_limit = 536870912", "foreign_keys = 0", "legacy_alter_table = 0"] {
            connection.execute_batch(&format!("PRAGMA {pragma}"))?;
        }
        connection.execute_batch(&format!("PRAGMA max_page_count = {PAGES}"))?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        for (limit, value) in [
            (Limit::SQLITE_LIMIT_LENGTH, 1_000_000),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 500),
            (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 30),
            (Limit::SQLITE_LIMIT_VDBE_OP, 1_000_000),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            connection.set_limit(limit, value)?;
        }
        // Programs register collations of their own. Nothing of the structure depends on how they compare.
        connection.collation_needed(|connection, name| connection.create_collation(name, |a, b| a.cmp(b)))?;
        connection.authorizer(Some(|context: AuthContext<'_>| allowed(&context.action)))?;
        let (spent, total) = (Arc::clone(&self.spent), Arc::clone(&self.total));
        connection.progress_handler(
            i32::try_from(STRIDE).unwrap_or(1000),
            Some(move || {
                let all = total.fetch_add(1, Ordering::Relaxed);
                spent.fetch_add(1, Ordering::Relaxed) > STATEMENT || all > TOTAL
            }),
        )
    }

    /// Runs one statement; the error in SQLite's own words.
    pub(super) fn run(&self, sql: &str) -> Result<(), String> {
        if too_deep(sql) {
            return Err("it is nested deeper than what is run".to_owned());
        }
        self.spent.store(0, Ordering::Relaxed);
        let done = self.run_all(sql);
        done.map_err(|error| match self.spent.load(Ordering::Relaxed) > STATEMENT {
            true => "it ran for too long and was stopped".to_owned(),
            false => words(&error),
        })
    }

    fn run_all(&self, sql: &str) -> rusqlite::Result<()> {
        let mut batch = Batch::new(&self.connection, sql);
        while let Some(mut statement) = batch.next()? {
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
        }
        Ok(())
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// A number that changes with the structure.
    pub(super) fn version(&self) -> i64 {
        self.connection.query_row("PRAGMA main.schema_version", [], |row| row.get(0)).unwrap_or(-1)
    }
}

/// SQLite's words without the statement that rusqlite puts behind them.
pub(super) fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn allowed(action: &AuthAction<'_>) -> Authorization {
    let deny = match action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => true,
        AuthAction::Pragma { pragma_name, .. } => !pragma(pragma_name),
        AuthAction::Function { function_name } => ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"]
            .iter()
            .any(|name| function_name.eq_ignore_ascii_case(name)),
        _ => false,
    };
    if deny { Authorization::Deny } else { Authorization::Allow }
}

/// Whether a pragma of a script is run.
pub(super) fn pragma(name: &str) -> bool {
    PRAGMAS.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Parentheses within parentheses, and collations of one expression. SQLite bounds other nesting itself, but calls itself for every level of these,
/// until the stack is full.
const DEEPEST: usize = 200;

fn too_deep(sql: &str) -> bool {
    let (mut depth, mut chain) = (0_usize, 0_usize);
    for token in Tokens::new(sql) {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," | ";" => chain = 0,
            _ if token.is("COLLATE") => chain += 1,
            _ => {}
        }
        if depth > DEEPEST || chain > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_memory() {
        let engine = Engine::new().unwrap();
        let cases = [
            ("ATTACH '/tmp/x.db' AS x", "not authorized"),
            ("VACUUM INTO '/tmp/x.db'", "authorization denied"),
            ("SELECT load_extension('x')", "not authorized to use function: load_extension"),
            ("SELECT readfile('/etc/passwd')", "no such function: readfile"),
            ("PRAGMA temp_store_directory = '/tmp'", "not authorized"),
            ("PRAGMA journal_mode = WAL", "not authorized"),
            ("PRAGMA writable_schema = 1", "not authorized"),
            (
                "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT count(*) FROM a",
                "it ran for too long and was stopped",
            ),
            ("SELECT zeroblob(10000000)", "string or blob too big"),
            ("CREATE TABLE t (a TEXT DEFAULT (uuid()))", ""),
            ("INSERT INTO t DEFAULT VALUES", "unknown function: uuid()"),
            ("CREATE INDEX i ON t (a COLLATE strange)", ""),
            ("DELETE FROM sqlite_schema", "table sqlite_master may not be modified"),
        ];
        let found: Vec<String> = cases.iter().map(|(sql, _)| engine.run(sql).err().unwrap_or_default()).collect();
        assert_eq!(found, cases.map(|(_, error)| error));
    }

    #[test]
    fn what_would_fill_the_stack_is_not_run() {
        let engine = Engine::new().unwrap();
        let with = format!("{}SELECT 1{}", "WITH w AS (".repeat(20_000), ") SELECT 1".repeat(20_000));
        let collate = format!("CREATE TABLE t (a DEFAULT ('a'{}))", " COLLATE nocase".repeat(20_000));
        for sql in [with, collate] {
            assert_eq!(engine.run(&sql), Err("it is nested deeper than what is run".to_owned()));
        }
    }
}
