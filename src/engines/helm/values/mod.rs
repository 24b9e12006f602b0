//! Values of charts: defaults, files, `--set`, parents, globals, imports, and the schema they must fit.
mod coalesce;
mod enable;
mod graph;
mod imports;
mod place;
mod read;
mod schema;
mod set;
mod table;
mod text;

pub use place::place;
pub use read::{read, read_as};
pub use schema::validate;
pub use set::{ReadFile, Set, set, set_as};

pub(in crate::engines::helm) use read::{first_document, json, key};
pub(in crate::engines::helm) use text::go_float;

use super::chart::Chart;
use super::error::Error;
use super::host::Compat;
use coalesce::Merger;
use serde_json::{Map, Value};

/// Lays values files over one another, in the order in which they are named: what stands in a later one wins.
pub fn merge_files(files: Vec<Map<String, Value>>) -> Map<String, Value> {
    files.into_iter().fold(Map::new(), merge)
}

/// One mapping over another. Nulls are kept: they take defaults away later.
fn merge(mut under: Map<String, Value>, over: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in over {
        let value = match (value, under.get_mut(&key)) {
            (Value::Object(over), Some(Value::Object(under))) => {
                let under = std::mem::take(under);
                Value::Object(stacker::maybe_grow(64 * 1024, 1024 * 1024, || merge(under, over)))
            }
            (value, _) => value,
        };
        under.insert(key, value);
    }
    under
}

/// How to prepare.
#[derive(Debug, Clone, Copy, Default)]
pub struct Prepare {
    /// Whose rules.
    pub compat: Compat,
}

/// A chart and its values, ready for templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The chart with those dependencies only that are on, under their aliases. Its `values` are those that were read.
    pub chart: Chart,
    /// What `.Values` is at the top. The values of a chart below are in it under its name, complete.
    pub values: Map<String, Value>,
    /// What Helm would have written to its log, sorted.
    pub warnings: Vec<String>,
}

/// Works out which dependencies are on, imports values from them, and lays the user's values over all defaults.
///
/// # Errors
/// When the values of a dependency are no table, an import is not well formed, or a bound is exceeded.
pub fn prepare(chart: &Chart, user: &Map<String, Value>, options: &Prepare) -> Result<Prepared, Error> {
    let merger = Merger::new(options.compat);
    let (graph, root) = graph::Graph::of(chart, &merger.maker)?;
    let user = merger.maker.import(user, 0)?;
    enable::enable(&graph, &merger, &root, &user, "")?;
    imports::import(&merger, &root)?;
    let values = merger.values(&root, &user, false)?;
    let mut prepared = graph.chart(&root);
    unmark(&mut prepared);
    Ok(Prepared { chart: prepared, values: merger.maker.export(&values, 0)?, warnings: merger.warnings() })
}

fn unmark(chart: &mut Chart) {
    chart.metadata.dependencies.iter_mut().flatten().for_each(|one| imports::unmark(&mut one.import_values));
    chart.dependencies.iter_mut().for_each(unmark);
}

#[cfg(test)]
pub(in crate::engines::helm) mod tests;
