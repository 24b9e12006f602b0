//! Base64 and base32; what cannot be decoded gives the text of Go's error.
use super::args::{spend_text, text};
use super::fixed;
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("b64enc", &[Ty::String], b64enc),
    fixed("b64dec", &[Ty::String], |vm, args| decoded(vm, args, "base64", base64)),
    fixed("b32enc", &[Ty::String], b32enc),
    fixed("b32dec", &[Ty::String], |vm, args| decoded(vm, args, "base32", base32)),
];

/// The digits of base32.
const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn b64enc(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() / 3 * 4 + 4)?;
    Ok(Value::from(STANDARD.encode(text)))
}

fn b32enc(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() / 5 * 8 + 8)?;
    let mut out = Vec::with_capacity(text.len() / 5 * 8 + 8);
    for group in text.chunks(5) {
        let bits = (0..5).fold(0u64, |bits, at| bits << 8 | u64::from(group.get(at).copied().unwrap_or(0)));
        let used = (group.len() * 8).div_ceil(5);
        for at in 0..8 {
            let digit = (bits >> (35 - 5 * at) & 31) as usize;
            out.push(if at < used { DIGITS[digit] } else { b'=' });
        }
    }
    Ok(Value::text(out))
}

/// Decodes, or says at which byte that is not possible.
type Decode = fn(&[u8]) -> Result<Vec<u8>, usize>;

fn decoded(vm: &mut Vm<'_>, args: &[Value], name: &str, decode: Decode) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len())?;
    Ok(match decode(text) {
        Ok(bytes) => Value::text(bytes),
        Err(at) => Value::from(format!("illegal {name} data at input byte {at}")),
    })
}

fn is_break(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

fn base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut count) = (0u32, 0);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding(text, at, count)?;
                // Two digits make one byte, three make two.
                group <<= 6 * (4 - count);
                out.extend_from_slice(&group.to_be_bytes()[1..count]);
                return Ok(out);
            }
            _ if is_break(byte) => continue,
            _ => return Err(at - 1),
        };
        group = group << 6 | u32::from(digit);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    if count == 0 { Ok(out) } else { Err(at - count) }
}

/// Checks what follows the first `=`, which stands before `at` and after `count` digits of a group.
fn padding(text: &[u8], at: usize, count: usize) -> Result<(), usize> {
    let skip = |from: usize| from + text[from..].iter().take_while(|byte| is_break(**byte)).count();
    let mut at = at;
    if count < 2 {
        return Err(at - 1);
    }
    if count == 2 {
        at = skip(at);
        match text.get(at) {
            None => return Err(text.len()),
            Some(b'=') => at += 1,
            Some(_) => return Err(at - 1),
        }
    }
    at = skip(at);
    if at < text.len() { Err(at) } else { Ok(()) }
}

fn base32(text: &[u8]) -> Result<Vec<u8>, usize> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !is_break(*byte)).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    while at < text.len() {
        let (mut group, mut count) = (0u64, 0);
        while count < 8 {
            let Some(&byte) = text.get(at) else { return Err(text.len() - count) };
            at += 1;
            let left = text.len() - at;
            if byte == b'=' && count >= 2 && left < 8 {
                end32(&text, at, count)?;
                group <<= 5 * (8 - count);
                out.extend_from_slice(&group.to_be_bytes()[3..3 + count * 5 / 8]);
                return Ok(out);
            }
            let Some(digit) = DIGITS.iter().position(|digit| *digit == byte) else { return Err(at - 1) };
            group = group << 5 | digit as u64;
            count += 1;
        }
        out.extend_from_slice(&group.to_be_bytes()[3..]);
    }
    Ok(out)
}

/// Checks the padding of base32, whose first `=` stands before `at` and after `count` digits of a group.
fn end32(text: &[u8], at: usize, count: usize) -> Result<(), usize> {
    let left = text.len() - at;
    if left + count < 7 {
        return Err(text.len());
    }
    if let Some(bad) = text[at..].iter().take(7 - count).position(|byte| *byte != b'=') {
        return Err((at + bad).saturating_sub(1));
    }
    match count {
        3 | 6 => Err(at - 1),
        _ => Ok(()),
    }
}
