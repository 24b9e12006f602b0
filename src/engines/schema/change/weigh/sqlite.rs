//! Locks and work in SQLite: one writer for the whole database, and a table that is made anew for most changes.
use super::cost::{Building, Checking, Cost, Filling, Op};
use crate::engines::schema::change::types::{Lock, Work};

const MOMENT: Cost = Cost::new("the write lock of the database", Lock::Writes, Work::Instant);
const READ: Cost = Cost::new("the write lock of the database", Lock::Writes, Work::Scan);
const BUILD: Cost = Cost::new("the write lock of the database", Lock::Writes, Work::Build);
const REBUILD: Cost = Cost::new("the write lock of the database", Lock::Writes, Work::Rewrite);

/// What an operation costs.
pub(super) fn cost(op: Op) -> Cost {
    match op {
        Op::AddColumn(Filling::Same | Filling::Virtual)
        | Op::RenameColumn
        | Op::RenameTable
        | Op::DropTable
        | Op::DropIndex { .. }
        | Op::AddTrigger
        | Op::DropTrigger
        | Op::View => MOMENT,
        Op::AddIndex(Building::Plain | Building::Online | Building::Special) | Op::Add(_, Checking::ByIndex) => BUILD,
        // The column is taken out of every row.
        Op::DropColumn => REBUILD,
        Op::Validate(_) => READ,
        Op::Free | Op::Comment | Op::Referenced | Op::Watch | Op::Policy => Cost::FREE,
        _ => REBUILD,
    }
}
