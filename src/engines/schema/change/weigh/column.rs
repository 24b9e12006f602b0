//! Changes of columns.
use super::cost::{Filling, Op, Rewriting};
use super::types::{self, Fit};
use super::{Subject, show};
use crate::engines::schema::catalog::{Column, Dialect, Name};
use crate::engines::schema::change::types::{Difference, Effect, Hazard, Loss, Reach, Work};

const BATCHES: &str = "add another column, write both, copy in batches, then switch";
const EXPAND: &str = "add the new name beside the old one, let programs move, then drop the old one";

/// What a change of a column means.
pub(super) fn effects(subject: &Subject<'_>) -> Vec<Effect> {
    let (old, new) = subject.facts.columns(subject.change);
    match (&subject.change.difference, old, new) {
        (Difference::Created, _, Some(new)) => created(subject, new),
        (Difference::Dropped, Some(old), _) => vec![dropped(subject, old)],
        (Difference::Replaced { .. }, _, Some(new)) => {
            let fact = format!("{} is dropped and made anew: its values are gone", subject.name());
            let again = subject.effect(Hazard::Recreated, Op::DropColumn, fact);
            let mut all = vec![again.losing(Loss::Data).reaching(Reach::Break).advise("ALTER it instead")];
            all.extend(created(subject, new).into_iter().filter(|effect| effect.hazard != Hazard::Added));
            all
        }
        (Difference::Altered { renamed_from, .. }, old, Some(new)) => {
            // One that is new itself was as it is now but for the attribute.
            let old = old.unwrap_or(new);
            let mut all = Vec::new();
            if renamed_from.is_some() {
                let fact = format!("{}.{} is called {} now", show(&subject.table()), old.name, new.name);
                let effect = subject.effect(Hazard::ColumnRenamed, Op::RenameColumn, fact);
                all.push(effect.reaching(Reach::Break).advise(EXPAND));
            }
            let mut rest = subject.attributes().iter().map(|one| one.0.as_str()).collect::<Vec<_>>();
            // Both are one statement.
            if rest.contains(&"generated") {
                rest.retain(|name| *name != "kept");
            }
            all.extend(rest.into_iter().flat_map(|name| attribute(subject, name, old, new)));
            all
        }
        _ => Vec::new(),
    }
}

/// What fills a new column.
fn filling(subject: &Subject<'_>, new: &Column) -> Filling {
    if let Some(generated) = &new.generated {
        return if generated.stored { Filling::Stored } else { Filling::Virtual };
    }
    let default = new.default.as_ref().map_or("", |default| default.normal.as_str());
    let serial = default.contains("nextval(") && !subject.facts.is_set_later(subject.change, "default");
    if new.identity.is_some() || new.auto_increment || serial {
        return Filling::Numbers;
    }
    let checked = subject.is_postgres() && types::fills_by_check(&new.data_type, subject.facts.after);
    // A default that is set afterwards does not touch the rows that are there.
    let later = subject.facts.is_set_later(subject.change, "default");
    let each = !later && (subject.flags.volatile_default || is_volatile(subject, default));
    if each || checked { Filling::Each } else { Filling::Same }
}

/// Whether a default is another value for each row.
fn is_volatile(subject: &Subject<'_>, default: &str) -> bool {
    const KNOWN: [&str; 10] = [
        "random(",
        "gen_random_uuid(",
        "uuid_generate_v",
        "clock_timestamp(",
        "timeofday(",
        "uuidv4(",
        "uuidv7(",
        "gen_random_bytes(",
        "rand(",
        "uuid(",
    ];
    let calls = |name: &str| {
        let mut rest = default;
        while let Some((head, tail)) = rest.split_once(name) {
            if !head.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                return true;
            }
            rest = tail;
        }
        false
    };
    if KNOWN.iter().any(|name| calls(name)) {
        return true;
    }
    subject.facts.calls_volatile(default)
}

fn created(subject: &Subject<'_>, new: &Column) -> Vec<Effect> {
    let filling = filling(subject, new);
    let op = Op::AddColumn(filling);
    let name = subject.name();
    let filled = new.default.is_some() || new.identity.is_some() || new.auto_increment || new.generated.is_some();
    let mut all = Vec::new();
    if new.not_null && subject.facts.is_set_later(subject.change, "not null") {
        all.extend(not_null(subject, new));
    } else if new.not_null && !filled {
        let (fact, advice) = match subject.dialect() {
            Dialect::MySql | Dialect::MariaDb => (
                format!(
                    "{name} must not be null and has no default: rows get the zero of its type, inserts that leave it out fail"
                ),
                "give it a default, or let it be null until all programs fill it",
            ),
            _ => (
                format!(
                    "{name} must not be null and has no default: it cannot be added to a table with rows, and inserts that leave it out fail"
                ),
                "add it with a default, or let it be null, fill it in batches and then demand it",
            ),
        };
        all.push(subject.effect(Hazard::RequiredColumnAdded, op, fact).reaching(Reach::Break).advise(advice));
    }
    let effect = subject.effect(Hazard::Added, op, format!("{name} is added{}", how(filling, new)));
    if effect.work == Work::Rewrite {
        let advice = match filling {
            Filling::Each => "add it without the default, set the default, fill old rows in batches",
            Filling::Stored => "add a plain column, fill it by a trigger and old rows in batches",
            _ => "add a plain column, fill it in batches, then attach the numbers",
        };
        all.push(Effect { hazard: Hazard::TableRewritten, ..effect }.reaching(Reach::Expand).advise(advice));
    } else if all.is_empty() {
        let json = if subject.is_postgres() && new.data_type.name == "json" {
            "jsonb can be compared, json cannot"
        } else {
            ""
        };
        all.push(effect.reaching(Reach::Expand).advise(json));
    }
    all
}

fn how(filling: Filling, new: &Column) -> &'static str {
    match filling {
        Filling::Each => " with a value of its own for each row",
        Filling::Numbers => " with numbers for all rows",
        Filling::Stored => " and computed for all rows",
        Filling::Virtual => " and computed when it is read",
        Filling::Same if new.default.is_some() => " with a default",
        Filling::Same => "",
    }
}

fn dropped(subject: &Subject<'_>, old: &Column) -> Effect {
    let computed = old.generated.is_some();
    let fact = match computed {
        true => format!("{} is dropped; it is computed from others", subject.name()),
        false => format!("{} is dropped with its values", subject.name()),
    };
    let effect = subject.effect(Hazard::ColumnDropped, Op::DropColumn, fact);
    effect
        .losing(if computed { Loss::Recoverable } else { Loss::Data })
        .reaching(Reach::Break)
        .advise("release programs that do not name it first, drop it in a later release")
}

fn attribute(subject: &Subject<'_>, name: &str, old: &Column, new: &Column) -> Vec<Effect> {
    let full = subject.name();
    let simple = |hazard, op, fact: String| vec![subject.effect(hazard, op, fact)];
    match name {
        "type" => type_changed(subject, old, new),
        "not null" => not_null(subject, new),
        "default" | "on update" => vec![default(subject, name, new)],
        "identity" | "auto increment" => vec![numbers(subject, new)],
        "generated" | "kept" => generated(subject, old, new),
        "collation" => {
            let indexed = is_indexed(subject, &new.name);
            let fact = format!("{full} sorts by {}", new.collation.as_deref().unwrap_or("the default collation"));
            let effect = subject.effect(Hazard::TableRewritten, Op::Collation { indexed }, fact);
            let hazard = if effect.work == Work::Rewrite { Hazard::TableRewritten } else { Hazard::OtherChanged };
            vec![
                Effect { hazard, ..effect }
                    .advise("order and equality of values change: check unique indexes and sorted pages"),
            ]
        }
        "charset" => {
            let charset = new.charset.as_deref().unwrap_or("the table's character set");
            let fact = format!("{full} is stored in {charset}; characters that it lacks are lost or refused");
            vec![subject.effect(Hazard::TableRewritten, Op::Charset, fact).losing(narrow_charset(old, new))]
        }
        "comment" => simple(Hazard::Cosmetic, Op::Comment, format!("{full} has another comment")),
        "statistics" => simple(Hazard::Cosmetic, Op::ColumnStatistics, format!("{full} has another statistics target")),
        "invisible" => simple(Hazard::OtherChanged, Op::ColumnOption, format!("SELECT * shows {full} or not")),
        _ => simple(Hazard::OtherChanged, Op::ColumnOption, format!("{full} has another {name}")),
    }
}

/// Only utf8mb4 holds every character.
fn narrow_charset(old: &Column, new: &Column) -> Loss {
    let wide = |column: &Column| column.charset.as_deref().is_none_or(|charset| charset.starts_with("utf8mb4"));
    if wide(old) && !wide(new) { Loss::Data } else { Loss::None }
}

fn type_changed(subject: &Subject<'_>, old: &Column, new: &Column) -> Vec<Effect> {
    let (before, after) = (subject.facts.before, subject.facts.after);
    let fit = types::fit(&old.data_type, &new.data_type, subject.dialect(), before, after);
    let rewriting = match subject.dialect() {
        Dialect::Postgres if subject.flags.using => Rewriting::Table,
        Dialect::Postgres => types::postgres(&old.data_type, &new.data_type, before, after),
        Dialect::Sqlite => Rewriting::Table,
        dialect => types::mysql(&old.data_type, &new.data_type, dialect, width(subject, new)),
    };
    let (full, from, to) = (subject.name(), old.data_type.to_string(), new.data_type.to_string());
    let (hazard, loss, reach, more) = match fit {
        Fit::Narrower if removed_labels(old, new) => (
            Hazard::EnumLabelRemoved,
            Loss::Data,
            Reach::Break,
            "rows with a label that is gone are refused or emptied",
        ),
        Fit::Narrower => {
            (Hazard::TypeNarrowed, Loss::Data, Reach::Break, "values that do not fit are refused, cut or rounded")
        }
        Fit::Doubtful => (Hazard::TypeConverted, Loss::None, Reach::Break, "values that do not convert make it fail"),
        Fit::Other => (Hazard::TypeChanged, Loss::None, Reach::Break, "programs see another type"),
        Fit::Wider => (Hazard::TypeChanged, Loss::None, Reach::Expand, "all values fit"),
    };
    let utc = match (from.starts_with("timestamp"), to.starts_with("timestamp"), fit) {
        (true, true, Fit::Other) if subject.is_postgres() => ", unless the TimeZone of the session is UTC",
        _ => "",
    };
    let partners = partners(subject, &new.name);
    let fact = format!("{full} becomes {to} (was {from}), {more}");
    let effect = subject.with_partners(hazard, Op::Type(rewriting), fact, &partners).losing(loss).reaching(reach);
    let mut all = Vec::new();
    if effect.work == Work::Rewrite {
        let fact = format!("{full} becomes {to}");
        let mut rewritten =
            subject.with_partners(Hazard::TableRewritten, Op::Type(rewriting), fact, &partners).advise(BATCHES);
        rewritten.because.push_str(utc);
        all.push(rewritten);
    }
    let advice = match fit {
        Fit::Narrower => "look for values that do not fit first",
        Fit::Doubtful => "try the conversion with a SELECT first",
        _ => "",
    };
    all.push(effect.advise(advice));
    all
}

fn removed_labels(old: &Column, new: &Column) -> bool {
    old.data_type.name == "enum" && new.data_type.name == "enum"
}

/// Tables whose foreign keys use the column, and those that the column's own refer to.
fn partners(subject: &Subject<'_>, column: &str) -> Vec<Name> {
    use crate::engines::schema::catalog::ConstraintKind;
    let table = subject.table();
    let mut names = std::collections::BTreeSet::new();
    for (name, other) in &subject.facts.after.tables {
        for constraint in &other.constraints {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            if key.table == table && key.references.iter().any(|one| one == column) {
                names.insert(name.clone());
            }
            if *name == table && key.columns.iter().any(|one| one == column) {
                names.insert(key.table.clone());
            }
        }
    }
    names.remove(&table);
    names.into_iter().collect()
}

/// Bytes that a character takes.
fn width(subject: &Subject<'_>, column: &Column) -> u64 {
    if column.data_type.name.starts_with("varbinary") {
        return 1;
    }
    let table = subject.facts.after.tables.get(&subject.table());
    let charset = column.charset.as_deref().or_else(|| table?.options.get("charset").map(String::as_str));
    match charset.unwrap_or("utf8mb4") {
        "utf8mb4" | "utf16" | "utf32" => 4,
        "utf8" | "utf8mb3" => 3,
        "ucs2" | "gbk" | "sjis" | "big5" => 2,
        _ => 1,
    }
}

fn is_indexed(subject: &Subject<'_>, column: &str) -> bool {
    use crate::engines::schema::catalog::{ConstraintKind, Index};
    let Some(table) = subject.facts.after.tables.get(&subject.table()) else { return false };
    let has = |index: &Index| index.keys.iter().any(|key| key.column && key.expression.normal == column);
    let behind = table.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            Some(index)
        }
        _ => None,
    });
    table.indexes.iter().chain(behind).any(has)
}

fn not_null(subject: &Subject<'_>, new: &Column) -> Vec<Effect> {
    let full = subject.name();
    if !new.not_null {
        let effect = subject.effect(
            Hazard::OtherChanged,
            Op::Nullable,
            format!("{full} may be null: programs that read it must expect that"),
        );
        return vec![effect.reaching(Reach::Expand)];
    }
    let table: Name = subject.table();
    let known = subject.is_postgres() && (subject.flags.not_valid || subject.facts.is_checked(&table, &new.name));
    let fact = format!("{full} must not be null: rows with a null make it fail, programs that write one break");
    let advice = match (subject.dialect(), known) {
        (Dialect::Postgres, false) if subject.facts.after.server.version >= (18, 0) => {
            "ADD CONSTRAINT … NOT NULL … NOT VALID, then VALIDATE CONSTRAINT in a later transaction"
        }
        (Dialect::Postgres, false) => {
            "add CHECK (… IS NOT NULL) NOT VALID, VALIDATE it, then SET NOT NULL and drop the check"
        }
        _ => "fill the nulls in batches first",
    };
    vec![subject.effect(Hazard::NotNullAdded, Op::NotNull { known }, fact).reaching(Reach::Break).advise(advice)]
}

fn default(subject: &Subject<'_>, name: &str, new: &Column) -> Effect {
    let full = subject.name();
    let value = if name == "default" { &new.default } else { &new.on_update };
    let fact = match value {
        Some(value) => format!("{full} has another {name}, {}", value.text),
        None => format!("{full} has no {name} any more"),
    };
    let breaks = name == "default" && value.is_none() && new.not_null && new.identity.is_none() && !new.auto_increment;
    let effect = subject.effect(Hazard::DefaultChanged, Op::Default, fact);
    if breaks {
        return effect
            .reaching(Reach::Break)
            .advise("inserts that leave it out fail: release programs that fill it first");
    }
    effect
}

fn numbers(subject: &Subject<'_>, new: &Column) -> Effect {
    let full = subject.name();
    match (&new.identity, new.auto_increment) {
        (Some(identity), _) if identity.always => {
            let fact = format!("{full} takes its numbers from an identity, and refuses others");
            subject.effect(Hazard::DefaultChanged, Op::Identity, fact).reaching(Reach::Break)
        }
        (Some(_), _) | (_, true) => {
            subject.effect(Hazard::DefaultChanged, Op::Identity, format!("{full} takes its numbers by itself"))
        }
        _ => {
            let fact = format!("{full} takes no numbers by itself any more: inserts that leave it out fail");
            subject.effect(Hazard::DefaultChanged, Op::Identity, fact).reaching(Reach::Break)
        }
    }
}

fn generated(subject: &Subject<'_>, old: &Column, new: &Column) -> Vec<Effect> {
    let full = subject.name();
    let effect = match (&old.generated, &new.generated) {
        (Some(_), Some(after)) => {
            let fact = format!("{full} is computed in another way, {}", after.expression.text);
            subject.effect(Hazard::GeneratedChanged, Op::Expression { stored: after.stored }, fact)
        }
        (Some(_), None) => {
            let effect =
                subject.effect(Hazard::GeneratedChanged, Op::Generated, format!("{full} is not computed any more"));
            effect.reaching(Reach::Break)
        }
        _ => {
            let fact = format!("{full} is computed: programs cannot write it any more");
            let effect = subject.effect(Hazard::GeneratedChanged, Op::Expression { stored: true }, fact);
            effect.losing(Loss::Data).reaching(Reach::Break)
        }
    };
    let advice = if effect.work == Work::Rewrite { BATCHES } else { "" };
    vec![effect.advise(advice)]
}
