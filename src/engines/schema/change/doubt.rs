//! How sure changes are: what a statement that is not modelled may have touched is not.
use super::side::Side;
use super::types::{Certainty, Change, Difference};
use crate::engines::schema::catalog::{Key, Kind, Name, Touches, Unmodelled};
use std::collections::BTreeSet;

/// Marks the changes that may be others, or none.
pub(super) fn fill(changes: &mut [Change], before: &Side<'_>, after: &Side<'_>) {
    let doubt = Doubt::new(before, after);
    for change in changes {
        if doubt.touches(change) || is_unproved(change, before, after) {
            change.certainty = Certainty::Partial;
        }
    }
}

/// What statements that are not modelled may have changed.
#[derive(Default)]
struct Doubt<'a> {
    all: bool,
    keys: BTreeSet<&'a Key>,
    tables: BTreeSet<Name>,
}

impl<'a> Doubt<'a> {
    fn new(before: &Side<'a>, after: &Side<'a>) -> Doubt<'a> {
        let mut doubt = Doubt::default();
        let (old, new) = (&before.catalog.unmodelled, &after.catalog.unmodelled);
        let common: BTreeSet<_> = old.iter().map(|one| (&one.place, &one.verb)).collect();
        let later: BTreeSet<_> = new.iter().map(|one| (&one.place, &one.verb)).collect();
        let is_common = |one: &Unmodelled| {
            let one = (&one.place, &one.verb);
            common.contains(&one) && later.contains(&one)
        };
        for one in old.iter().chain(new) {
            match &one.touches {
                Touches::Nothing => {}
                // What stands in both did the same to both.
                Touches::Anything => doubt.all |= !is_common(one),
                Touches::Objects(keys) => {
                    doubt.keys.extend(keys);
                    let whole = keys.iter().filter(|key| key.table.is_empty());
                    doubt.tables.extend(whole.filter_map(Key::table_name));
                }
            }
        }
        doubt
    }

    fn touches(&self, change: &Change) -> bool {
        let key =
            |key: &Key| self.keys.contains(key) || key.table_name().is_some_and(|table| self.tables.contains(&table));
        let earlier = match &change.difference {
            Difference::Altered { renamed_from: Some((earlier, _)), .. } => key(earlier),
            _ => false,
        };
        self.all || key(&change.key) || earlier
    }
}

/// Whether only the query of a view differs, and the two are of two origins whose words cannot be compared.
fn is_unproved(change: &Change, before: &Side<'_>, after: &Side<'_>) -> bool {
    let Difference::Altered { attributes, renamed_from } = &change.difference else { return false };
    if !matches!(change.key.kind, Kind::View | Kind::MaterializedView) || !attributes.iter().any(|one| one.0 == "query")
    {
        return false;
    }
    let name = |key: &Key| Name::new(&*key.schema, &*key.name);
    let earlier = renamed_from.as_ref().map_or_else(|| name(&change.key), |(key, _)| name(key));
    match (before.catalog.views.get(&earlier), after.catalog.views.get(&name(&change.key))) {
        (Some(old), Some(new)) => (!old.comparable || !new.comparable) && (old.meta.id.0 == 0) != (new.meta.id.0 == 0),
        _ => false,
    }
}
