//! Locks and work in MySQL 8 (by its manual) and MariaDB (as measured on 10.11, `tests/sql/locks`), for InnoDB.
use super::cost::{Building, Checking, Cost, Filling, Op, Rewriting, Sort};
use crate::engines::schema::change::types::{Lock, Work};

const INSTANT: Cost = Cost::new("ALGORITHM=INSTANT, LOCK=NONE", Lock::Structure, Work::Instant);
const IN_PLACE: Cost = Cost::new("ALGORITHM=INPLACE, LOCK=NONE", Lock::Structure, Work::Instant);
const BUILD: Cost = Cost::new("ALGORITHM=INPLACE, LOCK=NONE", Lock::Structure, Work::Build);
const REBUILD: Cost = Cost::new("ALGORITHM=INPLACE, LOCK=NONE", Lock::Structure, Work::Rewrite);
const SHARED: Cost = Cost::new("ALGORITHM=INPLACE, LOCK=SHARED", Lock::Writes, Work::Rewrite);
const COPY: Cost = Cost::new("ALGORITHM=COPY, LOCK=SHARED", Lock::Writes, Work::Rewrite);
const RENAME: Cost = Cost::new("an exclusive metadata lock", Lock::All, Work::Instant);
const TRIGGER: Cost = Cost::new("an exclusive metadata lock", Lock::All, Work::Instant);

/// What an operation costs in MariaDB.
pub(super) fn mariadb(op: Op) -> Cost {
    match op {
        Op::AddIndex(Building::Plain | Building::Online) | Op::Collation { indexed: true } => {
            Cost::new("ALGORITHM=NOCOPY, LOCK=NONE", Lock::Structure, Work::Build)
        }
        Op::Add(Sort::Unique, _) => Cost::new("ALGORITHM=NOCOPY, LOCK=NONE", Lock::Structure, Work::Build),
        Op::DropIndex { .. } | Op::Drop(Sort::Unique) => {
            Cost::new("ALGORITHM=NOCOPY, LOCK=NONE", Lock::Structure, Work::Instant)
        }
        Op::AddColumn(Filling::Each) | Op::Collation { indexed: false } => INSTANT,
        Op::Drop(Sort::Check | Sort::Foreign) | Op::RenameIndex => INSTANT,
        // Only with foreign_key_checks=0.
        Op::Add(Sort::Foreign, Checking::Later) => INSTANT,
        _ => shared(op),
    }
}

/// What an operation costs in MySQL of this version.
pub(super) fn cost(op: Op, version: (u16, u16)) -> Cost {
    match op {
        // Instant columns came with 8.0.12, instant drops with 8.0.29; 5.7 writes the table anew.
        Op::AddColumn(Filling::Same | Filling::Virtual) | Op::DropColumn if version < (8, 0) => REBUILD,
        Op::Default | Op::RenameColumn if version < (8, 0) => IN_PLACE,
        Op::AddColumn(Filling::Each) | Op::Collation { .. } => COPY,
        Op::AddIndex(Building::Plain | Building::Online) | Op::Add(Sort::Unique, _) => BUILD,
        Op::DropIndex { .. } | Op::Drop(Sort::Unique | Sort::Foreign | Sort::Check) | Op::RenameIndex => IN_PLACE,
        Op::Add(Sort::Foreign, Checking::Later) | Op::Type(Rewriting::No) => IN_PLACE,
        Op::Add(Sort::Check, Checking::Later) => INSTANT,
        _ => shared(op),
    }
}

/// What costs the same in both.
fn shared(op: Op) -> Cost {
    match op {
        Op::AddColumn(Filling::Stored | Filling::Each)
        | Op::Type(Rewriting::Table)
        | Op::Charset
        | Op::Expression { stored: true }
        | Op::Generated
        | Op::Identity
        | Op::Drop(Sort::Primary)
        | Op::Add(Sort::Foreign | Sort::Check | Sort::Exclude, _)
        | Op::Attach { .. }
        | Op::Detach { .. } => COPY,
        Op::AddColumn(Filling::Numbers) | Op::AddIndex(Building::Special) => SHARED,
        Op::NotNull { .. } | Op::Nullable | Op::Add(Sort::Primary, _) | Op::RewriteTable => REBUILD,
        Op::RenameTable | Op::DropTable => RENAME,
        Op::AddTrigger | Op::DropTrigger => TRIGGER,
        Op::Free | Op::View | Op::Referenced | Op::Policy | Op::Watch | Op::DomainCheck { .. } => Cost::FREE,
        _ => INSTANT,
    }
}
