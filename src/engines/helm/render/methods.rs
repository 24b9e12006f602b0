//! Methods of Helm's map of values: `.Values.YAML`, `.Values.Table "a.b"`, `.Values.PathValue "a.b"`, `.Values.AsMap`.
use crate::engines::gotemplate::{Failure, Map, MapType, Ty, Value, Vm, fmt};
use crate::engines::helm::codec;

/// What a method of a named map takes; `None` when there is none of this name.
pub(super) fn params(name: &str) -> Option<&'static [Ty]> {
    match name {
        "YAML" | "AsMap" => Some(&[]),
        "Table" | "PathValue" => Some(&[Ty::String]),
        _ => None,
    }
}

/// Calls a method of a named map; `None` when it has none of this name.
pub(super) fn call(
    vm: &mut Vm<'_>,
    named: &'static str,
    map: &Map,
    name: &str,
    args: &[Value],
) -> Option<Result<Value, Failure>> {
    let path = args.first().and_then(Value::as_string).map(|path| path.lossy().into_owned()).unwrap_or_default();
    Some(match name {
        "YAML" => yaml(vm, &Value::Map(map.clone())),
        "AsMap" => Ok(Value::Map(map.typed(MapType::Any))),
        "Table" => table(map, &path).map(|map| Value::Map(map.typed(MapType::Named(named)))).map_err(Failure::Error),
        "PathValue" => path_value(map, &path).map_err(Failure::Error),
        _ => return None,
    })
}

fn yaml(vm: &mut Vm<'_>, value: &Value) -> Result<Value, Failure> {
    let mut text = codec::to_yaml(value).map_err(Failure::Error)?;
    vm.spend(1 + text.len() as u64 / 32, text.len() as u64)?;
    text.push(b'\n');
    Ok(Value::text(text))
}

/// The table at a path with dots.
fn table(map: &Map, path: &str) -> Result<Map, String> {
    let mut map = map.clone();
    for part in path.split('.') {
        match map.get(part.as_bytes()) {
            Some(Value::Map(below)) if !matches!(below.map_type(), MapType::String | MapType::Bool) => map = below,
            _ => return Err(format!("{} is not a table", fmt::quote_text(part))),
        }
    }
    Ok(map)
}

/// The value at a path with dots, which must not be a table.
fn path_value(map: &Map, path: &str) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (map, key) = match path.rsplit_once('.') {
        Some((path, key)) => (table(map, path).ok(), key),
        None => (Some(map.clone()), path),
    };
    match map.and_then(|map| map.get(key.as_bytes())) {
        Some(Value::Map(_)) | None => Err(format!("{} is not a value", fmt::quote_text(key))),
        Some(value) => Ok(value),
    }
}
