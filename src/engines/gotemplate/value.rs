//! Values of Go templates: what `interface{}` holds there, with the types that templates can tell apart.
use super::bytes::Bytes;
use super::collect::{List, Map};
use super::object::Object;
use std::rc::Rc;

/// Integer types of Go. `int` is 64 bits wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntType {
    /// `int`
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`, also `rune`
    Int32,
    /// `int64`
    Int64,
}

/// Unsigned integer types of Go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UintType {
    /// `uint`
    Uint,
    /// `uint8`, also `byte`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
    /// `uintptr`
    Uintptr,
}

/// A value. Maps and objects are references as in Go: a change through one name is seen through all others.
#[derive(Clone)]
pub enum Value {
    /// `nil`: no type, no value.
    Nil,
    /// `bool`
    Bool(bool),
    /// A signed integer and its type.
    Int(i64, IntType),
    /// An unsigned integer and its type.
    Uint(u64, UintType),
    /// `float64`
    Float(f64),
    /// `string`: bytes, mostly UTF-8.
    String(Bytes),
    /// A slice; its elements are never written in place.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// Anything with methods, or a struct.
    Object(Rc<dyn Object>),
}

/// `reflect.Kind`, as far as values have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// No value.
    Invalid,
    /// `bool`
    Bool,
    /// Signed integers.
    Int(IntType),
    /// Unsigned integers.
    Uint(UintType),
    /// `float64`
    Float64,
    /// `string`
    String,
    /// Slices.
    Slice,
    /// Maps.
    Map,
    /// Structs.
    Struct,
    /// Pointers.
    Ptr,
    /// Functions.
    Func,
}

impl IntType {
    /// The Go word.
    pub fn word(self) -> &'static str {
        match self {
            IntType::Int => "int",
            IntType::Int8 => "int8",
            IntType::Int16 => "int16",
            IntType::Int32 => "int32",
            IntType::Int64 => "int64",
        }
    }
}

impl UintType {
    /// The Go word.
    pub fn word(self) -> &'static str {
        match self {
            UintType::Uint => "uint",
            UintType::Uint8 => "uint8",
            UintType::Uint16 => "uint16",
            UintType::Uint32 => "uint32",
            UintType::Uint64 => "uint64",
            UintType::Uintptr => "uintptr",
        }
    }
}

impl Kind {
    /// The text of `reflect.Kind.String`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int(int) => int.word(),
            Kind::Uint(uint) => uint.word(),
            Kind::Float64 => "float64",
            Kind::String => "string",
            Kind::Slice => "slice",
            Kind::Map => "map",
            Kind::Struct => "struct",
            Kind::Ptr => "ptr",
            Kind::Func => "func",
        }
    }
}

impl Value {
    /// A Go `int`.
    pub fn int(value: i64) -> Value {
        Value::Int(value, IntType::Int)
    }

    /// A Go `int64`.
    pub fn int64(value: i64) -> Value {
        Value::Int(value, IntType::Int64)
    }

    /// A string.
    pub fn text(text: impl Into<Bytes>) -> Value {
        Value::String(text.into())
    }

    /// A `[]interface{}`.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(List::new(items))
    }

    /// A `map[string]interface{}`.
    pub fn map(entries: impl IntoIterator<Item = (Bytes, Value)>) -> Value {
        Value::Map(Map::from_iter(entries))
    }

    /// Its `reflect.Kind`.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Invalid,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_, int) => Kind::Int(*int),
            Value::Uint(_, uint) => Kind::Uint(*uint),
            Value::Float(_) => Kind::Float64,
            Value::String(_) => Kind::String,
            Value::List(_) => Kind::Slice,
            Value::Map(_) => Kind::Map,
            Value::Object(object) => object.kind(),
        }
    }

    /// The text of `%T`: `map[string]interface {}`; `<nil>` for nil.
    pub fn type_name(&self) -> String {
        match self {
            Value::Nil => "<nil>".to_owned(),
            Value::List(list) => list.element().slice_name().to_owned(),
            Value::Map(map) => map.map_type().name().to_owned(),
            Value::Object(object) => object.type_name().to_owned(),
            other => other.kind().word().to_owned(),
        }
    }

    /// What `if` takes for true: not nil, not zero, not empty. Structs are always true.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(value) => *value,
            Value::Int(value, _) => *value != 0,
            Value::Uint(value, _) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::String(text) => !text.is_empty(),
            Value::List(list) => !list.is_empty(),
            Value::Map(map) => !map.is_empty(),
            Value::Object(object) => object.is_true(),
        }
    }

    /// The string, if it is one.
    pub fn as_string(&self) -> Option<&Bytes> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// Whether it is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    /// The object as a concrete type, if it is one.
    pub fn as_object<T: Object>(&self) -> Option<&T> {
        match self {
            Value::Object(object) => object.as_any().downcast_ref::<T>(),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(Bytes::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::String(Bytes::from(text))
    }
}

impl From<Bytes> for Value {
    fn from(text: Bytes) -> Value {
        Value::String(text)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Value {
        Value::List(list)
    }
}

/// Shows the Go type and a depth-limited content; for tests and messages of ours, never for output of templates.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Nil => f.write_str("nil"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value, int) => write!(f, "{value}{}", int.word()),
            Value::Uint(value, uint) => write!(f, "{value}{}", uint.word()),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::String(text) => write!(f, "{text:?}"),
            Value::List(list) => write!(f, "{}({})", list.element().slice_name(), list.len()),
            Value::Map(map) => write!(f, "{}({})", map.map_type().name(), map.len()),
            Value::Object(object) => f.write_str(object.type_name()),
        }
    }
}
