//! Changes of indexes, triggers and policies.
use super::cost::{Building, Op};
use super::{Subject, show};
use crate::engines::schema::catalog::{Catalog, Index, Key};
use crate::engines::schema::change::types::{Difference, Effect, Hazard, Loss, Reach};

const CONCURRENTLY: &str = "CREATE INDEX CONCURRENTLY, in a migration of its own without transaction";

/// An index by its key.
fn find<'a>(catalog: &'a Catalog, key: &Key) -> Option<&'a Index> {
    let table = key.table_name()?;
    let of_table = catalog.tables.get(&table).and_then(|one| one.indexes.iter().find(|index| index.name == key.name));
    of_table
        .or_else(|| catalog.views.get(&table).and_then(|one| one.indexes.iter().find(|index| index.name == key.name)))
}

/// What a change of an index means.
pub(super) fn index(subject: &Subject<'_>) -> Vec<Effect> {
    let earlier = subject.facts.earlier_key(subject.change);
    let (old, new) = (find(subject.facts.before, &earlier), find(subject.facts.after, subject.key()));
    match &subject.change.difference {
        Difference::Created => added(subject, new),
        Difference::Dropped => vec![dropped(subject, old)],
        Difference::Replaced { .. } => {
            let mut all = added(subject, new);
            all.push(dropped(subject, old));
            all
        }
        Difference::Altered { renamed_from, attributes } => {
            let mut all = Vec::new();
            if let Some((earlier, _)) = renamed_from {
                let fact = format!("index {} is called {} now", earlier.name, subject.key().name);
                all.push(subject.effect(Hazard::Cosmetic, Op::RenameIndex, fact));
            }
            let mut rebuilt = false;
            for (name, _, _) in attributes {
                match name.as_str() {
                    "comment" => {
                        let fact = format!("index {} has another comment", subject.key().name);
                        all.push(subject.effect(Hazard::Cosmetic, Op::Free, fact));
                    }
                    "invisible" | "ignored" | "valid" => {
                        let fact = format!("queries use index {} or not", subject.key().name);
                        all.push(subject.effect(Hazard::OtherChanged, Op::RenameIndex, fact));
                    }
                    "fillfactor" | "fastupdate" | "deduplicate_items" | "tablespace" => {
                        let fact = format!("index {} has another {name}", subject.key().name);
                        all.push(subject.effect(Hazard::Cosmetic, Op::RenameIndex, fact));
                    }
                    _ => rebuilt = true,
                }
            }
            if rebuilt {
                all.extend(added(subject, new));
                all.push(dropped(subject, old));
            }
            all
        }
    }
}

fn added(subject: &Subject<'_>, new: Option<&Index>) -> Vec<Effect> {
    let special = new.is_some_and(|index| matches!(index.method.as_str(), "fulltext" | "spatial"));
    let building = match (special && subject.dialect().is_mysql(), subject.flags.online) {
        (true, _) => Building::Special,
        (_, true) => Building::Online,
        _ => Building::Plain,
    };
    let (name, table) = (&subject.key().name, show(&subject.table()));
    let unique = new.is_some_and(|index| index.unique);
    let op = Op::AddIndex(building);
    let mut all = Vec::new();
    if subject.is_postgres() && subject.flags.online && subject.flags.transaction {
        let fact = format!("index {name} is built CONCURRENTLY inside a transaction: the statement fails");
        let effect = subject.effect(Hazard::ConcurrentlyInTransaction, Op::Free, fact);
        all.push(effect.advise("mark the migration as one without transaction"));
    }
    let blocks = subject.effect(Hazard::Added, op, String::new()).lock >= super::Lock::Writes;
    let advice = if subject.is_postgres() && building == Building::Plain && blocks { CONCURRENTLY } else { "" };
    if unique {
        let fact = format!("unique index {name} is built on {table}; rows that are equal make it fail");
        all.push(subject.effect(Hazard::UniqueAdded, op, fact).reaching(Reach::Break).advise(advice));
    } else {
        let hazard = if blocks { Hazard::IndexBlocksWrites } else { Hazard::Added };
        all.push(subject.effect(hazard, op, format!("index {name} is built on {table}")).advise(advice));
    }
    all
}

fn dropped(subject: &Subject<'_>, old: Option<&Index>) -> Effect {
    let (name, table) = (&subject.key().name, subject.table());
    let with = old.and_then(|index| {
        index.keys.iter().find(|key| key.column && subject.facts.column_goes(&table, &key.expression.normal))
    });
    let mut fact = match with {
        Some(column) => format!("index {name} goes with {}.{}", show(&table), column.expression.text),
        None => format!("index {name} of {} is dropped: queries that use it read the table", show(&table)),
    };
    if old.is_some_and(|index| index.unique) {
        fact.push_str(", nothing keeps rows apart any more");
    }
    let online = subject.flags.online && matches!(subject.change.difference, Difference::Dropped);
    let effect = subject.effect(Hazard::IndexDropped, Op::DropIndex { online }, fact).losing(Loss::Recoverable);
    let advice = if subject.is_postgres() && !online && with.is_none() { "DROP INDEX CONCURRENTLY" } else { "" };
    if online && subject.is_postgres() && subject.flags.transaction {
        let fact = format!("index {name} is dropped CONCURRENTLY inside a transaction: the statement fails");
        return subject.effect(Hazard::ConcurrentlyInTransaction, Op::Free, fact);
    }
    effect.advise(advice)
}

/// What a change of a trigger means.
pub(super) fn trigger(subject: &Subject<'_>) -> Vec<Effect> {
    let (name, table) = (&subject.key().name, show(&subject.table()));
    match &subject.change.difference {
        Difference::Created => {
            let fact = format!("trigger {name} runs for writes to {table}");
            vec![subject.effect(Hazard::TriggerChanged, Op::AddTrigger, fact)]
        }
        Difference::Dropped => {
            let fact = format!("trigger {name} of {table} is dropped: what it did is done no more");
            vec![subject.effect(Hazard::TriggerChanged, Op::DropTrigger, fact).losing(Loss::Recoverable)]
        }
        Difference::Replaced { .. } => {
            let fact = format!("trigger {name} of {table} is another");
            vec![subject.effect(Hazard::TriggerChanged, Op::DropTrigger, fact)]
        }
        Difference::Altered { renamed_from, attributes } => {
            let mut all = Vec::new();
            if renamed_from.is_some() {
                // The order in which triggers run is that of their names.
                let fact = format!("trigger {name} of {table} has another name, and with it another turn");
                all.push(subject.effect(Hazard::Cosmetic, Op::DropTrigger, fact));
            }
            if attributes.iter().any(|one| one.0 != "comment") {
                let fact = format!("trigger {name} of {table} does something else, or at another time");
                all.push(subject.effect(Hazard::TriggerChanged, Op::AddTrigger, fact));
            } else if !attributes.is_empty() {
                let fact = format!("trigger {name} of {table} has another comment");
                all.push(subject.effect(Hazard::Cosmetic, Op::Comment, fact));
            }
            all
        }
    }
}

/// What a change of a policy means.
pub(super) fn policy(subject: &Subject<'_>) -> Vec<Effect> {
    let (name, table) = (&subject.key().name, show(&subject.table()));
    let one = |hazard, fact: String| vec![subject.effect(hazard, Op::Policy, fact)];
    let attributes = subject.attributes();
    match &subject.change.difference {
        Difference::Created => one(Hazard::RowSecurityChanged, format!("policy {name} decides about rows of {table}")),
        Difference::Dropped => {
            let fact = format!("policy {name} of {table} is dropped");
            let effect = subject.effect(Hazard::RowSecurityWeakened, Op::Policy, fact);
            vec![effect.losing(Loss::Recoverable).reaching(Reach::Break)]
        }
        Difference::Altered { .. } if attributes.is_empty() => {
            one(Hazard::Cosmetic, format!("policy {name} of {table} has another name"))
        }
        _ if attributes.iter().all(|one| one.0 == "comment") => {
            vec![subject.effect(Hazard::Cosmetic, Op::Comment, format!("policy {name} of {table} has another comment"))]
        }
        _ if attributes.iter().any(lets_more) => {
            one(Hazard::RowSecurityWeakened, format!("policy {name} of {table} lets more through"))
        }
        _ => one(Hazard::RowSecurityChanged, format!("policy {name} of {table} decides in another way")),
    }
}

/// Whether a change of a policy surely lets more rows or people through.
fn lets_more((name, old, new): &(String, Option<String>, Option<String>)) -> bool {
    let is_true = |value: &Option<String>| value.as_deref().is_none_or(|value| value.eq_ignore_ascii_case("true"));
    let names = |value: &Option<String>| -> std::collections::BTreeSet<String> {
        value.iter().flat_map(|value| value.split(", ")).map(str::to_owned).collect()
    };
    match name.as_str() {
        "using" | "check" => is_true(new) && !is_true(old),
        "roles" => names(new).contains("public") || names(new).is_superset(&names(old)),
        "restrictive" => new.is_none(),
        "command" => new.as_deref() == Some("all"),
        _ => false,
    }
}
