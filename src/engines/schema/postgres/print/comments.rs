//! Comments.
use super::Writer;
use super::text::{full, ident, literal};
use crate::engines::schema::catalog::{Catalog, Key, Kind, Name};
use std::collections::BTreeMap;

impl Writer<'_> {
    /// Comments that differ. Those of what was made anew are written again.
    pub(super) fn comments(&mut self) {
        let old = remarks(self.before);
        let again: Vec<Name> = self.again.iter().cloned().collect();
        for ((key, target), text) in remarks(self.after) {
            let anew = key.table_name().is_some_and(|table| again.contains(&table));
            let known = old.get(&(key.clone(), target.clone()));
            if anew || known != Some(&text) {
                self.script.push(&key, format!("COMMENT ON {target} IS {}", literal(&text)));
            }
        }
        let new = remarks(self.after);
        for (key, target) in old.keys().filter(|one| !new.contains_key(*one)) {
            if exists(self.after, key) {
                self.script.push(key, format!("COMMENT ON {target} IS NULL"));
            }
        }
    }
}

/// Whether the later catalog still has an object.
fn exists(catalog: &Catalog, key: &Key) -> bool {
    catalog.objects().iter().any(|object| object.key == *key)
}

/// Every comment, with what it is on in the words of DDL.
fn remarks(catalog: &Catalog) -> BTreeMap<(Key, String), String> {
    catalog
        .objects()
        .into_iter()
        .filter_map(|object| {
            let text = object.attributes.get("comment")?.clone();
            let target = target(&object.key, &object.attributes)?;
            Some(((object.key, target), text))
        })
        .collect()
}

fn target(key: &Key, attributes: &BTreeMap<String, String>) -> Option<String> {
    let own = Name::new(&*key.schema, &*key.name);
    let table = key.table_name().map(|table| full(&table)).unwrap_or_default();
    Some(match key.kind {
        Kind::Schema => format!("SCHEMA {}", ident(&key.name)),
        Kind::Extension => format!("EXTENSION {}", ident(&key.name)),
        Kind::Enum | Kind::Composite | Kind::Range => format!("TYPE {}", full(&own)),
        Kind::Domain => format!("DOMAIN {}", full(&own)),
        Kind::Sequence => format!("SEQUENCE {}", full(&own)),
        Kind::Table if attributes.contains_key("server") => format!("FOREIGN TABLE {}", full(&own)),
        Kind::Table => format!("TABLE {}", full(&own)),
        Kind::Column | Kind::ViewColumn => format!("COLUMN {table}.{}", ident(&key.name)),
        Kind::Constraint => format!("CONSTRAINT {} ON {table}", ident(&key.name)),
        Kind::Index => format!("INDEX {}", full(&own)),
        Kind::View => format!("VIEW {}", full(&own)),
        Kind::MaterializedView => format!("MATERIALIZED VIEW {}", full(&own)),
        Kind::Trigger => format!("TRIGGER {} ON {table}", ident(&key.name)),
        Kind::Policy => format!("POLICY {} ON {table}", ident(&key.name)),
        Kind::Rule => format!("RULE {} ON {table}", ident(&key.name)),
        Kind::EventTrigger => format!("EVENT TRIGGER {}", ident(&key.name)),
        Kind::Publication => format!("PUBLICATION {}", ident(&key.name)),
        Kind::Statistics => format!("STATISTICS {}", full(&own)),
        Kind::Collation => format!("COLLATION {}", full(&own)),
        Kind::Function | Kind::Procedure | Kind::Aggregate => {
            let (name, arguments) = key.name.split_once('(')?;
            format!("{} {}({arguments}", key.kind.word().to_uppercase(), full(&Name::new(&*key.schema, name)))
        }
        _ => return None,
    })
}
