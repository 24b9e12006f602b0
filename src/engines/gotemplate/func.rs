//! Functions of templates and what they declare: the types that Go checks before it calls them.
use super::value::Value;
use super::vm::Vm;
use std::fmt;

/// Parameter types, as Go's reflection checks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    /// `interface{}`: anything, nil as nil.
    Any,
    /// `reflect.Value`: anything; unlike `Any`, a missing value stays distinguishable only by being nil.
    Reflect,
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`: takes integers of any size as Go's reflection does (a constant, or a value assignable to it).
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `[]interface{}`
    List,
    /// `[]string`
    Strings,
    /// `[]byte`
    Bytes,
    /// `map[string]interface{}`
    Map,
    /// `map[string]string`
    StringMap,
    /// `time.Time`
    Time,
}

/// A function. `call` gets arguments that were checked against `params` and `variadic`: their number is right, a `Ty::String`
/// is a `Value::String`, a `Ty::Map` is a map of the right type or nil, and so on.
pub struct Func {
    /// The name in templates.
    pub name: &'static str,
    /// Parameters before the variadic one.
    pub params: &'static [Ty],
    /// The type of each further argument, when there may be any number.
    pub variadic: Option<Ty>,
    /// The body.
    pub call: fn(&mut Vm<'_>, &[Value]) -> Result<Value, Failure>,
}

impl fmt::Debug for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Why a function failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// An `error` as second result: the text follows `error calling NAME: `.
    Error(String),
    /// Go panics here and text/template turns the panic into this text; it follows `error calling NAME: ` too.
    Panic(String),
    /// A limit against hostile templates was exceeded; ends everything, and nothing in a template can catch it.
    Limit(String),
    /// An error of a template that the function ran (`include`, `tpl`), whole.
    Nested(Box<super::error::Error>),
}

impl Failure {
    /// An error with this text.
    pub fn new(text: impl Into<String>) -> Failure {
        Failure::Error(text.into())
    }

    /// The text without what template and place add.
    pub fn text(&self) -> String {
        match self {
            Failure::Error(text) | Failure::Panic(text) | Failure::Limit(text) => text.clone(),
            Failure::Nested(error) => error.to_string(),
        }
    }
}
