//! The books that migration tools keep in the database: which tables, how they are read, what they say.
use super::{Chain, Layout, version};
use crate::engines::schema::StepKind;
use crate::engines::schema::catalog::Dialect;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A row of the books.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Version, as the tool writes it.
    pub version: String,
    /// Checksum, when the tool keeps one.
    pub checksum: Option<String>,
    /// Whether it ended well.
    pub success: bool,
    /// When it ran.
    pub at: Option<String>,
}

/// A chain beside the books.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedState {
    /// Steps that did not run yet: indices.
    pub pending: Vec<usize>,
    /// Versions that ran and are not in the chain.
    pub missing: Vec<String>,
    /// Steps that ran with another text: indices.
    pub edited: Vec<usize>,
    /// Steps that did not run although later ones did: indices.
    pub out_of_order: Vec<usize>,
    /// Versions that did not end well.
    pub failed: Vec<String>,
}

/// Tables that the tool of a layout keeps for itself.
pub fn bookkeeping(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::Flyway => &["flyway_schema_history", "schema_version"],
        Layout::GolangMigrate | Layout::Dbmate => &["schema_migrations"],
        Layout::Goose => &["goose_db_version"],
        Layout::Sqlx => &["_sqlx_migrations"],
        Layout::Diesel => &["__diesel_schema_migrations"],
        Layout::Prisma => &["_prisma_migrations"],
        Layout::Drizzle => &["__drizzle_migrations"],
        Layout::Rails => &["schema_migrations", "ar_internal_metadata"],
        Layout::Supabase => &["schema_migrations", "supabase_functions_migrations"],
        Layout::Liquibase => {
            &["databasechangelog", "databasechangeloglock", "DATABASECHANGELOG", "DATABASECHANGELOGLOCK"]
        }
        Layout::Atlas => &["atlas_schema_revisions"],
        Layout::Pop => &["schema_migration"],
        Layout::Folders | Layout::Numbered | Layout::Schema => {
            &["schema_migrations", "migrations", "schema_version", "migration_history"]
        }
    }
}

/// Statements that make the tables of the tool before the first migration runs; migrations may put triggers on them or grant them.
pub fn bookkeeping_sql(layout: Layout, dialect: Dialect) -> &'static [&'static str] {
    match (layout, dialect) {
        (Layout::Diesel, _) => &[
            "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
        ],
        (Layout::Sqlx, Dialect::Postgres) => &[
            "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL)",
        ],
        (Layout::GolangMigrate, Dialect::Postgres) => &[
            "CREATE TABLE IF NOT EXISTS schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)",
        ],
        (Layout::Dbmate, Dialect::Postgres | Dialect::Sqlite) => {
            &["CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY)"]
        }
        _ => &[],
    }
}

/// A query for version, checksum, success and time of what ran, all as text; `None` for tools without books that are known.
pub fn history_query(layout: Layout, dialect: Dialect) -> Option<&'static str> {
    let (postgres, mysql, sqlite) = match layout {
        Layout::Flyway => (
            "SELECT version, checksum::text, success::text, installed_on::text FROM flyway_schema_history WHERE version IS NOT NULL AND type NOT IN ('SCHEMA', 'DELETE', 'UNDO_SQL') ORDER BY installed_rank",
            "SELECT version, CAST(checksum AS CHAR), CAST(success AS CHAR), CAST(installed_on AS CHAR) FROM flyway_schema_history WHERE version IS NOT NULL AND type NOT IN ('SCHEMA', 'DELETE', 'UNDO_SQL') ORDER BY installed_rank",
            "SELECT version, CAST(checksum AS TEXT), CAST(success AS TEXT), CAST(installed_on AS TEXT) FROM flyway_schema_history WHERE version IS NOT NULL AND type NOT IN ('SCHEMA', 'DELETE', 'UNDO_SQL') ORDER BY installed_rank",
        ),
        Layout::Sqlx => (
            "SELECT version::text, encode(checksum, 'hex'), success::text, installed_on::text FROM _sqlx_migrations ORDER BY version",
            "SELECT CAST(version AS CHAR), LOWER(HEX(checksum)), CAST(success AS CHAR), CAST(installed_on AS CHAR) FROM _sqlx_migrations ORDER BY version",
            "SELECT CAST(version AS TEXT), lower(hex(checksum)), CAST(success AS TEXT), CAST(installed_on AS TEXT) FROM _sqlx_migrations ORDER BY version",
        ),
        Layout::Diesel => (
            "SELECT version, NULL::text, NULL::text, run_on::text FROM __diesel_schema_migrations ORDER BY version",
            "SELECT version, NULL, NULL, CAST(run_on AS CHAR) FROM __diesel_schema_migrations ORDER BY version",
            "SELECT version, NULL, NULL, CAST(run_on AS TEXT) FROM __diesel_schema_migrations ORDER BY version",
        ),
        Layout::Prisma => (
            "SELECT migration_name, checksum, (finished_at IS NOT NULL)::text, started_at::text FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
            "SELECT migration_name, checksum, CAST(finished_at IS NOT NULL AS CHAR), CAST(started_at AS CHAR) FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
            "SELECT migration_name, checksum, CAST(finished_at IS NOT NULL AS TEXT), CAST(started_at AS TEXT) FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
        ),
        Layout::Drizzle => (
            "SELECT created_at::text, hash, NULL::text, NULL::text FROM drizzle.__drizzle_migrations ORDER BY created_at",
            "SELECT CAST(created_at AS CHAR), hash, NULL, NULL FROM __drizzle_migrations ORDER BY created_at",
            "SELECT CAST(created_at AS TEXT), hash, NULL, NULL FROM __drizzle_migrations ORDER BY created_at",
        ),
        Layout::GolangMigrate => (
            "SELECT version::text, NULL::text, (NOT dirty)::text, NULL::text FROM schema_migrations",
            "SELECT CAST(version AS CHAR), NULL, CAST(NOT dirty AS CHAR), NULL FROM schema_migrations",
            "SELECT CAST(version AS TEXT), NULL, CAST(NOT dirty AS TEXT), NULL FROM schema_migrations",
        ),
        Layout::Goose => (
            "SELECT version_id::text, NULL::text, NULL::text, tstamp::text FROM goose_db_version g WHERE version_id > 0 AND is_applied AND id = (SELECT max(id) FROM goose_db_version l WHERE l.version_id = g.version_id) ORDER BY version_id",
            "SELECT CAST(version_id AS CHAR), NULL, NULL, CAST(tstamp AS CHAR) FROM goose_db_version g WHERE version_id > 0 AND is_applied AND id = (SELECT max(id) FROM goose_db_version l WHERE l.version_id = g.version_id) ORDER BY version_id",
            "SELECT CAST(version_id AS TEXT), NULL, NULL, CAST(tstamp AS TEXT) FROM goose_db_version g WHERE version_id > 0 AND is_applied AND id = (SELECT max(id) FROM goose_db_version l WHERE l.version_id = g.version_id) ORDER BY version_id",
        ),
        Layout::Dbmate => (
            "SELECT version::text, NULL::text, NULL::text, NULL::text FROM schema_migrations ORDER BY version",
            "SELECT version, NULL, NULL, NULL FROM schema_migrations ORDER BY version",
            "SELECT version, NULL, NULL, NULL FROM schema_migrations ORDER BY version",
        ),
        Layout::Pop => (
            "SELECT version::text, NULL::text, NULL::text, NULL::text FROM schema_migration ORDER BY version",
            "SELECT version, NULL, NULL, NULL FROM schema_migration ORDER BY version",
            "SELECT version, NULL, NULL, NULL FROM schema_migration ORDER BY version",
        ),
        Layout::Supabase if dialect == Dialect::Postgres => {
            return Some(
                "SELECT version, NULL::text, NULL::text, NULL::text FROM supabase_migrations.schema_migrations ORDER BY version",
            );
        }
        Layout::Atlas => (
            "SELECT version, NULL::text, (error IS NULL OR error = '')::text, executed_at::text FROM atlas_schema_revisions.atlas_schema_revisions ORDER BY version",
            "SELECT version, NULL, CAST(error IS NULL OR error = '' AS CHAR), CAST(executed_at AS CHAR) FROM atlas_schema_revisions ORDER BY version",
            "SELECT version, NULL, CAST(error IS NULL OR error = '' AS TEXT), CAST(executed_at AS TEXT) FROM atlas_schema_revisions ORDER BY version",
        ),
        Layout::Liquibase => (
            "SELECT id || '::' || author || '::' || filename, NULL::text, (exectype IN ('EXECUTED', 'RERAN', 'MARK_RAN'))::text, dateexecuted::text FROM databasechangelog ORDER BY orderexecuted",
            "SELECT CONCAT(ID, '::', AUTHOR, '::', FILENAME), NULL, CAST(EXECTYPE IN ('EXECUTED', 'RERAN', 'MARK_RAN') AS CHAR), CAST(DATEEXECUTED AS CHAR) FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED",
            "SELECT ID || '::' || AUTHOR || '::' || FILENAME, NULL, CAST(EXECTYPE IN ('EXECUTED', 'RERAN', 'MARK_RAN') AS TEXT), CAST(DATEEXECUTED AS TEXT) FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED",
        ),
        Layout::Rails | Layout::Supabase | Layout::Folders | Layout::Numbered | Layout::Schema => return None,
    };
    Some(match dialect {
        Dialect::Postgres => postgres,
        Dialect::MySql | Dialect::MariaDb => mysql,
        Dialect::Sqlite => sqlite,
    })
}

/// What the books say about the steps of a chain.
pub fn applied(chain: &Chain, rows: &[Applied]) -> AppliedState {
    let mut state = AppliedState {
        failed: rows.iter().filter(|row| !row.success).map(|row| row.version.clone()).collect(),
        ..AppliedState::default()
    };
    // Liquibase writes down repeatable changes like the others.
    let again = chain.layout == Layout::Liquibase;
    let versioned = |kind: StepKind| {
        matches!(kind, StepKind::Versioned | StepKind::Baseline | StepKind::Code)
            || (again && kind == StepKind::Repeatable)
    };
    if chain.layout == Layout::GolangMigrate {
        return counter(chain, rows, state);
    }
    let ran: BTreeMap<Vec<(usize, String)>, &Applied> =
        rows.iter().map(|row| (key(chain, &row.version), row)).collect();
    let keys: Vec<Vec<(usize, String)>> = chain.steps.iter().map(|step| key(chain, &step.version)).collect();
    let newest = keys.iter().rposition(|key| ran.contains_key(key));
    for (index, (step, key)) in chain.steps.iter().zip(&keys).enumerate() {
        if !versioned(step.kind) {
            continue;
        }
        match ran.get(key) {
            None => {
                state.pending.push(index);
                state.out_of_order.extend(newest.is_some_and(|newest| index < newest).then_some(index));
            }
            Some(row) => {
                let differ = row
                    .checksum
                    .as_ref()
                    .zip(step.checksum.as_ref())
                    .is_some_and(|(ran, ours)| !ran.eq_ignore_ascii_case(ours));
                state.edited.extend(differ.then_some(index));
            }
        }
    }
    state.missing =
        rows.iter().filter(|row| !keys.contains(&key(chain, &row.version))).map(|row| row.version.clone()).collect();
    state
}

/// What makes two versions the same: their numbers for tools that count, the text otherwise.
fn key(chain: &Chain, text: &str) -> Vec<(usize, String)> {
    match chain.layout {
        Layout::Flyway => version::flyway(text),
        Layout::Goose | Layout::Sqlx => vec![version::number(text)],
        Layout::Diesel => vec![(0, text.replace('-', ""))],
        Layout::Liquibase => vec![(0, text.replacen("::classpath:", "::", 1))],
        _ => vec![(0, text.to_owned())],
    }
}

/// golang-migrate keeps one number: everything up to it ran.
fn counter(chain: &Chain, rows: &[Applied], mut state: AppliedState) -> AppliedState {
    let Some(row) = rows.first() else {
        state.pending = (0..chain.steps.len()).collect();
        return state;
    };
    let at = version::number(&row.version);
    let behind = |index: &usize| chain.steps.get(*index).is_some_and(|step| version::number(&step.version) > at);
    state.pending = (0..chain.steps.len()).filter(behind).collect();
    if !chain.steps.iter().any(|step| version::number(&step.version) == at) {
        state.missing.push(row.version.clone());
    }
    state
}
