//! Functions that trim, cut, repeat, replace and quote strings.
use super::args::{any, int, panic, spend_text, text};
use super::cast::{display, strval};
use super::lists_edit::strings;
use super::runes::{decode, decode_last, is_space, runes};
use super::{fixed, open};
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm, fmt};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("trim", &[Ty::String], |vm, args| kept(vm, trim(text(args, 0), is_space, is_space))),
    fixed("trimAll", &[Ty::String, Ty::String], trim_all),
    fixed("trimall", &[Ty::String, Ty::String], trim_all),
    fixed("trimPrefix", &[Ty::String, Ty::String], |vm, args| {
        let whole = text(args, 1);
        kept(vm, whole.strip_prefix(text(args, 0)).unwrap_or(whole))
    }),
    fixed("trimSuffix", &[Ty::String, Ty::String], |vm, args| {
        let whole = text(args, 1);
        kept(vm, whole.strip_suffix(text(args, 0)).unwrap_or(whole))
    }),
    fixed("trunc", &[Ty::Int, Ty::String], trunc),
    fixed("substr", &[Ty::Int, Ty::Int, Ty::String], substr),
    fixed("repeat", &[Ty::Int, Ty::String], |vm, args| Ok(Value::text(repeat(vm, text(args, 1), int(args, 0), 0)?))),
    fixed("contains", &[Ty::String, Ty::String], |vm, args| {
        spend_text(vm, text(args, 1).len())?;
        Ok(Value::Bool(find(text(args, 1), text(args, 0)).is_some()))
    }),
    fixed("hasPrefix", &[Ty::String, Ty::String], |_, args| Ok(Value::Bool(text(args, 1).starts_with(text(args, 0))))),
    fixed("hasSuffix", &[Ty::String, Ty::String], |_, args| Ok(Value::Bool(text(args, 1).ends_with(text(args, 0))))),
    fixed("replace", &[Ty::String, Ty::String, Ty::String], |vm, args| {
        Ok(Value::text(replace(vm, text(args, 2), text(args, 0), text(args, 1))?))
    }),
    fixed("plural", &[Ty::String, Ty::String, Ty::Int], |_, args| {
        Ok(any(args, if int(args, 2) == 1 { 0 } else { 1 }).clone())
    }),
    open("quote", &[], Ty::Any, |vm, args| joined(vm, args, |vm, value| Ok(fmt::quote(&strval(vm, value)?)))),
    open("squote", &[], Ty::Any, |vm, args| {
        joined(vm, args, |vm, value| Ok([b"'", display(vm, value)?.as_slice(), b"'"].concat()))
    }),
    open("cat", &[], Ty::Any, |vm, args| joined(vm, args, display)),
    fixed("join", &[Ty::String, Ty::Any], join),
];

/// A part of an argument.
fn kept(vm: &mut Vm<'_>, part: &[u8]) -> Result<Value, Failure> {
    spend_text(vm, part.len())?;
    Ok(Value::text(part))
}

/// Takes runes off both ends.
fn trim(text: &[u8], left: impl Fn(char) -> bool, right: impl Fn(char) -> bool) -> &[u8] {
    let mut text = text;
    loop {
        let (rune, width) = decode(text);
        if width == 0 || !left(rune) {
            break;
        }
        text = &text[width..];
    }
    loop {
        let (rune, width) = decode_last(text);
        if width == 0 || !right(rune) {
            return text;
        }
        text = &text[..text.len() - width];
    }
}

fn trim_all(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut set: Vec<char> = runes(text(args, 0)).collect();
    spend_text(vm, set.len() * 4)?;
    set.sort_unstable();
    let among = |rune: char| set.binary_search(&rune).is_ok();
    kept(vm, trim(text(args, 1), among, among))
}

fn trunc(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (count, whole) = (int(args, 0), text(args, 1));
    let length = signed(whole);
    let part = if count < 0 && length.wrapping_add(count) > 0 {
        whole.get(place(length + count)..)
    } else if (0..length).contains(&count) {
        whole.get(..place(count))
    } else {
        None
    };
    kept(vm, part.unwrap_or(whole))
}

fn substr(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (start, end, whole) = (int(args, 0), int(args, 1), text(args, 2));
    let length = signed(whole);
    let bad = |what: String| panic(format!("runtime error: slice bounds out of range [{what}]"));
    let part = if start < 0 {
        match usize::try_from(end).ok() {
            None => return Err(bad(format!(":{end}"))),
            Some(at) => whole.get(..at).ok_or_else(|| {
                panic(format!("runtime error: slice bounds out of range [:{end}] with length {length}"))
            })?,
        }
    } else if end < 0 || end > length {
        whole.get(place(start)..).ok_or_else(|| bad(format!("{start}:{length}")))?
    } else {
        whole.get(place(start)..place(end)).ok_or_else(|| bad(format!("{start}:{end}")))?
    };
    kept(vm, part)
}

fn signed(text: &[u8]) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

fn place(at: i64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// `count` times the text; `more` bytes will be added to it by the caller.
pub(super) fn repeat(vm: &mut Vm<'_>, text: &[u8], count: i64, more: usize) -> Result<Vec<u8>, Failure> {
    if count < 0 {
        return Err(panic("strings: negative Repeat count"));
    }
    let Some(length) = signed(text).checked_mul(count) else {
        return Err(panic("strings: Repeat output length overflow"));
    };
    spend_text(vm, place(length).saturating_add(more))?;
    Ok(text.repeat(if text.is_empty() { 0 } else { place(count) }))
}

/// Where `needle` first is.
pub(super) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [byte] => text.iter().position(|other| other == byte),
        _ => Finder::new(needle).next(text, 0),
    }
}

/// Searches one needle in linear time (Knuth, Morris, Pratt).
pub(super) struct Finder<'a> {
    needle: &'a [u8],
    /// For each place in the needle, the longest proper beginning that also ends there.
    back: Vec<usize>,
}

impl<'a> Finder<'a> {
    /// For a needle that is not empty.
    pub(super) fn new(needle: &'a [u8]) -> Finder<'a> {
        let mut back = vec![0; needle.len()];
        let mut matched = 0;
        for at in 1..needle.len() {
            while matched > 0 && needle[at] != needle[matched] {
                matched = back[matched - 1];
            }
            if needle[at] == needle[matched] {
                matched += 1;
            }
            back[at] = matched;
        }
        Finder { needle, back }
    }

    /// Where the needle is, at or after `from`.
    pub(super) fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut matched = 0;
        for (at, byte) in text.iter().enumerate().skip(from) {
            while matched > 0 && self.needle[matched] != *byte {
                matched = self.back[matched - 1];
            }
            if self.needle[matched] == *byte {
                matched += 1;
            }
            if matched == self.needle.len() {
                return Some(at + 1 - matched);
            }
        }
        None
    }
}

/// Replaces all occurrences; an empty `old` stands before every rune and at the end.
pub(super) fn replace(vm: &mut Vm<'_>, text: &[u8], old: &[u8], new: &[u8]) -> Result<Vec<u8>, Failure> {
    spend_text(vm, text.len())?;
    let mut out = Vec::new();
    if old.is_empty() {
        let mut rest = text;
        loop {
            spend_text(vm, new.len())?;
            out.extend_from_slice(new);
            let (_, width) = decode(rest);
            if width == 0 {
                return Ok(out);
            }
            out.extend_from_slice(&rest[..width]);
            rest = &rest[width..];
        }
    }
    let (finder, mut from) = (Finder::new(old), 0);
    while let Some(at) = finder.next(text, from) {
        spend_text(vm, new.len())?;
        out.extend_from_slice(&text[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&text[from..]);
    Ok(out)
}

/// What `each` makes of the arguments that are not nil, with spaces between.
fn joined(
    vm: &mut Vm<'_>,
    args: &[Value],
    each: impl Fn(&mut Vm<'_>, &Value) -> Result<Vec<u8>, Failure>,
) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for (at, value) in args.iter().filter(|value| !value.is_nil()).enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        let part = each(vm, value)?;
        spend_text(vm, part.len())?;
        out.extend_from_slice(&part);
    }
    Ok(Value::text(out))
}

fn join(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (separator, items) = (text(args, 0), strings(vm, any(args, 1))?);
    let length: usize = items.iter().map(|item| item.len()).sum();
    spend_text(vm, length.saturating_add(separator.len().saturating_mul(items.len())))?;
    Ok(Value::text(items.join(separator)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_found() {
        for (text, needle, at) in [
            ("", "", Some(0)),
            ("abc", "", Some(0)),
            ("abc", "c", Some(2)),
            ("ababac", "abac", Some(2)),
            ("aaaaab", "aab", Some(3)),
            ("aaaa", "aab", None),
        ] {
            assert_eq!(find(text.as_bytes(), needle.as_bytes()), at, "{needle} in {text}");
        }
    }
}
