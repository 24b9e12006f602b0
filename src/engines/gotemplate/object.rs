//! Go values with methods or fields, which the user of the engine brings: `.Files`, `.Capabilities`, a time, a version.
use super::func::{Failure, Ty};
use super::value::{Kind, Value};
use super::vm::Vm;
use std::any::Any;

/// A struct, a pointer to one, or a named type with methods.
pub trait Object: Any {
    /// The text of `%T`: `*semver.Version`.
    fn type_name(&self) -> &str;

    /// Its `reflect.Kind`.
    fn kind(&self) -> Kind {
        Kind::Struct
    }

    /// For downcasts.
    fn as_any(&self) -> &dyn Any;

    /// What `if` makes of it.
    fn is_true(&self) -> bool {
        true
    }

    /// The field or map entry of this name; `None` when the type has none.
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    /// What a method takes, for checks before it is called; `None` when there is no such method, or it checks by itself.
    fn params(&self, _name: &str) -> Option<&'static [Ty]> {
        None
    }

    /// Calls a method; `None` when the type has no such method. Arguments were checked where `params` says what they must be.
    fn call(&self, _vm: &mut Vm<'_>, _name: &str, _args: &[Value]) -> Option<Result<Value, Failure>> {
        None
    }

    /// What `range`, `len`, `index`, `has` and JSON see, when the underlying type is a map or a slice.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// The text of `%v` (its `String` or `Error` method, or Go's `{a b}` of a struct).
    fn display(&self) -> String;

    /// What an action prints. Differs from `display` where Go finds a method of the pointer: a struct that stands in another one.
    fn printed(&self) -> String {
        self.display()
    }

    /// What `toJson` and `toYaml` make of it.
    fn to_data(&self) -> Value {
        self.underlying().unwrap_or_else(|| Value::from(self.display()))
    }
}
