//! Tables of values that are shared by reference, as Go's maps are: what Helm's merging does depends on who shares what.
use crate::engines::helm::error::{Error, ErrorKind};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep tables may lie in tables.
const DEPTH: usize = 600;

/// How many entries all copying together may make.
const ENTRIES: usize = 8_000_000;

/// A value in a table.
#[derive(Debug, Clone)]
pub(super) enum Val {
    Null,
    /// Anything that merging takes as a whole: scalars and lists.
    Leaf(Rc<Value>),
    Table(Table),
}

impl Val {
    pub(super) fn table(&self) -> Option<&Table> {
        match self {
            Val::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Val::Null)
    }
}

/// A table; clones are the same table.
#[derive(Debug, Clone, Default)]
pub(super) struct Table(Rc<RefCell<BTreeMap<Rc<str>, Val>>>);

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<Val> {
        self.0.borrow().get(key).cloned()
    }

    pub(super) fn set(&self, key: &str, value: Val) {
        let mut map = self.0.borrow_mut();
        match map.get_mut(key) {
            Some(place) => *place = value,
            None => drop(map.insert(key.into(), value)),
        }
    }

    pub(super) fn remove(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// All entries as they are now, so that the table can change while they are gone through.
    pub(super) fn entries(&self) -> Vec<(Rc<str>, Val)> {
        self.0.borrow().iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect()
    }

    /// A table with the same entries.
    pub(super) fn shallow(&self) -> Table {
        Table(Rc::new(RefCell::new(self.0.borrow().clone())))
    }

    /// The table at a path with dots between.
    pub(super) fn table_at(&self, path: &str) -> Option<Table> {
        let mut table = self.clone();
        for part in path.split('.') {
            table = table.get(part)?.table()?.clone();
        }
        Some(table)
    }

    /// What stands at a path with dots between, unless it is a table.
    pub(super) fn value_at(&self, path: &str) -> Option<Val> {
        let (table, key) = match path.rsplit_once('.') {
            Some((path, key)) => (self.table_at(path)?, key),
            None => (self.clone(), path),
        };
        table.get(key).filter(|value| value.table().is_none())
    }
}

/// Makes and copies tables, and counts what that takes.
#[derive(Debug, Default)]
pub(super) struct Maker {
    made: Cell<usize>,
}

impl Maker {
    /// Counts entries before they are made.
    pub(super) fn spend(&self, entries: usize) -> Result<(), Error> {
        let made = self.made.get().saturating_add(entries);
        self.made.set(made);
        if made > ENTRIES {
            return Err(Error::new(ErrorKind::Limit, "merging the values takes more than 8 million entries"));
        }
        Ok(())
    }

    fn deeper(depth: usize) -> Result<usize, Error> {
        if depth >= DEPTH {
            return Err(Error::new(ErrorKind::Limit, format!("values lie more than {DEPTH} deep in tables")));
        }
        Ok(depth + 1)
    }

    /// A table of these values.
    pub(super) fn import(&self, map: &Map<String, Value>, depth: usize) -> Result<Table, Error> {
        let depth = Self::deeper(depth)?;
        self.spend(map.len())?;
        let table = Table::default();
        for (key, value) in map {
            let value = match value {
                Value::Null => Val::Null,
                Value::Object(map) => {
                    Val::Table(stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.import(map, depth))?)
                }
                other => Val::Leaf(Rc::new(other.clone())),
            };
            table.set(key, value);
        }
        Ok(table)
    }

    /// A copy in which no table is shared with the original.
    pub(super) fn deep(&self, table: &Table, depth: usize) -> Result<Table, Error> {
        let depth = Self::deeper(depth)?;
        let map = table.0.borrow();
        self.spend(map.len())?;
        let mut copy = BTreeMap::new();
        for (key, value) in map.iter() {
            let value = match value {
                Val::Table(inner) => {
                    Val::Table(stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.deep(inner, depth))?)
                }
                other => other.clone(),
            };
            copy.insert(Rc::clone(key), value);
        }
        Ok(Table(Rc::new(RefCell::new(copy))))
    }

    /// The values of a table.
    pub(super) fn export(&self, table: &Table, depth: usize) -> Result<Map<String, Value>, Error> {
        let depth = Self::deeper(depth)?;
        let map = table.0.borrow();
        self.spend(map.len())?;
        let mut values = Map::new();
        for (key, value) in map.iter() {
            let value = match value {
                Val::Null => Value::Null,
                Val::Leaf(value) => Value::clone(value),
                Val::Table(inner) => {
                    Value::Object(stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.export(inner, depth))?)
                }
            };
            values.insert(key.to_string(), value);
        }
        Ok(values)
    }
}
