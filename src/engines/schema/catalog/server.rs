//! Whose rules hold: dialect and version.
use serde::{Deserialize, Serialize};

/// A family of servers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// PostgreSQL.
    #[default]
    #[serde(rename = "postgresql")]
    Postgres,
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
    /// SQLite.
    Sqlite,
}

/// A server: dialect and version. Rules that changed between versions look here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Server {
    /// The family.
    pub dialect: Dialect,
    /// Major and minor version: `(17, 0)`, `(8, 4)`, `(10, 11)`, `(3, 50)`.
    pub version: (u16, u16),
}

impl Default for Server {
    fn default() -> Server {
        Server::newest(Dialect::Postgres)
    }
}

impl Server {
    /// The version that is assumed when nobody says one.
    pub fn newest(dialect: Dialect) -> Server {
        let version = match dialect {
            Dialect::Postgres => (18, 0),
            Dialect::MySql => (8, 4),
            Dialect::MariaDb => (10, 11),
            Dialect::Sqlite => (3, 51),
        };
        Server { dialect, version }
    }
}

impl Dialect {
    /// Whether it is MySQL or MariaDB.
    pub fn is_mysql(self) -> bool {
        matches!(self, Dialect::MySql | Dialect::MariaDb)
    }

    /// The word in settings and output.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgresql",
            Dialect::MySql => "mysql",
            Dialect::MariaDb => "mariadb",
            Dialect::Sqlite => "sqlite",
        }
    }

    /// The dialect that a word names, common short forms included.
    pub fn from_word(word: &str) -> Option<Dialect> {
        match word.to_ascii_lowercase().as_str() {
            "postgresql" | "postgres" | "pg" | "psql" => Some(Dialect::Postgres),
            "mysql" => Some(Dialect::MySql),
            "mariadb" => Some(Dialect::MariaDb),
            "sqlite" | "sqlite3" => Some(Dialect::Sqlite),
            _ => None,
        }
    }
}
