//! `import-values`: what a chart takes over from the values of charts below it.
use super::coalesce::Merger;
use super::enable::import_path;
use super::graph::NodeRef;
use super::table::{Table, Val};
use super::text;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use serde_json::{Map, Value};
use std::rc::Rc;

/// How many parts the path of an import may have.
const PARTS: usize = 100;

/// Marks an import that was carried out: such a one is a map of texts in Helm, which it does not carry out again.
const DONE: &str = "\u{0}done";

/// Imports in all charts, those below first.
pub(super) fn import(merger: &Merger, node: &NodeRef) -> Result<(), Error> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
        let children = node.borrow().children.clone();
        for child in &children {
            import(merger, child)?;
        }
        let dependencies = node.borrow().meta.borrow().dependencies.clone();
        match dependencies {
            None => Ok(()),
            Some(_) if merger.compat == Compat::Helm3 => import_3(merger, node),
            Some(_) => import_4(merger, node),
        }
    })
}

/// Something to import: the table in the values, and where it goes.
struct Import {
    child: String,
    parent: String,
    /// It was a text, which means something else in Helm 3.
    short: bool,
}

/// The imports of a dependency, which are marked as done.
fn imports(merger: &Merger, node: &NodeRef) -> Result<Vec<(String, Vec<Import>)>, Error> {
    let dependencies = node.borrow().meta.borrow().dependencies.clone().unwrap_or_default();
    let mut all = Vec::new();
    for one in dependencies {
        let mut one = one.borrow_mut();
        let mut list = Vec::new();
        for import in &one.import_values {
            match import {
                Value::String(text) => {
                    list.push(Import { child: format!("exports.{text}"), parent: ".".into(), short: true });
                }
                Value::Object(map) if !map.contains_key(DONE) => {
                    let path = |key: &str| match (import_path(import, key), merger.compat) {
                        (Some(path), _) => Ok(path),
                        (None, Compat::Helm4) => Ok(text::go_v(map.get(key).unwrap_or(&Value::Null))),
                        (None, Compat::Helm3) => {
                            let given = text::go_type(map.get(key).unwrap_or(&Value::Null)).replace("<nil>", "nil");
                            let text = format!("interface conversion: interface {{}} is {given}, not string");
                            Err(Error::new(ErrorKind::Invalid, text).at("Chart.yaml"))
                        }
                    };
                    list.push(Import { child: path("child")?, parent: path("parent")?, short: false });
                }
                _ => (),
            }
        }
        one.import_values = list.iter().map(done).collect();
        all.push((one.name.clone(), list));
    }
    Ok(all)
}

fn done(import: &Import) -> Value {
    let mut map = Map::new();
    map.insert("child".into(), import.child.clone().into());
    map.insert("parent".into(), import.parent.clone().into());
    map.insert(DONE.into(), Value::Bool(true));
    Value::Object(map)
}

/// Takes the marks off that `imports` made.
pub(super) fn unmark(imports: &mut [Value]) {
    for import in imports {
        if let Value::Object(map) = import {
            map.remove(DONE);
        }
    }
}

fn import_4(merger: &Merger, node: &NodeRef) -> Result<(), Error> {
    let values = merger.values(node, &Table::default(), true)?;
    let imported = Table::default();
    for (name, list) in imports(merger, node)? {
        for import in list {
            let Some(table) = find(merger, &values, &name, &import) else { continue };
            merger.tables(&imported, &at(&import.parent, &table)?, "", true, 0)?;
        }
    }
    // What is imported is of less weight than the chart's own values.
    let values = merger.maker.deep(&values, 0)?;
    merger.tables(&values, &imported, "", true, 0)?;
    node.borrow_mut().values = Some(values);
    Ok(())
}

fn import_3(merger: &Merger, node: &NodeRef) -> Result<(), Error> {
    let values = merger.values(node, &Table::default(), false)?;
    let mut imported = Table::default();
    for (name, list) in imports(merger, node)? {
        for import in list {
            let Some(table) = find(merger, &values, &name, &import) else { continue };
            if !import.short {
                // Not a slip of ours: what was imported before is forgotten, unless it went into the values themselves.
                imported = values.clone();
            }
            merger.tables(&imported, &at(&import.parent, &table)?, "", false, 0)?;
        }
    }
    merger.tables(&values, &imported, "", false, 0)?;
    node.borrow_mut().values = Some(values);
    Ok(())
}

fn find(merger: &Merger, values: &Table, name: &str, import: &Import) -> Option<Table> {
    let found = values.table_at(&format!("{name}.{}", import.child));
    match found {
        None => merger.warn(|| format!("Warning: ImportValues missing table from chart {name}: {}", import.child)),
        // An empty table is replaced by a new one.
        Some(table) if table.is_empty() => return Some(Table::default()),
        Some(_) => (),
    }
    found
}

/// The table inside tables for each part of the path.
fn at(path: &str, table: &Table) -> Result<Table, Error> {
    if path == "." {
        return Ok(table.clone());
    }
    let parts: Vec<&str> = path.split('.').collect();
    if parts.len() > PARTS {
        let text = format!("the path of an import has more than {PARTS} parts");
        return Err(Error::new(ErrorKind::Limit, text).at("Chart.yaml"));
    }
    let mut inner = table.clone();
    for part in parts.into_iter().rev() {
        let outer = Table::default();
        outer.set(&Rc::<str>::from(part), Val::Table(inner));
        inner = outer;
    }
    Ok(inner)
}
