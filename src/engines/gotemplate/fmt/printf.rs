//! Formats: `%[2]*.[1]*f` and everything that can be wrong with them.
use super::pad::{Flags, Printer};
use super::utf8;
use crate::engines::gotemplate::Value;

/// Widths and precisions beyond this are not taken.
const MAX_SIZE: i64 = 1_000_000;

/// A format being read, and the operand that is next.
struct Format<'a> {
    text: &'a [u8],
    at: usize,
    next: usize,
    /// There was an index like `[3]`.
    reordered: bool,
    /// The indexes of this verb make sense.
    good: bool,
    /// The last thing read was an index.
    after_index: bool,
}

impl Format<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Decimal digits. A number that is far too big swallows the rest of the text, as in Go.
    fn number(&mut self, end: usize) -> Option<i64> {
        let mut number = None;
        while let Some(digit) = self.peek().filter(|byte| self.at < end && byte.is_ascii_digit()) {
            let sofar = number.unwrap_or(0);
            if sofar > MAX_SIZE {
                self.at = end;
                return None;
            }
            number = Some(sofar * 10 + i64::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    /// `[3]`, if it is there: the next operand.
    fn index(&mut self, operands: usize) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let close = if rest.len() < 3 { None } else { rest.iter().position(|byte| *byte == b']') };
        let Some(close) = close.map(|close| self.at + close) else {
            self.good = false;
            self.at += 1;
            return;
        };
        self.at += 1;
        let number = self.number(close).filter(|_| self.at == close);
        self.at = close + 1;
        self.after_index = number.is_some();
        match number.and_then(|number| usize::try_from(number - 1).ok()).filter(|index| *index < operands) {
            Some(index) => self.next = index,
            None => self.good = false,
        }
    }

    /// `*`: a width or precision out of the operands.
    fn star(&mut self, operands: &[Value]) -> Option<i64> {
        let operand = operands.get(self.next)?;
        self.next += 1;
        let number = match operand {
            Value::Int(number, _) => Some(*number),
            Value::Uint(number, _) => i64::try_from(*number).ok(),
            _ => None,
        };
        number.filter(|number| (-MAX_SIZE..=MAX_SIZE).contains(number))
    }
}

/// `fmt.Sprintf`.
pub(super) fn sprintf(out: &mut Printer, format: &[u8], operands: &[Value]) {
    let mut format = Format { text: format, at: 0, next: 0, reordered: false, good: true, after_index: false };
    while !out.full() {
        let rest = format.text.get(format.at..).unwrap_or_default();
        let literal = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        out.write(rest.get(..literal).unwrap_or_default());
        format.at += literal + 1;
        if literal == rest.len() || !verb(out, &mut format, operands) {
            break;
        }
    }
    if !format.reordered && format.next < operands.len() {
        extra(out, operands.get(format.next..).unwrap_or_default());
    }
}

/// One `%`; false at the end of the format.
fn verb(out: &mut Printer, format: &mut Format<'_>, operands: &[Value]) -> bool {
    format.good = true;
    flags(out, format);
    let plain = format.peek().is_some_and(|byte| byte.is_ascii_lowercase()) && format.next < operands.len();
    if !plain {
        format.index(operands.len());
        width(out, format, operands);
        precision(out, format, operands);
        if !format.after_index {
            format.index(operands.len());
        }
    }
    let rest = format.text.get(format.at..).unwrap_or_default();
    let (char, size) = utf8::decode(rest);
    if size == 0 {
        out.write_str("%!(NOVERB)");
        return false;
    }
    format.at += size;
    let verb = char.unwrap_or(char::REPLACEMENT_CHARACTER);
    if verb == '%' {
        out.write(b"%");
        return true;
    }
    let problem = match operands.get(format.next) {
        _ if !format.good => "(BADINDEX)",
        None => "(MISSING)",
        Some(operand) => {
            if verb == 'v' || verb == 'w' {
                out.flags.go_syntax = std::mem::take(&mut out.flags.sharp);
                out.flags.plus = false;
            }
            out.operand(operand, verb);
            format.next += 1;
            return true;
        }
    };
    out.write_str("%!");
    out.write(verb.encode_utf8(&mut [0; 4]).as_bytes());
    out.write_str(problem);
    true
}

fn flags(out: &mut Printer, format: &mut Format<'_>) {
    out.flags = Flags::default();
    loop {
        match format.peek() {
            Some(b'#') => out.flags.sharp = true,
            Some(b'0') => out.flags.zero = true,
            Some(b'+') => out.flags.plus = true,
            Some(b'-') => out.flags.minus = true,
            Some(b' ') => out.flags.space = true,
            _ => return,
        }
        format.at += 1;
    }
}

fn width(out: &mut Printer, format: &mut Format<'_>, operands: &[Value]) {
    if format.take(b'*') {
        let number = format.star(operands);
        if number.is_none() {
            out.write_str("%!(BADWIDTH)");
        }
        if number.is_some_and(|number| number < 0) {
            out.flags.minus = true;
            out.flags.zero = false;
        }
        out.flags.width = number.and_then(|number| usize::try_from(number.unsigned_abs()).ok());
        format.after_index = false;
    } else {
        let number = format.number(format.text.len());
        out.flags.width = number.and_then(|number| usize::try_from(number).ok());
        if format.after_index && number.is_some() {
            format.good = false;
        }
    }
}

fn precision(out: &mut Printer, format: &mut Format<'_>, operands: &[Value]) {
    if format.at + 1 >= format.text.len() || !format.take(b'.') {
        return;
    }
    if format.after_index {
        format.good = false;
    }
    format.index(operands.len());
    if format.take(b'*') {
        let number = format.star(operands);
        out.flags.precision = number.and_then(|number| usize::try_from(number).ok());
        if out.flags.precision.is_none() {
            out.write_str("%!(BADPREC)");
        }
        format.after_index = false;
    } else {
        let number = format.number(format.text.len());
        out.flags.precision = Some(number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0));
    }
}

/// `%!(EXTRA int=1, <nil>)`
fn extra(out: &mut Printer, operands: &[Value]) {
    out.plain();
    out.write_str("%!(EXTRA ");
    for (at, operand) in operands.iter().enumerate() {
        if at > 0 {
            out.write(b", ");
        }
        if operand.is_nil() {
            out.write_str("<nil>");
        } else {
            out.write_str(&operand.type_name());
            out.write(b"=");
            out.operand(operand, 'v');
        }
    }
    out.write(b")");
}
