//! The script that turns one catalog into another on SQLite, the data kept. What `ALTER TABLE` cannot do is done by rebuilding the table.
use super::print::{self, list, quote};
use super::rename;
use super::work::{Renames, Work, flat, mentions, with_column, work};
use crate::engines::schema::catalog::{Catalog, Column, ConstraintKind, Key, Kind, Name, Table};
use crate::engines::schema::change::{Change, Difference};
use std::collections::{BTreeMap, BTreeSet};

/// Statements in order, without semicolons, each with the object that it is for. `changes` say what was renamed, and what is another object
/// under the same name; everything else is seen in the catalogs.
pub fn alter(before: &Catalog, after: &Catalog, changes: &[Change]) -> Vec<(Option<Key>, String)> {
    let mut plan =
        Plan { now: before.clone(), after, out: Vec::new(), touched: BTreeSet::new(), replaced: BTreeSet::new() };
    for change in changes.iter().filter(|one| matches!(one.difference, Difference::Replaced { .. })) {
        plan.replaced.insert(change.key.clone());
    }
    let renames = Renames::new(changes);
    let work = work(&plan.now, after, &renames, &plan.replaced);
    plan.touch(&work);
    let (views, triggers) = plan.drop_dependents();
    if work.values().any(|one| matches!(one, Work::Drop | Work::Rebuild | Work::Replace)) {
        plan.say(None, "PRAGMA foreign_keys = OFF".to_owned());
    }
    plan.drop_all(&work);
    plan.rename_all(&renames, &work);
    plan.change_all(&work);
    plan.create_dependents(&views, &triggers);
    plan.out
}

struct Plan<'c> {
    /// What there is at this point of the script.
    now: Catalog,
    after: &'c Catalog,
    out: Vec<(Option<Key>, String)>,
    /// Tables and views of which others must not know while they are changed, lower case.
    touched: BTreeSet<String>,
    /// Objects that are others under the same name.
    replaced: BTreeSet<Key>,
}

impl Plan<'_> {
    fn say(&mut self, key: Option<Key>, text: String) {
        self.out.push((key, text));
    }

    /// Finds out of which tables views and triggers must not know for a while.
    fn touch(&mut self, work: &BTreeMap<String, Work>) {
        let mut touched = BTreeSet::new();
        for (name, one) in work {
            let table = Name::new("", name.as_str());
            let gone = match (self.now.tables.get(&table), self.after.tables.get(&table)) {
                (Some(before), Some(after)) => before.columns.iter().any(|one| after.column(&one.name).is_none()),
                _ => true,
            };
            if !matches!(one, Work::Keep) && (gone || *one != Work::Simple) {
                touched.insert(name.to_lowercase());
            }
        }
        touched.extend(
            self.now
                .tables
                .keys()
                .filter(|name| !self.after.tables.contains_key(name))
                .map(|name| name.name.to_lowercase()),
        );
        for (name, view) in &self.now.views {
            if self
                .after
                .views
                .get(name)
                .is_none_or(|later| later.query.normal != view.query.normal || later.options != view.options)
                || self.replaced.contains(&Key::top(Kind::View, name))
            {
                touched.insert(name.name.to_lowercase());
            }
        }
        // Views on views.
        loop {
            let more: Vec<String> = self
                .now
                .views
                .iter()
                .map(|(name, view)| (name.name.to_lowercase(), view))
                .filter(|(name, view)| !touched.contains(name) && mentions(&view.query.text, &touched))
                .map(|(name, _)| name)
                .collect();
            if more.is_empty() {
                break;
            }
            touched.extend(more);
        }
        self.touched = touched;
    }

    /// Drops triggers and views that would stand in the way or are other ones later; gives those that stay.
    fn drop_dependents(&mut self) -> (BTreeSet<Name>, BTreeSet<(Name, String)>) {
        let now = self.now.clone();
        let (mut views, mut triggers) = (BTreeSet::new(), BTreeSet::new());
        let owners = now
            .tables
            .iter()
            .map(|(name, one)| (name, &one.triggers))
            .chain(now.views.iter().map(|(name, one)| (name, &one.triggers)));
        for (name, all) in owners {
            for trigger in all {
                let text = print::trigger(name, trigger);
                let later = self
                    .after
                    .tables
                    .get(name)
                    .map(|one| &one.triggers)
                    .or_else(|| self.after.views.get(name).map(|one| &one.triggers));
                let later = later.and_then(|all| all.iter().find(|one| one.name == trigger.name));
                let same = later.is_some_and(|later| super::print::trigger(name, later) == text);
                if same && !mentions(&text, &self.touched) {
                    triggers.insert((name.clone(), trigger.name.clone()));
                } else {
                    self.say(
                        Some(Key::part(Kind::Trigger, name, &*trigger.name)),
                        format!("DROP TRIGGER {}", quote(&trigger.name)),
                    );
                }
            }
        }
        for name in now.views.keys() {
            match self.touched.contains(&name.name.to_lowercase()) {
                false => {
                    views.insert(name.clone());
                }
                true => self.say(Some(Key::top(Kind::View, name)), format!("DROP VIEW {}", quote(&name.name))),
            }
        }
        (views, triggers)
    }

    fn drop_all(&mut self, work: &BTreeMap<String, Work>) {
        for (name, _) in work.iter().filter(|(_, one)| matches!(one, Work::Drop | Work::Replace)) {
            let table = Name::new("", name.as_str());
            self.now.tables.remove(&table);
            self.say(Some(Key::top(Kind::Table, &table)), format!("DROP TABLE {}", quote(name)));
        }
    }

    fn rename_all(&mut self, renames: &Renames, work: &BTreeMap<String, Work>) {
        let pairs: Vec<(String, String)> = renames
            .tables
            .iter()
            .map(|(to, from)| (from.clone(), to.clone()))
            .filter(|(_, to)| work.get(to) != Some(&Work::Replace))
            .collect();
        // Names that are still taken: by way of another name.
        let mut waiting = Vec::new();
        for (nth, (from, to)) in pairs.into_iter().enumerate() {
            if self.now.tables.keys().any(|name| name.name.eq_ignore_ascii_case(&to)) {
                let between = self.free(&format!("{from}_{nth}"));
                self.rename(&from, &between);
                waiting.push((between, to));
            } else {
                self.rename(&from, &to);
            }
        }
        for (from, to) in waiting {
            self.rename(&from, &to);
        }
        for ((table, to), from) in &renames.columns {
            let Some(now) = self.now.tables.get(&Name::new("", table.as_str())) else { continue };
            if now.column(from).is_some()
                && !now.columns.iter().any(|one| one.name.eq_ignore_ascii_case(to) && one.name != *from)
            {
                rename::column(&mut self.now, table, from, to);
                let key = Key::part(Kind::Column, &Name::new("", table.as_str()), to.as_str());
                self.say(
                    Some(key),
                    format!("ALTER TABLE {} RENAME COLUMN {} TO {}", quote(table), quote(from), quote(to)),
                );
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        rename::table(&mut self.now, from, to);
        self.say(
            Some(Key::top(Kind::Table, &Name::new("", to))),
            format!("ALTER TABLE {} RENAME TO {}", quote(from), quote(to)),
        );
    }

    /// A name that no table or view has.
    fn free(&self, wish: &str) -> String {
        let taken = |name: &str| {
            let all = self
                .now
                .tables
                .keys()
                .chain(self.now.views.keys())
                .chain(self.after.tables.keys())
                .chain(self.after.views.keys());
            all.into_iter().any(|one| one.name.eq_ignore_ascii_case(name))
        };
        let mut name = wish.to_owned();
        while taken(&name) {
            name.push('_');
        }
        name
    }

    /// Indexes go first and come last: names are free by then, also those that go to another table.
    fn change_all(&mut self, work: &BTreeMap<String, Work>) {
        let after = self.after;
        let tables: Vec<(Name, Work, &Table)> = work
            .iter()
            .map(|(name, one)| (Name::new("", name.as_str()), *one))
            .filter_map(|(name, one)| Some((name.clone(), one, after.tables.get(&name)?)))
            .collect();
        let mut missing = Vec::new();
        for (name, one, table) in &tables {
            let kept = matches!(one, Work::Keep | Work::Simple);
            let old = self.now.tables.get(name).filter(|_| kept).map(|old| flat(name, old)).unwrap_or_default();
            let new = flat(name, table);
            for (key, attributes) in old.iter().filter(|((kind, _), _)| *kind == Kind::Index) {
                if new.get(key) != Some(attributes) {
                    let text = format!("DROP INDEX {}", quote(&key.1));
                    self.say(Some(Key::part(Kind::Index, name, key.1.as_str())), text);
                }
            }
            let differs = |key: &(Kind, String)| old.get(key) != new.get(key);
            let indexes = table.indexes.iter().filter(|index| differs(&(Kind::Index, index.name.clone())));
            missing.extend(indexes.map(|index| (name.clone(), index)));
        }
        for (name, one, table) in &tables {
            match one {
                Work::Create | Work::Replace => self.say(Some(Key::top(Kind::Table, name)), print::table(name, table)),
                Work::Rebuild => self.rebuild(name, table),
                Work::Simple => self.simple(name, table),
                Work::Keep | Work::Drop => {}
            }
        }
        for (name, index) in missing {
            self.say(Some(Key::part(Kind::Index, &name, &*index.name)), print::index(&name, index));
        }
    }

    /// Columns that go, columns that come.
    fn simple(&mut self, name: &Name, table: &Table) {
        let Some(old) = self.now.tables.get(name).cloned() else { return };
        let (new, before) = (flat(name, table), flat(name, &old));
        for column in old.columns.iter().filter(|one| table.column(&one.name).is_none()) {
            let text = format!("ALTER TABLE {} DROP COLUMN {}", quote(&name.name), quote(&column.name));
            self.say(Some(Key::part(Kind::Column, name, &*column.name)), text);
        }
        for column in table.columns.iter().filter(|one| old.column(&one.name).is_none()) {
            let mut text =
                format!("ALTER TABLE {} ADD COLUMN {}", quote(&name.name), print::column(table, column, None));
            for part in new
                .keys()
                .filter(|(kind, part)| *kind == Kind::Constraint && !before.contains_key(&(*kind, part.clone())))
            {
                let Some((owner, constraint)) = with_column(name, &part.1, &old, table) else { continue };
                if owner == column.name {
                    text.push_str(&match &constraint.kind {
                        ConstraintKind::ForeignKey(key) => {
                            format!(" {}{}", print::named(constraint), print::references(key, constraint))
                        }
                        _ => format!(" {}", print::constraint(constraint).unwrap_or_default()),
                    });
                }
            }
            self.say(Some(Key::part(Kind::Column, name, &*column.name)), text);
        }
    }

    /// Makes the table anew beside the old one, copies the rows, and lets it take the name.
    fn rebuild(&mut self, name: &Name, table: &Table) {
        let Some(old) = self.now.tables.get(name).cloned() else { return };
        let beside = Name::new("", self.free(&format!("new_{}", name.name)));
        let key = Some(Key::top(Kind::Table, name));
        let kept = |column: &&Column| {
            column.generated.is_none()
                && old.column(&column.name).is_some()
                && !self.replaced.contains(&Key::part(Kind::Column, name, &*column.name))
        };
        let columns: Vec<&Column> = table.columns.iter().filter(kept).collect();
        let names: Vec<String> = columns.iter().map(|one| one.name.clone()).collect();
        let values: Vec<String> = columns
            .iter()
            .map(|column| match (&column.default, old.column(&column.name)) {
                // Rows that have nothing where something must stand get the default.
                (Some(default), Some(old)) if column.not_null && !old.not_null => {
                    format!("coalesce({}, {})", quote(&column.name), default.text)
                }
                _ => quote(&column.name),
            })
            .collect();
        self.say(key.clone(), print::table(&beside, table));
        if !names.is_empty() {
            let text = format!(
                "INSERT INTO {} ({}) SELECT {} FROM {}",
                quote(&beside.name),
                list(&names),
                values.join(", "),
                quote(&name.name)
            );
            self.say(key.clone(), text);
        }
        self.say(key.clone(), format!("DROP TABLE {}", quote(&name.name)));
        self.say(key, format!("ALTER TABLE {} RENAME TO {}", quote(&beside.name), quote(&name.name)));
    }

    fn create_dependents(&mut self, views: &BTreeSet<Name>, triggers: &BTreeSet<(Name, String)>) {
        let after = self.after;
        for (name, view) in after.views.iter().filter(|(name, _)| !views.contains(*name)) {
            self.say(Some(Key::top(Kind::View, name)), print::view(name, view));
        }
        let owners = after
            .tables
            .iter()
            .map(|(name, one)| (name, &one.triggers))
            .chain(after.views.iter().map(|(name, one)| (name, &one.triggers)));
        for (name, all) in owners {
            for trigger in all.iter().filter(|one| !triggers.contains(&(name.clone(), one.name.clone()))) {
                self.say(Some(Key::part(Kind::Trigger, name, &*trigger.name)), print::trigger(name, trigger));
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
#[path = "alter_tests.rs"]
mod tests;
