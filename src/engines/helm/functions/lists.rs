//! Functions that look at lists or take parts of them.
use super::args::{any, int, list, nil_pointer, panic, spend_items};
use super::cast::{to_int64, truncate};
use super::types::deep_equal;
use super::{fixed, open};
use crate::engines::gotemplate::{Element, Failure, Func, List, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    open("list", &[], Ty::Any, make),
    open("tuple", &[], Ty::Any, make),
    fixed("first", &[Ty::Any], first),
    fixed("mustFirst", &[Ty::Any], first),
    fixed("last", &[Ty::Any], last),
    fixed("mustLast", &[Ty::Any], last),
    fixed("rest", &[Ty::Any], rest),
    fixed("mustRest", &[Ty::Any], rest),
    fixed("initial", &[Ty::Any], initial),
    fixed("mustInitial", &[Ty::Any], initial),
    fixed("has", &[Ty::Any, Ty::Any], has),
    fixed("mustHas", &[Ty::Any, Ty::Any], has),
    open("slice", &[Ty::Any], Ty::Any, slice),
    open("mustSlice", &[Ty::Any], Ty::Any, slice),
    fixed("chunk", &[Ty::Int, Ty::Any], chunk),
    fixed("mustChunk", &[Ty::Int, Ty::Any], chunk),
];

fn make(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    spend_items(vm, args.len())?;
    Ok(Value::list(args.to_vec()))
}

fn first(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find first on type")?;
    Ok(list.items().first().cloned().unwrap_or(Value::Nil))
}

fn last(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find last on type")?;
    Ok(list.items().last().cloned().unwrap_or(Value::Nil))
}

fn rest(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find rest on type")?;
    part(vm, list.items().get(1..))
}

fn initial(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find initial on type")?;
    part(vm, list.len().checked_sub(1).and_then(|end| list.items().get(..end)))
}

/// A part of a list; the nil slice for a part of nothing.
fn part(vm: &mut Vm<'_>, items: Option<&[Value]>) -> Result<Value, Failure> {
    let Some(items) = items else { return Ok(Value::List(List::nil(Element::Any))) };
    spend_items(vm, items.len())?;
    Ok(Value::list(items.to_vec()))
}

fn has(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    if any(args, 1).is_nil() {
        return Ok(Value::Bool(false));
    }
    let list = list(any(args, 1), "Cannot find has on type")?;
    Ok(Value::Bool(contains(vm, list.items(), any(args, 0))?))
}

/// Whether one of the items is deeply equal to `needle`.
pub(super) fn contains(vm: &mut Vm<'_>, items: &[Value], needle: &Value) -> Result<bool, Failure> {
    for item in items {
        if deep_equal(vm, needle, item, 0)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn slice(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::Nil);
    }
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let start = args.get(1).map_or(0, to_int64);
    let end = args.get(2).map_or(length, to_int64);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let items = range.and_then(|(start, end)| list.items().get(start..end));
    let Some(items) = items else { return Err(panic("reflect.Value.Slice: slice index out of bounds")) };
    spend_items(vm, items.len())?;
    Ok(Value::List(List::of(list.element(), items.to_vec())))
}

fn chunk(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = match any(args, 1) {
        Value::Nil => return Err(nil_pointer()),
        value => list(value, "Cannot chunk type")?,
    };
    let size = int(args, 0);
    let length = list.len();
    let chunks = truncate(((length as f64 - 1.0) / size as f64).floor() + 1.0);
    let bad = || panic("runtime error: makeslice: len out of range");
    if chunks < 0 || (size < 0 && chunks > 0 && (length as f64 % size as f64) == 0.0) {
        return Err(bad());
    }
    if chunks == 0 {
        return Ok(Value::List(List::of(Element::List, Vec::new())));
    }
    spend_items(vm, length + usize::try_from(chunks).unwrap_or(usize::MAX))?;
    // A negative size leaves at most one chunk, with everything in it.
    let size = usize::try_from(size).unwrap_or(length).max(1);
    let chunks = list.items().chunks(size).map(|items| Value::list(items.to_vec())).collect();
    Ok(Value::List(List::of(Element::List, chunks)))
}
