//! One settings file to a flat list of keys with their places.
use super::keys::{KEYS, find};
use super::{Layer, Raw};
use crate::model::{Diagnostic, Place, Result, codes};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A key as it stands in a file.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) raw: Raw,
    pub(super) place: Place,
}

/// All keys of a layer, sorted by name.
pub(super) fn entries(layer: &Layer) -> Result<Vec<Entry>> {
    let table = DeTable::parse(&layer.text).map_err(|error| {
        let message = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
        complaint(layer, error.span().unwrap_or(0..0), message)
    })?;
    let mut list = Vec::new();
    flatten(layer, "", table.get_ref(), &mut list)?;
    list.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(list)
}

/// Depth is held by the table of keys: what is no prefix of a key is refused before it is entered.
fn flatten(layer: &Layer, prefix: &str, table: &DeTable<'_>, list: &mut Vec<Entry>) -> Result<()> {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        let place = |span: Range<usize>| place(layer, span);
        if find(&name).is_none() {
            match value.get_ref() {
                DeValue::Table(inner) if is_group(&name) => flatten(layer, &format!("{name}."), inner, list)?,
                _ => return Err(unknown(&name, place(key.span()))),
            }
            continue;
        }
        let raw = match value.get_ref() {
            DeValue::String(text) => Raw::Text(text.clone().into_owned()),
            DeValue::Boolean(flag) => Raw::Flag(*flag),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Raw::Number(number),
                Err(_) => return Err(complaint(layer, value.span(), "the number is too large".to_owned())),
            },
            other => {
                let message = format!("'{name}' cannot be a {}", other.type_str());
                return Err(complaint(layer, value.span(), message));
            }
        };
        list.push(Entry { name, raw, place: place(value.span()) });
    }
    Ok(())
}

fn is_group(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

fn unknown(name: &str, place: Place) -> Box<Diagnostic> {
    let groups: Vec<&str> = KEYS.iter().filter_map(|key| Some(key.name.split_once('.')?.0)).collect();
    let known = KEYS.iter().map(|key| key.name).filter(|name| !name.contains('<')).chain(groups);
    Box::new(
        Diagnostic::error(&codes::PL0501, format!("unknown setting '{name}'"))
            .at(place)
            .did_you_mean(name, known)
            .hint("pilab config list"),
    )
}

fn place(layer: &Layer, span: Range<usize>) -> Place {
    Place::of(&layer.path.display().to_string(), &layer.text, span.start, span.end)
}

fn complaint(layer: &Layer, span: Range<usize>, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0501, message).at(place(layer, span)))
}
