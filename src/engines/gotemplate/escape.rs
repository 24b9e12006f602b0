//! `html`, `js` and `urlquery`.
use super::fmt;
use super::fmt::is_print;
use super::func::Failure;
use super::lex::decode;
use super::value::Value;
use super::vm::Vm;

/// The text of the arguments, and what may become of it: at most six times as much.
fn text(vm: &mut Vm<'_>, args: &[Value]) -> Result<Vec<u8>, Failure> {
    if let [Value::String(text)] = args {
        vm.spend(1, u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(7))?;
        return Ok(text.to_vec());
    }
    let shown: Vec<Value> =
        args.iter().map(|arg| if arg.is_nil() { Value::text("<no value>") } else { arg.clone() }).collect();
    let text = fmt::sprint(&shown);
    vm.spend(1, u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(7))?;
    Ok(text)
}

pub(super) fn html(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for byte in text(vm, args)? {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(byte),
        }
    }
    Ok(Value::text(out))
}

pub(super) fn js(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(vm, args)?;
    let mut out = Vec::new();
    let mut rest = text.as_slice();
    while let Some((c, width)) = decode(rest) {
        match c {
            '\\' => out.extend_from_slice(b"\\\\"),
            '\'' => out.extend_from_slice(b"\\'"),
            '"' => out.extend_from_slice(b"\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes())
            }
            c if c.is_ascii() || is_print(c) => out.extend_from_slice(&rest[..width]),
            c => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
        rest = &rest[width..];
    }
    Ok(Value::text(out))
}

pub(super) fn urlquery(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for byte in text(vm, args)? {
        match byte {
            b' ' => out.push(b'+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte),
            byte => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    Ok(Value::text(out))
}
