//! Views: dropped and made anew around everything that they read.
use super::Writer;
use super::parts::same_index;
use super::table::ordered;
use super::text::{self, full};
use crate::engines::schema::catalog::{Catalog, Column, Key, Kind, Name, Table, View};

fn key(name: &Name, view: &View) -> Key {
    Key::top(if view.materialized { Kind::MaterializedView } else { Kind::View }, name)
}

fn same_view(a: &View, b: &View) -> bool {
    (a.materialized, &a.query.normal, &a.options, &a.columns)
        == (b.materialized, &b.query.normal, &b.options, &b.columns)
}

impl Writer<'_> {
    /// Whether a column becomes another one for whoever reads it.
    pub(super) fn retyped(&self, old: &Column, new: &Column) -> bool {
        let generated = |one: &Column| one.generated.as_ref().map(|one| one.expression.normal.clone());
        let own = old.data_type.schema.as_ref().map(|schema| Name::new(&**schema, &*old.data_type.name));
        old.data_type != new.data_type
            || old.collation != new.collation
            || generated(old) != generated(new)
            || own.is_some_and(|own| self.replaced.contains(&own))
    }

    /// Whether a change of the table makes the server refuse while a view reads it.
    fn stands_in_the_way(&self, old: &Table, new: Option<&Table>) -> bool {
        let Some(new) = new else { return true };
        old.columns.iter().any(|column| new.column(&column.name).is_none_or(|known| self.retyped(column, known)))
    }

    pub(super) fn find_views_to_make_again(&mut self) {
        let (before, after) = (self.before, self.after);
        let touched: Vec<&Name> = before
            .tables
            .iter()
            .filter(|(name, old)| self.stands_in_the_way(old, after.tables.get(name)))
            .map(|(name, _)| name)
            .collect();
        self.touched = touched.iter().map(|name| (*name).clone()).collect();
        let routines: Vec<&Name> = before
            .routines
            .iter()
            .filter(|(key, old)| {
                after.routines.get(*key).is_none_or(|new| new.arguments != old.arguments || new.returns != old.returns)
            })
            .map(|((name, _), _)| name)
            .collect();
        let mut again: std::collections::BTreeSet<Name> = before
            .views
            .iter()
            .filter(|(name, view)| {
                let changed = after.views.get(*name).is_some_and(|new| !same_view(view, new));
                let reads = touched.iter().chain(&routines).any(|table| text::mentions(&view.query.text, &table.name));
                changed || (after.views.contains_key(*name) && reads)
            })
            .map(|(name, _)| name.clone())
            .collect();
        // Views over views that go, go too.
        loop {
            let gone: Vec<Name> =
                before.views.keys().filter(|name| !after.views.contains_key(*name)).chain(&again).cloned().collect();
            let more = before.views.iter().filter(|(name, view)| {
                after.views.contains_key(*name)
                    && !again.contains(*name)
                    && gone.iter().any(|one| one != *name && text::mentions(&view.query.text, &one.name))
            });
            let more: Vec<Name> = more.map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                break;
            }
            again.extend(more);
        }
        self.again = again;
    }

    pub(super) fn drop_views(&mut self) {
        let before = self.before;
        let gone =
            before.views.keys().filter(|name| !self.after.views.contains_key(*name) || self.again.contains(*name));
        let mut order = ordered(gone, |name| reads(before, name));
        order.reverse();
        for name in order {
            if let Some(view) = before.views.get(&name) {
                let word = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
                self.script.push(&key(&name, view), format!("DROP {word} {}", full(&name)));
            }
        }
    }

    pub(super) fn views(&mut self) {
        let (before, after) = (self.before, self.after);
        let again = self.again.clone();
        let new = after.views.keys().filter(|name| !before.views.contains_key(*name) || again.contains(*name));
        for name in ordered(new, |name| reads(after, name)) {
            if let Some(view) = after.views.get(&name) {
                self.create_view(&name, view);
            }
        }
        for (name, view) in &after.views {
            let old = before.views.get(name).filter(|_| !again.contains(name));
            let indexes = old.map(|old| old.indexes.as_slice()).unwrap_or_default();
            for index in indexes
                .iter()
                .filter(|index| !view.indexes.iter().any(|known| known.name == index.name && same_index(known, index)))
            {
                let part = Key::part(Kind::Index, name, &*index.name);
                self.script.push(&part, format!("DROP INDEX {}", full(&Name::new(&*name.schema, &*index.name))));
            }
            for index in view
                .indexes
                .iter()
                .filter(|index| !indexes.iter().any(|known| known.name == index.name && same_index(known, index)))
            {
                self.script.push(&Key::part(Kind::Index, name, &*index.name), text::index(name, index));
            }
        }
    }

    fn create_view(&mut self, name: &Name, view: &View) {
        let word = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        let columns: Vec<String> = view.columns.iter().map(|(name, _)| name.clone()).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", text::columns(&columns)) };
        let options: Vec<String> = view
            .options
            .iter()
            .map(|(name, value)| format!("{} = {}", name.replace(' ', "_"), option(value)))
            .collect();
        let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
        let query = view.query.text.trim().trim_end_matches(';');
        self.script.push(&key(name, view), format!("CREATE {word} {}{columns}{options} AS\n{query}", full(name)));
    }
}

/// `yes` is how flags are kept; the server says `true`.
fn option(value: &str) -> String {
    if value == "yes" { "true".to_owned() } else { text::option_value(value) }
}

/// Views that a view reads.
fn reads(catalog: &Catalog, name: &Name) -> Vec<Name> {
    let Some(view) = catalog.views.get(name) else { return Vec::new() };
    catalog
        .views
        .keys()
        .filter(|other| *other != name && text::mentions(&view.query.text, &other.name))
        .cloned()
        .collect()
}
