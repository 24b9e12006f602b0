//! What an operation costs: which lock, for how long; and how to say it.
use super::{mysql, postgres, sqlite};
use crate::engines::schema::catalog::{Dialect, Server};
use crate::engines::schema::change::types::{Lock, Work};

/// An operation on a table that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// A column is added.
    AddColumn(Filling),
    /// A column is dropped.
    DropColumn,
    /// A column is renamed.
    RenameColumn,
    /// A type is changed.
    Type(Rewriting),
    /// A collation is changed, of an indexed column or not.
    Collation {
        /// Whether an index has it.
        indexed: bool,
    },
    /// A character set is changed.
    Charset,
    /// A default is set or dropped.
    Default,
    /// A column must not be null; whether a valid check says so already, or the rows are not looked at.
    NotNull {
        /// Rows need not be read.
        known: bool,
    },
    /// A column may be null.
    Nullable,
    /// Identity or automatic numbers are added or dropped.
    Identity,
    /// A generated column has another expression.
    Expression {
        /// Whether it is kept.
        stored: bool,
    },
    /// A generated column becomes a plain one, or the other way round.
    Generated,
    /// Storage, compression.
    ColumnOption,
    /// The statistics target of a column.
    ColumnStatistics,
    /// A comment.
    Comment,
    /// A constraint is added.
    Add(Sort, Checking),
    /// A constraint is checked that was not.
    Validate(Sort),
    /// A constraint is dropped.
    Drop(Sort),
    /// A constraint is deferrable or not.
    AlterConstraint,
    /// A constraint is renamed.
    RenameConstraint,
    /// An index is built.
    AddIndex(Building),
    /// An index is dropped.
    DropIndex {
        /// Without waiting for others.
        online: bool,
    },
    /// An index is renamed, or has another option.
    RenameIndex,
    /// A table is dropped.
    DropTable,
    /// A table is renamed or moved.
    RenameTable,
    /// `UNLOGGED`, storage engine, row format, character set of all columns.
    RewriteTable,
    /// An option that is only written down.
    TableOption,
    /// Row-level security, replica identity, inheritance.
    TableSwitch,
    /// A partition is attached.
    Attach {
        /// Whether a check says already that its rows fit.
        known: bool,
    },
    /// A partition is detached.
    Detach {
        /// `CONCURRENTLY`.
        online: bool,
    },
    /// A trigger is made, or switched on or off.
    AddTrigger,
    /// A trigger is dropped or renamed.
    DropTrigger,
    /// A policy or rule is made, changed or dropped.
    Policy,
    /// A table that refers to it is made.
    Referenced,
    /// Statistics are made.
    Watch,
    /// A view is changed or dropped.
    View,
    /// A domain has another check.
    DomainCheck {
        /// Whether the columns that use it are read.
        read: bool,
    },
    /// Nothing that exists is locked.
    Free,
}

/// What a new column is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// Nothing, or the same for every row.
    Same,
    /// Something else in each row.
    Each,
    /// Automatic numbers.
    Numbers,
    /// A kept expression.
    Stored,
    /// An expression that is not kept.
    Virtual,
}

/// What a change of type does to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rewriting {
    /// Nothing.
    No,
    /// It is written anew.
    Table,
}

/// Sorts of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Primary,
    Unique,
    Exclude,
    Check,
    Foreign,
}

/// How a new constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checking {
    /// At once.
    Now,
    /// Not, or later.
    Later,
    /// An index that is there makes it.
    ByIndex,
}

/// How an index is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Building {
    /// Plainly.
    Plain,
    /// `CONCURRENTLY`, online.
    Online,
    /// Full text or spatial.
    Special,
}

/// What an operation costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// The lock in the words of the server.
    pub(super) words: &'static str,
    /// The lock.
    pub(super) lock: Lock,
    /// How long.
    pub(super) work: Work,
    /// Lock on the other table of a foreign key.
    pub(super) partner: &'static str,
}

impl Cost {
    /// Nothing is locked.
    pub(super) const FREE: Cost = Cost { words: "", lock: Lock::None, work: Work::Instant, partner: "" };

    pub(super) const fn new(words: &'static str, lock: Lock, work: Work) -> Cost {
        Cost { words, lock, work, partner: "" }
    }

    /// What an operation costs on a server.
    pub(super) fn of(server: Server, op: Op) -> Cost {
        match server.dialect {
            Dialect::Postgres => postgres::cost(op),
            Dialect::MySql => mysql::cost(op, server.version),
            Dialect::MariaDb => mysql::mariadb(op),
            Dialect::Sqlite => sqlite::cost(op),
        }
    }

    /// In words: `ACCESS EXCLUSIVE on orders while all rows are read`.
    pub(super) fn say(&self, dialect: Dialect, table: &str, partners: &[String]) -> String {
        if self.words.is_empty() {
            return String::new();
        }
        let mut text = format!("{} on {table}", self.words);
        if !self.partner.is_empty() {
            partners.iter().for_each(|other| text.push_str(&format!(", {} on {other}", self.partner)));
        }
        let span = match (dialect, self.work) {
            (Dialect::Postgres | Dialect::Sqlite, Work::Instant) => " for a moment",
            (_, Work::Instant) => "",
            (_, Work::Scan) => " while all rows are read",
            (_, Work::Build) => " while the index is built",
            (_, Work::Rewrite) => " while it is written anew",
        };
        text.push_str(span);
        text
    }
}
