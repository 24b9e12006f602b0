//! Writes DDL of MySQL and MariaDB: a whole catalog, or what turns one catalog into another.
mod alter;
mod parts;
mod programs;
mod rename;
mod table;
#[cfg(test)]
mod tests;

pub use alter::alter;

use crate::engines::schema::catalog::{Catalog, Name};

/// The statements that make everything of a catalog in an empty database, in an order that works. None ends with a semicolon.
pub fn create(catalog: &Catalog) -> Vec<String> {
    let mut all: Vec<String> = catalog.sequences.iter().map(|(name, one)| programs::sequence(name, one)).collect();
    all.extend(catalog.tables.iter().map(|(name, one)| table::create(name, one, catalog.server)));
    for (name, one) in &catalog.tables {
        all.extend(one.constraints.iter().filter_map(|constraint| {
            Some(format!("ALTER TABLE {} ADD {}", parts::name(name), parts::foreign_key(constraint)?))
        }));
    }
    all.extend(catalog.routines.iter().map(|((name, _), one)| programs::routine(name, one)));
    all.extend(programs::ordered_views(catalog).into_iter().map(|(name, view)| programs::view(name, view)));
    for (name, one) in &catalog.tables {
        all.extend(one.triggers.iter().map(|trigger| programs::trigger(name, trigger)));
    }
    all.extend(
        catalog.others.iter().filter_map(|(key, one)| programs::event(&Name::new(&*key.schema, &*key.name), one)),
    );
    all
}
