//! The functions that every template has: the table, `index`, `slice`, `len`, `call`, `not` and printing.
use super::ast::Special;
use super::bytes::Bytes;
use super::collect::{Element, List, MapType};
use super::compare;
use super::escape;
use super::eval::Place;
use super::fmt;
use super::func::{Failure, Func, Ty};
use super::value::{Kind, UintType, Value};
use super::vm::Vm;

type Body = fn(&mut Vm<'_>, &[Value]) -> Result<Value, Failure>;

const fn func(name: &'static str, params: &'static [Ty], variadic: Option<Ty>, call: Body) -> Func {
    Func { name, params, variadic, call }
}

const ONE: &[Ty] = &[Ty::Reflect];
const TWO: &[Ty] = &[Ty::Reflect, Ty::Reflect];
const MORE: Option<Ty> = Some(Ty::Reflect);
const ANY: Option<Ty> = Some(Ty::Any);

static FUNCS: &[Func] = &[
    func("and", ONE, MORE, elsewhere),
    func("or", ONE, MORE, elsewhere),
    func("not", ONE, None, |_, args| Ok(Value::Bool(!args[0].is_true()))),
    func("len", ONE, None, elsewhere),
    func("call", ONE, MORE, elsewhere),
    func("index", ONE, MORE, index),
    func("slice", ONE, MORE, slice),
    func("html", &[], ANY, escape::html),
    func("js", &[], ANY, escape::js),
    func("urlquery", &[], ANY, escape::urlquery),
    func("print", &[], ANY, |vm, args| made(vm, args, fmt::sprint)),
    func("println", &[], ANY, |vm, args| made(vm, args, fmt::sprintln)),
    func("printf", &[Ty::String], ANY, printf),
    func("eq", ONE, MORE, |vm, args| compare::equal(vm, args).map(Value::Bool)),
    func("ne", TWO, None, |vm, args| compare::equal(vm, args).map(|equal| Value::Bool(!equal))),
    func("lt", TWO, None, |vm, args| compare::less(vm, args).map(Value::Bool)),
    func("le", TWO, None, |vm, args| compare::less_or_equal(vm, args).map(Value::Bool)),
    func("gt", TWO, None, |vm, args| compare::less_or_equal(vm, args).map(|less| Value::Bool(!less))),
    func("ge", TWO, None, |vm, args| compare::less(vm, args).map(|less| Value::Bool(!less))),
];

/// The builtin of this name.
pub(super) fn find(name: &str) -> Option<(&'static Func, Special)> {
    let special = match name {
        "and" => Special::And,
        "or" => Special::Or,
        "len" => Special::Len,
        "call" => Special::Call,
        _ => Special::No,
    };
    FUNCS.iter().find(|func| func.name == name).map(|func| (func, special))
}

/// The body of builtins that `Vm::call` runs itself.
fn elsewhere(_: &mut Vm<'_>, _: &[Value]) -> Result<Value, Failure> {
    Err(Failure::new("unreachable"))
}

/// A named type over a slice, a map or a number is that to builtins.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) if !matches!(object.kind(), Kind::Struct | Kind::Func) => {
            object.underlying().unwrap_or_else(|| value.clone())
        }
        _ => value.clone(),
    }
}

/// The type of a value, or of what it points to.
fn pointed(value: &Value) -> String {
    let name = value.type_name();
    if value.kind() == Kind::Ptr { name.trim_start_matches('*').to_owned() } else { name }
}

/// A length as Go's `int`.
fn count(length: usize) -> Value {
    Value::int(i64::try_from(length).unwrap_or(i64::MAX))
}

/// `len`. `open` tells a nil in an `interface{}` from no value at all.
pub(super) fn length(value: &Value, open: bool) -> Result<Value, Failure> {
    match plain(value) {
        Value::Nil if open => Err(Failure::new("len of nil pointer")),
        Value::Nil => Err(Failure::Panic("reflect: call of reflect.Value.Type on zero Value".to_owned())),
        Value::String(text) => Ok(count(text.len())),
        Value::List(list) => Ok(count(list.len())),
        Value::Map(map) => Ok(count(map.len())),
        _ => Err(Failure::new(format!("len of type {}", pointed(value)))),
    }
}

/// The text of `reflect.Value.String`.
pub(super) fn reflect_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.lossy().into_owned(),
        Value::Nil => "<invalid Value>".to_owned(),
        _ => format!("<{} Value>", value.type_name()),
    }
}

/// `call`, of what stands as `name` in the template.
pub(super) fn call(vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Result<Value, Failure> {
    match args.split_first() {
        Some((Value::Object(object), rest)) if object.kind() == Kind::Func => {
            let object = std::rc::Rc::clone(object);
            object.call(vm, "", rest).unwrap_or_else(|| Err(Failure::new("call of nil")))
        }
        None | Some((Value::Nil, _)) => Err(Failure::new("call of nil")),
        Some((value, _)) => Err(Failure::new(format!("non-function {name} of type {}", value.type_name()))),
    }
}

fn index_arg(index: &Value, most: usize) -> Result<usize, Failure> {
    let number = match plain(index) {
        Value::Int(number, _) => number,
        // As in Go the bits stay, so large ones are negative.
        Value::Uint(number, _) => number as i64,
        Value::Nil => return Err(Failure::new("cannot index slice/array with nil")),
        _ => return Err(Failure::new(format!("cannot index slice/array with type {}", index.type_name()))),
    };
    match usize::try_from(number) {
        Ok(number) if number <= most => Ok(number),
        _ => Err(Failure::new(format!("index out of range: {number}"))),
    }
}

fn index(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    if args[0].is_nil() {
        return Err(Failure::new("index of untyped nil"));
    }
    let mut item = Place::solid(args[0].clone());
    for index in &args[1..] {
        item = match plain(&item.value) {
            Value::Nil => return Err(Failure::new("index of nil pointer")),
            Value::List(list) => {
                let at = index_arg(index, list.len())?;
                let found = list.items().get(at).cloned();
                Place::solid(found.ok_or_else(|| Failure::Panic("reflect: slice index out of range".to_owned()))?)
            }
            Value::String(text) => {
                let at = index_arg(index, text.len())?;
                let byte =
                    text.get(at).ok_or_else(|| Failure::Panic("reflect: string index out of range".to_owned()))?;
                Place::solid(Value::Uint(u64::from(*byte), UintType::Uint8))
            }
            Value::Map(map) => match index {
                Value::String(key) => {
                    let open = matches!(map.map_type(), MapType::Any | MapType::Named(_));
                    Place { value: map.get(key).unwrap_or_else(|| map.map_type().zero()), open }
                }
                Value::Nil => return Err(Failure::new("value is nil; should be of type string")),
                other => return Err(Failure::new(format!("value has type {}; should be string", other.type_name()))),
            },
            _ => return Err(Failure::new(format!("can't index item of type {}", pointed(&item.value)))),
        };
    }
    Ok(item.value)
}

fn slice(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (item, indexes) = (plain(&args[0]), &args[1..]);
    if item.is_nil() {
        return Err(Failure::new("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        return Err(Failure::new(format!("too many slice indexes: {}", indexes.len())));
    }
    let length = match &item {
        Value::String(_) if indexes.len() == 3 => return Err(Failure::new("cannot 3-index slice a string")),
        Value::String(text) => text.len(),
        Value::List(list) => list.len(),
        _ => return Err(Failure::new(format!("can't slice item of type {}", pointed(&args[0])))),
    };
    let mut at = [0, length, length];
    for (slot, index) in at.iter_mut().zip(indexes) {
        *slot = index_arg(index, length)?;
    }
    for pair in [0, 1] {
        if at[pair] > at[pair + 1] {
            return Err(Failure::new(format!("invalid slice index: {} > {}", at[pair], at[pair + 1])));
        }
    }
    let size = u64::try_from(at[1] - at[0]).unwrap_or(u64::MAX);
    match &item {
        Value::String(text) => {
            vm.spend(1, size)?;
            Ok(Value::String(Bytes::from(&text[at[0]..at[1]])))
        }
        Value::List(list) => {
            vm.spend(size, size.saturating_mul(24))?;
            let element: Element = list.element();
            Ok(Value::List(List::of(element, list.items()[at[0]..at[1]].to_vec())))
        }
        _ => Ok(Value::Nil),
    }
}

/// The text that a printing function makes of values.
fn made(vm: &mut Vm<'_>, args: &[Value], make: fn(&[Value]) -> Vec<u8>) -> Result<Value, Failure> {
    let text = make(args);
    vm.spend(1, u64::try_from(text.len()).unwrap_or(u64::MAX))?;
    Ok(Value::text(text))
}

fn printf(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let Some((Value::String(format), rest)) = args.split_first() else {
        return Err(Failure::new("no format"));
    };
    let text = fmt::try_sprintf(format, rest, vm.room())?;
    vm.spend(1, u64::try_from(text.len()).unwrap_or(u64::MAX))?;
    Ok(Value::text(text))
}
