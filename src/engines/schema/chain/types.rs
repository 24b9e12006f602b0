//! Chains as values.
use crate::engines::schema::Step;
use crate::engines::schema::catalog::{Dialect, Place};
use serde::{Deserialize, Serialize};

/// A tool and its layout of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// `V1__name.sql`, `R__name.sql`, `U1__name.sql`, `B1__name.sql`.
    Flyway,
    /// `1_name.up.sql`, `1_name.down.sql`.
    GolangMigrate,
    /// `1_name.sql` with `-- +goose Up`.
    Goose,
    /// `1_name.sql` with `-- migrate:up`.
    Dbmate,
    /// `1_name.sql`, or `1_name.up.sql` and `.down.sql`, for sqlx.
    Sqlx,
    /// `1_name/up.sql`, `1_name/down.sql`.
    Diesel,
    /// `1_name/migration.sql` with `migration_lock.toml`.
    Prisma,
    /// `meta/_journal.json` and its files.
    Drizzle,
    /// `structure.sql` of Rails.
    Rails,
    /// `supabase/migrations/<time>_name.sql`.
    Supabase,
    /// A changelog in formatted SQL, XML or YAML.
    Liquibase,
    /// `atlas.sum` and its files.
    Atlas,
    /// `1_name.up.sql` or `1_name.postgres.up.sql` of pop.
    Pop,
    /// Folders named by number or version, files in them.
    Folders,
    /// Plain numbered files of no tool that is known.
    Numbered,
    /// One file with the whole schema: init script, `schema.sql`, dump.
    Schema,
}

/// The migrations of one schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Whose layout it is.
    pub layout: Layout,
    /// Why it was taken for it, one line: `migration_lock.toml names postgresql`.
    pub because: String,
    /// Folder or file, for people.
    pub root: String,
    /// What the layout itself says of the dialect.
    pub dialect: Option<Dialect>,
    /// The steps in the order of the tool.
    pub steps: Vec<Step>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Tables that the tool keeps for itself.
    pub bookkeeping: Vec<String>,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What is the case, one line.
    pub text: String,
}

/// Kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Two steps have one version.
    Duplicate,
    /// A number is left out where the tool counts without gaps, or the journal names a file that is not there.
    Missing,
    /// A file is there that the tool will not run (not in the journal, name not understood).
    Stray,
    /// The sum file or journal has another checksum than the file.
    Checksum,
    /// A file cannot be read: not text, too large, missing object.
    Unreadable,
    /// A step is a program.
    Code,
    /// Placeholders, includes or sections that cannot be resolved.
    Unresolved,
}
