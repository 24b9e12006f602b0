//! The data and functions that the recorded answers were made with.
use crate::engines::gotemplate::{
    Bytes, Element, Error, Failure, Func, Kind, Limits, List, Map, MapType, MissingKey, Object, Options, Set, Ty,
    UintType, Value, Vm, fmt, parse,
};
use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A pointer to a struct with methods.
struct Shelf(&'static str);

impl Object for Shelf {
    fn type_name(&self) -> &str {
        "*main.Box"
    }
    fn kind(&self) -> Kind {
        Kind::Ptr
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn field(&self, name: &str) -> Option<Value> {
        (name == "Name").then(|| Value::from(self.0))
    }
    fn call(&self, _: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        match (name, args) {
            ("Get", [Value::String(text)]) => Some(Ok(Value::from(format!("{}:{}", self.0, text.lossy())))),
            ("Count", []) => Some(Ok(Value::int(3))),
            ("Fail", []) => Some(Err(Failure::new("box is shut"))),
            ("Self", []) => Some(Ok(shelf(self.0))),
            _ => None,
        }
    }
    fn display(&self) -> String {
        format!("Box({})", self.0)
    }
}

fn shelf(name: &'static str) -> Value {
    Value::Object(Rc::new(Shelf(name)))
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Bytes::from(key), value)))
}

fn typed<const N: usize>(map_type: MapType, entries: [(&str, Value); N]) -> Value {
    Value::Map(Map::of(
        map_type,
        entries.map(|(key, value)| (Bytes::from(key), value)).into_iter().collect::<BTreeMap<_, _>>(),
    ))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

/// The data of all cases.
pub(super) fn data() -> Value {
    let int = Value::int;
    let bytes = b"hi".iter().map(|byte| Value::Uint(u64::from(*byte), UintType::Uint8)).collect();
    map([
        ("s", text("hello")),
        ("empty", text("")),
        ("i", int(42)),
        ("zero", int(0)),
        ("i64", Value::int64(7)),
        ("neg", int(-3)),
        ("u", Value::Uint(5, UintType::Uint)),
        ("u8", Value::Uint(200, UintType::Uint8)),
        ("f", Value::Float(1.5)),
        ("whole", Value::Float(3.0)),
        ("big", Value::Float(12_345_678.0)),
        ("t", Value::Bool(true)),
        ("fa", Value::Bool(false)),
        ("nil", Value::Nil),
        ("l", Value::list(vec![text("a"), text("b"), text("c")])),
        ("el", Value::list(vec![])),
        ("ints", Value::List(List::of(Element::Int, vec![int(1), int(2), int(3)]))),
        ("strs", Value::List(List::strings(["x", "y"]))),
        ("bytes", Value::List(List::of(Element::Uint8, bytes))),
        ("m", map([("b", int(2)), ("a", int(1)), ("c", Value::Nil)])),
        ("em", map([])),
        ("sm", typed(MapType::String, [("k", text("v"))])),
        ("bm", typed(MapType::Bool, [("on", Value::Bool(true))])),
        ("deep", map([("x", map([("y", map([("z", text("end"))]))]))])),
        ("ml", Value::list(vec![map([("n", text("one"))]), map([("n", text("two"))])])),
        (
            "mixed",
            Value::list(vec![
                int(1),
                text("two"),
                Value::Nil,
                Value::Float(3.5),
                Value::Bool(true),
                Value::list(vec![int(4)]),
                map([("five", int(5))]),
            ]),
        ),
        ("html", text("<a href=\"x\">'&'</a>=\0\n")),
        ("uni", text("héllo wörld ☺")),
        ("box", shelf("bx")),
        ("v", typed(MapType::Named("main.Values"), [("k", Value::Float(1.0))])),
        ("name", text("dyn")),
        ("idx", int(1)),
        ("nested", Value::list(vec![Value::list(vec![int(1), int(2)]), Value::list(vec![int(3), int(4)])])),
    ])
}

fn nested(result: Result<Bytes, Error>) -> Result<Value, Failure> {
    result.map(Value::String).map_err(|error| Failure::Nested(Box::new(error)))
}

fn string(value: &Value) -> String {
    value.as_string().map(|text| text.lossy().into_owned()).unwrap_or_default()
}

fn size(value: &Value) -> Result<Value, Failure> {
    let size = value.as_map().map(Map::len).or_else(|| value.as_list().map(List::len)).unwrap_or(0);
    Ok(Value::int(size as i64))
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Int(number, _) => *number,
        _ => 0,
    }
}

type Body = fn(&mut Vm<'_>, &[Value]) -> Result<Value, Failure>;

const fn func(name: &'static str, params: &'static [Ty], variadic: Option<Ty>, call: Body) -> Func {
    Func { name, params, variadic, call }
}

static FUNCS: &[Func] = &[
    func("str", &[Ty::String], None, |_, args| Ok(Value::from(format!("<{}>", string(&args[0]))))),
    func("num", &[Ty::Int], None, |_, args| Ok(Value::int(number(&args[0]).wrapping_add(1)))),
    func("i64", &[Ty::Int64], None, |_, args| Ok(Value::int64(number(&args[0]).wrapping_add(1)))),
    func("flt", &[Ty::Float64], None, |_, args| match args[0] {
        Value::Float(float) => Ok(Value::Float(float / 2.0)),
        _ => Err(Failure::new("no float")),
    }),
    func("boo", &[Ty::Bool], None, |_, args| Ok(Value::Bool(!args[0].is_true()))),
    func("lst", &[Ty::List], None, |_, args| size(&args[0])),
    func("strs", &[Ty::Strings], None, |_, args| {
        let items: Vec<String> =
            args[0].as_list().map(|list| list.items().iter().map(string).collect()).unwrap_or_default();
        Ok(Value::from(items.join("+")))
    }),
    func("mp", &[Ty::Map], None, |_, args| size(&args[0])),
    func("smp", &[Ty::StringMap], None, |_, args| size(&args[0])),
    func("byt", &[Ty::Bytes], None, |_, args| size(&args[0])),
    func("any", &[Ty::Any], None, |_, args| Ok(args[0].clone())),
    func("typ", &[Ty::Any], None, |_, args| Ok(Value::from(args[0].type_name()))),
    func("vari", &[Ty::String], Some(Ty::Int), |_, args| {
        let numbers = Value::List(List::of(Element::Int, args[1..].to_vec()));
        Ok(Value::text(fmt::sprint(&[args[0].clone(), numbers])))
    }),
    func("fail", &[Ty::String], None, |_, args| Err(Failure::Error(string(&args[0])))),
    func("none", &[], None, |_, _| Ok(Value::Nil)),
    func("two", &[Ty::String, Ty::String], None, |_, args| {
        Ok(Value::from(format!("{}/{}", string(&args[0]), string(&args[1]))))
    }),
    func("list", &[], Some(Ty::Any), |_, args| Ok(Value::list(args.to_vec()))),
    func("dict", &[], Some(Ty::Any), |_, args| {
        Ok(Value::map(
            args.chunks_exact(2).map(|pair| (pair[0].as_string().cloned().unwrap_or_default(), pair[1].clone())),
        ))
    }),
    func("put", &[Ty::Map, Ty::String, Ty::Any], None, |_, args| {
        if let (Value::Map(map), Value::String(key)) = (&args[0], &args[1]) {
            map.insert(key.clone(), args[2].clone());
        }
        Ok(args[0].clone())
    }),
    func("include", &[Ty::String, Ty::Any], None, |vm, args| nested(vm.execute(&string(&args[0]), &args[1]))),
    func("tpl", &[Ty::String, Ty::Any], None, |vm, args| nested(vm.evaluate("inner", &string(&args[0]), &args[1]))),
];

/// The functions of all cases.
pub(super) fn find(name: &str) -> Option<&'static Func> {
    FUNCS.iter().find(|func| func.name == name)
}

/// A set of these texts, under these names.
pub(super) fn set(texts: &[(&str, &str)]) -> Result<Set, Error> {
    let mut set = Set::named("root");
    for (name, text) in texts {
        set.add(&Arc::new(parse(name, *text, &find)?));
    }
    Ok(set)
}

/// Parses the texts and runs `main`.
pub(super) fn run(
    texts: &[(&str, &str)],
    missing_key: MissingKey,
    dot: &Value,
    limits: Limits,
) -> Result<Bytes, Error> {
    let set = set(texts)?;
    let options = Options { missing_key, ..Options::default() };
    Vm::new(set, &mut (), &find, limits, options).execute("main", dot)
}
