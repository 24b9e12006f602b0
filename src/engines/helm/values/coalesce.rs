//! Laying values over defaults, for a chart and the charts below it, with the rules of either Helm for `null` and globals.
use super::graph::NodeRef;
use super::table::{Maker, Table, Val};
use super::text;
use crate::engines::gotemplate::fmt;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;

const GLOBAL: &str = "global";

/// How many warnings are kept.
const WARNINGS: usize = 200;

/// How deep tables in tables are gone through.
const DEPTH: usize = 600;

/// What merging needs at hand.
pub(super) struct Merger {
    pub(super) compat: Compat,
    pub(super) maker: Maker,
    warnings: RefCell<BTreeSet<String>>,
}

impl Merger {
    pub(super) fn new(compat: Compat) -> Merger {
        Merger { compat, maker: Maker::default(), warnings: RefCell::default() }
    }

    /// What Helm would have written to its log, each once.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().iter().cloned().collect()
    }

    pub(super) fn warn(&self, text: impl FnOnce() -> String) {
        let mut warnings = self.warnings.borrow_mut();
        if warnings.len() < WARNINGS {
            warnings.insert(text());
        }
    }

    /// Values over the defaults of a chart and of all below it. With `merge`, nulls are kept for a later round (Helm 4 only).
    pub(super) fn values(&self, node: &NodeRef, values: &Table, merge: bool) -> Result<Table, Error> {
        let values = self.maker.deep(values, 0)?;
        self.coalesce(node, &values, "", merge)?;
        Ok(values)
    }

    fn coalesce(&self, node: &NodeRef, into: &Table, prefix: &str, merge: bool) -> Result<(), Error> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            self.defaults(node, into, prefix, merge)?;
            self.below(node, into, prefix, merge)
        })
    }

    fn below(&self, node: &NodeRef, into: &Table, prefix: &str, merge: bool) -> Result<(), Error> {
        let children = node.borrow().children.clone();
        for child in &children {
            let name = child.borrow().name();
            let table = match into.get(&name) {
                None => {
                    let table = Table::default();
                    into.set(&name, Val::Table(table.clone()));
                    table
                }
                Some(Val::Table(table)) => table,
                Some(other) => {
                    let given = match &other {
                        Val::Leaf(value) => text::go_t(value),
                        _ => text::go_t(&Value::Null),
                    };
                    return Err(Error::new(ErrorKind::Values, format!("type mismatch on {name}: {given}")));
                }
            };
            let prefix = join(prefix, &node.borrow().name());
            self.globals(&table, into, &prefix)?;
            self.coalesce(child, &table, &prefix, merge)?;
        }
        Ok(())
    }

    /// Hands the globals of a chart down to one below it.
    fn globals(&self, into: &Table, from: &Table, prefix: &str) -> Result<(), Error> {
        let table = |values: &Table, side: &str| match values.get(GLOBAL) {
            None => Some(Table::default()),
            Some(Val::Table(table)) => Some(table),
            Some(_) => {
                self.warn(|| format!("warning: skipping globals because {side} {GLOBAL} is not a table."));
                None
            }
        };
        let Some(below) = table(into, "destination") else { return Ok(()) };
        let Some(above) = table(from, "source") else { return Ok(()) };
        let entries = above.entries();
        self.maker.spend(entries.len())?;
        for (key, value) in entries {
            let there = below.get(&key);
            match (value, there) {
                (Val::Table(value), there) => {
                    let copy = value.shallow();
                    match there {
                        None => (),
                        Some(Val::Table(there)) => {
                            // Here what is above wins, so the merging goes the other way round. Nulls are seen to later.
                            self.tables(&copy, &there, &join(prefix, &key), true, 0)?;
                        }
                        Some(_) => {
                            self.warn(|| {
                                format!(
                                    "Conflict: cannot merge map onto non-map for {}. Skipping.",
                                    fmt::quote_text(key.as_bytes())
                                )
                            });
                            continue;
                        }
                    }
                    below.set(&key, Val::Table(copy));
                }
                (_, Some(Val::Table(_))) => self.warn(|| format!("key {key} is table. Skipping")),
                (value, _) => below.set(&key, value),
            }
        }
        into.set(GLOBAL, Val::Table(below));
        Ok(())
    }

    /// Lays values over the defaults of one chart.
    fn defaults(&self, node: &NodeRef, into: &Table, prefix: &str, merge: bool) -> Result<(), Error> {
        let prefix = join(prefix, &node.borrow().name());
        let Some(defaults) = node.borrow().values.clone() else { return Ok(()) };
        // Helm 3 works on the chart's own tables, and what it changes in them stays changed.
        let defaults = if self.compat == Compat::Helm3 { defaults } else { self.maker.deep(&defaults, 0)? };
        for (key, value) in defaults.entries() {
            match into.get(&key) {
                Some(Val::Null) if !merge => into.remove(&key),
                Some(Val::Table(there)) => match &value {
                    Val::Table(source) => {
                        let keep = merge || (self.compat == Compat::Helm4 && node.borrow().has_child(&key));
                        if self.compat == Compat::Helm4 && !keep {
                            clean(source, 0);
                        }
                        self.tables(&there, source, &join(&prefix, &key), keep, 0)?;
                    }
                    Val::Null => (),
                    Val::Leaf(_) => self.warn(|| format!("warning: skipped value for {prefix}.{key}: Not a table.")),
                },
                Some(_) => (),
                None => {
                    if self.compat == Compat::Helm4 && !merge {
                        match &value {
                            Val::Null => continue,
                            Val::Table(table) => clean(table, 0),
                            Val::Leaf(_) => (),
                        }
                    }
                    into.set(&key, value);
                }
            }
        }
        Ok(())
    }

    /// Adds to a table what only the source has, and goes on in the tables that both have.
    pub(super) fn tables(
        &self,
        into: &Table,
        from: &Table,
        prefix: &str,
        merge: bool,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > DEPTH {
            return Err(Error::new(ErrorKind::Limit, format!("values lie more than {DEPTH} deep in tables")));
        }
        match self.compat {
            Compat::Helm3 => self.tables_3(into, from, prefix, depth),
            Compat::Helm4 => self.tables_4(into, from, prefix, merge, depth),
        }
    }

    fn tables_3(&self, into: &Table, from: &Table, prefix: &str, depth: usize) -> Result<(), Error> {
        for (key, value) in from.entries() {
            match into.get(&key) {
                Some(Val::Null) => into.remove(&key),
                None => into.set(&key, value),
                Some(there) => self.both(&there, &value, &join(prefix, &key), false, depth)?,
            }
        }
        Ok(())
    }

    fn tables_4(&self, into: &Table, from: &Table, prefix: &str, merge: bool, depth: usize) -> Result<(), Error> {
        // A null over a default takes the default away; a null for which there is no default stays.
        let given: BTreeSet<_> =
            from.entries().into_iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key).collect();
        for (key, value) in into.entries() {
            if value.is_null() {
                from.set(&key, Val::Null);
            }
        }
        for (key, value) in from.entries() {
            match into.get(&key) {
                Some(Val::Null) if !merge && given.contains(&key) => into.remove(&key),
                None => into.set(&key, value),
                Some(there) => self.both(&there, &value, &join(prefix, &key), merge, depth)?,
            }
        }
        Ok(())
    }

    /// Both sides have the key.
    fn both(&self, there: &Val, value: &Val, key: &str, merge: bool, depth: usize) -> Result<(), Error> {
        match (there, value) {
            (Val::Table(there), Val::Table(value)) => {
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.tables(there, value, key, merge, depth + 1))?;
            }
            (_, Val::Table(table)) => self.warn(|| {
                let value = self.maker.export(table, 0).map(Value::Object).unwrap_or_default();
                format!("warning: cannot overwrite table with non table for {key} ({})", text::go_v(&value))
            }),
            (Val::Table(_), Val::Leaf(value)) => self.warn(|| {
                format!("warning: destination for {key} is a table. Ignoring non-table value ({})", text::go_v(value))
            }),
            _ => (),
        }
        Ok(())
    }
}

/// Takes all nulls out of a table and the tables in it.
fn clean(table: &Table, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for (key, value) in table.entries() {
        match value {
            Val::Null => table.remove(&key),
            Val::Table(inner) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || clean(&inner, depth + 1)),
            Val::Leaf(_) => (),
        }
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}
