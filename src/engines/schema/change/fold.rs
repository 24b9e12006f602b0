//! What is told with something else: the parts of a table that is new, gone or another, and the order of columns.
use super::differ::Attribute;
use super::pair::{Pair, Paired};
use super::side::Side;
use super::types::{Certainty, Change, Difference};
use crate::engines::schema::catalog::{Key, Kind, Name, Object};
use std::collections::{BTreeMap, BTreeSet};

/// Objects that are no change of their own.
pub(super) struct Folded {
    gone: BTreeSet<usize>,
    new: BTreeSet<usize>,
    inside: BTreeSet<usize>,
}

impl Folded {
    /// Finds them.
    pub(super) fn new(before: &Side<'_>, after: &Side<'_>, paired: &Paired) -> Folded {
        let inside = paired.pairs.iter().filter(|pair| {
            let old = before.objects.get(pair.before);
            old.is_some_and(|one| belongs(one, &paired.replaced, &BTreeSet::new()))
        });
        Folded {
            gone: parts_of(before, &paired.gone, &paired.replaced),
            new: parts_of(after, &paired.new, &paired.replaced),
            inside: inside.map(|pair| pair.before).collect(),
        }
    }

    /// Whether an object that went is told with something else.
    pub(super) fn is_gone(&self, number: usize) -> bool {
        self.gone.contains(&number)
    }

    /// Whether an object that came is told with something else.
    pub(super) fn is_new(&self, number: usize) -> bool {
        self.new.contains(&number)
    }

    /// Whether a pair is told with the table that was made anew.
    pub(super) fn is_inside(&self, pair: &Pair) -> bool {
        self.inside.contains(&pair.before)
    }
}

/// Objects that belong to tables and columns among them, or to tables that were made anew.
fn parts_of(side: &Side<'_>, numbers: &[usize], replaced: &BTreeSet<Name>) -> BTreeSet<usize> {
    let objects = || numbers.iter().filter_map(|number| side.objects.get(*number).map(|one| (*number, one)));
    let whole = objects().filter(|(_, one)| one.key.table.is_empty()).filter_map(|(_, one)| one.key.table_name());
    let tables: BTreeSet<Name> = whole.chain(replaced.iter().cloned()).collect();
    let columns: BTreeSet<String> =
        objects().filter(|(_, one)| one.key.kind == Kind::Column).map(|(_, one)| one.key.to_string()).collect();
    objects().filter(|(_, one)| belongs(one, &tables, &columns)).map(|(number, _)| number).collect()
}

fn belongs(one: &Object, tables: &BTreeSet<Name>, columns: &BTreeSet<String>) -> bool {
    if one.key.kind == Kind::Sequence {
        let Some(owner) = one.attributes.get("owned by") else { return false };
        let table = owner.rsplit_once('.').map_or("", |(table, _)| table);
        let table =
            table.split_once('.').map_or_else(|| Name::new("", table), |(schema, name)| Name::new(schema, name));
        return columns.contains(owner) || tables.contains(&table);
    }
    !one.key.table.is_empty() && one.key.table_name().is_some_and(|table| tables.contains(&table))
}

/// What differs in the parts of a table that was dropped and made anew.
pub(super) fn parts(before: &Side<'_>, after: &Side<'_>, table: &Key) -> Vec<Attribute> {
    let parts = |side: &Side<'_>| -> BTreeMap<String, String> {
        let mine = side.objects.iter().filter(|one| one.key.schema == table.schema && one.key.table == table.name);
        mine.map(|one| (format!("{} {}", one.key.kind.word(), one.key.name), summary(one))).collect()
    };
    let (old, new) = (parts(before), parts(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    differ.map(|name| (name.clone(), old.get(name).cloned(), new.get(name).cloned())).collect()
}

/// One line with everything of a part.
fn summary(one: &Object) -> String {
    let words = one.attributes.iter().map(|(name, value)| match value.as_str() {
        "yes" => name.clone(),
        _ => format!("{name} {value}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Adds the tables whose common columns stand in another order.
pub(super) fn column_order(before: &Side<'_>, after: &Side<'_>, paired: &Paired, changes: &mut Vec<Change>) {
    let mut tables: BTreeMap<Name, Vec<(usize, &str)>> = BTreeMap::new();
    for pair in &paired.pairs {
        let (Some(old), Some(new)) = (before.objects.get(pair.before), after.objects.get(pair.after)) else { continue };
        if let (Kind::Column, Some(was), Some(table)) = (new.key.kind, old.key.table_name(), new.key.table_name()) {
            let at = before.columns(&was).iter().position(|column| column.name == old.key.name);
            tables.entry(table).or_default().extend(at.map(|at| (at, new.key.name.as_str())));
        }
    }
    for (table, mut columns) in tables {
        columns.sort_unstable();
        let earlier: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
        let known: BTreeSet<&str> = earlier.iter().copied().collect();
        let later: Vec<&str> = after
            .columns(&table)
            .iter()
            .map(|column| column.name.as_str())
            .filter(|name| known.contains(name))
            .collect();
        if earlier != later {
            let attribute = ("column order".to_owned(), Some(earlier.join(", ")), Some(later.join(", ")));
            add_attribute(changes, Key::top(Kind::Table, &table), attribute);
        }
    }
}

/// Adds an attribute to the change of an object, which may be none yet.
fn add_attribute(changes: &mut Vec<Change>, key: Key, attribute: Attribute) {
    let known = changes.iter_mut().find(|change| change.key == key).map(|change| &mut change.difference);
    if let Some(Difference::Altered { attributes, .. } | Difference::Replaced { attributes }) = known {
        attributes.push(attribute);
        attributes.sort();
        return;
    }
    let difference = Difference::Altered { renamed_from: None, attributes: vec![attribute] };
    changes.push(Change { key, difference, places: Vec::new(), certainty: Certainty::Exact, effects: Vec::new() });
}
