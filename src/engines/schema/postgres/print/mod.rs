//! Writes DDL for PostgreSQL: a whole catalog, or what makes one catalog out of another, in an order in which the server takes it.
mod comments;
mod kinds;
mod others;
mod parts;
mod rename;
mod routines;
mod table;
mod text;
mod views;

use crate::engines::schema::catalog::{Catalog, Key, Name};
use crate::engines::schema::change::Change;
use others::Stage;
use std::collections::BTreeSet;

/// The DDL that makes a catalog in an empty database.
pub fn create(catalog: &Catalog) -> Vec<String> {
    let empty = Catalog::new(catalog.server);
    alter(&empty, catalog, &[]).into_iter().map(|(_, sql)| sql).collect()
}

/// The DDL that makes `after` out of `before`; beside each statement the object it is about. `changes` says what was renamed: everything else is
/// compared here, so that nothing is left over whatever the changes leave out. Privileges are not written.
pub fn alter(before: &Catalog, after: &Catalog, changes: &[Change]) -> Vec<(Option<Key>, String)> {
    let mut script = Script::default();
    let renamed = rename::apply(before, after, changes, &mut script);
    let mut writer = Writer {
        before: &renamed,
        after,
        script,
        again: BTreeSet::new(),
        replaced: BTreeSet::new(),
        touched: BTreeSet::new(),
        aside: Vec::new(),
        dropped: BTreeSet::new(),
    };
    writer.write();
    writer.script.finish(after)
}

/// Statements, in order.
#[derive(Default)]
struct Script {
    lines: Vec<(Option<Key>, String)>,
    routines: bool,
}

impl Script {
    fn push(&mut self, key: &Key, sql: impl Into<String>) {
        self.lines.push((Some(key.clone()), sql.into()));
    }

    /// Puts in front what the statements need of the session.
    fn finish(mut self, after: &Catalog) -> Vec<(Option<Key>, String)> {
        if self.lines.is_empty() {
            return self.lines;
        }
        let mut head = Vec::new();
        if self.routines {
            // Bodies may name what comes later.
            head.push((None, "SET check_function_bodies = false".to_owned()));
        }
        if after.schemas.len() > 1 {
            // Expressions stand as they were written, with names that their own schema was searched for.
            let mut schemas: Vec<String> = after.schemas.keys().map(|name| text::ident(name)).collect();
            schemas.sort_by_key(|name| (name != "public", name.clone()));
            head.push((None, format!("SET search_path = {}", schemas.join(", "))));
        }
        head.append(&mut self.lines);
        head
    }
}

/// Two catalogs, the earlier with the names of the later, and what was written so far.
struct Writer<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    script: Script,
    /// Views that are dropped and made anew because of what they read.
    again: BTreeSet<Name>,
    /// Types that are made anew.
    replaced: BTreeSet<Name>,
    /// Tables with columns that go, or change in a way that the server refuses while something reads them.
    touched: BTreeSet<Name>,
    /// Routines that take or give a type that is made anew: dropped before it.
    dropped: BTreeSet<(Name, String)>,
    /// Old types under another name, which go when nothing is made of them any more.
    aside: Vec<(Key, String)>,
}

impl Writer<'_> {
    fn write(&mut self) {
        self.find_replaced_types();
        self.find_views_to_make_again();
        self.drop_others();
        self.drop_dependents();
        self.drop_routines_of_types();
        self.create_schemas();
        self.create_extensions();
        self.others(Stage::Early);
        self.types();
        self.sequences();
        self.routines(false);
        self.tables();
        self.routines(true);
        self.others(Stage::Middle);
        self.table_parts();
        self.attach_partitions();
        self.views();
        self.triggers();
        self.policies();
        self.others(Stage::Late);
        self.own_sequences();
        self.drop_rest();
        self.comments();
    }
}
