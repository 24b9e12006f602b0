//! Go's `fmt` and `strconv`, as far as templates can see them.
mod float;
mod number;
mod pad;
mod print;
mod printf;
mod quote;
#[cfg(test)]
mod tests;
mod unicode;
mod utf8;

pub use float::format_float;
pub use number::{atoi, parse_float, parse_int, parse_uint};
pub use quote::{is_print, quote, quote_ascii, quote_text, unquote};

use super::func::Failure;
use super::value::{Kind, Value};
use pad::Printer;

/// Bytes that one call makes at most: a map that holds itself twice would fill every machine.
pub const MAX_BYTES: usize = 64 << 20;

/// The text of `%v`: `<nil>`, `1e+06`, `map[a:1 b:2]`, `[1 2]`. Cut at `MAX_BYTES` and at a nesting of 1000.
pub fn display(value: &Value) -> Vec<u8> {
    print(MAX_BYTES, |out| out.operand(value, 'v')).0
}

/// Appends the text of `%v`.
pub fn write_display(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::String(text) => out.extend_from_slice(text),
        _ => out.extend_from_slice(&display(value)),
    }
}

/// The text of `%v`.
///
/// # Errors
/// A limit, when it would have more than `limit` bytes or nests deeper than 1000.
pub fn try_display(value: &Value, limit: usize) -> Result<Vec<u8>, Failure> {
    whole(print(limit, |out| out.operand(value, 'v')))
}

/// What `fmt.Sprintf` gives. Cut at `MAX_BYTES` and at a nesting of 1000.
pub fn sprintf(format: &[u8], operands: &[Value]) -> Vec<u8> {
    print(MAX_BYTES, |out| printf::sprintf(out, format, operands)).0
}

/// What `fmt.Sprintf` gives.
///
/// # Errors
/// A limit, when it would have more than `limit` bytes or an operand nests deeper than 1000.
pub fn try_sprintf(format: &[u8], operands: &[Value], limit: usize) -> Result<Vec<u8>, Failure> {
    whole(print(limit, |out| printf::sprintf(out, format, operands)))
}

/// What `fmt.Sprint` gives: spaces between operands when neither side is a string.
pub fn sprint(operands: &[Value]) -> Vec<u8> {
    print(MAX_BYTES, |out| {
        let mut string_before = true;
        for operand in operands {
            let string = operand.kind() == Kind::String;
            if !string && !string_before {
                out.write(b" ");
            }
            out.operand(operand, 'v');
            string_before = string;
        }
    })
    .0
}

/// What `fmt.Sprintln` gives: spaces between all operands and a line break at the end.
pub fn sprintln(operands: &[Value]) -> Vec<u8> {
    print(MAX_BYTES, |out| {
        for (at, operand) in operands.iter().enumerate() {
            if at > 0 {
                out.write(b" ");
            }
            out.operand(operand, 'v');
        }
        out.write(b"\n");
    })
    .0
}

/// Runs a printer: what it wrote, and whether that is all.
fn print(limit: usize, run: impl FnOnce(&mut Printer)) -> (Vec<u8>, bool) {
    let mut out = Printer::new(limit);
    run(&mut out);
    let complete = !out.full();
    (out.out, complete)
}

fn whole((text, complete): (Vec<u8>, bool)) -> Result<Vec<u8>, Failure> {
    if complete { Ok(text) } else { Err(Failure::Limit("a value is too big or too deep to be printed".to_owned())) }
}
