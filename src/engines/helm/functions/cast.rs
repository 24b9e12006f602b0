//! Casts between numbers and strings: what `int`, `float64`, `toString` and every function of numbers make of any value.
use super::args::{any, spend_text, text};
use super::fixed;
use crate::engines::gotemplate::{Element, Failure, Func, Ty, Value, Vm, fmt};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("int64", &[Ty::Any], |_, args| Ok(Value::int64(to_int64(any(args, 0))))),
    fixed("int", &[Ty::Any], |_, args| Ok(Value::int(to_int64(any(args, 0))))),
    fixed("float64", &[Ty::Any], |_, args| Ok(Value::Float(to_float64(any(args, 0))))),
    fixed("atoi", &[Ty::String], |_, args| Ok(Value::int(atoi(text(args, 0))))),
    fixed("toDecimal", &[Ty::Any], to_decimal),
    fixed("toString", &[Ty::Any], |vm, args| Ok(Value::text(strval(vm, any(args, 0))?))),
];

/// A whole number; 0 for what is none.
pub(super) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(value, _) => *value,
        Value::Uint(value, _) => value.cast_signed(),
        Value::Float(value) => truncate(*value),
        Value::Bool(value) => i64::from(*value),
        Value::String(text) => fmt::parse_int(without_zeros(text), 0, 64).unwrap_or(0),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Object(_) => 0,
    }
}

/// A floating point number; 0 for what is none.
pub(super) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Int(value, _) => *value as f64,
        Value::Uint(value, _) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::String(text) => fmt::parse_float(text).unwrap_or(0.0),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Object(_) => 0.0,
    }
}

/// What Go's conversion to `int64` gives on amd64: the smallest number for whatever does not fit.
pub(super) fn truncate(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) { value as i64 } else { i64::MIN }
}

/// `1.00` without what stands after the 1.
fn without_zeros(text: &[u8]) -> &[u8] {
    let digits = text.iter().rposition(|byte| *byte != b'0').map_or(0, |at| at + 1);
    match digits {
        0 => text,
        end if text[end - 1] == b'.' && end < text.len() => &text[..end - 1],
        _ => text,
    }
}

/// `strconv.Atoi` without its error: what does not fit is the nearest number.
fn atoi(text: &[u8]) -> i64 {
    match fmt::atoi(text) {
        Ok(value) => value,
        Err(error) if error.ends_with("value out of range") => match text.first() {
            Some(b'-') => i64::MIN,
            _ => i64::MAX,
        },
        Err(_) => 0,
    }
}

fn to_decimal(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = display(vm, any(args, 0))?;
    Ok(Value::int64(fmt::parse_int(&text, 8, 64).unwrap_or(0)))
}

/// The text of `%v`, accounted for.
pub(super) fn display(vm: &mut Vm<'_>, value: &Value) -> Result<Vec<u8>, Failure> {
    let text = fmt::try_display(value, fmt::MAX_BYTES)?;
    spend_text(vm, text.len())?;
    Ok(text)
}

/// A value as a string: strings and bytes as they are, everything else as `%v` shows it.
pub(super) fn strval(vm: &mut Vm<'_>, value: &Value) -> Result<Vec<u8>, Failure> {
    match value {
        Value::String(text) => {
            spend_text(vm, text.len())?;
            Ok(text.to_vec())
        }
        Value::List(list) if list.element() == Element::Uint8 => {
            spend_text(vm, list.len())?;
            Ok(list.items().iter().map(|byte| to_int64(byte) as u8).collect())
        }
        other => display(vm, other),
    }
}
