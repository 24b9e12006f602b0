//! Changes in words.
use crate::engines::schema::catalog::{Key, Kind};
use crate::engines::schema::change::{Change, Difference, Evidence, Lock, Work};

/// Longer values are cut, characters.
const LONG: usize = 100;

/// The object as people name it: `column orders.note`; the schema `public` is left out.
pub(super) fn object(key: &Key) -> String {
    format!("{} {}", key.kind.word(), name(key))
}

/// Its name: `orders.note`, `app.orders`.
pub(super) fn name(key: &Key) -> String {
    let shown = key.to_string();
    shown.strip_prefix("public.").map_or(shown.clone(), str::to_owned)
}

/// What a change does to the side that receives it: `drops`, and whether the object stands behind it.
pub(super) fn does(change: &Change) -> String {
    let this = object(&change.key);
    match &change.difference {
        Difference::Created => format!("adds {this}"),
        Difference::Dropped => format!("drops {this}"),
        Difference::Replaced { .. } => format!("drops {this} and makes it anew"),
        Difference::Altered { renamed_from: Some((before, _)), .. } => renamed(before, &change.key),
        Difference::Altered { attributes, .. } => match attributes.as_slice() {
            [(attribute, _, _)] => format!("changes {this}: {attribute}"),
            _ => format!("changes {this}"),
        },
    }
}

fn renamed(before: &Key, after: &Key) -> String {
    let moved = before.name == after.name && before.table == after.table;
    let to = if moved || before.schema != after.schema { name(after) } else { after.name.clone() };
    format!("{} {} to {to}", if moved { "moves" } else { "renames" }, object(before))
}

/// A change as a difference that stays: what is in `to` and not in `from`. `before` is what `to` would be, `after` what it is.
pub(super) fn stays(change: &Change, from: &str, to: &str) -> String {
    let this = object(&change.key);
    match &change.difference {
        Difference::Created => format!("{this} is in {to} only"),
        Difference::Dropped => format!("{this} is missing in {to}"),
        Difference::Replaced { .. } => format!("{this} is another one in {to} than in {from}"),
        Difference::Altered { renamed_from: Some((before, _)), .. } => {
            format!("{} is called {} in {to}", object(before), name(&change.key))
        }
        Difference::Altered { attributes, .. } => match attributes.as_slice() {
            [(attribute, _, _)] => format!("{this}: {attribute} differs between {from} and {to}"),
            _ => format!("{this} differs between {from} and {to}"),
        },
    }
}

/// The attributes that differ, one line each.
pub(super) fn attributes(change: &Change) -> Vec<String> {
    let (Difference::Altered { attributes, .. } | Difference::Replaced { attributes }) = &change.difference else {
        return Vec::new();
    };
    let line = |(name, was, is): &(String, Option<String>, Option<String>)| {
        let (was, is) = flags(was.as_deref(), is.as_deref());
        format!("{name}: {} -> {}", value(was), value(is))
    };
    attributes.iter().map(line).collect()
}

/// Two values of an attribute: what is on or off is `yes` or `no`.
pub(super) fn flags<'a>(was: Option<&'a str>, is: Option<&'a str>) -> (Option<&'a str>, Option<&'a str>) {
    match (was, is) {
        (Some("yes"), None) => (was, Some("no")),
        (None, Some("yes")) => (Some("no"), is),
        both => both,
    }
}

/// A value of an attribute.
pub(super) fn value(value: Option<&str>) -> String {
    let Some(value) = value else { return "(none)".to_owned() };
    let joined = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match joined.chars().count() > LONG {
        true => joined.chars().take(LONG).chain(['…']).collect(),
        false => joined,
    }
}

/// Why a rename is held for one.
pub(super) fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Seen(place) => format!("{}:{}", place.file, place.line),
        Evidence::Alike { reason, score } => format!("a guess, {score} %: {reason}"),
    }
}

/// The word of JSON for what happened.
pub(super) fn what(change: &Change) -> &'static str {
    match &change.difference {
        Difference::Created => "created",
        Difference::Dropped => "dropped",
        Difference::Replaced { .. } => "replaced",
        Difference::Altered { renamed_from: Some(_), .. } => "renamed",
        Difference::Altered { .. } => "altered",
    }
}

/// Who waits for how long, in words; `None` when nobody does.
pub(super) fn waits(lock: Lock, work: Work) -> Option<String> {
    let who = match lock {
        Lock::None | Lock::Structure => return None,
        Lock::Writes => "writers wait",
        Lock::All => "readers and writers wait",
    };
    Some(match work {
        Work::Instant => format!("{who} for a moment"),
        Work::Scan => format!("{who} while all rows are read"),
        Work::Build => format!("{who} while an index is built"),
        Work::Rewrite => format!("{who} while the table is written anew"),
    })
}

/// Whether data behind the object can be lost or read by programs.
pub(super) fn holds_data(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::Column | Kind::View | Kind::MaterializedView)
}
