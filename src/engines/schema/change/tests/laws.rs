//! Laws that hold for any two catalogs.
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A change made to a catalog.
#[derive(Debug, Clone)]
enum Edit {
    AddTable,
    DropTable(u8),
    RenameTable(u8),
    AddColumn(u8),
    DropColumn(u8, u8),
    RenameColumn(u8, u8),
    Retype(u8, u8),
    NotNull(u8, u8),
    AddIndex(u8, u8),
    DropIndex(u8),
    Recreate(u8, u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let byte = any::<u8>;
    prop_oneof![
        Just(Edit::AddTable),
        byte().prop_map(Edit::DropTable),
        byte().prop_map(Edit::RenameTable),
        byte().prop_map(Edit::AddColumn),
        (byte(), byte()).prop_map(|(table, column)| Edit::DropColumn(table, column)),
        (byte(), byte()).prop_map(|(table, column)| Edit::RenameColumn(table, column)),
        (byte(), byte()).prop_map(|(table, column)| Edit::Retype(table, column)),
        (byte(), byte()).prop_map(|(table, column)| Edit::NotNull(table, column)),
        (byte(), byte()).prop_map(|(table, column)| Edit::AddIndex(table, column)),
        byte().prop_map(Edit::DropIndex),
        (byte(), byte()).prop_map(|(table, column)| Edit::Recreate(table, column)),
    ]
}

/// A catalog that edits are applied to, with identities that are never used twice.
struct World {
    catalog: Catalog,
    next: u64,
}

impl World {
    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn table(&self, pick: u8) -> Option<Name> {
        let count = self.catalog.tables.len().max(1);
        self.catalog.tables.keys().nth(usize::from(pick) % count).cloned()
    }

    fn apply(&mut self, edit: &Edit) {
        let id = self.id();
        match edit {
            Edit::AddTable => {
                let columns = vec![column(self.id(), "id", "bigint"), column(self.id(), "note", "text")];
                let table = Table { meta: meta(id), columns, ..Table::default() };
                self.catalog.tables.insert(name(&format!("table_{id}")), table);
            }
            Edit::DropTable(pick) => drop(self.table(*pick).and_then(|name| self.catalog.tables.remove(&name))),
            Edit::RenameTable(pick) => {
                if let Some(old) = self.table(*pick) {
                    let table = self.catalog.tables.remove(&old).unwrap();
                    self.catalog.tables.insert(name(&format!("renamed_{id}")), table);
                }
            }
            Edit::AddColumn(pick) => {
                self.with(*pick, |table, _| table.columns.push(column(id, &format!("column_{id}"), "text")))
            }
            Edit::DropColumn(pick, which) => self.with(*pick, |table, _| {
                if table.columns.len() > 1 {
                    let gone = table.columns.remove(usize::from(*which) % table.columns.len());
                    table.indexes.retain(|index| index.keys[0].expression.normal != gone.name);
                }
            }),
            Edit::RenameColumn(pick, which) => self.with(*pick, |table, _| {
                let at = usize::from(*which) % table.columns.len();
                let new = format!("renamed_{id}");
                for index in &mut table.indexes {
                    if index.keys[0].expression.normal == table.columns[at].name {
                        index.keys[0].expression = Expression::plain(&*new);
                    }
                }
                table.columns[at].name = new;
            }),
            Edit::Retype(pick, which) => {
                self.column(*pick, *which, |one| one.data_type = DataType::with("character varying", [id]))
            }
            Edit::NotNull(pick, which) => self.column(*pick, *which, |one| one.not_null = !one.not_null),
            Edit::AddIndex(pick, which) => self.with(*pick, |table, _| {
                let on = table.columns[usize::from(*which) % table.columns.len()].name.clone();
                table.indexes.push(index(id, &format!("index_{id}"), &[&on]));
            }),
            Edit::DropIndex(pick) => self.with(*pick, |table, _| drop(table.indexes.pop())),
            Edit::Recreate(pick, which) => self.with(*pick, |table, _| {
                let at = usize::from(*which) % table.columns.len();
                table.columns[at].meta.id = Id(id);
                let gone = table.columns[at].name.clone();
                table.indexes.retain(|index| index.keys[0].expression.normal != gone);
            }),
        }
    }

    fn with(&mut self, pick: u8, change: impl FnOnce(&mut Table, u64)) {
        if let Some(table) = self.table(pick).and_then(|name| self.catalog.tables.get_mut(&name)) {
            change(table, 0);
        }
    }

    fn column(&mut self, pick: u8, which: u8, change: impl FnOnce(&mut Column)) {
        self.with(pick, |table, _| {
            let at = usize::from(which) % table.columns.len();
            change(&mut table.columns[at]);
        });
    }
}

fn worlds(first: &[Edit], second: &[Edit]) -> (Catalog, Catalog) {
    let mut world = World { catalog: Catalog::new(Server::default()), next: 0 };
    // Something that stays, so that identities are known to be of one history.
    let kept = Table { meta: meta(1_000_000), columns: vec![column(1_000_001, "id", "integer")], ..Table::default() };
    world.apply(&Edit::AddTable);
    world.apply(&Edit::AddTable);
    first.iter().for_each(|edit| world.apply(edit));
    let mut before = world.catalog.clone();
    second.iter().for_each(|edit| world.apply(edit));
    before.tables.insert(name("~kept"), kept.clone());
    world.catalog.tables.insert(name("~kept"), kept);
    (before, world.catalog)
}

/// What the difference must be, by identity alone and without regard to how `compare` goes about it.
fn expected(before: &Catalog, after: &Catalog) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let find = |catalog: &Catalog, id: Id| {
        catalog.tables.iter().find(|(_, one)| one.meta.id == id).map(|(name, one)| (name.clone(), one.clone()))
    };
    for (old_name, old) in &before.tables {
        let Some((new_name, new)) = find(after, old.meta.id) else {
            all.insert(format!("- table {old_name}"));
            continue;
        };
        if *old_name != new_name {
            all.insert(format!("→ table {new_name} from {old_name}"));
        }
        parts(&mut all, (old_name, old), (&new_name, &new));
    }
    for (name, new) in &after.tables {
        if find(before, new.meta.id).is_none() {
            all.insert(format!("+ table {name}"));
        }
    }
    all
}

fn parts(all: &mut BTreeSet<String>, (old_name, old): (&Name, &Table), (new_name, new): (&Name, &Table)) {
    let attributes = |one: &Column, other: &Column| {
        let mut text = String::new();
        let word = |one: &Column| if one.not_null { "yes" } else { "-" };
        if one.not_null != other.not_null {
            text.push_str(&format!(" not null: {} → {};", word(one), word(other)));
        }
        if one.data_type != other.data_type {
            text.push_str(&format!(" type: {} → {};", one.data_type, other.data_type));
        }
        text
    };
    for one in &old.columns {
        let same = new.columns.iter().find(|other| other.meta.id == one.meta.id);
        let named = new
            .columns
            .iter()
            .find(|other| other.name == one.name && !old.columns.iter().any(|old| old.meta.id == other.meta.id));
        match (same, named) {
            (Some(other), _) => {
                let text = attributes(one, other);
                if one.name != other.name {
                    all.insert(format!("→ column {new_name}.{} from {old_name}.{}{text}", other.name, one.name));
                } else if !text.is_empty() {
                    all.insert(format!("~ column {new_name}.{}{text}", other.name));
                }
            }
            (None, Some(other)) => {
                let _ = all.insert(format!("± column {new_name}.{}{}", one.name, attributes(one, other)));
            }
            (None, None) => drop(all.insert(format!("- column {old_name}.{}", one.name))),
        }
    }
    for other in &new.columns {
        let known = old.columns.iter().any(|one| {
            one.meta.id == other.meta.id
                || (one.name == other.name && !new.columns.iter().any(|new| new.meta.id == one.meta.id))
        });
        if !known {
            all.insert(format!("+ column {new_name}.{}", other.name));
        }
    }
    for one in old.indexes.iter().filter(|one| !new.indexes.iter().any(|other| other.meta.id == one.meta.id)) {
        all.insert(format!("- index {old_name}.{}", one.name));
    }
    for one in new.indexes.iter().filter(|one| !old.indexes.iter().any(|other| other.meta.id == one.meta.id)) {
        all.insert(format!("+ index {new_name}.{}", one.name));
    }
}

/// A change the other way round.
fn inverse(change: &Change) -> Change {
    let swap = |list: &[(String, Option<String>, Option<String>)]| {
        list.iter().map(|(name, old, new)| (name.clone(), new.clone(), old.clone())).collect::<Vec<_>>()
    };
    let mut other = change.clone();
    other.places.clear();
    other.difference = match &change.difference {
        Difference::Created => Difference::Dropped,
        Difference::Dropped => Difference::Created,
        Difference::Replaced { attributes } => Difference::Replaced { attributes: swap(attributes) },
        Difference::Altered { renamed_from, attributes } => {
            let renamed_from = renamed_from.clone().map(|(from, evidence)| {
                let to = std::mem::replace(&mut other.key, from);
                (to, evidence)
            });
            Difference::Altered { renamed_from, attributes: swap(attributes) }
        }
    };
    other
}

fn plain(changes: Vec<Change>) -> BTreeSet<String> {
    let clear = |mut change: Change| {
        change.places.clear();
        change
    };
    changes.into_iter().map(clear).map(|change| lines(&[change]).remove(0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_catalog_does_not_differ_from_itself(first in proptest::collection::vec(edit(), 0..20)) {
        let (_, after) = worlds(&first, &[]);
        let all = CompareOptions { grants: true, column_order: true, ..CompareOptions::default() };
        prop_assert_eq!(compare(&after, &after, &all), vec![]);
        prop_assert_eq!(compare(&after, &live(after.clone()), &all), vec![]);
        prop_assert_eq!(compare(&live(after.clone()), &after, &all), vec![]);
    }

    #[test]
    fn edits_are_found_exactly(
        first in proptest::collection::vec(edit(), 0..12),
        second in proptest::collection::vec(edit(), 0..12),
    ) {
        let (before, after) = worlds(&first, &second);
        let found: BTreeSet<String> = plain(compare(&before, &after, &CompareOptions::default()));
        prop_assert_eq!(found, expected(&before, &after));
    }

    #[test]
    fn the_way_back_is_the_inverse(
        first in proptest::collection::vec(edit(), 0..12),
        second in proptest::collection::vec(edit(), 0..12),
    ) {
        let (before, after) = worlds(&first, &second);
        let there = compare(&before, &after, &CompareOptions::default());
        let back = compare(&after, &before, &CompareOptions::default());
        // A part of a renamed table goes by the later name of the table on the way there: names of tables are left out.
        let bare = |text: String| text.split(' ').filter(|word| !word.contains("public.")).collect::<Vec<_>>().join(" ");
        let mut there: Vec<String> = plain(there.iter().map(inverse).collect()).into_iter().map(bare).collect();
        let mut back: Vec<String> = plain(back).into_iter().map(bare).collect();
        there.sort();
        back.sort();
        prop_assert_eq!(there, back);
        let (before, after) = (live(before), live(after));
        let there = compare(&before, &after, &CompareOptions::default());
        let back = compare(&after, &before, &CompareOptions::default());
        prop_assert_eq!(there.len(), back.len());
    }

    #[test]
    fn renames_are_never_invented(
        first in proptest::collection::vec(edit(), 0..12),
        second in proptest::collection::vec(edit(), 0..12),
    ) {
        // Without identities a guess may be missed, but what was dropped and what was added must not be taken for one.
        let (before, after) = worlds(&first, &second);
        let seen = expected(&before, &after);
        for line in lines(&compare(&live(before), &live(after), &CompareOptions::default())) {
            if line.starts_with('⇢') && !line.contains(" index ") {
                prop_assert!(seen.iter().any(|one| one.starts_with('→') && one.split(" from ").next() == line.replace('⇢', "→").split(" from ").next()), "{line} in {seen:?}");
            }
        }
    }
}
