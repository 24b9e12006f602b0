//! Values on the command line: `--set` and its kin, letter by letter as Helm reads them.
mod json;
mod parser;

use super::merge;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;
use parser::{Flavour, Parser};
use serde_json::{Map, Value};
use std::fmt;

/// Gives the content of a file, or why there is none.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// Which of the family. Helm applies all files first, then json, plain, string, file and literal ones, each kind in order.
#[derive(Clone, Copy)]
pub enum Set<'a> {
    /// `--set`: booleans, whole numbers and null are told from texts.
    Plain,
    /// `--set-string`: everything is a text.
    String,
    /// `--set-json`: values are JSON; Helm 4 also takes a whole object.
    Json,
    /// `--set-literal`: one value, taken as it is.
    Literal,
    /// `--set-file`: values are the contents of files.
    File(ReadFile<'a>),
}

impl fmt::Debug for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.flag())
    }
}

impl Set<'_> {
    /// The flag of the command line.
    pub fn flag(&self) -> &'static str {
        match self {
            Set::Plain => "--set",
            Set::String => "--set-string",
            Set::Json => "--set-json",
            Set::Literal => "--set-literal",
            Set::File(_) => "--set-file",
        }
    }
}

/// Sets what an expression says: `a.b=1,c[0].d=x,list={a,b}`, as Helm 4 does it.
///
/// # Errors
/// When the expression is not well formed, does not fit what is there, or exceeds a bound; in Helm's words. Some of it may have been set.
pub fn set(into: &mut Map<String, Value>, how: Set<'_>, expression: &str) -> Result<(), Error> {
    set_as(into, how, expression, Compat::Helm4)
}

/// As `set`, by the rules of one Helm.
///
/// # Errors
/// As `set`.
pub fn set_as(into: &mut Map<String, Value>, how: Set<'_>, expression: &str, compat: Compat) -> Result<(), Error> {
    let whole = expression.trim();
    if matches!(how, Set::Json) && compat == Compat::Helm4 && whole.starts_with('{') {
        let parsed = json::first(whole).ok().filter(|(_, length)| *length == whole.len());
        let Some((Value::Object(map), _)) = parsed else {
            let text = format!("failed parsing --set-json data JSON: {expression}");
            return Err(Error::new(ErrorKind::Values, text));
        };
        *into = merge(std::mem::take(into), map);
        return Ok(());
    }
    expressions(into, how, expression, compat).map_err(|text| {
        let flag = how.flag();
        Error::new(
            ErrorKind::Values,
            match how {
                Set::Json => format!("failed parsing {flag} data {expression}"),
                _ => format!("failed parsing {flag} data: {text}"),
            },
        )
    })
}

/// The same without the words of the command line around the complaint.
fn expressions(into: &mut Map<String, Value>, how: Set<'_>, text: &str, compat: Compat) -> Result<(), String> {
    let flavour = match how {
        Set::Plain => Flavour::Typed,
        Set::String => Flavour::Text,
        Set::Json => Flavour::Json,
        Set::Literal => Flavour::Literal,
        Set::File(read) => Flavour::File(read),
    };
    Parser::new(text, flavour, compat).parse(into)
}

#[cfg(test)]
mod tests;
