//! Functions about paths with slashes. Those for paths of the system are the same ones: Helm's results are those of Unix.
use super::args::{spend_text, text};
use super::fixed;
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("base", &[Ty::String], |vm, args| with(vm, args, base)),
    fixed("dir", &[Ty::String], |vm, args| with(vm, args, dir)),
    fixed("clean", &[Ty::String], |vm, args| with(vm, args, clean)),
    fixed("ext", &[Ty::String], |vm, args| with(vm, args, ext)),
    fixed("isAbs", &[Ty::String], is_abs),
    fixed("osBase", &[Ty::String], |vm, args| with(vm, args, base)),
    fixed("osDir", &[Ty::String], |vm, args| with(vm, args, dir)),
    fixed("osClean", &[Ty::String], |vm, args| with(vm, args, clean)),
    fixed("osExt", &[Ty::String], |vm, args| with(vm, args, ext)),
    fixed("osIsAbs", &[Ty::String], is_abs),
];

fn with(vm: &mut Vm<'_>, args: &[Value], map: fn(&[u8]) -> Vec<u8>) -> Result<Value, Failure> {
    let path = text(args, 0);
    spend_text(vm, path.len() + 1)?;
    Ok(Value::text(map(path)))
}

fn is_abs(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    Ok(Value::Bool(text(args, 0).starts_with(b"/")))
}

fn base(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let Some(end) = path.iter().rposition(|byte| *byte != b'/') else { return b"/".to_vec() };
    let start = path[..end].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    path[start..=end].to_vec()
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    clean(&path[..end])
}

fn ext(path: &[u8]) -> Vec<u8> {
    let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let dot = path[name..].iter().rposition(|byte| *byte == b'.');
    dot.map_or_else(Vec::new, |dot| path[name + dot..].to_vec())
}

/// The shortest path that means the same, by its text alone.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(&last) if last != b".." => _ = kept.pop(),
                _ if rooted => {}
                _ => kept.push(part),
            },
            _ => kept.push(part),
        }
    }
    let joined = kept.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
