//! Go's `text/template`: texts with actions, run over values that behave as Go's do.
mod ast;
mod builtins;
mod bytes;
mod call;
mod collect;
mod compare;
mod error;
mod escape;
mod eval;
mod exec;
pub mod fmt;
mod func;
mod lex;
mod literal;
mod object;
mod parse;
mod parse_expr;
mod set;
mod value;
mod vm;

#[cfg(test)]
mod tests;

pub use ast::Parsed;
pub use bytes::Bytes;
pub use collect::{Element, List, Map, MapType};
pub use error::{Error, Stage};
pub use func::{Failure, Func, Ty};
pub use object::Object;
pub use parse::{parse, parse_as};
pub use set::Set;
pub use value::{IntType, Kind, UintType, Value};
pub use vm::{Limits, MapMethod, MapParams, Mark, MissingKey, Options, Resolver, Vm};
