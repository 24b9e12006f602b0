//! Go's `text/template`: texts with actions, run over values that behave as Go's do.
mod bytes;
mod collect;
mod error;
pub mod fmt;
mod func;
mod object;
mod value;
mod vm;

pub use bytes::Bytes;
pub use collect::{Element, List, Map, MapType};
pub use error::{Error, Stage};
pub use func::{Failure, Func, Ty};
pub use object::Object;
pub use value::{IntType, Kind, UintType, Value};
pub use vm::{Limits, Vm};
