//! Files to a chart and the charts in it.
use super::metadata::{self, Metadata};
use super::{Budget, Buffered, Chart, File, archive};
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::engines::helm::values;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The chart that these files are.
pub(super) fn chart(files: Vec<Buffered>, budget: &mut Budget, depth: usize) -> Result<Chart, Error> {
    if depth > budget.limits.depth {
        let text = format!("charts lie more than {} deep in charts", budget.limits.depth);
        return Err(Error::new(ErrorKind::Limit, text));
    }
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || assemble(files, budget, depth))
}

fn assemble(files: Vec<Buffered>, budget: &mut Budget, depth: usize) -> Result<Chart, Error> {
    let mut chart = Chart::default();
    let mut found: Option<Metadata> = None;
    for file in files.iter().filter(|file| file.name == "Chart.yaml") {
        let mut read = found.take().unwrap_or_default();
        metadata::read_into(&mut read, &file.data, budget.compat)
            .map_err(|error| within(error, "cannot load Chart.yaml", &file.name))?;
        if read.api_version.is_empty() {
            "v1".clone_into(&mut read.api_version);
        }
        found = Some(read);
    }
    let mut below: BTreeMap<String, Vec<Buffered>> = BTreeMap::new();
    for file in files {
        sort_in(file, &mut chart, &mut found, &mut below, budget.compat)?;
    }
    let Some(mut metadata) = found else {
        return Err(Error::new(ErrorKind::Chart, "Chart.yaml file is missing"));
    };
    let valid = metadata.validate(budget.compat);
    valid.map_err(|text| Error::new(ErrorKind::Invalid, format!("validation: {text}")).at("Chart.yaml"))?;
    chart.metadata = metadata;
    for (name, files) in below {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let inner = subchart(&name, files, &chart.metadata.name, budget, depth).map_err(|error| {
            let file =
                error.file.as_ref().map_or_else(|| format!("charts/{name}"), |file| format!("charts/{name}/{file}"));
            let word = if budget.compat == Compat::Helm3 { "" } else { "subchart " };
            let text = format!("error unpacking {word}{name} in {}: {}", chart.metadata.name, error.text);
            // The text for a misnamed archive says already where it happened.
            let text = if error.text.starts_with("error unpacking") && error.text.contains(": expected ") {
                error.text
            } else {
                text
            };
            Error { kind: error.kind, text, file: Some(file), line: error.line }
        })?;
        chart.dependencies.push(inner);
    }
    Ok(chart)
}

/// Puts a file where it belongs.
fn sort_in(
    file: Buffered,
    chart: &mut Chart,
    found: &mut Option<Metadata>,
    below: &mut BTreeMap<String, Vec<Buffered>>,
    compat: Compat,
) -> Result<(), Error> {
    let Buffered { name, data } = file;
    match name.as_str() {
        "Chart.yaml" => (),
        "Chart.lock" | "requirements.lock" => {
            let lock = metadata::read_lock(&data, compat);
            chart.lock = Some(lock.map_err(|error| within(error, &format!("cannot load {name}"), &name))?);
            if name == "requirements.lock" && found.get_or_insert_default().api_version == "v1" {
                chart.files.push(File { name, data });
            }
        }
        "values.yaml" => {
            let read = values::read_as(&data, compat);
            chart.values = Arc::new(read.map_err(|error| within(error, "cannot load values.yaml", &name))?);
            chart.values_file = Some(File { name, data });
        }
        "values.schema.json" => chart.schema = Some(data),
        "requirements.yaml" => {
            let read = found.get_or_insert_default();
            metadata::read_into(read, &data, compat)
                .map_err(|error| within(error, "cannot load requirements.yaml", &name))?;
            if read.api_version == "v1" {
                chart.files.push(File { name, data });
            }
        }
        path if path.starts_with("templates/") => chart.templates.push(File { name, data }),
        path => match path.strip_prefix("charts/") {
            Some(inner) if !name.ends_with(".prov") => {
                let inner = inner.to_owned();
                let folder = inner.split('/').next().unwrap_or_default().to_owned();
                below.entry(folder).or_default().push(Buffered { name: inner, data });
            }
            _ => chart.files.push(File { name, data }),
        },
    }
    Ok(())
}

fn subchart(name: &str, files: Vec<Buffered>, parent: &str, budget: &mut Budget, depth: usize) -> Result<Chart, Error> {
    if name.ends_with(".tgz") {
        let Some(first) = files.first() else {
            return Err(Error::new(ErrorKind::Chart, "no files in chart archive"));
        };
        if first.name != name {
            let word = if budget.compat == Compat::Helm3 { "" } else { "subchart " };
            let text = format!("error unpacking {word}tar in {parent}: expected {name}, got {}", first.name);
            return Err(Error::new(ErrorKind::Chart, text));
        }
        let files = archive::read(&first.data, budget)?;
        return chart(files, budget, depth + 1);
    }
    let inside = files.into_iter().filter_map(|file| {
        let (_, rest) = file.name.split_once('/')?;
        Some(Buffered { name: rest.to_owned(), data: file.data })
    });
    chart(inside.collect(), budget, depth + 1)
}

fn within(error: Error, doing: &str, file: &str) -> Error {
    Error { text: format!("{doing}: {}", error.text), file: Some(file.to_owned()), ..error }
}
