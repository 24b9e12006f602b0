//! Functions that take strings apart, and that make short ones out of long ones.
use super::args::{int, spend_items, spend_text, text};
use super::fixed;
use super::runes::{decode, is_space, push, runes};
use super::strings::Finder;
use crate::engines::gotemplate::{Bytes, Failure, Func, List, Map, MapType, Ty, Value, Vm};
use crate::engines::helm::host::Host;

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("split", &[Ty::String, Ty::String], |vm, args| {
        let parts = split(vm, text(args, 1), text(args, 0), -1)?;
        Ok(numbered(&parts))
    }),
    fixed("splitn", &[Ty::String, Ty::Int, Ty::String], |vm, args| {
        let parts = split(vm, text(args, 2), text(args, 0), int(args, 1))?;
        Ok(numbered(&parts))
    }),
    fixed("splitList", &[Ty::String, Ty::String], |vm, args| {
        let parts = split(vm, text(args, 1), text(args, 0), -1)?;
        Ok(Value::List(List::strings(parts)))
    }),
    fixed("nospace", &[Ty::String], nospace),
    fixed("initials", &[Ty::String], initials),
    fixed("abbrev", &[Ty::Int, Ty::String], |vm, args| abbreviated(vm, text(args, 1), 0, int(args, 0))),
    fixed("abbrevboth", &[Ty::Int, Ty::Int, Ty::String], |vm, args| {
        abbreviated(vm, text(args, 2), int(args, 0), int(args, 1))
    }),
    fixed("shuffle", &[Ty::String], shuffle),
];

/// The parts between separators, at most `limit` when that is not negative; between runes for an empty separator.
pub(super) fn split<'a>(
    vm: &mut Vm<'_>,
    text: &'a [u8],
    separator: &[u8],
    limit: i64,
) -> Result<Vec<&'a [u8]>, Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    spend_text(vm, text.len())?;
    let mut parts = Vec::new();
    if limit == 0 || (separator.is_empty() && text.is_empty()) {
        return Ok(parts);
    }
    let mut rest = text;
    if separator.is_empty() {
        loop {
            let (_, width) = decode(rest);
            if width == rest.len() || parts.len() + 1 == limit {
                break;
            }
            spend_items(vm, 2)?;
            parts.push(&rest[..width]);
            rest = &rest[width..];
        }
    } else {
        let (finder, mut from) = (Finder::new(separator), 0);
        while parts.len() + 1 < limit
            && let Some(at) = finder.next(text, from)
        {
            spend_items(vm, 2)?;
            parts.push(&text[from..at]);
            from = at + separator.len();
        }
        rest = &text[from..];
    }
    parts.push(rest);
    Ok(parts)
}

/// `map[string]string` with the keys `_0`, `_1`, …
fn numbered(parts: &[&[u8]]) -> Value {
    let entries = parts.iter().enumerate().map(|(at, part)| (Bytes::from(format!("_{at}")), Value::text(*part)));
    Value::Map(Map::of(MapType::String, entries.collect()))
}

/// Takes white space away. Byte by byte: each byte counts as the character of its number, here and in the result.
fn nospace(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 2)?;
    if !text.iter().any(|byte| is_space(char::from(*byte))) {
        return Ok(Value::text(text));
    }
    let mut out = Vec::with_capacity(text.len());
    for rune in text.iter().map(|byte| char::from(*byte)).filter(|rune| !is_space(*rune)) {
        push(&mut out, rune);
    }
    Ok(Value::text(out))
}

/// The first byte of each word, as the character of its number.
fn initials(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len())?;
    let (mut out, mut gap) = (Vec::new(), true);
    for rune in text.iter().map(|byte| char::from(*byte)) {
        let space = is_space(rune);
        if gap && !space {
            push(&mut out, rune);
        }
        gap = space;
    }
    Ok(Value::text(out))
}

/// At most `width` bytes of the text from about `offset` on, with `...` for what is left out.
fn abbreviated(vm: &mut Vm<'_>, text: &[u8], offset: i64, width: i64) -> Result<Value, Failure> {
    spend_text(vm, text.len())?;
    if width < 4 || (offset > 0 && width < 7) {
        return Ok(Value::text(text));
    }
    Ok(Value::text(abbreviate(text, offset, width)))
}

fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    if width < 4 {
        return Vec::new();
    }
    if length <= width {
        return text.to_vec();
    }
    let place = |at: i64| usize::try_from(at).unwrap_or_default().min(text.len());
    let mut offset = offset.min(length);
    if length.saturating_sub(offset) < width - 3 {
        offset = length - (width - 3);
    }
    if offset <= 4 {
        return [&text[..place(width - 3)], b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        return [b"...".to_vec(), abbreviate(&text[place(offset)..], 0, width - 3)].concat();
    }
    [b"...", &text[place(length - (width - 3))..]].concat()
}

/// Mixes the runes; the order comes out of the seed of the rendering.
fn shuffle(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 12)?;
    let mut runes: Vec<char> = runes(text).collect();
    let chance = match vm.host::<Host>() {
        Some(host) if !runes.is_empty() => host.draw("shuffle", text, runes.len() * 8),
        _ => return Ok(Value::text(text)),
    };
    for (at, bytes) in (1..runes.len()).rev().zip(chance.chunks_exact(8)) {
        let number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        let other = usize::try_from(number % (at as u64 + 1)).unwrap_or_default();
        runes.swap(at, other);
    }
    Ok(Value::from(runes.into_iter().collect::<String>()))
}
