//! Values against `values.schema.json`, of a chart and all below it, with the complaints of either Helm.
mod draft7;
mod formats;
mod guard;
mod modern;

use crate::engines::helm::chart::Chart;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use crate::engines::helm::values::text::go_type;
use serde_json::{Map, Value};

/// Checks values, as `prepare` gives them, against the schemas of the chart and of all charts below it.
///
/// # Errors
/// When values do not fit, or a schema is none; all complaints together, in Helm's words. Schemas that a schema refers to on the
/// network or in files are never loaded; such a reference is an error too.
pub fn validate(chart: &Chart, values: &Map<String, Value>, compat: Compat) -> Result<(), Error> {
    let mut complaints = String::new();
    let mut steps = guard::STEPS;
    let mut file = None;
    visit(chart, values, compat, &mut steps, &mut complaints, &mut file)?;
    if complaints.is_empty() {
        return Ok(());
    }
    let text =
        format!("values don't meet the specifications of the schema(s) in the following chart(s):\n{complaints}");
    Err(Error { file, ..Error::new(ErrorKind::Schema, text) })
}

fn visit(
    chart: &Chart,
    values: &Map<String, Value>,
    compat: Compat,
    steps: &mut u64,
    complaints: &mut String,
    file: &mut Option<String>,
) -> Result<(), Error> {
    if let Some(schema) = &chart.schema
        && let Some(complaint) = single(schema, values, compat, steps)?
    {
        *complaints += &format!("{}:\n{complaint}", chart.name());
        let below = chart.path.split_once('/').map(|(_, below)| format!("{below}/"));
        file.get_or_insert_with(|| format!("{}values.schema.json", below.unwrap_or_default()));
    }
    for below in &chart.dependencies {
        match values.get(below.name()) {
            Some(Value::Object(values)) => {
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit(below, values, compat, steps, complaints, file))?;
            }
            None | Some(Value::Null) => (),
            Some(other) => {
                let name = below.name();
                let given = go_type(other);
                *complaints += &format!("{name}:\ninvalid type for values: expected object (map), got {given}\n");
            }
        }
    }
    Ok(())
}

/// What one schema has to say against values.
fn single(
    schema: &[u8],
    values: &Map<String, Value>,
    compat: Compat,
    steps: &mut u64,
) -> Result<Option<String>, Error> {
    let mut parsed = serde_json::Deserializer::from_slice(schema);
    let read = serde::Deserialize::deserialize(&mut parsed).and_then(|value: Value| match compat {
        // Helm 3 reads one value and looks no further.
        Compat::Helm3 => Ok(value),
        Compat::Helm4 => parsed.end().map(|()| value),
    });
    let schema = match read {
        Ok(schema) => schema,
        Err(error) => return Ok(Some(no_json(schema, &error))),
    };
    let values = Value::Object(values.clone());
    guard::check(&schema, &values, steps)?;
    Ok(match compat {
        Compat::Helm3 => draft7::validate(&schema, &values),
        Compat::Helm4 => modern::validate(schema, &values),
    })
}

/// What Go's decoder says of a text that is no JSON.
fn no_json(text: &[u8], error: &serde_json::Error) -> String {
    let rest = text.trim_ascii();
    if rest.is_empty() {
        return "EOF".into();
    }
    if error.is_eof() {
        return "unexpected EOF".into();
    }
    let said = error.to_string();
    if said.starts_with("trailing characters") {
        return "invalid character after top-level value".into();
    }
    let line = text.split(|&byte| byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let found = line.get(error.column().saturating_sub(1)).copied().unwrap_or(b' ');
    let found = if found.is_ascii() { char::from(found) } else { char::REPLACEMENT_CHARACTER };
    if said.starts_with("expected ident") {
        let end = error.column().saturating_sub(1);
        let before = line.get(..end).unwrap_or_default();
        let length = before.iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
        let word = ["true", "false", "null"]
            .into_iter()
            .find(|word| length > 0 && word.as_bytes().get(..length) == before.get(end - length..));
        if let Some((word, wanted)) = word.and_then(|word| Some((word, word.chars().nth(length)?))) {
            return format!("invalid character '{found}' in literal {word} (expecting '{wanted}')");
        }
    }
    let after = match said.split(" at line").next().unwrap_or_default() {
        "key must be a string" => "looking for beginning of object key string",
        "expected `:`" => "after object key",
        text if text.starts_with("expected `,`") && text.ends_with("`}`") => "after object key:value pair",
        text if text.starts_with("expected `,`") => "after array element",
        _ => "looking for beginning of value",
    };
    format!("invalid character '{found}' {after}")
}
