//! `eq`, `lt` and their kin, with Go's rules of what can be compared with what.
use super::builtins::plain;
use super::fmt;
use super::func::Failure;
use super::object::Object;
use super::value::{Kind, Value};
use super::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// The classes within which values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Bool,
    Int,
    Uint,
    Float,
    String,
}

fn class(value: &Value) -> Class {
    match value {
        Value::Bool(_) => Class::Bool,
        Value::Int(..) => Class::Int,
        Value::Uint(..) => Class::Uint,
        Value::Float(_) => Class::Float,
        Value::String(_) => Class::String,
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Object(_) => Class::Other,
    }
}

fn incompatible(vm: &Vm<'_>, left: &Value, right: &Value) -> Failure {
    if vm.options.old {
        return Failure::new("incompatible types for comparison");
    }
    Failure::new(format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name()))
}

/// Whether the first is equal to one of the others.
pub(super) fn equal(vm: &mut Vm<'_>, args: &[Value]) -> Result<bool, Failure> {
    let (left, others) = args.split_first().ok_or_else(|| Failure::new("missing argument for comparison"))?;
    if vm.options.old {
        comparable(vm, left)?;
    }
    if others.is_empty() {
        return Err(Failure::new("missing argument for comparison"));
    }
    for right in others {
        if equal_two(vm, left, right)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal_two(vm: &mut Vm<'_>, left: &Value, right: &Value) -> Result<bool, Failure> {
    match (&plain(left), &plain(right)) {
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Int(a, _), Value::Int(b, _)) => Ok(a == b),
        (Value::Uint(a, _), Value::Uint(b, _)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        (Value::String(a), Value::String(b)) => Ok(a == b),
        (Value::Int(a, _), Value::Uint(b, _)) | (Value::Uint(b, _), Value::Int(a, _)) => {
            Ok(u64::try_from(*a) == Ok(*b))
        }
        (Value::Nil, Value::Nil) => Ok(true),
        (Value::Nil, _) | (_, Value::Nil) => Ok(false),
        (a, b) if class(a) != class(b) => Err(incompatible(vm, left, right)),
        _ => other_equal(vm, left, right),
    }
}

/// What Go 1.18 looks at before it compares.
fn comparable(vm: &Vm<'_>, value: &Value) -> Result<(), Failure> {
    if !matches!(value.kind(), Kind::Map | Kind::Slice) {
        return Ok(());
    }
    let text = fmt::try_sprintf(b"%v", std::slice::from_ref(value), vm.room())?;
    let text = String::from_utf8_lossy(&text).into_owned();
    Err(Failure::new(format!("uncomparable type {}: {text}", value.type_name())))
}

/// What is no number, text or boolean on both sides.
fn other_equal(vm: &mut Vm<'_>, left: &Value, right: &Value) -> Result<bool, Failure> {
    let show = |format: &[u8], value: &Value| {
        let text = fmt::try_sprintf(format, std::slice::from_ref(value), vm.room())?;
        Ok::<_, Failure>(String::from_utf8_lossy(&text).into_owned())
    };
    if vm.options.old {
        comparable(vm, right)?;
    }
    if left.kind() != right.kind() {
        if vm.options.old {
            return Ok(false);
        }
        let (a, b) = (show(b"%s", left)?, show(b"%v", right)?);
        return Err(Failure::new(format!(
            "non-comparable types {a}: {}, {}: {b}",
            left.type_name(),
            right.type_name()
        )));
    }
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if matches!(a.kind(), Kind::Struct | Kind::Ptr) => Ok(same(a, b)),
        _ => Err(Failure::new(format!("non-comparable type {}: {}", show(b"%s", right)?, right.type_name()))),
    }
}

/// Pointers are equal when they point to the same, structs when they hold the same.
fn same(left: &Rc<dyn Object>, right: &Rc<dyn Object>) -> bool {
    Rc::ptr_eq(left, right)
        || left.kind() == Kind::Struct && left.type_name() == right.type_name() && left.display() == right.display()
}

/// Whether the first is less than the second.
pub(super) fn less(vm: &Vm<'_>, args: &[Value]) -> Result<bool, Failure> {
    let [left, right] = args else {
        return Err(Failure::new("missing argument for comparison"));
    };
    let bad = || Failure::new("invalid type for comparison");
    let (a, b) = (plain(left), plain(right));
    if class(&a) == Class::Other || class(&b) == Class::Other {
        return Err(bad());
    }
    match (&a, &b) {
        (Value::Bool(_), Value::Bool(_)) => Err(bad()),
        (Value::Int(a, _), Value::Int(b, _)) => Ok(a < b),
        (Value::Uint(a, _), Value::Uint(b, _)) => Ok(a < b),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b) == Some(Ordering::Less)),
        (Value::String(a), Value::String(b)) => Ok(a < b),
        (Value::Int(a, _), Value::Uint(b, _)) => Ok(u64::try_from(*a).is_ok_and(|a| a < *b) || *a < 0),
        (Value::Uint(a, _), Value::Int(b, _)) => Ok(u64::try_from(*b).is_ok_and(|b| *a < b)),
        _ => Err(incompatible(vm, left, right)),
    }
}

/// Whether the first is less than the second or equal to it.
pub(super) fn less_or_equal(vm: &mut Vm<'_>, args: &[Value]) -> Result<bool, Failure> {
    if less(vm, args)? {
        return Ok(true);
    }
    equal(vm, args)
}
