//! Functions about what is empty, and what stands in for it.
use super::args::{any, bool};
use super::{fixed, open};
use crate::engines::gotemplate::{Failure, Func, Kind, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("hello", &[], |_, _| Ok(Value::text("Hello!"))),
    open("default", &[Ty::Any], Ty::Any, default),
    fixed("empty", &[Ty::Any], |_, args| Ok(Value::Bool(is_empty(any(args, 0))))),
    open("coalesce", &[], Ty::Any, coalesce),
    open("all", &[], Ty::Any, |_, args| Ok(Value::Bool(!args.iter().any(is_empty)))),
    open("any", &[], Ty::Any, |_, args| Ok(Value::Bool(!args.iter().all(is_empty)))),
    fixed("ternary", &[Ty::Any, Ty::Any, Ty::Bool], |_, args| Ok(any(args, if bool(args, 2) { 0 } else { 1 }).clone())),
];

/// Nil, zero, false, or without elements. Structs never are.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(object) => match object.kind() {
            Kind::Struct => false,
            _ => object.underlying().map_or_else(|| !object.is_true(), |inner| !inner.is_true()),
        },
        other => !other.is_true(),
    }
}

fn default(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let given = any(args, 1);
    Ok(if is_empty(given) { any(args, 0) } else { given }.clone())
}

fn coalesce(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    Ok(args.iter().find(|value| !is_empty(value)).cloned().unwrap_or(Value::Nil))
}
