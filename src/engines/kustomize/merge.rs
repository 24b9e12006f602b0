//! Strategic merge: a patch that looks like the object, laid over it.
use super::schema::{Type, field};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

fn directive(value: Option<&Value>) -> Result<Directive, String> {
    match value.map(|value| value.as_str().unwrap_or_default()) {
        None | Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        Some(other) => Err(format!("unknown patch strategy '{other}'")),
    }
}

/// Lays the patch over the value; `None` when nothing is left of it.
///
/// # Errors
/// A mapping meets a list, or the patch has an unknown `$patch`.
pub(super) fn merge(
    base: Option<Value>,
    patch: Option<&Value>,
    of: Type,
    keys: Option<&[&str]>,
) -> Result<Option<Value>, String> {
    let Some(patch) = patch else { return Ok(base) };
    let base = base.filter(|base| !base.is_null());
    match (base, patch) {
        (_, Value::Null) => Ok(None),
        (Some(Value::Object(base)), Value::Object(patch)) => object(Some(base), patch, of),
        (None, Value::Object(patch)) => object(None, patch, of),
        (Some(Value::Array(base)), Value::Array(patch)) => list(base, patch, of, keys),
        (None, Value::Array(patch)) => list(Vec::new(), patch, of, keys),
        (Some(Value::Object(_)), _) | (Some(_), Value::Object(_)) => {
            Err("a mapping stands against something else".to_owned())
        }
        (Some(Value::Array(_)), _) | (Some(_), Value::Array(_)) => {
            Err("a list stands against something else".to_owned())
        }
        (_, patch) => Ok(Some(patch.clone())),
    }
}

fn object(base: Option<Map<String, Value>>, patch: &Map<String, Value>, of: Type) -> Result<Option<Value>, String> {
    let directive = directive(patch.get("$patch"))?;
    if directive == Directive::Delete {
        return Ok(None);
    }
    let mut out = base.filter(|_| directive == Directive::Merge).unwrap_or_default();
    for (key, value) in patch.iter().filter(|(key, _)| *key != "$patch") {
        let (of, keys) = field(of, key);
        // The old value stays in its place while its new one is found, so that the order of keys does not change.
        let old = out.get_mut(key).map(Value::take);
        match merge(old, Some(value), of, keys)? {
            Some(value) => {
                out.insert(key.clone(), value);
            }
            None => {
                out.shift_remove(key);
            }
        }
    }
    Ok(Some(Value::Object(out)))
}

/// What an item says under its keys; empty where it says nothing.
fn identity(item: &Value, keys: &[&str]) -> Vec<String> {
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    keys.iter().map(|key| item.get(key).filter(|value| !value.is_null()).map(word).unwrap_or_default()).collect()
}

/// Whether both mean the same item: no key differs where both have it, and one agrees.
fn agree(one: &[String], other: &[String]) -> bool {
    let pairs = || one.iter().zip(other);
    pairs().all(|(a, b)| a == b || a.is_empty() || b.is_empty()) && pairs().any(|(a, b)| a == b && !a.is_empty())
}

fn list(base: Vec<Value>, patch: &[Value], of: Type, keys: Option<&[&str]>) -> Result<Option<Value>, String> {
    let Some(keys) = keys else { return Ok(Some(Value::Array(patch.to_vec()))) };
    let alone = |item: &Value| item.as_object().is_some_and(|item| item.len() == 1 && item.contains_key("$patch"));
    let directive = directive(patch.iter().find(|item| alone(item)).and_then(|item| item.get("$patch")))?;
    let patch: Vec<&Value> = patch.iter().filter(|item| !alone(item)).collect();
    let mut base = match directive {
        Directive::Delete => return Ok(None),
        Directive::Replace => Vec::new(),
        Directive::Merge => base,
    };
    let mut first = Vec::new();
    if keys.is_empty() {
        first.extend(patch.into_iter().cloned());
        base.retain(|item| !first.contains(item));
        first.append(&mut base);
        return Ok(Some(Value::Array(first)));
    }
    // A key that no item has does not count.
    let said = |key: &&&str| {
        base.iter().chain(patch.iter().copied()).any(|item| !identity(item, &[**key]).concat().is_empty())
    };
    let used: Vec<&str> = keys.iter().filter(said).copied().collect();
    let keys = if used.is_empty() { keys } else { &used[..] };
    for item in patch {
        let name = identity(item, keys);
        let at = base.iter().position(|old| agree(&identity(old, keys), &name));
        let old = at.and_then(|at| base.get(at));
        if old.is_some_and(|old| identity(old, keys) != name) {
            // Of two items of which one leaves a key out, kustomize keeps the old one as it is.
            continue;
        }
        let merged = merge(old.cloned(), Some(item), of, None)?;
        let merged = merged.filter(|item| item.as_object().is_none_or(|item| !item.is_empty()));
        match (at, merged) {
            // An item of one key moves to the front, one of several keys stays where it was.
            (Some(at), Some(merged)) if keys.len() > 1 => {
                if let Some(old) = base.get_mut(at) {
                    *old = merged;
                }
            }
            (Some(at), merged) => {
                base.remove(at);
                first.extend(merged);
            }
            (None, merged) => {
                first.retain(|other| !agree(&identity(other, keys), &name));
                first.extend(merged);
            }
        }
    }
    first.append(&mut base);
    Ok(Some(Value::Array(first)))
}
