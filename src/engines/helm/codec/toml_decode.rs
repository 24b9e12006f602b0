//! TOML read into values as BurntSushi's decoder gives them.
use super::deeper;
use crate::engines::gotemplate::{Element, Kind, List, Map, Object, Value};
use std::any::Any;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What `fromToml` gives: a map. Whole numbers are `int64`; tables under `[[name]]` are a list of maps.
///
/// # Errors
/// A text like the decoder's: `toml: line 1: ...`.
pub(in crate::engines::helm) fn from_toml(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        let byte = text.get(error.valid_up_to()).copied().unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("toml: line {line}: invalid UTF-8 byte: 0x{byte:02x}")
    })?;
    let complaint = |error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        if error.message().starts_with("key with no value") {
            return format!("toml: line {line}: {}", no_separator(text.lines().nth(line - 1), text.ends_with('\n')));
        }
        format!("toml: line {line}: {}", error.message())
    };
    let table = DeTable::parse(text).map_err(complaint)?;
    map(table.get_ref(), text)
}

/// What is said of a line that has a key and no `=` behind it.
fn no_separator(line: Option<&str>, ended: bool) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let rest = line.unwrap_or_default().trim_start().trim_start_matches(bare).trim_start();
    match rest.chars().next() {
        Some(letter) => format!("expected '.' or '=', but got '{}' instead", letter.escape_debug()),
        None if ended => "expected '.' or '=', but got '\\n' instead".to_owned(),
        None => "unexpected EOF; expected key separator '='".to_owned(),
    }
}

fn map(table: &DeTable<'_>, source: &str) -> Result<Value, String> {
    let map = Map::new();
    for (name, item) in table.iter() {
        map.insert(name.get_ref().as_ref(), deeper(|| value(item, source))?);
    }
    Ok(Value::Map(map))
}

fn value(item: &Spanned<DeValue<'_>>, source: &str) -> Result<Value, String> {
    let wrong = |number: &str| {
        let line = source.get(..item.span().start).unwrap_or_default().matches('\n').count() + 1;
        format!("toml: line {line}: {number} is out of range for int64")
    };
    Ok(match item.get_ref() {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            let whole = i64::from_str_radix(number.as_str(), number.radix());
            Value::int64(whole.map_err(|_| wrong(number.as_str()))?)
        }
        DeValue::Float(number) => Value::Float(match number.as_str() {
            "inf" | "+inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            text if text.ends_with("nan") => f64::NAN,
            text => text.parse().map_err(|_| wrong(text))?,
        }),
        DeValue::Boolean(on) => Value::Bool(*on),
        DeValue::Datetime(time) => Value::Object(std::rc::Rc::new(TomlTime(*time))),
        DeValue::Array(items) => {
            // Tables in braces are part of a list of anything; tables with headers make a list of maps.
            let headed = |item: &Spanned<DeValue<'_>>| {
                item.get_ref().is_table() && !source.get(item.span()).unwrap_or_default().starts_with('{')
            };
            let element = if items.iter().next().is_some_and(headed) { Element::Map } else { Element::Any };
            let items = items.iter().map(|item| deeper(|| value(item, source)));
            Value::List(List::of(element, items.collect::<Result<_, _>>()?))
        }
        DeValue::Table(table) => map(table, source)?,
    })
}

/// A date or time of a TOML text.
struct TomlTime(toml::value::Datetime);

impl TomlTime {
    fn date(&self) -> String {
        self.0.date.map_or_else(|| "0000-01-01".to_owned(), |date| date.to_string())
    }

    /// Without zeros at the end of the fraction.
    fn time(&self) -> String {
        let Some(time) = self.0.time else { return "00:00:00".to_owned() };
        let text = format!("{:02}:{:02}:{:02}", time.hour, time.minute, time.second.unwrap_or(0));
        match time.nanosecond.unwrap_or(0) {
            0 => text,
            nanosecond => format!("{text}.{nanosecond:09}").trim_end_matches('0').to_owned(),
        }
    }

    /// Minutes east of Greenwich; none for times without a zone.
    fn offset(&self) -> Option<i16> {
        match self.0.offset? {
            toml::value::Offset::Z => Some(0),
            toml::value::Offset::Custom { minutes } => Some(minutes),
        }
    }
}

fn zone(minutes: i16, colon: &str) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let size = minutes.unsigned_abs();
    format!("{sign}{:02}{colon}{:02}", size / 60, size % 60)
}

impl Object for TomlTime {
    fn type_name(&self) -> &str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    /// `2020-01-02 03:04:05 +0000 UTC`; times without a zone carry the name that the decoder gave them.
    fn display(&self) -> String {
        let name = match (self.offset(), self.0.date, self.0.time) {
            (Some(0), ..) => "UTC".to_owned(),
            (Some(minutes), ..) => zone(minutes, ""),
            (None, Some(_), Some(_)) => "datetime-local".to_owned(),
            (None, Some(_), None) => "date-local".to_owned(),
            (None, ..) => "time-local".to_owned(),
        };
        format!("{} {} {} {name}", self.date(), self.time(), zone(self.offset().unwrap_or(0), ""))
    }

    fn to_data(&self) -> Value {
        let zone = match self.offset().unwrap_or(0) {
            0 => "Z".to_owned(),
            minutes => zone(minutes, ":"),
        };
        Value::from(format!("{}T{}{zone}", self.date(), self.time()))
    }
}
