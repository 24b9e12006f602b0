//! Functions that change the case of letters, and the conventions for words (`snake_case`) that follow from it.
use super::args::{spend_text, text};
use super::cases_words::{pascal, separated};
use super::fixed;
use super::runes::{
    is_digit, is_letter, is_lower, is_space, is_title, is_upper, push, runes, to_lower, to_title, to_upper,
};
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("upper", &[Ty::String], |vm, args| each(vm, args, to_upper)),
    fixed("lower", &[Ty::String], |vm, args| each(vm, args, to_lower)),
    fixed("title", &[Ty::String], title),
    fixed("untitle", &[Ty::String], untitle),
    fixed("swapcase", &[Ty::String], swapcase),
    fixed("snakecase", &[Ty::String], |vm, args| words(vm, args, |text| separated(text, '_'))),
    fixed("kebabcase", &[Ty::String], |vm, args| words(vm, args, |text| separated(text, '-'))),
    fixed("camelcase", &[Ty::String], |vm, args| words(vm, args, pascal)),
];

/// Maps every rune.
fn each(vm: &mut Vm<'_>, args: &[Value], mut map: impl FnMut(char) -> char) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 3)?;
    let mut out = Vec::with_capacity(text.len());
    for rune in runes(text) {
        push(&mut out, map(rune));
    }
    Ok(Value::text(out))
}

fn words(vm: &mut Vm<'_>, args: &[Value], map: fn(&[u8]) -> Vec<u8>) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 3)?;
    Ok(Value::text(map(text)))
}

fn title(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut before = ' ';
    each(vm, args, |rune| {
        let begins = separates(before);
        before = rune;
        if begins { to_title(rune) } else { rune }
    })
}

/// What stands between words for `title`.
fn separates(rune: char) -> bool {
    if rune.is_ascii() {
        return !(rune.is_ascii_alphanumeric() || rune == '_');
    }
    !is_letter(rune) && !is_digit(rune) && is_space(rune)
}

fn untitle(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut begins = true;
    each(vm, args, |rune| {
        if is_space(rune) {
            begins = true;
            return rune;
        }
        if std::mem::take(&mut begins) { to_lower(rune) } else { rune }
    })
}

fn swapcase(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let mut begins = true;
    each(vm, args, |rune| {
        if is_upper(rune) || is_title(rune) {
            begins = false;
            to_lower(rune)
        } else if is_lower(rune) {
            if std::mem::take(&mut begins) { to_title(rune) } else { to_upper(rune) }
        } else {
            begins = is_space(rune);
            rune
        }
    })
}
