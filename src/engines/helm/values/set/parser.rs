//! The grammar of `--set`. It follows Helm's reader step by step, with what that does at the end of a text, which is not always sensible.
use super::{ReadFile, json};
use crate::engines::gotemplate::fmt;
use crate::engines::helm::host::Compat;
use crate::engines::helm::values::text::go_type;
use serde_json::{Map, Value};
use std::iter::Peekable;
use std::str::Chars;

/// The largest index of a list.
const INDEX: usize = 65_536;

/// How deep names may be nested in Helm 4.
const NESTING: usize = 30;

/// How deep names may be nested in Helm 3, which has no bound of its own.
const NESTING_3: usize = 400;

/// How many places of lists one expression may make.
const PLACES: usize = 2_000_000;

/// How deep names and indices together may be nested. Helm has no such bound, and needs a stack that grows.
const LEVELS: usize = 500;

/// What values are.
#[derive(Clone, Copy)]
pub(super) enum Flavour<'a> {
    Typed,
    Text,
    Json,
    Literal,
    File(ReadFile<'a>),
}

/// Why reading stopped.
#[derive(Debug)]
struct Stop {
    text: String,
    /// The text was at its end. To Helm that is no mistake, wherever it happens.
    end: bool,
}

impl Stop {
    fn end() -> Stop {
        Stop { text: "EOF".into(), end: true }
    }

    fn wrong(text: impl Into<String>) -> Stop {
        Stop { text: text.into(), end: false }
    }
}

/// A reader of one expression.
pub(super) struct Parser<'a> {
    chars: Peekable<Chars<'a>>,
    flavour: Flavour<'a>,
    compat: Compat,
    places: usize,
    level: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, flavour: Flavour<'a>, compat: Compat) -> Parser<'a> {
        Parser { chars: text.chars().peekable(), flavour, compat, places: PLACES, level: 0 }
    }

    pub(super) fn parse(mut self, into: &mut Map<String, Value>) -> Result<(), String> {
        loop {
            match self.key(into, 0) {
                Ok(()) => (),
                Err(stop) if stop.end => return Ok(()),
                Err(stop) => return Err(stop.text),
            }
        }
    }

    /// The text up to one of these characters, and which; `None` at the end.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        let literal = matches!(self.flavour, Flavour::Literal);
        while let Some(char) = self.chars.next() {
            match char {
                char if stops.contains(&char) => return (text, Some(char)),
                '\\' if !literal => match self.chars.next() {
                    Some(next) => text.push(next),
                    None => return (text, None),
                },
                char => text.push(char),
            }
        }
        (text, None)
    }

    /// Goes one level down, and back up behind it.
    fn deeper(&mut self, step: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        if self.level >= LEVELS {
            return Err(Stop::wrong(format!("names and indices are nested more than {LEVELS} deep")));
        }
        self.level += 1;
        let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || step(self));
        self.level -= 1;
        result
    }

    fn key(&mut self, data: &mut Map<String, Value>, depth: usize) -> Result<(), Stop> {
        self.deeper(|parser| parser.key_here(data, depth))
    }

    fn key_here(&mut self, data: &mut Map<String, Value>, depth: usize) -> Result<(), Stop> {
        let stops: &[char] = match self.flavour {
            Flavour::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (key, last) = self.until(stops);
        match last {
            None if key.is_empty() => Err(Stop::end()),
            None => Err(Stop::wrong(format!("key {} has no value", fmt::quote_text(&key)))),
            Some('[') => self.indexed(data, key, depth),
            Some('=') => self.value(&mut |value| put(data, &key, value)),
            Some(',') => {
                put(data, &key, Value::String(String::new()));
                Err(Stop::wrong(format!("key {} has no value (cannot end with ,)", fmt::quote_text(&key))))
            }
            Some(_) => self.inner(data, &key, depth + 1),
        }
    }

    /// Behind `key.`.
    fn inner(&mut self, data: &mut Map<String, Value>, key: &str, depth: usize) -> Result<(), Stop> {
        let most = if self.compat == Compat::Helm4 { NESTING } else { NESTING_3 };
        if depth > most {
            let text = format!("value name nested level is greater than maximum supported nested level of {most}");
            return Err(Stop::wrong(text));
        }
        let (result, empty) = match data.get_mut(key) {
            Some(Value::Object(inner)) => (self.key(inner, depth), inner.is_empty()),
            Some(other) => return Err(unfit(other, "map[string]interface {}")),
            None => {
                let mut inner = Map::new();
                let result = self.key(&mut inner, depth);
                let empty = inner.is_empty();
                if !empty {
                    put(data, key, Value::Object(inner));
                }
                (result, empty)
            }
        };
        if empty && (result.is_ok() || (self.compat == Compat::Helm3 && !matches!(self.flavour, Flavour::Literal))) {
            return Err(Stop::wrong(format!("key map {} has no value", fmt::quote_text(key))));
        }
        result
    }

    /// Behind `key[`.
    fn indexed(&mut self, data: &mut Map<String, Value>, key: String, depth: usize) -> Result<(), Stop> {
        let index = self.index()?;
        match data.get_mut(&key) {
            Some(Value::Array(list)) => self.item(list, index, depth),
            Some(other) => Err(unfit(other, "[]interface {}")),
            None => {
                let mut list = Vec::new();
                let result = self.item(&mut list, index, depth);
                put(data, &key, Value::Array(list));
                result
            }
        }
    }

    fn index(&mut self) -> Result<i64, Stop> {
        let (text, last) = self.until(&[']']);
        let wrong = |reason: &str| Stop::wrong(format!("error parsing index: {reason}"));
        if last.is_none() {
            let end = self.compat == Compat::Helm4;
            return Err(Stop { end, ..wrong("EOF") });
        }
        text.parse::<i64>().map_err(|error| {
            use std::num::IntErrorKind::{NegOverflow, PosOverflow};
            let reason = match error.kind() {
                PosOverflow | NegOverflow => "value out of range",
                _ => "invalid syntax",
            };
            wrong(&format!("strconv.Atoi: parsing {}: {reason}", fmt::quote_text(&text)))
        })
    }

    /// Behind `key[index]`.
    fn item(&mut self, list: &mut Vec<Value>, index: i64, depth: usize) -> Result<(), Stop> {
        self.deeper(|parser| parser.item_here(list, index, depth))
    }

    fn item_here(&mut self, list: &mut Vec<Value>, index: i64, depth: usize) -> Result<(), Stop> {
        let Ok(index) = usize::try_from(index) else {
            return Err(Stop::wrong(format!("negative {index} index not allowed")));
        };
        let (text, last) = self.until(&['[', '.', '=']);
        if !text.is_empty() {
            let chars: Vec<String> = text.chars().map(quote_char).collect();
            let text = format!("unexpected data at end of array index: [{}]", chars.join(" "));
            return Err(Stop::wrong(text));
        }
        match last {
            None => Err(Stop::end()),
            Some('=') => {
                let mut given = None;
                let result = self.value(&mut |value| given = Some(value));
                match (given, result) {
                    // The end behind a value that is there is no end to Helm: the next key meets it.
                    (Some(value), Err(stop)) if stop.end => self.put_at(list, index, value),
                    (_, Err(stop)) => Err(stop),
                    (Some(value), Ok(())) => self.put_at(list, index, value),
                    (None, Ok(())) => Ok(()),
                }
            }
            Some('[') => {
                let inner = self.index()?;
                match list.get_mut(index) {
                    Some(Value::Array(below)) => self.item(below, inner, depth),
                    None | Some(Value::Null) => {
                        let mut below = Vec::new();
                        self.item(&mut below, inner, depth)?;
                        self.put_at(list, index, Value::Array(below))
                    }
                    Some(other) => Err(unfit(other, "[]interface {}")),
                }
            }
            Some(_) => match list.get_mut(index) {
                Some(there) => {
                    if !there.is_object() {
                        *there = Value::Object(Map::new());
                    }
                    match there {
                        Value::Object(inner) => self.key(inner, depth),
                        _ => Ok(()),
                    }
                }
                None => {
                    let mut inner = Map::new();
                    self.key(&mut inner, depth)?;
                    self.put_at(list, index, Value::Object(inner))
                }
            },
        }
    }

    fn put_at(&mut self, list: &mut Vec<Value>, index: usize, value: Value) -> Result<(), Stop> {
        if index > INDEX {
            let text = format!("index of {index} is greater than maximum supported index of {INDEX}");
            return Err(Stop::wrong(text));
        }
        if list.len() <= index {
            let more = index + 1 - list.len();
            self.places = self
                .places
                .checked_sub(more)
                .ok_or_else(|| Stop::wrong(format!("the lists of the expression have more than {PLACES} places")))?;
            list.resize(index + 1, Value::Null);
        }
        if let Some(place) = list.get_mut(index) {
            *place = value;
        }
        Ok(())
    }

    /// Behind `=`.
    fn value(&mut self, put: &mut dyn FnMut(Value)) -> Result<(), Stop> {
        match self.flavour {
            Flavour::Literal => {
                put(Value::String(self.chars.by_ref().collect()));
                Ok(())
            }
            Flavour::Json => self.json(put),
            _ => match self.chars.peek() {
                None => {
                    put(Value::String(String::new()));
                    Err(Stop::end())
                }
                Some('{') => {
                    self.chars.next();
                    let list = self.list()?;
                    put(Value::Array(list));
                    Ok(())
                }
                Some(_) => {
                    let (text, _) = self.until(&[',']);
                    put(self.scalar(text)?);
                    Ok(())
                }
            },
        }
    }

    fn json(&mut self, put: &mut dyn FnMut(Value)) -> Result<(), Stop> {
        if self.nothing() {
            put(Value::Null);
            return Ok(());
        }
        let rest: String = self.chars.clone().collect();
        let (value, length) = json::first(&rest).map_err(|text| Stop { end: text == "EOF", text })?;
        put(value);
        let chars = rest.get(..length).unwrap_or_default().chars().count();
        self.chars.by_ref().take(chars).for_each(drop);
        self.nothing();
        Ok(())
    }

    /// Whether only blanks stand before the next comma or the end; they are passed over, with the comma.
    fn nothing(&mut self) -> bool {
        loop {
            match self.chars.peek() {
                None => return true,
                Some(',') => {
                    self.chars.next();
                    return true;
                }
                Some(char) if char.is_whitespace() => drop(self.chars.next()),
                Some(_) => return false,
            }
        }
    }

    /// Behind `{`.
    fn list(&mut self) -> Result<Vec<Value>, Stop> {
        let mut list = Vec::new();
        loop {
            let (text, last) = self.until(&[',', '}']);
            match last {
                None => return Err(Stop::wrong("list must terminate with '}'")),
                Some(',') => list.push(self.scalar(text)?),
                Some(_) => {
                    self.chars.next_if_eq(&',');
                    list.push(self.scalar(text)?);
                    return Ok(list);
                }
            }
        }
    }

    fn scalar(&self, text: String) -> Result<Value, Stop> {
        match self.flavour {
            Flavour::Typed => Ok(typed(text)),
            Flavour::File(read) => {
                let bytes = read(&text).map_err(Stop::wrong)?;
                Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
            }
            _ => Ok(Value::String(text)),
        }
    }
}

/// An empty key is not set.
fn put(data: &mut Map<String, Value>, key: &str, value: Value) {
    if !key.is_empty() {
        data.insert(key.to_owned(), value);
    }
}

fn unfit(there: &Value, wanted: &str) -> Stop {
    let given = match go_type(there) {
        "<nil>" => "nil",
        name => name,
    };
    Stop::wrong(format!("unable to parse key: interface conversion: interface {{}} is {given}, not {wanted}"))
}

fn typed(text: String) -> Value {
    // Unicode folds the long s to s, and Helm compares that way.
    let is = |word: &str| text.replace('\u{17f}', "s").eq_ignore_ascii_case(word);
    if is("true") {
        return Value::Bool(true);
    }
    if is("false") {
        return Value::Bool(false);
    }
    if is("null") {
        return Value::Null;
    }
    if text == "0" {
        return Value::from(0i64);
    }
    if !text.starts_with('0')
        && let Ok(number) = text.parse::<i64>()
    {
        return Value::from(number);
    }
    Value::String(text)
}

/// `%q` of a character.
pub(super) fn quote_char(char: char) -> String {
    match char {
        '\'' => "'\\''".into(),
        '"' => "'\"'".into(),
        char => {
            let quoted = fmt::quote_text(char.to_string());
            format!("'{}'", quoted.get(1..quoted.len() - 1).unwrap_or_default())
        }
    }
}
