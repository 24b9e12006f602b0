//! Values under a verb: what `%v`, `%d`, `%q` and the others make of each type.
use super::pad::{Flags, Printer};
use crate::engines::gotemplate::{Element, Kind, List, Map, Object, Value};

/// Nesting that is still printed. Go has no bound and dies of a map that holds itself.
const MAX_DEPTH: usize = 1000;

/// What stands for the address of anything: the true one would be another one each time.
const ADDRESS: u64 = 0x00c0_0001_2000;

impl Printer {
    /// An operand. `verb` is any character; `T` and `p` are answered here.
    pub(super) fn operand(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(value, verb, 0),
            (_, 'T') => self.string(value.type_name().as_bytes()),
            (_, 'p') => self.pointer(value),
            _ => self.value(value, verb, 0),
        }
    }

    /// A value at some depth of an operand.
    fn value(&mut self, value: &Value, verb: char, depth: usize) {
        if self.full() {
            return;
        }
        match value {
            Value::Nil if self.flags.go_syntax => self.write_str("interface {}(nil)"),
            Value::Nil => self.write_str("<nil>"),
            Value::Bool(on) => match verb {
                't' | 'v' => self.pad(if *on { b"true" } else { b"false" }),
                _ => self.bad_verb(value, verb, depth),
            },
            Value::Int(number, _) => self.whole(value, number.unsigned_abs(), *number < 0, verb, depth),
            Value::Uint(number, _) => self.whole(value, *number, false, verb, depth),
            Value::Float(number) => self.real(*number, verb, depth),
            Value::String(text) => self.text(value, text, verb, depth),
            Value::Object(object) => self.object(value, &**object, verb, depth),
            Value::List(_) | Value::Map(_) if depth > MAX_DEPTH => self.stop(),
            Value::List(_) | Value::Map(_) if verb == 'w' && (depth > 0 || !is_bytes(value)) => {
                self.bad_verb(value, verb, depth);
            }
            Value::List(list) => {
                stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.list(list, verb, depth));
            }
            Value::Map(map) => {
                stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.map(map, verb, depth));
            }
        }
    }

    fn whole(&mut self, value: &Value, size: u64, negative: bool, verb: char, depth: usize) {
        // Go looks at the bits where the sign has no meaning.
        let bits = if negative { size.wrapping_neg() } else { size };
        match verb {
            'v' if self.flags.go_syntax && matches!(value, Value::Uint(..)) => self.prefixed(size, true),
            'v' | 'd' => self.integer(size, negative, 10, verb, false),
            'b' => self.integer(size, negative, 2, verb, false),
            'o' | 'O' => self.integer(size, negative, 8, verb, false),
            'x' => self.integer(size, negative, 16, verb, false),
            'X' => self.integer(size, negative, 16, verb, true),
            'c' => self.char(bits),
            'q' => self.quoted_char(bits),
            'U' => self.unicode(bits),
            _ => self.bad_verb(value, verb, depth),
        }
    }

    /// Hexadecimal, with or without `0x` whatever the flags say.
    fn prefixed(&mut self, size: u64, prefix: bool) {
        let sharp = std::mem::replace(&mut self.flags.sharp, prefix);
        self.integer(size, false, 16, 'v', false);
        self.flags.sharp = sharp;
    }

    fn real(&mut self, number: f64, verb: char, depth: usize) {
        match verb {
            'v' => {
                // `%#v` asks for Go syntax; the flag `#` itself is off.
                self.float(number, b'g', None);
            }
            'b' => self.float(number, b'b', None),
            'g' => self.float(number, b'g', None),
            'G' => self.float(number, b'G', None),
            'x' => self.float(number, b'x', None),
            'X' => self.float(number, b'X', None),
            'e' => self.float(number, b'e', Some(6)),
            'E' => self.float(number, b'E', Some(6)),
            'f' | 'F' => self.float(number, b'f', Some(6)),
            _ => self.bad_verb(&Value::Float(number), verb, depth),
        }
    }

    fn text(&mut self, value: &Value, text: &[u8], verb: char, depth: usize) {
        match verb {
            'v' if self.flags.go_syntax => self.quoted(text),
            'v' | 's' => self.string(text),
            'x' => self.hexadecimal(text, false),
            'X' => self.hexadecimal(text, true),
            'q' => self.quoted(text),
            _ => self.bad_verb(value, verb, depth),
        }
    }

    fn object(&mut self, value: &Value, object: &dyn Object, verb: char, depth: usize) {
        match (verb, object.underlying()) {
            ('v' | 's' | 'x' | 'X' | 'q', _) if !self.flags.go_syntax => {
                let text = object.display();
                self.text(value, text.as_bytes(), verb, depth);
            }
            ('v', _) => {
                let text = object.display();
                self.string(text.as_bytes());
            }
            (_, Some(under)) if !matches!(under, Value::Object(_)) => self.value(&under, verb, depth + 1),
            _ => self.bad_verb(value, verb, depth),
        }
    }

    fn list(&mut self, list: &List, verb: char, depth: usize) {
        let go_syntax = self.flags.go_syntax;
        if list.element() == Element::Uint8 {
            match verb {
                's' | 'q' | 'x' | 'X' => {
                    let text = bytes(list);
                    return match verb {
                        's' => self.string(&text),
                        'q' => self.quoted(&text),
                        _ => self.hexadecimal(&text, verb == 'X'),
                    };
                }
                'v' if go_syntax && depth == 0 => self.write_str("[]byte"),
                _ if go_syntax => self.write_str(list.element().slice_name()),
                _ => (),
            }
        } else if go_syntax {
            self.write_str(list.element().slice_name());
        }
        self.write(if go_syntax { b"{" } else { b"[" });
        for (at, item) in list.items().iter().enumerate() {
            if self.full() {
                return;
            }
            if at > 0 {
                self.write(if go_syntax { b", " } else { b" " });
            }
            self.value(item, verb, depth + 1);
        }
        self.write(if go_syntax { b"}" } else { b"]" });
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) {
        let go_syntax = self.flags.go_syntax;
        if go_syntax {
            self.write_str(map.map_type().name());
            self.write(b"{");
        } else {
            self.write(b"map[");
        }
        // A snapshot, because `Object::display` of a value may look at the map as well.
        for (at, (key, value)) in map.snapshot().into_iter().enumerate() {
            if self.full() {
                return;
            }
            if at > 0 {
                self.write(if go_syntax { b", " } else { b" " });
            }
            self.value(&Value::String(key), verb, depth + 1);
            self.write(b":");
            self.value(&value, verb, depth + 1);
        }
        self.write(if go_syntax { b"}" } else { b"]" });
    }

    fn pointer(&mut self, value: &Value) {
        match value {
            Value::List(_) | Value::Map(_) => {
                let prefix = !self.flags.sharp;
                self.prefixed(ADDRESS, prefix);
            }
            Value::Object(object) if !matches!(object.kind(), Kind::Struct) => {
                let prefix = !self.flags.sharp;
                self.prefixed(ADDRESS, prefix);
            }
            _ => self.bad_verb(value, 'p', 0),
        }
    }

    /// `%!d(string=abc)`
    fn bad_verb(&mut self, value: &Value, verb: char, depth: usize) {
        self.write_str("%!");
        self.write(verb.encode_utf8(&mut [0; 4]).as_bytes());
        match value {
            Value::Nil => self.write_str("(<nil>"),
            _ => {
                self.write_str("(");
                self.write_str(&value.type_name());
                self.write_str("=");
                // The depth goes on counting, so that a map in itself ends here too.
                self.value(value, 'v', if depth == 0 { 0 } else { depth + 1 });
            }
        }
        self.write_str(")");
    }

    /// Runs with no flags.
    pub(super) fn plain(&mut self) {
        self.flags = Flags::default();
    }
}

fn is_bytes(value: &Value) -> bool {
    value.as_list().is_some_and(|list| list.element() == Element::Uint8)
}

/// The bytes of a `[]uint8`.
pub(super) fn bytes(list: &List) -> Vec<u8> {
    let byte = |item: &Value| match item {
        Value::Uint(number, _) => u8::try_from(*number).unwrap_or_default(),
        _ => 0,
    };
    list.items().iter().map(byte).collect()
}
