//! Go's `json.Unmarshal` into `interface{}`, with its complaints.
use super::{deeper, yaml::json_kind};
use crate::engines::gotemplate::fmt::{parse_float, quote};
use crate::engines::gotemplate::{Bytes, Map, Value};

/// Nesting that Go reads.
const MAX_DEPTH: usize = 10_000;

/// What `json.Unmarshal` gives for `interface{}`: numbers are floats.
///
/// # Errors
/// Go's text: `invalid character 'x' looking for beginning of value`.
pub(in crate::engines::helm) fn decode(text: &[u8]) -> Result<Value, String> {
    match parse(text)? {
        (_, Some(range)) => Err(range),
        (value, None) => Ok(value),
    }
}

/// The value, and a complaint about its first number that no float holds.
fn parse(text: &[u8]) -> Result<(Value, Option<String>), String> {
    let mut reader = Reader { text, at: 0, range: None };
    let value = reader.value(0)?;
    reader.space();
    if reader.peek().is_some() {
        return Err(reader.unexpected("after top-level value"));
    }
    Ok((value, reader.range))
}

/// What `json.Unmarshal` gives for a `map[string]interface{}`; `null` gives an empty one.
///
/// # Errors
/// Go's text; also when it is something else: `json: cannot unmarshal array into Go value of type map[string]interface {}`.
pub(in crate::engines::helm) fn decode_map(text: &[u8]) -> Result<Value, String> {
    match parse(text)? {
        (Value::Nil, _) => Ok(Value::Map(Map::new())),
        (Value::Map(map), None) => Ok(Value::Map(map)),
        (Value::Map(_), Some(range)) => Err(range),
        (other, _) => Err(mismatch(&other, "map[string]interface {}")),
    }
}

/// What `json.Unmarshal` gives for a `[]interface{}`; `null` gives an empty one.
///
/// # Errors
/// As `decode_map`.
pub(in crate::engines::helm) fn decode_array(text: &[u8]) -> Result<Value, String> {
    match parse(text)? {
        (Value::Nil, _) => Ok(Value::list(Vec::new())),
        (Value::List(list), None) => Ok(Value::List(list)),
        (Value::List(_), Some(range)) => Err(range),
        (other, _) => Err(mismatch(&other, "[]interface {}")),
    }
}

fn mismatch(value: &Value, wanted: &str) -> String {
    format!("json: cannot unmarshal {} into Go value of type {wanted}", json_kind(value))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// The first number that no float holds; Go goes on reading behind it.
    range: Option<String>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The next byte, which does not fit, as Go complains about it.
    fn unexpected(&self, context: &str) -> String {
        // At the end Go tries a space, which is wrong inside of words, numbers and escapes only.
        let inside = context.contains("literal") && !context.contains("string") || context.contains("esc");
        let byte = match self.peek() {
            Some(byte) => byte,
            None if inside => b' ',
            None => return "unexpected end of JSON input".to_owned(),
        };
        let shown = match byte {
            b'\'' => r"'\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            _ => {
                let quoted = quote(char::from(byte).encode_utf8(&mut [0; 4]).as_bytes());
                format!("'{}'", String::from_utf8_lossy(quoted.get(1..quoted.len() - 1).unwrap_or_default()))
            }
        };
        format!("invalid character {shown} {context}")
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        self.space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err("exceeded max depth".to_owned()),
            Some(b'{') => deeper(|| self.map(depth)),
            Some(b'[') => deeper(|| self.list(depth)),
            Some(b'"') => Ok(Value::String(Bytes::from(self.string()?))),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Nil),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for (at, byte) in word.bytes().enumerate() {
            if self.peek() != Some(byte) {
                let expected = word.get(at..=at).unwrap_or_default();
                return Err(self.unexpected(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::list(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("after array element")),
            }
        }
        self.at += 1;
        Ok(Value::list(items))
    }

    fn map(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let map = Map::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(map));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.at += 1;
            map.insert(key, self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(Value::Map(map))
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.unexpected("in numeric literal")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.unexpected("after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
            self.digits();
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Value::Float(parse_float(text).unwrap_or_else(|_| {
            let text = String::from_utf8_lossy(text);
            self.range.get_or_insert(format!("json: cannot unmarshal number {text} into Go value of type float64"));
            0.0
        })))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// A string; bytes and halves of surrogates that are no characters become U+FFFD.
    fn string(&mut self) -> Result<Vec<u8>, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            for chunk in self.text.get(start..self.at).unwrap_or_default().utf8_chunks() {
                out.extend_from_slice(chunk.valid().as_bytes());
                for _ in chunk.invalid() {
                    out.extend_from_slice("\u{fffd}".as_bytes());
                }
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let byte = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let char = self.unicode()?;
                out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        out.push(byte);
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, String> {
        let first = self.hexadecimal()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        let back = self.at;
        if first < 0xdc00 && self.text.get(back..).is_some_and(|rest| rest.starts_with(b"\\u")) {
            self.at += 2;
            let second = self.hexadecimal()?;
            if (0xdc00..0xe000).contains(&second) {
                let number = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self) -> Result<u32, String> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return Err(self.unexpected("in \\u hexadecimal character escape")) };
            number = number * 16 + digit;
            self.at += 1;
        }
        Ok(number)
    }
}
