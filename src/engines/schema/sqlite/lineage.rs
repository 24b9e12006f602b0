//! Tables that are rebuilt: made anew, filled from the old one, the old one dropped, the name taken. They stay the table that they were.
use super::copy::{CopyText, Item};
use super::held::Held;
use crate::engines::schema::catalog::{ConstraintKind, Id, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows that went from one table to another.
#[derive(Debug, Clone)]
struct Copy {
    source: Id,
    /// Column there, and the one here that it came from; `None` when it was computed.
    columns: Vec<(Id, Option<Id>)>,
    /// Whether the columns are known at all.
    known: bool,
}

/// Where the rows of tables came from.
#[derive(Debug, Clone, Default)]
pub(super) struct Lineage {
    /// By the table that was filled.
    copies: BTreeMap<Id, Vec<Copy>>,
    /// Tables that were dropped and may come back under another table's name.
    pub(super) gone: BTreeMap<Id, Arc<Held>>,
    /// Columns that were filled from another of their table.
    columns: BTreeMap<Id, Id>,
    /// Every name that a table had, lower case.
    names: BTreeMap<Id, BTreeSet<String>>,
}

/// A table that stands for one that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heir {
    /// The table that is gone.
    pub(super) of: Id,
    /// Column here (lower case) and what it was called there; `None` for one that is new.
    pub(super) columns: BTreeMap<String, Option<String>>,
}

impl Lineage {
    /// A table has this name now.
    pub(super) fn named(&mut self, id: Id, name: &str) {
        self.names.entry(id).or_default().insert(name.to_lowercase());
    }

    /// Whether anything was copied at all.
    pub(super) fn is_empty(&self) -> bool {
        self.copies.is_empty()
    }

    /// A statement filled columns from others of the table.
    pub(super) fn filled(&mut self, held: &Held, assignments: &[(String, String)]) {
        for (to, from) in assignments {
            if let Some((to, from)) = held.column(to).zip(held.column(from)) {
                self.columns.insert(to, from);
            }
        }
    }

    /// Whether any column was filled from another.
    pub(super) fn columns_copied(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The column for which `is` holds among those that this one was filled from, directly or by way of others.
    pub(super) fn column_before(&self, id: Id, is: impl Fn(&Id) -> bool) -> Option<Id> {
        let mut at = id;
        for _ in 0..4 {
            at = *self.columns.get(&at)?;
            if is(&at) {
                return Some(at);
            }
        }
        None
    }

    /// A statement copied rows.
    pub(super) fn copied(&mut self, text: &CopyText, find: impl Fn(&str) -> Option<Arc<Held>>) {
        let Some(target) = find(&text.target) else { return };
        let sources: Vec<(Arc<Held>, &str)> =
            text.sources.iter().filter_map(|(name, alias)| find(name).map(|held| (held, alias.as_str()))).collect();
        let filled = match &text.columns {
            Some(names) => names.iter().map(|name| (name.clone(), target.column(name))).collect(),
            None => target.columns().into_iter().map(|(name, id)| (name, Some(id))).collect::<Vec<_>>(),
        };
        for (source, alias) in &sources {
            if source.id() == target.id() {
                continue;
            }
            let values = text.items.as_ref().map(|items| values(items, source, alias, &sources, &filled));
            let known = values.as_ref().is_some_and(|values| values.len() == filled.len());
            let values = values.unwrap_or_default();
            let columns =
                filled.iter().zip(values).filter_map(|((_, column), value)| Some(((*column)?, value))).collect();
            self.copies.entry(target.id()).or_default().push(Copy { source: source.id(), columns, known });
        }
    }

    /// The table that is gone and that this one stands for, if there is one: rows came from it, and it had this one's name.
    pub(super) fn heir(&self, held: &Held) -> Option<Heir> {
        let name = held.name.to_lowercase();
        let mut queue =
            vec![(held.id(), Some(held.columns().into_iter().map(|(_, id)| (id, id)).collect::<BTreeMap<Id, Id>>()))];
        let mut seen = BTreeSet::from([held.id()]);
        while let Some((id, path)) = queue.pop() {
            for copy in self.copies.get(&id).into_iter().flatten() {
                let path = self.follow(id, copy.source, path.as_ref());
                let original = self
                    .gone
                    .get(&copy.source)
                    .filter(|_| self.names.get(&copy.source).is_some_and(|names| names.contains(&name)));
                if let Some(original) = original {
                    return Some(Heir { of: copy.source, columns: columns(held, original, path.as_ref()) });
                }
                if seen.insert(copy.source) {
                    queue.push((copy.source, path));
                }
            }
        }
        None
    }

    /// From the columns at the beginning of a path to those of `source`, one copy further. `None` when columns are not known.
    fn follow(&self, id: Id, source: Id, path: Option<&BTreeMap<Id, Id>>) -> Option<BTreeMap<Id, Id>> {
        let copies = self.copies.get(&id)?;
        let mut columns: BTreeMap<Id, Option<Id>> = BTreeMap::new();
        for copy in copies.iter().filter(|copy| copy.source == source) {
            if !copy.known {
                return None;
            }
            for (to, from) in &copy.columns {
                let entry = columns.entry(*to).or_default();
                *entry = entry.or(*from);
            }
        }
        // Computed columns stay what they are called: 0 says so.
        let step = |last: &Id| match last {
            Id(0) => Some(Id(0)),
            last => columns.get(last).map(|from| from.unwrap_or(Id(0))),
        };
        Some(path?.iter().filter_map(|(first, last)| Some((*first, step(last)?))).collect())
    }

    /// The table stands for the one that is gone from now on.
    pub(super) fn taken(&mut self, of: Id, heir: Id) -> Option<Arc<Held>> {
        self.copies.remove(&heir);
        self.gone.remove(&of)
    }
}

/// For every column that is filled: the column of `source` whose value it gets.
fn values(
    items: &[Item],
    source: &Arc<Held>,
    alias: &str,
    sources: &[(Arc<Held>, &str)],
    filled: &[(String, Option<Id>)],
) -> Vec<Option<Id>> {
    let is = |qualifier: &Option<String>| qualifier.as_ref().is_none_or(|one| one.eq_ignore_ascii_case(alias));
    let mut values: Vec<Option<Id>> = Vec::new();
    for item in items {
        match item {
            Item::Plain(qualifier, name) => values.push(source.column(name).filter(|_| is(qualifier))),
            Item::Wrapped(qualifier, name) => {
                // The value of a column that goes on under its own name, or of one that would be gone otherwise.
                let target = filled.get(values.len()).map_or("", |(name, _)| name.as_str());
                let other = |one: &str| filled.iter().any(|(filled, _)| filled.eq_ignore_ascii_case(one));
                let kept = target.eq_ignore_ascii_case(name) || source.column(target).is_none() && !other(name);
                values.push(source.column(name).filter(|_| is(qualifier) && kept));
            }
            Item::Star(qualifier) => {
                for (held, other) in sources {
                    if qualifier.as_ref().is_none_or(|one| one.eq_ignore_ascii_case(other)) {
                        values.extend(
                            held.columns().into_iter().map(|(_, id)| Some(id).filter(|_| held.id() == source.id())),
                        );
                    }
                }
            }
            Item::Other => values.push(None),
        }
    }
    // One column that fills several: the one of its own name is it, or the first.
    for at in 0..values.len() {
        let Some(value) = values.get(at).copied().flatten() else { continue };
        let named = |at: usize| filled.get(at).is_some_and(|(name, _)| source.column(name) == Some(value));
        let best = (0..values.len())
            .filter(|at| values.get(*at).copied().flatten() == Some(value))
            .find(|at| named(*at))
            .unwrap_or(at);
        for (other, entry) in values.iter_mut().enumerate() {
            if *entry == Some(value) && other != best {
                *entry = None;
            }
        }
    }
    values
}

/// What every column was called in the original.
fn columns(held: &Held, original: &Held, path: Option<&BTreeMap<Id, Id>>) -> BTreeMap<String, Option<String>> {
    let Some(path) = path else { return BTreeMap::new() };
    let names: BTreeMap<Id, String> = original.columns().into_iter().map(|(name, id)| (id, name)).collect();
    let taken: BTreeSet<&String> = path.values().filter_map(|id| names.get(id)).collect();
    let super::held::Body::Table(table) = &held.body else { return BTreeMap::new() };
    let mut columns = BTreeMap::new();
    for column in &table.columns {
        let own = original.column(&column.name).and_then(|id| names.get(&id)).filter(|name| !taken.contains(name));
        let earlier = match path.get(&column.meta.id) {
            Some(id) => names.get(id).or(own),
            // Computed columns cannot be filled, row numbers are given anew. Others that were not filled lost what they held.
            None if column.generated.is_some() || column.auto_increment || row_number(table, &column.name) => own,
            None => None,
        };
        columns.insert(column.name.to_lowercase(), earlier.cloned());
    }
    columns
}

/// Whether the column is the whole primary key and an integer.
fn row_number(table: &Table, name: &str) -> bool {
    let Some(ConstraintKind::PrimaryKey(index)) = table.primary_key().map(|one| &one.kind) else { return false };
    let integer = table.column(name).is_some_and(|one| one.data_type.name == "integer");
    integer && matches!(index.keys.as_slice(), [only] if only.expression.text == name)
}
