//! JSON patches (RFC 6902).
use serde_json::Value;

/// Applies the operations in order.
///
/// # Errors
/// What does not apply, with the operation.
pub(super) fn apply(object: &mut Value, operations: &[Value]) -> Result<(), String> {
    for operation in operations {
        let word = |key: &str| operation.get(key).and_then(Value::as_str);
        let (Some(op), Some(path)) = (word("op"), word("path")) else {
            return Err(format!("operation without op or path: {operation}"));
        };
        let from = || word("from").ok_or_else(|| format!("operation {op} without from"));
        let value = || operation.get("value").cloned().unwrap_or(Value::Null);
        let done = match op {
            "add" => add(object, path, value()),
            "remove" => take(object, path).map(|_| ()),
            "replace" => replace(object, path, value()),
            "move" => from().and_then(|from| take(object, from)).and_then(|value| add(object, path, value)),
            "copy" => from().and_then(|from| get(object, from)).and_then(|value| add(object, path, value)),
            "test" => match get(object, path) {
                Ok(found) if found == value() => Ok(()),
                Err(_) if value().is_null() => Ok(()),
                _ => Err("testing value failed".to_owned()),
            },
            other => Err(format!("unexpected kind of operation {other}")),
        };
        done.map_err(|flaw| format!("{op} operation does not apply at {path}: {flaw}"))?;
    }
    Ok(())
}

fn parts(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let rest = path.strip_prefix('/').ok_or_else(|| format!("the path {path} does not begin with /"))?;
    Ok(rest.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect())
}

/// The place of an item; negative numbers count from the end, of which `length` is the first.
fn index(part: &str, length: usize) -> Result<usize, String> {
    let number: i64 = part.parse().map_err(|_| format!("'{part}' is no index"))?;
    let at = if number < 0 { number + length as i64 } else { number };
    usize::try_from(at).map_err(|_| format!("the index {part} is out of bounds"))
}

fn parent<'a>(object: &'a mut Value, path: &str) -> Result<(&'a mut Value, String), String> {
    let mut parts = parts(path)?;
    let last = parts.pop().ok_or("the whole document cannot be changed")?;
    let mut at = object;
    for part in &parts {
        at = match at {
            Value::Object(entries) => entries.get_mut(part),
            Value::Array(items) => {
                let place = index(part, items.len())?;
                items.get_mut(place)
            }
            _ => None,
        }
        .ok_or_else(|| format!("there is no '{part}'"))?;
    }
    Ok((at, last))
}

fn get(object: &Value, path: &str) -> Result<Value, String> {
    let mut at = object;
    for part in parts(path)? {
        at = match at {
            Value::Object(entries) => entries.get(&part),
            Value::Array(items) => items.get(index(&part, items.len())?),
            _ => None,
        }
        .ok_or_else(|| format!("there is no '{part}'"))?;
    }
    Ok(at.clone())
}

fn add(object: &mut Value, path: &str, value: Value) -> Result<(), String> {
    match parent(object, path)? {
        (Value::Object(entries), last) => {
            entries.insert(last, value);
        }
        (Value::Array(items), last) if last == "-" => items.push(value),
        (Value::Array(items), last) => {
            let at = index(&last, items.len() + 1)?;
            if at > items.len() {
                return Err(format!("the index {last} is out of bounds"));
            }
            items.insert(at, value);
        }
        (_, last) => return Err(format!("nothing can hold '{last}' there")),
    }
    Ok(())
}

fn take(object: &mut Value, path: &str) -> Result<Value, String> {
    match parent(object, path)? {
        (Value::Object(entries), last) => entries.shift_remove(&last).ok_or_else(|| format!("there is no '{last}'")),
        (Value::Array(items), last) => {
            let at = index(&last, items.len())?;
            if at >= items.len() {
                return Err(format!("the index {last} is out of bounds"));
            }
            Ok(items.remove(at))
        }
        (_, last) => Err(format!("there is no '{last}'")),
    }
}

fn replace(object: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let slot = match parent(object, path)? {
        (Value::Object(entries), last) => entries.get_mut(&last),
        (Value::Array(items), last) => {
            let at = index(&last, items.len())?;
            items.get_mut(at)
        }
        _ => None,
    };
    *slot.ok_or("there is nothing to replace")? = value;
    Ok(())
}
