//! Changes of constraints.
use super::cost::{Checking, Op, Sort};
use super::{Subject, show};
use crate::engines::schema::catalog::{Constraint, ConstraintKind, Dialect, ForeignKey, Name, Table};
use crate::engines::schema::change::types::{Difference, Effect, Hazard, Loss, Reach};

/// What a change of a constraint means.
pub(super) fn effects(subject: &Subject<'_>) -> Vec<Effect> {
    let earlier = subject.facts.earlier_key(subject.change);
    let old = earlier.table_name().and_then(|table| subject.facts.before.tables.get(&table));
    let new = subject.facts.after.tables.get(&subject.table());
    let old = old.and_then(|table| find(table, &earlier.name));
    let now = new.and_then(|table| find(table, &subject.key().name));
    match &subject.change.difference {
        Difference::Created => vec![added(subject, now)],
        Difference::Dropped => vec![dropped(subject, old)],
        Difference::Replaced { .. } => again(subject, old, now),
        Difference::Altered { renamed_from, attributes } => {
            let mut all = Vec::new();
            if let Some((earlier, _)) = renamed_from {
                let fact = format!("constraint {} is called {} now", earlier.name, subject.key().name);
                all.push(subject.effect(Hazard::Cosmetic, Op::RenameConstraint, fact));
            }
            let names: Vec<&str> = attributes.iter().map(|one| one.0.as_str()).collect();
            all.extend(altered(subject, &names, old, now));
            all
        }
    }
}

fn find<'a>(table: &'a Table, name: &str) -> Option<&'a Constraint> {
    table.constraints.iter().find(|one| !one.name.is_empty() && one.name == name)
}

/// What it is called; one without a name by its columns or condition.
fn called(subject: &Subject<'_>, constraint: Option<&Constraint>) -> String {
    let name = &subject.key().name;
    if constraint.is_some() {
        return name.clone();
    }
    let words = [" foreign key", " primary key", " unique", " check"];
    let head = words.iter().find_map(|word| name.split_once(word)).map_or(&**name, |(head, _)| head);
    format!("({head})")
}

/// The sort of a constraint; one without a name goes by what it demands.
fn sort(subject: &Subject<'_>, constraint: Option<&Constraint>) -> Sort {
    let Some(constraint) = constraint else {
        let name = &subject.key().name;
        let is = |word: &str| name.contains(word);
        return match () {
            () if is("foreign key") => Sort::Foreign,
            () if is("primary key") => Sort::Primary,
            () if is("unique") => Sort::Unique,
            () => Sort::Check,
        };
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey(_) => Sort::Primary,
        ConstraintKind::Unique(_) => Sort::Unique,
        ConstraintKind::Exclude(_) => Sort::Exclude,
        ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => Sort::Check,
        ConstraintKind::ForeignKey(_) => Sort::Foreign,
    }
}

fn foreign(constraint: Option<&Constraint>) -> Option<&ForeignKey> {
    match constraint.map(|one| &one.kind) {
        Some(ConstraintKind::ForeignKey(key)) => Some(key),
        _ => None,
    }
}

fn partners(constraint: Option<&Constraint>) -> Vec<Name> {
    foreign(constraint).map(|key| key.table.clone()).into_iter().collect()
}

fn added(subject: &Subject<'_>, now: Option<&Constraint>) -> Effect {
    let sort = sort(subject, now);
    let unchecked = now.is_some_and(|one| one.not_valid || one.not_enforced);
    let checking = match (unchecked || subject.flags.not_valid, subject.flags.using_index) {
        (true, _) => Checking::Later,
        (_, true) => Checking::ByIndex,
        _ => Checking::Now,
    };
    let name = called(subject, now);
    let table = show(&subject.table());
    let (hazard, word) = match sort {
        Sort::Primary if subject.facts.primary_goes(subject.facts.earlier_name(&subject.table())) => {
            (Hazard::PrimaryKeyChanged, "primary key")
        }
        Sort::Primary => (Hazard::UniqueAdded, "primary key"),
        Sort::Unique => (Hazard::UniqueAdded, "unique constraint"),
        Sort::Exclude => (Hazard::UniqueAdded, "exclusion constraint"),
        Sort::Check => (Hazard::CheckAdded, "check"),
        Sort::Foreign => (Hazard::ForeignKeyAdded, "foreign key"),
    };
    let mut fact = format!("{word} {name} is added to {table}");
    if unchecked {
        fact.push_str(", old rows are not looked at");
    } else if checking == Checking::Later {
        fact.push_str(" NOT VALID and validated by a statement of its own");
    } else {
        fact.push_str("; rows that break it make it fail");
    }
    let effect = subject.with_partners(hazard, Op::Add(sort, checking), fact, &partners(now)).reaching(Reach::Break);
    let hazard = if unchecked && effect.hazard != Hazard::Added { Hazard::ConstraintNotValid } else { effect.hazard };
    let effect = Effect { hazard, ..effect };
    let advice = if effect.hazard == Hazard::Added || checking != Checking::Now { "" } else { advice(subject, sort) };
    let effect = if unchecked { effect.advise("VALIDATE CONSTRAINT later") } else { effect.advise(advice) };
    match foreign(now).and_then(|key| missing_index(subject, key)) {
        Some(columns) => effect.advise(&format!(
            "index {table}({columns}): deletes and key changes in the other table read all of {table}"
        )),
        None => effect,
    }
}

fn advice(subject: &Subject<'_>, sort: Sort) -> &'static str {
    match (subject.dialect(), sort) {
        (Dialect::Postgres, Sort::Foreign | Sort::Check) => {
            "add it NOT VALID, then VALIDATE CONSTRAINT in a later transaction"
        }
        (Dialect::Postgres, Sort::Primary | Sort::Unique) => {
            "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … USING INDEX"
        }
        (Dialect::MySql | Dialect::MariaDb, Sort::Foreign) => {
            "check the rows with a SELECT, then add it with foreign_key_checks=0: no copy is made"
        }
        (Dialect::MySql | Dialect::MariaDb, Sort::Check) => "use gh-ost or pt-online-schema-change on a large table",
        _ => "",
    }
}

/// Columns of a foreign key that no index begins with.
fn missing_index(subject: &Subject<'_>, key: &ForeignKey) -> Option<String> {
    // MySQL and MariaDB make one by themselves.
    if subject.dialect().is_mysql() {
        return None;
    }
    let table = subject.facts.after.tables.get(&subject.table())?;
    let behind = table.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) => Some(index),
        _ => None,
    });
    let covers = table.indexes.iter().filter(|index| index.predicate.is_none()).chain(behind).any(|index| {
        let first: Vec<&str> =
            index.keys.iter().take(key.columns.len()).map(|key| key.expression.normal.as_str()).collect();
        first.len() == key.columns.len() && key.columns.iter().all(|column| first.contains(&column.as_str()))
    });
    (!covers).then(|| key.columns.join(", "))
}

fn dropped(subject: &Subject<'_>, old: Option<&Constraint>) -> Effect {
    let sort = sort(subject, old);
    let (name, table) = (called(subject, old), subject.table());
    let columns = old.map(columns_of).unwrap_or_default();
    let with = columns.iter().find(|column| subject.facts.column_goes(&table, column));
    let hazard = if sort == Sort::Primary { Hazard::PrimaryKeyChanged } else { Hazard::ConstraintDropped };
    let what = match sort {
        Sort::Primary => "primary key",
        Sort::Unique => "unique constraint",
        Sort::Exclude => "exclusion constraint",
        Sort::Check => "check",
        Sort::Foreign => "foreign key",
    };
    let fact = match with {
        Some(column) => format!("{what} {name} goes with {}.{column}", show(&table)),
        None => format!("{what} {name} of {} is dropped: nothing keeps rows from breaking it", show(&table)),
    };
    let gone: Vec<Name> = partners(old).into_iter().filter(|other| !subject.facts.goes(other)).collect();
    subject.with_partners(hazard, Op::Drop(sort), fact, &gone).losing(Loss::Recoverable)
}

fn columns_of(constraint: &Constraint) -> Vec<String> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            index.keys.iter().map(|key| key.expression.normal.clone()).collect()
        }
        ConstraintKind::ForeignKey(key) => key.columns.clone(),
        ConstraintKind::NotNull(column) => vec![column.clone()],
        ConstraintKind::Check(_) => Vec::new(),
    }
}

/// One that is dropped and added with other conditions.
fn again(subject: &Subject<'_>, old: Option<&Constraint>, now: Option<&Constraint>) -> Vec<Effect> {
    let sort = sort(subject, now.or(old));
    let mut effect = added(subject, now);
    if !matches!(effect.hazard, Hazard::Added | Hazard::ConstraintNotValid) {
        effect.hazard = if sort == Sort::Primary { Hazard::PrimaryKeyChanged } else { Hazard::ConstraintChanged };
    }
    effect.because = effect.because.replacen("is added to", "is changed on", 1);
    if subject.is_postgres() && effect.hazard != Hazard::Added {
        effect.lock = effect.lock.max(super::Cost::of(subject.facts.after.server, Op::Drop(sort)).lock);
    }
    if sort == Sort::Primary {
        effect.loss = Loss::Recoverable;
    }
    vec![effect]
}

fn altered(subject: &Subject<'_>, names: &[&str], old: Option<&Constraint>, now: Option<&Constraint>) -> Vec<Effect> {
    let sort = sort(subject, now.or(old));
    let name = &subject.key().name;
    let mut all = Vec::new();
    let mut rest = Vec::new();
    for attribute in names {
        match *attribute {
            "not valid" if now.is_some_and(|one| !one.not_valid) => {
                let fact = format!("{name} is checked for old rows; rows that break it make it fail");
                let hazard = if sort == Sort::Foreign { Hazard::ForeignKeyAdded } else { Hazard::CheckAdded };
                all.push(subject.with_partners(hazard, Op::Validate(sort), fact, &partners(now)));
            }
            "deferrable" | "deferred" => {
                let fact = format!("{name} is checked at another time of the transaction");
                all.push(subject.effect(Hazard::ConstraintChanged, Op::AlterConstraint, fact));
            }
            "comment" => all.push(subject.effect(Hazard::Cosmetic, Op::Comment, format!("{name} has another comment"))),
            "fillfactor" => {
                all.push(subject.effect(Hazard::Cosmetic, Op::RenameIndex, format!("{name} has another fillfactor")))
            }
            other => rest.push(other),
        }
    }
    if !rest.is_empty() {
        all.extend(again(subject, old, now));
    }
    all.dedup();
    all
}
