//! Merging of maps, by the rules of the Go library that Sprig uses: what is empty counts as not there.
use super::args::{deeper, map, panic, roomy, spend_items};
use super::defaults::is_empty;
use super::open;
use crate::engines::gotemplate::{Bytes, Failure, Func, Kind, Map, MapType, Ty, Value, Vm};
use crate::engines::helm::host::{Compat, Host};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    open("merge", &[Ty::Map], Ty::Map, |vm, args| lenient(merge_all(vm, args, false))),
    open("mergeOverwrite", &[Ty::Map], Ty::Map, |vm, args| lenient(merge_all(vm, args, true))),
    open("mustMerge", &[Ty::Map], Ty::Map, |vm, args| merge_all(vm, args, false)),
    open("mustMergeOverwrite", &[Ty::Map], Ty::Map, |vm, args| merge_all(vm, args, true)),
];

/// An error of merging becomes an empty string.
fn lenient(result: Result<Value, Failure>) -> Result<Value, Failure> {
    match result {
        Err(Failure::Error(_)) => Ok(Value::text("")),
        other => other,
    }
}

fn merge_all(vm: &mut Vm<'_>, args: &[Value], overwrite: bool) -> Result<Value, Failure> {
    let target = map(args, 0).unwrap_or_default();
    for source in (1..args.len()).filter_map(|at| map(args, at)) {
        merge(vm, &target, &source, overwrite, 0)?;
    }
    Ok(Value::Map(target))
}

/// Merges `source` into `target`, in place. Values of `source` that get into `target` are shared by both.
fn merge(vm: &mut Vm<'_>, target: &Map, source: &Map, overwrite: bool, depth: usize) -> Result<(), Failure> {
    let depth = deeper(depth)?;
    let keys: Vec<_> = source.borrow().keys().cloned().collect();
    spend_items(vm, keys.len() * 2)?;
    for key in keys {
        let Some(new) = source.get(&key) else { continue };
        let old = target.get(&key);
        if new.is_nil() {
            if overwrite {
                put(target, key, new, source)?;
            }
            continue;
        }
        if let (Some(Value::Map(old)), Value::Map(new)) = (&old, &new) {
            roomy(|| merge(vm, old, new, overwrite, depth))?;
        }
        if matches!(&old, Some(Value::Object(object)) if object.kind() == Kind::Ptr)
            && matches!(new, Value::Map(_))
            && !overwrite
        {
            return Err(Failure::new("src and dst must be of same type"));
        }
        let (new_kind, old_kind) = (new.kind(), old.as_ref().map_or(Kind::Invalid, Value::kind));
        let absent = old.as_ref().is_none_or(is_empty);
        if new_kind == Kind::Slice && target.map_type() == MapType::String {
            return Err(unassignable(&new.type_name()));
        }
        if new_kind == Kind::Slice && overwrite && !absent {
            target.insert(key, new);
            continue;
        }
        // Maps were merged above; a list is kept whole. The older library of Helm 3 keeps all that a map meets.
        if !absent && (new_kind == Kind::Slice || (new_kind == Kind::Map && (old_kind == Kind::Map || older(vm)))) {
            continue;
        }
        if absent || (overwrite && new_kind != Kind::Ptr) {
            put(target, key, new, source)?;
        }
    }
    Ok(())
}

fn older(vm: &mut Vm<'_>) -> bool {
    vm.host::<Host>().is_some_and(|host| host.compat == Compat::Helm3)
}

/// Sets a key, unless the elements of `source` have a type that those of `target` cannot have.
fn put(target: &Map, key: Bytes, value: Value, source: &Map) -> Result<(), Failure> {
    if target.map_type() == MapType::String && source.map_type() != MapType::String {
        return Err(unassignable("interface {}"));
    }
    target.insert(key, value);
    Ok(())
}

fn unassignable(name: &str) -> Failure {
    panic(format!("reflect.Value.SetMapIndex: value of type {name} is not assignable to type string"))
}
