//! What is known of the surroundings of a change: both catalogs, the statements, and the other changes.
use crate::engines::schema::catalog::{Catalog, Column, Constraint, ConstraintKind, Key, Kind, Name, Place, Table};
use crate::engines::schema::change::types::{Change, Difference};
use crate::engines::schema::{Flags, Statement, What};
use std::collections::{BTreeMap, BTreeSet};

/// The surroundings.
pub(super) struct Facts<'a> {
    pub(super) before: &'a Catalog,
    pub(super) after: &'a Catalog,
    /// Statements that leave old rows alone, or check them.
    checks: Vec<&'a Statement>,
    /// Tables that refer to a table, as it was.
    referring: BTreeMap<&'a Name, BTreeSet<&'a Name>>,
    /// Functions of the schema that may give another value each time.
    volatile: BTreeSet<&'a str>,
    statements: BTreeMap<&'a Place, Vec<&'a Statement>>,
    created: BTreeSet<Name>,
    dropped: BTreeSet<Name>,
    dropped_columns: BTreeSet<Key>,
    dropped_primary: BTreeSet<Name>,
    /// Later name of a table to its earlier.
    earlier: BTreeMap<Name, Name>,
}

impl<'a> Facts<'a> {
    /// Collects them.
    pub(super) fn new(changes: &[Change], before: &'a Catalog, after: &'a Catalog, log: &'a [Statement]) -> Facts<'a> {
        let mut statements: BTreeMap<&Place, Vec<&Statement>> = BTreeMap::new();
        for one in log {
            statements.entry(&one.place).or_default().push(one);
        }
        let mut facts = Facts {
            before,
            after,
            checks: log.iter().filter(|one| one.flags.not_valid || one.flags.validate).collect(),
            referring: referring(before),
            volatile: volatile(after),
            statements,
            created: BTreeSet::new(),
            dropped: BTreeSet::new(),
            dropped_columns: BTreeSet::new(),
            dropped_primary: BTreeSet::new(),
            earlier: BTreeMap::new(),
        };
        for change in changes {
            facts.note(change);
        }
        facts
    }

    fn note(&mut self, change: &Change) {
        let table = || change.key.table_name();
        match (&change.difference, change.key.kind) {
            (Difference::Created | Difference::Replaced { .. }, Kind::Table) => self.created.extend(table()),
            (Difference::Dropped, Kind::Table) => self.dropped.extend(table()),
            (Difference::Dropped, Kind::Column) => drop(self.dropped_columns.insert(change.key.clone())),
            (Difference::Dropped, Kind::Constraint) => {
                let known = table().and_then(|name| self.before.tables.get(&name));
                if known.and_then(Table::primary_key).is_some_and(|one| one.name == change.key.name) {
                    self.dropped_primary.extend(table());
                }
            }
            (Difference::Altered { renamed_from: Some((earlier, _)), .. }, Kind::Table) => {
                if let (Some(name), Some(earlier)) = (table(), earlier.table_name()) {
                    self.earlier.insert(name, earlier);
                }
            }
            (Difference::Altered { renamed_from: Some((earlier, _)), .. }, Kind::Schema) => {
                let moved = self.before.tables.keys().filter(|name| name.schema == earlier.name);
                let moved = moved.map(|name| (Name::new(&*change.key.name, &*name.name), name.clone()));
                let moved: Vec<_> = moved.filter(|(name, _)| self.after.tables.contains_key(name)).collect();
                self.earlier.extend(moved);
            }
            _ => {}
        }
    }

    /// Tables whose foreign keys refer to a table, as it was.
    pub(super) fn referring(&self, table: &Name) -> impl Iterator<Item = &'a Name> {
        self.referring.get(table).into_iter().flatten().copied()
    }

    /// Whether a text calls a function of the schema that may give another value each time.
    pub(super) fn calls_volatile(&self, text: &str) -> bool {
        let mut pieces: Vec<&str> = text.split('(').collect();
        pieces.pop();
        pieces.iter().any(|piece| {
            let name = piece.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            self.volatile.contains(name)
        })
    }

    /// Whether a table is new too.
    pub(super) fn is_new(&self, table: &Name) -> bool {
        self.created.contains(table)
    }

    /// Whether a table goes too.
    pub(super) fn goes(&self, table: &Name) -> bool {
        self.dropped.contains(table)
    }

    /// Whether a column of a table goes too.
    pub(super) fn column_goes(&self, table: &Name, column: &str) -> bool {
        self.dropped_columns.contains(&Key::part(Kind::Column, table, column))
    }

    /// Whether the primary key of a table goes too.
    pub(super) fn primary_goes(&self, table: &Name) -> bool {
        self.dropped_primary.contains(table)
    }

    /// The earlier name of a table.
    pub(super) fn earlier_name<'n>(&'n self, table: &'n Name) -> &'n Name {
        self.earlier.get(table).unwrap_or(table)
    }

    /// A table as it was.
    pub(super) fn earlier_table(&self, table: &Name) -> Option<&'a Table> {
        self.before.tables.get(self.earlier_name(table))
    }

    /// The earlier key of what changed.
    pub(super) fn earlier_key(&self, change: &Change) -> Key {
        if let Difference::Altered { renamed_from: Some((key, _)), .. } = &change.difference {
            return key.clone();
        }
        let mut key = change.key.clone();
        if let Some(table) = key.table_name().filter(|_| !key.table.is_empty()) {
            let earlier = self.earlier_name(&table);
            key.schema.clone_from(&earlier.schema);
            key.table.clone_from(&earlier.name);
        }
        key
    }

    /// A column as it was and as it is.
    pub(super) fn columns(&self, change: &Change) -> (Option<&'a Column>, Option<&'a Column>) {
        let earlier = self.earlier_key(change);
        let find = |catalog: &'a Catalog, key: &Key| {
            key.table_name().and_then(|table| catalog.tables.get(&table)).and_then(|table| table.column(&key.name))
        };
        (find(self.before, &earlier), find(self.after, &change.key))
    }

    /// What the statements say that made a change; all of one that did the same.
    pub(super) fn flags(&self, change: &Change) -> Flags {
        let mut flags = Flags::default();
        let all: Vec<&Statement> =
            change.places.iter().filter_map(|place| self.statements.get(place)).flatten().copied().collect();
        let names = |one: &&Statement| one.acts.is_empty() || one.acts.iter().any(|act| act.key == change.key);
        // One line may hold several statements; a later rename hides which of them it was.
        let named: Vec<&Statement> = all.iter().copied().filter(names).collect();
        for one in if named.is_empty() { all } else { named }.into_iter().map(|one| one.flags) {
            flags.online |= one.online;
            flags.not_valid |= one.not_valid;
            flags.using_index |= one.using_index;
            flags.using |= one.using;
            flags.cascade |= one.cascade;
            flags.volatile_default |= one.volatile_default;
            flags.validate |= one.validate;
            flags.transaction |= one.transaction;
        }
        flags
    }

    /// Whether a statement of its own, after the one that made the object, set an attribute.
    pub(super) fn is_set_later(&self, change: &Change, attribute: &str) -> bool {
        let sets = |one: &&Statement| {
            one.acts.iter().any(|act| {
                act.key == change.key
                    && matches!(&act.what, What::Altered(names) if names.iter().any(|name| name == attribute))
            })
        };
        change.places.iter().filter_map(|place| self.statements.get(place)).flatten().any(sets)
    }

    /// Whether rows are known to have no null in a column: a valid check says so before or after, or was there in between.
    pub(super) fn is_checked(&self, table: &Name, column: &str) -> bool {
        let tables = [self.earlier_table(table), self.after.tables.get(table)];
        let mut constraints = tables.into_iter().flatten().flat_map(|table| &table.constraints);
        constraints.any(|one| !one.not_valid && !one.not_enforced && says_not_null(one, column))
            || self.was_checked(table, column)
    }

    /// `ADD CHECK (… IS NOT NULL) NOT VALID`, `VALIDATE CONSTRAINT`, perhaps dropped again after `SET NOT NULL`.
    fn was_checked(&self, table: &Name, column: &str) -> bool {
        let mut asked = false;
        for one in &self.checks {
            if !one.acts.iter().any(|act| act.key.table_name().as_ref() == Some(table)) {
                continue;
            }
            let text = || one.text.to_ascii_lowercase();
            if one.flags.not_valid {
                asked |= text().contains("not null") && text().contains(&column.to_ascii_lowercase());
            } else if one.flags.validate && asked {
                return true;
            }
        }
        false
    }
}

fn referring(catalog: &Catalog) -> BTreeMap<&Name, BTreeSet<&Name>> {
    let mut all: BTreeMap<&Name, BTreeSet<&Name>> = BTreeMap::new();
    for (name, table) in &catalog.tables {
        for constraint in &table.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                all.entry(&key.table).or_default().insert(name);
            }
        }
    }
    all
}

/// Functions are volatile unless they say otherwise.
fn volatile(catalog: &Catalog) -> BTreeSet<&str> {
    let all = catalog.routines.iter().filter(|(_, one)| !one.options.contains_key("volatility"));
    all.map(|((name, _), _)| name.name.as_str()).collect()
}

fn says_not_null(constraint: &Constraint, column: &str) -> bool {
    let ConstraintKind::Check(check) = &constraint.kind else { return false };
    let text = check.normal.to_ascii_lowercase();
    let column = column.to_ascii_lowercase();
    let bare = text.trim_matches(|c| c == '(' || c == ')').replace('"', "");
    bare == format!("{column} is not null")
        || bare
            .split(" and ")
            .any(|part| part.trim_matches(|c| c == '(' || c == ')' || c == ' ') == format!("{column} is not null"))
}
