//! Changes of what is no table: views, types, sequences, routines, schemas, extensions, privileges, and the rest.
use super::cost::{Cost, Op};
use super::{Subject, show};
use crate::engines::schema::catalog::{Kind, Name, UserTypeKind};
use crate::engines::schema::change::names::relabelled;
use crate::engines::schema::change::types::{Difference, Effect, Hazard, Loss, Reach};
use std::collections::BTreeSet;

/// What a change means.
pub(super) fn effects(subject: &Subject<'_>) -> Vec<Effect> {
    match subject.key().kind {
        Kind::View | Kind::MaterializedView | Kind::ViewColumn => view(subject),
        Kind::Enum => enumeration(subject),
        Kind::Domain => domain(subject),
        Kind::Composite | Kind::Range => simple(subject, Hazard::UserTypeChanged, Op::Free),
        Kind::Sequence => sequence(subject),
        Kind::Function | Kind::Procedure | Kind::Aggregate => routine(subject),
        Kind::Schema => schema(subject),
        Kind::Extension => simple(subject, Hazard::ExtensionChanged, Op::Free)
            .into_iter()
            .map(|effect| effect.advise("the role that migrates may need more rights, and the server the package"))
            .collect(),
        Kind::Grant | Kind::DefaultPrivileges => privileges(subject),
        Kind::Rule => rule(subject),
        Kind::Statistics if matches!(subject.change.difference, Difference::Created) => {
            let op = if subject.key().table.is_empty() { Op::Free } else { Op::Watch };
            vec![subject.effect(Hazard::Added, op, format!("{} is new", subject.label()))]
        }
        _ => simple(subject, Hazard::OtherChanged, Op::Free),
    }
}

/// Made: nobody misses it. Dropped or changed: the hazard.
fn simple(subject: &Subject<'_>, hazard: Hazard, op: Op) -> Vec<Effect> {
    let label = subject.label();
    match &subject.change.difference {
        Difference::Created => {
            let made = if hazard == Hazard::ExtensionChanged { hazard } else { Hazard::Added };
            vec![subject.effect(made, Op::Free, format!("{label} is new")).reaching(Reach::Expand)]
        }
        Difference::Dropped => {
            let effect = subject.effect(hazard, op, format!("{label} is dropped: what uses it fails"));
            vec![effect.losing(Loss::Recoverable).reaching(Reach::Break)]
        }
        Difference::Replaced { .. } => vec![subject.effect(hazard, op, format!("{label} is dropped and made anew"))],
        Difference::Altered { renamed_from, attributes } => {
            let mut all = Vec::new();
            if let Some((earlier, _)) = renamed_from {
                let fact =
                    format!("{} {} is called {} now", earlier.kind.word(), super::short(earlier), subject.name());
                all.push(subject.effect(hazard, op, fact).reaching(Reach::Break));
            }
            if attributes.iter().any(|one| one.0 == "comment") {
                all.push(subject.effect(Hazard::Cosmetic, Op::Free, format!("{label} has another comment")));
            }
            let rest: Vec<&str> =
                attributes.iter().map(|one| one.0.as_str()).filter(|name| *name != "comment").collect();
            if !rest.is_empty() {
                all.push(subject.effect(hazard, op, format!("{label} has another {}", rest.join(", "))));
            }
            all
        }
    }
}

fn view(subject: &Subject<'_>) -> Vec<Effect> {
    let mut all = simple(subject, Hazard::ViewChanged, Op::View);
    // A column that goes or is another breaks those who read it; one that comes does not.
    let gone: Vec<String> = subject
        .attributes()
        .iter()
        .filter(|(name, old, _)| name.starts_with("column ") && old.is_some())
        .map(|(name, _, new)| match new {
            Some(new) => format!("{name} is {new}"),
            None => format!("{name} is gone"),
        })
        .collect();
    for effect in &mut all {
        if effect.hazard == Hazard::ViewChanged && !gone.is_empty() {
            effect.reach = Reach::Break;
            effect.because = format!("{} ({})", effect.because, gone.join(", "));
        }
        if subject.key().kind == Kind::MaterializedView && effect.hazard == Hazard::ViewChanged {
            effect.advice = "it is empty or stale until it is filled again".to_owned();
        }
    }
    all
}

/// Labels of an enum before and after.
fn labels(subject: &Subject<'_>) -> (Vec<String>, Vec<String>) {
    let name = |key: &super::Key| Name::new(&*key.schema, &*key.name);
    let find = |catalog: &super::Catalog, name: Name| match catalog.types.get(&name).map(|one| &one.kind) {
        Some(UserTypeKind::Enum(labels)) => labels.clone(),
        _ => Vec::new(),
    };
    let earlier = name(&subject.facts.earlier_key(subject.change));
    (find(subject.facts.before, earlier), find(subject.facts.after, name(subject.key())))
}

fn enumeration(subject: &Subject<'_>) -> Vec<Effect> {
    let mut all = simple(subject, Hazard::UserTypeChanged, Op::Free);
    if !subject.attributes().iter().any(|one| one.0 == "labels") {
        return all;
    }
    all.retain(|effect| !effect.because.contains("has another labels") && !effect.because.contains("made anew"));
    let label = subject.label();
    let (old, new) = labels(subject);
    let renamed = match subject.change.difference {
        Difference::Altered { .. } => relabelled(&old, &new),
        _ => Vec::new(),
    };
    for (old, new) in &renamed {
        let fact = format!("label '{old}' of {label} is called '{new}' now");
        all.push(subject.effect(Hazard::UserTypeChanged, Op::Free, fact).reaching(Reach::Break));
    }
    let (before, after): (BTreeSet<&String>, BTreeSet<&String>) = (old.iter().collect(), new.iter().collect());
    let known = |one: &&String| !renamed.iter().any(|(old, new)| old == one || new == one);
    let gone: Vec<&String> = old.iter().filter(|one| !after.contains(one)).filter(known).collect();
    if !gone.is_empty() {
        let fact = format!("{label} has no {} any more: rows with it must be changed first", quoted(&gone));
        let effect = subject.effect(Hazard::EnumLabelRemoved, Op::Free, fact).losing(Loss::Data).reaching(Reach::Break);
        all.push(effect.advise("PostgreSQL cannot take a label out: make another type and convert the columns"));
    }
    let added: Vec<&String> = new.iter().filter(|one| !before.contains(one)).filter(known).collect();
    if !added.is_empty() {
        let fact = format!("{label} has {}: programs that read it must know it", quoted(&added));
        let effect = subject.effect(Hazard::UserTypeChanged, Op::Free, fact).reaching(Reach::Expand);
        all.push(effect.advise("a new label cannot be used in the transaction that adds it"));
    }
    let common = |labels: &[String], others: &BTreeSet<&String>| -> Vec<String> {
        labels.iter().filter(|one| others.contains(one)).cloned().collect()
    };
    if common(&old, &after) != common(&new, &before) {
        let fact = format!("labels of {label} sort in another order");
        all.push(subject.effect(Hazard::UserTypeChanged, Op::Free, fact).reaching(Reach::Break));
    }
    all
}

fn quoted(labels: &[&String]) -> String {
    labels.iter().map(|label| format!("'{label}'")).collect::<Vec<_>>().join(", ")
}

/// Tables with a column of this domain.
fn users(subject: &Subject<'_>) -> Vec<Name> {
    let key = subject.key();
    let uses = |data_type: &crate::engines::schema::catalog::DataType| {
        data_type.name == key.name && data_type.schema.as_deref() == Some(&*key.schema)
    };
    let tables =
        subject.facts.after.tables.iter().filter(|(_, table)| table.columns.iter().any(|one| uses(&one.data_type)));
    tables.map(|(name, _)| name.clone()).collect()
}

fn domain(subject: &Subject<'_>) -> Vec<Effect> {
    let tight = |(name, _, new): &&(String, Option<String>, Option<String>)| {
        (name == "not null" || name.starts_with("check ")) && new.is_some()
    };
    let mut all = simple(subject, Hazard::UserTypeChanged, Op::Free);
    if !matches!(subject.change.difference, Difference::Altered { .. }) {
        return all;
    }
    if let Some((name, ..)) = subject.attributes().iter().find(tight) {
        let label = subject.label();
        let hazard = if name == "not null" { Hazard::NotNullAdded } else { Hazard::CheckAdded };
        let fact = format!("{label} demands more; rows that break it make it fail");
        let read = !subject.flags.not_valid;
        let tables = users(subject);
        let effect = match tables.split_first() {
            Some((first, rest)) => {
                let mut cost = Cost::of(subject.facts.after.server, Op::DomainCheck { read });
                cost.partner = cost.words;
                subject.priced(hazard, cost, fact, first, rest)
            }
            None => subject.priced(hazard, Cost::FREE, fact, &Name::default(), &[]),
        };
        let advice = if read && name != "not null" { "add the check NOT VALID, then VALIDATE CONSTRAINT" } else { "" };
        all.push(effect.reaching(Reach::Break).advise(advice));
        all.retain(|effect| effect.hazard != Hazard::UserTypeChanged || effect.reach == Reach::Break);
    }
    all
}

fn sequence(subject: &Subject<'_>) -> Vec<Effect> {
    let label = subject.label();
    match &subject.change.difference {
        Difference::Dropped | Difference::Replaced { .. } => {
            let fact = format!("{label} is dropped: the number that it stood at is gone");
            let effect = subject.effect(Hazard::SequenceDropped, Op::Free, fact);
            vec![effect.losing(Loss::Data).reaching(Reach::Break)]
        }
        Difference::Altered { attributes, .. } => {
            let size = |word: Option<&str>| match word {
                Some("smallint") => 2,
                Some("integer") => 4,
                _ => 8,
            };
            let smaller =
                attributes.iter().find(|one| one.0 == "type" && size(one.2.as_deref()) < size(one.1.as_deref()));
            let mut all = simple(subject, Hazard::OtherChanged, Op::Free);
            if let Some((_, old, new)) = smaller {
                let (old, new) = (old.as_deref().unwrap_or("bigint"), new.as_deref().unwrap_or("bigint"));
                let fact =
                    format!("{label} becomes {new} (was {old}): it ends sooner, or fails when it is past that already");
                all.push(subject.effect(Hazard::SequenceDropped, Op::Free, fact).reaching(Reach::Break));
            }
            all
        }
        Difference::Created => simple(subject, Hazard::Added, Op::Free),
    }
}

fn routine(subject: &Subject<'_>) -> Vec<Effect> {
    let mut all = simple(subject, Hazard::RoutineChanged, Op::Free);
    let breaks = subject.attributes().iter().any(|one| matches!(one.0.as_str(), "arguments" | "returns" | "security"));
    for effect in &mut all {
        if breaks && effect.hazard == Hazard::RoutineChanged {
            effect.reach = Reach::Break;
        }
    }
    all
}

fn schema(subject: &Subject<'_>) -> Vec<Effect> {
    match &subject.change.difference {
        Difference::Dropped => {
            let fact = format!("{} is dropped with everything in it", subject.label());
            vec![subject.effect(Hazard::SchemaDropped, Op::Free, fact).losing(Loss::Data).reaching(Reach::Break)]
        }
        _ => simple(subject, Hazard::TableRenamed, Op::Free),
    }
}

fn privileges(subject: &Subject<'_>) -> Vec<Effect> {
    let grant = |catalog: &super::Catalog| catalog.grants.get(subject.key()).cloned();
    let (old, new) = (grant(subject.facts.before), grant(subject.facts.after));
    let who = new.as_ref().or(old.as_ref()).map_or_else(|| "somebody".to_owned(), |one| one.grantee.clone());
    let list = |one: &Option<crate::engines::schema::catalog::Grant>| {
        one.as_ref().map_or_else(Vec::new, |one| one.privileges.clone())
    };
    let (old, new) = (list(&old), list(&new));
    let only = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter().filter(|one| !others.contains(one)).cloned().collect()
    };
    let (given, taken) = (only(&new, &old), only(&old, &new));
    // The name of a grant says what kind of object it is on, and to whom.
    let name = subject.name();
    let name = name.strip_suffix(&format!(" to {who}")).unwrap_or(&name);
    let name = name.strip_suffix(".table").unwrap_or(name);
    let mut all = Vec::new();
    if !taken.is_empty() {
        let fact = format!("{who} may not {} {name} any more", taken.join(", "));
        all.push(subject.effect(Hazard::PrivilegesChanged, Op::Free, fact).reaching(Reach::Break));
    }
    if !given.is_empty() {
        let wide = if who == "public" { ", and that is everybody" } else { "" };
        let fact = format!("{who} may {} {name}{wide}", given.join(", "));
        all.push(subject.effect(Hazard::PrivilegesChanged, Op::Free, fact));
    }
    if all.is_empty() {
        all = simple(subject, Hazard::PrivilegesChanged, Op::Free);
    }
    all
}

fn rule(subject: &Subject<'_>) -> Vec<Effect> {
    let fact = format!("rule {} changes what statements on {} do", subject.key().name, show(&subject.table()));
    vec![subject.effect(Hazard::OtherChanged, Op::Policy, fact)]
}
