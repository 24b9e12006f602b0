//! Locks and work in PostgreSQL, as measured on 15 and 18 (`tests/sql/locks`).
use super::cost::{Building, Checking, Cost, Filling, Op, Rewriting, Sort};
use crate::engines::schema::change::types::{Lock, Work};

const fn all(work: Work) -> Cost {
    Cost::new("ACCESS EXCLUSIVE", Lock::All, work)
}

const fn structure(work: Work) -> Cost {
    Cost::new("SHARE UPDATE EXCLUSIVE", Lock::Structure, work)
}

const fn writes(work: Work) -> Cost {
    Cost::new("SHARE ROW EXCLUSIVE", Lock::Writes, work)
}

/// What an operation costs.
pub(super) fn cost(op: Op) -> Cost {
    match op {
        Op::AddColumn(Filling::Each | Filling::Numbers | Filling::Stored)
        | Op::RewriteTable
        | Op::Expression { stored: true } => all(Work::Rewrite),
        // The foreign keys of the column are made anew.
        Op::Type(rewriting) => {
            let work = match rewriting {
                Rewriting::No => Work::Instant,
                Rewriting::Table => Work::Rewrite,
            };
            Cost { partner: "ACCESS EXCLUSIVE", ..all(work) }
        }
        Op::Collation { indexed: true } => all(Work::Build),
        Op::NotNull { known: false } => all(Work::Scan),
        Op::AddColumn(Filling::Same | Filling::Virtual)
        | Op::DropColumn
        | Op::RenameColumn
        | Op::Collation { indexed: false }
        | Op::Charset
        | Op::Default
        | Op::NotNull { known: true }
        | Op::Nullable
        | Op::Identity
        | Op::Expression { stored: false }
        | Op::Generated
        | Op::ColumnOption
        | Op::AlterConstraint
        | Op::RenameConstraint
        | Op::DropIndex { online: false }
        | Op::RenameTable
        | Op::TableSwitch
        | Op::DropTrigger
        | Op::Policy
        | Op::View => all(Work::Instant),
        Op::DropTable => Cost { partner: "ACCESS EXCLUSIVE", ..all(Work::Instant) },
        Op::Add(sort, checking) => add(sort, checking),
        Op::Validate(Sort::Foreign) => Cost { partner: "ROW SHARE", ..structure(Work::Scan) },
        Op::Validate(_) => structure(Work::Scan),
        Op::Drop(Sort::Foreign) => Cost { partner: "ACCESS EXCLUSIVE", ..all(Work::Instant) },
        Op::Drop(_) => all(Work::Instant),
        Op::AddIndex(Building::Online) => structure(Work::Build),
        Op::AddIndex(_) => Cost::new("SHARE", Lock::Writes, Work::Build),
        Op::AddTrigger | Op::Referenced => writes(Work::Instant),
        Op::Attach { known } => {
            let work = if known { Work::Instant } else { Work::Scan };
            Cost { partner: "SHARE UPDATE EXCLUSIVE", ..all(work) }
        }
        Op::Detach { online: false } => Cost { partner: "ACCESS EXCLUSIVE", ..all(Work::Instant) },
        Op::Detach { online: true } => Cost { partner: "SHARE UPDATE EXCLUSIVE", ..all(Work::Instant) },
        Op::ColumnStatistics | Op::Comment | Op::TableOption | Op::Watch | Op::DropIndex { online: true } => {
            structure(Work::Instant)
        }
        Op::DomainCheck { read: true } => Cost::new("SHARE", Lock::Writes, Work::Scan),
        Op::RenameIndex | Op::DomainCheck { read: false } | Op::Free => Cost::FREE,
    }
}

fn add(sort: Sort, checking: Checking) -> Cost {
    match (sort, checking) {
        (Sort::Foreign, Checking::Now) => Cost { partner: "SHARE ROW EXCLUSIVE", ..writes(Work::Scan) },
        (Sort::Foreign, _) => Cost { partner: "SHARE ROW EXCLUSIVE", ..writes(Work::Instant) },
        (Sort::Check, Checking::Now) => all(Work::Scan),
        (_, Checking::Now) => all(Work::Build),
        (_, _) => all(Work::Instant),
    }
}
