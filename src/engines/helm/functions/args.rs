//! How bodies of functions get at their arguments, and the failures that several of them share.
use crate::engines::gotemplate::{Failure, List, Map, MapType, Value, Vm};

/// What stands where there is no argument.
const NOTHING: &Value = &Value::Nil;

/// The text of Go's panic on a nil pointer.
const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// How deep values may be nested where a function descends into them.
const DEPTH: usize = 1000;

/// An argument of any type.
pub(super) fn any(args: &[Value], at: usize) -> &Value {
    args.get(at).unwrap_or(NOTHING)
}

/// A string.
pub(super) fn text(args: &[Value], at: usize) -> &[u8] {
    match args.get(at) {
        Some(Value::String(text)) => text,
        _ => b"",
    }
}

/// An `int`.
pub(super) fn int(args: &[Value], at: usize) -> i64 {
    match args.get(at) {
        Some(Value::Int(value, _)) => *value,
        Some(Value::Uint(value, _)) => value.cast_signed(),
        _ => 0,
    }
}

/// A `bool`.
pub(super) fn bool(args: &[Value], at: usize) -> bool {
    matches!(args.get(at), Some(Value::Bool(true)))
}

/// A `map[string]interface{}`; `None` for a nil map. A named map type loses its name, as on any call in Go.
pub(super) fn map(args: &[Value], at: usize) -> Option<Map> {
    match args.get(at) {
        Some(Value::Map(map)) => Some(plain(map)),
        Some(Value::Object(object)) => object.underlying().as_ref().and_then(Value::as_map).map(plain),
        _ => None,
    }
}

fn plain(map: &Map) -> Map {
    match map.map_type() {
        MapType::Named(_) => map.typed(MapType::Any),
        _ => map.clone(),
    }
}

/// The slice that a value is, or why it is none: `TEXT KIND`.
pub(super) fn list(value: &Value, complaint: &str) -> Result<List, Failure> {
    match value {
        Value::List(list) => Ok(list.clone()),
        Value::Nil => Err(nil_pointer()),
        Value::Object(object) => match object.underlying() {
            Some(Value::List(list)) => Ok(list),
            _ => Err(Failure::Error(format!("{complaint} {}", object.kind().word()))),
        },
        other => Err(Failure::Error(format!("{complaint} {}", other.kind().word()))),
    }
}

/// Go dereferenced a nil pointer.
pub(super) fn nil_pointer() -> Failure {
    Failure::Panic(NIL_POINTER.to_owned())
}

/// A runtime error of Go.
pub(super) fn panic(text: impl Into<String>) -> Failure {
    Failure::Panic(text.into())
}

/// Accounts for a text of this many bytes.
pub(super) fn spend_text(vm: &mut Vm<'_>, bytes: usize) -> Result<(), Failure> {
    let bytes = bytes as u64;
    vm.spend(1 + bytes / 64, bytes)
}

/// Accounts for a list of this many items.
pub(super) fn spend_items(vm: &mut Vm<'_>, items: usize) -> Result<(), Failure> {
    let items = items as u64;
    vm.spend(1 + items, items.saturating_mul(size_of::<Value>() as u64))
}

/// One level deeper into a value.
///
/// # Errors
/// A limit, when values are nested too deeply (which a value that contains itself always is).
pub(super) fn deeper(depth: usize) -> Result<usize, Failure> {
    match depth < DEPTH {
        true => Ok(depth + 1),
        false => Err(Failure::Limit("values are nested too deeply".to_owned())),
    }
}

/// Runs this with room on the stack.
pub(super) fn roomy<R>(call: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, call)
}
