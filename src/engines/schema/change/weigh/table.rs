//! Changes of tables.
use super::cost::{Cost, Op};
use super::{Subject, show};
use crate::engines::schema::catalog::{ConstraintKind, Name, Table};
use crate::engines::schema::change::types::{Difference, Effect, Hazard, Loss, Reach};

/// What a change of a table means.
pub(super) fn effects(subject: &Subject<'_>) -> Vec<Effect> {
    let name = show(&subject.table());
    match &subject.change.difference {
        Difference::Created => vec![created(subject)],
        Difference::Dropped => vec![dropped(subject, Hazard::TableDropped, format!("{name} is dropped with its rows"))],
        Difference::Replaced { .. } => {
            let fact = format!("{name} is dropped and made anew: its rows are gone");
            vec![dropped(subject, Hazard::Recreated, fact)]
        }
        Difference::Altered { renamed_from, attributes } => {
            let mut all = Vec::new();
            if let Some((earlier, _)) = renamed_from {
                let earlier = super::short(earlier);
                let effect =
                    subject.effect(Hazard::TableRenamed, Op::RenameTable, format!("{earlier} is called {name} now"));
                let advice = format!("leave a view {earlier} in its place until all programs know the new name");
                all.push(effect.reaching(Reach::Break).advise(&advice));
            }
            all.extend(attributes.iter().map(|one| attribute(subject, one)));
            all
        }
    }
}

fn references(table: Option<&Table>, but: &Name) -> Vec<Name> {
    let mut names: Vec<Name> = table
        .into_iter()
        .flat_map(|table| &table.constraints)
        .filter_map(|one| match &one.kind {
            ConstraintKind::ForeignKey(key) => Some(key.table.clone()),
            _ => None,
        })
        .filter(|name| name != but)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn created(subject: &Subject<'_>) -> Effect {
    let (name, facts) = (subject.table(), subject.facts);
    let table = facts.after.tables.get(&name);
    let fact = format!("{} is new", show(&name));
    if let Some(parent) = table.and_then(|table| table.partitioning.parent.as_ref()).filter(|one| !facts.is_new(one)) {
        let cost = Cost::of(facts.after.server, Op::TableSwitch);
        let effect = subject.priced(
            Hazard::PartitionChanged,
            cost,
            format!("{fact}, a partition of {}", show(parent)),
            parent,
            &[],
        );
        return effect.reaching(Reach::Expand).advise(match subject.is_postgres() {
            true => "make it as a table of its own and ATTACH PARTITION: the parent stays readable and writable",
            false => "",
        });
    }
    let known =
        references(table, &name).into_iter().filter(|one| !facts.is_new(one) && facts.after.tables.contains_key(one));
    let known: Vec<Name> = known.collect();
    let effect = match known.split_first() {
        Some((first, rest)) => {
            let mut cost = Cost::of(facts.after.server, Op::Referenced);
            cost.partner = cost.words;
            subject.priced(Hazard::Added, cost, fact, first, rest)
        }
        None => subject.priced(Hazard::Added, Cost::FREE, fact, &name, &[]),
    };
    effect.reaching(Reach::Expand)
}

fn dropped(subject: &Subject<'_>, hazard: Hazard, fact: String) -> Effect {
    let (name, facts) = (subject.table(), subject.facts);
    let table = facts.before.tables.get(facts.earlier_name(&name));
    let mut partners = references(table, &name);
    partners.extend(facts.referring(facts.earlier_name(&name)).cloned());
    partners.extend(table.and_then(|table| table.partitioning.parent.clone()));
    partners.retain(|other| *other != name && !facts.goes(other));
    partners.sort();
    partners.dedup();
    let cost = Cost::of(facts.after.server, Op::DropTable);
    let effect = subject.priced(hazard, cost, fact, &name, &partners);
    let advice = match hazard {
        Hazard::Recreated => "ALTER it instead, or keep the old one under another name until its rows are moved",
        _ => "release programs that do not use it first, rename it away, drop it in a later release",
    };
    effect.losing(Loss::Data).reaching(Reach::Break).advise(advice)
}

fn attribute(subject: &Subject<'_>, (attribute, old, new): &(String, Option<String>, Option<String>)) -> Effect {
    let name = show(&subject.table());
    let on = new.is_some();
    match attribute.as_str() {
        "row security" | "force row security" => row_security(subject, attribute, on),
        "unlogged" => {
            let fact = match on {
                true => format!("{name} is emptied by a crash from now on"),
                false => format!("{name} is written to the log from now on"),
            };
            subject.effect(Hazard::TableRewritten, Op::RewriteTable, fact)
        }
        "partition of" | "bound" => partition(subject, old.as_deref(), new.as_deref()),
        "partition by" => subject.effect(
            Hazard::PartitionChanged,
            Op::Detach { online: false },
            format!("{name} is partitioned in another way"),
        ),
        "comment" => subject.effect(Hazard::Cosmetic, Op::Comment, format!("{name} has another comment")),
        "column order" => {
            subject.effect(Hazard::Cosmetic, Op::Free, format!("columns of {name} stand in another order"))
        }
        "inherits" | "replica identity" => {
            subject.effect(Hazard::OtherChanged, Op::TableSwitch, format!("{name} has another {attribute}"))
        }
        "engine" => {
            let cost = Cost::of(subject.facts.after.server, Op::Charset);
            let fact = format!("{name} is kept by {}", new.as_deref().unwrap_or("the default engine"));
            subject.priced(Hazard::TableRewritten, cost, fact, &subject.table(), &[])
        }
        "charset" | "collation" if converts(subject) => {
            let fact =
                format!("the texts of {name} are stored in {}", new.as_deref().unwrap_or("the default character set"));
            subject
                .effect(Hazard::TableRewritten, Op::Charset, fact)
                .advise("use gh-ost or pt-online-schema-change on a large table")
        }
        "row_format" | "key_block_size" | "page_compressed" | "strict" | "without rowid" | "autoincrement" => {
            subject.effect(Hazard::TableRewritten, Op::RewriteTable, format!("{name} has another {attribute}"))
        }
        _ => subject.effect(Hazard::OtherChanged, Op::TableOption, format!("{name} has another {attribute}")),
    }
}

/// Whether columns follow the table's character set: those that name none of their own, before and after.
fn converts(subject: &Subject<'_>) -> bool {
    let (old, new) = (subject.facts.earlier_table(&subject.table()), subject.facts.after.tables.get(&subject.table()));
    let (Some(old), Some(new)) = (old, new) else { return false };
    let text = |name: &str| name.contains("char") || name.contains("text") || matches!(name, "enum" | "set");
    new.columns
        .iter()
        .filter(|one| one.charset.is_none() && one.collation.is_none() && text(&one.data_type.name))
        .any(|one| old.column(&one.name).is_some_and(|old| old.charset.is_none() && old.collation.is_none()))
}

fn row_security(subject: &Subject<'_>, attribute: &str, on: bool) -> Effect {
    let name = show(&subject.table());
    let (hazard, fact) = match (attribute, on) {
        ("row security", true) => (
            Hazard::RowSecurityChanged,
            format!("row-level security is on for {name}: without a policy nobody but its owner sees a row"),
        ),
        (_, true) => (Hazard::RowSecurityChanged, format!("row-level security of {name} holds for its owner too")),
        ("row security", false) => (
            Hazard::RowSecurityWeakened,
            format!("row-level security is off for {name}: everybody with privileges sees every row"),
        ),
        (_, false) => {
            (Hazard::RowSecurityWeakened, format!("row-level security of {name} does not hold for its owner any more"))
        }
    };
    let effect = subject.effect(hazard, Op::TableSwitch, fact);
    if on { effect.reaching(Reach::Break) } else { effect }
}

fn partition(subject: &Subject<'_>, old: Option<&str>, new: Option<&str>) -> Effect {
    let (name, facts) = (subject.table(), subject.facts);
    let shown = show(&name);
    let parent = |table: Option<&Table>| table.and_then(|table| table.partitioning.parent.clone());
    let was = parent(facts.earlier_table(&name));
    let is = parent(facts.after.tables.get(&name));
    match (&was, &is, new.or(old)) {
        (None, Some(parent), _) => {
            let known = facts.earlier_table(&name).is_some_and(has_check);
            let fact = format!("{shown} becomes a partition of {}", show(parent));
            let partners = [parent.clone()];
            let effect = subject.with_partners(Hazard::PartitionChanged, Op::Attach { known }, fact, &partners);
            effect.advise(match (subject.is_postgres(), known) {
                (true, false) => "add a valid CHECK that says the bound first: the rows are not read then",
                _ => "",
            })
        }
        (Some(parent), None, _) => {
            let online = subject.flags.online;
            let fact = format!("{shown} is no partition of {} any more", show(parent));
            let partners = [parent.clone()];
            let effect = subject.with_partners(Hazard::PartitionChanged, Op::Detach { online }, fact, &partners);
            effect.reaching(Reach::Break).advise(match subject.is_postgres() && !online {
                true => "DETACH PARTITION … CONCURRENTLY",
                false => "",
            })
        }
        _ => {
            let fact = format!("{shown} holds other rows of its parent");
            let partners: Vec<Name> = is.into_iter().collect();
            subject.with_partners(Hazard::PartitionChanged, Op::Attach { known: false }, fact, &partners)
        }
    }
}

/// Whether a valid check may say the bound already; whether it does, the server decides.
fn has_check(table: &Table) -> bool {
    table.constraints.iter().any(|one| matches!(one.kind, ConstraintKind::Check(_)) && !one.not_valid)
}
