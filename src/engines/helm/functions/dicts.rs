//! Functions about maps.
use super::args::{any, map, panic, spend_items, text};
use super::cast::strval;
use super::{fixed, open};
use crate::engines::gotemplate::{Bytes, Failure, Func, List, Map, MapType, Ty, Value, Vm};
use std::collections::BTreeMap;

/// The table.
pub(super) static FUNCS: &[Func] = &[
    open("dict", &[], Ty::Any, dict),
    fixed("get", &[Ty::Map, Ty::String], get),
    fixed("set", &[Ty::Map, Ty::String, Ty::Any], set),
    fixed("unset", &[Ty::Map, Ty::String], unset),
    fixed("hasKey", &[Ty::Map, Ty::String], |_, args| {
        Ok(Value::Bool(map(args, 0).is_some_and(|map| map.contains(text(args, 1)))))
    }),
    open("pluck", &[Ty::String], Ty::Map, pluck),
    open("keys", &[], Ty::Map, keys),
    open("pick", &[Ty::Map], Ty::String, pick),
    open("omit", &[Ty::Map], Ty::String, omit),
    fixed("values", &[Ty::Map], values),
    open("dig", &[], Ty::Any, dig),
];

fn dict(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    spend_items(vm, args.len() * 2)?;
    let mut entries = BTreeMap::new();
    for pair in args.chunks(2) {
        let key = strval(vm, any(pair, 0))?;
        entries.insert(Bytes::from(key), pair.get(1).cloned().unwrap_or_else(|| Value::text("")));
    }
    Ok(Value::Map(Map::of(MapType::Any, entries)))
}

fn get(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    Ok(map(args, 0).and_then(|map| map.get(text(args, 1))).unwrap_or_else(|| Value::text("")))
}

fn set(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let Some(map) = map(args, 0) else { return Err(panic("assignment to entry in nil map")) };
    spend_items(vm, 2)?;
    map.insert(key(args, 1), any(args, 2).clone());
    Ok(Value::Map(map))
}

fn key(args: &[Value], at: usize) -> Bytes {
    any(args, at).as_string().cloned().unwrap_or_default()
}

fn unset(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let map = map(args, 0).unwrap_or_default();
    map.remove(text(args, 1));
    Ok(Value::Map(map))
}

fn pluck(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    spend_items(vm, args.len())?;
    let maps = (1..args.len()).filter_map(|at| map(args, at));
    Ok(Value::list(maps.filter_map(|map| map.get(text(args, 0))).collect()))
}

/// The keys of all maps; those of one map in order, which in Go they are not.
fn keys(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut keys: Vec<Bytes> = Vec::new();
    for map in (0..args.len()).filter_map(|at| map(args, at)) {
        spend_items(vm, map.len())?;
        keys.extend(map.borrow().keys().cloned());
    }
    Ok(Value::List(List::strings(keys)))
}

fn pick(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    spend_items(vm, args.len() * 2)?;
    let map = map(args, 0).unwrap_or_default();
    let picked = (1..args.len()).filter_map(|at| Some((key(args, at), map.get(text(args, at))?)));
    Ok(Value::map(picked.collect::<Vec<_>>()))
}

fn omit(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let map = map(args, 0).unwrap_or_default();
    spend_items(vm, map.len() * 2)?;
    let mut entries: BTreeMap<Bytes, Value> = map.borrow().clone();
    for at in 1..args.len() {
        entries.remove(text(args, at));
    }
    Ok(Value::Map(Map::of(MapType::Any, entries)))
}

/// The values in the order of their keys, which in Go they are not.
fn values(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let map = map(args, 0).unwrap_or_default();
    spend_items(vm, map.len())?;
    Ok(Value::list(map.snapshot().into_iter().map(|(_, value)| value).collect()))
}

fn dig(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let [keys @ .., default, value] = args else { return Err(panic("dig needs at least three arguments")) };
    if keys.is_empty() {
        return Err(panic("dig needs at least three arguments"));
    }
    let mut map = expect_map(value)?;
    let keys: Result<Vec<&Bytes>, Failure> =
        keys.iter().map(|key| key.as_string().ok_or_else(|| unexpected(key, "string"))).collect();
    let keys = keys?;
    for (at, key) in keys.iter().enumerate() {
        let Some(value) = map.get(key) else { return Ok(default.clone()) };
        if at + 1 == keys.len() {
            return Ok(value);
        }
        map = expect_map(&value)?;
    }
    Ok(default.clone())
}

/// The map, if it is a `map[string]interface {}` by that very name.
fn expect_map(value: &Value) -> Result<Map, Failure> {
    match value {
        Value::Map(map) if map.map_type() == MapType::Any => Ok(map.clone()),
        other => Err(unexpected(other, "map[string]interface {}")),
    }
}

fn unexpected(value: &Value, wanted: &str) -> Failure {
    let name = if value.is_nil() { "nil".to_owned() } else { value.type_name() };
    panic(format!("interface conversion: interface {{}} is {name}, not {wanted}"))
}
