//! Functions that break lines and indent them.
use super::args::{int, spend_text, text};
use super::fixed;
use super::strings::{repeat, replace};
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("indent", &[Ty::Int, Ty::String], |vm, args| indent(vm, text(args, 1), int(args, 0), b"")),
    fixed("nindent", &[Ty::Int, Ty::String], |vm, args| indent(vm, text(args, 1), int(args, 0), b"\n")),
    fixed("wrap", &[Ty::Int, Ty::String], |vm, args| wrap(vm, text(args, 1), int(args, 0), b"\n", false)),
    fixed("wrapWith", &[Ty::Int, Ty::String, Ty::String], |vm, args| {
        let between = match text(args, 1) {
            b"" => b"\n",
            between => between,
        };
        wrap(vm, text(args, 2), int(args, 0), between, true)
    }),
];

/// `begin`, and the text with spaces at the beginning of each line.
fn indent(vm: &mut Vm<'_>, text: &[u8], spaces: i64, begin: &[u8]) -> Result<Value, Failure> {
    let pad = repeat(vm, b" ", spaces, 1)?;
    let lines = replace(vm, text, b"\n", &[b"\n", pad.as_slice()].concat())?;
    spend_text(vm, lines.len() + pad.len())?;
    Ok(Value::text([begin, &pad, &lines].concat()))
}

/// Breaks a text at spaces into lines of at most `width` bytes; a word that is longer is cut, or stays whole.
fn wrap(vm: &mut Vm<'_>, text: &[u8], width: i64, between: &[u8], cut: bool) -> Result<Value, Failure> {
    let width = usize::try_from(width).unwrap_or(0).max(1);
    spend_text(vm, text.len())?;
    let (mut out, mut rest) = (Vec::new(), text);
    while rest.len() > width {
        if rest.first() == Some(&b' ') {
            rest = &rest[1..];
            continue;
        }
        let is_space = |byte: &u8| *byte == b' ';
        let (end, skip) = match rest[..=width].iter().rposition(is_space) {
            Some(space) => (space, 1),
            None if cut => (width, 0),
            None => match rest[width..].iter().position(is_space) {
                Some(space) => (width + space, 1),
                None => break,
            },
        };
        spend_text(vm, between.len())?;
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(between);
        rest = &rest[end + skip..];
    }
    out.extend_from_slice(rest);
    Ok(Value::text(out))
}
