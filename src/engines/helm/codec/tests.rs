//! Against answers of Go's libraries: `golden.json` has rows of function, text, operand and answer. Texts begin with `s`, or
//! with `x` and are hexadecimal; a value is its type and what it holds; an answer begins with `=`, or with `E` for an error.
use super::*;
use crate::engines::gotemplate::fmt::{display, sprintf};
use crate::engines::gotemplate::{Bytes, Element, IntType, List, Map, MapType, UintType, Value};
use serde_json::Value as Json;

fn text(json: &Json) -> Vec<u8> {
    let text = json.as_str().unwrap();
    match text.split_at(1) {
        ("s", rest) => rest.as_bytes().to_vec(),
        (_, rest) => (0..rest.len()).step_by(2).map(|at| u8::from_str_radix(&rest[at..at + 2], 16).unwrap()).collect(),
    }
}

fn value(json: &Json) -> Value {
    let held = &json[1];
    let int = |kind| Value::Int(held.as_str().unwrap().parse().unwrap(), kind);
    let uint = |kind| Value::Uint(held.as_str().unwrap().parse().unwrap(), kind);
    let list = |element| Value::List(List::of(element, held.as_array().unwrap().iter().map(value).collect()));
    let map = |map_type| {
        let entries = held.as_object().unwrap().iter();
        let entries = entries.map(|(key, item)| (Bytes::from(text(&Json::from(key.as_str()))), value(item)));
        Value::Map(Map::of(map_type, entries.collect()))
    };
    match json[0].as_str().unwrap() {
        "nil" => Value::Nil,
        "bool" => Value::Bool(held == "true"),
        "int" => int(IntType::Int),
        "int64" => int(IntType::Int64),
        "uint8" => uint(UintType::Uint8),
        "uint64" => uint(UintType::Uint64),
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

fn answer(function: &str, text: &[u8], operand: &Value) -> Result<Vec<u8>, String> {
    let syntax = |value: Result<Value, String>| value.map(|value| sprintf(b"%#v", &[value]));
    match function {
        "json" => encode(operand),
        "rawjson" => encode_raw(operand),
        "prettyjson" => encode_pretty(operand),
        "yaml" => to_yaml(operand),
        "pretty" => to_yaml_pretty(operand),
        "toml" => to_toml(operand),
        "fromjson" => syntax(decode(text)),
        "fromjsonmap" => syntax(decode_map(text)),
        "fromjsonlist" => syntax(decode_array(text)),
        "fromyaml" => syntax(from_yaml(text)),
        "fromyamllist" => syntax(from_yaml_array(text)),
        "fromtomlv" => {
            let value = from_toml(text).map_err(|_| String::new())?;
            Ok([display(&value), encode(&value)?, b"<nil>".to_vec()].concat())
        }
        other => panic!("no function {other}"),
    }
}

#[test]
fn answers_are_those_of_helm() {
    let rows: Vec<Json> = serde_json::from_str(include_str!("golden.json")).unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let operand = row[2].get(0).map_or(Value::Nil, value);
        let have = match answer(row[0].as_str().unwrap(), &text(&row[1]), &operand) {
            Ok(text) => [b"=", text.as_slice()].concat(),
            Err(error) => format!("E{error}").into_bytes(),
        };
        let want = text(&row[3]);
        if have != want {
            wrong.push(format!("{row}\n  have {}\n  want {}", have.escape_ascii(), want.escape_ascii()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn values_without_end_are_refused() {
    let map = Map::new();
    map.insert("a", Value::Map(map.clone()));
    map.insert("b", Value::Map(map.clone()));
    let value = Value::Map(map.clone());
    for write in [encode, encode_raw, encode_pretty, to_yaml, to_yaml_pretty, to_toml] {
        assert!(write(&value).is_err());
    }
    let cycle = "json: unsupported value: encountered a cycle via map[string]interface {}";
    assert_eq!(encode(&value).unwrap_err(), cycle);
    map.remove(b"a");
    map.remove(b"b");
    // A small value that is big when it is written.
    let mut list = Value::list(vec![]);
    for _ in 0..60 {
        list = Value::list(vec![list.clone(), list]);
    }
    for write in [encode, to_yaml, to_toml] {
        assert!(write(&list).is_err());
    }
}

#[test]
fn big_values_are_written_in_one_go() {
    let item = |at: usize| {
        let name = Value::from(format!("item {at} with a longer text that has some words in it, and a colon: here"));
        Value::map([(Bytes::from(format!("key{at}")), name), (Bytes::from("n"), Value::Float(at as f64))])
    };
    let value = Value::list((0..20_000).map(item).collect());
    let text = to_yaml(&value).unwrap();
    assert!(text.starts_with(
        b"- key0: 'item 0 with a longer text that has some words in it, and a colon: here'\n  \"n\": 0\n"
    ));
    assert_eq!(text.split(|byte| *byte == b'\n').count(), 50_000);
}

#[test]
fn dates_of_toml_are_times() {
    let value = from_toml(b"a = 2020-01-02T03:04:05.120Z\n[[b]]\nc = 1\n[d]\ne = [{f = 1}]").unwrap();
    let map = value.as_map().unwrap();
    assert_eq!(display(&value), b"map[a:2020-01-02 03:04:05.12 +0000 UTC b:[map[c:1]] d:map[e:[map[f:1]]]]");
    assert_eq!(map.get(b"b").unwrap().type_name(), "[]map[string]interface {}");
    assert_eq!(map.get(b"d").unwrap().as_map().unwrap().get(b"e").unwrap().type_name(), "[]interface {}");
    assert!(from_toml(b"a = ").is_err());
}
