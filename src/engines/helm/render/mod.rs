//! The rendering: a chart and a request to files, manifests and hooks, as `helm template` makes them.
mod cache;
mod dot;
mod engine;
mod errors;
mod head;
mod manifests;
mod methods;
mod order;
mod request;
mod split;
mod stream;
mod trace;

pub use cache::TemplateCache;
pub use manifests::{Hook, Manifest};
pub use request::{Crd, Files, Rendered, Request, render, render_files, render_twice};
pub use stream::{release_manifest, stream};
pub use trace::Origin;

pub(super) use errors::reformat_3;

use crate::engines::gotemplate::{Bytes, Value};

/// What Go prints for a value that is not there. Helm takes it out of whatever a template gives.
const NO_VALUE: &[u8] = b"<no value>";

/// An output without `<no value>`.
pub(super) fn without_no_value(output: Bytes) -> Bytes {
    let places = places_of(&output, NO_VALUE);
    if places.is_empty() {
        return output;
    }
    let mut kept = Vec::with_capacity(output.len());
    let mut from = 0;
    for place in places {
        kept.extend_from_slice(&output[from..place]);
        from = place + NO_VALUE.len();
    }
    kept.extend_from_slice(&output[from..]);
    Bytes::from(kept)
}

/// Where a text begins in another one, without overlaps.
fn places_of(within: &[u8], text: &[u8]) -> Vec<usize> {
    let (Some(&first), mut places, mut at) = (text.first(), Vec::new(), 0) else { return Vec::new() };
    while let Some(next) = within.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == first)) {
        at += next;
        if within[at..].starts_with(text) {
            places.push(at);
            at += text.len();
        } else {
            at += 1;
        }
    }
    places
}

/// A template's path without the name of the top chart: `templates/a.yaml`.
fn below_root(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

/// Data of charts as a value of templates: what was a float stays one, and integers are `int64`.
pub(super) fn from_json(data: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match data {
        Json::Null => Value::Nil,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::int64(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::text(text.as_str()),
        // Files nest no deeper than their reader allows, but `--set` adds to that.
        Json::Array(items) => {
            stacker::maybe_grow(64 * 1024, 4 << 20, || Value::list(items.iter().map(from_json).collect()))
        }
        Json::Object(map) => stacker::maybe_grow(64 * 1024, 4 << 20, || {
            Value::map(map.iter().map(|(key, value)| (Bytes::from(key.as_str()), from_json(value))))
        }),
    }
}

/// Data as YAML, the way Helm's `toYaml` writes it, with a line end.
///
/// # Errors
/// When it nests too deep or is too large.
pub fn yaml_text(data: &serde_json::Value) -> Result<String, String> {
    let text = crate::engines::helm::codec::to_yaml(&from_json(data))?;
    Ok(String::from_utf8_lossy(&text).into_owned() + "\n")
}

#[cfg(test)]
mod tests;
