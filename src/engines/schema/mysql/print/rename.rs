//! The catalog before, under the names that it has afterwards.
use super::parts;
use crate::engines::schema::catalog::{Catalog, Key, Kind, Name};
use crate::engines::schema::change::{Change, Difference};
use crate::engines::schema::mysql::replay::{rename_columns, rename_table};
use std::collections::BTreeMap;

/// New names by old ones.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Tables and views.
    pub(super) tables: Vec<(Name, Name)>,
    /// Columns by the new name of their table: new to old.
    pub(super) columns: BTreeMap<Name, BTreeMap<String, String>>,
    /// Indexes by the new name of their table: old and new.
    pub(super) indexes: BTreeMap<Name, Vec<(String, String)>>,
}

/// What the changes say of names, as far as both catalogs agree.
pub(super) fn find(before: &Catalog, after: &Catalog, changes: &[Change]) -> Renames {
    let mut renames = Renames::default();
    for change in changes {
        let Difference::Altered { renamed_from: Some((old, _)), .. } = &change.difference else { continue };
        let Some(table) = change.key.table_name() else { continue };
        match change.key.kind {
            Kind::Table => {
                let old = Name::new(&*old.schema, &*old.name);
                let new = Name::new(&*change.key.schema, &*change.key.name);
                if before.tables.contains_key(&old)
                    && !after.tables.contains_key(&old)
                    && after.tables.contains_key(&new)
                    && !before.tables.contains_key(&new)
                {
                    renames.tables.push((old, new));
                }
            }
            Kind::Column if old.name != change.key.name => {
                drop(renames.columns.entry(table).or_default().insert(change.key.name.clone(), old.name.clone()))
            }
            Kind::Index if old.name != change.key.name => {
                renames.indexes.entry(table).or_default().push((old.name.clone(), change.key.name.clone()))
            }
            _ => {}
        }
    }
    renames
}

/// The catalog before with the new names, and the statements that give them.
pub(super) fn apply(before: &Catalog, renames: &mut Renames) -> (Catalog, Vec<(Option<Key>, String)>) {
    let mut catalog = before.clone();
    let mut statements = Vec::new();
    for (old, new) in &renames.tables {
        rename_table(&mut catalog, old, new);
        statements.push((
            Some(Key::top(Kind::Table, new)),
            format!("RENAME TABLE {} TO {}", parts::name(old), parts::name(new)),
        ));
    }
    for (table, columns) in &mut renames.columns {
        // Only what is there under its old name and not under its new one.
        let known = catalog.tables.get(table);
        columns
            .retain(|new, old| known.is_some_and(|table| table.column(old).is_some() && table.column(new).is_none()));
        let names: BTreeMap<String, String> = columns.iter().map(|(new, old)| (old.clone(), new.clone())).collect();
        rename_columns(&mut catalog, table, &names);
    }
    for (name, pairs) in &mut renames.indexes {
        let Some(table) = catalog.tables.get_mut(name) else { continue };
        pairs.retain(|(old, new)| {
            let there = table.indexes.iter().any(|index| index.name == *new);
            match table.indexes.iter_mut().find(|index| index.name == *old).filter(|_| !there) {
                Some(index) => {
                    index.name.clone_from(new);
                    true
                }
                None => false,
            }
        });
    }
    (catalog, statements)
}
