//! Numbers, strings and characters with flags, width and precision.
use super::float::format_float;
use super::{quote, utf8};

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%#v`
    pub(super) go_syntax: bool,
}

/// A text that grows up to a limit; what does not fit is left out and remembered as missing.
pub(super) struct Printer {
    pub(super) out: Vec<u8>,
    pub(super) flags: Flags,
    limit: usize,
    full: bool,
}

impl Printer {
    pub(super) fn new(limit: usize) -> Printer {
        Printer { out: Vec::new(), flags: Flags::default(), limit, full: false }
    }

    pub(super) fn full(&self) -> bool {
        self.full
    }

    /// Gives up: nothing more is written.
    pub(super) fn stop(&mut self) {
        self.full = true;
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.full || bytes.len() > self.limit.saturating_sub(self.out.len()) {
            self.full = true;
            return;
        }
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn write_str(&mut self, text: &str) {
        self.write(text.as_bytes());
    }

    fn fill(&mut self, count: usize, byte: u8) {
        if self.full || count > self.limit.saturating_sub(self.out.len()) {
            self.full = true;
            return;
        }
        self.out.resize(self.out.len() + count, byte);
    }

    /// The text with spaces or zeros up to the width.
    pub(super) fn pad(&mut self, text: &[u8]) {
        let missing = self.flags.width.unwrap_or(0).saturating_sub(utf8::count(text));
        if self.flags.minus {
            self.write(text);
            self.fill(missing, b' ');
        } else {
            self.fill(missing, if self.flags.zero { b'0' } else { b' ' });
            self.write(text);
        }
    }

    /// `pad`, with spaces only.
    fn pad_spaces(&mut self, text: &[u8]) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text);
        self.flags.zero = zero;
    }

    /// An integer in a base of 2, 8, 10 or 16. `verb` `O` puts `0o` before it.
    pub(super) fn integer(&mut self, size: u64, negative: bool, base: u64, verb: char, upper: bool) {
        let flags = self.flags;
        let minimum = match flags.precision {
            Some(0) if size == 0 => {
                let width = flags.width.unwrap_or(0);
                self.fill(width, b' ');
                return;
            }
            Some(precision) => precision,
            None if flags.zero && !flags.minus && flags.width.is_some() => {
                let sign = negative || flags.plus || flags.space;
                flags.width.unwrap_or(0).saturating_sub(usize::from(sign))
            }
            None => 0,
        };
        let mut digits = digits(size, base, upper);
        if minimum > digits.len() {
            let missing = minimum - digits.len();
            digits.splice(0..0, std::iter::repeat_n(b'0', missing));
        }
        let mut prefix = match (negative, flags.plus, flags.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
        .to_owned();
        if verb == 'O' {
            prefix.push_str("0o");
        }
        if flags.sharp {
            prefix.push_str(match base {
                2 => "0b",
                8 if digits.first() != Some(&b'0') => "0",
                16 if upper => "0X",
                16 => "0x",
                _ => "",
            });
        }
        digits.splice(0..0, prefix.bytes());
        self.pad_spaces(&digits);
    }

    /// `U+0041`, with `#` also the character.
    pub(super) fn unicode(&mut self, number: u64) {
        let width = self.flags.precision.unwrap_or(0).max(4);
        let mut text = format!("U+{number:0width$X}", width = width.min(64)).into_bytes();
        if width > 64 {
            text.splice(2..2, std::iter::repeat_n(b'0', width - 64));
        }
        if self.flags.sharp && number <= 0x10_ffff {
            let char = u32::try_from(number).ok().and_then(char::from_u32).filter(|char| quote::is_print(*char));
            if let Some(char) = char {
                text.extend_from_slice(format!(" '{char}'").as_bytes());
            }
        }
        self.pad_spaces(&text);
    }

    /// A string, cut to the precision.
    pub(super) fn string(&mut self, text: &[u8]) {
        let text = self.flags.precision.map_or(text, |limit| utf8::truncate(text, limit));
        self.pad(text);
    }

    /// A quoted string.
    pub(super) fn quoted(&mut self, text: &[u8]) {
        let text = self.flags.precision.map_or(text, |limit| utf8::truncate(text, limit));
        if self.flags.sharp && quote::can_backquote(text) {
            return self.pad(&[b"`", text, b"`"].concat());
        }
        let quoted = if self.flags.plus { quote::quote_ascii(text) } else { quote::quote(text) };
        self.pad(&quoted);
    }

    /// The bytes in hexadecimal.
    pub(super) fn hexadecimal(&mut self, text: &[u8], upper: bool) {
        let flags = self.flags;
        let text = flags.precision.and_then(|limit| text.get(..limit)).unwrap_or(text);
        let mark: &[u8] = match (flags.sharp, upper) {
            (false, _) => b"",
            (true, false) => b"0x",
            (true, true) => b"0X",
        };
        let table: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut out = Vec::with_capacity(text.len() * 2);
        for (at, byte) in text.iter().enumerate() {
            if at > 0 && flags.space {
                out.push(b' ');
            }
            if at == 0 || flags.space {
                out.extend_from_slice(mark);
            }
            out.extend([table[usize::from(byte >> 4)], table[usize::from(byte & 15)]]);
        }
        self.pad(&out);
    }

    /// A character as such.
    pub(super) fn char(&mut self, number: u64) {
        let char = utf8::character(number);
        self.pad(char.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// A character in quotes.
    pub(super) fn quoted_char(&mut self, number: u64) {
        let quoted = quote::quote_char(utf8::character(number), self.flags.plus);
        self.pad(&quoted);
    }

    /// A float; `format` as `strconv.FormatFloat` knows it, `precision` unless the flags have one.
    pub(super) fn float(&mut self, value: f64, format: u8, precision: Option<usize>) {
        let flags = self.flags;
        let precision = flags.precision.or(precision);
        let text = format_float(value, format, precision);
        let (sign, body) = match text.as_bytes().first() {
            Some(b'-') => (b'-', &text[1..]),
            Some(b'+') => (b'+', &text[1..]),
            _ => (b'+', text.as_str()),
        };
        let sign = if flags.space && sign == b'+' && !flags.plus { b' ' } else { sign };
        if !value.is_finite() {
            // An infinity always has its sign, NaN only when there is a flag for it.
            let shown = !value.is_nan() || flags.space || flags.plus;
            let text = [&[sign], body.as_bytes()].concat();
            return self.pad_spaces(text.get(usize::from(!shown)..).unwrap_or_default());
        }
        let body = if flags.sharp && format != b'b' { sharp(body, format, precision) } else { body.to_owned() };
        if !flags.plus && sign == b'+' {
            return self.pad(body.as_bytes());
        }
        let length = body.len() + 1;
        match flags.width {
            Some(width) if flags.zero && !flags.minus && width > length => {
                self.write(&[sign]);
                self.fill(width - length, b'0');
                self.write(body.as_bytes());
            }
            _ => self.pad(&[&[sign], body.as_bytes()].concat()),
        }
    }
}

/// With `#` there is always a point, and `%g` keeps zeros at the end.
fn sharp(body: &str, format: u8, precision: Option<usize>) -> String {
    let hexadecimal = matches!(format, b'x' | b'X');
    let mut missing = match format {
        b'g' | b'G' | b'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let at = body.find(|char| matches!(char, 'p' | 'P') || (matches!(char, 'e' | 'E') && !hexadecimal));
    let (number, tail) = body.split_at(at.unwrap_or(body.len()));
    let mut seen = false;
    for char in number.chars().filter(|char| *char != '.') {
        seen |= char != '0';
        missing = missing.saturating_sub(usize::from(seen));
    }
    let mut out = number.to_owned();
    if !number.contains('.') {
        if number == "0" {
            missing = missing.saturating_sub(1);
        }
        out.push('.');
    }
    out.extend(std::iter::repeat_n('0', missing));
    out.push_str(tail);
    out
}

fn digits(mut size: u64, base: u64, upper: bool) -> Vec<u8> {
    let table: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let mut out = Vec::with_capacity(24);
    loop {
        out.push(usize::try_from(size % base).ok().and_then(|at| table.get(at)).copied().unwrap_or(b'0'));
        size /= base;
        if size == 0 {
            break;
        }
    }
    out.reverse();
    out
}
