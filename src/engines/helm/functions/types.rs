//! Functions about types, and equality and copies down to the last element.
use super::args::{any, deeper, panic, roomy, spend_items, text};
use super::fixed;
use crate::engines::gotemplate::{Failure, Func, List, Map, Object, Ty, Value, Vm};
use std::rc::Rc;

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("typeOf", &[Ty::Any], |_, args| Ok(Value::from(any(args, 0).type_name()))),
    fixed("typeIs", &[Ty::String, Ty::Any], |_, args| {
        Ok(Value::Bool(any(args, 1).type_name().as_bytes() == text(args, 0)))
    }),
    fixed("typeIsLike", &[Ty::String, Ty::Any], |_, args| {
        let name = any(args, 1).type_name();
        let like = name.strip_prefix('*').unwrap_or(&name);
        Ok(Value::Bool(name.as_bytes() == text(args, 0) || like.as_bytes() == text(args, 0)))
    }),
    fixed("kindOf", &[Ty::Any], |_, args| Ok(Value::from(any(args, 0).kind().word()))),
    fixed("kindIs", &[Ty::String, Ty::Any], |_, args| {
        Ok(Value::Bool(any(args, 1).kind().word().as_bytes() == text(args, 0)))
    }),
    fixed("deepEqual", &[Ty::Any, Ty::Any], |vm, args| Ok(Value::Bool(deep_equal(vm, any(args, 0), any(args, 1), 0)?))),
    fixed("deepCopy", &[Ty::Any], deep_copy),
    fixed("mustDeepCopy", &[Ty::Any], deep_copy),
];

/// Whether two values have the same type and are equal down to the last element. A nil slice is no empty slice.
///
/// # Errors
/// A limit.
pub(super) fn deep_equal(vm: &mut Vm<'_>, left: &Value, right: &Value, depth: usize) -> Result<bool, Failure> {
    vm.spend(1, 0)?;
    Ok(match (left, right) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left, left_type), Value::Int(right, right_type)) => left == right && left_type == right_type,
        (Value::Uint(left, left_type), Value::Uint(right, right_type)) => left == right && left_type == right_type,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::String(left), Value::String(right)) => {
            vm.spend(left.len() as u64 / 64, 0)?;
            left == right
        }
        (Value::List(left), Value::List(right)) => equal_lists(vm, left, right, depth)?,
        (Value::Map(left), Value::Map(right)) => equal_maps(vm, left, right, depth)?,
        (Value::Object(left), Value::Object(right)) => equal_objects(vm, left, right, depth)?,
        _ => false,
    })
}

fn equal_lists(vm: &mut Vm<'_>, left: &List, right: &List, depth: usize) -> Result<bool, Failure> {
    if left.element() != right.element() || left.is_nil() != right.is_nil() || left.len() != right.len() {
        return Ok(false);
    }
    let depth = deeper(depth)?;
    for (left, right) in left.items().iter().zip(right.items()) {
        if !roomy(|| deep_equal(vm, left, right, depth))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_maps(vm: &mut Vm<'_>, left: &Map, right: &Map, depth: usize) -> Result<bool, Failure> {
    if left.map_type() != right.map_type() || left.len() != right.len() {
        return Ok(false);
    }
    if left.same(right) {
        return Ok(true);
    }
    let depth = deeper(depth)?;
    for (key, left) in left.snapshot() {
        let Some(right) = right.get(&key) else { return Ok(false) };
        if !roomy(|| deep_equal(vm, &left, &right, depth))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_objects(
    vm: &mut Vm<'_>,
    left: &Rc<dyn Object>,
    right: &Rc<dyn Object>,
    depth: usize,
) -> Result<bool, Failure> {
    if left.type_name() != right.type_name() {
        return Ok(false);
    }
    if Rc::ptr_eq(left, right) {
        return Ok(true);
    }
    let depth = deeper(depth)?;
    let (left, right) = (left.to_data(), right.to_data());
    roomy(|| deep_equal(vm, &left, &right, depth))
}

fn deep_copy(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    match any(args, 0) {
        Value::Nil => Err(panic("reflect: call of reflect.Value.Type on zero Value")),
        value => copy(vm, value, 0),
    }
}

fn copy(vm: &mut Vm<'_>, value: &Value, depth: usize) -> Result<Value, Failure> {
    match value {
        Value::List(list) => {
            let depth = deeper(depth)?;
            spend_items(vm, list.len())?;
            let items: Result<Vec<Value>, Failure> =
                list.items().iter().map(|item| roomy(|| copy(vm, item, depth))).collect();
            Ok(Value::List(if list.is_nil() { list.clone() } else { List::of(list.element(), items?) }))
        }
        Value::Map(map) => {
            let depth = deeper(depth)?;
            spend_items(vm, map.len() * 2)?;
            let copied = Map::of(map.map_type(), std::collections::BTreeMap::new());
            for (key, value) in map.snapshot() {
                copied.insert(key, roomy(|| copy(vm, &value, depth))?);
            }
            Ok(Value::Map(copied))
        }
        other => Ok(other.clone()),
    }
}
