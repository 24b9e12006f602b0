//! Against answers of Go itself: `golden.json` has rows of function, text, operands and answer. Texts begin with `s`, or with
//! `x` and are hexadecimal; a value is its type and what it holds.
use super::*;
use crate::engines::gotemplate::{Bytes, Element, IntType, List, Map, MapType, UintType};
use serde_json::Value as Json;

fn text(json: &Json) -> Vec<u8> {
    let text = json.as_str().unwrap();
    match text.split_at(1) {
        ("s", rest) => rest.as_bytes().to_vec(),
        (_, rest) => (0..rest.len()).step_by(2).map(|at| u8::from_str_radix(&rest[at..at + 2], 16).unwrap()).collect(),
    }
}

fn value(json: &Json) -> Value {
    let word = json[0].as_str().unwrap();
    let held = &json[1];
    let int = |kind| Value::Int(held.as_str().unwrap().parse().unwrap(), kind);
    let uint = |kind| Value::Uint(held.as_str().unwrap().parse().unwrap(), kind);
    let list = |element| Value::List(List::of(element, held.as_array().unwrap().iter().map(value).collect()));
    let map = |map_type| {
        let entries = held.as_object().unwrap().iter();
        let entries = entries.map(|(key, item)| (Bytes::from(text(&Json::from(key.as_str()))), value(item)));
        Value::Map(Map::of(map_type, entries.collect()))
    };
    match word {
        "nil" => Value::Nil,
        "bool" => Value::Bool(held == "true"),
        "int" => int(IntType::Int),
        "int8" => int(IntType::Int8),
        "int16" => int(IntType::Int16),
        "int32" => int(IntType::Int32),
        "int64" => int(IntType::Int64),
        "uint" => uint(UintType::Uint),
        "uint8" => uint(UintType::Uint8),
        "uint16" => uint(UintType::Uint16),
        "uint32" => uint(UintType::Uint32),
        "uint64" => uint(UintType::Uint64),
        "uintptr" => uint(UintType::Uintptr),
        "float64" => Value::Float(held.as_str().unwrap().parse().unwrap()),
        "string" => Value::text(text(held)),
        "[]any" => list(Element::Any),
        "[]string" => list(Element::String),
        "[]int" => list(Element::Int),
        "[]uint8" => list(Element::Uint8),
        "[]map" => list(Element::Map),
        "map" => map(MapType::Any),
        "mapstr" => map(MapType::String),
        "mapbool" => map(MapType::Bool),
        other => panic!("no type {other}"),
    }
}

fn answer(function: &str, text: &[u8], operands: &[Value]) -> Vec<u8> {
    let number = |result: Result<String, String>| result.unwrap_or_else(|error| format!("E{error}")).into_bytes();
    match function {
        "sprintf" => sprintf(text, operands),
        "sprint" => sprint(operands),
        "sprintln" => sprintln(operands),
        "quote" => quote(text),
        "quoteascii" => quote_ascii(text),
        "unquote" => unquote(text).map_or(b"E".to_vec(), |text| [b"ok".to_vec(), text].concat()),
        "float" => number(parse_float(text).map(|value| match value.is_nan() {
            true => "7ff8000000000001".to_owned(),
            false => format!("{:x}", value.to_bits()),
        })),
        "int0" => number(parse_int(text, 0, 64).map(|value| value.to_string())),
        "int10" => number(parse_int(text, 10, 32).map(|value| value.to_string())),
        "uint16" => number(parse_uint(text, 16, 64).map(|value| value.to_string())),
        "atoi" => number(atoi(text).map(|value| value.to_string())),
        other => panic!("no function {other}"),
    }
}

#[test]
fn answers_are_those_of_go() {
    let rows: Vec<Json> = serde_json::from_str(include_str!("golden.json")).unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let operands: Vec<Value> = row[2].as_array().unwrap().iter().map(value).collect();
        let (have, want) = (answer(row[0].as_str().unwrap(), &text(&row[1]), &operands), text(&row[3]));
        if have != want {
            wrong.push(format!("{row}\n  have {}\n  want {}", have.escape_ascii(), want.escape_ascii()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong[..wrong.len().min(25)].join("\n"));
}

#[test]
fn a_map_in_itself_ends() {
    let map = Map::new();
    map.insert("a", Value::Map(map.clone()));
    map.insert("b", Value::Map(map.clone()));
    let value = Value::Map(map.clone());
    assert!(display(&value).len() <= MAX_BYTES);
    assert!(matches!(try_display(&value, 1000), Err(Failure::Limit(_))));
    assert!(matches!(try_sprintf(b"%d", &[value], 1_000_000), Err(Failure::Limit(_))));
    map.remove(b"a");
    map.remove(b"b");
}

#[test]
fn sizes_are_bounded() {
    let text = |format: &[u8]| String::from_utf8_lossy(&sprintf(format, &[Value::int(1)])).into_owned();
    assert_eq!(text(b"%99999999d|"), "%!(NOVERB)%!(EXTRA int=1)");
    assert_eq!(sprintf(b"%1000000d", &[Value::int(1)]).len(), 1_000_000);
    assert_eq!(sprintf(b"%.1000000f", &[Value::Float(0.1)]).len(), 1_000_002);
    assert!(matches!(try_sprintf(b"%1000000d", &[Value::int(1)], 999_999), Err(Failure::Limit(_))));
}

#[test]
fn characters_that_go_does_not_know_are_escaped() {
    assert_eq!(quote("\u{1c89}\u{1c88}\u{33479}".as_bytes()), "\"\\u1c89\u{1c88}\\U00033479\"".as_bytes());
}
