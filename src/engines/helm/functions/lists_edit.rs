//! Functions that make new lists out of lists.
use super::args::{any, list, nil_pointer, spend_items};
use super::cast::strval;
use super::defaults::is_empty;
use super::lists::contains;
use super::{fixed, open};
use crate::engines::gotemplate::{Bytes, Element, Failure, Func, List, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("append", &[Ty::Any, Ty::Any], append),
    fixed("push", &[Ty::Any, Ty::Any], append),
    fixed("mustAppend", &[Ty::Any, Ty::Any], append),
    fixed("mustPush", &[Ty::Any, Ty::Any], append),
    fixed("prepend", &[Ty::Any, Ty::Any], prepend),
    fixed("mustPrepend", &[Ty::Any, Ty::Any], prepend),
    fixed("reverse", &[Ty::Any], reverse),
    fixed("mustReverse", &[Ty::Any], reverse),
    fixed("compact", &[Ty::Any], compact),
    fixed("mustCompact", &[Ty::Any], compact),
    fixed("uniq", &[Ty::Any], uniq),
    fixed("mustUniq", &[Ty::Any], uniq),
    open("without", &[Ty::Any], Ty::Any, without),
    open("mustWithout", &[Ty::Any], Ty::Any, without),
    open("concat", &[], Ty::Any, concat),
    fixed("sortAlpha", &[Ty::Any], sort_alpha),
    fixed("toStrings", &[Ty::Any], |vm, args| Ok(Value::List(List::strings(strings(vm, any(args, 0))?)))),
];

fn append(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot push on type")?;
    spend_items(vm, list.len() + 1)?;
    Ok(Value::list(list.items().iter().chain([any(args, 1)]).cloned().collect()))
}

fn prepend(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot prepend on type")?;
    spend_items(vm, list.len() + 1)?;
    Ok(Value::list([any(args, 1)].into_iter().chain(list.items()).cloned().collect()))
}

fn reverse(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find reverse on type")?;
    spend_items(vm, list.len())?;
    Ok(Value::list(list.items().iter().rev().cloned().collect()))
}

fn compact(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot compact on type")?;
    spend_items(vm, list.len())?;
    Ok(Value::list(list.items().iter().filter(|item| !is_empty(item)).cloned().collect()))
}

fn uniq(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find uniq on type")?;
    spend_items(vm, list.len())?;
    let mut items: Vec<Value> = Vec::new();
    for item in list.items() {
        if !contains(vm, &items, item)? {
            items.push(item.clone());
        }
    }
    Ok(Value::list(items))
}

fn without(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find without on type")?;
    spend_items(vm, list.len())?;
    let omitted = args.get(1..).unwrap_or_default();
    let mut items = Vec::new();
    for item in list.items() {
        if !contains(vm, omitted, item)? {
            items.push(item.clone());
        }
    }
    Ok(Value::list(items))
}

fn concat(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut items = Vec::new();
    for value in args {
        if value.is_nil() {
            return Err(nil_pointer());
        }
        let list = list(value, "Cannot concat type").map_err(|failure| match failure {
            Failure::Error(text) => Failure::Panic(format!("{text} as list")),
            other => other,
        })?;
        spend_items(vm, list.len())?;
        items.extend_from_slice(list.items());
    }
    Ok(Value::List(if items.is_empty() { List::nil(Element::Any) } else { List::new(items) }))
}

fn sort_alpha(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let value = any(args, 0);
    if list(value, "").is_err() {
        return Ok(Value::List(List::strings([strval(vm, value)?])));
    }
    let mut items = strings(vm, value)?;
    vm.spend(items.len() as u64 * 4, 0)?;
    items.sort_unstable();
    Ok(Value::List(List::strings(items)))
}

/// The items of a list as strings, without those that are nil; a single value is a list of one.
pub(super) fn strings(vm: &mut Vm<'_>, value: &Value) -> Result<Vec<Bytes>, Failure> {
    if value.is_nil() {
        return Ok(Vec::new());
    }
    let Ok(list) = list(value, "") else { return Ok(vec![Bytes::from(strval(vm, value)?)]) };
    spend_items(vm, list.len())?;
    let mut items = Vec::with_capacity(list.len());
    for item in list.items().iter().filter(|item| !item.is_nil()) {
        items.push(match item {
            Value::String(text) => text.clone(),
            other => Bytes::from(strval(vm, other)?),
        });
    }
    Ok(items)
}
